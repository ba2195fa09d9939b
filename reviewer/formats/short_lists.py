"""Lists that are short enough to be held: cut at once, by the parser, which takes a twentieth of the time of a walk."""

import re
from collections import deque
from collections.abc import Iterator

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.formats.json_walk import CHUNK_BYTES, ByteStream, RawRecord
from reviewer.formats.strict_json import BOM

AT_ONCE_BYTES = 8 * 1024 * 1024

_SPACE = re.compile(rb"[ \t\r\n]*+")
_BETWEEN = re.compile(rb"[ \t\r\n,]*+")
_elements = msgspec.json.Decoder(list[msgspec.Raw])


class Begun:
    """A stream of which as much was read as may be held. It is given again, and what follows it, or the error that was met.

    whole: all of its bytes; None where there are more, or where they break off.
    """

    def __init__(self, stream: ByteStream, most_bytes: int) -> None:
        self._stream = stream
        self._pieces: deque[bytes] = deque()
        self._error: BadRecord | OSError | None = None
        size = 0
        try:
            while size <= most_bytes and (piece := stream.read(CHUNK_BYTES)):
                self._pieces.append(piece)
                size += len(piece)
        except (BadRecord, OSError) as error:
            self._error = error
        self.whole = b"".join(self._pieces) if self._error is None and size <= most_bytes else None

    def read(self, size: int, /) -> bytes:
        """The next piece. Raises what the stream raised where it broke."""
        if self._pieces:
            return self._pieces.popleft()
        if self._error is not None:
            raise self._error
        return self._stream.read(size)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


def elements(whole: bytes) -> Iterator[RawRecord] | None:
    """The elements of a list that is a whole document, as `Walker.elements` gives them; None where something is wrong with it."""
    text = whole.removeprefix(BOM)
    try:
        found = _elements.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _with_lines(text, found)


def _with_lines(text: bytes, found: list[msgspec.Raw]) -> Iterator[RawRecord]:
    line = 1
    passed = 0
    at = _end_of(_SPACE, text, 0) + 1  # behind the bracket that opens the list
    for element in found:
        start = _end_of(_BETWEEN, text, at)
        line += text.count(b"\n", passed, start)
        passed, at = start, start + len(element)
        yield RawRecord(text[start:at], line)


def _end_of(pattern: re.Pattern[bytes], text: bytes, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
