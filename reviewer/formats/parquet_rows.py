"""Rows of a Parquet file in small batches. Apart from the rest because pyarrow takes long to load."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import pyarrow
import pyarrow.parquet

from reviewer.formats.archives import MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FROM_BYTES
from reviewer.formats.sources import Source
from reviewer.formats.strict_json import bad

_BATCH_ROWS = 64
_MAX_COLUMNS = 10_000
_FOOTER_LIMIT_BYTES = 64 << 20


def first(source: Source, count: int) -> tuple[tuple[str, ...], tuple[dict[str, Any], ...]]:
    """Names of the columns, and the first rows as Python values. Raises BadRecord for a damaged or oversized file."""
    stream = source.disk.open()
    try:
        file = _open(stream, source.disk.size_bytes)
        columns = tuple(file.schema_arrow.names)
        for batch in _batches(file, count):
            return columns, tuple(batch.to_pylist())
        return columns, ()
    finally:
        stream.close()


def rows(source: Source) -> Iterator[dict[str, msgspec.Raw]]:
    """Each row as JSON values by column; what a cell has not is null. Raises BadRecord where the file is damaged."""
    stream = source.disk.open()
    try:
        file = _open(stream, source.disk.size_bytes)
        for batch in _batches(file, _BATCH_ROWS):
            for row in batch.to_pylist():
                yield {name: msgspec.Raw(msgspec.json.encode(value, enc_hook=str)) for name, value in row.items()}
    finally:
        stream.close()


def _open(stream: BinaryIO, size_bytes: int) -> pyarrow.parquet.ParquetFile:
    try:
        file = pyarrow.parquet.ParquetFile(
            stream, pre_buffer=False, thrift_string_size_limit=_FOOTER_LIMIT_BYTES, thrift_container_size_limit=1_000_000
        )
        about = file.metadata
        unpacked = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise bad("The Parquet file is damaged or was not copied whole.") from error
    if about.num_columns > _MAX_COLUMNS:
        raise bad(f"Refused: the table has more than {_MAX_COLUMNS:,} columns.", "E303")
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(RATIO_FROM_BYTES, MAX_RATIO * size_bytes):
        raise bad(f"Refused: the table unpacks to more than {MAX_RATIO} times its size.", "E303")
    names = file.schema_arrow.names
    if len(set(names)) != len(names):
        raise bad("Two columns of the table have the same name.")
    return file


def _batches(file: pyarrow.parquet.ParquetFile, count: int) -> Iterator[pyarrow.RecordBatch]:
    try:
        yield from file.iter_batches(batch_size=count, use_threads=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise bad("The Parquet file is damaged or was not copied whole.") from error
