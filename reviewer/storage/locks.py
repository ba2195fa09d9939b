"""A hold on a folder among all processes of a machine, which the system lets go of however its holder ends."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def holding(folder: Path) -> Iterator[bool]:
    """Hold a folder that exists for the `with` block. False where somebody else does, in this process or another: nobody is waited for.

    Nothing is left in it. Raises OSError for one that cannot be opened.
    """
    descriptor = _open(folder)
    try:
        yield _take(descriptor)
    finally:
        os.close(descriptor)


def _open(folder: Path) -> int:
    if sys.platform == "win32":  # no folder can be locked there: a file of its name is
        name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:20]
        return os.open(Path(tempfile.gettempdir()) / f"reviewer-{name}.held", os.O_RDWR | os.O_CREAT)
    return os.open(folder, os.O_RDONLY)


def _take(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # as either system says that it is taken
        return False
    return True
