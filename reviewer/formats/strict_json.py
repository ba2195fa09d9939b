"""JSON as this program accepts it: one meaning, no surprises, and free JSON kept as the source's own bytes.

Stricter than the usual parsers: a repeated name, NaN, a number out of range, a lone surrogate, U+0000, or nesting beyond 64 is an error.
"""

import json
import re
from collections.abc import Collection
from typing import Any, TypeVar

import msgspec

from reviewer.domain.errors import BadRecord, shown

T = TypeVar("T")

MAX_DEPTH = 64
MAX_RECORD_BYTES = 16 * 1024 * 1024
KEPT_OF_A_REJECT = 64 * 1024
BOM = b"\xef\xbb\xbf"
WHITE = b" \t\r\n"

_FIX = "Correct the record in its file and import the file again; what is already here stays as it is."
_NOT_NUMBERS = re.compile(rb"[+-]?(?:NaN|Infinity|inf|nan)")
_ASKS_FOR_A_CLOSER_LOOK = re.compile(rb"\\u00(?:00|22)")  # U+0000, and a quotation mark that is not written as one
_NUL = rb"\u0000"
_DEEP_BYTES = 2 * MAX_DEPTH  # what is shorter cannot be nested too deep
_POSITION = re.compile(r"\(byte (\d+)\)")
_EXPECTED = re.compile(r"Expected `([^`]*)`(?:, got `([^`]*)`)?")
_MISSING = re.compile(r"missing required field `([^`]*)`")
_NONE_OF_THEM = re.compile(r"Invalid enum value '(.*)'", re.DOTALL)
_PLACE = re.compile(r"at `\$\.?([^`]*)`")
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}
_any = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


def bad(what: str, code: str = "E301") -> BadRecord:
    """The error of a record that cannot be read, with the hint that goes with it."""
    return BadRecord(what, _FIX, code)


def check(raw: bytes) -> Any:
    """The value of strict JSON. Raises BadRecord that says in one sentence what is wrong and at which column."""
    try:
        value = _any.decode(raw)
    except UnicodeDecodeError as error:
        raise bad(f"The text is not valid UTF-8 ({error.reason}).") from error
    except RecursionError as error:
        raise bad(f"The JSON is nested more than {MAX_DEPTH} levels deep.") from error
    except msgspec.DecodeError as error:
        raise bad(_in_plain_words(raw, str(error))) from error
    if len(raw) > _DEEP_BYTES and _openings(raw) > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise bad(f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    rare = b"\\u00" in raw and _ASKS_FOR_A_CLOSER_LOOK.search(raw) is not None
    if rare or _says_less(value, raw):
        _refuse_repeated_names(raw)
    if rare and _has_nul(value):
        raise bad("The text holds the character U+0000, which cannot be stored.")
    return value


def exactly(decoder: msgspec.json.Decoder[T], raw: bytes) -> T | None:
    """Typed value of JSON that needs no check, since it is what the type says and nothing else; None for all other.

    The type holds no numbers and nothing that could be of any shape, and its structs refuse unknown names and leave UNSET what is not
    there. So all texts were decoded, nothing is nested deep, and what is written again is as long as its source, or shorter by what was
    spelled in more bytes than it takes, or stood twice.
    """
    try:
        value = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    again = _encoder.encode(value)
    if len(again) == len(raw):  # so nothing was spelled in more bytes than it takes: a quotation mark neither
        return None if _NUL in raw else value
    if b"\\u00" in raw and _ASKS_FOR_A_CLOSER_LOOK.search(raw):
        return None
    return value if again.count(b'"') == raw.count(b'"') else None


def decode(decoder: msgspec.json.Decoder[T], raw: bytes | msgspec.Raw) -> T:
    """Typed value of JSON that was checked. Raises BadRecord where the shape is another."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise bad(_shape_in_plain_words(str(error))) from error
    except msgspec.DecodeError as error:
        raise bad(_in_plain_words(bytes(raw), str(error))) from error


def compact(raw: bytes | msgspec.Raw) -> bytes:
    """The same JSON without the white space outside strings; every other byte is kept."""
    return msgspec.json.format(bytes(raw), indent=-1)


def compact_text(raw: bytes | msgspec.Raw) -> str:
    """As `compact`, as text."""
    return compact(raw).decode()


def free_json(raw: msgspec.Raw) -> str:
    """JSON text of a value that some sources hold as JSON and others as text that holds JSON.

    Text that is strict JSON is made compact; other text stays as it is.
    """
    data = bytes(raw)
    if not data.startswith(b'"'):
        return compact(data).decode()
    return json_in_text(_any.decode(data))


def json_in_text(text: str) -> str:
    """A text that may hold JSON: compact where it is strict JSON, else as it is."""
    inner = text.encode()
    try:
        value = _any.decode(inner)
        packed = msgspec.json.format(inner, indent=-1)
        if _again(value) != packed or b"\\u00" in packed or (len(packed) > _DEEP_BYTES and _openings(packed) > MAX_DEPTH):
            check(inner)  # what is written again as it stood says nothing twice; all else is looked at closely
    except (BadRecord, msgspec.DecodeError, RecursionError):
        return text
    return packed.decode()


def members_text(members: dict[str, msgspec.Raw]) -> str:
    """JSON text of an object whose values are kept as they came."""
    return compact(msgspec.json.encode(members)).decode() if members else "{}"


def _openings(raw: bytes) -> int:
    """How many brackets and braces open, those in strings too. Where they are rare, `replace` finds them faster than `count` does."""
    return 2 * len(raw) - len(raw.replace(b"{", b"")) - len(raw.replace(b"[", b""))


def _depth(value: Any) -> int:
    """Levels of nesting of a decoded value."""
    level = [value] if isinstance(value, dict | list) else []
    depth = 0
    while level:
        depth += 1
        following: list[Any] = []
        for one in level:
            members: Collection[Any] = one.values() if type(one) is dict else one
            following.extend([member for member in members if type(member) is dict or type(member) is list])
        level = following
    return depth


def _says_less(value: Any, raw: bytes) -> bool:
    """Whether a string of the source may be missing in its value, as it is where a name stood twice.

    Written again, the value has as many quotation marks as its source, or fewer: of a repeated name and what it named, two at least are
    gone. That holds where those in texts are written alike, `\\"`. Encoding and counting take half the time of a walk over the value.
    """
    again = _again(value)
    return not again or (again != raw and again.count(b'"') != raw.count(b'"'))


def _again(value: Any) -> bytes:
    """A decoded value as it is written; nothing where that is not possible."""
    try:
        return _encoder.encode(value)
    except OverflowError:  # an integer beyond 64 bits
        return b""


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in key for key in value) or any(map(_has_nul, value.values()))
    return isinstance(value, list) and any(map(_has_nul, value))


def _refuse_repeated_names(raw: bytes) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise bad(f"The name “{shown(name)}” stands twice in one object.")
            seen.add(name)

    json.loads(raw, object_pairs_hook=unique, parse_int=_nothing, parse_float=_nothing)


def _nothing(_number: str) -> None:
    """Numbers were checked already."""


def _in_plain_words(raw: bytes, message: str) -> str:
    at = _POSITION.search(message)
    if "out of range" in message:
        return "A number is too large to be read."
    if "surrogate" in message:
        return f"Column {_column(raw, at)}: half a character (a lone surrogate) stands in a text."
    if "truncated" in message:
        return "The JSON ends too early." if b"\\ud" not in raw.lower()[-16:] else "Half a character (a lone surrogate) stands in a text."
    if at and _NOT_NUMBERS.match(raw, int(at[1])):
        return f"Column {_column(raw, at)}: NaN and Infinity are no JSON values."
    if not raw.strip(WHITE):
        return "The record is empty."
    said = _POSITION.sub("", message).removeprefix("JSON is malformed: ").strip()
    return f"Column {_column(raw, at)}: this is not valid JSON ({said})." if at else f"This is not valid JSON ({said})."


def _column(raw: bytes, at: re.Match[str] | None) -> int:
    """Characters from the start of the line that holds the byte, from 1."""
    if at is None:
        return 1
    place = int(at[1])
    start = raw.rfind(b"\n", 0, place) + 1
    return len(raw[start:place].decode("utf-8", "replace")) + 1


def _shape_in_plain_words(message: str) -> str:
    place = _PLACE.search(message)
    where = shown(place[1]) if place and place[1] else "the record"
    missing = _MISSING.search(message)
    if missing:
        return f"In {where}, “{missing[1]}” is missing."
    expected = _EXPECTED.search(message)
    if expected:
        return f"In {where}, {_named(expected[1])} was expected" + (f", not {_named(expected[2])}." if expected[2] else ".")
    other = _NONE_OF_THEM.search(message)
    if other:
        return f"In {where}, “{shown(other[1], 40)}” is none of the values that it takes."
    return f"In {where}: {message.split(' - at ')[0]}."


def _named(types: str) -> str:
    return " or ".join(_WORDS.get(one.strip(), one.strip()) for one in types.split("|"))
