"""What items hold in a field: a column, the month or week of their time, their metadata, or what a judge said of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from reviewer.domain.batches import batches
from reviewer.domain.errors import NotFound, shown
from reviewer.domain.items import ItemId
from reviewer.domain.metadata import looked_up
from reviewer.storage import payloads, suggestions
from reviewer.storage.rows import Rows

Value: TypeAlias = str | int | float | bool | None
Step = Callable[[int, int], None]
COLUMNS = ("agent", "model", "kind", "steps")
PERIODS = ("month", "week", "day")
_ASKED_AT_ONCE = 500
_SCANNED_FROM = 20_000  # items from which on reading an index to its end is quicker than asking for each
_LOOKED_AT = 200  # items whose metadata names the fields that a message offers


class Field(NamedTuple):
    """A field as a person names it. name: the column, the period, the path in the metadata, or the judge."""

    kind: Literal["column", "period", "metadata", "judge"]
    name: str

    def __str__(self) -> str:
        return f"suggestion:{self.name}" if self.kind == "judge" else self.name

    @property
    def leads(self) -> bool:
        """Whether its values are hidden from whoever has still to label an item blind."""
        return self.kind in ("metadata", "judge") or self.name == "model"


def named(text: str) -> Field:
    """The field of a name: `agent`, `month` (or `time:month`), `suggestion:JUDGE`, else a path in the metadata.

    `metadata:PATH` is for one that is called as a column is.
    """
    name = text.strip()
    if name.startswith("suggestion:"):
        return Field("judge", name.removeprefix("suggestion:").strip())
    if name.startswith("metadata:"):
        return Field("metadata", name.removeprefix("metadata:"))
    if name in COLUMNS:
        return Field("column", name)
    unit = "month" if name == "time" else name.removeprefix("time:")
    return Field("period", unit) if unit in PERIODS else Field("metadata", name)


def values(rows: Rows, items: Sequence[ItemId], field: Field, step: Step, *, scores: bool = False) -> list[Value]:
    """The value of each item, in their order; None where it has none, or is not here.

    scores: of a judge's opinions the score before the verdict, else the other way round. Raises NotFound for a field that none of the
    items has.
    """
    if field.kind == "judge":
        found = _opinions(rows, items, field.name, scores=scores)
    else:
        found = [None] * len(items)
        places = _places(rows, items)
        read = _metadata if field.kind == "metadata" else _columns
        for done, (n, value) in enumerate(read(rows, sorted(places), field), 1):
            if n in places:
                found[places[n]] = value
            if done % 5_000 == 0:
                step(min(done, len(items)), len(items))
    if items and all(value is None for value in found):
        raise unknown(rows, items, field)
    return found


def _places(rows: Rows, items: Sequence[ItemId]) -> dict[int, int]:
    """Where the item of each number stands among the items."""
    at = {bytes.fromhex(item): place for place, item in enumerate(items)}
    if len(items) >= _SCANNED_FROM:
        return {n: at[raw] for n, raw in rows.each("SELECT n, id FROM item") if raw in at}
    found = {}
    for some in batches(at, _ASKED_AT_ONCE):
        marks = ", ".join("?" * len(some))
        found.update({n: at[bytes(raw)] for n, raw in rows.rows(f"SELECT n, id FROM item WHERE id IN ({marks})", some)})
    return found


def _columns(rows: Rows, numbers: Sequence[int], field: Field) -> Iterator[tuple[int, Value]]:
    column = "time" if field.kind == "period" else field.name
    for n, value in _read(rows, numbers, f"SELECT n, {column} FROM item INDEXED BY item_time"):  # rows hold payloads
        yield n, value if field.kind == "column" or value is None else period(str(value), field.name)


def _read(rows: Rows, numbers: Sequence[int], select: str) -> Iterator[tuple[int, Value]]:
    if len(numbers) >= _SCANNED_FROM:
        yield from rows.each(select)
        return
    select = select.replace(" INDEXED BY item_time", "")
    for some in batches(numbers, _ASKED_AT_ONCE):
        yield from rows.rows(f"{select} WHERE n IN ({', '.join('?' * len(some))})", some)


def period(time: str, unit: str) -> str | None:
    """The month, ISO week or day of a time, in UTC; None where it is none."""
    if unit in ("month", "day"):
        return time[: 7 if unit == "month" else 10]
    with suppress(ValueError):
        year, week, _ = date.fromisoformat(time[:10]).isocalendar()
        return f"{year:04d}-W{week:02d}"
    return None


def _metadata(rows: Rows, numbers: Sequence[int], field: Field) -> Iterator[tuple[int, Value]]:
    for some in batches(numbers, _ASKED_AT_ONCE):
        marks = ", ".join("?" * len(some))
        for n, packed in rows.rows(f"SELECT n, metadata FROM origin WHERE n IN ({marks})", some):
            value = looked_up(payloads.unpack(bytes(packed)).decode(), field.name)
            yield n, value if isinstance(value, str | int | float) and value != "" else None


def _opinions(rows: Rows, items: Sequence[ItemId], judge: str, *, scores: bool) -> list[Value]:
    """What a judge said last of each item."""
    last: dict[bytes, Value] = {}
    for item, (verdict, score) in suggestions.last_said(rows, judge).items():
        number = None if score is None else float(score)
        last[item] = (number if number is not None else verdict) if scores else (verdict or number)
    return [last.get(bytes.fromhex(item)) for item in items]


def unknown(rows: Rows, items: Sequence[ItemId], field: Field) -> NotFound:
    """What to say of a field that none of the items has."""
    what = f"None of {len(items):,} items has “{shown(str(field), 60)}”."
    if field.kind == "judge":
        judges = [shown(name, 40) for name in suggestions.judges(rows)[:20]]
        known = (
            f"Judges whose opinions are here: {', '.join(judges)}." if judges else "Bring opinions in with `reviewer suggestions import`."
        )
        return NotFound(what, known)
    beside = ", ".join(shown(name, 40) for name in metadata_fields(rows, items)[:20])
    own = ", ".join((*COLUMNS, *PERIODS, "suggestion:JUDGE"))
    return NotFound(what, f"Fields are {own}" + (f"; of the metadata: {beside}." if beside else "; these items have no metadata."))


def metadata_fields(rows: Rows, items: Sequence[ItemId]) -> list[str]:
    """Fields of the metadata that some of the items have, sorted; those inside others as paths."""
    some = [bytes.fromhex(item) for item in items[:_LOOKED_AT]]
    marks = ", ".join("?" * len(some))
    found: set[str] = set()
    for (packed,) in rows.rows(f"SELECT o.metadata FROM item i JOIN origin o ON o.n = i.n WHERE i.id IN ({marks})", some):
        with suppress(msgspec.DecodeError):
            found.update(_paths(msgspec.json.decode(payloads.unpack(bytes(packed)).decode())))
    return sorted(found)


def _paths(value: object, before: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inside in value.items():
            if isinstance(inside, dict):
                yield from _paths(inside, f"{before}{name}.")
            elif isinstance(inside, str | int | float):
                yield f"{before}{name}"


def formats_with(rows: Rows, items: Sequence[ItemId], found: Sequence[Value]) -> tuple[str, ...]:
    """Formats of the files whose items all have a value, where others have not: what a query can be narrowed to."""
    by_format: dict[str, list[bool]] = {}
    places = _places(rows, items)
    files = "SELECT o.n, f.format FROM origin o JOIN import_file f ON f.id = o.file"
    for n, name in rows.each(files):
        if n in places:
            by_format.setdefault(name, []).append(found[places[n]] is not None)
    return tuple(sorted(name for name, has in by_format.items() if all(has)))
