"""A process that reads records, started ahead: it loads what it needs, and reads the first, while whoever starts it still gets ready.

Loads little itself, so that a command can start it first. What it then does is in `reading`.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from reviewer.domain.errors import ReviewerError
from reviewer.formats.format import Options
from reviewer.formats.sources import STANDARD_INPUT, Given
from reviewer.operations.processes import Helper, Line, helper

_WORTH_A_PROCESS = 8 * 1024 * 1024  # bytes on disk; starting a process takes as long as reading a few MB
BATCH = 1_000  # records of a piece where nobody waits for the writer


def worth_a_process(paths: Sequence[Given]) -> bool:
    """Whether there is so much to read that another process should; what only this one can read stays here."""
    on_disk = [path for path in paths if isinstance(path, str) and path != STANDARD_INPUT]
    return len(on_disk) == len(paths) and _size(on_disk) >= _WORTH_A_PROCESS


class _Order(msgspec.Struct, array_like=True):
    """What is to be read."""

    paths: list[str]
    options: Options
    batch: int


class Reader:
    """A reading process: it answers one order after another with pieces. It can begin before anybody takes the first of them in."""

    def __init__(self, process: Helper) -> None:
        self._process = process
        self._begun: _Order | None = None

    def begin(self, paths: Sequence[str], options: Options, batch: int) -> None:
        """Have it read these paths, a few pieces ahead; they are what is to be ordered first. Raises what `ended` gives."""
        self._begun = _Order(list(paths), options, batch)
        self._send(self._begun)

    def order(self, paths: Sequence[str], options: Options, batch: int) -> None:
        """Ask for the records of these paths. Nothing else is asked before all came. Raises what `ended` gives.

        Raises ValueError where it was begun on something else, whose pieces would come.
        """
        asked = _Order(list(paths), options, batch)
        begun, self._begun = self._begun, None
        if begun is None:
            self._send(asked)
        elif begun != asked:
            raise ValueError("the reading process was begun on other records")

    def _send(self, order: _Order) -> None:
        try:
            self._process.answer(msgspec.msgpack.encode(order))
        except EOFError as error:
            raise ended() from error

    def hear(self, wait_s: float | None = None) -> Any:
        """As `Helper.hear`."""
        return self._process.hear(wait_s)

    def hang_up(self) -> None:
        """As `Helper.hang_up`."""
        self._process.hang_up()


@contextmanager
def ahead(paths: Sequence[Given], options: Options, batch: int = BATCH) -> Iterator[Reader | None]:
    """The process that will read these paths, for the `with` block, and that has begun to; None where there is too little to read.

    Raises what `ended` gives.
    """
    if worth_a_process(paths):
        with started() as reader:
            reader.begin([path for path in paths if isinstance(path, str)], options, batch)
            yield reader
    else:
        yield None


@contextmanager
def started(*, gentle: bool = False) -> Iterator[Reader]:
    """For the `with` block: a process that waits for an order, answers it with pieces, and waits for the next.

    gentle: it lets others have the processor first.
    """
    with helper(_serve, says=_pieces, gentle=gentle) as process:
        yield Reader(process)


def ended() -> ReviewerError:
    """The error of a process that is gone before all came."""
    return ReviewerError("The reading process ended before its work did.", "Import again; what was read is kept.", "E301")


def _pieces() -> Any:
    from reviewer.operations import reading

    return reading.Batch | reading.Left | reading.End


def _serve(line: Line) -> None:
    """The process: answers orders until nobody gives any."""
    from reviewer.operations import reading

    orders = msgspec.msgpack.Decoder(_Order)
    while True:
        asked = orders.decode(line.hear())
        reading.answer(line, asked.paths, asked.options, asked.batch)


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
