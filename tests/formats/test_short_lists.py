"""Lists that are cut at once: the same elements and lines as a walk from bracket to bracket finds."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.formats import raw_records, short_lists, strict_json
from reviewer.formats.json_walk import CHUNK_BYTES, RawRecord, Walker
from tests.formats.test_strict_json import LAYOUTS, VALUES


def _walked(whole: bytes) -> list[RawRecord]:
    return list(Walker(BytesIO(whole)).elements())


@given(st.lists(VALUES, max_size=4), LAYOUTS, st.sampled_from([b"", strict_json.BOM, b" \r\n\n\t"]), st.sampled_from([b"", b"\n "]))
def test_the_elements_of_a_list_are_those_that_a_walk_finds(values: list[Any], layout: dict[str, Any], before: bytes, after: bytes) -> None:
    whole = before + json.dumps(values, **layout).encode() + after
    found = short_lists.elements(whole)
    assert found is not None
    assert list(found) == _walked(whole)


@pytest.mark.parametrize("whole", [b"", b"[1,", b"[1 2]", b"[1]x", b'{"a":1}', b"[NaN]", b'["a]', b"[" * 5_000 + b"]" * 5_000])
def test_what_is_no_whole_list_is_left_to_the_walk(whole: bytes) -> None:
    assert short_lists.elements(whole) is None


def test_a_list_that_breaks_off_gives_what_came_before_and_then_the_reason() -> None:
    *good, last = raw_records.elements(BytesIO(b'[{"a":1},\n{"b":2},\n{"c"'))
    assert good == [RawRecord(b'{"a":1}', 1), RawRecord(b'{"b":2}', 2)]
    assert last.problem


class _Breaking:
    """A stream that breaks after its first piece, such as a damaged archive."""

    def __init__(self) -> None:
        self._pieces: Iterator[bytes] = iter([b"[1,\n2,\n"])

    def read(self, _size: int, /) -> bytes:
        for piece in self._pieces:
            return piece
        raise strict_json.bad("The archive is damaged.")

    def close(self) -> None:
        pass


def test_a_stream_that_breaks_gives_what_came_before_and_then_what_broke_it() -> None:
    found = list(raw_records.elements(_Breaking()))
    assert [one.raw for one in found] == [b"1", b"2", b""]
    assert found[-1].problem == "The archive is damaged."


def test_what_is_too_long_to_be_held_is_given_again_from_its_first_byte() -> None:
    content = bytes(range(256)) * 4_096
    begun = short_lists.Begun(BytesIO(content), CHUNK_BYTES)
    assert begun.whole is None
    assert b"".join(iter(lambda: begun.read(CHUNK_BYTES), b"")) == content


def test_a_list_whose_elements_are_too_long_is_walked() -> None:
    found = list(raw_records.elements(BytesIO(b'["aaaaaaaaaaaaaaaaaaaa", "b"]'), 10))
    assert found[0].problem
    assert found[1].raw == b'"b"'
