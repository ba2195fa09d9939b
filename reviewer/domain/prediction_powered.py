"""Means that a judge's scores of all items sharpen, by the labels of some: prediction-powered inference, which surveys call GREG.

y: labels; f: the judge's scores of the same items; both shape (n,). The judge must be frozen, and must not have been tuned on these
labels. lam: how far the scores are followed; 0 is the labels by themselves, 1 takes the scores as they are.

Sources: Angelopoulos et al. (2023), Prediction-powered inference; Angelopoulos, Duchi & Zrnic (2023), PPI++; Fisch et al. (2024),
Stratified prediction-powered inference; Zrnic & Candès (2024) for cross-fitting; Cassel, Särndal & Wretman (1976) for GREG; METHODS.md
section 2.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain import survey
from reviewer.domain.proportions import Interval, normal_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
POOLED_BELOW = 30  # labels of a stratum that tune its own lam


class Powered(NamedTuple):
    """An estimated mean, its variance, and the lam that it used."""

    value: float
    variance: float
    lam: float

    def normal_interval(self, confidence: float = 0.95) -> Interval:
        """The interval of the papers, by the normal distribution; not cut at 0 and 1."""
        half = normal_quantile(confidence) * math.sqrt(self.variance)
        return Interval(self.value - half, self.value + half)

    def chance_beyond(self, null: float) -> float:
        """The p value against a mean of at most `null`."""
        return float(special.ndtr((null - self.value) / math.sqrt(self.variance)))


def tuned(y: Floats, f: Floats, f_rest: Floats, weights: Floats | None = None) -> float:
    """The lam that gives the least variance; not cut to [0, 1].

    f_rest: scores of unlabelled items. Moments are those of ppi-python: covariance by n, variance of all scores by n + N - 1.
    """
    w = _mean_one(weights, len(y))
    middle = float(f_rest.mean() + (w * (y - f)).mean())
    errors, scores = w * (y - middle), w * (f - middle)
    covariance = float(np.mean((errors - errors.mean()) * (scores - scores.mean())))
    spread = float(np.concatenate([scores, f_rest - middle]).var(ddof=1))
    varies = spread > 1e-12 * float(np.mean(f_rest**2))  # the rest is rounding
    return covariance / ((1 + len(y) / len(f_rest)) * spread) if varies else 0.0


def mean(y: Floats, f: Floats, f_rest: Floats, *, lam: float | None = None, weights: Floats | None = None) -> Powered:
    """The mean of a population too large to count, of which some items are labelled and others (f_rest) only scored.

    weights: one over the inclusion probabilities of the labelled; only their ratios matter. lam: None to tune it, cut to [0, 1].
    """
    if lam is None:
        lam = min(max(tuned(y, f, f_rest, weights), 0.0), 1.0)
    w = _mean_one(weights, len(y))
    left = w * (y - lam * f)
    value = lam * float(f_rest.mean()) + float(left.mean())
    return Powered(value, lam**2 * float(f_rest.var()) / len(f_rest) + float(left.var()) / len(y), lam)


def difference(y: Floats, f: Floats, pi: Floats, *, f_population: Floats, lam: float = 1.0) -> Powered:
    """The mean of a population whose every item is scored, from a Poisson sample: scores of all, and what labels add to them.

    lam must not come from these labels; then the estimate is exactly unbiased. f_population: shape (N,), whose mean has no error.
    """
    left = (y - lam * f) / pi
    size = len(f_population)
    value = (lam * float(f_population.sum()) + float(left.sum())) / size
    return Powered(value, survey.poisson_variance(left / size, pi), lam)


def greg(y: Floats, f: Floats, pi: Floats, *, f_population: Floats) -> Powered:
    """The generalised regression estimate of a Poisson sample: y on 1 and f by weighted least squares.

    Its variance is that of the residuals with the weights of the design.
    """
    weights, size = 1 / pi, len(f_population)
    slope = _slope(y, f, weights)
    usual = survey.hajek(y - slope * f, weights)
    value = usual.value + slope * float(f_population.mean())
    return Powered(value, survey.poisson_variance(weights * (y - slope * f - usual.value) / size, pi), slope)


def cross_fitted(y: Floats, f: Floats, weights: Floats, fold: Ints, stratum: Ints) -> Floats:
    """The lam of each item, tuned on the items of the other folds (`stratified_lam`).

    Returns shape (n,). Each item is corrected by a lam that its own label did not choose, so the sum is exactly unbiased. fold: by chance,
    or by anything that does not depend on labels.
    """
    lams = np.empty(len(y))
    strata = int(stratum.max()) + 1
    for number in np.unique(fold):
        here, others = fold == number, fold != number
        tuned_by = stratified_lam(y[others], f[others], stratum[others], weights[others], strata)
        lams[here] = tuned_by[stratum[here]]
    return lams


def regression_slope(y: Floats, f: Floats, weights: Floats) -> float:
    """The slope of y on f by weighted least squares, cut to [0, 1]; 0 where the scores do not vary."""
    return min(max(_slope(y, f, weights), 0.0), 1.0)


def stratified_lam(y: Floats, f: Floats, stratum: Ints, weights: Floats, strata: int) -> Floats:
    """The lam of each stratum: its own where it has POOLED_BELOW labels, else that of all together. Returns shape (strata,)."""
    lams = np.full(strata, regression_slope(y, f, weights))
    for number in np.flatnonzero(np.bincount(stratum, minlength=strata) >= POOLED_BELOW):
        here = stratum == number
        lams[number] = regression_slope(y[here], f[here], weights[here])
    return lams


def _slope(y: Floats, f: Floats, weights: Floats) -> float:
    centred = f - survey.total(weights, f) / float(weights.sum())
    spread = survey.total(weights, centred**2)
    varies = spread > 1e-12 * survey.total(weights, f**2)  # the rest is rounding
    return survey.total(weights, centred * y) / spread if varies else 0.0


def _mean_one(weights: Floats | None, n: int) -> Floats:
    return np.ones(n) if weights is None else weights * (n / weights.sum())
