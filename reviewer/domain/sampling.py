"""Samples with known inclusion probabilities, by permanent random numbers, so that a sample can grow and stay valid.

Source: Ohlsson (1995), Coordination of samples using permanent random numbers; METHODS.md section 1.
"""

import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from reviewer.domain.errors import Refused, about
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT, Ticket

_BLOCK = 64  # bytes that SHA-256 takes at once
_TOLD_EVERY = 20_000  # items between two steps of a draw


class Pick(NamedTuple):
    """One drawn item: where it was drawn, in which stream of the queue, its inclusion probability and its permanent random number."""

    item: ItemId
    stratum: str
    stream: str
    pi: str
    u: str


class DrawnStratum(NamedTuple):
    """A part of the population that was sampled for itself. threshold: the largest number taken in it, a decimal string."""

    name: str
    population: int
    picked: int
    threshold: str


class Sample(NamedTuple):
    """What a draw picks. `threshold`: the largest permanent random number taken, as a decimal string.

    facts: what else the design of the draw has to say. strata: of a stratified sample.
    frame: what was known of each item of the sorted population: its stratum (uint16), or its probability in the risk arm (float64),
    little-endian.
    """

    picks: tuple[Pick, ...]
    threshold: str
    facts: Mapping[str, str] = MappingProxyType({})
    strata: tuple[DrawnStratum, ...] = ()
    frame: bytes = b""


def permanent_random_number(seed: str, item: ItemId) -> float:
    """A number in [0, 1) that belongs to the item for good: the first 53 bits of HMAC-SHA256(seed, item id), over 2^53."""
    first = hmac.digest(seed.encode(), item.encode(), "sha256")[:7]
    return (int.from_bytes(first) >> 3) / 2**53


def permanent_random_numbers(seed: str, items: Collection[ItemId], ticket: Ticket = SILENT) -> Iterator[float]:
    """The same of many items, in their order. The key is prepared once (RFC 2104), which takes two fifths of the time."""
    key = seed.encode()
    key = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner, outer = sha256(bytes(byte ^ 0x36 for byte in key)), sha256(bytes(byte ^ 0x5C for byte in key))
    for done, item in enumerate(items):
        if done % _TOLD_EVERY == 0:
            ticket.step(done, len(items), "Drawing")
        within, around = inner.copy(), outer.copy()
        within.update(item.encode())
        around.update(within.digest())
        yield (int.from_bytes(around.digest()[:7]) >> 3) / 2**53


def everything(population: Sequence[ItemId], seed: str, *, ticket: Ticket = SILENT) -> Sample:
    """A census: each item with probability 1, in the order of the permanent random numbers."""
    numbered = sorted(zip(permanent_random_numbers(seed, population, ticket), population, strict=True))
    return _sample(numbered, "1", repr(1.0), ticket)


def simple_random(
    population: Sequence[ItemId], seed: str, *, size: int, grown_from: Sample | None = None, ticket: Ticket = SILENT
) -> Sample:
    """The `size` items with the smallest permanent random numbers: simple random sampling without replacement, pi = n / N.

    grown_from: the sample so far. Every number up to its threshold is taken again, so that nothing drawn is dropped;
    more than `size` are picked where new traffic fell below it. Raises Refused for a size beyond the population,
    or one that would lower a probability.
    """
    refuse_beyond(size, len(population))
    numbered = sorted(zip(permanent_random_numbers(seed, population, ticket), population, strict=True))
    threshold = numbered[size - 1][0]
    before = grown_from.picks if grown_from else ()
    if grown_from:
        threshold = max(threshold, float(grown_from.threshold))
    taken = [pair for pair in numbered if pair[0] <= threshold]
    if before:
        _refuse_falling(before, taken=len(taken), population=len(population))
    return _sample(taken, decimal(len(taken) / len(population)), repr(threshold), ticket)


def refuse_beyond(size: int, population: int) -> None:
    """Raises Refused for a sample that is larger than what it is drawn from."""
    if size > population:
        with about("size"):
            raise Refused(
                f"A sample of {size:,} cannot be drawn from {population:,} items.", f"Ask for {population:,} or fewer, or widen the query."
            )


def _refuse_falling(before: tuple[Pick, ...], *, taken: int, population: int) -> None:
    had = max(float(pick.pi) for pick in before)
    if taken / population < had:
        least = -int(-had * population // 1)
        raise Refused(
            f"With {taken:,} of {population:,} items the chance of those drawn earlier would fall below {had:.4f}.",
            f"Ask for {least:,} or more.",
        )


def _sample(numbered: list[tuple[float, ItemId]], pi: str, threshold: str, ticket: Ticket) -> Sample:
    picks: list[Pick] = []
    for start in range(0, len(numbered), _TOLD_EVERY):
        ticket.step(start, len(numbered), "Picking")
        picks += [Pick(item, "", "control", pi, repr(u)) for u, item in numbered[start : start + _TOLD_EVERY]]
    return Sample(tuple(picks), threshold)


def decimal(number: float) -> str:
    """A number as the shortest decimal string that reads back the same."""
    return "1" if number == 1 else repr(number)
