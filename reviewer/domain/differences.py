"""By how much two shares differ, and how sure that is.

Sources: Newcombe (1998), Interval estimation for the difference between independent proportions, method 10; Agresti & Caffo (2000); Zou &
Donner (2008) for limits of a difference from any limits of the two; METHODS.md sections 7 and 9.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.errors import Refused
from reviewer.domain.proportions import Interval, wilson

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class Difference(NamedTuple):
    """The first share less the second, from -1 to 1, with its limits."""

    value: float
    low: float
    high: float


class WeightedShare(NamedTuple):
    """A share whose items stand for unequally many. low, high: Wilson's limits for as many items as would give it its variance.

    n: how many items; worth: that other number. value: None of no item.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    worth: float

    @property
    def limits(self) -> Interval:
        """Both limits, of a share that has a value."""
        assert self.low is not None
        assert self.high is not None
        return Interval(self.low, self.high)


def newcombe(part: int, whole: int, other_part: int, other_whole: int, *, confidence: float = 0.95) -> Difference:
    """Of two independent samples, by Wilson's limits of each."""
    _check(part, whole)
    _check(other_part, other_whole)
    limits = wilson(part, whole, confidence=confidence), wilson(other_part, other_whole, confidence=confidence)
    return hybrid(part / whole, limits[0], other_part / other_whole, limits[1])


def hybrid(share: float, limits: Interval, other: float, other_limits: Interval) -> Difference:
    """Of two shares that were estimated apart, whatever the design, from the limits of each: their confidence becomes its own."""
    value = share - other
    below = math.hypot(share - limits.low, other_limits.high - other)
    above = math.hypot(limits.high - share, other - other_limits.low)
    return Difference(value, max(value - below, -1.0), min(value + above, 1.0))


def agresti_caffo(part: int, whole: int, other_part: int, other_whole: int, *, confidence: float = 0.95) -> Difference:
    """Wald's limits after one success and one failure were added to each sample; the value is that of the samples as they are."""
    _check(part, whole)
    _check(other_part, other_whole)
    near = wald(part + 1, whole + 2, other_part + 1, other_whole + 2, confidence=confidence)
    return Difference(part / whole - other_part / other_whole, near.low, near.high)


def wald(part: int, whole: int, other_part: int, other_whole: int, *, confidence: float = 0.95) -> Difference:
    """The normal approximation: for large samples alone, and to compare with others' figures."""
    _check(part, whole)
    _check(other_part, other_whole)
    share, other = part / whole, other_part / other_whole
    half = float(special.ndtri((1 + confidence) / 2)) * math.sqrt(share * (1 - share) / whole + other * (1 - other) / other_whole)
    return Difference(share - other, share - other - half, share - other + half)


def weighted_share(true: Bools, weights: Floats | None = None, *, confidence: float = 0.95) -> WeightedShare:
    """The share of items that are true. true: shape (n,); weights: shape (n,), one over the probability of each; None: all alike.

    Where all are true or none is, there is no variance to be seen: then it is worth what Kish's effective size says. With equal weights
    these are Wilson's limits. Source: Korn & Graubard (1998) for the effective size, with Wilson's limits in place of the exact ones.
    """
    n = len(true)
    if n == 0:
        return WeightedShare(None, None, None, 0, 0.0)
    if weights is None:
        return _of(int(true.sum()), float(n), n, confidence)
    total = float(weights.sum())
    value = float(weights[true].sum()) / total
    if 0 < value < 1:
        worth = value * (1 - value) / (float(np.sum((weights * (true - value)) ** 2)) / total**2)
    else:
        worth = total**2 / float(weights @ weights)
    return _of(value * worth, worth, n, confidence)


def weighted(first: WeightedShare, second: WeightedShare) -> Difference | None:
    """Of two shares of weighted items drawn apart; None where one of them has no item."""
    if first.value is None or second.value is None:
        return None
    return hybrid(first.value, first.limits, second.value, second.limits)


def _of(part: float, whole: float, n: int, confidence: float) -> WeightedShare:
    limits = wilson(part, whole, confidence=confidence)
    return WeightedShare(part / whole, limits.low, limits.high, n, whole)


def _check(part: int, whole: int) -> None:
    if whole < 1 or not 0 <= part <= whole:
        raise Refused(f"{part:,} of {whole:,} is no share.", "Give how many there are, and how many of those.")
