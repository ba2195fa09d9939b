"""Labels as files: JSON lines, CSV that a spreadsheet can open without running anything, and Parquet with types. Rows in, bytes out."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Literal, Protocol, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from reviewer.domain.errors import Refused, shown
from reviewer.formats.spreadsheets import harmless

Rows: TypeAlias = Sequence[Mapping[str, Any]]
ColumnType = Literal["text", "whole", "flag", "nested"]

# The columns of a label's row, in order. `nested` is JSON: lists and objects in JSON lines, JSON text in tables.
COLUMNS: dict[str, ColumnType] = {
    "label": "text",
    "campaign": "text",
    "campaign_id": "text",
    "item": "text",
    "external_id": "text",
    "reviewer": "text",
    "verdict": "text",
    "severity": "text",
    "clauses": "nested",
    "rationale": "text",
    "spans": "nested",
    "omissions": "nested",
    "steps": "nested",
    "preference": "nested",
    "correction": "text",
    "confidence": "text",
    "blind": "flag",
    "showing": "whole",
    "time": "text",
    "duration_ms": "whole",
    "imported": "flag",
    "in_force": "flag",
    "replaced_by": "text",
    "retracted_by": "text",
    "witnessed": "flag",
}
ENDINGS = (".jsonl", ".csv", ".parquet")
_ARROW = {"text": pa.string(), "whole": pa.int64(), "flag": pa.bool_(), "nested": pa.string()}
_FLAG = {True: "true", False: "false", None: None}
_encoder = msgspec.json.Encoder()


class Writer(Protocol):
    """Takes rows with the columns above, in their order, then is closed."""

    def write(self, rows: Rows) -> None:
        """Append some rows."""

    def close(self) -> None:
        """Finish the file; the stream stays open."""


def writer(ending: str, stream: IO[bytes]) -> Writer:
    """The writer for a file's ending. Raises Refused for any other."""
    made: dict[str, Callable[[IO[bytes]], Writer]] = {".jsonl": _JsonLines, ".csv": _Csv, ".parquet": _Parquet}
    return made[checked_ending(ending)](stream)


def checked_ending(ending: str) -> str:
    """The ending in lower case. Raises Refused for one that is not written."""
    if ending.lower() not in ENDINGS:
        named = f"“{shown(ending, 40)}” files" if ending else "a file without an ending"
        raise Refused(f"Labels are not written to {named}.", f"Let the name end in one of: {', '.join(ENDINGS)}.")
    return ending.lower()


class _JsonLines:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, rows: Rows) -> None:
        self._stream.write(_encoder.encode_lines(rows))

    def close(self) -> None:
        """A line is complete when it is written."""


class _Csv:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._head = True

    def write(self, rows: Rows) -> None:
        text = io.StringIO(newline="")
        lines = csv.writer(text, lineterminator="\r\n")
        if self._head:
            lines.writerow(COLUMNS)
            self._head = False
        lines.writerows(zip(*(_cells([row[name] for row in rows], kind) for name, kind in COLUMNS.items()), strict=True))
        self._stream.write(text.getvalue().encode())

    def close(self) -> None:
        if self._head:
            self.write([])


def _cells(values: list[Any], kind: ColumnType) -> list[Any]:
    """The cells of a column; nothing stands for what is not known."""
    if kind == "text":
        return [value if value is None else harmless(value) for value in values]
    if kind == "nested":
        return [value if value is None else harmless(_json(value)) for value in values]
    return [_FLAG[value] for value in values] if kind == "flag" else values


def _json(value: Any) -> str:
    """Lists and objects as JSON text."""
    return _encoder.encode(value).decode()


class _Parquet:
    def __init__(self, stream: IO[bytes]) -> None:
        self._schema = pa.schema([pa.field(name, _ARROW[kind]) for name, kind in COLUMNS.items()])
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")

    def write(self, rows: Rows) -> None:
        columns = []
        for name, kind in COLUMNS.items():
            values = [row[name] for row in rows]
            if kind == "nested":
                values = [None if value is None else _json(value) for value in values]
            columns.append(pa.array(values, type=_ARROW[kind]))
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        self._writer.close()
