"""A rate that may be looked at after every item: confidence sequences by betting, and Wald's test.

A confidence sequence is a list of intervals of which, with the confidence named, every one holds the rate, however long one looks and for
whatever reason one stops. Somebody bets at fair odds that the mean is not m; the capital then rarely grows large if it is m, and the m
against which it has grown beyond 1 / alpha at any time are left out for good.

Values are of shape (n,), in the order in which chance brought the items (by permanent random number): 1 non-compliant, 0 compliant, NaN
where it cannot be said, which counts as 0 for the lower limit and as 1 for the upper. population: how many items there are, where they
were drawn without replacement; None for independent trials.

Sources: Waudby-Smith & Ramdas (2024), Estimating means of bounded random variables by betting; (2020), Confidence sequences for sampling
without replacement; Wald (1945), Sequential Tests of Statistical Hypotheses; METHODS.md section 3.
"""

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.errors import Refused

Floats: TypeAlias = NDArray[np.float64]
Decision = Literal["acceptable", "not acceptable"]

_STEPS, _FINER, _FINE_UP_TO = 1_000, 20, 0.02  # candidates of the mean: thousandths, and near 0 and 1, where rates lie, finer ones
_CHUNK = 32  # items whose bets are laid at once; then the candidates that were left out are bet on no more
_NEVER = np.iinfo(np.int64).max
_ROUNDING = 1e-12


class Bounds(NamedTuple):
    """Limits after each item: shape (n,), from 0 to 1. They hold all together."""

    low: Floats
    high: Floats


class Bets(NamedTuple):
    """How the capital is staked. No choice makes the limits wrong, a poor one only makes them wide.

    expected: the rate that is thought likely beforehand, from which the size of the first bets follows. most: the share of the capital that
    one item can cost.
    """

    expected: float = 0.5
    most: float = 0.5


USUAL = Bets()


def expecting(rate: float | None) -> Bets:
    """Bets for a rate that is known roughly beforehand; the usual ones for none. Below 3 % an item may cost three quarters of the capital.

    Whoever names it after having looked at answers bets on what they have seen, and the limits hold no more. With 200 items and no
    violation the upper limit is then 2.4 % instead of 3.6 %; should the rate be above 5 % all the same, the limits are up to a third wider.
    Measured on 5,000 items without replacement.
    """
    if rate is None:
        return USUAL
    if not 0 < rate < 1:
        raise Refused(f"A rate of {rate:g} cannot be expected.", "Give a share between 0 and 1, such as 0.02.")
    return Bets(rate, most=0.75 if rate < 0.03 else 0.5)


class Tested(NamedTuple):
    """Wald's test of a rate p0 against p1 > p0, after the item at which it stopped.

    decision: None where neither limit was crossed. log_ratio: shape (n,), ln of the likelihood ratio, up to that item; accept, reject: its
    limits. truncated: the decision was forced by the greatest number of items, and errs more often than asked.
    """

    decision: Decision | None
    n: int
    log_ratio: Floats
    accept: float
    reject: float
    truncated: bool


def confidence_sequence(values: Floats, *, population: int | None = None, confidence: float = 0.95, bets: Bets = USUAL) -> Bounds:
    """Limits of the mean after each item, each inside the one before. Bets half of the capital on “less” and half on “more”; capital: the
    sum. Raises Refused for values beyond 0 and 1, or more of them than the population has.

    Capital on “more” falls as the candidate rises, and that on “less” rises: in the cell between two candidates it is at least what the
    worse end of each leaves, and only cells of which that is enough are left out. So no step of the grid can cost coverage.
    """
    _check(values, population, confidence)
    more, less = _counted(values)
    grid = _grid()
    low, high = _edges(_when_left_out(more, less, grid, population, confidence, bets), grid, len(values))
    if population is not None:  # what was seen is not in doubt: so many are violations already, and so many are not
        low = np.maximum(low, np.cumsum(more) / population)
        high = np.minimum(high, 1 - np.cumsum(1 - less) / population)
    return Bounds(np.maximum.accumulate(low), np.minimum.accumulate(high))


def capital(values: Floats, means: Floats, *, population: int | None = None, confidence: float = 0.95, bets: Bets = USUAL) -> Floats:
    """The larger half of the capital after each item, if the mean were m: shape (n, means). An e-process, as the reference runs have it;
    both halves together, which `confidence_sequence` takes, are never less."""
    _check(values, population, confidence)
    more, less = _counted(values)
    up, down = _betters(more, less, (means, means), population, confidence, bets)
    halves: Floats = np.exp(np.maximum(up.next(0, len(values)), down.next(0, len(values)))) / 2
    return halves


def decide(bounds: Bounds, tolerable: float) -> tuple[Decision, int] | None:
    """The first item after which the rate was known to be below `tolerable`, or above it; None while neither is."""
    below, above = bounds.high < tolerable, bounds.low > tolerable
    over = np.flatnonzero(below | above)
    if not len(over):
        return None
    return ("acceptable" if below[over[0]] else "not acceptable"), int(over[0]) + 1


def sprt(values: Floats, *, p0: float, p1: float, alpha: float = 0.05, beta: float = 0.1, most: int | None = None) -> Tested:
    """Wald's sequential probability ratio test. alpha: the chance to call p0 not acceptable; beta: to call p1 acceptable.

    most: stop after so many at the latest and decide by the sign of the log ratio. A rate estimated where the test stopped is biased: give
    the confidence sequence instead. Raises Refused for rates that are not 0 < p0 < p1 < 1, or chances of error that are none.
    """
    if not 0 < p0 < p1 < 1:
        raise Refused(f"{p0:g} against {p1:g} is no test.", "Give an acceptable rate and a greater one, both between 0 and 1.")
    if min(alpha, beta) <= 0 or alpha + beta >= 1:
        raise Refused(f"Chances of error of {alpha:g} and {beta:g} allow no test.", "Give two above 0 that are below 1 together.")
    reject, accept = float(np.log((1 - beta) / alpha)), float(np.log(beta / (1 - alpha)))
    ratio = np.cumsum(values * np.log(p1 / p0) + (1 - values) * np.log((1 - p1) / (1 - p0)))[:most]
    over = np.flatnonzero((ratio >= reject) | (ratio <= accept))
    if len(over):
        n = int(over[0]) + 1
        return Tested("not acceptable" if ratio[n - 1] >= reject else "acceptable", n, ratio[:n], accept, reject, truncated=False)
    if most is not None and len(ratio) == most:
        return Tested("acceptable" if ratio[-1] <= 0 else "not acceptable", most, ratio, accept, reject, truncated=True)
    return Tested(None, len(ratio), ratio, accept, reject, truncated=False)


def _counted(values: Floats) -> tuple[Floats, Floats]:
    """The values for the lower limit and for the upper one."""
    unsure = np.isnan(values)
    return np.where(unsure, 0.0, values), np.where(unsure, 1.0, values)


def _stakes(values: Floats, confidence: float, bets: Bets) -> Floats:
    """How much to bet on each item, from those before it: shape (n,). Source: the predictable plug-in of Waudby-Smith & Ramdas (2024)."""
    place = np.arange(1, len(values) + 1)
    spread = bets.expected * (1 - bets.expected)
    mean = (bets.expected + np.cumsum(values)) / (place + 1)
    variance = (spread + np.cumsum((values - mean) ** 2)) / (place + 1)
    before = np.concatenate(([spread], variance[:-1]))
    stakes: Floats = np.sqrt(2 * np.log(2 / (1 - confidence)) / (before * place * np.log(place + 1)))
    return stakes


def _grid() -> Floats:
    steps, fine = np.arange(_STEPS + 1) * _FINER, np.arange(round(_FINE_UP_TO * _STEPS * _FINER))
    grid: Floats = np.unique(np.concatenate((steps, fine, _STEPS * _FINER - fine))) / (_STEPS * _FINER)
    return grid


class _Better:
    """Bets on “more” than each mean, item by item; bets on “less” are those of the complements.

    values: shape (n,). means: shape (means,).
    """

    def __init__(self, values: Floats, means: Floats, population: int | None, stakes: Floats, most: float) -> None:
        self._values, self._means, self._population, self._stakes, self._most = values, means, population, stakes, most
        self._seen = np.concatenate(([0.0], np.cumsum(values)[:-1]))
        self._won: Floats = np.zeros(len(means))

    def next(self, start: int, stop: int) -> Floats:
        """ln of the capital after each of the items from start to stop, the next ones: shape (stop - start, means)."""
        if self._population is None:
            left = np.broadcast_to(self._means, (stop - start, len(self._means)))
        else:  # the mean of what is not drawn yet, if the whole has the mean m
            undrawn = self._population - np.arange(start, stop)
            left = (self._population * self._means - self._seen[start:stop, None]) / undrawn[:, None]
        with np.errstate(divide="ignore"):
            stake = np.minimum(self._stakes[start:stop, None], np.where(left > 0, self._most / left, np.inf))
        won = np.log1p(stake * (self._values[start:stop, None] - left))
        won[left < -_ROUNDING] = np.inf  # more was seen already than a population of that mean holds
        total: Floats = self._won + np.cumsum(won, axis=0)
        self._won = total[-1]
        return total

    def keep(self, means: NDArray[np.bool_]) -> None:
        """Bet on these means alone from now on."""
        self._means, self._won = self._means[means], self._won[means]


def _betters(
    more: Floats, less: Floats, grid: tuple[Floats, Floats], population: int | None, confidence: float, bets: Bets
) -> tuple[_Better, _Better]:
    """Who bets on more than the means of the first grid, and who on less than those of the second."""
    up = _Better(more, grid[0], population, _stakes(more, confidence, bets), bets.most)
    down = _Better(1 - less, 1 - grid[1], population, _stakes(less, confidence, bets), bets.most)
    return up, down


def _when_left_out(more: Floats, less: Floats, grid: Floats, population: int | None, confidence: float, bets: Bets) -> NDArray[np.int64]:
    """The item (from 1) after which each cell of the grid was left out: shape (cells,), _NEVER where it was not."""
    up, down = _betters(more, less, (grid[1:], grid[:-1]), population, confidence, bets)
    enough = np.log(2 / (1 - confidence))
    fell, left = np.full(len(grid) - 1, _NEVER), np.arange(len(grid) - 1)
    for start in range(0, len(more), _CHUNK):
        stop = min(start + _CHUNK, len(more))
        over = np.logaddexp(up.next(start, stop), down.next(start, stop)) >= enough
        out = over.any(axis=0)
        fell[left[out]] = start + 1 + over[:, out].argmax(axis=0)
        for better in (up, down):
            better.keep(~out)
        left = left[~out]
    return fell


def _edges(fell: NDArray[np.int64], grid: Floats, n: int) -> tuple[Floats, Floats]:
    """Where the cells that are still in begin and end, after each item; as before where none is."""
    last, place = np.minimum(fell, n + 1), np.arange(len(fell))
    first, final = np.full(n + 2, len(fell)), np.full(n + 2, -1)
    np.minimum.at(first, last, place)
    np.maximum.at(final, last, place)
    first, final = np.minimum.accumulate(first[::-1])[::-1][2:], np.maximum.accumulate(final[::-1])[::-1][2:]
    left = final >= 0
    low, high = np.where(left, grid[np.minimum(first, len(fell) - 1)], 0.0), np.where(left, grid[final + 1], 1.0)
    return low, high


def _check(values: Floats, population: int | None, confidence: float) -> None:
    if not 0 < confidence < 1:
        raise Refused(f"A confidence of {confidence:g} has no limits.", "Give a share between 0 and 1, such as 0.95.")
    if population is not None and len(values) > population:
        raise Refused(f"{len(values):,} items cannot have been drawn from {population:,}.", "Give the size of the whole population.")
    known = values[~np.isnan(values)]
    if len(known) and (known.min() < 0 or known.max() > 1):
        raise Refused(f"Values from {known.min():g} to {known.max():g} are no shares.", "Give values from 0 to 1.")
