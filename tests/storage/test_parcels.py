"""Records of a bundle: there and back, and refused before memory is taken for what is too large."""

import struct
import tracemalloc
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import items
from reviewer.storage import parcels
from reviewer.storage.bundles import MIB, TooLarge
from reviewer.storage.parcels import BLOB, ENTRY, ITEM, RECEIPT, BlobRecord, EntryRecord, ParcelRecord, ReceiptRecord, Record
from tests.storage import sealed

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBER = st.integers(0, 2**53 - 1)


def named(canonical: bytes, original: bytes | None, texts: tuple[str, str, str, str], position: int, line: int | None) -> ParcelRecord:
    return ParcelRecord(bytes.fromhex(items.item_id(canonical)), canonical, original, *texts, position, line)


PARCELS = st.builds(
    named, st.binary(), st.none() | st.binary(max_size=5_000), st.tuples(TEXT, TEXT, TEXT, TEXT), NUMBER, st.none() | NUMBER
)
RECORDS = st.one_of(
    PARCELS,
    st.builds(BlobRecord, st.binary(max_size=100_000)),
    st.builds(ReceiptRecord, st.binary()),
    st.builds(EntryRecord, st.binary(min_size=1), st.binary(min_size=64, max_size=64)),
)


@given(RECORDS)
def test_a_record_comes_back_as_it_went(record: Record) -> None:
    assert parcels.unpack(*parcels.pack(record)) == record


@given(PARCELS, st.data())
def test_a_parcel_has_one_spelling(parcel: ParcelRecord, data: st.DataObject) -> None:
    content = bytearray(_inside(parcel))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    try:
        other = parcels.unpack(ITEM, _packed(bytes(content)))
    except ValueError:
        return
    assert isinstance(other, ParcelRecord)
    assert _inside(other) == bytes(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c[:-1],
        lambda c: c + b"x",
        lambda c: bytes(32) + c[32:],
        lambda c: c[:32] + b"\x04" + c[33:],
        lambda c: c[:40],
        lambda c: c[:49] + b"\xff\xff\xff\xff" + c[53:],
        lambda _c: b"",
    ],
)
def test_bytes_that_are_no_parcel_are_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError):
        parcels.unpack(ITEM, _packed(change(_inside(sealed.parcel(1)))))


@pytest.mark.parametrize("content", [bytes(MIB), b"ab" * MIB, b"", bytes(200_000_000)])
def test_what_packs_too_well_is_still_let_in(content: bytes) -> None:
    kind, packed = parcels.pack(BlobRecord(content))
    assert len(content) <= parcels.MAX_RATIO * len(packed)
    assert parcels.unpack(kind, packed) == BlobRecord(content)


def wide(content: bytes) -> bytes:
    """A good frame whose reader would have to keep 128 MiB."""
    packer = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=27)).compressobj()
    return packer.compress(content) + packer.flush()


def peak_of(kind: int, packed: bytes) -> int:
    tracemalloc.start()
    try:
        with pytest.raises((ValueError, TooLarge)):
            parcels.unpack(kind, packed)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


WIDE = wide(bytes(range(250)) * 4)
BOMB = zstandard.compress(bytes(200_000_000))  # 200 MB of nothing, in some kB


@pytest.mark.parametrize(
    ("declared", "frame"),
    [
        (200_000_000, BOMB),  # over the ratio
        (2**63, BOMB),  # over the limit
        (parcels.MAX_UNPACKED_BYTES + 1, bytes(2 * MIB)),
        (1_000, BOMB),  # more comes out than was declared
        (100_000_000, zstandard.compress(b"little") + b"\x50\x2a\x4d\x18" + struct.pack("<I", MIB) + bytes(MIB)),  # and less
        (1_000, WIDE),  # a window of 128 MiB
        (1_000, bytes(1_000)),  # not zstd
    ],
)
def test_a_size_that_lies_takes_no_memory(declared: int, frame: bytes) -> None:
    packed = struct.pack(">Q", declared) + frame

    def refused() -> None:
        assert peak_of(BLOB, packed) < 4 * MIB

    assert sealed.taken_by(refused) < 16 * MIB


def test_a_bomb_that_is_let_in_would_be_seen() -> None:
    """The control: the same measures on 200 MB that may come."""
    kind, packed = parcels.pack(BlobRecord(bytes(200_000_000)))

    def let_in() -> None:
        tracemalloc.start()
        parcels.unpack(kind, packed)
        assert tracemalloc.get_traced_memory()[1] >= 200_000_000
        tracemalloc.stop()

    taken = sealed.taken_by(let_in)
    assert taken == 0 or taken > 180_000_000


@pytest.mark.parametrize(
    ("kind", "most", "words"),
    [
        (ENTRY, 64 + 65_536, "an entry of 65,601 bytes, limit 65,600"),
        (ITEM, 8 + 64 * MIB, "an item of 67,108,873 bytes, limit 67,108,872"),
        (BLOB, 8 + 64 * MIB, "a blob of 67,108,873 bytes, limit 67,108,872"),
        (RECEIPT, 65_536, "a receipt of 65,537 bytes, limit 65,536"),
    ],
)
def test_each_type_has_its_limit(kind: int, most: int, words: str) -> None:
    parcels.check_size(kind, most)
    with pytest.raises(TooLarge, match=words) as refusal:
        parcels.check_size(kind, most + 1)
    assert refusal.value.code == "E207"


def test_the_frame_with_the_wide_window_is_good_but_for_that() -> None:
    assert zstandard.ZstdDecompressor(max_window_size=2**27).decompress(WIDE, max_output_size=1_000) == bytes(range(250)) * 4


def test_a_writer_is_held_to_the_same_limits() -> None:
    with pytest.raises(TooLarge, match="an entry"):
        parcels.pack(EntryRecord(bytes(65_537), bytes(64)))
    with pytest.raises(TooLarge, match="a blob unpacked"):
        parcels.pack(BlobRecord(bytes(parcels.MAX_UNPACKED_BYTES + 1)))


def _inside(parcel: ParcelRecord) -> bytes:
    return zstandard.decompress(parcels.pack(parcel)[1][8:])


def _packed(content: bytes) -> bytes:
    return struct.pack(">Q", len(content)) + zstandard.compress(content)
