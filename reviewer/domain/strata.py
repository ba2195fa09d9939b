"""From the values of a field to strata: categories as they are, numbers in quarters, what has no value by itself."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from reviewer.domain.designs import MOST_STRATA
from reviewer.domain.errors import Refused, shown
from reviewer.domain.items import ItemId
from reviewer.domain.stratified import stratum_name

NONE = "(none)"
_FEW = 12  # numbers that take so few values are categories


class Parted(NamedTuple):
    """The stratum of each item by name; edges: where numbers were cut, ascending."""

    names: list[str]
    edges: tuple[float, ...] = ()


def parted(
    items: Sequence[ItemId],
    values: Sequence[object],
    *,
    field: str,
    edges: tuple[float, ...] = (),
    held: Mapping[ItemId, str] | None = None,
) -> Parted:
    """The stratum of each item. held: those of earlier draws, which an item keeps for good; edges: where these cut numbers.

    Raises Refused for a field that takes too many values to stratify by.
    """
    before = held or {}
    cuts = edges or _cuts([value for value in values if _is_number(value)], values)
    names = [before.get(item) or _name(value, cuts) for item, value in zip(items, values, strict=True)]
    count = len(set(names))
    if count > MOST_STRATA:
        raise Refused(
            f"“{shown(field, 60)}” takes {count:,} values, and a sample is drawn from {MOST_STRATA} strata at most.",
            "Choose a field with fewer values, or narrow the query.",
        )
    return Parted(names, cuts)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cuts(numbers: Sequence[object], values: Sequence[object]) -> tuple[float, ...]:
    """The quartiles, where all values are numbers and take many."""
    known = sum(1 for value in values if value is not None)
    if len(numbers) < known or len(set(numbers)) <= _FEW:
        return ()
    ordered = sorted(float(str(number)) for number in numbers)
    last = ordered[-1]
    quartiles = (ordered[(len(ordered) * quarter - 1) // 4] for quarter in (1, 2, 3))
    return tuple(dict.fromkeys(edge for edge in quartiles if edge < last))


def _name(value: object, cuts: tuple[float, ...]) -> str:
    if value is None:
        return NONE
    if not cuts or not _is_number(value):
        return stratum_name(value)
    place = bisect_left(cuts, float(str(value)))
    if place == 0:
        return f"up to {cuts[0]:g}"
    return f"above {cuts[-1]:g}" if place == len(cuts) else f"above {cuts[place - 1]:g} to {cuts[place]:g}"


def numbered(parts: Parted) -> tuple[list[int], list[str]]:
    """Each item's stratum by its number among the names of all; and these: quarters as they follow each other, then the rest by name."""
    quarters = list(dict.fromkeys(_name(edge, parts.edges) for edge in (*parts.edges, inf))) if parts.edges else []
    rest = sorted(set(parts.names) - set(quarters))
    known = [name for name in quarters if name in set(parts.names)] + rest
    at = {name: number for number, name in enumerate(known)}
    return [at[name] for name in parts.names], known
