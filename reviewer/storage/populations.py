"""The sampling frame of a campaign: the population that its draws froze, and which of its items have which value of a field.

The population is the union of the draws' lists and moves with draws alone: the query is never run again. Arrays are in the order of the
items' ids, one place an item, so that a million items take a few megabytes and one pass.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.events import Verdict
from reviewer.domain.items import ItemId, Kind
from reviewer.domain.metadata import looked_up
from reviewer.domain.stratified import stratum_name
from reviewer.storage import fields, latest_opinions, payloads
from reviewer.storage.fields import Field, Value

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.workspace import Reading

Ids: TypeAlias = "NDArray[np.bytes_]"  # item ids of 32 bytes, sorted
Ints: TypeAlias = NDArray[np.int64]

_CHUNK = 20_000
_DAY = 10  # characters of the longest period that is told apart
_MOST_KEPT = 12  # fields, of which the one laid first is forgotten


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
    if field.kind == "judge":
        found = _of_judge(reading, population, field.name)
    else:
        found = _kept(reading, population, field, step)
    if field.kind in ("judge", "metadata") and found.values == (None,):
        raise fields.unknown(reading, hexadecimal(population), field)
    return found


def _kept(reading: "Reading", population: Ids, field: Field, step: Callable[[int], None]) -> Laid:
    """A field of the items themselves, laid anew only where items came or went since it was last: items never change, so nothing else
    moves it."""
    here = reading.row("SELECT max(n), count(*), (SELECT count(*) FROM erasure) FROM item")  # an erased item leaves its number free
    now = here, sha256(population.data).digest()
    kept = reading.workspace.laid.pop(field, None)
    if kept is None or kept[0] != now:
        found = _by_number(reading, population, _groups(reading, field, step))
        least = np.min_scalar_type(len(found.values))
        kept = (now, found.values, found.code.astype(least))
    reading.workspace.laid[field] = kept
    for other in list(reading.workspace.laid)[:-_MOST_KEPT]:
        reading.workspace.laid.pop(other, None)  # another reader may have been here
    return Laid(kept[1], kept[2].astype(np.int64))


def in_order(ids: Ids) -> Ints:
    """The places that put ids in their order; those that are alike stay as they come."""
    order = np.argsort(_first(ids), kind="stable")
    near = ids[order]
    return order if bool((near[:-1] <= near[1:]).all()) else np.argsort(ids, kind="stable")  # two that begin alike


def hexadecimal(ids: Ids) -> list[ItemId]:
    """Ids as the rest of the program writes them."""
    whole = ids.tobytes().hex()
    return [ItemId(whole[at : at + 64]) for at in range(0, len(whole), 64)]


def _first(ids: Ids) -> "NDArray[np.uint64]":
    return np.ascontiguousarray(ids).view(">u8")[::4].astype(np.uint64)


def _groups(reading: "Reading", field: Field, step: Callable[[int], None]) -> Iterable[tuple[Value, Ints]]:
    """The numbers of all items here by the value of a field. What lies in an index is packed by SQLite, since a row an item would take
    ten times as long; no statement reads rows of items, which hold payloads."""
    if field.kind == "metadata":
        return _of_metadata(reading, field.name, step)
    if field.kind == "period":
        return ((fields.period(day, field.name), some) for day, some in _by_day(reading))
    if field.name == "kind":  # its own index leaves out the commonest
        of_kind = "SELECT group_concat(n) FROM item INDEXED BY item_time WHERE kind = ?"
        return ((kind, _unpacked(numbers)) for kind in get_args(Kind) for (numbers,) in reading.each(of_kind, (kind,)))
    return _by_column(reading, field.name)


def _by_column(reading: "Reading", column: str) -> Iterator[tuple[Value, Ints]]:
    for value, numbers in reading.each(f"SELECT {column}, group_concat(n) FROM item GROUP BY {column}"):
        yield value, _unpacked(numbers)


def _by_day(reading: "Reading") -> Iterator[tuple[str, Ints]]:
    """The numbers of items with a time by their day, YYYY-MM-DD in UTC; one day may come more than once."""
    # Padded and cut by SQLite, so that no text, whatever it holds, moves those after it.
    day = f"CAST(group_concat(printf('%-{_DAY}.{_DAY}s', time), '') AS BLOB)"
    text, listed = reading.row(f"SELECT {day}, group_concat(n) FROM item INDEXED BY item_time WHERE time IS NOT NULL") or (None, None)
    days = np.frombuffer(text or b"", f"S{_DAY}")
    starts = [0, *(np.flatnonzero(days[1:] != days[:-1]) + 1).tolist()][: len(days)]
    for start, some in zip(starts, np.split(_unpacked(listed), starts[1:]), strict=False):
        yield days[start].decode(errors="replace"), some


def _unpacked(numbers: str | None) -> Ints:
    return np.fromstring(numbers or "", sep=",", dtype=np.int64)


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
    ends = [int(numbers.max(initial=0)), *(int(some.max(initial=0)) for many in held.values() for some in many)]
    code = np.full(max(ends) + 1, len(known))
    for place, value in enumerate(known):
        for some in held[value]:
            code[some] = place
    code[0] = len(known)  # no item has the number 0: it stands for those that are not on this machine
    return _in_order([*known, None], code[numbers])


def _of_judge(reading: "Reading", population: Ids, judge: str) -> Laid:
    """What a judge said last of each item: its verdict, else its score."""
    said = latest_opinions.said_last(reading, judge)
    at = places(said.item, population)
    verdict, score = np.full(len(population), latest_opinions.NO_VERDICT), np.full(len(population), np.nan)
    verdict[at[at >= 0]] = said.verdict[at >= 0]
    score[at[at >= 0]] = said.score[at >= 0]
    verdicts: tuple[Value, ...] = get_args(Verdict)
    scores, place = np.unique(score, return_inverse=True)  # NaN comes last, once
    known = scores[~np.isnan(scores)]
    code = np.where(verdict == latest_opinions.NO_VERDICT, len(verdicts) + place, verdict)
    return _in_order([*verdicts, *known.tolist(), None], code)


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
    """The number of each item of a population, 0 where it is not on this machine. SQLite packs what its index of ids holds."""
    ids, numbers = reading.row("SELECT CAST(group_concat(id, '') AS BLOB), group_concat(n) FROM item") or (None, None)
    here, listed = np.frombuffer(ids or b"", "S32"), _unpacked(numbers)
    if np.array_equal(here, population):
        return listed
    order = in_order(here)  # an index gives them in their order already, which SQLite does not promise
    at = places(population, here[order])
    return np.where(at >= 0, listed[order][at] if len(listed) else 0, 0)


def times(reading: "Reading", ids: Ids) -> list[str | None]:
    """When each item happened, RFC 3339; None where it does not say or is not here. ids: sorted."""
    found: list[str | None] = [None] * len(ids)
    rows = reading.rows("SELECT id, time FROM item INDEXED BY item_time WHERE time IS NOT NULL")
    here = np.frombuffer(b"".join([name for name, _ in rows]), "S32")
    for place, (_, time) in zip(places(here, ids).tolist(), rows, strict=True):
        if place >= 0:
            found[place] = time
    return found
