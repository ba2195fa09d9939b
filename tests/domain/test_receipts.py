"""A receipt's bytes."""

import pytest

from reviewer.domain.chain import DeviceId, EntryHash, StreamId
from reviewer.domain.receipts import PACKED_BYTES, Receipt, pack, unpack

ONE = Receipt(DeviceId("d1" * 32), StreamId("5e" * 16), 7, EntryHash("ab" * 32), "2026-05-01T10:00:00.000Z", bytes(range(64)))


def test_a_receipt_comes_back_from_its_packed_bytes() -> None:
    assert len(pack(ONE)) == PACKED_BYTES
    assert unpack(pack(ONE)) == ONE


def test_what_is_signed_is_the_tag_the_project_and_the_place_in_this_order() -> None:
    project = EntryHash("cd" * 32)
    expected = b"review/receipt/v1\n" + b"\xcd" * 32 + b"\x5e" * 16 + b"\0\0\0\0\0\0\0\x07" + b"\xab" * 32 + b"2026-05-01T10:00:00.000Z"
    assert ONE.signed_bytes(project) == expected


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        pack(ONE)[:-1],
        pack(ONE) + b"\0",
        pack(ONE._replace(seq=0)),
        pack(ONE._replace(seq=2**53)),
        pack(ONE._replace(time="2026-05-01 10:00:00.000Z")),
        pack(ONE)[:88] + b"\xff" * 24 + pack(ONE)[112:],
    ],
)
def test_other_bytes_are_no_receipt(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"receipt|ascii"):
        unpack(packed)
