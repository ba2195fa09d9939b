"""JSON lines that say something of items, one thing a line: what each says, or why it cannot be read."""

from collections.abc import Callable, Iterator
from typing import IO, Generic, NamedTuple, TypeVar

import msgspec

from reviewer.domain.errors import BadRecord, Refused
from reviewer.formats import raw_records, strict_json

FIX = "Correct the line and import the file again."
T = TypeVar("T")


class Line(NamedTuple, Generic[T]):
    """A line of the file, from 1: what it says, or why it cannot be read. path: of the file, where several are read."""

    number: int
    raw: bytes
    said: T | None
    problem: str = ""
    path: str | None = None


def read(stream: IO[bytes], decoder: msgspec.json.Decoder[T], check: Callable[[T], None]) -> Iterator[Line[T]]:
    """The lines of a stream that are not blank. check: raises Refused for what is well-formed and says nothing sensible."""
    for found in raw_records.lines(stream):
        if found.problem:
            yield Line(found.line, found.raw, None, found.problem)
            continue
        try:
            strict_json.check(found.raw)
            said = strict_json.decode(decoder, found.raw)
            check(said)
        except (BadRecord, Refused) as error:
            yield Line(found.line, found.raw, None, error.what)
            continue
        yield Line(found.line, found.raw, said)


def require_item(item: str | None, external_id: str | None) -> None:
    """Raise Refused where a line names no item."""
    if item is None and external_id is None:
        raise Refused("Neither item nor external_id is given.", FIX)
