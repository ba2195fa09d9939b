"""A connection to a workspace's database through the driver itself, with its settings read back. SQLAlchemy is not needed here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from sqlcipher3 import dbapi2

from reviewer.domain.errors import Busy, Damaged, NotSaved, ReviewerError

Connection: TypeAlias = Any  # the driver has no types: sqlcipher3.dbapi2.Connection
MINIMUM = (3, 51, 3)  # below, the WAL-reset bug can corrupt a database that two connections write

# What is set, and what reading it back must say. JOURNAL.md 2.6.
_SETTINGS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("fullfsync", "ON", 1),
    ("checkpoint_fullfsync", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("mmap_size", "0", 0),
    ("secure_delete", "ON", 1),
)
_CACHE_KIB = 8 * 1024  # for each of several readers; the writer takes more
# Of a new file; one that is there keeps its own. A label writes a dozen pages, so that small ones are durable sooner: 2.2 to 3.7 times a
# write of 4 kB, and 4.3 to 5.3 times with 8 kB. A packed item of 2 to 4 kB leaves more of them empty: .71 to .77 of its size, .65 to .72.
_PAGE_BYTES = 4096
_SEALED_PAGE_BYTES = 8192  # an encrypted file cannot say what its pages are: all have what the first had
_BUSY_MS = 10_000

# The driver takes numbers and texts as they are. For anything else it looks for a way to adapt it, and where there is none that costs it
# two errors, raised and cleared, for each value: as long as all else that it does with the value.
dbapi2.register_adapter(bytes, bytes)
dbapi2.register_adapter(type(None), lambda none: none)


class CannotStart(ReviewerError):
    """This machine cannot keep the promises; nothing was opened."""

    code = "E105"


def version() -> tuple[int, ...]:
    """The version of SQLite that the driver carries."""
    return tuple(dbapi2.sqlite_version_info)


def connect(path: Path, *, key: str | None = None, read_only: bool = False, synchronous: str = "FULL") -> Connection:
    """A connection in autocommit mode (BEGIN is explicit) whose settings are in force.

    key: of an encrypted database, 64 hex digits; it is given before anything else is asked.
    synchronous: FULL always; the fault tests pass NORMAL and OFF as the controls that must lose.
    Raises CannotStart for a SQLite that is too old or settings that do not hold, Damaged for a file that is no database.
    """
    if dbapi2.sqlite_version_info < MINIMUM:
        raise CannotStart(f"Cannot start safely: SQLite is {dbapi2.sqlite_version}.", "Install sqlcipher3 0.6.4 or newer.")
    try:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
    except dbapi2.Error as error:
        raise translated(error) from error
    try:
        unlock(connection, key)
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES if key is None else _SEALED_PAGE_BYTES}")
        _apply(connection, synchronous)
        connection.execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    except (dbapi2.Error, UnicodeDecodeError) as error:
        connection.close()
        raise translated(error) from error
    except ReviewerError:
        connection.close()
        raise
    return connection


def unlock(connection: Connection, key: str | None, *, schema: str = "main") -> None:
    """Give a connection the key of an encrypted database; nothing is asked of the file yet."""
    connection.execute("PRAGMA cipher_log_level = NONE").fetchall()  # else the driver writes to standard error what we say in words
    if key is None:
        return
    if schema == "main":
        connection.execute(f"PRAGMA key = \"x'{key}'\"").fetchall()
    connection.execute(f"PRAGMA {schema}.cipher_page_size = {_SEALED_PAGE_BYTES}").fetchall()


def _apply(connection: Connection, synchronous: str) -> None:
    for name, value, expected in _SETTINGS:
        if name == "synchronous":
            value, expected = synchronous, {"FULL": 2, "NORMAL": 1, "OFF": 0}[synchronous]
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
        row = connection.execute(f"PRAGMA {name}").fetchone()
        if row is None or row[0] != expected:
            got = None if row is None else row[0]
            raise CannotStart(
                f"Cannot start safely: {name} is {got}, not {value}.", "Move the workspace to a local disk that can be written."
            )
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")


@contextmanager
def translating() -> Iterator[None]:
    """Errors of the driver become ones that a person can act on, for the `with` block."""
    try:
        yield
    except (dbapi2.Error, UnicodeDecodeError) as error:
        raise translated(error) from error


def translated(error: BaseException) -> ReviewerError:
    """The error that a person can act on, for an error of the driver. What is not the disk's or the file's fault is a bug: re-raised."""
    if isinstance(error, UnicodeDecodeError):  # the driver reads text, and the names in its own messages, from damaged pages
        return _damaged()
    name = getattr(error, "sqlite_errorname", "") or ""
    text = str(error)
    if name.startswith("SQLITE_FULL") or "disk is full" in text:
        return NotSaved("Not saved: the disk is full.", "Free space, then try again; what was saved before is kept.")
    if name.startswith("SQLITE_IOERR") or "disk I/O error" in text:
        return NotSaved("Not saved: the disk reported an error.", "Check the disk, then start again; earlier answers are safe.", "E102")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")) or "readonly database" in text or "unable to open" in text:
        return NotSaved("This place cannot be written.", "Choose a folder that you may write to.", "E103")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or "database is locked" in text:
        return Busy("Somebody else is writing to this workspace.", "Wait until the other command is done, then try again.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "not a database" in text or "malformed" in text:
        return _damaged()
    raise error


def _damaged() -> Damaged:
    return Damaged("The database is damaged; the original is kept as it is.", "Run `reviewer verify`, or restore the last backup.")
