"""Strict JSON: one meaning, and free JSON as the source's own bytes."""

import json
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.errors import BadRecord
from reviewer.formats import strict_json

# No lone surrogates and no U+0000: those are refused.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=20
)
LAYOUTS = st.sampled_from([{"indent": 2}, {}, {"separators": (",", ":")}, {"separators": (" ,\r\n\t", " :  ")}, {"ensure_ascii": False}])


@given(VALUES, LAYOUTS)
def test_compacting_takes_away_white_space_outside_strings_and_nothing_else(value: Any, layout: dict[str, Any]) -> None:
    written = json.dumps(value, **layout).encode()
    escaped = layout.get("ensure_ascii", True)
    assert strict_json.compact(written) == json.dumps(value, separators=(",", ":"), ensure_ascii=escaped).encode()


@given(VALUES, LAYOUTS)
def test_whatever_json_writes_is_accepted_and_means_the_same(value: Any, layout: dict[str, Any]) -> None:
    assert strict_json.check(json.dumps(value, **layout).encode()) is not False or value is False


@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=4), st.data())
def test_a_name_that_stands_twice_is_found_wherever_it_stands(members: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(members)))
    written = json.dumps(members)
    twice = f'{{"around":[{written[:-1]},{json.dumps(name)}:null}}]}}'
    strict_json.check(f'{{"around":[{written}]}}'.encode())
    with pytest.raises(BadRecord, match="twice"):
        strict_json.check(twice.encode())


@pytest.mark.parametrize(
    "written",
    [
        r'{"a":1,"\u0061":1}',
        r'{"a":1,"a":1,"b":"\u0022\u0022"}',  # as many quotation marks when it is written again
        r'{"a":"\\","a":"\""}',
        '{"a":1234567890123456789012345678901234567890,"a":1}',
        '{"":1,"":1}',
    ],
)
def test_no_spelling_hides_a_name_that_stands_twice(written: str) -> None:
    with pytest.raises(BadRecord, match="twice"):
        strict_json.check(written.encode())


@pytest.mark.parametrize("written", [r'{"a":"\u0022","b":"\"\\"}', '{"a":1234567890123456789012345678901234567890}', r'["\u0022"]'])
def test_what_asks_for_a_closer_look_is_accepted_where_nothing_is_wrong(written: str) -> None:
    strict_json.check(written.encode())


@pytest.mark.parametrize(
    "text",
    [
        "1.10",
        "1.0",
        "-0",
        "-0.0",
        "1E+2",
        "12345678901234567890123",
        "0.1000000000000000055511151231257827",
        "9007199254740993",
        '"\\u00e9"',
        '"\\/"',
    ],
)
def test_numbers_and_escapes_stay_as_they_were_written(text: str) -> None:
    assert strict_json.compact_text(f'{{ "a" : {text} }}'.encode()) == f'{{"a":{text}}}'


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (b'{"a": 1.10}', '{"a":1.10}'),
        (b'"{\\"a\\": 1.10}"', '{"a":1.10}'),
        (b'"ls -la"', "ls -la"),
        (b'"{\\"a\\": NaN}"', '{"a": NaN}'),
        (b'"{\\"a\\": 1, \\"a\\": 2}"', '{"a": 1, "a": 2}'),
        (b'""', ""),
        (b"null", "null"),
    ],
)
def test_json_in_text_is_made_compact_only_where_it_is_strict_json(written: bytes, kept: str) -> None:
    assert strict_json.free_json(msgspec.Raw(written)) == kept


def test_a_reason_names_the_column_in_characters_on_its_line() -> None:
    with pytest.raises(BadRecord) as caught:
        strict_json.check('{"é":\n "ü", x}'.encode())
    assert caught.value.what.startswith("Column 7:")
    assert caught.value.code == "E301"


@pytest.mark.parametrize("depth", [1, 17, 63, 64])
def test_nesting_up_to_64_levels_is_read(depth: int) -> None:
    strict_json.check(b"[" * depth + b"]" * depth)
    with pytest.raises(BadRecord, match="64 levels"):
        strict_json.check(b"[" * 65 + b"]" * 65)


def test_a_shape_that_is_wrong_is_said_in_plain_words() -> None:
    decoder = msgspec.json.Decoder(list[dict[str, str]])
    with pytest.raises(BadRecord, match="text was expected, not a whole number"):
        strict_json.decode(decoder, b'[{"a":7}]')
    with pytest.raises(BadRecord, match="“fine” is none of the values that it takes"):
        strict_json.decode(msgspec.json.Decoder(dict[str, Literal["good", "bad"]]), b'{"a":"fine"}')
