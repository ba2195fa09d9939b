"""JSON is laid out from its own text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.ui.transcript.json_rows import MOST_ROWS, BadJson, rows


def _seen(text: str) -> list[tuple[int, str, str]]:
    return [(row.depth, row.key, row.value) for row in rows(text)]


def test_numbers_keep_their_spelling() -> None:
    assert _seen('{"price":1.10,"big":123456789012345678901234567890,"tiny":1e-400}') == [
        (0, "price", "1.10"),
        (0, "big", "123456789012345678901234567890"),
        (0, "tiny", "1e-400"),
    ]


def test_what_is_nested_is_indented_and_elements_carry_their_number() -> None:
    assert _seen('{"cabin":"economy","flights":[{"from":"JFK"},{"from":"SEA"}],"tags":["a","b"],"none":{}}') == [
        (0, "cabin", "economy"),
        (0, "flights[0]", ""),
        (1, "from", "JFK"),
        (0, "flights[1]", ""),
        (1, "from", "SEA"),
        (0, "tags", '["a", "b"]'),
        (0, "none", "{}"),
    ]


def test_strings_are_decoded_and_know_where_they_stand() -> None:
    (row,) = rows('{"a/b":"line\\nnext \\u00e9"}')
    assert (row.value, row.quoted, row.pointer) == ("line\nnext é", True, "/a~1b")


def test_two_equal_keys_are_both_shown() -> None:
    assert _seen('{"a":1,"a":2}') == [(0, "a", "1"), (0, "a", "2")]


@pytest.mark.parametrize("text", ["[INFO] started", "{'a': 1}", "{", '{"a" 1}', '{"a":1,}', '{"a":"\\x"}', "[1 2]", '{"a":1} more', ""])
def test_what_is_not_json_says_so(text: str) -> None:
    with pytest.raises(BadJson):
        list(rows(text))


def test_a_hundred_thousand_levels_end_in_one_row() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    (row,) = rows(deep)
    assert row.pointer is None
    with pytest.raises(BadJson):
        list(rows("[" * 100_000))


def test_a_text_with_too_many_rows_stops_where_the_rest_begins() -> None:
    text = "[" + ",".join('{"n":1}' for _ in range(MOST_ROWS)) + "]"
    made: list[object] = []
    with pytest.raises(BadJson) as stopped:
        made.extend(rows(text))
    assert MOST_ROWS // 3 < len(made) <= MOST_ROWS
    assert 0 < stopped.value.at < len(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
        max_leaves=20,
    )
)
def test_every_scalar_of_any_json_is_shown(value: object) -> None:
    shown = "\n".join(f"{row.key} {row.value}" for row in rows(json.dumps(value)))
    for scalar in _scalars(value):
        assert scalar in shown or json.dumps(scalar)[1:-1] in shown


def _scalars(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _scalars(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _scalars(inner)]
    return [value] if isinstance(value, str) else [json.dumps(value)]
