"""From paths to streams: folders, globs, standard input and archives become sources, one for each file of text or table."""

import glob
import hashlib
import os
import stat
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reviewer.domain.errors import BadRecord, NotFound, shown
from reviewer.formats import archives
from reviewer.formats.file_kinds import LOOKED_AT_BYTES, kind_of
from reviewer.formats.json_walk import ByteStream

STANDARD_INPUT = "-"
_COPY_BYTES = 1 << 20


class Skipped(NamedTuple):
    """A file that is not read, and why, in one sentence."""

    path: str
    reason: str


class OnDisk:
    """A file as it lies on the disk, or standard input, kept in a temporary file so that it can be read twice."""

    def __init__(self, path: str, opener: Callable[[], BinaryIO], size_bytes: int) -> None:
        self.path = path
        self.size_bytes = size_bytes
        self.open = opener
        self._sha256: str | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes on the disk, packed as they are; read when first asked for."""
        if self._sha256 is None:
            digest = hashlib.sha256()
            with self.open() as stream:
                while chunk := stream.read(_COPY_BYTES):
                    digest.update(chunk)
            self._sha256 = digest.hexdigest()
        return self._sha256


class Source(NamedTuple):
    """One thing to read records from.

    path: for the screen. open: its unpacked bytes from the start. disk: the file that it lies in.
    container: `zip` or `parquet` where the format itself needs the whole file; then `open` gives the file as it is.
    """

    path: str
    open: Callable[[], ByteStream]
    disk: OnDisk
    container: str | None = None


Given = str | OnDisk
"""A path, or what was fetched and lies in a temporary file."""


def sources(paths: Sequence[Given]) -> Iterator[Source | Skipped]:
    """Every readable file under the paths, archives opened, in a fixed order. Raises NotFound for a path that is not there."""
    for found in files(paths):
        if isinstance(found, Skipped):
            yield found
            continue
        try:
            yield from _unpack(found)
        except BadRecord as error:
            yield Skipped(found.path, f"{error.what} [{error.code}]")
        except OSError as error:
            yield Skipped(found.path, f"The file cannot be read ({error.strerror}).")


def files(paths: Sequence[Given]) -> Iterator[OnDisk | Skipped]:
    """The files under the paths: folders in order of name, then what globs name. Raises NotFound for a path that is not there."""
    for path in paths:
        if isinstance(path, OnDisk):
            yield path
            continue
        if path == STANDARD_INPUT:
            yield _standard_input()
            continue
        if os.path.lexists(path):
            matches = [path]
        else:
            matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
        if not matches:
            raise NotFound(f"There is no file or folder “{shown(path)}”.", "Check the path, or drag the file onto the window.")
        for match in matches:
            if os.path.isdir(match):
                yield from _folder(match)
            else:
                yield _file(match)


def _folder(folder: str) -> Iterator[OnDisk | Skipped]:
    """Depth first, by name; links that lead out of the folder and hidden folders are named and left."""
    root = Path(folder).resolve()
    waiting = [folder]
    empty = True
    while waiting:
        here = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(shown_path(here), f"The folder cannot be read ({error.strerror}).")
            empty = False
            continue
        folders: list[str] = []
        empty = empty and all(entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".") for entry in entries)
        for entry in entries:
            if entry.is_symlink() and not _within(entry.path, root):
                yield Skipped(shown_path(entry.path), "A link that leads out of the folder is not followed.")
            elif entry.name.startswith("."):
                yield Skipped(shown_path(entry.path), "Hidden files and folders are left alone.")
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif entry.is_symlink() and entry.is_dir():
                yield Skipped(shown_path(entry.path), "A link to a folder is not followed; the folder itself is read.")
            else:
                yield _file(entry.path)
        waiting.extend(reversed(folders))
    if empty:
        yield Skipped(shown_path(folder), "There is no file in it.")


def _within(path: str, root: Path) -> bool:
    try:
        return Path(path).resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _file(path: str) -> OnDisk | Skipped:
    try:
        found = os.stat(path)
    except OSError as error:
        return Skipped(shown_path(path), f"The file cannot be read ({error.strerror}).")
    if not stat.S_ISREG(found.st_mode):
        return Skipped(shown_path(path), "This is no ordinary file.")
    return OnDisk(shown_path(path), lambda: open(path, "rb"), found.st_size)


def shown_path(path: str) -> str:
    """A path fit for the screen and for JSON: whole, without control characters or undecodable bytes."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in path)


def _standard_input() -> OnDisk:
    from reviewer.formats.scratch import Scratch

    kept = Scratch()
    while chunk := sys.stdin.buffer.read(_COPY_BYTES):
        kept.write(chunk)
    disk = OnDisk("standard input", kept.reader, kept.size)
    weakref.finalize(disk, kept.close)
    return disk


def _unpack(disk: OnDisk) -> Iterator[Source | Skipped]:
    with disk.open() as stream:
        kind = kind_of(stream.read(LOOKED_AT_BYTES))
    if kind.reason:
        yield Skipped(disk.path, kind.reason)
    elif kind.container == "gzip" or kind.container == "zstd":
        yield _inner(disk, disk.path, _opener(disk, kind.container))
    elif kind.container == "zip":
        yield from _zip(disk)
    else:
        yield Source(disk.path, disk.open, disk, kind.container)


def _opener(disk: OnDisk, container: str) -> Callable[[], ByteStream]:
    def gzip() -> ByteStream:
        return archives.open_gzip(disk.open(), disk.size_bytes)

    def zstd() -> ByteStream:
        return archives.open_zstd(disk.open(), disk.size_bytes)

    return gzip if container == "gzip" else zstd


def _zip(disk: OnDisk) -> Iterator[Source | Skipped]:
    archive = archives.Zip(disk.open(), disk.size_bytes)
    names = archive.names()
    if all(name.endswith("/") for name in names):
        yield Skipped(disk.path, "There is no file in it.")
    if "header.json" in names or "_journal/start.json" in names:
        yield Source(disk.path, disk.open, disk, "zip")
        return
    for member in archive.members():
        path = archives.shown_member(disk.path, member.name)
        if member.refused:
            yield Skipped(path, member.refused)
            continue
        try:
            yield _inner(disk, path, _member_opener(archive, member.name))
        except BadRecord as error:
            yield Skipped(path, f"{error.what} [{error.code}]")


def _member_opener(archive: archives.Zip, name: str) -> Callable[[], ByteStream]:
    return lambda: archive.open(name)


def _inner(disk: OnDisk, path: str, opener: Callable[[], ByteStream]) -> Source | Skipped:
    """What lies in an archive: text, or a reason to pass it over. Archives in archives are not opened."""
    stream = opener()
    try:
        kind = kind_of(stream.read(LOOKED_AT_BYTES))
    finally:
        stream.close()
    if kind.reason:
        return Skipped(path, kind.reason)
    if kind.container == "parquet":
        return Skipped(path, "A Parquet table in an archive is not opened. Unpack it first.")
    if kind.container:
        return Skipped(path, "An archive in an archive is not opened. [E303]")
    return Source(path, opener, disk)
