"""Rows of a table, whatever it is stored as: JSON values by column, with the row's own bytes and line."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.formats import csv_rows, raw_records, strict_json
from reviewer.formats.heads import Head, look
from reviewer.formats.sources import Source

_SAMPLES = 20
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class RowIn(NamedTuple):
    """One row. `problem`: why it has no cells."""

    cells: Mapping[str, msgspec.Raw]
    raw: bytes
    line: int | None
    problem: str | None = None
    code: str = "E301"


def kind_of(head: Head) -> str:
    """What a table is stored as: `csv`, `tsv`, `parquet` or `jsonl`; "" for what is no table."""
    if head.shape == "parquet":
        return "parquet"
    if head.shape == "text":
        first = head.text.split(b"\n", 1)[0]
        if head.suffix == "tsv" or (head.suffix != "csv" and b"\t" in first):
            return "tsv"
        return "csv" if head.suffix in ("csv", "") or b"," in first else ""
    return "jsonl" if head.samples and head.shape in ("lines", "list") else ""


def columns_of(head: Head, *, header: bool = True) -> tuple[str, ...]:
    """The names of the columns in order, as far as the beginning of the file tells; 1, 2, … for text without a header."""
    if head.shape == "text":
        try:
            return csv_rows.columns(BytesIO(head.text), head.suffix, header=header)
        except BadRecord:
            return ()
    if head.shape == "parquet":
        return tuple(head.samples[0]) if head.samples else tuple(head.names)
    return tuple(dict.fromkeys(name for sample in head.samples for name in sample))


def first_rows(head: Head, *, header: bool = True) -> Sequence[Mapping[str, Any]]:
    """The first rows, to look at."""
    if head.shape != "text":
        return head.samples
    found: list[Mapping[str, Any]] = []
    try:
        for row in csv_rows.rows(BytesIO(head.text), head.suffix, header=header):
            if not row.problem:
                found.append(row.cells)
            if len(found) == _SAMPLES:
                break
    except BadRecord:
        return ()
    return found


def rows(kind: str, source: Source, *, header: bool = True) -> Iterator[RowIn]:
    """Every row. header: whether the first row of CSV or TSV names the columns. Raises BadRecord where the table cannot be read on."""
    if kind == "parquet":
        yield from _parquet(source)
    elif kind == "jsonl":
        yield from _json(source)
    else:
        yield from _csv(kind, source, header=header)


def _csv(kind: str, source: Source, *, header: bool) -> Iterator[RowIn]:
    stream = source.open()
    try:
        for row in csv_rows.rows(stream, kind, header=header):
            if row.problem:
                yield RowIn({}, row.raw, row.line, row.problem, row.code)
            else:
                cells = {name: msgspec.Raw(msgspec.json.encode(cell)) for name, cell in row.cells.items()}
                yield RowIn(cells, row.raw, row.line)
    finally:
        stream.close()


def _parquet(source: Source) -> Iterator[RowIn]:
    from reviewer.formats import parquet_rows  # loads pyarrow, which nothing else here needs

    for cells in parquet_rows.rows(source):
        raw = msgspec.json.encode(cells)
        try:
            strict_json.check(raw)
        except BadRecord as error:
            yield RowIn({}, raw, None, error.what, error.code)
        else:
            yield RowIn(cells, raw, None)


def _json(source: Source) -> Iterator[RowIn]:
    stream = source.open()
    try:
        for found in raw_records.cut(look(source).shape, stream):
            try:
                if found.problem:
                    raise strict_json.bad(found.problem, found.code)
                strict_json.check(found.raw)
                cells: dict[str, msgspec.Raw] = strict_json.decode(_members, found.raw)
                yield RowIn(cells, found.raw, found.line)
            except BadRecord as error:
                yield RowIn({}, found.raw, found.line, error.what, error.code)
    finally:
        stream.close()
