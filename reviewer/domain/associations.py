"""Whether two shares differ by more than chance: independent samples, the same items twice, and reviewer by reviewer.

A table of two samples is (yes, n) and (yes, n). Sources: Fisher (1935); McNemar (1947); Mantel & Haenszel (1959), with the variance of the
odds ratio by Robins, Breslow & Greenland (1986); METHODS.md section 9.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from reviewer.domain.errors import Refused


class Exact(NamedTuple):
    """Fisher's exact test: p two-sided; odds_ratio: the conditional maximum likelihood, with exact limits."""

    p: float
    odds_ratio: float
    low: float
    high: float


class McNemar(NamedTuple):
    """The same items judged twice: only those that changed tell. p_exact is the one to report, the others are to compare with."""

    chi2: float | None
    p: float | None
    chi2_corrected: float | None
    p_corrected: float | None
    p_exact: float


class CommonOdds(NamedTuple):
    """One odds ratio over strata, with its limits; p of no association in any. Value and limits are None where the tables give none."""

    odds_ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    strata: int


class Arm(NamedTuple):
    """One sample: how many said yes, of how many."""

    yes: int
    n: int


def pooled_test(first: Arm, second: Arm) -> float | None:
    """The p-value of equal shares, by chi squared without a correction; None where nobody differs from anybody."""
    share = (first.yes + second.yes) / (first.n + second.n)
    if share in (0.0, 1.0):
        return None
    z = (first.yes / first.n - second.yes / second.n) / math.sqrt(share * (1 - share) * (1 / first.n + 1 / second.n))
    return float(special.chdtrc(1, z * z))


def fisher(first: Arm, second: Arm, *, confidence: float = 0.95) -> Exact:
    """Fisher's exact test of two independent samples."""
    from scipy import stats  # here: it takes 0.3 s to load

    table = np.array([[first.yes, first.n - first.yes], [second.yes, second.n - second.yes]])
    odds = stats.contingency.odds_ratio(table, kind="conditional")
    limits = odds.confidence_interval(confidence_level=confidence)
    return Exact(float(stats.fisher_exact(table).pvalue), float(odds.statistic), float(limits.low), float(limits.high))


def mcnemar(only_first: int, only_second: int) -> McNemar:
    """Of items of which the first alone said yes, and the second alone."""
    if min(only_first, only_second) < 0:
        raise Refused(f"{min(only_first, only_second)} items cannot have changed.", "Give 0 or more.")
    changed = only_first + only_second
    if changed == 0:
        return McNemar(None, None, None, None, 1.0)
    chi2, corrected = (max(abs(only_first - only_second) - less, 0) ** 2 / changed for less in (0, 1))
    exact = min(1.0, 2 * float(special.bdtr(min(only_first, only_second), changed, 0.5)))
    return McNemar(chi2, float(special.chdtrc(1, chi2)), corrected, float(special.chdtrc(1, corrected)), exact)


def mantel_haenszel(strata: Sequence[tuple[Arm, Arm]], *, confidence: float = 0.95) -> CommonOdds:
    """One odds ratio of two arms, as each stratum (a reviewer, say) has them; those with an empty arm tell nothing and are left out."""
    told = [(first, second) for first, second in strata if first.n and second.n]
    if not told:
        return CommonOdds(None, None, None, None, 0)
    a, b, c, d = (
        np.array(column, np.float64)
        for column in zip(*((one.yes, one.n - one.yes, two.yes, two.n - two.yes) for one, two in told), strict=True)
    )
    n, yes = a + b + c + d, a + c
    expected, spread = (a + b) * yes / n, (a + b) * (c + d) * yes * (n - yes) / (n**2 * np.maximum(n - 1, 1))
    p = float(special.chdtrc(1, float((a - expected).sum()) ** 2 / float(spread.sum()))) if spread.sum() > 0 else None
    agree, differ = a * d / n, b * c / n
    up, down = float(agree.sum()), float(differ.sum())
    if up == 0 or down == 0:
        return CommonOdds(None, None, None, p, len(told))
    same, apart = (a + d) / n, (b + c) / n
    variance = (
        float(same @ agree) / (2 * up**2)
        + float(same @ differ + apart @ agree) / (2 * up * down)
        + float(apart @ differ) / (2 * down**2)
    )  # fmt: skip
    half = float(special.ndtri((1 + confidence) / 2)) * math.sqrt(variance)
    return CommonOdds(up / down, up / down * math.exp(-half), up / down * math.exp(half), p, len(told))


def size_per_arm(share: float, other: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """How many of each arm tell these two shares apart, two-sided, with this chance. Source: the unpooled normal formula."""
    if not (0 < share < 1 and 0 < other < 1) or share == other:
        raise Refused(f"No number of items tells {share:g} from {other:g}.", "Give two different shares between 0 and 1.")
    z = float(special.ndtri(1 - alpha / 2) + special.ndtri(power))
    return math.ceil(z**2 * (share * (1 - share) + other * (1 - other)) / (share - other) ** 2)
