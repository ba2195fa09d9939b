"""One replica of a project: a folder with a database, and the only two ways into it, reading and one transaction at a time."""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, create_engine, exc
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import EntryHash, MemberId, NoteRef, StreamId, note_ref
from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotFound, NotSaved, Refused, ReviewerError
from reviewer.domain.events import Event, Genesis
from reviewer.domain.members import Member
from reviewer.storage import driver, journal, keys, migrations, projections
from reviewer.storage.folders import sync_folder
from reviewer.storage.turns import Turns

DATABASE = "reviewer.db"
_NAME_LENGTH = 80


def _time_zone() -> str:
    offset = datetime.now().astimezone().strftime("%z")
    return f"{offset[:3]}:{offset[3:]}"


class Surroundings(NamedTuple):
    """What comes from outside: wall time and a clock that never jumps (both ms), the time zone (`+01:00`), and random bytes."""

    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    steady_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000
    time_zone: Callable[[], str] = _time_zone
    entropy: Callable[[int], bytes] = secrets.token_bytes


SYSTEM = Surroundings()
Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]


class Reading:
    """A consistent view of the tables. `connection` takes SQLAlchemy Core; `rows` and `row` take SQL where every microsecond counts."""

    def __init__(self, workspace: "Workspace", connection: Connection) -> None:
        self.workspace = workspace
        self.connection = connection
        raw = connection.connection.driver_connection
        assert isinstance(raw, dbapi2.Connection)
        self._raw = raw

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """All rows of a statement, as tuples."""
        return self._raw.execute(sql, parameters).fetchall()  # type: ignore[no-any-return] # sqlcipher3 has no types

    def row(self, sql: str, parameters: Parameters = ()) -> Any | None:
        """The first row of a statement, or None."""
        return self._raw.execute(sql, parameters).fetchone()

    def each(self, sql: str, parameters: Parameters = ()) -> Iterator[Any]:
        """The rows of a statement, one by one."""
        return iter(self._raw.execute(sql, parameters))

    def blob(self, name: str) -> bytes:
        """The bytes that an entry names. Raises NotFound where this replica lacks them."""
        found = self.row("SELECT content FROM blob WHERE hash = ?", (bytes.fromhex(name),))
        if found is None:
            raise NotFound(f"The content {name[:8]} is not on this machine.", "Sync, or ask for a bundle that carries it.")
        return bytes(found[0])

    def fact(self, name: str) -> str | None:
        """A counter or a fact of this replica."""
        found = self.row("SELECT value FROM fact WHERE name = ?", (name,))
        return None if found is None else str(found[0])


class Work(Reading):
    """The one open transaction. What it records has happened when its `with` block ends, and not before."""

    changes: Changes = Changes.NONE

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement that changes rows. Returns how many it changed."""
        return int(self._raw.execute(sql, parameters).rowcount)

    def run_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each row of parameters."""
        self._raw.executemany(sql, parameters)

    def record(self, event: Event, *, signer: "journal.Signer | None" = None) -> EntryHash:
        """Write a fact: canonical bytes, link, signature, journal row, projected rows. Returns the entry's hash."""
        entry = journal.append(self, event, signer or self.workspace.signer(self))
        self.changes |= projections.apply(self, entry, event.value)
        return entry.hash

    def keep_blob(self, content: bytes) -> str:
        """Store bytes under their SHA-256. Returns the name."""
        name = sha256_hex(content)
        self.run("INSERT INTO blob (hash, content) VALUES (?, ?) ON CONFLICT DO NOTHING", (bytes.fromhex(name), content))
        return name

    def keep_note(self, text: str) -> NoteRef:
        """Store free text as a note, apart from the entry that commits to it, so that it can be erased."""
        ref, content = note_ref(self.workspace.surroundings.entropy(32), text)
        self.keep_blob(content)
        return ref

    def set_fact(self, name: str, value: str) -> None:
        """Set a counter or a fact of this replica."""
        self.run("INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))


class Workspace:
    """An open workspace. Reading takes no lock; writing is one transaction at a time in this process, and one among all of them."""

    def __init__(self, folder: Path, *, surroundings: Surroundings = SYSTEM, synchronous: str = "FULL") -> None:
        self.folder = folder
        self.surroundings = surroundings
        self.clock = journal.Clockwork()
        self._synchronous = synchronous
        self._turns = Turns()
        self._writer: Connection | None = None
        self._doubtful = False
        self._signer: journal.Signer | None = None
        self._member: Member | None = None
        self._engine = create_engine(
            "sqlite://", module=dbapi2, creator=self._connect, poolclass=QueuePool, pool_size=4, max_overflow=4, pool_reset_on_return=None
        )

    # --- opening

    @classmethod
    def create(cls, folder: Path, *, member: str, project: str | None = None, surroundings: Surroundings = SYSTEM) -> "Workspace":
        """A new workspace with its first member, a lead, whose key is the root of the project.

        Raises Refused where a workspace or other files lie already, NotSaved where the folder cannot be written.
        """
        name = member_name(member)
        if (folder / DATABASE).exists():
            raise Refused(f"{folder} holds a workspace already.", "Open it, or choose another folder.")
        if folder.is_dir() and any(folder.iterdir()):
            raise Refused(f"{folder} is not empty.", "Choose an empty folder, or one that does not exist yet.")
        key = keys.new_key()
        workspace = cls(folder, surroundings=surroundings)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotSaved(f"{folder} cannot be written.", "Choose a folder that you may write to.", "E103") from error
        workspace.key_file = keys.keep(key)
        with workspace._converting_errors():
            workspace._migrate()
        sync_folder(folder)
        signer = journal.Signer(MemberId(surroundings.entropy(16).hex()), key.device, StreamId(surroundings.entropy(16).hex()), key.sign)
        with workspace.begin() as work:
            nonce = surroundings.entropy(16).hex()
            work.record(
                Event("genesis", Genesis(project or folder.name, signer.member, name, key.device, key.sign_hex, key.seal_hex, nonce)),
                signer=signer,
            )
            work.set_fact("devices_here", json.dumps([key.device]))
        workspace._choose(None)
        return workspace

    @classmethod
    def open(
        cls, folder: Path, *, member: str | None = None, surroundings: Surroundings = SYSTEM, synchronous: str = "FULL"
    ) -> "Workspace":
        """Open a workspace as one of the members whose keys this machine holds: the named one, or its first.

        Raises NotFound for a folder that is none or a member that is not here, TooNew, Damaged, CannotStart, NotSaved.
        """
        if not (folder / DATABASE).is_file():
            raise NotFound(f"{folder} is not a workspace.", "Make one with `reviewer init`, or name another folder with --workspace.")
        workspace = cls(folder, surroundings=surroundings, synchronous=synchronous)
        try:
            with workspace._converting_errors():
                workspace._migrate()
            workspace._choose(member)
        except ReviewerError:
            workspace.close()
            raise
        return workspace

    key_file: Path | None = None  # where the key of a workspace just made went, if not into the OS keyring

    def close(self) -> None:
        """Let go of the database. What was acknowledged is on disk already."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._engine.dispose()

    @property
    def member(self) -> MemberId:
        """Who acts."""
        return self.me.id

    @property
    def me(self) -> Member:
        """Who acts, with name and role."""
        assert self._member is not None
        return self._member

    def signer(self, reading: Reading) -> "journal.Signer":
        """The key and stream of whoever acts. Raises Locked where this machine does not hold the key."""
        if self._signer is None:
            here = json.loads(reading.fact("devices_here") or "[]")
            for device, stream in reading.rows("SELECT id, stream FROM device WHERE member = ? ORDER BY rowid", (self.member,)):
                if device in here:
                    self._signer = journal.Signer(self.member, device, StreamId(stream), keys.load(device).sign)
                    break
            else:
                raise keys.Locked(f"This machine does not hold a key of {self.me.name}.", "Use --as with a member of this machine.")
        return self._signer

    def as_member(self, name: str) -> "Workspace":
        """The same workspace for another member of this machine; it has its own connections."""
        return Workspace.open(self.folder, member=name, surroundings=self.surroundings)

    # --- the two ways in

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """A consistent view; nothing can be changed through it."""
        with self._converting_errors(), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
            try:
                yield Reading(self, connection)
            finally:
                connection.rollback()

    @contextmanager
    def begin(self, *, urgent: bool = False) -> Iterator[Work]:
        """The one transaction of this process. urgent: goes before waiting work that is not, as labels do.

        Any error rolls everything back. Raises NotSaved when the disk did not take it.
        """
        with self._turns.take(urgent=urgent), self._converting_errors():
            connection = self._writing()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                work = Work(self, connection)
                yield work
                connection.commit()
            except BaseException:
                self._roll_back(connection)
                raise

    def changed_elsewhere(self) -> int:
        """A number that moves when another process wrote to the database."""
        with self._converting_errors(), self._engine.connect() as connection:
            return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    # --- inside

    def _connect(self) -> Any:
        return driver.connect(self.folder / DATABASE, synchronous=self._synchronous)

    def _writing(self) -> Connection:
        if self._doubtful and self._writer is not None:
            self._writer.invalidate()
            self._writer = None
        if self._writer is None:
            self._writer = self._engine.connect()
            self._writer.exec_driver_sql("PRAGMA query_only = OFF")
            self._writer.rollback()
        if self._doubtful:
            # After a failed write nothing is acknowledged before the file was opened again and its head verified.
            journal.check_heads(Reading(self, self._writer))
            self._doubtful = False
        return self._writer

    def _roll_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except (dbapi2.Error, exc.DBAPIError):
            self._doubtful = True  # the file is opened anew before the next write

    @contextmanager
    def _converting_errors(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise self._noted(driver.translated(error.orig or error)) from error
        except dbapi2.Error as error:
            raise self._noted(driver.translated(error)) from error

    def _noted(self, error: ReviewerError) -> ReviewerError:
        if error.code in ("E101", "E102", "E106"):
            self._doubtful = True
        return error

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            migrations.upgrade(connection, self.folder / DATABASE)

    def _choose(self, name: str | None) -> None:
        with self.read() as reading:
            here = json.loads(reading.fact("devices_here") or "[]")
            rows = reading.rows("SELECT m.id, m.name, m.role, d.id FROM device d JOIN member m ON m.id = d.member ORDER BY d.rowid")
        mine = [Member(MemberId(i), n, role) for i, n, role, device in rows if device in here]
        chosen = [m for m in mine if name is None or m.name == name]
        if not chosen:
            names = ", ".join(dict.fromkeys(m.name for m in mine)) or "nobody"
            raise NotFound(f"This machine holds no key of “{name or 'anybody'}”.", f"Here can act: {names}.")
        self._member = chosen[0]


def member_name(text: str) -> str:
    """A name as it may be. Raises Refused."""
    name = " ".join(text.split())
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise Refused(f"“{text[:40]}” cannot be a member's name.", f"Give 1 to {_NAME_LENGTH} plain characters.")
    return name
