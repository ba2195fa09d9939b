"""Bringing agent runs in: read and prepared away from the writer, written in short batches, and indexed for search behind that."""

import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from reviewer.domain import canonical
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.events import BlobRef, Event, Import
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.formats.intake import Options
from reviewer.formats.sources import Given
from reviewer.operations.embedded_policies import Embedded, embedded
from reviewer.operations.indexing import GENTLE, catch_up, index_next, items_behind
from reviewer.operations.reading import Batch, Left, prepared
from reviewer.operations.reading_process import BATCH, Reader
from reviewer.storage import items as item_rows
from reviewer.storage.items import Prepared
from reviewer.storage.rejects import RejectList, listed
from reviewer.storage.workspace import Work, Workspace

_SOON_DONE = 2_000  # items whose words take less than a second


class SkippedFile(NamedTuple):
    """A file that is no record file, and why."""

    path: str
    reason: str


class ImportReport(NamedTuple):
    """What an import did; read = added + known + rejected. rejects: the file that lists them, None where there are none.

    seconds: in all; stored_seconds: until every item was on disk and could be browsed. refused: a strict import met a bad record and wrote
    nothing. policies: what the files carry, not published by this.
    """

    read: int
    added: int
    known: int
    rejected: int
    rejects: Path | None
    skipped: tuple[SkippedFile, ...]
    formats: dict[str, int]
    seconds: float
    stored_seconds: float
    refused: bool = False
    policies: tuple[Embedded, ...] = ()


class _Tally:
    """Counts while an import runs."""

    def __init__(self) -> None:
        self.added = self.known = self.rejected = 0
        self.skipped: list[SkippedFile] = []
        self.formats: dict[str, int] = {}
        self.policies: dict[str, str] = {}  # text → the agent that acted by it

    @property
    def read(self) -> int:
        return self.added + self.known + self.rejected


def import_files(
    workspace: Workspace,
    ticket: Ticket,
    *,
    paths: Sequence[Given],
    options: Options,
    strict: bool = False,
    gentle: bool = False,
    reader: Reader | None = None,
) -> Outcome[ImportReport]:
    """Import files, folders and globs (`-` is standard input). Importing again adds nothing; a killed import, run again, completes.

    strict: one bad record, and nothing is imported. gentle: short transactions, for a window in which somebody labels meanwhile; where
    many items are not indexed at the end, the window has that done (`indexing.index_rest`). Else words find everything when this is done.
    reader: a process that was started ahead for these paths.
    Raises Refused for an unknown format or a path that is not there.
    """
    require(workspace.me, "import", "import items")
    workspace.require_writable()
    started = time.monotonic()
    tally = _Tally()
    with closing(RejectList(workspace.folder, f"{workspace.surroundings.now_ms()}.jsonl", workspace.seal)) as rejects:
        if strict and _any_bad(ticket, prepared(paths, options, batch=BATCH, reader=reader), tally, rejects):
            return Outcome(_report(tally, rejects, started, refused=True))
        batch = GENTLE if gentle else BATCH
        meanwhile = partial(index_next, workspace, batch=batch, rests=gentle)
        pieces = prepared(paths, options, batch=batch, gentle=gentle, reader=reader, meanwhile=meanwhile)
        with closing(pieces):
            _write(workspace, ticket, pieces, tally, rejects, rests=gentle)
        stored = round(time.monotonic() - started, 3)
        carried = embedded(workspace, tally.policies)
        if not gentle or items_behind(workspace, ticket).value <= _SOON_DONE:
            catch_up(workspace, ticket, batch=batch, rests=gentle)
        report = _report(tally, rejects, started)._replace(policies=carried, stored_seconds=stored)
        return Outcome(report, Changes.ITEMS if tally.added else Changes.NONE)


def _write(
    workspace: Workspace,
    ticket: Ticket,
    pieces: Iterable[Batch | Left],
    tally: _Tally,
    rejects: RejectList,
    *,
    rests: bool,
) -> None:
    files: dict[int, int] = {}
    for piece in pieces:
        if isinstance(piece, Left):
            tally.skipped.append(SkippedFile(piece.path, piece.reason))
            continue
        began = time.monotonic()
        _note(rejects, piece)
        if piece.policy:
            tally.policies.setdefault(piece.policy, piece.agent)
        tally.rejected += len(piece.rejects)
        count = len(piece.items) + len(piece.rejects)
        tally.formats[piece.format] = tally.formats.get(piece.format, 0) + count
        workspace.media.keep([medium for one in piece.items for medium in one.media_files])
        if piece.items:
            with workspace.begin() as work:
                new = add_batch(work, files, piece, findable=False)
            tally.added += len(new)
            tally.known += len(piece.items) - len(new)
        ticket.step(tally.read, 0, f"Reading {piece.file}")
        if rests:
            time.sleep(time.monotonic() - began)  # half of the interpreter's time is the window's


def add_batch(work: Work, files: dict[int, int], piece: Batch, *, findable: bool = True) -> list[Prepared]:
    """Write the items of a batch with their entry. Returns those that are new.

    files: row of each file number, filled as they come. findable: as in `items.add`.
    """
    if piece.file_number not in files:
        name = piece.file
        files[piece.file_number] = item_rows.add_file(work, name=name, format_name=piece.format, format_version=piece.format_version)
    new = item_rows.add(work, files[piece.file_number], piece.items, findable=findable)
    if new:
        listed = canonical.encode([[one.id.hex(), one.original_hash.hex()] for one in new])
        value = Import(piece.file, piece.format, piece.format_version, BlobRef(len(new), work.keep_blob(listed)))
        work.record(Event("import", value))
    return new


def _any_bad(ticket: Ticket, pieces: Generator[Batch | Left], tally: _Tally, rejects: RejectList) -> bool:
    """Read everything without writing items. Leaves the tally empty when nothing is bad."""
    with closing(pieces):
        for piece in pieces:
            if isinstance(piece, Left):
                continue
            _note(rejects, piece)
            tally.rejected += len(piece.rejects)
            ticket.step(tally.read, 0, f"Checking {piece.file}")
    return tally.rejected > 0


def _report(tally: _Tally, rejects: RejectList, started: float, *, refused: bool = False) -> ImportReport:
    return ImportReport(
        read=tally.read,
        added=tally.added,
        known=tally.known,
        rejected=tally.rejected,
        rejects=rejects.path,
        skipped=tuple(tally.skipped),
        formats=dict(sorted(tally.formats.items())),
        seconds=round(time.monotonic() - started, 3),
        stored_seconds=0.0,
        refused=refused,
    )


def _note(rejects: RejectList, piece: Batch) -> None:
    for reject in piece.rejects:
        rejects.add(
            {
                "path": piece.file,
                "format": piece.format,
                "index": reject.index,
                "line": reject.line,
                "reason": reject.reason,
                "code": reject.code,
                "content": reject.content.decode(errors="backslashreplace"),
            }
        )


def rejects_of(workspace: Workspace, report: ImportReport, limit: int = 1_000) -> list[dict[str, object]]:
    """The first rejects of a report, for the screen."""
    return [] if report.rejects is None else first_rejects(workspace, report.rejects, limit)


def first_rejects(workspace: Workspace, path: Path, limit: int) -> list[dict[str, object]]:
    """The first lines of a list of rejects."""
    return list(listed(path, workspace.seal, limit))
