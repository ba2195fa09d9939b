"""The sampling frame of a campaign: the population that its draws froze, and which of its items have which value of a field.

The population is the union of the draws' lists and moves with draws alone: the query is never run again. Arrays are in the order of the
items' ids, one place an item, so that a million items take a few megabytes and one pass.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.items import ItemId
from reviewer.domain.metadata import looked_up
from reviewer.domain.stratified import stratum_name
from reviewer.storage import fields, payloads
from reviewer.storage.fields import Field, Value

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.workspace import Reading

Ids: TypeAlias = "NDArray[np.bytes_]"  # item ids of 32 bytes, sorted
Ints: TypeAlias = NDArray[np.int64]

_NUMBERS = "numbers of a population"
_CHUNK = 20_000


class Laid(NamedTuple):
    """A field over a population. values: what it takes, in order, None for items without it or not on this machine; code: shape (items of
    the population,), the place of each item's value among them."""

    values: tuple[Value, ...]
    code: Ints

    @property
    def sizes(self) -> Ints:
        """How many items of the population have each value."""
        return np.bincount(self.code, minlength=len(self.values))


def population(reading: "Reading", stored: "Stored") -> Ids:
    """The ids that the draws of a campaign froze. Raises NotFound where this replica lacks one of the lists."""
    found = np.empty(0, "S32")
    rows = reading.rows(
        "SELECT DISTINCT hex(population) FROM draw WHERE campaign = ? ORDER BY population_n, population",
        (bytes.fromhex(stored.state.hash),),
    )
    for (name,) in rows:
        more = np.frombuffer(reading.blob(name), "S32")
        found = more if within(found, more) else np.union1d(found, more)
    return found


def within(some: Ids, every: Ids) -> bool:
    """Whether all of these ids are among those."""
    return len(some) <= len(every) and bool((places(some, every) >= 0).all())


def places(some: Ids, every: Ids) -> Ints:
    """Where each of these ids stands among those, -1 where it does not. some: in any order."""
    if not len(every) or not len(some):
        return np.full(len(some), -1, np.int64)
    # Ids are hashes, so their first eight bytes as numbers find the place, many times sooner than whole strings do.
    found = np.searchsorted(_first(every), _first(some)).astype(np.int64)
    found[found == len(every)] = 0
    missed = np.flatnonzero(every[found] != some)
    if len(missed):  # not there, or two that begin alike
        found[missed] = np.minimum(np.searchsorted(every, some[missed]), len(every) - 1)
    return np.where(every[found] == some, found, -1)


def laid(reading: "Reading", population: Ids, field: Field, step: Callable[[int], None] = lambda _: None) -> Laid:
    """A field over a population. step: called with how many items were looked at, and may raise. Raises NotFound for a judge who said
    nothing of it, or metadata that no item has."""
    match field.kind:
        case "column":
            return _by_number(reading, population, _grouped(reading, field.name))
        case "period":
            times = _grouped(reading, "substr(time, 1, 10)")  # the longest of them is a day
            return _by_number(reading, population, ((None if day is None else fields.period(str(day), field.name), n) for day, n in times))
        case "metadata":
            found = _by_number(reading, population, _of_metadata(reading, field.name, step))
        case "judge":
            said = fields.values(reading, hexadecimal(population), field, lambda done, _: step(done))
            found = _coded(said)
    if found.values == (None,):
        raise fields.unknown(reading, hexadecimal(population), field)
    return found


def hexadecimal(ids: Ids) -> list[ItemId]:
    """Ids as the rest of the program writes them."""
    whole = ids.tobytes().hex()
    return [ItemId(whole[at : at + 64]) for at in range(0, len(whole), 64)]


def _first(ids: Ids) -> "NDArray[np.uint64]":
    return np.ascontiguousarray(ids).view(">u8")[::4].astype(np.uint64)


def _grouped(reading: "Reading", column: str) -> Iterable[tuple[Value, Ints]]:
    """The numbers of all items here by the value of a column; packed by SQLite, since a row an item would take ten times as long."""
    for value, numbers in reading.each(f"SELECT {column} AS value, group_concat(n) FROM item GROUP BY value"):
        yield value, np.fromstring(numbers, sep=",", dtype=np.int64)


def _of_metadata(reading: "Reading", name: str, step: Callable[[int], None]) -> Iterable[tuple[Value, Ints]]:
    found: dict[Value, list[int]] = {}
    for done, (number, packed) in enumerate(reading.each("SELECT n, metadata FROM origin ORDER BY n")):
        if done % _CHUNK == 0:
            step(done)
        value = looked_up(payloads.unpack(bytes(packed)).decode(), name)
        found.setdefault(_single(value), []).append(number)
    return ((value, np.array(numbers, np.int64)) for value, numbers in found.items())


def _single(value: object) -> Value:
    """A value as it is told apart: true is not 1; None for what is no single value."""
    if isinstance(value, bool):
        return stratum_name(value)
    return value if isinstance(value, str | int | float) and value != "" else None


def _by_number(reading: "Reading", population: Ids, groups: Iterable[tuple[Value, Ints]]) -> Laid:
    """A field of the items' numbers, laid over the population."""
    numbers = _numbers(reading, population)
    held: dict[Value, list[Ints]] = {}
    for value, some in groups:
        held.setdefault(value, []).append(some)
    known = [value for value in held if value is not None]
    ends = [int(numbers.max(initial=0)), *(int(some.max()) for many in held.values() for some in many)]
    code = np.full(max(ends) + 1, len(known))
    for place, value in enumerate(known):
        for some in held[value]:
            code[some] = place
    code[0] = len(known)  # no item has the number 0: it stands for those that are not on this machine
    return _in_order([*known, None], code[numbers])


def _coded(values: Sequence[Value]) -> Laid:
    known = {value: place for place, value in enumerate(dict.fromkeys(map(_single, values)))}
    return _in_order(list(known), np.fromiter((known[_single(value)] for value in values), np.int64, len(values)))


def _in_order(values: Sequence[Value], code: Ints) -> Laid:
    """Values that the population has, in their order: numbers by size, then words, what has none last."""
    used = np.flatnonzero(np.bincount(code, minlength=len(values))).tolist()
    used.sort(key=lambda place: _rank(values[place]))
    again = np.zeros(len(values), np.int64)
    again[used] = np.arange(len(used))
    return Laid(tuple(values[place] for place in used), again[code])


def _rank(value: Value) -> tuple[int, float, str]:
    if value is None:
        return (2, 0.0, "")
    return (1, 0.0, value) if isinstance(value, str) else (0, float(value), "")


def _numbers(reading: "Reading", population: Ids) -> Ints:
    """The number of each item of a population, 0 where it is not on this machine. Kept with the connection: what was found moves only
    when items come or go."""
    now = reading.row("SELECT max(n), count(*) FROM item")
    kept: tuple[object, Ids, Ints] | None = reading.connection.info.get(_NUMBERS)
    if kept is not None and kept[0] == now and np.array_equal(kept[1], population):
        return kept[2]
    rows = reading.rows("SELECT id, n FROM item ORDER BY id")
    here = np.frombuffer(b"".join([name for name, _ in rows]), "S32")
    numbers = np.fromiter((number for _, number in rows), np.int64, len(rows))
    if not np.array_equal(here, population):
        at = places(population, here)
        numbers = np.where(at >= 0, numbers[at] if len(numbers) else 0, 0)
    reading.connection.info[_NUMBERS] = (now, population, numbers)
    return numbers


def times(reading: "Reading", ids: Ids) -> list[str | None]:
    """When each item happened, RFC 3339; None where it does not say or is not here. ids: sorted."""
    found: list[str | None] = [None] * len(ids)
    rows = reading.rows("SELECT id, time FROM item INDEXED BY item_time WHERE time IS NOT NULL")
    here = np.frombuffer(b"".join([name for name, _ in rows]), "S32")
    for place, (_, time) in zip(places(here, ids).tolist(), rows, strict=True):
        if place >= 0:
            found[place] = time
    return found
