"""One window a workspace: a second one brings the first forward, hands over what it was to show, and leaves."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDir, QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 2000
_LONGEST = 64 * 1024  # bytes of what a caller hands over
_MOST = 20  # files


class Instance(QObject):
    """The claim of this process on the window of one workspace."""

    called = Signal(object)
    """Another process wants the window of this workspace: come forward, and show these files (a tuple of absolute Paths, often empty)."""

    def __init__(self) -> None:
        super().__init__()
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None
        self._name = ""

    def claim(self, folder: Path, *, show: Sequence[Path] = ()) -> bool:
        """True: this process may show the window of that workspace. False: another does, and has been told to come forward and show files.

        Cheap: a lock file; the network module is loaded only when another process holds it, or by `listen`.
        """
        name = _name(folder)
        lock = QLockFile(f"{QDir.tempPath()}/{name}.lock")
        lock.setStaleLockTime(0)  # never by age alone; a dead owner's lock is always taken over
        if not lock.tryLock(0) and lock.error() == QLockFile.LockError.LockFailedError:
            return not _call(name, show)
        self.let_go()
        self._lock, self._name = lock, name
        return True

    def listen(self) -> None:
        """Answer others from now on. Called after the first paint."""
        from PySide6.QtNetwork import QLocalServer

        if self._lock is None or self._server is not None:
            return
        QLocalServer.removeServer(self._name)  # of an owner that died; the lock says that nobody lives
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        if server.listen(self._name):
            self._server = server

    def let_go(self) -> None:
        """Give the claim up."""
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _answer(self) -> None:
        assert self._server is not None
        while self._server.hasPendingConnections():
            caller = _Caller(self._server.nextPendingConnection(), self)
            caller.heard.connect(self.called)
            caller.hear()


class _Caller(QObject):
    """A process that called: its one line is taken once it is here whole. Lives as long as the connection does."""

    heard = Signal(object)
    """The files that it named."""

    def __init__(self, socket: "QLocalSocket", parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        self._answered = False
        socket.setParent(self)
        socket.setReadBufferSize(_LONGEST)
        socket.disconnected.connect(self.deleteLater)
        socket.readyRead.connect(self.hear)

    def hear(self) -> None:
        """Take what came so far."""
        socket = self._socket
        if self._answered:
            return
        if socket.canReadLine():
            self._answered = True
            files = _files(bytes(socket.readLine().data()))
            socket.write(b"coming\n")
            socket.flush()
            socket.disconnectFromServer()
            self.heard.emit(files)
        elif socket.bytesAvailable() >= _LONGEST:
            socket.abort()


def _name(folder: Path) -> str:
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    told = f"{user}:{folder.resolve()}".encode()
    return "reviewer-" + QCryptographicHash.hash(told, QCryptographicHash.Algorithm.Sha256).toHex().toStdString()[:20]


def _files(line: bytes) -> tuple[Path, ...]:
    """The files that a caller named; what is no list of absolute paths is none."""
    try:
        named = json.loads(line)
    except (ValueError, RecursionError):
        return ()
    texts = [text for text in named if isinstance(text, str) and "\x00" not in text] if isinstance(named, list) else []
    return tuple(path for path in map(Path, texts[:_MOST]) if path.is_absolute())


def _call(name: str, show: Sequence[Path]) -> bool:
    """Ask the owner to come forward and show files. False if nobody answers, although the lock is held."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    for _attempt in range(4):  # the owner may still be on its way to its first paint
        socket.connectToServer(name)
        if socket.waitForConnected(_WAIT_MS // 4):
            break
    else:
        return False
    socket.write(json.dumps([str(path.absolute()) for path in show]).encode() + b"\n")
    heard = socket.waitForReadyRead(_WAIT_MS)
    socket.disconnectFromServer()
    return bool(heard)
