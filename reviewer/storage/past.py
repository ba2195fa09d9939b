"""A workspace as it was: a copy of its database from which later entries are taken away, and whose views are made anew.

The copy lies beside the database, sealed as that is, and is gone when nobody reads it any more. Nothing in the workspace changes.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.events import Release
from reviewer.storage import driver, outgoing, replay, sending
from reviewer.storage.folders import DATABASE
from reviewer.storage.rows import ChangingRows, Rows, prefix_range
from reviewer.storage.workspace import Reading, Workspace

Step = Callable[[int, int, str], None]
MOST_STREAMS = 400  # an entry holds 64 KiB
_PAGES = 2_000
_LEAST_DIGITS = 6


class _Value(msgspec.Struct):
    value: Release


class Moment(NamedTuple):
    """Where to cut. ends: of each stream the last entry that counts; None: what came here before the entry of this row, and it."""

    ends: dict[StreamId, int] | None
    row: int


def ends(rows: Rows) -> dict[StreamId, tuple[int, EntryHash]]:
    """Where every stream ends here, its number and hash: what a release says of its moment. Nothing where there are too many to say."""
    tips = sending.tips(rows)
    found = {tip.stream: (tip.seq, tip.hash) for tip in sorted(tips)}
    return found if len(found) <= MOST_STREAMS else {}


def moment(rows: Rows, name: str) -> Moment:
    """The moment of an entry, by its hash or the first 6 or more digits of it.

    Of a release: what it was made from, which is the same on every machine. Of any other entry: what was here when it came.
    Raises NotFound, and Refused where two entries have these digits, or entries that a release was made from are not here.
    """
    plain = name.lower()
    if not _LEAST_DIGITS <= len(plain) <= 64 or set(plain) - set("0123456789abcdef"):
        raise Refused(f"“{shown(name, 70)}” names no entry.", f"Give the id of a release or another entry, {_LEAST_DIGITS} digits or more.")
    found = rows.rows("SELECT rowid, kind, body FROM entry WHERE hash BETWEEN ? AND ? LIMIT 2", prefix_range(plain))
    if not found:
        raise NotFound(f"There is no entry {shown(name, 12)} here.", "Sync, or name another: a release says its id.")
    if len(found) > 1:
        raise Refused(f"Two entries begin with {shown(name, 64)}.", "Give more digits of it.")
    row, kind, body = found[0]
    heads = msgspec.json.decode(body, type=_Value).value.heads if kind == "release" else {}
    if not heads:
        return Moment(None, row)
    lacking = sum(
        rows.row("SELECT 1 FROM entry WHERE stream = ? AND seq = ? AND hash = ?", (bytes.fromhex(stream), seq, bytes.fromhex(last))) is None
        for stream, (seq, last) in heads.items()
    )
    if lacking:
        raise Refused(f"Release {shown(name, 12)} was made from {lacking} streams that do not reach here as far.", "Sync first.")
    return Moment({stream: seq for stream, (seq, _) in heads.items()}, row)


@contextmanager
def as_it_was(workspace: Workspace, when: Moment, step: Step) -> Iterator[Reading]:
    """A consistent view of the workspace at a moment. Raises NotSaved where there is no room for the copy."""
    folder = workspace.database.with_name(f".past.{os.getpid()}.part")
    with outgoing.saying_why(folder), driver.translating():
        folder.mkdir()
        try:
            source = driver.connect(workspace.database, key=workspace.key, read_only=True)
            with closing(source), closing(driver.connect(folder / DATABASE, key=workspace.key)) as copy:
                source.backup(copy, pages=_PAGES, progress=lambda _status, left, total: step(total - left, total, "Copying"))
                _cut(ChangingRows(copy), when, step)
            past = Workspace(folder, seal=workspace.seal, surroundings=workspace.surroundings)
            try:
                with past.read() as reading:
                    yield reading
            finally:
                past.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _cut(copy: ChangingRows, when: Moment, step: Step) -> None:
    copy.run("DROP TRIGGER entry_is_never_removed")
    copy.run("BEGIN IMMEDIATE")
    if when.ends is None:
        copy.run("DELETE FROM entry WHERE rowid > ?", (when.row,))
    else:
        copy.run("CREATE TEMP TABLE kept (stream BLOB PRIMARY KEY, seq INTEGER NOT NULL)")
        copy.run_many("INSERT INTO kept VALUES (?, ?)", [(bytes.fromhex(stream), seq) for stream, seq in when.ends.items()])
        copy.run("DELETE FROM entry WHERE seq > coalesce((SELECT k.seq FROM kept k WHERE k.stream = entry.stream), 0)")
    replay.rebuild(copy, step, check=False)  # signatures were checked when the entries came
    copy.run("COMMIT")
