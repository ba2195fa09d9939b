"""Copies of a workspace in one file: its database by the backup API, with its media inside. An encrypted one keeps its seal beside it.

A plain copy of a live database is none. What is written here is closed, complete and no longer changes.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain import items
from reviewer.domain.errors import Damaged, NotFound, Refused, shown
from reviewer.storage import driver, outgoing, payloads
from reviewer.storage.folders import DATABASE, SEAL, seal_file, sync_folder, write_durably
from reviewer.storage.media import Media
from reviewer.storage.rows import ChangingRows, Rows

if TYPE_CHECKING:
    from reviewer.storage.sealing import Seal

FOLDER = "backups"  # of a workspace
SEAL_ENDING = ".seal.json"
_STAMP = "%Y%m%d-%H%M%S"
AUTOMATIC = re.compile(r"auto-(\d{8}-\d{6})\.db")
BEFORE = re.compile(r"before-\w+-(\d+)\.db")  # an update of the tables
KEPT = 3
BUDGET_MB = 2_000
_PAGES = 2_000  # copied between two reports
_INDEX = "backups"  # a fact: what was verified when it was made
Step = Callable[[int, int, str], None]


class BackupFile(NamedTuple):
    """A backup. made_ms: wall time; entries: None where nothing is known of it. verified: read back in full, and as it was then."""

    path: Path
    made_ms: int
    size_bytes: int
    entries: int | None
    verified: bool


@contextmanager
def partial_copy(target: Path) -> Iterator[Path]:
    """A path beside the target for a copy that is to be verified; what is still there at the end is removed. Raises NotSaved, Damaged."""
    with outgoing.partial_file(target) as partial, driver.translating():
        try:
            yield partial
        finally:
            for ending in ("-wal", "-shm", "-journal"):
                partial.with_name(partial.name + ending).unlink(missing_ok=True)


def copy(database: Path, media: Media, partial: Path, step: Step) -> None:
    """Copy a workspace to `partial`, which must not exist: one consistent view, media included. Raises NotSaved.

    Whoever asks verifies the copy and then puts it in place.
    """
    key = None if media.seal is None else media.seal.database_key
    source = driver.connect(database, key=key, read_only=True)
    with closing(source), closing(driver.connect(partial, key=key)) as target:
        source.backup(target, pages=_PAGES, progress=lambda _status, left, total: step(total - left, total, "Copying"))
        target.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, and nothing beside it
        target.execute("BEGIN IMMEDIATE")
        target.execute("CREATE TABLE backup_media (sha256 TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT")
        for sha256 in _media_of(Rows(target)):
            try:
                target.execute("INSERT INTO backup_media VALUES (?, ?)", (sha256, media.read(sha256)))
            except (NotFound, Damaged):
                continue  # a replica may lack media; verification says so
        target.execute("COMMIT")


def put_in_place(folder: Path, seal: "Seal | None", partial: Path, target: Path) -> None:
    """Give a verified copy of a workspace its name, and lay the seal of an encrypted one beside it."""
    with closing(driver.connect(partial, key=None if seal is None else seal.database_key)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()  # verifying has opened it the usual way
    beside = seal_file(folder)
    if beside is not None:
        write_durably(target.with_name(target.name + SEAL_ENDING), beside.read_bytes(), mode=0o600)
    outgoing.put_in_place(partial, target)


def unpack(source: Path, folder: Path) -> None:
    """Lay the database and the seal of a backup into a folder. Raises NotFound, Refused where something lies there, NotSaved."""
    if not source.is_file():
        raise NotFound(f"There is no file {shown(str(source), 200)}.", "Name a file that `reviewer backup` made.")
    try:
        content = source.open("rb")
    except OSError as error:
        raise NotFound(f"{shown(str(source), 200)} cannot be read: {error.strerror}.", "Check whom the file belongs to.") from error
    with content, outgoing.saying_why(folder):
        if folder.exists() and any(folder.iterdir()):
            raise Refused(f"{shown(str(folder), 200)} is not empty.", "Choose an empty folder, or one that does not exist yet.")
        folder.mkdir(parents=True, exist_ok=True)
        try:
            seal = source.with_name(source.name + SEAL_ENDING)
            if seal.is_file():
                write_durably(folder / SEAL, seal.read_bytes(), mode=0o600)
            with outgoing.durable(folder / DATABASE) as stream:
                shutil.copyfileobj(content, stream, 1 << 20)
            sync_folder(folder)
        except BaseException:
            for path in folder.iterdir():  # half of one would be in the way of the next try
                path.unlink()
            raise


def unpack_media(folder: Path, media: Media, *, key: str | None) -> None:
    """Give the media of an unpacked backup their places, and drop them from the database. Raises Damaged for a file that is no backup."""
    try:
        with driver.translating(), closing(driver.connect(folder / DATABASE, key=key)) as connection:
            rows = ChangingRows(connection)
            if rows.row("SELECT 1 FROM sqlite_schema WHERE name = 'backup_media'") is None:
                raise _no_backup()
            for sha256, content in rows.each("SELECT sha256, content FROM backup_media"):
                media.keep([(sha256, bytes(content))])
            rows.run("DROP TABLE backup_media")
    except Damaged as error:  # what the driver says of a database is of one in use, and tells to restore a backup
        raise _no_backup() from error


def _no_backup() -> Damaged:
    return Damaged(
        "The file is not a backup, or not a whole one.",
        f"Name a file that `reviewer backup` made; if the workspace was encrypted, its {SEAL_ENDING} file belongs beside it.",
    )


def automatic_name(folder: Path, now_ms: int) -> Path:
    """Where a copy goes that the program makes by itself: the newest by name too, whatever the clock says."""
    known = [found[1] for path in (folder / FOLDER).glob("auto-*.db") if (found := AUTOMATIC.fullmatch(path.name))]
    now = datetime.fromtimestamp(now_ms // 1000, UTC)
    if known:
        with suppress(ValueError, OverflowError):  # a name that is no time
            now = max(now, datetime.strptime(max(known), _STAMP).replace(tzinfo=UTC) + timedelta(seconds=1))
    return folder / FOLDER / f"auto-{now:{_STAMP}}.db"


def name_before(folder: Path, revision: str) -> Path:
    """Where a copy goes that is made before an update to a revision of the tables."""
    numbers = (int(found[1]) for path in (folder / FOLDER).glob("before-*.db") if (found := BEFORE.fullmatch(path.name)))
    return folder / FOLDER / f"before-{revision}-{1 + max(numbers, default=0)}.db"


def note(work: ChangingRows, path: Path, entries: int, made_ms: int) -> None:
    """Remember that a backup in the workspace's folder was verified, and how it looked then."""
    known = _index(work)
    known[path.name] = {"entries": entries, "made_ms": made_ms, "size": path.stat().st_size}
    work.set_fact(_INDEX, json.dumps({name: one for name, one in known.items() if (path.parent / name).is_file()}))


def listed(rows: Rows, folder: Path) -> list[BackupFile]:
    """The backups in a workspace's folder, newest first; copies made before updates among them."""
    known = _index(rows)
    found = []
    for path in (folder / FOLDER).glob("*.db"):
        stat, one = path.stat(), known.get(path.name, {})
        made = one.get("made_ms", stat.st_mtime_ns // 1_000_000)
        found.append(BackupFile(path, made, stat.st_size, one.get("entries"), one.get("size") == stat.st_size))
    return sorted(found, key=lambda one: one.made_ms, reverse=True)


def rotate(folder: Path, pattern: re.Pattern[str], *, keep: int, budget_bytes: int) -> list[Path]:
    """Remove the oldest copies whose name is of a pattern (AUTOMATIC, BEFORE), beyond `keep` or beyond the budget. The newest always stays.

    Returns what went. Raises NotSaved.
    """
    named = [(found[1], path) for path in (folder / FOLDER).glob("*.db") if (found := pattern.fullmatch(path.name))]
    gone, size = [], 0
    for place, (_, path) in enumerate(sorted(named, key=lambda one: (len(one[0]), one[0]), reverse=True)):
        size += path.stat().st_size
        if place and (place >= keep or size > budget_bytes):
            with outgoing.saying_why(path):
                path.unlink()
                path.with_name(path.name + SEAL_ENDING).unlink(missing_ok=True)
            gone.append(path)  # one that a power cut brings back goes the next time
    return gone


def _index(rows: Rows) -> dict[str, dict[str, int]]:
    kept = rows.fact(_INDEX)
    return {} if kept is None else dict(json.loads(kept))


def _media_of(rows: Rows) -> Iterator[str]:
    seen: set[str] = set()
    for (payload,) in rows.rows("SELECT payload FROM item WHERE media <> ''"):
        for message in items.all_messages(items.decode(payloads.unpack(bytes(payload)))):
            for part in message.content:
                if part.sha256 is not None and part.sha256 not in seen:
                    seen.add(part.sha256)
                    yield part.sha256
