"""Cuts a stream into the bytes of its records: lines, the elements of a list, or one object."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.domain.records import Record, Reject
from reviewer.formats import short_lists, strict_json
from reviewer.formats.heads import look
from reviewer.formats.json_walk import ByteStream, RawRecord, Walker
from reviewer.formats.sources import Source
from reviewer.formats.strict_json import BOM, KEPT_OF_A_REJECT, MAX_RECORD_BYTES, WHITE

_CHUNK_BYTES = 1024 * 1024
Plain = msgspec.json.Decoder[Any] | None


class Counted(NamedTuple):
    """A record's bytes with its place in the file, from 1. plain: what they say, where they are of the shape that was given for such."""

    raw: bytes
    number: int
    line: int
    plain: Any = None


def lines(stream: ByteStream, limit_bytes: int = MAX_RECORD_BYTES) -> Iterator[RawRecord]:
    """The lines of a stream that are not blank, without their ends. Memory is bounded by one line."""
    for found in _cut_lines(stream, limit_bytes, b""):
        raw = found.raw.strip(WHITE)
        if raw:
            yield found if len(raw) == len(found.raw) else found._replace(raw=raw)


def lines_as_they_are(stream: ByteStream, limit_bytes: int = MAX_RECORD_BYTES) -> Iterator[RawRecord]:
    """Every line of a stream with its end. One that is too long comes without its end, marked, and the next follow."""
    yield from _cut_lines(stream, limit_bytes, b"\n")


def _cut_lines(stream: ByteStream, limit_bytes: int, end: bytes) -> Iterator[RawRecord]:
    """end: what is put back behind each line that had one."""
    number = 1
    kept = b""
    dropped = False
    first = True
    while chunk := stream.read(_CHUNK_BYTES):
        if first:
            first = False
            chunk = chunk.removeprefix(BOM)
        head, *rest = chunk.split(b"\n")
        if not dropped:
            kept = kept + head if kept else head
        for following in rest:
            if dropped or len(kept) > limit_bytes:
                yield _too_long(kept, number, limit_bytes)
            else:
                yield RawRecord(kept + end, number)
            number += 1
            kept, dropped = following, False
        if len(kept) > limit_bytes:
            kept, dropped = kept[:KEPT_OF_A_REJECT], True
    if dropped or len(kept) > limit_bytes:
        yield _too_long(kept, number, limit_bytes)
    elif kept:
        yield RawRecord(kept, number)


def _too_long(kept: bytes, number: int, limit_bytes: int) -> RawRecord:
    return RawRecord(kept[:KEPT_OF_A_REJECT], number, f"The line is longer than {limit_bytes >> 20} MB.", "E302")


def elements(stream: ByteStream, limit_bytes: int = MAX_RECORD_BYTES) -> Iterator[RawRecord]:
    """The elements of the list that is the whole document. Where the document breaks, the last one says so."""
    begun = short_lists.Begun(stream, min(limit_bytes, short_lists.AT_ONCE_BYTES))
    found = None if begun.whole is None else short_lists.elements(begun.whole)
    if found is not None:
        yield from found
        return
    walker = Walker(begun, limit_bytes)
    try:
        yield from walker.elements()
        if walker.peek():
            yield RawRecord(walker.peek(), walker.line, "Something follows the end of the list.")
    except BadRecord as error:
        yield RawRecord(b"", walker.line, error.what, error.code)


def whole(stream: ByteStream, limit_bytes: int = MAX_RECORD_BYTES) -> Iterator[RawRecord]:
    """The one value that is the whole document."""
    walker = Walker(stream, limit_bytes)
    try:
        walker.peek()
        yield walker.value()
        if walker.peek():
            yield RawRecord(walker.peek(), walker.line, "Something follows the end of the record.")
    except BadRecord as error:
        yield RawRecord(b"", walker.line, error.what, error.code)


def read(source: Source, to_record: Callable[[Counted], Record | None], plain: Plain = None) -> Iterator[Record | Reject]:
    """The records of a source, whichever way it holds them. See `convert`."""
    shape = look(source).shape
    stream = source.open()
    try:
        yield from convert(cut(shape, stream), to_record, plain)
    finally:
        stream.close()


def cut(shape: str, stream: ByteStream) -> Iterator[RawRecord]:
    """The records of a stream of a shape that `heads.look` told."""
    return elements(stream) if shape == "list" else whole(stream) if shape == "object" else lines(stream)


def members(source: Source, wanted: Collection[str]) -> dict[str, bytes]:
    """The wanted members of the object that is the whole document, by name. Raises BadRecord where it breaks before they are found."""
    found: dict[str, bytes] = {}
    stream = source.open()
    try:
        walker = Walker(stream)
        for name in walker.names():
            walker.before_value()
            if name in wanted:
                found[name] = _whole(walker.value())
                if len(found) == len(wanted):
                    break
            else:
                walker.skip()
    finally:
        stream.close()
    return found


def _whole(value: RawRecord) -> bytes:
    if value.problem:
        raise strict_json.bad(value.problem, value.code)
    return value.raw


def elements_of(source: Source, member: str, limit_bytes: int = MAX_RECORD_BYTES) -> Iterator[RawRecord]:
    """The elements of a list that is a member of the document. Where the document breaks, the last one says so."""
    stream = source.open()
    try:
        walker = Walker(stream, limit_bytes)
        try:
            for name in walker.names():
                first = walker.before_value()
                if name == member and first == b"[":
                    yield from walker.elements()
                else:
                    walker.skip()
        except BadRecord as error:
            yield RawRecord(b"", walker.line, error.what, error.code)
    finally:
        stream.close()


def convert(found: Iterator[RawRecord], to_record: Callable[[Counted], Record | None], plain: Plain = None) -> Iterator[Record | Reject]:
    """Records of strict JSON; a record that cannot be read becomes a reject and the rest go on.

    `to_record` answers None for what is no record, such as a header line, and raises BadRecord. plain: reads what most records are, as
    `strict_json.exactly` asks for it; the others come without a value.
    """
    number = 1
    for raw in _until_it_breaks(found):
        try:
            if raw.problem:
                raise strict_json.bad(raw.problem, raw.code)
            said = None if plain is None else strict_json.exactly(plain, raw.raw)
            if said is None:
                strict_json.check(raw.raw)
            record = to_record(Counted(raw.raw, number, raw.line, said))
        except BadRecord as error:
            yield Reject(number, raw.line, error.what, raw.raw[:KEPT_OF_A_REJECT], error.code)
        else:
            if record is None:
                continue
            yield record
        number += 1


def _until_it_breaks(found: Iterator[RawRecord]) -> Iterator[RawRecord]:
    """The records before a stream breaks, such as a damaged archive, then what broke it."""
    line = 0
    try:
        for raw in found:
            line = raw.line
            yield raw
    except BadRecord as error:
        yield RawRecord(b"", line + 1, error.what, error.code)
