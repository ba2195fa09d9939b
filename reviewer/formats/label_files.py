"""Files of labels, whatever they are: JSON lines, tables with a map or with the names of the fields, or records that labels came with."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.errors import BadRecord, Refused, shown
from reviewer.formats import companions, label_maps, table_rows
from reviewer.formats.companions import Sourced
from reviewer.formats.format import AUTO, Options
from reviewer.formats.heads import Head, look
from reviewer.formats.json_lines import Line
from reviewer.formats.label_maps import LabelMap
from reviewer.formats.sources import Skipped, Source, sources

_TABLES = ("csv", "tsv", "parquet")


class Reading(NamedTuple):
    """How a person wants labels read. format: of records that they came with; agent: the one that their items were imported with."""

    format: str = AUTO
    label_map: LabelMap | None = None
    agent: str | None = None


def is_lines(path: Path, reading: Reading) -> bool:
    """Whether a file is to be read as JSON lines, which need no map."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return reading.format == AUTO and reading.label_map is None and name.rpartition(".")[2] not in _TABLES


def read(path: Path, reading: Reading) -> Iterator[Line[Sourced] | Skipped]:
    """The labels in a file, or in all files under a folder. Raises Refused for what holds none, NotFound for a path that is not there."""
    found = (
        _tables(str(path), reading.label_map)
        if reading.format == AUTO
        else companions.labels(str(path), Options(format=reading.format, agent=reading.agent))
    )
    return found if path.is_dir() else _not_all_skipped(found)


def _not_all_skipped(found: Iterator[Line[Sourced] | Skipped]) -> Iterator[Line[Sourced] | Skipped]:
    """A file that was named and holds nothing but what is passed over is refused, before a label is given."""
    skipped: list[Skipped] = []
    for one in found:
        if isinstance(one, Skipped):
            skipped.append(one)
            continue
        yield from skipped
        yield one
        yield from found
        return
    if skipped:
        raise Refused(
            f"{shown(skipped[0].path, 200)} holds no labels: {skipped[0].reason}",
            "Say which column is which with --map: see `reviewer labels import --help`.",
        )


def _tables(path: str, label_map: LabelMap | None) -> Iterator[Line[Sourced] | Skipped]:
    for source in sources([path]):
        if isinstance(source, Skipped):
            yield source
            continue
        try:
            head = look(source)
        except BadRecord as error:
            yield Skipped(source.path, error.what)
            continue
        except OSError as error:
            yield Skipped(source.path, f"The file cannot be read ({error.strerror}).")
            continue
        kind = table_rows.kind_of(head)
        used, why_not = _map_for(head, kind, label_map)
        if used is None:
            yield Skipped(source.path, why_not)
        else:
            yield from _rows(source, kind, used, head.stem)


def _map_for(head: Head, kind: str, label_map: LabelMap | None) -> tuple[LabelMap | None, str]:
    """The map to read a table with, or why there is none."""
    if not kind:
        return None, "This is no table."
    columns = table_rows.columns_of(head, header=label_map is None or label_map.header)
    if label_map is None:
        used = label_maps.by_name(columns, harmless=kind == "csv")
        return used, f"Its columns do not say which item a label is of, or which verdict it gives: {shown(', '.join(columns), 300)}."
    wrong = label_maps.misfit(label_map, columns, head.stem)
    return (label_map, "") if wrong is None else (None, wrong)


def _rows(source: Source, kind: str, label_map: LabelMap, stem: str) -> Iterator[Line[Sourced]]:
    """The labels of a table, row by row. Where it cannot be read on, the last line says so."""
    sha256 = source.disk.sha256
    number = 0
    try:
        for row in table_rows.rows(kind, source, header=label_map.header):
            number += 1
            line = Line[Sourced](row.line or number, row.raw, None, row.problem or "", source.path)
            if row.problem:
                yield line
                continue
            for given in label_map.given:
                try:
                    told = label_maps.told(label_map, given, row.cells, stem)
                    yield line._replace(said=Sourced(told.label, sha256, told.agent, told.model))
                except (BadRecord, Refused) as error:
                    yield line._replace(problem=error.what)
    except BadRecord as error:
        yield Line(number + 1, b"", None, error.what, source.path)
