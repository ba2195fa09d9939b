"""What is packed comes back whole, or not at all."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import items
from reviewer.domain.errors import Damaged
from reviewer.storage import payloads
from tests import worlds


@given(st.binary(max_size=2_000))
def test_bytes_come_back(content: bytes) -> None:
    assert payloads.unpack(payloads.pack(content)) == content


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=20))
def test_many_are_packed_as_each_would_be(contents: list[bytes]) -> None:
    assert payloads.pack_many(contents) == [payloads.pack(content) for content in contents]


@given(st.binary(max_size=500), st.binary(max_size=500))
def test_an_original_comes_back_from_its_canonical_form(original: bytes, canonical: bytes) -> None:
    assert payloads.unpack_original(payloads.pack_original(original, canonical), canonical) == original


def test_an_original_that_says_almost_the_same_takes_little_room() -> None:
    canonical = items.encode(worlds.run_of(1, words=400))
    assert len(payloads.pack_original(canonical + b"\n", canonical)) < len(canonical) / 20


def test_an_original_packed_by_a_table_of_its_canonical_form_is_read_as_before() -> None:
    canonical = items.encode(worlds.run_of(1, words=400))
    beside = zstandard.ZstdCompressionDict(canonical, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    packed = zstandard.ZstdCompressor(level=1, dict_data=beside).compress(canonical + b"\n")
    assert payloads.unpack_original(packed, canonical) == canonical + b"\n"


@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_000])
def test_originals_of_any_size_come_back_one_after_another_and_from_threads(size: int) -> None:
    chance = random.Random(size)
    pairs = [(chance.randbytes(size), chance.randbytes(size)) for _ in range(4)]
    pairs += [(canonical[: size // 2] + original, canonical) for original, canonical in pairs]
    with ThreadPoolExecutor(4) as threads:
        packed = list(threads.map(lambda pair: payloads.pack_original(*pair), pairs * 2))
    for one, (original, canonical) in zip(packed, pairs * 2, strict=True):
        assert payloads.unpack_original(one, canonical) == original


def test_any_flipped_bit_is_damage_or_harmless() -> None:
    content = items.encode(worlds.run_of(1))
    packed = payloads.pack(content)
    chance = random.Random(1)
    for _ in range(500):
        changed = bytearray(packed)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        try:
            assert payloads.unpack(bytes(changed)) == content
        except Damaged:
            continue


@pytest.mark.parametrize("packed", [b"", b"x", b"\x28\xb5\x2f\xfd", zstandard.ZstdCompressor().compress(b"y" * 100)[:-3]])
def test_other_bytes_are_damaged(packed: bytes) -> None:
    with pytest.raises(Damaged):
        payloads.unpack(packed)


def test_a_record_that_claims_to_be_huge_is_not_unpacked() -> None:
    frame = zstandard.ZstdCompressor().compress(bytes(1_000))
    size = payloads.MAX_UNPACKED + 1
    # A frame header with an 8-byte content size, then the frame's own blocks.
    lying = frame[:4] + bytes([0xE0]) + size.to_bytes(8, "little") + frame[7:]
    with pytest.raises(Damaged, match="256 MiB"):
        payloads.unpack(lying)
