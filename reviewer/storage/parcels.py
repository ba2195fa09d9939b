"""The records of a bundle: entries, items, blobs, receipts; their bytes, and the limits that hold before anything is unpacked.

An entry is its 64-byte signature and its body. Items and blobs are a u64 with the unpacked size and zstd; an item's inside is
id (32) | u8 flags (1: original, 2: line) | u64 position | u64 line | file | format | format version | metadata | canonical | original,
the last six each behind a u32 length. What is not there is 0 or empty.
"""

import hashlib
import io
import struct
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import zstandard

from reviewer.domain import items
from reviewer.domain.canonical import MAX_INTEGER, sha256_hex
from reviewer.domain.chain import MAX_BODY_BYTES
from reviewer.domain.items import ItemId
from reviewer.storage.bundles import MIB, SIGNATURE_BYTES, Counts, TooLarge, too_large

ENTRY, ITEM, BLOB, RECEIPT = 1, 2, 3, 4
NAMES = {ENTRY: "an entry", ITEM: "an item", BLOB: "a blob", RECEIPT: "a receipt"}
FIELDS = {"entries": ENTRY, "items": ITEM, "blobs": BLOB, "receipts": RECEIPT}
MAX_STORED_BYTES = 64 * MIB  # of an item or blob, packed
MAX_UNPACKED_BYTES = 256 * MIB
MAX_RATIO = 200
MAX_RECEIPT_BYTES = 64 * 1024
_MAX_WINDOW_BYTES = 8 * MIB  # what our level asks for is 512 KiB; a frame that claims more would make the unpacker allocate it
_LEVEL = 1
_STEP_BYTES = MIB
_SIZE = struct.Struct(">Q")
_FIXED = struct.Struct(">32sBQQ")
_LENGTH = struct.Struct(">I")
_SKIPPED = struct.Struct("<II")  # zstd's head of a frame that unpacks to nothing: its magic number, its length
_SKIPPED_MAGIC = 0x184D2A50

_LIMITS = {
    ENTRY: SIGNATURE_BYTES + MAX_BODY_BYTES,
    ITEM: _SIZE.size + MAX_STORED_BYTES,
    BLOB: _SIZE.size + MAX_STORED_BYTES,
    RECEIPT: MAX_RECEIPT_BYTES,
}


class EntryRecord(NamedTuple):
    """An entry's own bytes and signature; nothing of it was checked but its size."""

    raw: bytes
    signature: bytes


class ParcelRecord(NamedTuple):
    """An item with what is kept beside it.

    id: 32 bytes, and the hash of `canonical`; whether that is an item is for the reader to see. original: the source's own bytes, which the
    import entry names by hash; not checked. metadata: JSON text, not checked. position, line: as in records.Record.
    """

    id: bytes
    canonical: bytes
    original: bytes | None
    metadata: str
    file: str
    format: str
    format_version: str
    position: int
    line: int | None

    @property
    def item(self) -> ItemId:
        """The id as text."""
        return ItemId(self.id.hex())


class BlobRecord(NamedTuple):
    """Bytes that something names by hash: a list, a note, a picture."""

    content: bytes

    @property
    def name(self) -> str:
        """SHA-256, hex, from the bytes themselves."""
        return sha256_hex(self.content)


class ReceiptRecord(NamedTuple):
    """A receipt's bytes; nothing of it was checked but its size."""

    content: bytes


Record: TypeAlias = EntryRecord | ParcelRecord | BlobRecord | ReceiptRecord


def pack(record: Record) -> tuple[int, bytes]:
    """The type and the bytes of a record. Raises TooLarge for what a reader would refuse."""
    match record:
        case EntryRecord(raw, signature):
            kind, packed = ENTRY, signature + raw
        case ParcelRecord():
            kind, packed = ITEM, _packed(_composed(record), ITEM)
        case BlobRecord(content):
            kind, packed = BLOB, _packed(content, BLOB)
        case ReceiptRecord(content):
            kind, packed = RECEIPT, content
    check_size(kind, len(packed))
    return kind, packed


def check_size(kind: int, length: int) -> None:
    """Raises ValueError for a type that there is not, TooLarge for more bytes than one of that type may have."""
    if kind not in _LIMITS:
        raise ValueError(f"a record of type {kind}")
    if length > _LIMITS[kind]:
        raise too_large(NAMES[kind], length, _LIMITS[kind])


def unpack(kind: int, packed: bytes) -> Record:
    """The record of its type and bytes, which `check_size` let pass. Raises ValueError for bytes that are none, TooLarge for a bomb."""
    if kind == ENTRY:
        if len(packed) <= SIGNATURE_BYTES:
            raise ValueError("an entry without a body")
        return EntryRecord(packed[SIGNATURE_BYTES:], packed[:SIGNATURE_BYTES])
    if kind == RECEIPT:
        return ReceiptRecord(packed)
    content = _unpacked(packed, kind)
    return BlobRecord(content) if kind == BLOB else _parsed(content)


def record_hash(kind: int, packed: bytes) -> bytes:
    """What the manifest's list is made of."""
    digest = hashlib.sha256(bytes([kind]))
    digest.update(packed)
    return digest.digest()


def counted(counts: Mapping[int, int]) -> Counts:
    """The manifest's counts of so many records by type."""
    return Counts(**{field: counts[kind] for field, kind in FIELDS.items()})


def _packed(content: bytes, kind: int) -> bytes:
    """zstd behind the unpacked size. What packs too well to be let in again is padded with a frame of nothing."""
    if len(content) > MAX_UNPACKED_BYTES:
        raise too_large(f"{NAMES[kind]} unpacked", len(content), MAX_UNPACKED_BYTES)
    frame = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(content)
    least = -(-len(content) // MAX_RATIO)
    if len(frame) < least:
        padding = max(0, least - len(frame) - _SKIPPED.size)
        frame += _SKIPPED.pack(_SKIPPED_MAGIC, padding) + bytes(padding)
    return _SIZE.pack(len(content)) + frame


def _unpacked(packed: bytes, kind: int) -> bytes:
    """The content; its memory grows with what really comes out, never past what was declared."""
    if len(packed) <= _SIZE.size:
        raise ValueError("a packed record without content")
    declared, stored = _SIZE.unpack_from(packed)[0], len(packed) - _SIZE.size
    if declared > MAX_UNPACKED_BYTES:
        raise too_large(f"{NAMES[kind]} unpacked", declared, MAX_UNPACKED_BYTES)
    if declared > MAX_RATIO * stored:
        raise TooLarge(
            f"Refused: {NAMES[kind]} that unpacks to {declared // stored:,} times its stored size, limit {MAX_RATIO}.",
            "Ask its sender what it is; nothing was imported.",
        )
    content = io.BytesIO()
    unpacker = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
    try:
        with unpacker.stream_reader(memoryview(packed)[_SIZE.size :], read_across_frames=True) as stream:
            while piece := stream.read(min(_STEP_BYTES, declared + 1 - content.tell())):
                content.write(piece)
                if content.tell() > declared:
                    raise ValueError("more than the declared size")
    except zstandard.ZstdError as error:
        raise ValueError("not zstd") from error
    if content.tell() != declared:
        raise ValueError("less than the declared size")
    return content.getvalue()


def _composed(parcel: ParcelRecord) -> bytes:
    flags = (parcel.original is not None) | (parcel.line is not None) << 1
    texts = (parcel.file, parcel.format, parcel.format_version, parcel.metadata)
    pieces = [*(text.encode() for text in texts), parcel.canonical, parcel.original or b""]
    fixed = _FIXED.pack(parcel.id, flags, parcel.position, parcel.line or 0)
    return fixed + b"".join(_LENGTH.pack(len(piece)) + piece for piece in pieces)


def _parsed(content: bytes) -> ParcelRecord:
    """A parcel of its unpacked bytes. Raises ValueError for bytes that `_composed` would not have made, or another item's id."""
    if len(content) < _FIXED.size:
        raise ValueError("an item cut short")
    name, flags, position, line = _FIXED.unpack_from(content)
    pieces, at = [], _FIXED.size
    for _ in range(6):
        end = at + _LENGTH.size
        if end > len(content):
            raise ValueError("an item cut short")
        at = end + _LENGTH.unpack_from(content, at)[0]
        pieces.append(content[end:at])
    if at != len(content) or flags > 3 or position > MAX_INTEGER or line > MAX_INTEGER:
        raise ValueError("an item with fields that none may have")
    *texts, canonical, original = pieces
    if (original and not flags & 1) or (line and not flags & 2):
        raise ValueError("an item with what it says is not there")
    if items.item_id(canonical) != name.hex():
        raise ValueError("an item under another's id")
    file, form, version, metadata = (text.decode() for text in texts)
    return ParcelRecord(
        name, canonical, original if flags & 1 else None, metadata, file, form, version, position, line if flags & 2 else None
    )
