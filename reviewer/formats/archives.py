"""Looks into gz, zip and zst with limits on ratio, size and number of members. Nothing is written anywhere; names are only shown."""

import gzip
import struct
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple, Protocol

import zstandard

from reviewer.domain.errors import shown
from reviewer.formats.json_walk import ByteStream
from reviewer.formats.strict_json import bad

MAX_UNPACKED_BYTES = 16 << 30
MAX_RATIO = 200
RATIO_FROM_BYTES = 16 << 20  # a small file may well be mostly the same line
MAX_MEMBERS = 100_000
MAX_DIRECTORY_BYTES = 64 << 20
MAX_WINDOW_BYTES = 128 << 20

_DAMAGED = (
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    zstandard.ZstdError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)


class Member(NamedTuple):
    """A file in a zip. `refused` says why it is not looked at."""

    name: str
    size_bytes: int
    refused: str | None = None


class Spent:
    """Unpacked bytes of one stream so far."""

    def __init__(self, packed_bytes: int) -> None:
        self._packed = max(packed_bytes, 1)
        self._done = 0

    def add(self, count: int) -> None:
        """Raises BadRecord once the archive unpacks to more than it may."""
        self._done += count
        if self._done > MAX_UNPACKED_BYTES:
            raise bad(f"Refused: the archive unpacks to more than {MAX_UNPACKED_BYTES >> 30} GB.", "E303")
        if self._done > RATIO_FROM_BYTES and self._done > MAX_RATIO * self._packed:
            raise bad(f"Refused: the archive unpacks to more than {MAX_RATIO} times its size.", "E303")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class Unpacked:
    """A stream of unpacked bytes that keeps to the limits and tells damage from a fault of ours."""

    def __init__(self, inner: _Readable, spent: Spent, *below: ByteStream) -> None:
        self._inner = inner
        self._spent = spent
        self._below = below

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes. Raises BadRecord where the archive is damaged or too large."""
        try:
            data = self._inner.read(size)
        except _DAMAGED as error:
            raise bad("The archive is damaged or was not copied whole.", "E303") from error
        self._spent.add(len(data))
        return data

    def close(self) -> None:
        """Close this and the file below."""
        self._inner.close()
        for stream in self._below:
            stream.close()


def open_gzip(packed: IO[bytes], packed_bytes: int) -> ByteStream:
    """The bytes of a gz file."""
    return Unpacked(gzip.GzipFile(fileobj=packed, mode="rb"), Spent(packed_bytes), packed)


def open_zstd(packed: IO[bytes], packed_bytes: int) -> ByteStream:
    """The bytes of a zst file."""
    reader = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).stream_reader(packed, read_across_frames=True, closefd=False)
    return Unpacked(reader, Spent(packed_bytes), packed)


class Zip:
    """The members of a zip file. `stream` must be seekable; it is closed with this."""

    def __init__(self, stream: IO[bytes], size_bytes: int) -> None:
        """Raises BadRecord for a zip that is damaged or has too many members."""
        # Members are opened long after the archive was looked into, by whoever still holds one; so the last of them closes the file.
        weakref.finalize(self, stream.close)
        try:
            _refuse_a_huge_directory(stream, size_bytes)
            self._zip = zipfile.ZipFile(stream)
            # What a member unpacks to is cut at the size that it declares, so the sum of these bounds the archive, overlaps included.
            Spent(size_bytes).add(sum(info.file_size for info in self._zip.infolist()))
        except (*_DAMAGED, ValueError, UnicodeDecodeError, OSError) as error:
            raise bad("The archive is damaged or was not copied whole.", "E303") from error

    def members(self) -> Iterator[Member]:
        """Every member in order of name; folders are left out."""
        for info in sorted(self._zip.infolist(), key=lambda info: info.filename):
            if not info.is_dir():
                yield Member(info.filename, info.file_size, _why_not(info))

    def names(self) -> frozenset[str]:
        """The names as the archive gives them; never used as paths."""
        return frozenset(self._zip.namelist())

    def open(self, name: str) -> ByteStream:
        """The bytes of a member. Raises BadRecord where it cannot be read."""
        info = self._zip.getinfo(name)
        refused = _why_not(info)
        if refused:
            raise bad(refused, "E303")
        try:
            inner = self._zip.open(info)
        except (*_DAMAGED, OSError, ValueError) as error:
            raise bad("The archive is damaged or was not copied whole.", "E303") from error
        return Unpacked(inner, Spent(info.compress_size))

    def read(self, name: str, limit_bytes: int) -> bytes:
        """A member whole. Raises BadRecord for one longer than the limit."""
        stream = self.open(name)
        try:
            pieces: list[bytes] = []
            size = 0
            while piece := stream.read(1 << 20):
                size += len(piece)
                if size > limit_bytes:
                    raise bad(f"The record is longer than {limit_bytes >> 20} MB.", "E302")
                pieces.append(piece)
            return b"".join(pieces)
        finally:
            stream.close()


def shown_member(archive: str, name: str) -> str:
    """The display name of a member: the archive, then the name with nothing in it that could mislead."""
    return f"{archive} › {shown(name, 200)}"


def _why_not(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 0x1:
        return "The file in the archive is encrypted. Unpack it first."
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return "A link in an archive is not followed. [E303]"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "The file in the archive is packed in a way that is not opened. [E303]"
    if info.file_size > MAX_UNPACKED_BYTES or info.file_size > max(RATIO_FROM_BYTES, MAX_RATIO * max(info.compress_size, 1)):
        return f"The file in the archive would unpack to more than {MAX_RATIO} times its size. [E303]"
    return None


def _refuse_a_huge_directory(stream: IO[bytes], size_bytes: int) -> None:
    """The list of members is read whole by zipfile, so its size is looked at before."""
    length = min(size_bytes, 65_557)
    stream.seek(size_bytes - length)
    tail = stream.read(length)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise bad("The archive is damaged or was not copied whole.", "E303")
    count, directory_bytes = struct.unpack_from("<10xHI", tail, at)
    if directory_bytes == 0xFFFFFFFF or count == 0xFFFF:
        locator = tail.rfind(b"PK\x06\x06")
        if locator < 0:
            raise bad("The archive is damaged or was not copied whole.", "E303")
        count, directory_bytes = struct.unpack_from("<32xQQ", tail, locator)
    if count > MAX_MEMBERS or directory_bytes > MAX_DIRECTORY_BYTES:
        raise bad(f"Refused: the archive has more than {MAX_MEMBERS:,} members.", "E303")
