"""Maps of tables by name: those that come with the program, and files of one's own."""

import os
from typing import Any, NamedTuple

from reviewer.formats import column_maps, label_maps, map_files
from reviewer.formats.column_maps import ColumnMap
from reviewer.formats.label_maps import LabelMap
from reviewer.storage import assets


class ShippedMap(NamedTuple):
    """A map that comes with the program."""

    name: str
    description: str


def shipped() -> tuple[ShippedMap, ...]:
    """The maps that come with the program."""
    paths = sorted(assets.resource("maps").glob("*.toml"), key=lambda path: path.stem)
    return tuple(ShippedMap(path.stem, str(map_files.load(str(path))["description"])) for path in paths)


def column_map(named: str) -> ColumnMap:
    """Which columns make an item. named: a file, or a map that comes with the program. Raises NotFound, or Refused with what is wrong."""
    return column_maps.checked(_table(named))


def label_map(named: str) -> LabelMap:
    """Which columns make a label. Raises as `column_map` does."""
    return label_maps.checked(_table(named))


def _table(named: str) -> dict[str, Any]:
    # A shipped map is found by its name in the list, so that no path is made of what was typed.
    paths = {path.stem: path for path in assets.resource("maps").glob("*.toml")}
    path = None if os.path.exists(named) else paths.get(named)
    return map_files.load(named if path is None else str(path))
