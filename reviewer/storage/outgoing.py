"""Files and folders that leave a workspace: written beside their place, made durable, then renamed; whole or not at all."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reviewer.domain.errors import NotFound, NotSaved, Refused, about, shown
from reviewer.storage.folders import sync_folder

_GONE = frozenset({errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE})


def require_folder(target: Path) -> None:
    """Raise NotFound where the folder that a file is to lie in is not there."""
    if not target.parent.is_dir():
        raise NotFound(f"There is no folder {shown(str(target.parent), 200)}.", "Make it first, or name another place.")


@contextmanager
def partial_file(target: Path) -> Iterator[Path]:
    """A path beside the target to write to; what is still there at the end is removed. Raises NotSaved for what the disk refuses."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    with saying_why(target):
        if target.is_dir():
            raise Refused(f"{shown(str(target), 200)} is a folder.", "Name a file to write.")
        try:
            yield partial
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def partial_folder(target: Path) -> Iterator[Path]:
    """A fresh folder beside the target to fill; removed at the end unless it was put in place.

    Raises Refused where something lies at the target already, NotSaved for what the disk refuses.
    """
    with about("out"), saying_why(target):
        str(target).encode()  # asked first: a release remembers where it lies
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise Refused(f"{shown(str(target), 200)} is there already and not empty.", "Name a folder that does not exist yet.")
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}.part")
        partial.mkdir()
    with saying_why(target):
        try:
            yield partial
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def durable(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes are on the disk when the `with` block ends."""
    with path.open("wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def put_in_place(partial: Path, target: Path) -> None:
    """Give what was written its name, for good."""
    if partial.is_dir():
        for folder, _, _ in os.walk(partial):
            sync_folder(Path(folder))
        if target.is_dir():
            target.rmdir()  # empty: `partial_folder` looked
    os.replace(partial, target)
    sync_folder(target.parent)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file as it lies on the disk, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def saying_why(target: Path) -> Iterator[None]:
    """Turn what the system says of a place into two sentences."""
    place = shown(str(target), 200)
    try:
        yield
    except UnicodeEncodeError as error:  # the libraries that write tables, and the database that keeps the place, know Unicode only
        raise NotSaved(f"{place} cannot be written: its name is no valid text.", "Choose another name.", "E103") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NotSaved(f"{place} was not written: the disk is full.", "Free space, then run it again.") from error
        if error.errno in _GONE:
            raise NotSaved(
                f"{place} was not finished; no valid file is left behind.", "Check the disk or stick, then run it again.", "E212"
            ) from error
        raise NotSaved(
            f"{place} cannot be written: {error.strerror or 'the disk refused'}.", "Choose a place that you may write to.", "E103"
        ) from error
