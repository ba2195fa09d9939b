"""Taking away what lay in clear. A disk that moves its blocks about, as flash does, may keep old ones; the file system may too."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewer.storage.folders import sync_folder, write_durably

_AT_ONCE = 1 << 20


def overwrite(path: Path) -> None:
    """Write over a file's bytes where they lie, then remove it; nothing where there is none."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return
    try:
        _write_over(descriptor)
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def put_over(path: Path, content: bytes, *, mode: int) -> None:
    """Put a whole file in the place of another, then write over the bytes of the other. At no point is there none."""
    with replaced(path):
        write_durably(path, content, mode=mode)


@contextmanager
def replaced(path: Path) -> Iterator[None]:
    """Another file takes the place of this one in the `with` block; then the bytes of the one that was there are written over."""
    if os.name == "nt" or not path.is_file():  # Windows replaces no file that is open
        yield
        return
    descriptor = os.open(path, os.O_RDWR)
    try:
        yield
        _write_over(descriptor)
    finally:
        os.close(descriptor)


def _write_over(descriptor: int) -> None:
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, os.urandom(min(left, _AT_ONCE)))
    os.fsync(descriptor)
