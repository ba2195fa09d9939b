"""The way in: walk paths, recognise files, read their records. What import operations and the import window call."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from reviewer.domain.errors import BadRecord, Refused
from reviewer.domain.records import Record, Reject
from reviewer.formats import registry, tables
from reviewer.formats.column_maps import ColumnMap
from reviewer.formats.format import AUTO, Format, Options
from reviewer.formats.heads import look
from reviewer.formats.sources import Given, Skipped, Source, sources

__all__ = ["ColumnMap", "Found", "Options", "Preview", "Skipped", "policy_of", "preview", "read", "scan"]


class Found(NamedTuple):
    """A file of records that can be read, once or again."""

    path: str
    format: str
    format_version: int
    source: Source

    @property
    def sha256(self) -> str:
        """Of the file on the disk, packed as it is; computed when first asked for."""
        return self.source.disk.sha256


def scan(paths: Sequence[Given], options: Options = Options()) -> Iterator[Found | Skipped]:  # noqa: B008 - immutable
    """What the paths hold, one file at a time, in a fixed order.

    Raises Refused for a format that is not known, NotFound for a path that is not there.
    """
    chosen = None if options.format == AUTO else registry.by_name(options.format)
    for source in sources(paths):
        if isinstance(source, Skipped):
            yield source
            continue
        yield _recognised(source, chosen, options)


def _recognised(source: Source, chosen: Format | None, options: Options) -> Found | Skipped:
    try:
        head = look(source)
    except BadRecord as error:
        return Skipped(source.path, f"{error.what} [{error.code}]")
    except OSError as error:
        return Skipped(source.path, f"The file cannot be read ({error.strerror}).")
    if chosen is not None and not registry.can_read(chosen, head):
        return Skipped(source.path, f"This is no file of the format {chosen.name}.")
    known = chosen or registry.recognised(head, options)
    if known is None:
        return Skipped(source.path, registry.why_not(head, options))
    nothing = known.empty(head)
    if nothing:
        return Skipped(source.path, nothing)
    return Found(source.path, known.name, known.version, source)


def read(found: Found, options: Options = Options()) -> Iterator[Record | Reject]:  # noqa: B008 - immutable
    """The records of a file in order, in constant memory. What cannot be read is a reject; reading goes on where it can.

    Raises Refused where a column map does not fit the table.
    """
    return registry.by_name(found.format).read(found.source, options)


def policy_of(found: Found, record: Record) -> str | None:
    """The written policy that a record of a file carries; None for most."""
    return registry.by_name(found.format).policy(record)


class Preview(NamedTuple):
    """What the import dialog shows of a file before anything is imported.

    format: None where the file would be passed over, for the `reason`. columns, rows: of a table, so that a person can say which column
    is which; cells as text. column_map: the one that would be used, given or guessed.
    """

    path: str
    format: str | None
    reason: str | None
    records: tuple[Record | Reject, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    column_map: ColumnMap | None = None


def preview(paths: Sequence[str], options: Options = Options(), records: int = 3) -> Iterator[Preview]:  # noqa: B008 - immutable
    """The first records of each file under the paths. Raises as `scan` does."""
    chosen = None if options.format == AUTO else registry.by_name(options.format)
    for source in sources(paths):
        if isinstance(source, Skipped):
            yield Preview(source.path, None, source.reason)
            continue
        found = _recognised(source, chosen, options)
        yield _preview(source, found, options, records)


def _preview(source: Source, found: Found | Skipped, options: Options, records: int) -> Preview:
    if isinstance(found, Skipped):
        columns, rows, column_map = tables.looked_at(source, options)
        return Preview(source.path, None, found.reason, (), columns, rows[:records], column_map)
    first: tuple[Record | Reject, ...] = ()
    reason = None
    try:
        first = tuple(islice(read(found, options), records))
    except Refused as refused:
        reason = refused.what
    if found.format not in tables.NAMES:
        return Preview(source.path, found.format, reason, first)
    columns, rows, column_map = tables.looked_at(source, options)
    return Preview(source.path, found.format, reason, first, columns, rows[:records], column_map)
