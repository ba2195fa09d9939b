"""The high-water mark: how far each own stream had come, kept outside the workspace, so that an older copy of it is noticed.

A line for each commit is appended without a sync to a file of the config folder, and now and then made durable and copied to the OS
keyring. It is written after the commit, so it never says more than the workspace held.
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
import keyring.errors

from reviewer.domain.chain import EntryHash, Head, StreamId
from reviewer.storage.folders import config_folder, sync_folder, write_durably

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

SETTLED_EVERY = 256  # entries of a stream: where many write at once, a keyring is not asked for all of them each time
LINE_BYTES = 124  # stream (32 digits), number (16), hash (64), check (8), with spaces between and a line feed
_COMPACTED_FROM = 64 * 1024
_SERVICE = "reviewer"


def settle(workspace: "Workspace") -> None:
    """Make the marks durable and copy them to the OS keyring. To be called before anything leaves the machine."""
    workspace.marks.settle()


class Marks:
    """The marks that one open workspace writes. A disk or a keyring that does not take them fails nothing: `failed` says so."""

    def __init__(self) -> None:
        self.failed = False
        self._files: dict[Path, int] = {}
        self._places: dict[StreamId, Path] = {}
        self._unsettled: dict[Path, tuple[StreamId, Head]] = {}
        self._settled: dict[Path, int] = {}  # the number up to which a mark is durable, else of the entry before the first noted
        self._lock = threading.RLock()  # what leaves the machine is settled beside the writer

    def note(self, project: EntryHash, heads: dict[StreamId, Head]) -> None:
        """These entries were committed, the last of each stream."""
        due = []
        try:
            with self._lock:
                for stream, head in heads.items():
                    path = self._places.get(stream) or self._places.setdefault(stream, file(project, stream))
                    os.write(self._open(path), _line(stream, head))
                    self._unsettled[path] = (stream, head)
                    if head.seq - self._settled.setdefault(path, head.seq - 1) >= SETTLED_EVERY:
                        due.append(path)
        except OSError:
            self.failed = True
        if due:
            self._settle(due)

    def settle(self) -> None:
        """Sync what was noted, cut long files down to their last line, and copy it to the OS keyring."""
        with self._lock:
            due = list(self._unsettled)
        self._settle(due)

    def _settle(self, due: Sequence[Path]) -> None:
        unsettled: dict[Path, tuple[StreamId, Head]] = {}
        try:
            with self._lock:
                unsettled = {path: self._unsettled.pop(path) for path in due if path in self._unsettled}
                for path, (stream, head) in unsettled.items():
                    self._settled[path] = head.seq
                    descriptor = self._open(path)
                    os.fsync(descriptor)
                    if os.fstat(descriptor).st_size > _COMPACTED_FROM:
                        self._let_go(path)
                        write_durably(path, _line(stream, _furthest(path.read_bytes(), stream) or head), mode=0o600)
        except OSError:
            self.failed = True
        for path, (_stream, head) in unsettled.items():  # a keyring may take its time; nobody's label waits for it
            _keep_in_keyring(path.stem, head)

    def close(self) -> None:
        """Settle, and let go of the files."""
        self.settle()
        with self._lock:
            for path in list(self._files):
                self._let_go(path)

    def _open(self, path: Path) -> int:
        descriptor = self._files.get(path)
        if descriptor is not None and _is(descriptor, path):
            return descriptor
        if descriptor is not None:
            self._let_go(path)  # another process cut it down: it is another file now
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(path.parent.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._files[path] = descriptor
        if os.fstat(descriptor).st_size % LINE_BYTES:
            os.write(descriptor, b"\n")  # ends a line that a power cut tore
        return descriptor

    def _let_go(self, path: Path) -> None:
        os.close(self._files.pop(path))


def file(project: EntryHash, stream: StreamId) -> Path:
    """Where the mark of a stream lies. Both names are hex digits of our own."""
    return config_folder() / "marks" / f"{project[:8]}-{stream}.mark"


def read(project: EntryHash, stream: StreamId) -> Head | None:
    """How far a stream is known to have come; None where nothing is. A torn or foreign line says nothing."""
    path = file(project, stream)
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    found = [head for head in (_furthest(content, stream), _in_keyring(path.stem)) if head is not None]
    return max(found, key=lambda head: head.seq, default=None)


def _furthest(content: bytes, stream: StreamId) -> Head | None:
    found = (_read(line, stream) for line in content.splitlines(keepends=True))
    return max((head for head in found if head is not None), key=lambda head: head.seq, default=None)


def _line(stream: str, head: Head) -> bytes:
    said = f"{stream} {head.seq:016d} {head.hash}"
    return f"{said} {_check(said)}\n".encode("ascii")


def _check(said: str) -> str:
    return hashlib.sha256(b"review/mark/v1\n" + said.encode()).hexdigest()[:8]


def _read(line: bytes, stream: StreamId) -> Head | None:
    said, _, check = line.decode("ascii", errors="replace").rpartition(" ")
    parts = said.split(" ")
    if check != f"{_check(said)}\n" or len(parts) != 3 or parts[0] != stream or not parts[1].isdecimal():
        return None
    return Head(int(parts[1]), EntryHash(parts[2]))


def _is(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _keep_in_keyring(name: str, head: Head) -> None:
    try:
        keyring.set_password(_SERVICE, f"mark {name}", f"{head.seq} {head.hash}")
    except keyring.errors.KeyringError:
        return  # there is none, or it is locked: the file is there


def _in_keyring(name: str) -> Head | None:
    try:
        seq, _, digest = (keyring.get_password(_SERVICE, f"mark {name}") or "").partition(" ")
    except keyring.errors.KeyringError:
        return None
    return Head(int(seq), EntryHash(digest)) if seq.isdecimal() and len(digest) == 64 else None
