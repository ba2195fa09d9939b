"""Stratified samples by permanent random numbers: in each stratum a simple random sample, which can grow.

Source: Ohlsson (1995), Coordination of samples using permanent random numbers; METHODS.md section 1.
"""

import sys
from array import array
from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from reviewer.domain.allocation import allocate
from reviewer.domain.errors import Refused, shown
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT, Ticket
from reviewer.domain.sampling import DrawnStratum, Pick, Sample, decimal, permanent_random_numbers, refuse_beyond

_USUAL_FLOOR = 2  # one pick has no spread


class Reached(NamedTuple):
    """How far a stratum was drawn before: the largest number taken, and the inclusion probability of its items."""

    threshold: float
    pi: float


class Strata(NamedTuple):
    """A population in its parts. items: sorted; of: the stratum of each, by its number in `names`.

    spreads: the standard deviation of what is asked in each stratum, above 0; None for allocation by size.
    """

    items: Sequence[ItemId]
    of: Sequence[int]
    names: Sequence[str]
    spreads: Sequence[float] | None = None

    def sizes(self) -> list[int]:
        """How many items each has."""
        counted = [0] * len(self.names)
        for stratum in self.of:
            counted[stratum] += 1
        return counted


def stratified(
    strata: Strata,
    seed: str,
    *,
    size: int,
    floor: int | None = None,
    before: Mapping[str, Reached] | None = None,
    ticket: Ticket = SILENT,
) -> Sample:
    """In each stratum the items with the smallest permanent random numbers, `size` in all; pi = n_h / N_h.

    floor: picks of each stratum at least, as far as it has so many; None: two, or fewer where the sample is small. before: how far each
    stratum was drawn; nothing of that is dropped. Raises Refused for a size beyond the population or below what floors and earlier draws
    need.
    """
    refuse_beyond(size, len(strata.items))
    numbered: list[list[tuple[float, ItemId]]] = [[] for _ in strata.names]
    for item, u, stratum in zip(strata.items, permanent_random_numbers(seed, strata.items, ticket), strata.of, strict=True):
        numbered[stratum].append((u, item))
    for part in numbered:
        part.sort()
    picked = allotted(strata, numbered, size=size, floor=floor, before=before or {})
    picks, drawn = [], []
    for name, part, count in zip(strata.names, numbered, picked, strict=True):
        pi = decimal(count / len(part))
        picks += [Pick(item, name, "control", pi, repr(u)) for u, item in part[:count]]
        drawn.append(DrawnStratum(name, len(part), count, repr(part[count - 1][0]) if count else "0.0"))
    threshold = max((stratum.threshold for stratum in drawn), key=float)
    return Sample(tuple(sorted(picks, key=lambda p: float(p.u))), threshold, strata=tuple(drawn), frame=packed(strata.of))


def allotted(
    strata: Strata, numbered: Sequence[Sequence[tuple[float, ItemId]]], *, size: int, floor: int | None, before: Mapping[str, Reached]
) -> tuple[int, ...]:
    """Picks of each stratum. numbered: its items by their numbers, the smallest first. Raises Refused where they are more than asked."""
    sizes = [len(part) for part in numbered]
    usual = max(1, min(_USUAL_FLOOR, size // len(sizes)))
    floors = [min(usual if floor is None else floor, population) for population in sizes]
    _refuse_low(size, floors, floor)
    least = [max(low, _kept(before.get(name), part)) for low, name, part in zip(floors, strata.names, numbered, strict=True)]
    if sum(least) > size:
        raise Refused(
            f"With {size:,} of {sum(sizes):,} items the chance of some drawn earlier would fall.", f"Ask for {sum(least):,} or more."
        )
    measures = [n * spread for n, spread in zip(sizes, strata.spreads or [1.0] * len(sizes), strict=True)]
    return allocate(size, measures, least=least, most=sizes)


def _kept(reached: Reached | None, part: Sequence[tuple[float, ItemId]]) -> int:
    """How many picks a stratum needs so that nothing drawn is dropped and no probability falls."""
    if reached is None:
        return 0
    below = sum(1 for u, _ in part if u <= reached.threshold)
    return max(below, min(len(part), ceil(reached.pi * len(part) - 1e-9)))


def _refuse_low(size: int, floors: Sequence[int], floor: int | None) -> None:
    if sum(floors) <= size:
        return
    if floor is None:
        raise Refused(
            f"{size:,} picks are too few for {len(floors):,} strata.",
            f"Ask for {sum(floors):,} or more, or stratify by a field with fewer values.",
        )
    raise Refused(
        f"A floor of {floor:,} in each of {len(floors):,} strata needs {sum(floors):,} picks, and {size:,} are asked for.",
        f"Ask for {sum(floors):,} or more, or lower the floor.",
    )


def packed(of: Sequence[int]) -> bytes:
    """The stratum of each item as unsigned 16-bit numbers, little-endian."""
    return _little(array("H", of)).tobytes()


def unpacked(frame: bytes) -> Sequence[int]:
    """The strata that `packed` was given. Raises ValueError for an odd number of bytes."""
    read = array("H")
    read.frombytes(frame)
    return _little(read)


def _little(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def stratum_name(value: object) -> str:
    """The name of the stratum of a value, for a screen and for a journal: one line of at most 80 characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return shown(str(value), 80)
