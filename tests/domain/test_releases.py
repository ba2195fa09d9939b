"""Splits, sets of labels, and what is signed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import releases
from reviewer.domain.chain import EntryHash
from reviewer.domain.digests import Digests
from reviewer.domain.errors import Refused
from reviewer.domain.releases import Answer, Answers, Split

_ids = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Split("1", "0", "0")),
        ("1,0,0", Split("1", "0", "0")),
        ("0.90, .05,0.050", Split("0.9", "0.05", "0.05")),
        ("0,1", Split("0", "1")),
    ],
)
def test_shares_are_read_exactly(text: str, expected: Split) -> None:
    assert releases.split(text) == expected


@pytest.mark.parametrize("text", ["", "0.9", "0.9,0.2", "1,0,0,0", "a", "0.5,0.5,", "-0.5,1.5", "1e0", "nan", "0.3333333333,0.6666666667"])
def test_other_shares_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        releases.split(text)


@given(_ids)
def test_an_item_stays_in_its_part_whatever_else_is_released(item: str) -> None:
    assert releases.part_of(item, Split()) == "train"
    assert releases.part_of(item, Split("0", "0", "1")) == "test"
    narrow, wide = (releases.part_of(item, Split(*shares)) for shares in (("0.8", "0.1", "0.1"), ("0.9", "0.05", "0.05")))
    assert not (narrow == "train" and wide != "train")


def test_parts_hold_about_their_shares() -> None:
    parts = [releases.part_of(hashlib.sha256(str(n).encode()).hexdigest(), Split("0.6", "0.3", "0.1")) for n in range(4_000)]
    assert abs(parts.count("train") / 4_000 - 0.6) < 0.03
    assert abs(parts.count("validation") / 4_000 - 0.3) < 0.03


def test_a_set_of_labels_has_no_order_and_no_repeats() -> None:
    names = [EntryHash(f"{n:064x}") for n in (3, 1, 2)]
    whole = releases.label_set(Digests(names))
    assert whole == releases.label_set(Digests([*reversed(names), names[0]]))
    assert (whole.n, whole.sha256) == (3, hashlib.sha256(b"".join(bytes.fromhex(f"{n:064x}") for n in (1, 2, 3))).hexdigest())


def test_what_is_signed_carries_its_tag() -> None:
    assert releases.signed_bytes(b"{}") == b"review/manifest/v1\n{}"


def test_packed_answers_come_back_as_they_went_in_as_often_as_they_are_asked() -> None:
    one, other = (EntryHash(letter * 64) for letter in "ab")
    told = [
        Answer(bytes([1]) * 32, "compliant", (one,)),
        Answer(bytes([2]) * 31 + b"\0", "non_compliant", (one, other)),
        Answer(bytes([3]) * 32, "compliant", (one, other)),
        Answer(bytes([4]) * 32, "compliant", (one,)),
    ]
    packed = Answers(told)
    assert (len(packed), list(packed), list(packed)) == (4, told, told)
    assert not Answers()
