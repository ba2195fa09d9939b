"""Which column of a table is which field of an item: written in a file, guessed from the names, or chosen in the window."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, cast

from reviewer.domain.candidates import KEYS
from reviewer.domain.errors import BadRecord, Refused, shown
from reviewer.formats import map_files, times
from reviewer.formats.map_files import Patterns

FIELDS = ("prompt", "completion", "messages", "model", "agent", "time", "external_id")
OUTPUTS = tuple(f"candidate_{key.lower()}" for key in KEYS)
MODELS = tuple(f"model_{key.lower()}" for key in KEYS)
"""The outputs of a comparison and who made each: which stands in which column; the candidates get keys of their own."""
Kind = Literal["completion", "trajectory", "comparison"]
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
_SIDES = (("chosen", "rejected"), *((f"{said}_a", f"{said}_b") for said in ("response", "conversation", "completion", "answer", "output")))
_MADE_BY = ("model_a", "model_b")


class ColumnMap(NamedTuple):
    """kind of the items; columns: canonical field to column name; keep: columns that go to the metadata, or `*` for all the others.

    header: whether the first row names the columns; without it they are called 1, 2 and so on. from_file: fields that the name of the file
    says, each with patterns in which `*` stands for what it says.
    """

    kind: Kind
    columns: Mapping[str, str]
    keep: tuple[str, ...] | Literal["*"] = EVERYTHING
    header: bool = True
    from_file: Mapping[str, Patterns] = {}


def load(path: str) -> ColumnMap:
    """The map in a TOML file. Raises NotFound or Refused with what is wrong in it."""
    return checked(map_files.load(path))


_HINT = 'Write kind = "completion", then [columns] with lines such as prompt = "Question", then [metadata] keep = "*".'

_OUTPUTS_HINT = 'Write candidate_a = "Column" and candidate_b = "Column", with prompt and model_a, model_b where there are such columns.'


def checked(table: Mapping[str, Any]) -> ColumnMap:
    """The map of a table as TOML gives it. Raises Refused with what is wrong in it."""
    kind = table.get("kind", "completion")
    if kind not in ("completion", "trajectory", "comparison"):
        raise Refused(f"“{shown(str(kind))}” is not a kind that a table can hold.", "Write completion, trajectory or comparison.")
    header = map_files.has_header(table)
    if not isinstance(table.get("columns"), dict):
        raise Refused("The column map has no [columns].", _HINT)
    fields = (*FIELDS, *OUTPUTS, *MODELS) if kind == "comparison" else FIELDS
    columns = map_files.columns(table["columns"], fields, header=header, of="an item")
    if kind == "comparison":
        if {"completion", "messages", "model"} & set(columns) or len(set(OUTPUTS) & set(columns)) < 2:
            raise Refused("The column map of comparisons does not name two outputs.", _OUTPUTS_HINT)
    elif not {"messages", "prompt"} & set(columns):
        raise Refused("The column map names neither messages nor prompt.", _HINT)
    from_file = map_files.patterns(table, [field for field in FIELDS if field not in ("messages", "prompt", "completion")])
    twice = sorted(set(from_file) & set(columns))
    if twice:
        raise Refused(f"Both a column and the name of the file say the {twice[0]}.", "Leave one of them out.")
    return ColumnMap(cast(Kind, kind), columns, _kept(table), header, from_file)


def _kept(table: Mapping[str, Any]) -> tuple[str, ...] | Literal["*"]:
    metadata = table.get("metadata", {})
    keep = metadata.get("keep", []) if isinstance(metadata, dict) else None
    if keep == EVERYTHING:
        return EVERYTHING
    if not isinstance(keep, list) or not all(isinstance(column, str) for column in keep):
        raise Refused("In the column map, keep is not a list of column names.", 'Write keep = ["a", "b"] or keep = "*".')
    return tuple(keep)


def misfit(column_map: ColumnMap, columns: Sequence[str], stem: str) -> str | None:
    """Why a map does not fit a table, in one sentence; None where it does. stem: the file's name without its endings."""
    named = [*column_map.columns.values(), *(column_map.keep if column_map.keep != EVERYTHING else ())]
    return map_files.misfit(named, column_map.from_file, columns, stem)


def wanted(column_map: ColumnMap | None, columns: Sequence[str], stem: str = "") -> ColumnMap:
    """The map to read a table with. Raises Refused where there is none, or where it names what the table has not."""
    has = f"It has: {shown(', '.join(columns), 300)}." if columns else "It has no columns."
    if column_map is None:
        raise Refused("The columns of the table are not known.", f"Say which is which with a column map. {has}")
    wrong = misfit(column_map, columns, stem)
    if wrong is not None:
        raise Refused(wrong, has)
    return column_map


def guess(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> ColumnMap | None:
    """The map that names and first values suggest; None where they suggest no items."""
    pair = _outputs(columns, rows)
    found: dict[str, str] = dict(pair)
    for field, names in _NAMES.items():
        if pair and field in ("messages", "completion", "model"):
            continue
        for name in names:
            column = next((column for column in columns if _plain(column) == name and column not in found.values()), None)
            if column is not None and _fits(field, [row.get(column) for row in rows]):
                found[field] = column
                break
    if pair:
        return ColumnMap("comparison", found)
    if "messages" in found:
        return ColumnMap("trajectory", {k: v for k, v in found.items() if k not in ("prompt", "completion")})
    return ColumnMap("completion", found) if {"prompt", "completion"} <= set(found) else None


def _outputs(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The two outputs of a comparison and their models, by their columns' names; nothing where there are none."""
    named = {_plain(column): column for column in columns}
    for sides in _SIDES:
        if all(side in named and _told(named[side], rows) for side in sides):
            found = {field: named[side] for field, side in zip(OUTPUTS, sides, strict=False)}
            return found | {field: named[made] for field, made in zip(MODELS, _MADE_BY, strict=False) if made in named}
    return {}


def _told(column: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the first values of a column are texts or messages; a score of `response_a` is none."""
    given = [row.get(column) for row in rows if row.get(column) not in (None, "")]
    return bool(given) and all(_is_chat(value) or (isinstance(value, str) and not value.isdigit()) for value in given)


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
