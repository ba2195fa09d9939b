"""How far reviewers agree beyond chance: Krippendorff's alpha, Gwet's AC1, the kappas of Cohen, Fleiss and Conger, raw agreement.

Everything here starts from tallies: shape (units, categories), how many reviewers put the unit into the category; rows of zeros are units
that nobody rated. Intervals are 95 % by default, from the linearised variance over units (not over ratings) with t on n - 1 degrees of
freedom, cut at 1. weights: shape (units,), one over the probability with which a unit was drawn; None where all are equal; only their
ratios matter. A coefficient that is not defined has value None and says why.

Sources: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., as
irrCAC computes it; Fleiss, Cohen & Everitt (1969) for the variance of kappa; METHODS.md section 4.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.proportions import clopper_pearson

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Chance: TypeAlias = Callable[[Floats], tuple[float, Floats]]
Metric = Literal["nominal", "ordinal", "interval", "ratio"]

NO_PAIRS = "no item has two labels"
NO_VARIATION = "no variation: all labels are the same"
ONE_ITEM = "one item has no interval"
NO_SPREAD = "every item counts the same: no interval"
ONE_VERDICT = "one of the two always says the same"


class Coefficient(NamedTuple):
    """A coefficient of agreement: unitless, at most 1; 0 is chance.

    low, high: limits of its interval, None where n units do not give one. n: units it rests on. reason: why a value is not there.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    n: int
    reason: str | None = None


class FleissKappa(NamedTuple):
    """Fleiss' kappa, and z against no agreement beyond chance."""

    kappa: float
    z: float


def tallies(unit: Ints, category: Ints, *, units: int, categories: int) -> Floats:
    """Count ratings by unit and category. unit, category: shape (ratings,), from 0. Returns shape (units, categories)."""
    counts = np.bincount(unit * categories + category, minlength=units * categories)
    return counts.reshape(units, categories).astype(np.float64)


def alpha(
    counts: Floats, metric: Metric = "nominal", *, values: Floats | None = None, weights: Floats | None = None, confidence: float = 0.95
) -> Coefficient:
    """Krippendorff's alpha; units with fewer than two ratings are left out.

    values: shape (categories,), ascending, for the interval and ratio metrics; 1, 2, 3, … unless given. The interval linearises the ratio
    of the disagreement observed and expected, with the distances between categories taken as fixed (they move with the ratings in the
    ordinal metric alone).
    """
    counts, weights = _pairable(counts, weights)
    n = len(counts)
    if n == 0:
        return _undefined(NO_PAIRS)
    given = counts.sum(axis=1)
    totals = weights @ counts
    distance = _distances(metric, totals, values)
    apart = np.einsum("ic,ck,ik->i", counts, distance, counts) / (given - 1)  # over ordered pairs of ratings of the unit
    toward = counts @ (distance @ totals)
    all_given, observed, expected = weights @ given, weights @ apart, weights @ toward
    if expected <= 0:
        return _undefined(NO_VARIATION, n)
    ratio = observed * all_given / expected
    few = 1 / all_given  # Krippendorff's correction for few ratings; irrCAC has it in the variance, too
    value = 1 - ratio * (1 - few)
    moved = apart / observed if observed > 0 else np.zeros(n)
    scores = ratio * (moved + (1 + few) * given / all_given - few / n - 2 * toward / expected)
    return _with_interval(value, weights * scores, confidence, largest=float(distance.max() * all_given**2 / expected), n=n)


def ac1(counts: Floats, *, weights: Floats | None = None, confidence: float = 0.95) -> Coefficient:
    """Gwet's AC1. Categories are those that a reviewer could choose, whether anybody did or not.

    Units with one rating say how frequent the categories are and nothing about agreement. Gwet's variance counts how many units have two
    as part of what chance decided: where most have one by design, hand in those with two or more.
    """

    def chance(shares: Floats) -> tuple[float, Floats]:
        choices = len(shares)
        return float(shares @ (1 - shares)) / (choices - 1), (1 - 2 * shares) / (choices - 1)

    return _beyond_chance(counts, chance, weights, confidence)


def fleiss(counts: Floats, *, weights: Floats | None = None, confidence: float = 0.95) -> Coefficient:
    """Fleiss' kappa for any number of ratings a unit, as Gwet generalises it: chance is the sum of the squared shares."""
    return _beyond_chance(counts, lambda shares: (float(shares @ shares), 2 * shares), weights, confidence)


def brennan_prediger(counts: Floats, *, weights: Floats | None = None, confidence: float = 0.95) -> Coefficient:
    """Brennan and Prediger's: chance puts a label into each category alike, whatever was said."""
    return _beyond_chance(counts, lambda shares: (1 / len(shares), np.zeros(len(shares))), weights, confidence)


def conger(ratings: Ints, *, categories: int, confidence: float = 0.95) -> Coefficient:
    """Conger's kappa: as Fleiss', where chance knows how often each reviewer gives each label; for two reviewers, Cohen's.

    ratings: shape (units, reviewers), the category, -1 where a reviewer gave none. Reviewers without a label are left out.
    """
    ratings = ratings[(ratings >= 0).any(axis=1)][:, (ratings >= 0).any(axis=0)]
    given = ratings[:, :, None] == np.arange(categories)
    counts = given.sum(axis=1).astype(np.float64)
    several = counts.sum(axis=1) >= 2
    if not several.any():
        return _undefined(NO_PAIRS)
    units, reviewers = ratings.shape
    share = given.sum(axis=0) / (told := (ratings >= 0).sum(axis=0))[:, None]  # (reviewers, categories)
    others = share.sum(axis=0) - share
    expected = float((share * others).sum()) / (reviewers * (reviewers - 1))
    if expected >= 1 - 1e-12:
        return _undefined(NO_VARIATION, int(several.sum()))
    agreed = np.zeros(units)
    agreed[several] = agreeing(counts[several])
    stretch = units / several.sum()
    value = float((stretch * agreed.mean() - expected) / (1 - expected))
    # What a unit does to the share of each reviewer's labels, and by that to chance; Gwet (2014), as irrCAC has it.
    moved = (given - ((ratings >= 0)[:, :, None] - (told / units)[None, :, None]) * share) * (units / told)[None, :, None]
    chance = (moved * others).sum(axis=(1, 2)) / (reviewers * (reviewers - 1))
    scores = stretch * (agreed - expected * several) / (1 - expected) - value - 2 * (1 - value) * (chance - expected) / (1 - expected)
    return _with_interval(value, scores / units, confidence, largest=1 / (1 - expected), n=int(several.sum()))


def fleiss_test(counts: Floats) -> FleissKappa:
    """Fleiss' kappa with his test against chance. counts: every unit with the same number of ratings, two or more. Source: Fleiss (1971),
    with the variance of Fleiss, Nee & Landis (1979)."""
    n, raters = len(counts), float(counts[0].sum())
    share = counts.sum(axis=0) / (n * raters)
    expected = float(share @ share)
    observed = float((counts * (counts - 1)).sum()) / (n * raters * (raters - 1))
    spread = float(share @ (1 - share))
    variance = 2 / (spread**2 * n * raters * (raters - 1)) * (spread**2 - float((share * (1 - share)) @ (1 - 2 * share)))
    kappa = (observed - expected) / (1 - expected)
    return FleissKappa(kappa, kappa / variance**0.5)


def cohen(
    first: Ints, second: Ints, *, categories: int, weights: Floats | None = None, linear: bool = False, confidence: float = 0.95
) -> Coefficient:
    """Cohen's kappa of two reviewers. first, second: shape (units,), the categories that they chose.

    linear: categories are in order, and labels agree the less the further they are apart (Cicchetti and Allison's weights).
    """
    n = len(first)
    if n == 0:
        return _undefined(NO_PAIRS)
    shares = _normal(weights, n) / n
    mine = np.bincount(first, weights=shares, minlength=categories)
    theirs = np.bincount(second, weights=shares, minlength=categories)
    order = np.arange(categories)
    near = 1 - np.abs(order[:, None] - order) / max(categories - 1, 1) if linear else np.eye(categories)
    same = near[first, second]
    observed, expected = float(shares @ same), float(mine @ near @ theirs)
    if expected >= 1 - 1e-12:
        return _undefined(NO_VARIATION, n)
    if max(mine.max(), theirs.max()) >= 1 - 1e-12:
        return Coefficient(0.0, None, None, None, n, ONE_VERDICT)  # whatever the other says
    value = (observed - expected) / (1 - expected)
    moved = (same - observed) - (1 - value) * ((near @ theirs)[first] + (mine @ near)[second] - 2 * expected)
    return _with_interval(value, shares * moved / (1 - expected), confidence, largest=1 / (1 - expected), n=n)


def raw(counts: Floats, *, weights: Floats | None = None, confidence: float = 0.95) -> Coefficient:
    """The share of pairs of ratings that are the same, a mean over units with two or more; chance is not taken off.

    Limits: Clopper and Pearson's, for as many units as would give the mean its variance. Source: Korn & Graubard (1998).
    """
    counts, weights = _pairable(counts, weights)
    n = len(counts)
    if n == 0:
        return _undefined(NO_PAIRS)
    same = agreeing(counts)
    value = float(weights @ same) / n
    if n == 1:
        return Coefficient(value, None, None, None, n, ONE_ITEM)
    variance = float(np.sum((weights * (same - value)) ** 2)) / (n * (n - 1))
    worth = min(value * (1 - value) / variance, n * n) if variance > 0 else n**2 / float(weights @ weights)
    limits = clopper_pearson(worth * value, worth, confidence=confidence)
    assert limits is not None  # there are units
    return Coefficient(value, limits.low, limits.high, variance**0.5, n)


def agreeing(counts: Floats) -> Floats:
    """The share of pairs of a unit's ratings that are the same: shape (units,). Every unit has two ratings or more."""
    given = counts.sum(axis=1)
    same: Floats = (counts * (counts - 1)).sum(axis=1) / (given * (given - 1))
    return same


def _pairable(counts: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    chosen = counts.sum(axis=1) >= 2
    kept = counts[chosen]
    return kept, _normal(None if weights is None else weights[chosen], len(kept))


def _normal(weights: Floats | None, n: int) -> Floats:
    """Weights with mean 1."""
    return np.ones(n) if weights is None or n == 0 else weights * (n / weights.sum())


def _distances(metric: Metric, totals: Floats, values: Floats | None) -> Floats:
    """The squared difference of each two categories. totals: shape (categories,), ratings of each."""
    points = np.arange(1.0, len(totals) + 1) if values is None else values
    match metric:
        case "nominal":
            return 1 - np.eye(len(totals))
        case "ordinal":
            middle = np.cumsum(totals) - totals / 2  # the ratings from one middle to the other, both halves counted
            return (middle[:, None] - middle[None, :]) ** 2
        case "interval":
            return (points[:, None] - points[None, :]) ** 2
        case "ratio":
            both = points[:, None] + points[None, :]
            return ((points[:, None] - points[None, :]) / np.where(both == 0, 1, both)) ** 2


def _beyond_chance(counts: Floats, chance: Chance, weights: Floats | None, confidence: float) -> Coefficient:
    """(p_a - p_e) / (1 - p_e), p_e of the mean share of each category. chance: gives p_e of the shares, and its gradient."""
    rated = counts.sum(axis=1) >= 1
    counts = counts[rated]
    weights = _normal(None if weights is None else weights[rated], len(counts))
    n, given = len(counts), counts.sum(axis=1)
    several = given >= 2
    if not several.any():
        return _undefined(NO_PAIRS)
    portions = counts / given[:, None]
    shares = weights @ portions / n
    expected, gradient = chance(shares)
    if expected >= 1 - 1e-12:
        return _undefined(NO_VARIATION, int(several.sum()))
    agreed = np.zeros(n)
    agreed[several] = agreeing(counts[several])
    stretch = n / float(weights @ several)
    value = (stretch * float(weights @ agreed) / n - expected) / (1 - expected)
    scores = stretch * (agreed - expected * several) / (1 - expected) - value
    scores -= (1 - value) / (1 - expected) * ((portions - shares) @ gradient)
    return _with_interval(value, weights * scores / n, confidence, largest=1 / (1 - expected), n=int(several.sum()))


def _with_interval(value: float, parts: Floats, confidence: float, *, largest: float, n: int) -> Coefficient:
    """parts: shape (units,), what each unit moves the coefficient by, its weight included; they sum to 0. n: units with two ratings.

    largest: disagreement over that of chance, if all units disagreed. Where none does, the variance is 0 and says nothing: then the lower
    limit is that of the exact one (Clopper & Pearson) for 0 of n units.
    """
    value, units = float(value), len(parts)
    if n < 2:
        return Coefficient(value, None, None, None, n, ONE_ITEM)
    if value >= 1 - 1e-12:
        unseen = 1 - ((1 - confidence) / 2) ** (1 / n)
        return Coefficient(1.0, 1 - unseen * largest, 1.0, 0.0, n)
    se = float(np.sqrt(units / (units - 1) * np.sum(parts**2)))
    if se < 1e-12:
        return Coefficient(value, None, None, 0.0, n, NO_SPREAD)
    half = float(special.stdtrit(units - 1, (1 + confidence) / 2)) * se
    return Coefficient(value, value - half, min(1.0, value + half), se, n)


def _undefined(reason: str, n: int = 0) -> Coefficient:
    return Coefficient(None, None, None, None, n, reason)
