"""Which columns of a table say what of a label: written in a map, with what the cells mean. A row may hold several people's labels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from reviewer.domain.errors import Refused, shown
from reviewer.formats import label_lines, map_files, spreadsheets, strict_json
from reviewer.formats.label_lines import LabelLine
from reviewer.formats.map_files import Patterns

_NOTHING = msgspec.Raw(b"null")

Cells = Mapping[str, msgspec.Raw]

_SAID = ("verdict", "prefer", "rank", "strength", "severity", "rationale", "confidence", "correction")
_TEXT = ("item", "external_id", "reviewer", "time", *_SAID)
_NESTED = ("preference", "clause", "clauses", "span", "spans", "omission", "omissions", "step", "steps")
_LISTS = ("clauses", "span", "spans", "omissions", "step", "steps")  # of texts, where a cell holds one
_BARE = ("blind", "in_force", "showing", "duration_ms")
_ITEM = ("agent", "model")  # tell apart items of one external id
FIELDS: Final = (*_TEXT, *_NESTED, *_BARE, *_ITEM)
_SAYS = frozenset({"verdict", "prefer", "rank", "preference"})
_HINT = 'Write [[labels]], then lines such as external_id = "question", reviewer = "worker" and verdict = "answer".'


class Given(NamedTuple):
    """One label of each row. columns: field to column; always: field to what it is in every row."""

    columns: Mapping[str, str]
    always: Mapping[str, str]


class LabelMap(NamedTuple):
    """values: for a field, what its cells mean; a cell that is not among them is no value of it. header, from_file: as in a column map.

    harmless: cells that a spreadsheet would run were made harmless, as `labels export` does.
    """

    given: tuple[Given, ...]
    values: Mapping[str, Mapping[str, str]] = {}
    header: bool = True
    from_file: Mapping[str, Patterns] = {}
    harmless: bool = False


class Told(NamedTuple):
    """A label with what else its row says of the item."""

    label: LabelLine
    agent: str | None = None
    model: str | None = None


def checked(table: Mapping[str, Any]) -> LabelMap:
    """The map of a table as TOML gives it. Raises Refused with what is wrong in it."""
    header = map_files.has_header(table)
    labels = table.get("labels")
    if not isinstance(labels, list) or not labels or not all(isinstance(one, dict) for one in labels):
        raise Refused("The map says of no labels.", _HINT)
    return LabelMap(tuple(_given(one, header=header) for one in labels), _values(table), header, map_files.patterns(table, _ITEM))


def _given(table: Mapping[str, Any], *, header: bool) -> Given:
    always = {field: said["always"] for field, said in table.items() if isinstance(said, dict) and isinstance(said.get("always"), str)}
    _check_fields(always)
    columns = map_files.columns({f: c for f, c in table.items() if f not in always}, FIELDS, header=header, of="a label")
    if not {"item", "external_id"} & set(columns) or not _SAYS & {*columns, *always}:
        raise Refused("The map does not say which item a label is of, or which verdict it gives.", _HINT)
    return Given(columns, always)


def _values(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    values = table.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(one, dict) for one in values.values()):
        raise Refused("In the map, values holds no tables.", 'Write [values.verdict], then lines such as "1" = "non_compliant".')
    _check_fields(values)
    if not all(isinstance(meaning, str) for one in values.values() for meaning in one.values()):
        raise Refused("In the map, a value means something that is no text.", 'Write lines such as "1" = "non_compliant".')
    return values


def _check_fields(given: Mapping[str, object]) -> None:
    map_files.columns(dict.fromkeys(given, ""), FIELDS, header=True, of="a label")


def by_name(columns: Sequence[str], *, harmless: bool) -> LabelMap | None:
    """The map of a table whose columns are called as the fields are; None where they do not say enough for a label."""
    found = {field: field for field in (*_TEXT, *_NESTED, *_BARE) if field in columns}
    if not {"item", "external_id"} & set(found) or not _SAYS & set(found):
        return None
    if "item" in found:
        found.pop("external_id", None)  # an id says which item, and several may bear one external id
    return LabelMap((Given(found, {}),), harmless=harmless)


def misfit(label_map: LabelMap, columns: Sequence[str], stem: str) -> str | None:
    """Why a map does not fit a table, in one sentence; None where it does."""
    named = (column for one in label_map.given for column in one.columns.values())
    return map_files.misfit(named, label_map.from_file, columns, stem)


def told(label_map: LabelMap, given: Given, cells: Cells, stem: str) -> Told:
    """One label of a row. stem: the file's name without its endings. Raises BadRecord and Refused for what is none."""
    said = {field: map_files.said_by_name(those, stem) for field, those in label_map.from_file.items()}
    fields: dict[str, msgspec.Raw] = {}
    for field, text in _texts(label_map, given, cells):
        if field in _ITEM:
            said[field] = text
        else:
            fields[field] = msgspec.Raw(_json(field, text))
    return Told(label_lines.decode(msgspec.json.encode(fields)), said.get("agent"), said.get("model"))


def _texts(label_map: LabelMap, given: Given, cells: Cells) -> Iterator[tuple[str, str]]:
    """Fields with what their cells mean, as text; an empty cell says nothing, unless the map says what it means."""
    yield from given.always.items()
    for field, column in given.columns.items():
        text = _text(cells.get(column, _NOTHING))
        meanings = label_map.values.get(field)
        if meanings is not None:
            if text not in meanings:
                raise Refused(f"“{shown(text, 40)}” is no value of {field} in the map.", "Add it to the map, or correct the cell.")
            text = meanings[text]
        if text:
            yield field, spreadsheets.as_written(text) if label_map.harmless else text


def _text(cell: msgspec.Raw) -> str:
    """A cell as text; numbers and lists as JSON writes them."""
    raw = bytes(cell)
    return "" if raw == b"null" else msgspec.json.decode(raw, type=str) if raw.startswith(b'"') else raw.decode()


def _json(field: str, text: str) -> bytes:
    """What a cell says as a label's line would have it: lists, numbers and true or false bare, all else quoted."""
    bare = text.strip().lower()
    if field in _BARE and (bare in ("true", "false") or (bare.isascii() and bare.isdigit())):
        return bare.encode()
    if field in _NESTED and text.startswith(("[", "{")):
        raw = text.encode()
        strict_json.check(raw)
        return raw
    return msgspec.json.encode([text] if field in _LISTS else text)
