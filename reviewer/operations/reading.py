"""Records read and prepared away from the writer: in a process of its own where there is enough to read.

Parsing and hashing hold the interpreter lock; in the window's process they would make the next item wait.
"""

import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from reviewer.domain.errors import ReviewerError
from reviewer.domain.records import Record, Reject
from reviewer.formats.intake import Options, Skipped, policy_of, read, scan
from reviewer.formats.sources import STANDARD_INPUT, Given
from reviewer.operations.processes import Helper, Line, helper
from reviewer.storage import items as item_rows
from reviewer.storage.items import Prepared

_WORTH_A_PROCESS = 8 * 1024 * 1024  # bytes on disk; starting a process takes as long as reading a few MB
_BATCH_BYTES = 16 * 1024 * 1024  # twice that is the peak of what importing adds to either process
_SENT_AT_ONCE = 8  # items of one message: the memory of a large one comes fresh from the system, which takes as long as copying
_FIRST = 100  # records of the first batch of a process, so that the writer has something to do while more is read


class Left(msgspec.Struct, tag=True, array_like=True):
    """A file that was left out."""

    path: str
    reason: str


class Batch(msgspec.Struct, tag=True, array_like=True):
    """Some records of one file, ready to be written. file_number tells apart files of one name.

    policy: the written policy that its first record carries, and agent: that record's; both "" where there is none.
    more: on its way, this is not all of it.
    """

    file_number: int
    file: str
    format: str
    format_version: int
    items: list[Prepared]
    rejects: list[Reject]
    policy: str = ""
    agent: str = ""
    more: bool = False


class _End(msgspec.Struct, tag=True, array_like=True):
    """Everything was read."""


def prepared(paths: Sequence[Given], options: Options, *, batch: int, gentle: bool = False) -> Generator[Batch | Left]:
    """Batches of at most `batch` records, file by file. Raises what the formats raise. Close it to stop early.

    gentle: a process of its own lets others have the processor first.
    """
    on_disk = [path for path in paths if isinstance(path, str) and path != STANDARD_INPUT]
    if len(on_disk) < len(paths) or _size(on_disk) < _WORTH_A_PROCESS:  # what this process alone can read stays here
        return _read(paths, options, batch, first=batch)
    return _from_process(on_disk, options, batch, gentle)


def _size(paths: Sequence[str]) -> int:
    """Bytes below the paths, counted until they are worth a process; globs count as nothing."""
    total = 0
    for text in paths:
        path = Path(text)
        try:
            files = (Path(folder, name) for folder, _, names in os.walk(path) for name in names) if path.is_dir() else iter([path])
            for file in files:
                total += file.lstat().st_size
                if total >= _WORTH_A_PROCESS:
                    return total
        except OSError:
            continue  # what cannot be looked at is named when it is read
    return total


def _read(paths: Sequence[Given], options: Options, batch: int, *, first: int) -> Generator[Batch | Left]:
    most = min(first, batch)
    for number, found in enumerate(scan(paths, options)):
        if isinstance(found, Skipped):
            yield Left(found.path, found.reason)
            continue
        piece = Batch(number, found.path, found.format, found.format_version, [], [])
        size = 0
        begins = True
        for record in read(found, options):
            if begins and isinstance(record, Record):
                piece.policy, piece.agent, begins = policy_of(found, record) or "", record.item.agent or "", False
            size += _put(piece, record)
            if len(piece.items) + len(piece.rejects) >= most or size >= _BATCH_BYTES:
                yield piece
                piece, size, most = msgspec.structs.replace(piece, items=[], rejects=[], policy="", agent=""), 0, batch
        if piece.items or piece.rejects:
            yield piece


def _put(piece: Batch, record: Record | Reject) -> int:
    if isinstance(record, Reject):
        piece.rejects.append(record)
        return len(record.content)
    try:
        prepared = item_rows.prepare(record)
    except UnicodeEncodeError:
        reason = "The text holds half of a character pair (a lone surrogate)."
        piece.rejects.append(Reject(record.index, record.line, reason, record.original[:65_536]))
        return len(record.original)
    piece.items.append(prepared)
    return len(prepared.canonical) + len(prepared.original) + len(prepared.text)


def _from_process(paths: Sequence[str], options: Options, batch: int, gentle: bool) -> Generator[Batch | Left]:
    with helper(_serve, list(paths), options, batch, says=Batch | Left | _End, gentle=gentle) as reader:
        yield from _received(reader)


def _received(reader: Helper) -> Iterator[Batch | Left]:
    items: list[Prepared] = []
    while True:
        try:
            piece: Batch | Left | _End = reader.hear()
        except EOFError as error:
            raise ReviewerError("The reading process ended before its work did.", "Import again; what was read is kept.", "E301") from error
        if isinstance(piece, _End):
            return
        if isinstance(piece, Batch):
            items += piece.items
            if piece.more:
                continue
            piece, items = msgspec.structs.replace(piece, items=items), []
        yield piece


def _serve(line: Line, paths: list[str], options: Options, batch: int) -> None:
    """The reading process: sends pieces until it is done or nobody listens."""
    with ThreadPoolExecutor(1) as sender:  # while a piece waits to be taken, the next is read
        sent: Future[object] = sender.submit(object)
        for piece in _read(paths, options, batch, first=_FIRST):
            sent.result()
            sent = sender.submit(_send, line, piece)
        sent.result()
    line.say(_End())


def _send(line: Line, piece: Batch | Left) -> None:
    for message in _messages(piece):
        line.say(message)


def _messages(piece: Batch | Left) -> Iterator[Batch | Left]:
    """The piece in parts; the last one carries what was rejected."""
    if isinstance(piece, Batch):
        last = max(0, (len(piece.items) - 1) // _SENT_AT_ONCE * _SENT_AT_ONCE)
        for start in range(0, last, _SENT_AT_ONCE):
            yield msgspec.structs.replace(piece, items=piece.items[start : start + _SENT_AT_ONCE], rejects=[], policy="", more=True)
        piece = msgspec.structs.replace(piece, items=piece.items[last:])
    yield piece
