"""A process that reads records, started ahead of its order: it loads what it needs while whoever starts it still gets ready.

Loads little itself, so that a command can start it first. What it then does is in `reading`.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.domain.errors import ReviewerError
from reviewer.formats.sources import STANDARD_INPUT, Given

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from reviewer.formats.format import Options

_WORTH_A_PROCESS = 8 * 1024 * 1024  # bytes on disk; starting a process takes as long as reading a few MB
_PIPE_BYTES = 1024 * 1024
_NICE = 10  # how far a gentle reader stands behind others who want the processor


def worth_a_process(paths: Sequence[Given]) -> bool:
    """Whether there is so much to read that another process should; what only this one can read stays here."""
    on_disk = [path for path in paths if isinstance(path, str) and path != STANDARD_INPUT]
    return len(on_disk) == len(paths) and _size(on_disk) >= _WORTH_A_PROCESS


@contextmanager
def ahead(paths: Sequence[Given]) -> "Iterator[ReadingProcess | None]":
    """The process that will read these paths, for the `with` block; None where there is too little to read."""
    reader = ReadingProcess() if worth_a_process(paths) else None
    try:
        yield reader
    finally:
        if reader is not None:
            reader.close()


class ReadingProcess:
    """A process that waits for an order, answers it with pieces, and waits for the next. Close it to end it, whatever it does."""

    def __init__(self, *, gentle: bool = False) -> None:
        """gentle: it lets others have the processor first."""
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        ordered, self._orders = context.Pipe(duplex=False)
        self.pieces, sending = context.Pipe(duplex=False)
        _widen(sending)
        self._process = context.Process(target=_serve, args=(ordered, sending, gentle), daemon=True)
        self._process.start()
        ordered.close()
        sending.close()

    def order(self, paths: Sequence[str], options: "Options", batch: int) -> None:
        """Ask for the records of these paths; they come through `pieces`. Nothing else is asked before all came."""
        try:
            self._orders.send((list(paths), options, batch))
        except BrokenPipeError as error:
            raise ended() from error

    def close(self) -> None:
        """End it. Closing again does nothing."""
        self._orders.close()
        self.pieces.close()
        self._process.terminate()
        self._process.join()


def ended() -> ReviewerError:
    """The error of a process that is gone before all came."""
    return ReviewerError("The reading process ended before its work did.", "Import again; what was read is kept.", "E301")


def _serve(ordered: "Connection", sending: "Connection", gentle: bool) -> None:
    """The process: answers orders until nobody gives any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; whoever reads us stops, and then ends us
    if gentle and hasattr(os, "nice"):
        os.nice(_NICE)
    from reviewer.operations import reading

    while True:
        try:
            paths, options, batch = ordered.recv()
        except EOFError:
            return
        reading.answer(sending, paths, options, batch, gentle=gentle)


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


def _widen(sending: "Connection") -> None:
    """Let a pipe hold more than the usual 64 kB, so that neither side waits so often. Only Linux can; elsewhere it works as it is."""
    try:
        import fcntl

        fcntl.fcntl(sending.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        return
