"""How far a judge can be believed as a measuring instrument: its errors against what people decided, and the rate that follows from them.

Truth and what the judge said are of shape (items,): True for non-compliant. weights: shape (items,), one over the probability with which
each item was drawn, None where all are alike; without them, errors measured on what the judge itself had flagged are wrong.

Sources: Buderer (1996) for sensitivity and specificity; Rogan & Gladen (1978), Estimating prevalence from the results of a screening test;
Lang & Reiczigel (2014); Blaker (2000); METHODS.md section 9.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.differences import Difference, WeightedShare, weighted_share
from reviewer.domain.errors import Refused
from reviewer.domain.proportions import Interval, clopper_pearson

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]

BINS = 10
_RESAMPLES = 1_000
_SEED = 20_260_101  # the resamples are the same each time: the same labels give the same report
_BLAKER_STEP = 1e-4


class Accuracy(NamedTuple):
    """sensitivity: of what people call non-compliant, the share that the judge does; specificity: of the compliant, the share that it
    passes. positive_value, negative_value: the share of its verdicts that people bear out. flagged: the share that it calls non-compliant;
    rate: the share that people do. youden: sensitivity + specificity - 1; 0 is a coin's.
    """

    sensitivity: WeightedShare
    specificity: WeightedShare
    positive_value: WeightedShare
    negative_value: WeightedShare
    flagged: WeightedShare
    rate: WeightedShare
    agreement: WeightedShare
    youden: Difference | None


class Prevalence(NamedTuple):
    """The rate that is behind what the judge flags. Not cut to [0, 1]: what lies beyond says that the errors do not fit."""

    value: float
    low: float
    high: float


class Bin(NamedTuple):
    """Items whose scores lie together: their mean score, and the share that people call non-compliant."""

    score: float
    share: WeightedShare


class Reliability(NamedTuple):
    """The curve, from low scores to high; ece: the mean distance of score and share, with 95 % bootstrap limits over items."""

    bins: tuple[Bin, ...]
    ece: float
    low: float
    high: float


def accuracy(truth: Bools, said: Bools, weights: Floats | None = None, *, confidence: float = 0.95) -> Accuracy:
    """A judge against people. Limits: Wilson's, for weighted items those of as many as would give the share its variance."""

    def share(true: Bools, among: Bools) -> WeightedShare:
        return weighted_share(true[among], None if weights is None else weights[among], confidence=confidence)

    every = np.ones(len(truth), np.bool_)
    sensitivity, specificity = share(said, truth), share(~said, ~truth)
    return Accuracy(
        sensitivity,
        specificity,
        share(truth, said),
        share(~truth, ~said),
        share(said, every),
        share(truth, every),
        share(truth == said, every),
        _youden(sensitivity, specificity),
    )


def _youden(sensitivity: WeightedShare, specificity: WeightedShare) -> Difference | None:
    """Limits: the sums of those of the two, as epiR has them."""
    if sensitivity.value is None or specificity.value is None:
        return None
    se, sp = sensitivity.limits, specificity.limits
    return Difference(sensitivity.value + specificity.value - 1, se.low + sp.low - 1, se.high + sp.high - 1)


def rogan_gladen(flagged: float, limits: Interval, *, sensitivity: float, specificity: float) -> Prevalence:
    """The rate from the share that is flagged, where the errors are known. limits: of that share, Wilson's or Blaker's.

    Raises Refused for a judge that is no better than chance.
    """
    youden = sensitivity + specificity - 1
    if youden <= 0:
        raise Refused(
            f"With sensitivity {sensitivity:.3f} and specificity {specificity:.3f} the judge tells nothing.",
            "Estimate the rate from labels alone.",
        )
    value, low, high = ((one + specificity - 1) / youden for one in (flagged, limits.low, limits.high))
    return Prevalence(value, low, high)


def rogan_gladen_estimated(
    flagged: float, whole: float, sensitivity: WeightedShare, specificity: WeightedShare, *, confidence: float = 0.95
) -> Prevalence | None:
    """As `rogan_gladen`, where the errors were measured, too: their variance is added by the delta method. None where one was not.

    whole: how many items the flagged share rests on; infinite where the judge saw the whole population.
    """
    se, sp = sensitivity.value, specificity.value
    if se is None or sp is None or se + sp <= 1:
        return None
    youden = se + sp - 1
    value = (flagged + sp - 1) / youden
    spread = flagged * (1 - flagged) / whole
    # One of each added: a judge that was never seen to err is not taken for one that cannot.
    for error, share in ((value, sensitivity), (1 - value, specificity)):
        assert share.value is not None
        near = (share.value * share.worth + 1) / (share.worth + 2)
        spread += error**2 * near * (1 - near) / (share.worth + 2)
    half = float(special.ndtri((1 + confidence) / 2)) * math.sqrt(spread) / youden
    return Prevalence(value, value - half, value + half)


def blaker(part: int, whole: int, *, confidence: float = 0.95) -> Interval:
    """Blaker's exact interval of a share, inside Clopper and Pearson's. Found in steps of 1e-4 from there, as his own program does."""
    outer = clopper_pearson(part, whole, confidence=confidence)
    if outer is None:
        raise Refused("Of nothing there is no share.", "Give how many were looked at.")
    return Interval(
        _inward(part, whole, outer.low, _BLAKER_STEP, 1 - confidence), _inward(part, whole, outer.high, -_BLAKER_STEP, 1 - confidence)
    )


def _inward(part: int, whole: int, limit: float, step: float, alpha: float) -> float:
    if (limit <= 0 and step > 0) or (limit >= 1 and step < 0):
        return limit
    while _acceptable(part, whole, limit + step) < alpha:
        limit += step
    return limit


def _acceptable(part: int, whole: int, share: float) -> float:
    """Blaker's acceptability: the smaller tail, and as much of the other as is no more likely."""
    counts = np.arange(whole + 1)
    below = special.bdtr(counts, whole, share)
    above = 1 - np.concatenate(([0.0], below[:-1]))
    low, high = float(above[part]), float(below[part])
    less, more = below[below <= low * (1 + 1e-12)], above[above <= high * (1 + 1e-12)]
    return min(low + (float(less.max()) if len(less) else 0.0), high + (float(more.max()) if len(more) else 0.0))


def reliability(scores: Floats, truth: Bools, weights: Floats | None = None) -> Reliability:
    """Whether of items with a score of 0.8 four in five are non-compliant. scores: from 0 to 1, in ten bins of equal width.

    Raises Refused for scores beyond, and where there are none.
    """
    if not len(scores) or scores.min() < 0 or scores.max() > 1:
        raise Refused("Only scores from 0 to 1 have a reliability curve.", "Bring in scores as the chance that an item is non-compliant.")
    place = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    counted = np.ones(len(scores)) if weights is None else weights
    bins = []
    for one in np.unique(place):
        inside = place == one
        share = weighted_share(truth[inside], None if weights is None else weights[inside])
        bins.append(Bin(float(np.average(scores[inside], weights=counted[inside])), share))
    chance = np.random.default_rng(_SEED)
    gap = (truth - scores) * counted
    at = (place[:, None] == np.arange(BINS)).astype(np.float64)
    resampled = []
    for _ in range(_RESAMPLES):
        times = np.bincount(chance.integers(0, len(scores), len(scores)), minlength=len(scores))
        resampled.append(float(np.abs((times * gap) @ at).sum() / (times @ counted)))
    low, high = np.quantile(resampled, (0.025, 0.975))
    return Reliability(tuple(bins), float(np.abs(gap @ at).sum() / counted.sum()), float(low), float(high))


def discrimination(scores: Floats, truth: Bools, weights: Floats | None = None) -> float | None:
    """The chance that of two items the non-compliant one has the higher score; ties count one half. None where all are of one kind."""
    if truth.all() or not truth.any():
        return None
    counted = np.ones(len(scores)) if weights is None else weights
    values, place = np.unique(scores, return_inverse=True)
    bad, good = (np.bincount(place, weights=counted * kind, minlength=len(values)) for kind in (truth, ~truth))
    below = np.cumsum(good) - good / 2
    return float(bad @ below / (bad.sum() * good.sum()))
