"""The exact bytes of a journal entry and of every list that an entry names: RFC 8785, with the limits of JOURNAL.md 2.1."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import rfc8785

from reviewer.domain.errors import Damaged

MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1

_TEXT = frozenset({str})
_encoder = msgspec.json.Encoder(order="sorted")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # not behind a backslash that is escaped itself: that is a text of six characters


def _no_floats(text: str) -> float:
    raise ValueError(f"a float, {text[:20]}, which journal bytes cannot hold")


_decoder = msgspec.json.Decoder(float_hook=_no_floats)
_RECHECK = "Verify the workspace, and restore the last backup if it says so."


def encode(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value without floats.

    Raises ValueError for a float, an integer beyond 2^53 - 1, U+0000, a lone surrogate, a key that is not text, or depth over 16.
    """
    _check((value,), 1)
    made = _encoder.encode(value)  # which raises for a lone surrogate
    if b"\\u0000" in made and _NUL.search(made):
        raise ValueError("the character U+0000")
    if made.isascii() or all(map(str.isascii, _keys(value))):
        return made
    return rfc8785.dumps(value)  # sorted by code point and by UTF-16 unit, keys may stand in two orders


def decode(body: bytes) -> Any:
    """The value of canonical bytes. Raises Damaged if the bytes are not their own re-encoding (duplicate keys, spaces, floats…)."""
    try:
        value = _decoder.decode(body)
        same = encode(value) == body
    except (ValueError, RecursionError) as error:
        raise Damaged(f"A record is not canonical JSON: {error}.", _RECHECK) from error
    if not same:
        raise Damaged("A record is not canonical JSON.", _RECHECK)
    return value


def sha256_hex(content: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits: the name of a blob."""
    return hashlib.sha256(content).hexdigest()


def _check(values: Iterable[Any], depth: int) -> None:
    """Raise ValueError where one of the values, all at this depth, is or holds what is not allowed, whatever its texts say."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    for value in values:
        kind = type(value)  # asked first for what is most: this runs for every value of every entry
        if kind is str or value is None or kind is bool:
            continue
        if kind is int:
            if abs(value) > MAX_INTEGER:
                raise ValueError("an integer beyond 2^53 - 1")
        elif isinstance(value, dict):
            if not _TEXT.issuperset(map(type, value)):
                raise ValueError("a key that is not text")
            if value:
                _check(value.values(), depth + 1)
        elif isinstance(value, list | tuple):
            if value:
                _check(value, depth + 1)
        else:
            raise ValueError(f"a {kind.__name__}, which journal bytes cannot hold")


def _keys(value: Any) -> Iterator[str]:
    """Every key of every object in a value."""
    if isinstance(value, dict):
        yield from value
        value = value.values()
    elif not isinstance(value, list | tuple):
        return
    for inside in value:
        yield from _keys(inside)
