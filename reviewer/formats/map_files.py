"""What maps of tables have in common: a TOML file, the names or places of columns, and what the name of a file says."""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from reviewer.domain.errors import NotFound, Refused, shown

Patterns: TypeAlias = tuple[str, ...]


def load(path: str) -> dict[str, Any]:
    """The table in a TOML file. Raises NotFound, or Refused for what is no TOML."""
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise NotFound(f"There is no map “{shown(path)}”.", "Check the path after --map; `reviewer formats` lists maps by name.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"The map “{shown(path)}” is not TOML: {error}.", "See `reviewer import --help`.") from error


def has_header(table: Mapping[str, Any]) -> bool:
    """Whether the first row names the columns. Raises Refused."""
    header = table.get("header", True)
    if not isinstance(header, bool):
        raise Refused("In the map, header is neither true nor false.", "Write header = false for a table whose first row names no columns.")
    return header


def columns(given: Mapping[str, Any], fields: Collection[str], *, header: bool, of: str) -> dict[str, str]:
    """Field to column. Where no header names them, columns are counted from 1. of: “an item”. Raises Refused."""
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise Refused(f"“{shown(unknown[0])}” is not a field of {of}.", f"Use these: {', '.join(fields)}.")
    return {field: _column(field, column, header=header) for field, column in given.items()}


def _column(field: str, column: object, *, header: bool) -> str:
    if header and isinstance(column, str):
        return column
    if not header and isinstance(column, int) and not isinstance(column, bool) and column > 0:
        return str(column)
    example = f'{field} = "Column"' if header else f"{field} = 1"
    raise Refused(
        f"In the map, {shown(field)} names no column.", f"Write {example}; columns have {'names' if header else 'numbers from 1'} here."
    )


def patterns(table: Mapping[str, Any], fields: Collection[str]) -> dict[str, Patterns]:
    """What `[file_name]` says: field to patterns with one `*` each, the first that fits counting. Raises Refused."""
    given = table.get("file_name", {})
    if not isinstance(given, dict):
        raise Refused("In the map, file_name is no table.", 'Write [file_name], then lines such as model = "runs_of_*".')
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise Refused(f"The name of a file cannot say “{shown(unknown[0])}”.", f"It can say: {', '.join(fields)}.")
    found = {field: (one,) if isinstance(one, str) else tuple(one) if isinstance(one, list) else () for field, one in given.items()}
    for field, those in found.items():
        if not those or not all(isinstance(one, str) and one.count("*") == 1 for one in those):
            raise Refused(f"In the map, the pattern for {field} has not one * in it.", f'Write {field} = "runs_of_*".')
    return found


def said_by_name(those: Patterns, stem: str) -> str | None:
    """What stands for the `*` of the first pattern that fits a file's name; None where none does."""
    for one in those:
        before, _, after = one.partition("*")
        if stem.startswith(before) and stem.endswith(after) and len(stem) > len(before) + len(after):
            return stem[len(before) : len(stem) - len(after)]
    return None


def misfit(named: Iterable[str], from_file: Mapping[str, Patterns], has: Sequence[str], stem: str) -> str | None:
    """Why a map does not fit a table, in one sentence; None where it does."""
    missing = next((column for column in named if column not in has), None)
    if missing is not None:
        return f"The table has no column “{shown(missing)}”, which the map names."
    silent = next((field for field, those in from_file.items() if said_by_name(those, stem) is None), None)
    if silent is not None:
        return f"The name of the file does not say the {silent} as the map expects: {shown(' or '.join(from_file[silent]), 80)}."
    return None
