"""Making a plain workspace an encrypted one, where it lies.

Media are sealed beside the plain ones, the database into a copy that is compared row by row; then the copy takes the database's place in
one step, and what lay in clear is written over and removed. Killed anywhere, the workspace opens with everything: as a plain one before
that step, as an encrypted one after it (folders.seal_file tells which). Run again, it completes.
"""

import enum
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import zip_longest
from pathlib import Path

from sqlcipher3 import dbapi2

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import Busy, Damaged, NotSaved
from reviewer.storage import answer_cache, driver, keys, leftovers, rejects, sealing
from reviewer.storage.folders import DATABASE, SEAL, SEALED_COPY, SEALING, seal_file, sync_folder
from reviewer.storage.media import Media
from reviewer.storage.sealing import Seal

Step = Callable[[int, int, str], None]

_PLAIN_LINK = "reviewer.plain.db"
_PLAIN_HEAD = b"SQLite format 3\0"
_BUSY_MS = 2_000
_EVERY = 500


def convert(folder: Path, seal: Seal, passphrase: str, step: Step, *, in_keyring: bool) -> None:
    """Encrypt a plain workspace up to the point from which it is one; `complete` does the rest.

    Raises Busy while anybody else has it open, NotSaved, Damaged, and what `step` raises; then it is plain as before.
    """
    with _alone(folder / DATABASE) as connection:
        _start_anew(folder)
        try:
            _seal_media(folder, seal, step)
            _copy(connection, folder / SEALED_COPY, seal.database_key, step)
            sealing.write_seal(folder / SEALING, seal, passphrase, in_keyring=in_keyring)
        except BaseException:
            _start_anew(folder)
            raise
        with suppress(OSError):  # a second name, to write over its bytes after a crash; not every file system has them
            os.link(folder / DATABASE, folder / _PLAIN_LINK)
        if os.name == "nt":
            connection.close()  # nothing that is open can be replaced there
        # Who waited for the old file meanwhile finds no database in it, and does not write where nobody looks any more.
        with leftovers.replaced(folder / DATABASE):
            os.replace(folder / SEALED_COPY, folder / DATABASE)
            sync_folder(folder)
        if os.name != "nt":
            (folder / _PLAIN_LINK).unlink(missing_ok=True)


class State(enum.Enum):
    """How far a workspace is encrypted: not at all; so that only its passphrase opens it, while parts may lie in clear; entirely."""

    PLAIN = "plain"
    CUT_OFF = "cut off"
    SEALED = "sealed"


def state(folder: Path) -> State:
    """How far a workspace is encrypted."""
    place = seal_file(folder)
    return State.PLAIN if place is None else State.SEALED if place.name == SEAL else State.CUT_OFF


def complete(folder: Path, seal: Seal, devices: list[str], step: Step) -> None:
    """Take away what lay in clear of a workspace that is encrypted since: keys, media, lists, copies. Can be run again at any time."""
    for device in devices:
        keys.close_under(DeviceId(device), seal)
    plain = [*Media(folder).plain_files(), *_plain_copies(folder)]
    for number, path in enumerate(plain, 1):
        leftovers.overwrite(path)
        step(number, len(plain), "Removing what lay in clear")
    for emptied in {path.parent for path in plain if path.parent.parent.name == "media"}:
        emptied.rmdir()
    for listed in sorted((folder / "rejects").glob("*.jsonl")):
        rejects.seal_list(listed, seal)
        leftovers.overwrite(listed)
    answer_cache.remove_plain(folder)
    leftovers.overwrite(folder / _PLAIN_LINK)
    if (folder / SEALING).is_file():
        os.replace(folder / SEALING, folder / SEAL)
        sync_folder(folder)


def devices_here(folder: Path, key: str | None) -> list[str]:
    """The devices of a workspace whose keys this machine holds."""
    connection = driver.connect(folder / DATABASE, key=key, read_only=True)
    try:
        found = connection.execute("SELECT value FROM fact WHERE name = 'devices_here'").fetchone()
        return [str(device) for device in json.loads(found[0])] if found else []
    finally:
        connection.close()


@contextmanager
def _alone(database: Path) -> Iterator[driver.Connection]:
    """A connection that keeps everybody else out. Raises Busy where somebody is in."""
    connection = driver.connect(database)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}").fetchall()
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
            connection.execute("PRAGMA main.locking_mode = EXCLUSIVE").fetchall()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except dbapi2.OperationalError as error:
            if not isinstance(driver.translated(error), Busy):
                raise
            raise Busy("Somebody else has this workspace open.", "Close its window, or wait for the command, then try again.") from error
        yield connection
    except (dbapi2.Error, UnicodeDecodeError) as error:
        raise driver.translated(error) from error
    except OSError as error:
        raise NotSaved(
            f"The workspace could not be encrypted: {error.strerror or error}.", "Make room, then run it again; nothing is lost.", "E102"
        ) from error
    finally:
        connection.close()


def _start_anew(folder: Path) -> None:
    """Remove what an earlier try left. The seal goes first: without it the copy beside it means nothing."""
    (folder / SEALING).unlink(missing_ok=True)
    sync_folder(folder)
    for name in (_PLAIN_LINK, SEALED_COPY, f"{SEALED_COPY}-journal"):  # the link is the database itself: only its second name goes
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(Media(folder).sealed_folder(), ignore_errors=True)


def _seal_media(folder: Path, seal: Seal, step: Step) -> None:
    plain, sealed = Media(folder), Media(folder, seal)
    files = plain.plain_files()
    for number, path in enumerate(files, 1):
        content = path.read_bytes()
        if sha256_hex(content) != path.name:
            raise Damaged(f"The medium {path.name[:8]} is not what its hash says.", "Import its file again, then encrypt.")
        sealed.keep([(path.name, content)])
        if sealed.read(path.name) != content:
            raise NotSaved("A sealed medium does not read back as it was written.", "Check the disk, then try again.", "E102")
        step(number, len(files), "Sealing media")


def _copy(connection: driver.Connection, target: Path, key: str, step: Step) -> None:
    """The whole database into an encrypted file, compared and durable."""
    step(0, 2, "Copying the database")
    connection.execute(f"ATTACH DATABASE ? AS sealed KEY \"x'{key}'\"", (str(target),))
    try:
        driver.unlock(connection, key, schema="sealed")
        connection.execute("PRAGMA sealed.journal_mode = OFF").fetchall()  # it is nothing until it is whole
        connection.execute("SELECT sqlcipher_export('sealed')").fetchall()
        step(1, 2, "Comparing the copy")
        _compare(connection)
        step(2, 2, "Comparing the copy")
    finally:
        connection.execute("DETACH DATABASE sealed")
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())
    sync_folder(target.parent)


def _compare(connection: driver.Connection) -> None:
    """Raise NotSaved unless every table of the copy has the same rows in the same order."""
    made = "SELECT type, name, tbl_name, sql FROM {0}.sqlite_schema ORDER BY type, name"
    same = connection.execute(made.format("main")).fetchall() == connection.execute(made.format("sealed")).fetchall()
    same = same and connection.execute("PRAGMA sealed.integrity_check").fetchone() == ("ok",)
    tables = connection.execute("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')").fetchall()
    # A damaged text must compare, not raise.
    connection.text_factory = bytes
    for name, without_rowid in tables:
        order = "" if without_rowid or name.startswith("sqlite_") else " ORDER BY rowid"
        rows = (connection.cursor().execute(f'SELECT * FROM {schema}."{name}"{order}') for schema in ("main", "sealed"))
        same = same and (name == "sqlite_schema" or all(one == other for one, other in zip_longest(*rows)))
    connection.text_factory = str
    if not same:
        raise NotSaved("The encrypted copy is not what was copied; nothing was changed.", "Check the disk, then try again.", "E102")


def _plain_copies(folder: Path) -> list[Path]:
    """Copies of the database that lie in clear. Nobody has them open."""
    found = []
    for path in sorted((folder / "backups").glob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                if stream.read(len(_PLAIN_HEAD)) == _PLAIN_HEAD:
                    found.append(path)
    return found
