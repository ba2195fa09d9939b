"""The rate of a part of a population, as it is told."""

from typing import NamedTuple


class Value(NamedTuple):
    """The rate in a part of the population: of the items with one value of a field, "" for those without any; or of one clause.

    estimate, low, high: shares from 0 to 1, None with a reason where there is no valid basis. n: answered drawn items of the part;
    population: its items, None where that is not known. method: of the interval; basis: what the figure rests on, in words.
    query: a search that opens the labels behind it; "" where no search can say it.
    """

    value: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    population: int | None
    method: str
    basis: str
    reason: str | None
    query: str
