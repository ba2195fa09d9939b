"""Preferences as the tables and the journal hold them: what may be compared, who preferred what, and the answers that follow."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from reviewer.domain import chain, preferences
from reviewer.domain.candidates import shown_order
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.events import Label, Preference
from reviewer.domain.items import Item, ItemId
from reviewer.domain.preferences import Given
from reviewer.storage import items as item_rows
from reviewer.storage.campaigns import Asking, Stored
from reviewer.storage.rows import Rows

_LABELS = (
    "SELECT l.item, l.hash, l.member, l.showing, l.blind, e.body FROM pick p JOIN label l ON l.campaign = p.campaign AND l.item = p.item"
    " JOIN entry e ON e.hash = l.hash WHERE p.campaign = ? AND l.in_force = 1 ORDER BY p.place, l.item, l.hash"
)


class Answered(NamedTuple):
    """A drawn comparison that has labels. preference: its answer, None while there is none. labels: those that the answer rests on.

    blind: whether all of these were given blind.
    """

    item: ItemId
    preference: Preference | None
    labels: tuple[EntryHash, ...]
    blind: bool


def asks(stored: Asking) -> bool:
    """Whether a campaign asks which output is better."""
    return stored.state.rules.question == "preference"


def candidates(rows: Rows, stored: Asking, item: ItemId) -> dict[str, int]:
    """How many messages each candidate of a comparison has, by its key; nothing where the campaign does not ask which is better."""
    if not asks(stored):
        return {}
    return {one.key: len(one.messages) for one in item_rows.get(rows, item).item.candidates}


def in_shown_order(stored: Stored, item_id: ItemId, item: Item, member: MemberId) -> Item:
    """A comparison with its candidates in the order in which a member of the campaign sees them."""
    if not asks(stored):
        return item
    by_key = {one.key: one for one in item.candidates}
    order = shown_order(stored.state.rules.seed, item_id, member, tuple(by_key))
    return msgspec.structs.replace(item, candidates=tuple(by_key[key] for key in order))


def answers(rows: Rows, stored: Stored) -> Iterator[Answered]:
    """Every drawn item that has labels in force, in the order of the queue, with its answer by `domain.preferences.answer`."""
    for item, told in given(rows, stored):
        counted = [one for one, _ in told]
        yield Answered(
            item, preferences.answer(stored.state, item, counted), tuple(one.hash for one in counted), all(blind for _, blind in told)
        )


def given(rows: Rows, stored: Stored) -> Iterator[tuple[ItemId, list[tuple[Given, bool]]]]:
    """The first answers of each member to each drawn item, and whether each was given blind, in the order of the queue.

    The tables keep no order of candidates: it is read from the entries.
    """
    for raw, group in groupby(rows.each(_LABELS, (stored.row,)), key=lambda row: row[0]):
        told: list[tuple[Given, bool]] = []
        for _, name, member, showing, was_blind, body in group:
            said = msgspec.convert(chain.parse(bytes(body)).value, Label).preference
            if said is not None and showing == 1:
                told.append((Given(EntryHash(name.hex()), MemberId(member), said, showing), bool(was_blind)))
        yield ItemId(raw.hex()), told
