"""How much two runs say in the same words: shared word 5-grams of all texts and arguments, over those of the smaller run."""

import re
from collections import defaultdict
from itertools import combinations
from typing import Any, NamedTuple

_WORD = re.compile(r"\w+")
LENGTH = 5


class Pair(NamedTuple):
    """Two runs by their place in the list, and their share."""

    share: float
    one: int
    other: int


def words(record: dict[str, Any]) -> list[str]:
    """The words of a run in lower case: every text of every message, and the arguments of every call. Pictures count for nothing."""
    said: list[str] = []
    for message in record["messages"]:
        content = message["content"]
        parts = content if isinstance(content, list) else [{"type": "text", "text": content or ""}]
        said.extend(part["text"] for part in parts if part["type"] == "text")
        said.extend(call["function"]["arguments"] for call in message.get("tool_calls", ()))
    return _WORD.findall(" ".join(said).lower())


def grams(record: dict[str, Any]) -> set[tuple[str, ...]]:
    """The set of word 5-grams of a run."""
    text = words(record)
    return {tuple(text[i : i + LENGTH]) for i in range(len(text) - LENGTH + 1)}


def shares(records: list[dict[str, Any]]) -> list[Pair]:
    """Every pair that shares a 5-gram, the largest share first; |A ∩ B| / min(|A|, |B|)."""
    sets = [grams(record) for record in records]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, own in enumerate(sets):
        for gram in own:
            holders[gram].append(place)
    common: dict[tuple[int, int], int] = defaultdict(int)
    for places in holders.values():
        for pair in combinations(places, 2):
            common[pair] += 1
    return sorted((Pair(n / min(len(sets[a]), len(sets[b])), a, b) for (a, b), n in common.items()), reverse=True)
