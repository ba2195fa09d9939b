"""Erasing an item's content from this replica: its rows, the words said of it, its media, drafts, and all copies in `backups/`.

What stays is what the journal holds: the item's id, and the structured part of labels. Entries are never touched, so the chain verifies.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlcipher3 import dbapi2

from reviewer.domain import items
from reviewer.domain.chain import DeviceId, NoteRef
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, NotFound, NotSaved
from reviewer.domain.events import Label, blobs_of, value_of
from reviewer.domain.items import ItemId
from reviewer.domain.times import utc_text
from reviewer.storage import answer_cache, cluster_runs, driver, leftovers, payloads, requeues, suggestions
from reviewer.storage.folders import sync_folder
from reviewer.storage.rows import ChangingRows, Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work, Workspace

Step = Callable[[int, int, str], None]

_OLD = ".old"  # the second name of a copy that was replaced, until its bytes are written over
_GONE = "erased."  # a fact for each item taken out of a copy that was made before anybody asked for it
_CLEANING = "erasing."  # a fact for each item whose rows are gone and whose traces in files are not yet
_ABOUT = (
    "SELECT hash FROM label WHERE item = :item",
    "SELECT by_hash FROM replacement WHERE item = :item",
    "SELECT hash FROM aside WHERE item = :item",
    "SELECT hash FROM resolution WHERE item = :item",
    "SELECT hash FROM gold WHERE item = :item",
    "SELECT hash FROM requeue_item WHERE item = :item",
    "SELECT hash FROM finding WHERE what = 'named' AND EXISTS (SELECT 1 FROM blob b WHERE b.hash = items AND instr(b.content, :item))",
    "SELECT a.hash FROM incident_item i JOIN incident_act a ON a.incident = i.incident WHERE i.item = :item",
    "SELECT hash FROM uncounted",
)


class _About(msgspec.Struct):
    kind: str
    value: dict[str, Any]
    note: NoteRef | None
    deps: tuple[str, ...] = ()


_about = msgspec.json.Decoder(_About)


def erased_items(rows: Rows) -> frozenset[str]:
    """Items that a lead asked to erase. Their content is taken in no more, whether or not it is gone from here yet."""
    asked = {item.hex() for (item,) in rows.rows("SELECT DISTINCT item FROM main.erasure")}
    return frozenset(asked | {str(name) for (name,) in rows.rows("SELECT substr(name, 8) FROM main.fact WHERE name GLOB 'erased.*'")})


def days_of(rows: Rows, items: Iterable[str]) -> tuple[str, ...]:
    """The days on which items were erased, YYYY-MM-DD in UTC, each once. What was taken out of an older copy only has none."""
    sql = "SELECT max(wall_ms) FROM main.erasure WHERE item = ?"
    found = [(rows.row(sql, (bytes.fromhex(item),)) or (None,))[0] for item in items]
    return tuple(sorted({utc_text(ms)[:10] for ms in found if ms is not None}))


def refused_blobs(rows: Rows) -> frozenset[str]:
    """Names of contents that stay away: notes and corrections about erased items, and lists that were cut down for their sake."""
    names: set[str] = set()
    for item in erased_items(rows):
        names.update(_words_about(rows, ItemId(item)))
    return frozenset(names | suggestions.cut_batches(rows))


def words_about(rows: Rows, item: ItemId) -> frozenset[str]:
    """Names of the notes and corrections about an item, here or not: what else of it may lie elsewhere."""
    return frozenset(_words_about(rows, item))


def sweep(work: "Work") -> int:
    """Remove what came in about items that were erased here before; to be asked after each delivery. Returns how many contents went."""
    gone = 0
    for item in _done_here(work):
        gone += _remove_words(work, item) + _cut_suggestions(work, item)
        if gone:
            _mark_unclean(work, item)
    return gone


def remove(work: "Work", item: ItemId) -> list[str]:
    """Remove an item's rows and all words about it, inside the open transaction; `clean` does the rest.

    Returns the names of its media that no other item shows. An item that is not here is removed all the same.
    """
    media = _media_of_it_alone(work, item)
    take_out(work, item)
    _cut_suggestions(work, item)
    _mark_unclean(work, item, media)
    work.changes |= Changes.ITEMS | Changes.LABELS | Changes.QUEUE
    return media


def take_out(rows: ChangingRows, item: ItemId) -> bool:
    """Remove an item, the words about it and what was typed about it from the tables of any version. Returns whether anything was there."""
    name = bytes.fromhex(item)
    found = rows.row("SELECT n FROM item WHERE id = ?", (name,))
    if found is not None:
        rows.run("DELETE FROM item_text WHERE rowid = ?", found)
        rows.run("DELETE FROM origin WHERE n = ?", found)
        rows.run("DELETE FROM item WHERE n = ?", found)
        rows.run("UPDATE fact SET value = CAST(value AS INTEGER) - 1 WHERE name = 'items'")
    words = _remove_words(rows, item)
    drafts = rows.run("DELETE FROM draft WHERE item = ?", (name,)) + cluster_runs.forget(rows, name)
    return found is not None or words > 0 or drafts > 0


def unclean(rows: Rows) -> dict[ItemId, list[str]]:
    """Items whose rows are gone and whose traces in files are not: for each, the media that are to go."""
    found = rows.rows("SELECT substr(name, 9), value FROM fact WHERE name GLOB 'erasing.*'")
    return {ItemId(item): [str(name) for name in json.loads(media)] for item, media in found}


def clean(workspace: "Workspace", step: Step) -> list[Path]:
    """Remove the traces that deleted rows leave in files: search segments, free pages, the log, media and copies. Can be run again.

    Returns the copies that were written anew. Raises Busy where somebody reads or writes for too long, NotSaved, and what `step` raises;
    then it is run again later.
    """
    with workspace.read() as reading:
        waiting = unclean(reading)
    if not waiting:
        return []
    backups = workspace.folder / "backups"
    for left in sorted((*backups.glob("*.part"), *backups.glob(f"*{_OLD}"))):  # by a process that was killed
        leftovers.overwrite(left)
    copies = sorted(path for path in backups.glob("*.db") if path.is_file())
    total = 3 + len(copies)
    step(0, total, "Cleaning the database")
    with workspace.upkeep() as rows:
        _compact(rows, encrypted=workspace.encrypted)
    step(1, total, "Removing media")
    media = sorted({name for names in waiting.values() for name in names})
    for name in media:
        leftovers.overwrite(workspace.media.file(name))
    with answer_cache.opened(workspace.folder, workspace.seal) as cache:
        cache.forget(waiting)
    rewritten = []
    for number, path in enumerate(copies, 2):
        step(number, total, "Rewriting backups")
        if _rewrite(path, workspace.key, list(waiting), media):
            rewritten.append(path)
    with workspace.begin() as work:
        for item in waiting:
            work.run("DELETE FROM fact WHERE name = ?", (f"{_CLEANING}{item}",))
    with workspace.upkeep() as rows:
        _empty_log(rows)
    step(total, total, "Cleaning the database")
    return rewritten


def confirmed_by(rows: Rows, item: ItemId) -> set[DeviceId]:
    """The devices that said that the item's content is gone from them."""
    sql = "SELECT DISTINCT device FROM erasure WHERE kind = 'erase_done' AND item = ?"
    return {DeviceId(device) for (device,) in rows.rows(sql, (bytes.fromhex(item),))}


# --- rows


def _words_about(rows: Rows, item: ItemId) -> set[str]:
    """The blobs of entries about an item that hold somebody's words: notes, omissions, corrections."""
    found: set[str] = set()
    for about in _entries_about(rows, item):
        if about.kind in _WITH_LISTS:
            if about.note is not None and _WITH_LISTS[about.kind](rows, about, item):
                found.add(about.note.blob)
        elif about.value.get("item") == item and about.kind not in ("erase_request", "erase_done"):
            try:
                value = value_of(about.kind, about.value)
            except msgspec.ValidationError:
                value = None
            found.update(blobs_of(about.note, value))
    return found


def _on_case_of(rows: Rows, about: _About, item: ItemId) -> bool:
    """Whether words on an incident may speak of the item: it is among its items, and they were not written knowing that it is to go."""
    incident = str(about.value.get("incident", ""))
    of_it = "SELECT 1 FROM incident_item WHERE lower(hex(incident)) = ? AND item = ?"
    known = _has(rows, "incident_item") and rows.row(of_it, (incident, bytes.fromhex(item))) is not None
    if not known and not _lists(rows, about, item):
        return False
    asked = rows.rows("SELECT hash FROM erasure WHERE kind = 'erase_request' AND item = ?", (bytes.fromhex(item),))
    return not any(name.hex() in about.deps for (name,) in asked)


def _lists(rows: Rows, about: _About, item: ItemId) -> bool:
    """Whether a requeue, a finding or what is said of an incident lists the item. Its words may speak of it; the list holds ids only."""
    try:
        return bytes.fromhex(item) in requeues.listed(rows, str(about.value["items"]["blob"]))
    except (NotFound, Damaged, KeyError, TypeError, ValueError):
        return False


_WITH_LISTS = {"requeue": _lists, "finding": _lists, "incident": _on_case_of, "incident_update": _on_case_of}


def _entries_about(rows: Rows, item: ItemId) -> Iterator[_About]:
    tables = {name for (name,) in rows.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    asked = [sql for sql in _ABOUT if sql.split()[3] in tables]
    names = {name for sql in asked for (name,) in rows.rows(sql, {"item": bytes.fromhex(item)} if ":item" in sql else ())}
    bodies = [rows.row("SELECT body FROM entry WHERE hash = ?", (name,)) for name in names]
    if "pending" in tables:
        bodies += rows.rows("SELECT body FROM pending")
    for found in bodies:
        if found is not None:
            with suppress(msgspec.MsgspecError):  # an entry that cannot be read names nothing that can be found
                yield _about.decode(found[0])


def _remove_words(rows: ChangingRows, item: ItemId) -> int:
    return sum(
        rows.run("DELETE FROM blob WHERE hash = ?", (bytes.fromhex(name),))
        for name in _words_about(rows, item)
        if not _named_elsewhere(rows, name, item)
    )


def _named_elsewhere(rows: Rows, name: str, item: ItemId) -> bool:
    """Whether a label of another item names the same bytes. A note has random bytes of its own; a correction has not."""
    sql = "SELECT body FROM entry WHERE kind = 'label' AND instr(body, CAST(? AS BLOB)) AND NOT instr(body, CAST(? AS BLOB))"
    return any(
        isinstance(value := value_of("label", about.value), Label) and value.correction == name
        for about in (_about.decode(raw) for (raw,) in rows.rows(sql, (name, item)))
    )


def _cut_suggestions(work: ChangingRows, item: ItemId) -> int:
    """Replace lists that hold a machine's words about the item by ones without. Its verdict and score stay."""
    sql = "SELECT DISTINCT e.body FROM suggestion s JOIN entry e ON e.hash = s.hash WHERE s.item = ?"
    names = {_about.decode(raw).value["rows"]["blob"] for (raw,) in work.rows(sql, (bytes.fromhex(item),))}
    return sum(suggestions.cut(work, name, item) for name in names)


def _media_of_it_alone(rows: Rows, item: ItemId) -> list[str]:
    mine = _shown_by(rows, "SELECT payload FROM item WHERE id = ?", item)
    if not mine:
        return []
    return sorted(mine - _shown_by(rows, "SELECT payload FROM item WHERE media <> '' AND id <> ?", item))


def _shown_by(rows: Rows, sql: str, item: ItemId) -> set[str]:
    found: set[str] = set()
    for (payload,) in rows.each(sql, (bytes.fromhex(item),)):
        content = payloads.unpack(bytes(payload))
        if b'"sha256"' in content:
            parts = (part for message in items.all_messages(items.decode(content)) for part in message.content)
            found.update(part.sha256 for part in parts if part.sha256 is not None)
    return found


def _done_here(work: "Work") -> Iterator[ItemId]:
    here = set(json.loads(work.fact("devices_here") or "[]"))
    for item, device in work.rows("SELECT DISTINCT item, device FROM erasure WHERE kind = 'erase_done'"):
        if device in here:
            yield ItemId(item.hex())


def _mark_unclean(work: "Work", item: ItemId, media: Iterable[str] = ()) -> None:
    known = json.loads(work.fact(f"{_CLEANING}{item}") or "[]")
    work.set_fact(f"{_CLEANING}{item}", json.dumps(sorted({*known, *media})))


# --- files


def _compact(rows: ChangingRows, *, encrypted: bool) -> None:
    """Write search segments and the whole database anew without what was deleted."""
    rows.run("INSERT INTO item_text (item_text) VALUES ('optimize')")
    if not encrypted:
        rows.run("PRAGMA temp_store = FILE")  # what remains is copied there: it need not fit the memory. Sealed content stays off it.
    rows.run("VACUUM")
    rows.run("PRAGMA temp_store = MEMORY")
    _empty_log(rows)


def _empty_log(rows: Rows) -> None:
    found = rows.row("PRAGMA wal_checkpoint(TRUNCATE)")
    if found is None or found[0]:
        raise NotSaved("The database's log could not be emptied: it is being read.", "Close other windows and commands, then try again.")


def _rewrite(path: Path, key: str | None, gone: list[ItemId], media: list[str]) -> bool:
    """Take items out of a copy of the database. It is written anew, checked, and put over the old one, whose bytes are written over.

    Returns whether anything of them was in it.
    """
    partial = path.with_suffix(".part")
    partial.unlink(missing_ok=True)
    try:
        with closing(driver.connect(path, key=key, read_only=True)) as source, closing(driver.connect(partial, key=key)) as copy:
            source.backup(copy)
            rows = ChangingRows(copy)
            copy.execute("BEGIN IMMEDIATE")
            there = [item for item in gone if take_out(rows, item) | (_has(rows, "suggestion") and _cut_suggestions(rows, item) > 0)]
            for item in there:
                rows.set_fact(f"{_GONE}{item}", "")
            for name in media if _has(rows, "backup_media") else []:
                rows.run("DELETE FROM backup_media WHERE sha256 = ?", (name,))
            copy.execute("COMMIT")
            if there:
                _compact(rows, encrypted=key is not None)
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
            source.execute("PRAGMA query_only = OFF")
            source.execute("PRAGMA journal_mode = DELETE").fetchall()
            if there and copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise NotSaved(f"The backup {path.name} could not be rewritten.", "Check the disk, then try again.", "E102")
        if there:
            _put_over(partial, path)
        return bool(there)
    except (dbapi2.Error, UnicodeDecodeError) as error:
        raise driver.translated(error) from error
    finally:
        for left in (partial, partial.with_name(f"{partial.name}-wal"), partial.with_name(f"{partial.name}-shm")):
            left.unlink(missing_ok=True)


def _has(rows: Rows, table: str) -> bool:
    return rows.row("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)) is not None


def _put_over(partial: Path, path: Path) -> None:
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    old = path.with_suffix(_OLD)
    old.unlink(missing_ok=True)
    with suppress(OSError):  # a second name, so that its bytes can be written over; not every file system has them
        os.link(path, old)
    os.replace(partial, path)
    sync_folder(path.parent)
    leftovers.overwrite(old)
