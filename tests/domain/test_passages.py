"""Marked words as they are typed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import passages
from reviewer.domain.errors import Refused
from reviewer.domain.passages import Passage


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3:0:12", Passage("3", 0, 12)),
        ("3@1:0:12", Passage("3", 0, 12, part=1)),
        ("4.1#/reason:0:9", Passage("4.1", 0, 9, pointer="/reason")),
        ("4.1#/a/b~1c/0:0:9", Passage("4.1", 0, 9, pointer="/a/b~1c/0")),
        ("B/2:5:6", Passage("B/2", 5, 6)),
        ("3:0:12:refunds:4.2", Passage("3", 0, 12, clause="refunds:4.2")),
    ],
)
def test_a_passage_is_read(text: str, expected: Passage) -> None:
    assert passages.parse(text) == expected


@given(st.text(max_size=30))
def test_anything_else_is_refused_in_words(text: str) -> None:
    with contextlib.suppress(Refused):
        assert text.startswith(passages.parse(text).step)


@pytest.mark.parametrize("text", ["", "3", "3:1", "3:a:b", "3:-1:2", "3@x:0:1", "3#reason:0:1", "3:0:1:", "٣:0:1"])
def test_what_names_no_words_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        passages.parse(text)
