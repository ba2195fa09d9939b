"""How sure a share is that was counted, or estimated with a variance.

The first family takes counts, `part` of `whole`, of independent trials; `hypergeometric` takes counts of a simple random sample of a finite
population. The second takes a share and its design variance, whatever the design (`reviewer/domain/survey.py`).

Sources: Brown, Cai & DasGupta (2001) for the binomial intervals; Korn & Graubard (1998) for the exact one of a weighted share; Rao & Scott
(1984) for the scaled likelihood; Yan & Su (2010) for Wilson's over strata; METHODS.md section 1. Quantiles come from scipy.special: the
distributions of scipy.stats take a hundred times as long, and an estimate by a field asks for hundreds.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.optimize import brentq


class Interval(NamedTuple):
    """Limits of a share, from 0 to 1."""

    low: float
    high: float


def clopper_pearson(part: float, whole: float, *, confidence: float = 0.95) -> Interval | None:
    """The exact interval of a share of independent trials, `part` of `whole`; None where nothing was tried.

    Both may be fractions, as sizes are that give a weighted share its variance.
    Source: Clopper & Pearson (1934), by quantiles of the beta distribution.
    """
    if whole == 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if part == 0 else float(special.betaincinv(part, whole - part + 1, tail))
    high = 1.0 if part == whole else float(special.betaincinv(part + 1, whole - part, 1 - tail))
    return Interval(low, high)


def wilson(part: float, whole: float, *, confidence: float = 0.95) -> Interval:
    """The score interval. Source: Wilson (1927)."""
    return _score(part, whole, normal_quantile(confidence))


def agresti_coull(part: float, whole: float, *, confidence: float = 0.95) -> Interval:
    """Wald's interval after adding z²/2 of each answer; not cut at 0 and 1. Source: Agresti & Coull (1998)."""
    z = normal_quantile(confidence)
    size = whole + z**2
    share = (part + z**2 / 2) / size
    half = z * math.sqrt(share * (1 - share) / size)
    return Interval(share - half, share + half)


def jeffreys(part: float, whole: float, *, confidence: float = 0.95) -> Interval:
    """The central interval of the posterior under Jeffreys' prior, Beta(1/2, 1/2). Neither limit is moved to 0 or 1."""
    tail = (1 - confidence) / 2
    a, b = part + 0.5, whole - part + 0.5
    return Interval(float(special.betaincinv(a, b, tail)), float(special.betaincinv(a, b, 1 - tail)))


def logit_wald(part: float, whole: float, *, confidence: float = 0.95) -> Interval:
    """Wald's interval on the log odds; Clopper and Pearson's where the odds are 0 or infinite."""
    if part in (0, whole):
        exact = clopper_pearson(part, whole, confidence=confidence)
        assert exact is not None
        return exact
    half = normal_quantile(confidence) / math.sqrt(part * (whole - part) / whole)
    middle = math.log(part / (whole - part))
    return Interval(float(special.expit(middle - half)), float(special.expit(middle + half)))


def likelihood_ratio(part: float, whole: float, *, confidence: float = 0.95) -> Interval:
    """The shares whose deviance is below the quantile of chi squared on one degree of freedom."""
    return _within_deviance(part / whole, whole, normal_quantile(confidence))


def signed_root(part: float, whole: float, share: float) -> float:
    """The root of the deviance of `share` from what was counted, with the sign of the difference: about normal if `share` is true."""
    seen = part / whole
    deviance = 2 * whole * float(special.rel_entr(seen, share) + special.rel_entr(1 - seen, 1 - share))
    return math.copysign(math.sqrt(max(deviance, 0.0)), share - seen)


def hypergeometric(part: int, whole: int, population: int, *, confidence: float = 0.95) -> Interval:
    """The exact interval of a share of a finite population, `part` of the `whole` drawn without replacement being counted.

    The limits are the counts over `population` next to those that leave either tail its due, as far as what was drawn allows them; coverage
    is at least `confidence` for every population. Source: Buonaccorsi (1987), A note on confidence intervals for proportions in finite
    populations; the limits themselves are rejected, as in Sprop of the R package samplingbook.
    """
    return _hypergeometric(int(part), int(whole), int(population), confidence)


@lru_cache(maxsize=4096)
def _hypergeometric(part: int, whole: int, population: int, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    least, most = part, population - (whole - part)
    high = _last(lambda count: _chance_of_at_most(part, count, whole, population) > tail, least, most)
    other = _last(lambda count: _chance_of_at_most(whole - part, count, whole, population) > tail, whole - part, population - part)
    return Interval(max(population - other - 1, least) / population, min(high + 1, most) / population)


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The greatest number from `low` to `high` for which it holds, as it does for `low` and for none after the first failure."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _chance_of_at_most(part: int, count: int, whole: int, population: int) -> float:
    """P(X <= part), X of the `whole` drawn being among the `count` of the `population`. Terms too small to count are left out."""
    mean = whole * count / population
    spread = math.sqrt(mean * (1 - count / population) * (population - whole) / max(population - 1, 1))
    first = max(0, whole + count - population, int(min(part, mean) - 12 * spread) - 60)
    k = np.arange(first, min(part, whole, count) + 1, dtype=np.float64)
    ways = _log_choose(float(population), np.array(float(whole)))
    return float(np.exp(_log_choose(float(count), k) + _log_choose(float(population - count), whole - k) - ways).sum())


def _log_choose(n: float, k: NDArray[np.float64]) -> NDArray[np.float64]:
    logs: NDArray[np.float64] = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return logs


def stratified_wilson(
    part: NDArray[np.float64], whole: NDArray[np.float64], weights: NDArray[np.float64] | None = None, *, confidence: float = 0.95
) -> Interval:
    """Wilson's interval of a weighted mean of shares of strata.

    part, whole, weights: shape (strata,); weights sum to 1, None for those that make the interval narrowest. Source: Yan & Su (2010), with
    the ten rounds at most, and the end at a change of less than .001, of the R package tern.
    """
    share = part / whole
    spread = share * (1 - share) / whole
    given = np.full(len(part), 1 / len(part)) if weights is None else weights
    z = _stratum_quantile(spread, given, confidence)
    if weights is None:
        given = _narrowest(spread, whole, given, z, confidence)
    limits = [_score(float(x), float(n), z) for x, n in zip(part, whole, strict=True)]
    return Interval(float(given @ [limit.low for limit in limits]), float(given @ [limit.high for limit in limits]))


def _narrowest(
    spread: NDArray[np.float64], whole: NDArray[np.float64], given: NDArray[np.float64], z: float, confidence: float
) -> NDArray[np.float64]:
    for _ in range(10):
        better = (1 + z**2 / whole) ** 2 / (spread + z**2 / (4 * whole**2))
        better /= better.sum()
        z = _stratum_quantile(spread, better, confidence)
        moved, given = float(np.abs(better - given).sum()), better
        if moved < 0.001:
            break
    return given


def _stratum_quantile(spread: NDArray[np.float64], weights: NDArray[np.float64], confidence: float) -> float:
    """The quantile that each stratum takes so that all together have the width of the whole."""
    parts = weights * np.sqrt(spread)
    return float(np.sqrt(parts @ parts) / parts.sum()) * normal_quantile(confidence)


def korn_graubard(
    share: float, variance: float, *, n: int, degrees: int, confidence: float = 0.95, effective: float | None = None
) -> Interval:
    """Clopper and Pearson's interval for as many trials as would give `share` its variance, widened for few degrees of freedom.

    n: items drawn; degrees: n less the strata. effective: the number of trials, where the variance is 0 and says nothing (Kish's effective
    size). Source: Korn & Graubard (1998); the R package survey, svyciprop(method = "beta").
    """
    trials = effective if effective is not None else share * (1 - share) / variance
    trials *= (student_quantile(n - 1, confidence) / student_quantile(degrees, confidence)) ** 2
    limits = clopper_pearson(min(trials * share, trials), trials, confidence=confidence)
    assert limits is not None
    return limits


def unseen_event(share: float, variance: float, *, unseen: float, n: int, degrees: float, confidence: float = 0.95) -> Interval:
    """Korn and Graubard's interval, with the weight that an event not seen would have, in place of the mean weight of those seen.

    Clopper and Pearson's limits are those of one event more, and of one non-event more, than were seen. Korn and Graubard give it the
    weight that the variance implies, which is that of the events seen: where a sample favours what looks risky, these are the light ones,
    and a heavy one that was missed lies outside (measured in tests/domain/test_coverage.py: up to two samples of three miss the rate).
    unseen: the share of all weight that the event not seen has. Where all weigh the same this is Korn and Graubard's interval, and Clopper
    and Pearson's for independent trials.
    Sources: Fay & Feuer (1997) and Tiwari, Clegg & Zou (2006), who do so for weighted sums of Poisson counts.
    """
    tail = (1 - confidence) / 2
    variance *= (student_quantile(degrees, confidence) / student_quantile(n - 1, confidence)) ** 2
    low = 0.0 if share <= 0 else _beta_quantile(tail, share / (1 + unseen), (variance + (share * unseen) ** 2) / (1 + unseen) ** 2)
    rest = (1 - share) * unseen
    high = 1.0 if share >= 1 else _beta_quantile(1 - tail, (share + unseen) / (1 + unseen), (variance + rest**2) / (1 + unseen) ** 2)
    return Interval(low, high)


def _beta_quantile(chance: float, mean: float, variance: float) -> float:
    """A quantile of the beta distribution that stands for as many trials, and one, as give `mean` its variance."""
    if variance <= 0:
        return mean
    trials = mean * (1 - mean) / variance + 1
    return float(special.betaincinv(mean * trials, (1 - mean) * trials, chance))


def design_wald(share: float, variance: float, *, degrees: float, confidence: float = 0.95) -> Interval:
    """Share ± t times its standard error; not cut at 0 and 1."""
    half = student_quantile(degrees, confidence) * math.sqrt(variance)
    return Interval(share - half, share + half)


def design_logit(share: float, variance: float, *, degrees: float, confidence: float = 0.95) -> Interval:
    """Wald's on the log odds, by the delta method. share: not 0 or 1."""
    half = student_quantile(degrees, confidence) * math.sqrt(variance) / (share * (1 - share))
    middle = float(special.logit(share))
    return Interval(float(special.expit(middle - half)), float(special.expit(middle + half)))


def design_arcsine(share: float, variance: float, *, degrees: float, confidence: float = 0.95) -> Interval:
    """Wald's on the arcsine of the root, which has about the same variance everywhere."""
    half = student_quantile(degrees, confidence) * math.sqrt(variance / (4 * share * (1 - share)))
    middle = math.asin(math.sqrt(share))
    low, high = max(middle - half, 0.0), min(middle + half, math.pi / 2)
    return Interval(math.sin(low) ** 2, math.sin(high) ** 2)


def design_likelihood(share: float, variance: float, *, n: int, degrees: float, confidence: float = 0.95) -> Interval:
    """The shares whose deviance, scaled by the design effect, is below the quantile of F on 1 and `degrees`. n: items drawn.

    Source: Rao & Scott (1984); the design effect is over sampling with replacement, as svyciprop(method = "likelihood") has it.
    """
    return _within_deviance(share, share * (1 - share) / variance * (n - 1) / n, student_quantile(degrees, confidence))


def normal_quantile(confidence: float) -> float:
    """Half the width of the central interval of the standard normal distribution."""
    return float(special.ndtri((1 + confidence) / 2))


def student_quantile(degrees: float, confidence: float) -> float:
    """Half the width of the central interval of Student's t."""
    return float(special.stdtrit(degrees, (1 + confidence) / 2))


def _score(part: float, whole: float, z: float) -> Interval:
    share = part / whole
    middle = (part + z**2 / 2) / (whole + z**2)
    half = z * math.sqrt(whole) / (whole + z**2) * math.sqrt(share * (1 - share) + z**2 / (4 * whole))
    return Interval(0.0 if part == 0 else middle - half, 1.0 if part == whole else middle + half)


def _within_deviance(share: float, whole: float, root: float) -> Interval:
    part = share * whole
    low = 0.0 if share == 0 else float(brentq(lambda p: signed_root(part, whole, p) + root, 1e-300, share, xtol=1e-14))
    high = 1.0 if share == 1 else float(brentq(lambda p: signed_root(part, whole, p) - root, share, 1 - 1e-16, xtol=1e-14))
    return Interval(low, high)
