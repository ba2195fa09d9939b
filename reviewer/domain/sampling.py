"""Samples with known inclusion probabilities, by permanent random numbers, so that a sample can grow and stay valid.

Source: Ohlsson (1995), Coordination of samples using permanent random numbers; METHODS.md section 1.
"""

import hmac
from collections.abc import Sequence
from typing import NamedTuple

from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId


class Pick(NamedTuple):
    """One drawn item: where it was drawn, in which stream of the queue, its inclusion probability and its permanent random number."""

    item: ItemId
    stratum: str
    stream: str
    pi: str
    u: str


class Sample(NamedTuple):
    """What a draw picks. `threshold`: the largest permanent random number taken, as a decimal string."""

    picks: tuple[Pick, ...]
    threshold: str


def permanent_random_number(seed: str, item: ItemId) -> float:
    """A number in [0, 1) that belongs to the item for good: the first 53 bits of HMAC-SHA256(seed, item id), over 2^53."""
    first = hmac.digest(seed.encode(), item.encode(), "sha256")[:7]
    return (int.from_bytes(first) >> 3) / 2**53


def everything(population: Sequence[ItemId], seed: str) -> Sample:
    """A census: each item with probability 1, in the order of the permanent random numbers."""
    numbered = sorted((permanent_random_number(seed, item), item) for item in population)
    return _sample(numbered, "1", repr(1.0))


def simple_random(population: Sequence[ItemId], seed: str, *, size: int, grown_from: Sample | None = None) -> Sample:
    """The `size` items with the smallest permanent random numbers: simple random sampling without replacement, pi = n / N.

    grown_from: the sample so far. Every number up to its threshold is taken again, so that nothing drawn is dropped;
    more than `size` are picked where new traffic fell below it. Raises Refused for a size beyond the population,
    or one that would lower a probability.
    """
    if size > len(population):
        raise Refused(
            f"A sample of {size:,} cannot be drawn from {len(population):,} items.",
            f"Ask for {len(population):,} or fewer, or widen the query.",
        )
    numbered = sorted((permanent_random_number(seed, item), item) for item in population)
    threshold = numbered[size - 1][0]
    before = grown_from.picks if grown_from else ()
    if grown_from:
        threshold = max(threshold, float(grown_from.threshold))
    taken = [pair for pair in numbered if pair[0] <= threshold]
    if before:
        _refuse_falling(before, taken=len(taken), population=len(population))
    return _sample(taken, decimal(len(taken) / len(population)), repr(threshold))


def _refuse_falling(before: tuple[Pick, ...], *, taken: int, population: int) -> None:
    had = max(float(pick.pi) for pick in before)
    if taken / population < had:
        least = -int(-had * population // 1)
        raise Refused(
            f"With {taken:,} of {population:,} items the chance of those drawn earlier would fall below {had:.4f}.",
            f"Ask for {least:,} or more.",
        )


def _sample(numbered: list[tuple[float, ItemId]], pi: str, threshold: str) -> Sample:
    return Sample(tuple(Pick(item, "", "control", pi, repr(u)) for u, item in numbered), threshold)


def decimal(number: float) -> str:
    """A number as the shortest decimal string that reads back the same."""
    return "1" if number == 1 else repr(number)
