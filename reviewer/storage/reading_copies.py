"""A workspace whose place cannot be written is read through a copy of its database: SQLite opens none without writing beside it.

What else lies in the folder is read where it is. JOURNAL.md 2.6.
"""

import os
import shutil
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from reviewer.domain.errors import Busy, NotFound, NotSaved, ReviewerError, shown
from reviewer.storage import outgoing
from reviewer.storage.backups import Step
from reviewer.storage.folders import DATABASE
from reviewer.storage.locks import holding

_WAL = f"{DATABASE}-wal"
_WAL_HEADER = 32  # bytes; it names the log: another one begins with other numbers
_PREFIX = "reviewer-reading-"
_NEW_S = 60  # so long one may not be held yet
_AT_ONCE = 8 << 20
_MB = 1_000_000
_TRIES = 5


class ReadingCopy:
    """The database, and what its log holds beside it, in a folder of its own that nobody else may look into."""

    def __init__(self, folder: Path, step: Step) -> None:
        """folder: of the workspace. step: told how far the copying of a large one is.

        Raises NotFound for what cannot be read, NotSaved where there is no room, Busy where somebody else writes all the while.
        """
        with outgoing.saying_why(Path("The copy to be read, in your temporary folder,")), ExitStack() as stack:
            _sweep(Path(tempfile.gettempdir()))
            # Of mode 0700, and gone when Python ends, whoever forgot to close it.
            room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)))
            stack.enter_context(holding(room))
            self.database = room / DATABASE
            _copy_at_rest(folder, self.database, step)
            self._stack = stack.pop_all()

    def remove(self) -> None:
        """Take it away."""
        self._stack.close()


def notice() -> ReviewerError:
    """What whoever opened the workspace is told."""
    return ReviewerError(
        "This place cannot be written. Opened for reading only.", "To work in it, copy the folder to a place that you may write to.", "E103"
    )


def refusal() -> NotSaved:
    """What whoever writes is told."""
    hint = "It is opened for reading only; copy the folder to a place that you may write to."
    return NotSaved("This place cannot be written.", hint, "E103")


def _sweep(place: Path) -> None:
    """Take away what a process left that was killed: nobody holds it any more."""
    for left in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it is somebody else's, or went meanwhile
            if time.time() - left.stat().st_mtime > _NEW_S:
                with holding(left) as held:
                    if held:
                        shutil.rmtree(left)


def _copy_at_rest(folder: Path, target: Path, step: Step) -> None:
    """Copy the database, then its log. Somebody else may write there all the same.

    A log that goes on meanwhile does no harm: it has all that the copy of the database lacks, unless another one was begun.
    """
    for _ in range(_TRIES):
        before = _state(folder)
        for name in (DATABASE, _WAL):
            _copy(folder / name, target.with_name(name), step)
        if _state(folder) == before:
            return
    raise Busy("Somebody else is writing to this workspace.", "Wait until the other command is done, then try again.")


def _state(folder: Path) -> tuple[int, int, int, bytes]:
    """Of a database: which file it is, its size, when it was written last; and the name of its log."""
    stat = (folder / DATABASE).stat()
    log = _opened(folder / _WAL)
    if log is None:
        return stat.st_ino, stat.st_size, stat.st_mtime_ns, b""
    with log:
        return stat.st_ino, stat.st_size, stat.st_mtime_ns, log.read(_WAL_HEADER)


def _opened(path: Path) -> IO[bytes] | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotFound(f"{shown(str(path), 200)} cannot be read: {error.strerror}.", "Check whom the file belongs to.") from error


def _copy(source: Path, target: Path, step: Step) -> None:
    reading = _opened(source)
    if reading is None:
        target.unlink(missing_ok=True)  # of a try before: the log may be gone by now
        return
    with reading, target.open("wb") as writing:
        total, done = os.fstat(reading.fileno()).st_size, 0
        while piece := reading.read(_AT_ONCE):
            writing.write(piece)
            done += len(piece)
            if total > _AT_ONCE:
                step(done // _MB, total // _MB, "MB copied, to be read and not written")
