"""Which items of a release go to one part: those of one prompt, and near-duplicates."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from reviewer.domain import items, near_duplicates, releases, training_text
from reviewer.domain.items import Item, ItemId
from reviewer.domain.near_duplicates import Groups
from reviewer.storage import payloads, released
from reviewer.storage.rows import Rows

_KEPT = 500  # items


class Grouped(NamedTuple):
    """Items in order of ids, the prompt of each, and which belong together. name: what each goes to a part by, the least prompt of its

    group.
    """

    items: tuple[ItemId, ...]
    prompts: tuple[str, ...]
    groups: Groups
    name: dict[ItemId, str]


class Prompt(NamedTuple):
    """What items of one prompt have in common. asked: whether anybody asked something; else it is the item's own."""

    name: str
    asked: bool


def prompt_of(name: ItemId, item: Item) -> Prompt:
    """The prompt of an item."""
    key = training_text.prompt_key(item)
    return Prompt(releases.prompt_group((key or name).encode("utf-8", "surrogatepass")), key is not None)


def grouped(
    rows: Rows,
    asked: Sequence[ItemId],
    step: Callable[[int, int], None],
    *,
    near: bool = True,
    read: Mapping[ItemId, Prompt] | None = None,
) -> Grouped:
    """Group items; those without a text here are left out. near: not only by their prompts. step: told how many of how many were read.

    read: the prompts of those that were read already.
    """
    known: list[ItemId] = []
    prompts: list[Prompt] = []
    ordered = sorted(set(asked))
    for done, item in enumerate(ordered, 1):
        prompt = None if read is None else read.get(item)
        if prompt is None:
            content = content_of(rows, item)
            prompt = None if content is None else prompt_of(item, items.decode(content))
        if prompt is not None:
            known.append(item)
            prompts.append(prompt)
        step(done, (1 + near) * len(ordered))
    keys = [prompt.name if prompt.asked else None for prompt in prompts]

    @lru_cache(_KEPT)
    def text(place: int) -> str:
        return training_text.whole(item_of(rows, known[place]))

    if near:
        found = near_duplicates.groups(len(known), text, together=keys, step=lambda done: step(len(ordered) + done, 2 * len(ordered)))
    else:
        found = near_duplicates.same(keys)
    least: dict[int, str] = {}
    for first, prompt in zip(found.of, prompts, strict=True):
        least[first] = min(prompt.name, least.get(first, prompt.name))
    names = tuple(prompt.name for prompt in prompts)
    return Grouped(tuple(known), names, found, {item: least[first] for item, first in zip(known, found.of, strict=True)})


def content_of(rows: Rows, item: ItemId) -> bytes | None:
    """The bytes of an item; None where this replica lacks it."""
    packed = released.payloads_of(rows, [item]).get(item)
    return None if packed is None else payloads.unpack(packed)


def item_of(rows: Rows, item: ItemId) -> Item:
    """An item that was read before."""
    content = content_of(rows, item)
    assert content is not None  # the view of a reading does not change
    return items.decode(content)
