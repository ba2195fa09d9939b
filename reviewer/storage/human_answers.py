"""What people said of items, whichever campaign asked: the answers of all campaigns that ask for verdicts, taken together."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import NotFound
from reviewer.domain.items import ItemId
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import citations, departures, populations
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading

_AT_RANDOM = ("all", "srs")


class Judged(NamedTuple):
    """An item that some campaign drew. verdicts: the different answers; blind: every label behind them was given blind."""

    verdicts: frozenset[str]
    blind: bool
    campaigns: tuple[EntryHash, ...]


class HumanAnswers:
    """Answers to ask for, some hundred items at a time. Those on stale labels, or on entries that do not verify, do not count."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._asking = {one.row: one for one in campaign_rows.every(reading) if one.state.rules.question == "verdict"}
        self._stale = {bytes.fromhex(name) for name in citations.all_stale(reading)}
        self._damaged = {row: departures.resting_on_damaged(reading, one) for row, one in self._asking.items()}

    def of(self, items: Sequence[ItemId]) -> dict[ItemId, Judged]:
        """What is known of those of the items that a campaign drew."""
        marks, ids = ", ".join("?" * len(items)), [bytes.fromhex(item) for item in items]
        behind: dict[tuple[int, bytes], list[tuple[bytes, int]]] = {}
        for campaign, item, name, blind in self._reading.each(
            f"SELECT campaign, item, hash, blind FROM label WHERE item IN ({marks}) AND in_force = 1 AND showing = 1", ids
        ):
            behind.setdefault((campaign, item), []).append((name, blind))
        found: dict[ItemId, Judged] = {}
        for campaign, raw, answer in self._reading.each(f"SELECT campaign, item, answer FROM pick WHERE item IN ({marks})", ids):
            asked = self._asking.get(campaign)
            if asked is None:
                continue
            item, labels = ItemId(raw.hex()), behind.get((campaign, raw), [])
            counts = answer is not None and item not in self._damaged[campaign] and self._stale.isdisjoint(name for name, _ in labels)
            found[item] = _with(found.get(item), asked, answer if counts else None, all(blind for _, blind in labels))
        return found

    def drawn_alike(self, campaign: EntryHash, items: Sequence[ItemId]) -> bool:
        """Whether a campaign froze all of these items and drew all of them, or some by chance alone, all with the same probability."""
        asked = next(one for one in self._asking.values() if one.state.hash == campaign)
        if asked.state.rules.design not in _AT_RANDOM:
            return False
        try:
            every = populations.population(self._reading, asked)
        except NotFound:  # a list that has not come here yet: then nobody can say
            return False
        return populations.within(np.frombuffer(bytes.fromhex("".join(items)), "S32"), every)


def _with(before: Judged | None, asked: Stored, answer: str | None, blind: bool) -> Judged:
    told = before or Judged(frozenset(), True, ())
    return Judged(
        told.verdicts | ({answer} if answer is not None else set()),
        told.blind and (blind or answer is None),
        (*told.campaigns, asked.state.hash),
    )
