"""How many items must be looked at to show that violations are rare, and what such a sample shows.

A plan is exact: the least n with which a population at the tolerable rate would show `errors` violations or fewer with a chance of at most
1 - confidence. Binomial where the population is not known, hypergeometric where it is. Limits here are one-sided, each with the confidence
by itself. Source: AICPA, Audit Sampling; Stewart (2012), Technical Notes on the AICPA Audit Guide; METHODS.md section 3.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy import special, stats

from reviewer.domain.errors import Refused

MOST = 1_000_000_000  # items; a plan beyond is none
_ROUNDING = 1e-9  # 0.29 * 100 is 28.999999999999996, and is meant as 29


class Elusion(NamedTuple):
    """Violations among items that a judge or filter passed as compliant, by a random sample of those.

    passed: how many items it passed; reviewed: of those, at random; missed: violations found among the reviewed. elusion: the share of
    violations among the passed; high: its upper limit; most, least: limits of how many there are among the passed.
    """

    passed: int
    reviewed: int
    missed: int
    confidence: float
    elusion: float
    high: float
    least: int
    most: int


class Recall(NamedTuple):
    """The share of all violations that were found: found / (found + elusion x passed), with limits; all None where nothing was found and
    nothing missed."""

    found: int
    recall: float | None
    low: float | None
    high: float | None


def least_size(*, tolerable: float, confidence: float = 0.95, errors: int = 0, population: int | None = None) -> int:
    """How many to review so that `errors` violations or fewer among them show that the rate is below `tolerable`.

    Raises Refused for shares outside (0, 1), and for a plan that no sample of the population fulfils.
    """
    _check_share(tolerable, "tolerable rate")
    _check_share(confidence, "confidence")
    if errors < 0:
        raise Refused(f"{errors:,} violations cannot be found.", "Give 0 or more.")
    if population is None:
        return _least_binomial(tolerable, confidence, errors)
    if not 1 <= population <= MOST:
        raise Refused(f"A population of {population:,} items cannot be planned for.", f"Give the number of its items, 1 to {MOST:,}.")
    _check_errors(tolerable, errors, population)
    # At least this many violations are in a population whose rate is not below the tolerable one; METHODS.md rounds down, to the safe side.
    there = max(math.floor(tolerable * population + _ROUNDING), errors + 1)
    n, _ = _least(errors + 1, population, lambda size: float(stats.hypergeom.cdf(errors, population, there, size)) <= 1 - confidence)
    return n


def upper_limit(errors: int, n: int, *, confidence: float = 0.95) -> float:
    """The one-sided upper limit of the rate after `errors` violations in n independent items. Source: Clopper & Pearson (1934)."""
    _check_share(confidence, "confidence")
    _check_sample(errors, n)
    return 1.0 if errors == n else float(special.betaincinv(errors + 1, n - errors, confidence))


def most_violations(errors: int, n: int, population: int, *, confidence: float = 0.95) -> int:
    """The greatest number of violations in a population that a simple random sample of n with `errors` of them does not reject."""
    _check_sample(errors, n, population)
    least, most = errors, population - (n - errors)

    def kept(there: int) -> bool:
        return float(stats.hypergeom.cdf(errors, population, there, n)) > 1 - confidence

    while least < most:  # the chance of so few falls as there are more
        middle = (least + most + 1) // 2
        least, most = (middle, most) if kept(middle) else (least, middle - 1)
    return least


def least_violations(errors: int, n: int, population: int, *, confidence: float = 0.95) -> int:
    """The least number of violations in a population that a simple random sample of n with `errors` of them does not reject."""
    return population - most_violations(n - errors, n, population, confidence=confidence)


def elusion(missed: int, reviewed: int, passed: int, *, confidence: float = 0.95) -> Elusion:
    """What a simple random sample of the passed items says of those that slipped through. Raises Refused for impossible counts."""
    _check_share(confidence, "confidence")
    most = most_violations(missed, reviewed, passed, confidence=confidence)
    least = least_violations(missed, reviewed, passed, confidence=confidence)
    return Elusion(passed, reviewed, missed, confidence, missed / reviewed, most / passed, least, most)


def recall(found: int, sample: Elusion) -> Recall:
    """The share of all violations that were found. found: those among the items that were not passed, all of which were looked at."""
    if found < 0:
        raise Refused(f"{found:,} violations cannot have been found.", "Give 0 or more.")
    if found == 0 and sample.most == 0:
        return Recall(0, None, None, None)  # there is nothing to be found
    slipped = sample.elusion * sample.passed
    value = found / (found + slipped) if found + slipped > 0 else None
    return Recall(found, value, found / (found + sample.most), found / (found + sample.least) if found + sample.least > 0 else None)


def _least_binomial(tolerable: float, confidence: float, errors: int) -> int:
    n, enough = _least(errors + 1, MOST, lambda size: float(special.bdtr(errors, size, tolerable)) <= 1 - confidence)
    if not enough:
        raise Refused(
            f"A rate below {tolerable:g} takes a sample of more than {MOST:,} items.", "Choose a greater tolerable rate, or fewer errors."
        )
    return n


def _least(low: int, high: int, enough: Callable[[int], bool]) -> tuple[int, bool]:
    """The least size from low to high that is enough, where every greater one is, too; and whether one is."""
    if low > high or not enough(high):
        return high, False
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low, True


def _check_share(value: float, name: str) -> None:
    if not 0 < value < 1:
        raise Refused(f"A {name} of {value:g} allows no plan.", "Give a share between 0 and 1, such as 0.05 for one in twenty.")


def _check_errors(tolerable: float, errors: int, population: int) -> None:
    if errors >= population:
        raise Refused(f"{errors:,} violations are all that {population:,} items can hold.", "Allow fewer errors.")
    if errors >= tolerable * population - _ROUNDING:
        raise Refused(
            f"{errors:,} violations among {population:,} items are no longer below a rate of {tolerable:g}.",
            "Allow fewer errors, or a greater tolerable rate.",
        )


def _check_sample(errors: int, n: int, population: int | None = None) -> None:
    if n < 1 or not 0 <= errors <= n:
        raise Refused(
            f"{errors:,} violations of {n:,} reviewed items cannot be.", "Give how many were reviewed, and how many of those were bad."
        )
    if population is not None and n > population:
        raise Refused(f"{n:,} items cannot have been reviewed out of {population:,}.", "Give the size of the whole population.")
