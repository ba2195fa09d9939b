"""Journal bytes are RFC 8785, and nothing that 2.1 forbids gets in or out."""

import json
import re
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import canonical
from reviewer.domain.errors import Damaged

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
integers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_bytes_are_those_of_rfc_8785_and_read_back_the_same(value: Any) -> None:
    made = canonical.encode(value)
    assert made == rfc8785.dumps(value)
    assert canonical.decode(made) == value == json.loads(made)


@given(st.dictionaries(texts, integers, min_size=2))
def test_keys_are_sorted_by_utf_16_units(value: dict[str, int]) -> None:
    keys = list(json.loads(canonical.encode(value)))
    assert keys == sorted(keys, key=lambda key: key.encode("utf-16-be"))


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), 2**53, -(2**53), "\x00", "a\x00", "\ud800", {"\udfff": 1}, {"\x00": 1}, {1: 2}, b"bytes", {1, 2}, ...],
    ids=repr,
)
def test_what_journal_bytes_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical.encode(value)
    with pytest.raises(ValueError):
        canonical.encode({"inside": [value]})


@pytest.mark.parametrize("text", ["\\u0000", "\\\\u0000", "u0000", "a\\", "é\\u0000"], ids=ascii)
def test_a_text_that_looks_like_the_escape_of_a_nul_is_a_text(text: str) -> None:
    value = {"a": [text], text: 1}
    assert canonical.decode(canonical.encode(value)) == value
    for hidden in ({"a": [text + "\x00"]}, {text + "\x00": 1}, {"a": text, "b": "\x00" + text}):
        with pytest.raises(ValueError, match=re.escape("U+0000")):
            canonical.encode(hidden)


def _deep(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth - 1):
        value = [value]
    return value


def test_depth_is_16_at_most() -> None:
    assert canonical.decode(canonical.encode(_deep(16))) == _deep(16)
    with pytest.raises(ValueError, match="deeper"):
        canonical.encode(_deep(17))


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{ "a":1}', b'{"a":1.0}', b'{"a":1e2}', b'{"a":NaN}', b"\xef\xbb\xbf1", b'"\xff"',
        b'"\\u0041"',
        b'"\\ud800"', b'"\\u0000"', b"9007199254740992", b"-0", b"01", b"", b"1 ", b"[" * 100_000, b"{}x", b'"\\/"', b'"\\u001F"',
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_bytes_that_are_not_their_own_re_encoding_are_damaged(body: bytes) -> None:
    with pytest.raises(Damaged):
        canonical.decode(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":9007199254740992}', b'{"a":[-9007199254740993]}', b'{"a":1.5}', b'{"a":[{"b":1e300}]}', b'{"a":"\\u0000"}', b'{"\\u0000":1}',
        '{"\uffff":2,"\U0001f600":1}'.encode(), b'{"a":' + b"[" * 16 + b"]" * 16 + b"}",
        b'{"a":-0}', b'{"a":1,"a":1}',
    ],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
def test_the_quick_look_at_an_object_lets_nothing_forbidden_pass(body: bytes) -> None:
    with pytest.raises(Damaged):
        canonical.decode(body)


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1, 1_234_567_890_123_456, 10**15, 0, -1])
def test_long_numbers_that_are_allowed_pass(number: int) -> None:
    assert canonical.decode(canonical.encode({"n": [number]})) == {"n": [number]}


@given(st.binary(max_size=60))
def test_no_bytes_at_all_crash_the_reader(body: bytes) -> None:
    try:
        value = canonical.decode(body)
    except Damaged:
        return
    assert canonical.encode(value) == body


def test_a_blob_is_named_by_its_sha_256() -> None:
    assert canonical.sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
