"""Records read and prepared away from the writer: in a process of its own where there is enough to read.

Parsing and hashing hold the interpreter lock; in the window's process they would make the next item wait.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext

import msgspec

from reviewer.domain.records import Record, Reject
from reviewer.formats.intake import Options, Skipped, policy_of, read, scan
from reviewer.formats.sources import Given
from reviewer.operations import reading_process
from reviewer.operations.processes import Line
from reviewer.operations.reading_process import Reader
from reviewer.storage import items as item_rows
from reviewer.storage.items import Prepared

_BATCH_BYTES = 8 * 1024 * 1024  # four times that is the peak of what importing adds to the process that reads, half of it to the other
_WAITING = 2  # pieces on their way while the next is read, so that it goes on where the disk or the index keeps the writer
_SENT_AT_ONCE = 32  # items of one message: the memory of a large one comes fresh from the system, which takes as long as copying
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


class End(msgspec.Struct, tag=True, array_like=True):
    """Everything was read."""


def _nothing_to_do() -> bool:
    return False


def prepared(
    paths: Sequence[Given],
    options: Options,
    *,
    batch: int,
    gentle: bool = False,
    reader: Reader | None = None,
    meanwhile: Callable[[], bool] = _nothing_to_do,
) -> Generator[Batch | Left]:
    """Batches of at most `batch` records, file by file. Raises what the formats raise. Close it to stop early.

    gentle: a process of its own lets others have the processor first. reader: one that was started ahead, for these paths or for any.
    meanwhile: called again and again while another process has no batch ready; does a little of other work, and says whether there was any.
    """
    if reader is None and not reading_process.worth_a_process(paths):
        return _read(paths, options, batch, first=batch)
    return _from_process([path for path in paths if isinstance(path, str)], options, batch, gentle, reader, meanwhile)


def _read(paths: Sequence[Given], options: Options, batch: int, *, first: int) -> Generator[Batch | Left]:
    for piece in _read_bare(paths, options, batch, first=first):
        _pack(piece)
        yield piece


def _pack(piece: Batch | Left) -> None:
    if isinstance(piece, Batch):
        item_rows.pack_payloads(piece.items)


def _read_bare(paths: Sequence[Given], options: Options, batch: int, *, first: int) -> Generator[Batch | Left]:
    """The pieces before the payloads of their items are packed."""
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
        prepared = item_rows.prepare_bare(record)
    except UnicodeEncodeError:
        reason = "The text holds half of a character pair (a lone surrogate)."
        piece.rejects.append(Reject(record.index, record.line, reason, record.original[:65_536]))
        return len(record.original)
    piece.items.append(prepared)
    return len(prepared.payload) + len(prepared.original)


def _from_process(
    paths: Sequence[str], options: Options, batch: int, gentle: bool, ahead: Reader | None, meanwhile: Callable[[], bool]
) -> Generator[Batch | Left]:
    with reading_process.started(gentle=gentle) if ahead is None else nullcontext(ahead) as reader:
        answered = False
        try:
            reader.order(paths, options, batch)
            yield from _received(reader, meanwhile)
            answered = True
        finally:
            if not answered:
                reader.hang_up()  # in the middle of an answer it can take no other order


def _received(reader: Reader, meanwhile: Callable[[], bool]) -> Iterator[Batch | Left]:
    items: list[Prepared] = []
    while True:
        try:
            piece = _said(reader, meanwhile, begun=bool(items))
        except EOFError as error:
            raise reading_process.ended() from error
        if isinstance(piece, End):
            return
        if isinstance(piece, Batch):
            items += piece.items
            if piece.more:
                continue
            piece, items = msgspec.structs.replace(piece, items=items), []
        yield piece


def _said(reader: Reader, meanwhile: Callable[[], bool], *, begun: bool) -> Batch | Left | End:
    """What the process says next. begun: in the middle of a batch, whose rest is on its way: nothing else is done before it is here."""
    while not begun:
        said: Batch | Left | End | None = reader.hear(0)
        if said is not None:
            return said
        if not meanwhile():
            break
    waited: Batch | Left | End = reader.hear()
    return waited


def answer(line: Line, paths: Sequence[str], options: Options, batch: int) -> None:
    """In a reading process: send pieces until all is read. Raises BrokenPipeError once nobody listens, and what the formats raise."""
    with ThreadPoolExecutor(1) as sender:  # while pieces are packed and wait to be taken, the next is read
        sent: deque[Future[None]] = deque()
        for piece in _read_bare(paths, options, batch, first=_FIRST):
            sent.append(sender.submit(_send, line, piece))
            if len(sent) > _WAITING:
                sent.popleft().result()
        for one in sent:
            one.result()
    line.say(End())


def _send(line: Line, piece: Batch | Left) -> None:
    _pack(piece)
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
