"""Tables with a column map: CSV, TSV, Parquet, and JSONL whose keys are columns.

A row is a prompt with its completion or without, a list of messages, or outputs to compare. Columns that the map does not name go to the
metadata where it keeps them.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.domain.items import Item, Message, Part, Role
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import chat_messages, column_maps, map_files, outputs, strict_json, times
from reviewer.formats.column_maps import EVERYTHING, MODELS, OUTPUTS, ColumnMap
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head, look
from reviewer.formats.outputs import Compared, Said
from reviewer.formats.sources import Source
from reviewer.formats.table_rows import RowIn, columns_of, first_rows, kind_of, rows

Raw = msgspec.Raw
Row = Mapping[str, Raw]

_any = msgspec.json.Decoder()
_NOTHING = (b"null", b'""')


def is_table(head: Head) -> bool:
    """Whether a file is a table at all, known columns or not."""
    return head.shape == "parquet" or (head.shape == "text" and head.suffix in ("csv", "tsv"))


def why_not(head: Head, options: Options) -> str:
    """Why a table was not read: a map that does not fit, or none that could be guessed."""
    if options.column_map is not None and (columns := columns_of(head, header=options.column_map.header)):
        wrong = column_maps.misfit(options.column_map, columns, head.stem)
        if wrong is not None:
            return wrong
    return "This is a table whose columns are not known. Say which is which with a column map."


def map_for(head: Head, options: Options) -> ColumnMap | None:
    """The map that was given if it fits, else the one that the columns suggest."""
    given = options.column_map
    if given is not None:
        return given if column_maps.misfit(given, columns_of(head, header=given.header), head.stem) is None else None
    return column_maps.guess(columns_of(head), first_rows(head))


class Look(NamedTuple):
    """The columns of a table, its first rows with cells as text, and the map that would be used."""

    columns: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    column_map: ColumnMap | None = None


def looked_at(source: Source, options: Options) -> Look:
    """What a person needs to see to say which column is which; empty for what is no table."""
    try:
        head = look(source)
    except (BadRecord, OSError):
        return Look()
    if not is_table(head) and not (head.shape in ("lines", "list") and head.samples):
        return Look()
    header = options.column_map is None or options.column_map.header
    rows = tuple({name: _as_text(value) for name, value in row.items()} for row in first_rows(head, header=header))
    return Look(columns_of(head, header=header), rows, map_for(head, options))


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else msgspec.json.encode(value, enc_hook=str).decode()


def _sniff(kind: str, head: Head, options: Options) -> bool:
    return kind_of(head) == kind and map_for(head, options) is not None


def _read(kind: str, source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a row. Raises Refused where no map was given and none can be guessed, or where the map does not fit."""
    head = look(source)
    if kind in ("csv", "tsv"):
        head = head._replace(shape="text", suffix=kind)
    given = options.column_map
    columns = columns_of(head, header=given is None or given.header)
    column_map = column_maps.wanted(given or column_maps.guess(columns, first_rows(head)), columns, head.stem)
    told = {field: map_files.said_by_name(those, head.stem) for field, those in column_map.from_file.items()}
    number = 0
    try:
        for row in rows(kind, source, header=column_map.header):
            number += 1
            try:
                yield _record(row, number, column_map, options, told)
            except BadRecord as error:
                yield Reject(number, row.line, error.what, row.raw[: strict_json.KEPT_OF_A_REJECT], error.code)
    except BadRecord as error:
        yield Reject(number + 1, None, error.what, b"", error.code)


def _record(row: RowIn, number: int, column_map: ColumnMap, options: Options, told: Mapping[str, str | None]) -> Record:
    """told: what the name of the file says."""
    if row.problem:
        raise strict_json.bad(row.problem, row.code)
    found: list[Medium] = []
    cells, columns = row.cells, column_map.columns

    def text(field: str) -> str | None:
        value = _cell(cells, columns[field]) if field in columns else told.get(field)
        return None if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode()

    time = _cell(cells, columns["time"]) if "time" in columns else told.get("time")
    if time is not None and not isinstance(time, str | int | float):
        raise strict_json.bad("The time is neither text nor a number.")
    beside = _metadata(cells, column_map)
    these = _compared(cells, column_map, found) if column_map.kind == "comparison" else None
    if these is not None:
        by_key = dict(sorted(zip(these.keys, (columns[field] for field in OUTPUTS if field in columns), strict=True)))
        beside["candidates"] = Raw(msgspec.json.encode(by_key))
    item = Item(
        kind=column_map.kind,
        messages=these.prompt if these is not None else _messages(cells, columns, found),
        candidates=these.candidates if these is not None else (),
        agent=options.agent or text("agent"),
        model=text("model"),
        time=None if time is None else times.rfc3339(time),
        external_id=text("external_id"),
    )
    return Record(item, row.raw, number, row.line, strict_json.members_text(beside), tuple(found))


def _compared(cells: Row, column_map: ColumnMap, found: list[Medium]) -> Compared:
    """The outputs of a row; an empty one is an output that says nothing, which cannot be compared."""
    columns = column_map.columns
    said = [
        Said(_whole(cells.get(columns[field], Raw(b"null"))), columns[field], outputs.as_text(cells.get(columns.get(made, ""))))
        for field, made in zip(OUTPUTS, MODELS, strict=True)
        if field in columns
    ]
    return outputs.compared(_whole(cells[columns["prompt"]]) if "prompt" in columns else None, said, found)


def _whole(cell: Raw) -> Raw:
    """A cell; the messages that a text holds in place of the text."""
    value = _any.decode(cell)
    if isinstance(value, str) and value.lstrip().startswith("[") and '"role"' in value:
        try:
            strict_json.check(value.encode())
            return Raw(value.strip().encode())
        except BadRecord:
            pass  # it only looked like messages: then it is what somebody said
    return cell


def _messages(cells: Row, columns: Mapping[str, str], found: list[Medium]) -> tuple[Message, ...]:
    if "messages" in columns:
        messages = _chat(cells, columns["messages"], "user", found)
        if not messages:
            raise strict_json.bad("The record has no messages.")
        return messages
    prompt = _chat(cells, columns["prompt"], "user", found)
    completion = _chat(cells, columns["completion"], "assistant", found) if "completion" in columns else ()
    if not prompt and not any(message.content for message in completion):
        raise strict_json.bad("The row is empty.")
    if "completion" not in columns:
        return prompt  # a question, which is itself what is judged
    return prompt + (completion or (Message(role="assistant"),))


def _chat(cells: Row, column: str, role: Role, found: list[Medium]) -> tuple[Message, ...]:
    """A cell as messages: a list of them, text that holds such a list, or plain text said by `role`."""
    raw = bytes(cells.get(column, Raw(b"null")))
    if raw in _NOTHING:
        return ()
    if raw.startswith(b"["):
        return chat_messages.messages_of(raw, found)
    value = _any.decode(raw)
    if not isinstance(value, str):
        return (Message(role=role, content=(Part(type="json", json=strict_json.compact_text(raw)),)),)
    if value.lstrip().startswith("[") and '"role"' in value:
        inner = value.encode()
        try:
            strict_json.check(inner)
            return chat_messages.messages_of(inner, found)
        except BadRecord:
            pass  # it only looked like messages: then it is what somebody said
    return (Message(role=role, content=(Part(type="text", text=value),)),)


def _cell(cells: Row, column: str) -> Any:
    raw = cells.get(column)
    return None if raw is None or bytes(raw) in _NOTHING else _any.decode(raw)


def _metadata(cells: Row, column_map: ColumnMap) -> dict[str, Raw]:
    used = set(column_map.columns.values())
    kept = [name for name in cells if name not in used] if column_map.keep == EVERYTHING else column_map.keep
    return {name: cells[name] for name in kept if name in cells}


def _format(kind: str, description: str) -> Format:
    return Format(kind, description, 1, partial(_sniff, kind), partial(_read, kind))


FORMATS = (
    _format("csv", "tables of prompts and completions, or of messages, with a column map (CSV)"),
    _format("tsv", "the same, separated by tabs (TSV)"),
    _format("parquet", "the same as Parquet"),
    _format("jsonl", "the same as JSONL, keys taken as columns"),
)

NAMES = frozenset(known.name for known in FORMATS)
