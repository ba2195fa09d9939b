"""How well a number tells two kinds of items apart: the area under the curve (AUC), and whether two numbers differ in that.

The AUC is the chance that an item of the one kind has the higher number than an item of the other; ties count one half. Sources: DeLong,
DeLong & Clarke-Pearson (1988); Sun & Xu (2014), by ranks; Obuchowski (1997) for items that come in groups; METHODS.md section 8.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.errors import Refused
from reviewer.domain.proportions import clopper_pearson, normal_quantile

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


class Auc(NamedTuple):
    """An AUC with its limits, from 0 to 1, and DeLong's variance. positive, negative: how many items there are of each kind."""

    value: float
    low: float
    high: float
    variance: float
    positive: int
    negative: int

    @property
    def turned(self) -> "Auc":
        """The same of the number with its sign changed."""
        return self._replace(value=1 - self.value, low=1 - self.high, high=1 - self.low)


class Compared(NamedTuple):
    """Two AUCs of the same items: z of their difference, and its two-sided p. None where neither varies."""

    z: float | None
    p: float | None


def auc(scores: Floats, positive: Bools, *, groups: Ints | None = None, confidence: float = 0.95) -> Auc:
    """The AUC of scores, shape (items,). groups: which items are not independent of each other; none: all are.

    Where the kinds do not overlap the variance is 0 and says nothing; there the limits are those of as many independent pairs as
    can be made, each of which went one way (Clopper & Pearson). Raises Refused where either kind has no item.
    """
    above, below = _placements(scores, positive)
    value, m, n = float(above.mean()), len(above), len(below)
    variance = _delong(above, below) if groups is None else _grouped(above, below, positive, groups)
    if value in (0.0, 1.0):
        exact = clopper_pearson(value * min(m, n), min(m, n), confidence=confidence)
        assert exact is not None  # there is at least one pair
        return Auc(value, exact.low, exact.high, variance, m, n)
    half = normal_quantile(confidence) * math.sqrt(variance)
    return Auc(value, max(0.0, value - half), min(1.0, value + half), variance, m, n)


def compare(first: Floats, second: Floats, positive: Bools) -> Compared:
    """DeLong's test of two numbers of the same items. Raises Refused where either kind has no item."""
    (above_1, below_1), (above_2, below_2) = _placements(first, positive), _placements(second, positive)
    variance = _delong(above_1 - above_2, below_1 - below_2)
    if variance == 0:
        return Compared(None, None)
    z = float(above_1.mean() - above_2.mean()) / math.sqrt(variance)
    return Compared(z, float(2 * special.ndtr(-abs(z))))


def _placements(scores: Floats, positive: Bools) -> tuple[Floats, Floats]:
    """Of each positive item the share of negative ones below it, and of each negative item the share of positive ones above it."""
    mine, others = scores[positive], scores[~positive]
    m, n = len(mine), len(others)
    if not m or not n:
        raise Refused(
            f"{m:,} items of one kind and {n:,} of the other cannot be told apart.",
            "Take in items of both kinds: compliant and non-compliant.",
        )
    return _share_below(mine, others), 1 - _share_below(others, mine)


def _share_below(scores: Floats, among: Floats) -> Floats:
    """Of each score, the share of others that are lower, ties one half."""
    ordered = np.sort(among)
    share: Floats = (np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")) / (2 * len(ordered))
    return share


def _delong(above: Floats, below: Floats) -> float:
    return _spread(above) / len(above) + _spread(below) / len(below)


def _spread(values: Floats) -> float:
    """The sample variance; of a single value nothing is known, and it adds nothing."""
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0


def _grouped(above: Floats, below: Floats, positive: Bools, groups: Ints) -> float:
    """Obuchowski's variance: what the items of a group add moves together. The same as DeLong's, but for 1/n, where groups are single."""
    moves = np.empty(len(positive))
    moves[positive] = (above - above.mean()) / len(above)
    moves[~positive] = (below - below.mean()) / len(below)
    _, place = np.unique(groups, return_inverse=True)
    together = np.bincount(place, weights=moves)
    return float(together @ together) * len(together) / max(len(together) - 1, 1)
