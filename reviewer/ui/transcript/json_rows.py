"""JSON text as rows of key and value, one at a time and from the text itself: no number is respelled, no depth is too deep."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_TOKEN = re.compile(
    r'[ \t\n\r]*(?:([{}\[\],:])|("[^"\\]*(?:\\.[^"\\]*)*")|(-?[0-9][0-9.eE+\-]*|true|false|null))',
    re.DOTALL,
)
_SPACE = re.compile(r"[ \t\n\r]*")
_FLAT = re.compile(r'\[(?:[^\[\]{}"\\]|"[^"\\]*"){0,24}?\]|\{\s*\}')
_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_SPELT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)  # a pair is one character
MOST_ROWS = 8_000  # a longer text goes on as it stands
_INLINE_LIMIT = 60
_DEPTH_LIMIT = 24  # deeper, the rest is shown as it stands


class BadJson(ValueError):
    """Not JSON from this place on; `at` is the code point offset."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Row(NamedTuple):
    """One line of the tree.

    depth: indentation. key: what stands on the left, `flights[0]` for an element. value: shown on the right, empty for a header of what is
    inside. quoted: the value is a string, decoded, to be shown between quotes. pointer: RFC 6901, or None below the depth that is laid out.
    at, end: where the value stands in the text; code points, the quotes of a string included.
    """

    depth: int
    key: str
    value: str
    quoted: bool
    pointer: str | None
    at: int = 0
    end: int = 0


@dataclass(slots=True)
class _Level:
    """An open object or array."""

    is_object: bool
    name: str  # what its elements are called after, for an array
    pointer: str
    depth: int
    index: int = 0


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    levels: list[_Level] = field(default_factory=list)

    def token(self) -> tuple[str, str]:
        """(kind, text): kind is one of the signs, `s` for a string, `v` for another value. Raises BadJson."""
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise BadJson(self.at)
        self.at = found.end()
        sign, string, value = found.groups()
        if sign:
            return sign, sign
        return ("s", string) if string else ("v", value)

    def peek(self) -> str:
        """The next character that is not space; empty at the end."""
        found = _SPACE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return self.text[self.at : self.at + 1]


def rows(text: str) -> Iterator[Row]:
    """The rows of a JSON text, lazily, 8,000 at most. Raises BadJson where it stops being JSON, or the rows are too many; the rows before
    that place have been given."""
    reader = _Reader(text)
    yield from _value(reader, key="", pointer="", depth=0)
    left = MOST_ROWS
    while reader.levels:
        left -= 1
        if not left:
            raise BadJson(reader.at)
        level = reader.levels[-1]
        sign = reader.peek()
        closing = "}" if level.is_object else "]"
        if sign == closing:
            reader.at += 1
            reader.levels.pop()
            continue
        if level.index:
            if sign != ",":
                raise BadJson(reader.at)
            reader.at += 1
        if level.is_object:
            kind, name = reader.token()
            if kind != "s" or reader.token()[0] != ":":
                raise BadJson(reader.at)
            key = decoded(name)
            pointer = f"{level.pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        else:
            key = f"{level.name}[{level.index}]"
            pointer = f"{level.pointer}/{level.index}"
        level.index += 1
        yield from _value(reader, key=key, pointer=pointer, depth=level.depth)
    if reader.peek():
        raise BadJson(reader.at)


def _value(reader: _Reader, *, key: str, pointer: str, depth: int) -> Iterator[Row]:
    """The row of one value; what is inside an object or array follows later, from its level."""
    sign = reader.peek()
    start = reader.at
    if sign not in ("{", "["):
        kind, text = reader.token()
        if kind not in "sv":
            raise BadJson(reader.at - 1)
        quoted = kind == "s"
        yield Row(depth, key, decoded(text) if quoted else text, quoted, pointer, start, reader.at)
        return
    flat = _FLAT.match(reader.text, reader.at)
    if flat is not None and len(flat.group()) <= _INLINE_LIMIT and (key or len(flat.group()) <= 2):
        reader.at = flat.end()
        yield Row(depth, key, _spaced(flat.group()), False, pointer, start, reader.at)
        return
    if len(reader.levels) >= _DEPTH_LIMIT:
        _skip(reader)
        yield Row(depth, key, reader.text[start : reader.at], False, None, start, reader.at)
        return
    reader.at += 1
    is_object = sign == "{"
    if is_object and key:
        yield Row(depth, key, "", False, pointer)
    inside = depth + 1 if is_object and key else depth
    reader.levels.append(_Level(is_object, key, pointer, inside))


def _spaced(flat: str) -> str:
    """A flat array with a space after each comma that stands outside strings."""
    reader = _Reader(flat)
    pieces: list[str] = []
    while reader.peek():
        _kind, text = reader.token()
        pieces.append(", " if text == "," else text)
    return "".join(pieces)


def _skip(reader: _Reader) -> None:
    """Go behind the object or array that starts here, however deep it is. Raises BadJson if it never ends."""
    depth = 0
    for found in _BRACKET.finditer(reader.text, reader.at):
        sign = found.group()
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        if depth == 0:
            reader.at = found.end()
            return
    raise BadJson(reader.at)


def in_text(text: str, pointer: str, start: int, end: int) -> tuple[int, int] | None:
    """Where code points `start` to `end` of the string at a pointer stand in the JSON text itself; None where there is no such string."""
    try:
        row = next((row for row in rows(text) if row.quoted and row.pointer == pointer), None)
    except BadJson:
        return None
    if row is None:
        return None
    places = _places(text[row.at : row.end])
    return (row.at + places[start], row.at + places[end]) if 0 <= start <= end < len(places) else None


def _places(string: str) -> list[int]:
    """Where each character of a JSON string starts in its spelling, and where the last one ends."""
    places = [found.start() for found in _SPELT.finditer(string, 1, len(string) - 1)]
    return [*places, len(string) - 1]


def decoded(string: str) -> str:
    """What a JSON string says. Raises BadJson for a broken escape."""
    if "\\" not in string:
        return string[1:-1]
    try:
        return str(json.loads(string, strict=False))
    except ValueError:
        raise BadJson(0) from None
