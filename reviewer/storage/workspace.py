"""One replica of a project: a folder with a database, and the only two ways into it, reading and one transaction at a time."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, create_engine, exc
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from reviewer.domain.chain import EntryHash, MemberId, NoteRef, StreamId, note_ref
from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotFound, NotSaved, Refused, ReviewerError
from reviewer.domain.events import Event, Genesis
from reviewer.domain.members import Member
from reviewer.storage import driver, journal, keys, migrations, projections
from reviewer.storage.acting import acting, devices_here
from reviewer.storage.folders import DATABASE as DATABASE
from reviewer.storage.folders import network_disk, sync_folder
from reviewer.storage.rows import ChangingRows, Rows
from reviewer.storage.turns import Turns

_WRITER_CACHE_KIB = 32 * 1024
_NAME_LENGTH = 80


def _time_zone() -> str:
    offset = datetime.now().astimezone().strftime("%z")
    return f"{offset[:3]}:{offset[3:]}"


def _steady_ms() -> int:
    """A clock that goes on while the machine sleeps: else waking up would look as if somebody had set the time."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS, where it counts sleep
        if hasattr(time, name):
            return time.clock_gettime_ns(getattr(time, name)) // 1_000_000
    return time.monotonic_ns() // 1_000_000


class Surroundings(NamedTuple):
    """What comes from outside: wall time and a clock that never jumps (both ms), the time zone (`+01:00`), and random bytes."""

    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    steady_ms: Callable[[], int] = _steady_ms
    time_zone: Callable[[], str] = _time_zone
    entropy: Callable[[int], bytes] = secrets.token_bytes


SYSTEM = Surroundings()


class Reading(Rows):
    """A consistent view of the tables. `connection` takes SQLAlchemy Core; `rows` and `row` take SQL where every microsecond counts."""

    def __init__(self, workspace: "Workspace", connection: Connection) -> None:
        raw = connection.connection.driver_connection
        assert isinstance(raw, dbapi2.Connection)
        super().__init__(raw)
        self.workspace = workspace
        self.connection = connection

    def start(self, how: str) -> None:
        """Begin the transaction. Past SQLAlchemy, which would add a third to the time of a label."""
        self._raw.execute(how)

    def undo(self) -> None:
        """End it, and nothing has happened."""
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")
        if self.connection.in_transaction():
            self.connection.rollback()  # where Core was used, SQLAlchemy keeps count too


class Work(Reading, ChangingRows):
    """The one open transaction. What it records has happened when its `with` block ends, and not before."""

    changes: Changes = Changes.NONE

    def keep(self) -> None:
        """End it, and everything has happened."""
        self._raw.execute("COMMIT")
        if self.connection.in_transaction():
            self.connection.commit()

    def record(self, event: Event, *, signer: "journal.Signer | None" = None) -> EntryHash:
        """Write a fact: canonical bytes, link, signature, journal row, projected rows. Returns the entry's hash."""
        entry = journal.append(self, event, signer or self.workspace.signer(self))
        self.changes |= projections.apply(self, entry, event.value)
        return entry.hash

    def keep_note(self, text: str) -> NoteRef:
        """Store free text as a note, apart from the entry that commits to it, so that it can be erased."""
        ref, content = note_ref(self.workspace.surroundings.entropy(32), text)
        self.keep_blob(content)
        return ref


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
        _refuse_network(folder)
        _clear_unfinished(folder)
        if (folder / DATABASE).exists():
            raise Refused(f"{folder} holds a workspace already.", "Open it, or choose another folder.")
        if folder.is_dir() and any(folder.iterdir()):
            raise Refused(f"{folder} is not empty.", "Choose an empty folder, or one that does not exist yet.")
        workspace = cls(folder, surroundings=surroundings)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
        except OSError as error:
            raise NotSaved(f"{folder} cannot be written.", "Choose a folder that you may write to.", "E103") from error
        try:
            workspace._begin_project(name, project or folder.name)
        except BaseException:
            workspace.close()
            _remove_database(folder)
            raise
        return workspace

    def _begin_project(self, name: str, project: str) -> None:
        with self._converting_errors():
            self._migrate()
        sync_folder(self.folder)
        key = keys.new_key()
        self.key_file = keys.keep(key)
        entropy = self.surroundings.entropy
        signer = journal.Signer(MemberId(entropy(16).hex()), key.device, StreamId(entropy(16).hex()), key.sign)
        genesis = Genesis(project, signer.member, name, key.device, key.sign_hex, key.seal_hex, entropy(16).hex())
        with self.begin() as work:
            work.record(Event("genesis", genesis), signer=signer)
            work.set_fact("devices_here", json.dumps([key.device]))
        self._choose(None)

    @classmethod
    def open(
        cls, folder: Path, *, member: str | None = None, surroundings: Surroundings = SYSTEM, synchronous: str = "FULL"
    ) -> "Workspace":
        """Open a workspace as one of the members whose keys this machine holds: the named one, or its first.

        Raises NotFound for a folder that is none or a member that is not here, TooNew, Damaged, CannotStart, NotSaved.
        """
        if not (folder / DATABASE).is_file():
            raise NotFound(f"{folder} is not a workspace.", "Make one with `reviewer init`, or name another folder with --workspace.")
        _refuse_network(folder)
        workspace = cls(folder, surroundings=surroundings, synchronous=synchronous)
        try:
            with workspace._converting_errors():
                workspace._migrate()
            workspace._choose(member)
        except ReviewerError as error:
            workspace.close()
            if isinstance(error, NotFound) and _is_unfinished(folder):
                raise NotFound(f"{folder} holds a workspace that was never finished.", "Make it again with `reviewer init`.") from error
            raise
        return workspace

    key_file: Path | None = None  # where the key of a workspace just made went, if not into the OS keyring

    def close(self) -> None:
        """Let go of the database. What was acknowledged is on disk already."""
        if self._writer is not None:
            self._writer.invalidate()  # it writes: no reader may get it from the pool
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
            here = devices_here(reading)
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
            reading = Reading(self, connection)
            reading.start("BEGIN")
            try:
                yield reading
            finally:
                reading.undo()

    @contextmanager
    def begin(self, *, urgent: bool = False) -> Iterator[Work]:
        """The one transaction of this process. urgent: goes before waiting work that is not, as labels do.

        Any error rolls everything back. Raises NotSaved when the disk did not take it, Busy when another process writes for too long.
        """
        with self._turns.take(urgent=urgent), self._converting_errors():
            work = Work(self, self._writing())
            work.start("BEGIN IMMEDIATE")
            try:
                yield work
                work.keep()
            except BaseException:
                self._roll_back(work)
                raise

    def changed_elsewhere(self) -> int:
        """A number that moves when another process wrote to the database. What this one writes does not move it."""
        # Asked of the writer: for any other connection, the writer of this process is somebody else too.
        with self._turns.take(urgent=True), self._converting_errors():
            return int(self._writing().exec_driver_sql("PRAGMA data_version").scalar_one())

    # --- inside

    def _connect(self) -> Any:
        return driver.connect(self.folder / DATABASE, synchronous=self._synchronous, read_only=True)

    def _writing(self) -> Connection:
        if self._doubtful and self._writer is not None:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None
        if self._writer is None:
            self._writer = self._engine.connect()
            self._writer.exec_driver_sql("PRAGMA query_only = OFF")  # this one connection writes; all others of the pool only read
            self._writer.exec_driver_sql(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
            self._writer.rollback()
        if self._doubtful:
            # After a failed write nothing is acknowledged before the file was opened again and its head verified.
            journal.check_heads(Reading(self, self._writer))
            self._doubtful = False
        return self._writer

    def _roll_back(self, work: Work) -> None:
        try:
            work.undo()
        except (dbapi2.Error, exc.DBAPIError):
            self._doubtful = True  # the file is opened anew before the next write

    @contextmanager
    def _converting_errors(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise self._noted(driver.translated(error.orig or error)) from error
        except (dbapi2.Error, UnicodeDecodeError) as error:
            raise self._noted(driver.translated(error)) from error

    def _noted(self, error: ReviewerError) -> ReviewerError:
        if error.code in ("E101", "E102", "E106"):
            self._doubtful = True
        return error

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = OFF")
            try:
                migrations.upgrade(connection, self.folder / DATABASE)
            finally:
                connection.exec_driver_sql("PRAGMA query_only = ON")
                connection.rollback()

    def _choose(self, name: str | None) -> None:
        with self.read() as reading:
            self._member = acting(reading, name)


def member_name(text: str) -> str:
    """A name as it may be. Raises Refused."""
    name = " ".join(text.split())
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise Refused(f"“{text[:40]}” cannot be a member's name.", f"Give 1 to {_NAME_LENGTH} plain characters.")
    return name


def _refuse_network(folder: Path) -> None:
    kind = network_disk(folder)
    if kind is not None:
        raise driver.CannotStart(
            f"Cannot start safely: {folder} lies on a network disk ({kind}).",
            "Keep the workspace on a disk of this machine; share by sync.",
        )


def _is_unfinished(folder: Path) -> bool:
    """Whether a workspace was begun here and never got its first entry: making it was interrupted."""
    if not (folder / DATABASE).is_file():
        return False
    with suppress(ReviewerError, dbapi2.Error):
        connection = driver.connect(folder / DATABASE)
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            if not tables:
                return True
            return {"entry", "item"} <= tables and all(
                connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is None for name in ("entry", "item")
            )
        finally:
            connection.close()
    return False


def _clear_unfinished(folder: Path) -> None:
    if _is_unfinished(folder):
        _remove_database(folder)


def _remove_database(folder: Path) -> None:
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
