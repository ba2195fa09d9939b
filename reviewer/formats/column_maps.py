"""Which column of a table is which field of an item: written in a file, guessed from the names, or chosen in the window."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

from reviewer.domain.errors import BadRecord, NotFound, Refused, shown
from reviewer.formats import times

FIELDS = ("prompt", "completion", "messages", "model", "agent", "time", "external_id")
Kind = Literal["completion", "trajectory"]
EVERYTHING: Final = "*"

_NAMES: dict[str, tuple[str, ...]] = {
    "messages": ("messages", "conversation", "conversations", "dialogue", "transcript"),
    "prompt": ("prompt", "instruction", "question", "query", "input", "user_input"),
    "completion": ("completion", "response", "output", "generation", "model_output", "answer", "assistant"),
    "model": ("model", "model_name", "model_id"),
    "agent": ("agent", "agent_name"),
    "time": ("time", "timestamp", "created_at", "date", "datetime"),
    "external_id": ("external_id", "id", "uuid", "record_id", "item_id", "key"),
}


class ColumnMap(NamedTuple):
    """kind of the items; columns: canonical field to column name; keep: columns that go to the metadata, or `*` for all the others."""

    kind: Kind
    columns: Mapping[str, str]
    keep: tuple[str, ...] | Literal["*"] = EVERYTHING


def load(path: str) -> ColumnMap:
    """The map in a TOML file. Raises NotFound or Refused with what is wrong in it."""
    try:
        table = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise NotFound(f"The column map “{shown(path)}” cannot be read.", "Check the path of the file after --map.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"The column map “{shown(path)}” is not TOML: {error}.", _HINT) from error
    return checked(table)


_HINT = 'Write kind = "completion", then [columns] with lines such as prompt = "Question", then [metadata] keep = "*".'


def checked(table: Mapping[str, Any]) -> ColumnMap:
    """The map of a table as TOML gives it. Raises Refused with what is wrong in it."""
    kind = table.get("kind", "completion")
    if kind not in ("completion", "trajectory"):
        raise Refused(f"“{shown(str(kind))}” is not a kind that a table can hold.", "Write completion or trajectory.")
    columns = table.get("columns")
    if not isinstance(columns, dict) or not all(isinstance(column, str) for column in columns.values()):
        raise Refused("The column map has no [columns].", _HINT)
    unknown = sorted(set(columns) - set(FIELDS))
    if unknown:
        raise Refused(f"“{shown(unknown[0])}” is not a field of an item.", f"Use these: {', '.join(FIELDS)}.")
    if "messages" not in columns and not {"prompt", "completion"} <= set(columns):
        raise Refused("The column map names neither messages nor both prompt and completion.", _HINT)
    keep = table.get("metadata", {}).get("keep", []) if isinstance(table.get("metadata", {}), dict) else None
    if keep == EVERYTHING:
        return ColumnMap(cast(Kind, kind), dict(columns), EVERYTHING)
    if not isinstance(keep, list) or not all(isinstance(column, str) for column in keep):
        raise Refused("In the column map, keep is not a list of column names.", 'Write keep = ["a", "b"] or keep = "*".')
    return ColumnMap(cast(Kind, kind), dict(columns), tuple(keep))


def missing_column(column_map: ColumnMap, columns: Sequence[str]) -> str | None:
    """The first column that the map names and the table has not."""
    named = [*column_map.columns.values(), *(column_map.keep if column_map.keep != EVERYTHING else ())]
    return next((column for column in named if column not in columns), None)


def wanted(column_map: ColumnMap | None, columns: Sequence[str]) -> ColumnMap:
    """The map to read a table with. Raises Refused where there is none, or where it names a column that the table has not."""
    has = f"It has: {shown(', '.join(columns), 300)}." if columns else "It has no columns."
    if column_map is None:
        raise Refused("The columns of the table are not known.", f"Say which is which with a column map. {has}")
    missing = missing_column(column_map, columns)
    if missing is not None:
        raise Refused(f"The table has no column “{shown(missing)}”.", has)
    return column_map


def guess(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> ColumnMap | None:
    """The map that names and first values suggest; None where they suggest no items."""
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        for name in names:
            column = next((column for column in columns if _plain(column) == name and column not in found.values()), None)
            if column is not None and _fits(field, [row.get(column) for row in rows]):
                found[field] = column
                break
    if "messages" in found:
        return ColumnMap("trajectory", {k: v for k, v in found.items() if k not in ("prompt", "completion")})
    return ColumnMap("completion", found) if {"prompt", "completion"} <= set(found) else None


def _plain(column: str) -> str:
    return column.strip().lower().replace(" ", "_")


def _fits(field: str, values: Sequence[Any]) -> bool:
    """Whether the first values can be what the name says: `question` is a number in some tables, and `time` a duration in others."""
    given = [value for value in values if value not in (None, "")]
    if not given:
        return False
    if field == "messages":
        return all(_is_chat(value) for value in given)
    if field in ("prompt", "completion"):
        told = sum(_is_chat(value) or _is_said(value) for value in given)
        return 2 * told > len(given) or (field == "completion" and all(isinstance(value, str) and not value.isdigit() for value in given))
    if field == "time":
        return all(_is_time(value) for value in given)
    return all(isinstance(value, str | int) for value in given)


def _is_said(value: Any) -> bool:
    """Words, and not a request of some program as JSON."""
    return isinstance(value, str) and len(value.split()) > 1 and not value.lstrip().startswith("{")


def _is_chat(value: Any) -> bool:
    if isinstance(value, str):
        return value.lstrip().startswith("[") and '"role"' in value
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "role" in one for one in value)


def _is_time(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        times.rfc3339(value)
    except BadRecord:
        return False
    return True
