"""The exact bytes of a journal entry and of every list that an entry names: RFC 8785, with the limits of JOURNAL.md 2.1."""

import hashlib
import re
from typing import Any

import msgspec
import rfc8785

from reviewer.domain.errors import Damaged

MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1

_encoder = msgspec.json.Encoder(order="sorted")
_FLAT = frozenset({str, int, bool, type(None)})  # types of values that need no look inside but at the bytes they make
_TEXT = frozenset({str})
_WORDS = frozenset({str, type(None)})
_LONG_NUMBER = re.compile(rb"[:,[]-?\d{16}")


def _no_floats(text: str) -> float:
    raise ValueError(f"a float, {text[:20]}, which journal bytes cannot hold")


_decoder = msgspec.json.Decoder(float_hook=_no_floats)
_RECHECK = "Verify the workspace, and restore the last backup if it says so."


def encode(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value without floats.

    Raises ValueError for a float, an integer beyond 2^53 - 1, U+0000, a lone surrogate, a key that is not text, or depth over 16.
    """
    if type(value) is dict and _FLAT.issuperset(map(type, value.values())) and _TEXT.issuperset(map(type, value)):
        flat = _encoder.encode(value)
        if _is_plain(flat):
            return flat
    if type(value) is list and all(type(row) is list and _WORDS.issuperset(map(type, row)) for row in value):  # picks, opinions
        flat = _encoder.encode(value)
        if flat.isascii() and b"\\u0000" not in flat:
            return flat
    if _check(value, 1):
        return _encoder.encode(value)
    return rfc8785.dumps(value)


def decode(body: bytes) -> Any:
    """The value of canonical bytes. Raises Damaged if the bytes are not their own re-encoding (duplicate keys, spaces, floats…)."""
    try:
        value = _decoder.decode(body)
        same = (_encoder.encode(value) if _is_plain(body) else encode(value)) == body
    except (ValueError, RecursionError) as error:
        raise Damaged(f"A record is not canonical JSON: {error}.", _RECHECK) from error
    if not same:
        raise Damaged("A record is not canonical JSON.", _RECHECK)
    return value


def sha256_hex(content: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits: the name of a blob."""
    return hashlib.sha256(content).hexdigest()


def _is_plain(body: bytes) -> bool:
    """Whether a look at the bytes shows that nothing forbidden can be in them, floats aside: so it is with nearly every entry.

    An object. ASCII: no key sorts otherwise. No U+0000, no number of 16 digits, no more brackets than depth allows.
    """
    if body[:1] != b"{" or not body.isascii() or b"\\u0000" in body or _LONG_NUMBER.search(body):
        return False
    return body.count(b"[") + body.count(b"{") < MAX_DEPTH


def _check(value: Any, depth: int) -> bool:
    """Whether every key is ASCII, where sorting by code point and by UTF-16 unit agree. Raises ValueError for what is not allowed."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    kind = type(value)  # asked first for what is most: this runs for every value of every entry
    if kind is str:
        _check_text(value)
        return True
    if kind is int:
        if abs(value) > MAX_INTEGER:
            raise ValueError("an integer beyond 2^53 - 1")
        return True
    if value is None or kind is bool:
        return True
    plain = True
    if isinstance(value, list | tuple):
        for element in value:
            plain = _check(element, depth + 1) and plain
        return plain
    if isinstance(value, dict):
        for key, element in value.items():
            if not isinstance(key, str):
                raise ValueError("a key that is not text")
            _check_text(key)
            plain = _check(element, depth + 1) and key.isascii() and plain
        return plain
    raise ValueError(f"a {kind.__name__}, which journal bytes cannot hold")


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise ValueError("the character U+0000")
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("a lone surrogate")
