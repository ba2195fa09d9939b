"""Outputs on one prompt of which some are compliant and some are not, as pairs to learn a preference from."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reviewer.domain.items import ItemId


class Judged(NamedTuple):
    """An item with its answer. prompt: what items of one prompt have in common."""

    item: ItemId
    prompt: str
    compliant: bool


class Twins(NamedTuple):
    """Pairs of (compliant, non-compliant) by the id of the first, and the items that found no other to be paired with."""

    pairs: list[tuple[ItemId, ItemId]]
    alone: list[ItemId]


def twins(judged: Iterable[Judged]) -> Twins:
    """Pair what was judged differently on the same prompt.

    Each item of a prompt is in at least one pair, and there are no more pairs than that takes: not all combinations, by which a prompt
    that was asked often would outweigh the others.
    """
    prompts: dict[str, tuple[list[ItemId], list[ItemId]]] = {}
    for one in judged:
        prompts.setdefault(one.prompt, ([], []))[not one.compliant].append(one.item)
    pairs: list[tuple[ItemId, ItemId]] = []
    alone: list[ItemId] = []
    for good, bad in prompts.values():
        if good and bad:
            pairs += _matched(sorted(good), sorted(bad))
        else:
            alone += good or bad
    return Twins(sorted(pairs), sorted(alone))


def _matched(good: Sequence[ItemId], bad: Sequence[ItemId]) -> list[tuple[ItemId, ItemId]]:
    """The longer list once, the shorter as often as it takes."""
    return [(good[i % len(good)], bad[i % len(bad)]) for i in range(max(len(good), len(bad)))]
