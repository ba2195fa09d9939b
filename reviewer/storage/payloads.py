"""How canonical items, originals and metadata are packed: zstd, the original against its canonical form.

The dictionaries are trained on the shipped sample only: one trained on imported text would keep what was erased.
"""

import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

import zstandard

from reviewer.domain.errors import Damaged
from reviewer.storage.assets import resource

_LEVEL = 1  # measured on real runs: level 3 saves 4 % more of the packed size and takes twice the time
_NOTHING = b"{}"
MAX_UNPACKED = 256 * 1024 * 1024
_local = threading.local()


@cache
def _dictionary() -> zstandard.ZstdCompressionDict:
    """The dictionary for items. Frames name it by id, so a later one can stand beside it.

    It is prepared here and never again: doing so anew frees what the compressors of other threads still point to.
    """
    dictionary = zstandard.ZstdCompressionDict(resource("dictionaries", "items-1.zdict").read_bytes())
    dictionary.precompute_compress(level=_LEVEL)
    return dictionary


@cache
def _packed_nothing() -> bytes:
    """Most items have no metadata."""
    return _compressor().compress(_NOTHING)


def _compressor() -> zstandard.ZstdCompressor:
    """The compressor of this thread."""
    compressor: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(), write_checksum=True)
    return compressor


def pack(content: bytes) -> bytes:
    """Compressed bytes of a canonical item or of metadata, with a checksum: no hash of the journal covers metadata."""
    return _packed_nothing() if content == _NOTHING else _compressor().compress(content)


def pack_many(contents: Sequence[bytes]) -> list[bytes]:
    """What `pack` makes of each, in one call, during which other threads have the interpreter."""
    if not contents:
        return []
    frames = _compressor().multi_compress_to_buffer(list(contents), threads=0)
    return [frames[at].tobytes() for at in range(len(frames))]


def unpack(packed: bytes) -> bytes:
    """What `pack` was given. Raises Damaged for anything else, or for more than 256 MiB."""
    decompressor: zstandard.ZstdDecompressor | None = getattr(_local, "decompressor", None)
    if decompressor is None:
        decompressor = _local.decompressor = zstandard.ZstdDecompressor(dict_data=_dictionary())
    return _unpacked(decompressor, packed)


def pack_original(original: bytes, canonical: bytes) -> bytes:
    """The source's own bytes, compressed against the canonical form that says almost the same."""
    prefixed: _Prefixed | None = getattr(_local, "prefixed", None)
    if prefixed is None:
        prefixed = _local.prefixed = _Prefixed()
    return prefixed.compress(original, canonical)


class _Prefixed:
    """zstd with other bytes in front of what is compressed, from one context that is used again and again.

    The classes of `zstandard` take such bytes only when they are made. Making one, and a table of every position of bytes that are used
    once, was measured to take twice as long as compressing; so this calls the library beneath them, by what the package has for that.
    It documents none of it: `pyproject.toml` keeps to one version.
    """

    def __init__(self) -> None:
        from zstandard import backend_cffi  # not on the way to the first paint

        self._lib: Any = backend_cffi.lib  # type: ignore[attr-defined] # what its classes call; it has no types
        self._ffi: Any = backend_cffi.ffi  # type: ignore[attr-defined] # the same
        self._room: Any = backend_cffi.new_nonzero  # room that is not cleared first
        self._context = self._ffi.gc(self._lib.ZSTD_createCCtx(), self._lib.ZSTD_freeCCtx)
        self._good(self._lib.ZSTD_CCtx_setParameter(self._context, self._lib.ZSTD_c_compressionLevel, _LEVEL))

    def compress(self, content: bytes, prefix: bytes) -> bytes:
        """A frame that names its size; it is read with the prefix as a dictionary of raw content."""
        room = self._room("char[]", self._lib.ZSTD_compressBound(len(content)))
        before, these = self._ffi.from_buffer(prefix), self._ffi.from_buffer(content)
        self._good(self._lib.ZSTD_CCtx_refPrefix(self._context, before, len(prefix)))  # holds for one frame
        size = self._good(self._lib.ZSTD_compress2(self._context, room, len(room), these, len(content)))
        packed: bytes = self._ffi.buffer(room, size)[:]
        return packed

    def _good(self, answer: int) -> int:
        if self._lib.ZSTD_isError(answer):
            raise zstandard.ZstdError(self._ffi.string(self._lib.ZSTD_getErrorName(answer)).decode())
        return answer


def unpack_original(packed: bytes, canonical: bytes) -> bytes:
    """What `pack_original` was given, from the same canonical bytes."""
    beside = zstandard.ZstdCompressionDict(canonical, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return _unpacked(zstandard.ZstdDecompressor(dict_data=beside), packed)


def _unpacked(decompressor: zstandard.ZstdDecompressor, packed: bytes) -> bytes:
    try:
        if zstandard.frame_content_size(packed) > MAX_UNPACKED:
            raise Damaged("A stored record claims to be larger than 256 MiB.", "Run `reviewer verify`, or restore the last backup.")
        return decompressor.decompress(packed)
    except zstandard.ZstdError as error:
        raise Damaged("A stored record cannot be unpacked.", "Run `reviewer verify`, or restore the last backup.") from error
