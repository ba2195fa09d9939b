"""From the values of a field to strata: categories as they are, numbers in quarters, what has no value by itself."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
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
    cuts = edges or _cuts(values)
    names = [before.get(item) or name_of(value, cuts) for item, value in zip(items, values, strict=True)]
    count = len(set(names))
    if count > MOST_STRATA:
        raise Refused(
            f"“{shown(field, 60)}” takes {count:,} values, and a sample is drawn from {MOST_STRATA} strata at most.",
            "Choose a field with fewer values, or narrow the query.",
        )
    return Parted(names, cuts)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cuts(values: Sequence[object]) -> tuple[float, ...]:
    """Where to cut values, if all are numbers."""
    known = [value for value in values if value is not None]
    if not all(map(_is_number, known)):
        return ()
    counts = Counter(known)
    ordered = sorted((float(str(number)), count) for number, count in counts.items())
    return quartiles([number for number, _ in ordered], [count for _, count in ordered])


def quartiles(numbers: Sequence[float], counts: Sequence[int]) -> tuple[float, ...]:
    """The quartiles of numbers that take many values; () for few, which are categories. numbers: each once, ascending; counts: how often
    each came."""
    if len(numbers) <= _FEW:
        return ()
    reached = list(accumulate(counts))
    found = (numbers[bisect_right(reached, (reached[-1] * quarter - 1) // 4)] for quarter in (1, 2, 3))
    return tuple(dict.fromkeys(edge for edge in found if edge < numbers[-1]))


def name_of(value: object, cuts: tuple[float, ...]) -> str:
    """The name of the stratum of a value."""
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
    quarters = list(dict.fromkeys(name_of(edge, parts.edges) for edge in (*parts.edges, inf))) if parts.edges else []
    rest = sorted(set(parts.names) - set(quarters))
    known = [name for name in quarters if name in set(parts.names)] + rest
    at = {name: number for number, name in enumerate(known)}
    return [at[name] for name in parts.names], known
