"""How many items to review before a claim holds, and what a sample of passed items says of those that slipped through."""

from typing import NamedTuple

from reviewer.domain import acceptance
from reviewer.domain.acceptance import Elusion, Recall
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused


class Plan(NamedTuple):
    """Review n items drawn at random: `errors` violations or fewer among them show, with this confidence, a rate below `tolerable`.

    population: None where it is not known.
    """

    n: int
    confidence: float
    tolerable: float
    errors: int
    population: int | None
    basis: str


class Slipped(NamedTuple):
    """What a random sample of passed items says. recall: None where it was not said how many violations were found; holds: whether the
    rate among the passed is below the tolerable one, None where none was named."""

    elusion: Elusion
    recall: Recall | None
    tolerable: float | None
    holds: bool | None
    basis: str


class Sampled(NamedTuple):
    """What a random sample of items without number says. high: the one-sided upper limit of their rate; holds as in `Slipped`."""

    n: int
    errors: int
    confidence: float
    rate: float
    high: float
    tolerable: float | None
    holds: bool | None
    basis: str


def plan_acceptance(*, tolerable: float, confidence: float = 0.95, errors: int = 0, population: int | None = None) -> Outcome[Plan]:
    """How many to review so that `errors` violations or fewer prove the rate is below `tolerable`. Raises Refused where no sample does."""
    n = acceptance.least_size(tolerable=tolerable, confidence=confidence, errors=errors, population=population)
    basis = "binomial, population not named" if population is None else f"hypergeometric, {population:,} items"
    return Outcome(Plan(n, confidence, tolerable, errors, population, f"exact {basis}; a simple random sample"))


def weigh_passed(
    *, passed: int, reviewed: int, missed: int, found: int | None = None, tolerable: float | None = None, confidence: float = 0.95
) -> Outcome[Slipped]:
    """What slipped through a judge or filter, by a simple random sample of what it passed, and the share of all violations that were found.

    found: violations among what it did not pass, all of which was looked at. Raises Refused for counts that cannot be.
    """
    _check(tolerable)
    sample = acceptance.elusion(missed, reviewed, passed, confidence=confidence)
    holds = None if tolerable is None else sample.high < tolerable
    recall = None if found is None else acceptance.recall(found, sample)
    basis = f"exact hypergeometric, {reviewed:,} of {passed:,} passed items at random; each limit holds with {confidence:g} by itself"
    return Outcome(Slipped(sample, recall, tolerable, holds, basis))


def weigh_sample(*, reviewed: int, missed: int, tolerable: float | None = None, confidence: float = 0.95) -> Outcome[Sampled]:
    """What a random sample says where nobody knows of how many items it is. missed: violations in it. Raises Refused for counts that cannot
    be, and shares that are none."""
    _check(tolerable)
    high = acceptance.upper_limit(missed, reviewed, confidence=confidence)
    holds = None if tolerable is None else high < tolerable
    basis = f"exact binomial, {reviewed:,} items at random, population not named; the limit holds with {confidence:g}"
    return Outcome(Sampled(reviewed, missed, confidence, missed / reviewed, high, tolerable, holds, basis))


def _check(tolerable: float | None) -> None:
    if tolerable is not None and not 0 < tolerable < 1:
        raise Refused(f"A tolerable rate of {tolerable:g} can be neither kept nor broken.", "Give a share between 0 and 1, such as 0.05.")
