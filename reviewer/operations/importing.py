"""Bringing agent runs in: read, prepared away from the writer, and written in short batches, findable at once."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from reviewer.domain import canonical
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotSaved
from reviewer.domain.events import BlobRef, Event, Import
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.formats.intake import Options
from reviewer.operations.reading import Batch, Left, prepared
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Work, Workspace

BATCH = 1_000  # items in one transaction where nobody waits for the writer
GENTLE = 80  # and where somebody may be labelling: at most about 20 ms


class SkippedFile(NamedTuple):
    """A file that is no record file, and why."""

    path: str
    reason: str


class ImportReport(NamedTuple):
    """What an import did; read = added + known + rejected. rejects: the file that lists them, None where there are none.

    refused: a strict import met a bad record and wrote nothing.
    """

    read: int
    added: int
    known: int
    rejected: int
    rejects: Path | None
    skipped: tuple[SkippedFile, ...]
    formats: dict[str, int]
    seconds: float
    refused: bool = False


class _Tally:
    """Counts while an import runs."""

    def __init__(self) -> None:
        self.added = self.known = self.rejected = 0
        self.skipped: list[SkippedFile] = []
        self.formats: dict[str, int] = {}

    @property
    def read(self) -> int:
        return self.added + self.known + self.rejected


def import_files(
    workspace: Workspace, ticket: Ticket, *, paths: Sequence[str], options: Options, strict: bool = False, gentle: bool = False
) -> Outcome[ImportReport]:
    """Import files, folders and globs (`-` is standard input). Importing again adds nothing; a killed import, run again, completes.

    strict: one bad record, and nothing is imported. gentle: short transactions, for a window in which somebody labels meanwhile.
    Raises Refused for an unknown format or a path that is not there.
    """
    require(workspace.me, "import", "import items")
    started = time.monotonic()
    tally = _Tally()
    with closing(_Rejects(workspace)) as rejects:
        if strict and _any_bad(ticket, paths, options, tally, rejects):
            return Outcome(_report(tally, rejects, started, refused=True))
        with closing(prepared(paths, options, batch=GENTLE if gentle else BATCH)) as pieces:
            _write(workspace, ticket, pieces, tally, rejects, gentle=gentle)
        return Outcome(_report(tally, rejects, started), Changes.ITEMS if tally.added else Changes.NONE)


def _write(
    workspace: Workspace, ticket: Ticket, pieces: Iterable[Batch | Left], tally: _Tally, rejects: "_Rejects", *, gentle: bool
) -> None:
    files: dict[int, int] = {}
    for piece in pieces:
        if isinstance(piece, Left):
            tally.skipped.append(SkippedFile(piece.path, piece.reason))
            continue
        began = time.monotonic()
        rejects.add(piece)
        tally.rejected += len(piece.rejects)
        count = len(piece.items) + len(piece.rejects)
        tally.formats[piece.format] = tally.formats.get(piece.format, 0) + count
        item_rows.keep_media(workspace.folder, [medium for one in piece.items for medium in one.media_files])
        if piece.items:
            packed = {one.id: item_rows.pack(one) for one in piece.items}  # before anybody has to wait for the transaction
            with workspace.begin() as work:
                added = _add(work, files, piece, packed)
            tally.added += added
            tally.known += len(piece.items) - added
        ticket.step(tally.read, 0, f"Reading {piece.file}")
        if gentle:
            time.sleep(time.monotonic() - began)  # half of the interpreter's time is the window's


def _add(work: Work, files: dict[int, int], piece: Batch, packed: Mapping[bytes, item_rows.Packed]) -> int:
    if piece.file_number not in files:
        name = piece.file
        files[piece.file_number] = item_rows.add_file(work, name=name, format_name=piece.format, format_version=piece.format_version)
    new = item_rows.add(work, files[piece.file_number], piece.items, packed)
    if new:
        listed = canonical.encode([[one.id.hex(), one.original_hash.hex()] for one in new])
        value = Import(piece.file, piece.format, piece.format_version, BlobRef(len(new), work.keep_blob(listed)))
        work.record(Event("import", value))
    return len(new)


def _any_bad(ticket: Ticket, paths: Sequence[str], options: Options, tally: _Tally, rejects: "_Rejects") -> bool:
    """Read everything without writing items. Leaves the tally empty when nothing is bad."""
    with closing(prepared(paths, options, batch=BATCH)) as pieces:
        for piece in pieces:
            if isinstance(piece, Left):
                continue
            rejects.add(piece)
            tally.rejected += len(piece.rejects)
            ticket.step(tally.read, 0, f"Checking {piece.file}")
    return tally.rejected > 0


def _report(tally: _Tally, rejects: "_Rejects", started: float, *, refused: bool = False) -> ImportReport:
    return ImportReport(
        read=tally.read,
        added=tally.added,
        known=tally.known,
        rejected=tally.rejected,
        rejects=rejects.path,
        skipped=tuple(tally.skipped),
        formats=dict(sorted(tally.formats.items())),
        seconds=round(time.monotonic() - started, 3),
        refused=refused,
    )


class _Rejects:
    """The file that lists what could not be read; made with the first reject."""

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.folder / "rejects"
        self._stem = str(workspace.surroundings.now_ms())
        self._stream: IO[str] | None = None
        self.path: Path | None = None

    def add(self, piece: Batch) -> None:
        for reject in piece.rejects:
            line = {
                "path": piece.file,
                "format": piece.format,
                "index": reject.index,
                "line": reject.line,
                "reason": reject.reason,
                "content": reject.content.decode(errors="backslashreplace"),
            }
            self._open().write(json.dumps(line, ensure_ascii=False).encode(errors="backslashreplace").decode() + "\n")

    def _open(self) -> IO[str]:
        if self._stream is None:
            try:
                self._folder.mkdir(exist_ok=True)
                self.path = self._folder / f"{self._stem}.jsonl"
                self._stream = self.path.open("w", encoding="utf-8")
            except OSError as error:
                raise NotSaved(f"{self._folder} cannot be written.", "Make room or choose another workspace.", "E103") from error
        return self._stream

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


def rejects_of(report: ImportReport, limit: int = 1_000) -> list[dict[str, object]]:
    """The first rejects of a report, for the screen."""
    if report.rejects is None:
        return []
    return list(_lines(report.rejects, limit))


def _lines(path: Path, limit: int) -> Iterator[dict[str, object]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            if number == limit:
                return
            yield msgspec.json.decode(line)
