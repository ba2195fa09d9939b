"""Walks one JSON document without holding it: the elements of a list, or the members of an object, as the source's own bytes.

Memory is bounded by one element. What is inside an element is not judged here: strict_json does that, one element at a time.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import msgspec

from reviewer.formats.strict_json import BOM, KEPT_OF_A_REJECT, MAX_RECORD_BYTES, bad

CHUNK_BYTES = 256 * 1024

# Possessive, so that no text makes them go back and try again; but not the outermost repeat of _OUTSIDE: up to Python 3.11.4
# a possessive repeat whose last round fails halfway ends in the wrong place (python/cpython issue 106052).
_OUTSIDE = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*', re.DOTALL)
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb"[^,:\]\}\s\"\[\{]*+")
_QUOTE, _OPEN, _CLOSE = 0x22, b"[{", b"]}"


class ByteStream(Protocol):
    """What is read here: bytes in order, `b""` at the end."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class RawRecord(NamedTuple):
    """The bytes of one record and the line where it starts. `problem`: why they are not whole; then `raw` is only their beginning."""

    raw: bytes
    line: int
    problem: str | None = None
    code: str = "E301"


class Walker:
    """A place in a JSON document. Reads forward only.

    Every method raises BadRecord where the document is not JSON or ends too early; `line` then says where.
    """

    def __init__(self, stream: ByteStream, limit_bytes: int = MAX_RECORD_BYTES) -> None:
        self.line = 1
        self.passed_bytes = 0
        self._stream = stream
        self._limit = limit_bytes
        self._buffer = b""
        self._at = 0
        self._more()
        if self._buffer.startswith(BOM):
            self._at = len(BOM)

    def peek(self) -> bytes:
        """The next byte that is not white space; `b""` at the end."""
        while True:
            end = self._end_of(_SPACE, self._at)
            self._go(end)
            if end < len(self._buffer):
                return self._buffer[end : end + 1]
            if not self._more():
                return b""

    def elements(self) -> Iterator[RawRecord]:
        """The elements of the list that starts here. One that is too long comes without its end, and the next follow."""
        self._take(b"[")
        if self.peek() == b"]":
            self._go(self._at + 1)
            return
        while True:
            self.peek()
            yield self.value()
            if self._comma_or(b"]"):
                return

    def names(self) -> Iterator[str]:
        """The names of the object that starts here. Before the next is asked for, the caller reads the value."""
        self._take(b"{")
        if self.peek() == b"}":
            self._go(self._at + 1)
            return
        while True:
            if self.peek() != b'"':
                raise bad("A name in quotation marks was expected.")
            name = self.value()
            try:
                yield msgspec.json.decode(name.raw, type=str)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise bad("A name in quotation marks was expected.") from error
            if self._comma_or(b"}"):
                return

    def value(self) -> RawRecord:
        """The value that starts here, whole."""
        return self._value(keep=True)

    def skip(self) -> None:
        """Pass over the value that starts here."""
        self._value(keep=False)

    def before_value(self) -> bytes:
        """Step over the colon after a name; the first byte of the value."""
        self._take(b":")
        return self.peek()

    def _comma_or(self, closing: bytes) -> bool:
        found = self.peek()
        if found not in (b",", closing):
            raise bad("The file ends in the middle of the list." if not found else "A comma or the end of the list was expected.")
        self._go(self._at + 1)
        return found == closing

    def _take(self, wanted: bytes) -> None:
        if self.peek() != wanted:
            raise bad(f"“{wanted.decode()}” was expected.")
        self._go(self._at + 1)

    def _value(self, *, keep: bool) -> RawRecord:
        line = self.line
        pieces: list[bytes] = []
        size = 0
        kept = 0
        for piece in self._pieces():
            size += len(piece)
            if keep and kept < self._limit:
                pieces.append(piece)
                kept += len(piece)
        if keep and size > self._limit:
            return RawRecord(b"".join(pieces)[:KEPT_OF_A_REJECT], line, f"The record is longer than {self._limit >> 20} MB.", "E302")
        return RawRecord(b"".join(pieces), line)

    def _pieces(self) -> Iterator[bytes]:
        """The bytes of one value, in as many pieces as there were buffers."""
        first = self.peek()
        if not first:
            raise bad("The file ends too early.")
        if first not in b'"[{':
            yield from self._scalar()
            return
        depth = 0
        in_string = False
        start = position = self._at
        while True:
            if in_string:
                position = self._end_of(_INSIDE, position)
                if position < len(self._buffer) and self._buffer[position] == _QUOTE:
                    position += 1
                    in_string = False
                    if depth == 0:
                        break
                    continue
            else:
                position = self._end_of(_OUTSIDE, position) if depth else position
                if position < len(self._buffer):
                    byte = self._buffer[position]
                    position += 1
                    if byte == _QUOTE:
                        in_string = True
                        continue
                    if byte in _OPEN:
                        depth += 1
                        continue
                    depth -= 1
                    if depth == 0:
                        break
                    continue
            self._go(position)
            yield self._buffer[start:position]
            if not self._more():
                raise bad("The file ends in the middle of a record.")
            start = position = self._at
        self._go(position)
        yield self._buffer[start:position]

    def _scalar(self) -> Iterator[bytes]:
        """A number or a word, up to what cannot be part of one."""
        size = 0
        while True:
            start, end = self._at, self._end_of(_SCALAR, self._at)
            self._go(end)
            size += end - start
            yield self._buffer[start:end]
            if end < len(self._buffer) or not self._more():
                break
        if not size:
            raise bad("A value was expected.")

    def _end_of(self, pattern: re.Pattern[bytes], start: int) -> int:
        found = pattern.match(self._buffer, start)
        return found.end() if found else start

    def _go(self, position: int) -> None:
        self.line += self._buffer.count(b"\n", self._at, position)
        self.passed_bytes += position - self._at
        self._at = position

    def _more(self) -> bool:
        """Read on, dropping what was passed. False at the end of the stream."""
        chunk = self._stream.read(CHUNK_BYTES)
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)
