"""What can be said of items that were picked for what they were thought to be, not by chance alone.

Sources: Farquhar, Gal & Rainforth (2021), On Statistical Bias in Active Learning (LURE); Callaghan & Müller-Hansen (2020), Statistical
stopping criteria for automated screening (the urn test); METHODS.md section 10.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reviewer.domain.errors import Refused

Floats: TypeAlias = NDArray[np.float64]


def lure_weights(chances: Floats, population: int) -> Floats:
    """The weight of each pick, in the order of picking: the mean of weight x value is the population's mean, without bias.

    chances: shape (picks,), the probability with which each was picked among those that were left. Raises Refused for chances outside
    (0, 1], or more picks than items.
    """
    picks = len(chances)
    _check(chances, population)
    place = np.arange(1, picks + 1)
    if picks == population:
        return np.ones(picks)
    left = population - place
    weights: Floats = 1 + (population - picks) / left * (1 / ((left + 1) * chances) - 1)
    return weights


def lure(values: Floats, chances: Floats, population: int) -> float:
    """The mean of the population from items that were picked one at a time without replacement, each with a known chance."""
    return float(np.mean(lure_weights(chances, population) * values))


def pure(values: Floats, chances: Floats, population: int) -> float:
    """As `lure`, with the plain weights: unbiased, and less steady."""
    _check(chances, population)
    before = np.concatenate(([0.0], np.cumsum(values)[:-1]))
    return float(np.mean(values / (population * chances) + before / population))


def chance_of_missing(found: Floats, population: int, *, recall: float) -> float:
    """The p-value of “less than this share of all violations was found”, after the items of a ranking were screened from its top.

    found: shape (screened,), 1 for a violation, in the order of screening. Whatever the ranking is worth, the last items of it are at
    least as rich in violations as those that are left; each stretch of them is one urn, and the least p-value over them counts.
    Raises Refused for a recall outside (0, 1), or more items than there are.
    """
    screened = len(found)
    if not 0 < recall < 1:
        raise Refused(f"A recall of {recall:g} cannot be tested.", "Give a share between 0 and 1, such as 0.95.")
    if not 0 < screened <= population:
        raise Refused(f"{screened:,} items cannot have been screened of {population:,}.", "Give the size of the whole population.")
    all_found = int(found.sum())
    in_urn = np.cumsum(found[::-1]).astype(np.int64)
    drawn = np.arange(1, screened + 1)
    there = math.floor(all_found / recall + 1) - (all_found - in_urn)  # so many in urn and rest together, were the recall missed
    rest = population - screened + drawn
    chances = stats.hypergeom.cdf(in_urn, rest, np.minimum(there, rest), drawn)
    chances[there > rest] = 0.0  # there is no room for so many
    return float(chances.min())


def _check(chances: Floats, population: int) -> None:
    if len(chances) > population:
        raise Refused(f"{len(chances):,} items cannot have been picked from {population:,}.", "Give the size of the whole population.")
    if len(chances) == 0 or not ((chances > 0) & (chances <= 1)).all():
        raise Refused("A pick without a chance between 0 and 1 weighs nothing that can be told.", "Give the chance of every pick.")
