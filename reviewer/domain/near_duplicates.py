"""Texts that are almost the same, as groups: so that none of a group is trained on while another measures what was learned.

MinHash over stretches of five characters and bands of it find who may be alike; their exact Jaccard similarity decides. Sources: Broder
(1997), On the resemblance and containment of documents; Leskovec, Rajaraman & Ullman (2014), Mining of Massive Datasets, chapter 3;
METHODS.md section 8.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain import shingles
from reviewer.domain.shingles import Hashes

Signature: TypeAlias = NDArray[np.uint32]

ALIKE = 0.8
LENGTH = 5  # characters
PERMUTATIONS = 256
# Bands that are tuned for .8 find one of two pairs that are just as alike; the exact check is cheap, so they are tuned for less.
_BANDS_FOR = ALIKE - 0.2
_AT_ONCE = 512  # stretches: times 256 permutations they stay in the cache
_KEPT = 2_000  # sets of stretches
_SEED = 20_260_102  # groups are the same each time


class Bands(NamedTuple):
    """A signature cut into `bands` pieces of `rows` numbers each: who share a whole piece may be alike."""

    bands: int
    rows: int

    def found(self, similarity: float) -> float:
        """The chance that two texts that are so similar share a piece."""
        return 1 - (1 - similarity**self.rows) ** self.bands


class Alike(NamedTuple):
    """Two texts by their places that are alike, and how much (Jaccard)."""

    first: int
    second: int
    similarity: float


class Groups(NamedTuple):
    """of: the group of each text, named by the place of its first one. pairs: the likenesses that made the groups: not all there are."""

    of: tuple[int, ...]
    pairs: tuple[Alike, ...]

    @property
    def larger(self) -> dict[int, list[int]]:
        """The groups of more than one text, by their first."""
        members: dict[int, list[int]] = {}
        for place, first in enumerate(self.of):
            members.setdefault(first, []).append(place)
        return {first: places for first, places in members.items() if len(places) > 1}


def groups(
    count: int, text: Callable[[int], str], *, together: Sequence[object] = (), step: Callable[[int], None] = lambda _: None
) -> Groups:
    """Groups of `count` texts, each asked for by its place, most of them once or twice: memory holds 1 KB of each.

    A group is what likeness joins, one after the other. together: what else joins texts, such as their prompt: one value each, None joins
    nothing. step: told how many texts were read.
    """
    kept = lru_cache(_KEPT)(lambda place: stretches(text(place)))
    union = _joined(count, together)
    bands = best_bands(_BANDS_FOR, PERMUTATIONS)
    pieces = np.empty((count, bands.bands), np.uint64)
    for place in range(count):
        pieces[place] = _pieces(signature(kept(place)), bands)
        step(place + 1)
    pairs: list[Alike] = []
    asked: set[tuple[int, int]] = set()
    for band in range(bands.bands):
        for bucket in _buckets(pieces[:, band]):
            _join_alike(bucket, union, kept, pairs, asked)
    return Groups(tuple(union.first(place) for place in range(count)), tuple(pairs))


def same(together: Sequence[object]) -> Groups:
    """Groups of what has something in common, such as a prompt, whatever else it says; None has nothing in common."""
    union = _joined(len(together), together)
    return Groups(tuple(union.first(place) for place in range(len(together))), ())


def _joined(count: int, together: Sequence[object]) -> "_Union":
    union = _Union(count)
    firsts: dict[object, int] = {}
    for place, value in enumerate(together):
        if value is not None:
            union.join(firsts.setdefault(value, place), place)
    return union


def _join_alike(
    bucket: Sequence[int], union: "_Union", of: Callable[[int], Hashes], pairs: list[Alike], asked: set[tuple[int, int]]
) -> None:
    """Join who are alike; of each group that is in the bucket already, one text stands for it until it is not like a newcomer."""
    kept: list[int] = []
    for place in bucket:
        for other in kept:
            pair = (min(other, place), max(other, place))
            if pair in asked or union.first(other) == union.first(place):
                continue
            asked.add(pair)
            similarity = shingles.jaccard(of(other), of(place))
            if similarity >= ALIKE:
                union.join(other, place)
                pairs.append(Alike(*pair, similarity))
        if all(union.first(other) != union.first(place) for other in kept):
            kept.append(place)


def stretches(text: str) -> Hashes:
    """The stretches by which a text is compared."""
    return shingles.of_characters(shingles.plain(text), LENGTH)


def signature(hashes: Hashes, permutations: int = PERMUTATIONS) -> Signature:
    """The least value of a set under each of so many orders of all values. Two sets share it as often as they are similar."""
    factors, offsets = _orders(permutations)
    least = np.full(permutations, np.iinfo(np.uint32).max, np.uint32)
    values = (hashes >> np.uint64(32)).astype(np.uint32)
    for start in range(0, len(values), _AT_ONCE):
        under = values[start : start + _AT_ONCE] * factors[:, None]
        under += offsets[:, None]
        np.minimum(least, under.min(axis=1), out=least)
    return least


def estimate(first: Signature, second: Signature) -> float:
    """The similarity of two sets as their signatures have it."""
    return float((first == second).mean())


@cache
def _orders(permutations: int) -> tuple[Signature, Signature]:
    """Of each order an odd factor and an offset: modulo 2^32 they change places, and lose none."""
    rng = np.random.default_rng(_SEED)
    drawn = rng.integers(0, 2**32, (2, permutations), np.uint32)
    return drawn[0] | np.uint32(1), drawn[1]


@cache
def best_bands(threshold: float, permutations: int) -> Bands:
    """The bands by which the fewest pairs are on the wrong side of a threshold, were all similarities as frequent; as datasketch has it."""
    below, above = (np.arange(start, stop, 0.001) + 0.0005 for start, stop in ((0.0, threshold), (threshold, 1.0)))

    def wrong(bands: Bands) -> float:
        return float((1 - (1 - below**bands.rows) ** bands.bands).sum() + ((1 - above**bands.rows) ** bands.bands).sum())

    return min((Bands(b, r) for b in range(1, permutations + 1) for r in range(1, permutations // b + 1)), key=wrong)


def _pieces(whole: Signature, bands: Bands) -> Hashes:
    """A number for each piece of a signature."""
    pieces = np.zeros(bands.bands, np.uint64)
    for row in whole[: bands.bands * bands.rows].reshape(bands.bands, bands.rows).T:
        pieces = (pieces ^ row) * np.uint64(0x100000001B3)  # Fowler, Noll & Vo's
    return pieces


def _buckets(pieces: Hashes) -> list[list[int]]:
    """The places of those that have the same piece, where there are several; in order."""
    order = np.argsort(pieces, kind="stable")
    ends = np.flatnonzero(np.diff(pieces[order])) + 1
    return [run.tolist() for run in np.split(order, ends) if len(run) > 1]


class _Union:
    """Which texts were joined, directly or through others; each set is named by its first."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def first(self, place: int) -> int:
        while self._up[place] != place:
            self._up[place] = self._up[self._up[place]]
            place = self._up[place]
        return place

    def join(self, one: int, other: int) -> None:
        one, other = self.first(one), self.first(other)
        self._up[max(one, other)] = min(one, other)
