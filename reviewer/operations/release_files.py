"""The files of a release's rows: each part as JSON lines and as Parquet at once, in constant memory."""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from reviewer.domain.releases import Part, ReleasedFile
from reviewer.formats import release_lines, release_tables
from reviewer.formats.release_lines import Line
from reviewer.formats.release_shapes import Form, Shape
from reviewer.storage import outgoing

DATA, LINEAGE = "data", "lineage"
_BATCH, _WITH_IMAGES = 500, 20  # rows


class _Lines:
    """A file of JSON lines, hashed as it is written."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self.path = path
        self._stream = stream
        self._digest = hashlib.sha256()

    def write(self, some: bytes) -> None:
        self._stream.write(some)
        self._digest.update(some)

    def released(self, rows: int) -> ReleasedFile:
        return ReleasedFile(f"{self.path.parent.name}/{self.path.name}", self._digest.hexdigest(), rows)


class Sink:
    """One part: its lines, its table, and where lineage stands in no row, the lines of that, row by row.

    Written in a thread of its own, which seldom needs the interpreter lock.
    """

    def __init__(self, folder: Path, part: Part, shape: Shape, form: Form, *, images: bool = False) -> None:
        """folder: of the release; the folders of its files are there. images: rows name some, which lie there."""
        self._folder = folder
        self._images = images
        self._paths = (folder / DATA / f"{part}.jsonl", folder / DATA / f"{part}.parquet", folder / LINEAGE / f"{part}.jsonl")
        self._shape = shape
        self._schema = release_tables.schema(shape, form, images=images)
        self._waiting: list[Line] = []
        self._written: Future[None] | None = None

    def __enter__(self) -> "Sink":
        self._stack = ExitStack()
        lines, table, lineage = self._paths
        self._lines = _Lines(lines, self._stack.enter_context(outgoing.durable(lines)))
        self._lineage = None if self._shape.traced else _Lines(lineage, self._stack.enter_context(outgoing.durable(lineage)))
        # The table's own stream is opened below; this one makes on the disk durable what that wrote.
        self._stack.enter_context(outgoing.durable(table))
        self._table = self._stack.enter_context(release_tables.writer(table, self._schema))
        self._thread = self._stack.enter_context(ThreadPoolExecutor(1))
        return self

    def add(self, row: Line) -> None:
        """Take a row."""
        self._waiting.append(row)
        if len(self._waiting) == (_WITH_IMAGES if self._images else _BATCH):
            self._flush()

    def files(self, rows: int) -> list[ReleasedFile]:
        """What was written, when the `with` block has ended."""
        table = self._paths[1]
        found = [self._lines.released(rows), ReleasedFile(f"{DATA}/{table.name}", outgoing.file_sha256(table), rows)]
        return found if self._lineage is None else [*found, self._lineage.released(rows)]

    def _flush(self) -> None:
        some, self._waiting = self._waiting, []
        self._settle()
        self._written = self._thread.submit(self._write, some)

    def _write(self, some: list[Line]) -> None:
        lines = release_lines.lines([one.line for one in some])
        self._lines.write(lines)
        if self._lineage is not None:
            self._lineage.write(release_lines.lines([one.trace for one in some if one.trace is not None]))
        same = all(one.table is one.line for one in some)
        told = lines if same else release_lines.lines([one.table for one in some])
        some.clear()  # what follows needs as much again
        if self._images:
            self._table.write_table(release_tables.with_images(told, self._schema, lambda path: (self._folder / path).read_bytes()))
        else:
            self._table.write_table(release_tables.table(told, self._schema))

    def _settle(self) -> None:
        """Wait for the rows before, so that memory holds two batches at most; raises what writing them raised."""
        if self._written is not None:
            self._written.result()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        with self._stack:
            if kind is None:
                if self._waiting:
                    self._flush()
                self._settle()
