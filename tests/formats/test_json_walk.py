"""Walking a document without holding it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain.errors import BadRecord
from reviewer.formats import json_walk
from reviewer.formats.json_walk import Walker
from tests.formats.test_strict_json import LAYOUTS, TEXT, VALUES


class Dripping:
    """A stream that gives a few bytes at a time, so that every place is once a seam."""

    def __init__(self, content: bytes, size: int) -> None:
        self._content = content
        self._size = size

    def read(self, _size: int, /) -> bytes:
        given, self._content = self._content[: self._size], self._content[self._size :]
        return given

    def close(self) -> None:
        self._content = b""


@settings(max_examples=200)
@given(st.lists(VALUES, max_size=5), LAYOUTS, st.integers(1, 40))
def test_elements_come_whole_wherever_the_seams_fall(values: list[Any], layout: dict[str, Any], size: int) -> None:
    written = json.dumps(values, **layout).encode()
    walker = Walker(Dripping(written, size))
    found = [element.raw for element in walker.elements()]
    assert [json.loads(raw) for raw in found] == values
    assert all(raw in written for raw in found)
    assert walker.peek() == b""


@settings(max_examples=200)
@given(st.dictionaries(TEXT, VALUES, max_size=5), LAYOUTS, st.integers(1, 40), st.data())
def test_members_are_read_or_passed_over_by_name(members: dict[str, Any], layout: dict[str, Any], size: int, data: st.DataObject) -> None:
    walker = Walker(Dripping(json.dumps(members, **layout).encode(), size))
    seen: dict[str, Any] = {}
    for name in walker.names():
        walker.before_value()
        if data.draw(st.booleans()):
            seen[name] = json.loads(walker.value().raw)
        else:
            walker.skip()
            seen[name] = members[name]
    assert seen == members


def test_an_element_knows_its_line() -> None:
    content = json.dumps([{"a": "x\ny"}, {"b": [1, 2]}, 3], indent=2).encode()
    lines = [element.line for element in Walker(Dripping(content, 7)).elements()]
    assert lines == [2, 5, 11]
    assert [content.split(b"\n")[line - 1].strip()[:1] for line in lines] == [b"{", b"{", b"3"]


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_document_that_ends_early_says_so_after_its_whole_elements(cut: int) -> None:
    content = b'[{"a":"b\\"]"},{"c":[1,{}]}]'
    if cut >= len(content):
        return
    found: list[bytes] = []
    with pytest.raises(BadRecord, match="ends"):
        found.extend(element.raw for element in Walker(Dripping(content[:cut], 3)).elements())
    whole = [b'{"a":"b\\"]"}', b'{"c":[1,{}]}']
    assert found in ([], whole[:1], whole)


def test_an_element_that_is_too_long_is_passed_over_with_little_memory() -> None:
    content = b'["' + b"x" * 5_000_000 + b'",{"a":1}]'
    first, second = Walker(Dripping(content, json_walk.CHUNK_BYTES), limit_bytes=1 << 20).elements()
    assert first.code == "E302"
    assert len(first.raw) == 64 * 1024
    assert second.raw == b'{"a":1}'
