"""Rows of CSV and TSV, with a header or without: quoted line breaks kept, each row with its own bytes and the line where it starts."""

import csv
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import shown
from reviewer.formats.json_walk import ByteStream, RawRecord
from reviewer.formats.raw_records import lines_as_they_are
from reviewer.formats.strict_json import KEPT_OF_A_REJECT, MAX_RECORD_BYTES, bad

if TYPE_CHECKING:
    import _csv

_DELIMITERS = ",;\t|"

csv.field_size_limit(MAX_RECORD_BYTES)


class Row(NamedTuple):
    """The cells of a row by column. `problem`: why there are none."""

    cells: dict[str, str]
    raw: bytes
    line: int
    problem: str | None = None
    code: str = "E301"


class _TooLong(Exception):
    """A row that does not end, such as one whose quotation mark is never closed."""


class _Lines:
    """Feeds csv with lines and remembers the bytes that the row under way is made of."""

    def __init__(self, stream: ByteStream) -> None:
        self._lines = lines_as_they_are(stream)
        self.taken: list[bytes] = []
        self.size = 0
        self.line = 1
        self.problem: RawRecord | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        found = next(self._lines)
        if not self.taken:
            self.line = found.line
        self.taken.append(found.raw)
        self.size += len(found.raw)
        if found.problem:
            self.problem = found
        if found.problem or self.size > MAX_RECORD_BYTES:
            raise _TooLong
        return found.raw.decode("utf-8", "surrogateescape")

    def start(self) -> None:
        """Forget the row before."""
        self.taken, self.size, self.problem = [], 0, None

    @property
    def raw(self) -> bytes:
        return b"".join(self.taken).rstrip(b"\r\n")


def columns(stream: ByteStream, suffix: str, *, header: bool = True) -> tuple[str, ...]:
    """The names in the first row, or 1, 2, … where it bears none. Raises BadRecord where there is no row, or a name stands twice."""
    for _line, cells, _raw, _problem in _records(stream, suffix):
        return _named(cells) if header else _numbered(cells)
    raise bad("The table is empty.")


def rows(stream: ByteStream, suffix: str, *, header: bool = True) -> Iterator[Row]:
    """The rows, without the header if there is one. Raises BadRecord for a header that cannot be used."""
    names: tuple[str, ...] | None = None
    for line, cells, raw, problem in _records(stream, suffix):
        if names is None:
            names = _named(cells) if header else _numbered(cells)
            if header:
                continue
        if problem:
            yield Row({}, raw[:KEPT_OF_A_REJECT], line, *problem)
        elif cells:
            yield Row(dict(zip(names, cells, strict=False)), raw, line, _wrong(names, cells))


def _numbered(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, len(cells) + 1))


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    twice = next((name for name in names if names.count(name) > 1), None) if len(names) < 10_000 else "more than 10,000 columns"
    if twice is not None:
        raise bad(f"The column “{shown(twice)}” stands twice in the header.")
    return names


def _wrong(columns: Sequence[str], cells: Sequence[str]) -> str | None:
    if len(cells) != len(columns):
        return f"The row has {len(cells)} cells, the first one {len(columns)}."
    text = "".join(cells)
    if not text.isascii() and any("\udc80" <= character <= "\udcff" for character in text):
        return "The text is not valid UTF-8."
    return "The text holds the character U+0000, which cannot be stored." if "\x00" in text else None


def _records(stream: ByteStream, suffix: str) -> Iterator[tuple[int, list[str], bytes, tuple[str, str] | None]]:
    feed = _Lines(stream)
    first = next(feed, "")
    reader = _reader(_again(first, feed), _delimiter(first, suffix))
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            code = ("E302", f"The row is longer than {MAX_RECORD_BYTES >> 20} MB.")
            yield feed.line, [], feed.raw, (code[1], code[0])
            reader = _reader(feed, reader.dialect.delimiter)
        except csv.Error as error:
            yield feed.line, [], feed.raw, (f"The row cannot be read ({error}).", "E301")
            reader = _reader(feed, reader.dialect.delimiter)
        else:
            yield feed.line, cells, feed.raw, None
        feed.start()


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _reader(lines: Iterator[str], delimiter: str) -> "_csv.Reader":
    return csv.reader(lines, delimiter=delimiter, strict=False)


def _delimiter(first: str, suffix: str) -> str:
    """A tab in TSV; else what splits the first line most often, a comma if nothing does."""
    if suffix == "tsv":
        return "\t"
    return max(_DELIMITERS, key=lambda one: (first.count(one), one == ","))
