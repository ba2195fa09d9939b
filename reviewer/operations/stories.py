"""Telling the story of a label: to a lead, who answers for it, and to whoever gave it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.events import Label
from reviewer.domain.facts import Unfit, typed
from reviewer.domain.histories import Happening
from reviewer.domain.items import ItemId
from reviewer.domain.members import NotAllowed, refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.domain.stories import Act, LabelStory, Told
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import histories, searches, stories
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import members as member_rows
from reviewer.storage.stories import local_time as local_time
from reviewer.storage.workspace import Reading, Workspace


class Question(NamedTuple):
    """Whose label on which item in which campaign: a campaign's name or id, an item's id, a member's name; the latter two may be short."""

    campaign: str
    item: str
    member: str


def story_of(workspace: Workspace, ticket: Ticket, *, label: str | Question) -> Outcome[LabelStory]:
    """The story of a label. label: the first 6 or more digits of its entry, or the question that it answers (then the newest in force).

    Raises NotFound, NotAllowed for whoever neither leads nor gave it, and Refused while the viewer has still to judge the item blind.
    """
    ticket.step(0, 1, "Reading")
    refuse_waiting(workspace.me)
    with workspace.read() as reading:
        entry = _by_digits(reading, label) if isinstance(label, str) else _by_question(reading, label)
        _refuse_others(reading, entry)
        return Outcome(stories.story(reading, entry))


def labels_of(workspace: Workspace, ticket: Ticket, *, item: str) -> Outcome[tuple[Told, ...]]:
    """Every label of an item whose story the viewer may hear: those in force, those that gave way, those that do not count."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        found = item_rows.full_id(reading, item)
        told = stories.labels_of(reading, found)
        hidden = searches.is_hidden(reading, found, viewer=workspace.member)
        if workspace.me.role != "lead" or hidden:
            told = tuple(one for one in told if one.member == workspace.member)
        return Outcome(told)


def history_of(workspace: Workspace, ticket: Ticket, *, item: str) -> Outcome[tuple[Happening, ...]]:
    """What happened to an item, in order: labels, what was asked for again and why, disagreements, resolutions, changes of cited clauses.

    While the viewer has still to label it blind, only what they did themselves. Raises NotFound.
    """
    ticket.step(0, 1, "Reading")
    refuse_waiting(workspace.me)
    with workspace.read() as reading:
        found = item_rows.full_id(reading, item)
        told = histories.history_of(reading, found)
        if searches.is_hidden(reading, found, viewer=workspace.member):
            told = tuple(one for one in told if one.member == workspace.member and one.kind in ("label", "retract"))
        return Outcome(told)


def after_labels(workspace: Workspace, ticket: Ticket, *, labels: Sequence[EntryHash]) -> Outcome[dict[EntryHash, tuple[Act, ...]]]:
    """What took the place of each of these labels, or took it back, and so on."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome({name: stories.after(reading, bytes.fromhex(name)) for name in labels})


def _by_digits(reading: Reading, digits: str) -> Entry:
    prefix = digits.lower()
    found = stories.labels_by_prefix(reading, prefix) if re.fullmatch(r"[0-9a-f]{6,64}", prefix) else []
    if len(found) > 1:
        raise Refused(f"Several labels begin with “{shown(digits)}”.", "Give more digits.")
    entry = stories.entry_of(reading, found[0]) if found else None
    if entry is None:
        raise NotFound(f"There is no label “{shown(digits)}”.", "Give the first 6 or more digits: `reviewer show ITEM --json` lists them.")
    value = typed(entry.body)
    if isinstance(value, Unfit):
        raise Refused(f"Entry {entry.hash[:8]} is kept and is no label: {value.why}", "`reviewer verify` says more of it.")
    return entry


def _by_question(reading: Reading, asked: Question) -> Entry:
    stored = campaign_rows.named(reading, asked.campaign)
    item, member = item_rows.full_id(reading, asked.item), member_rows.named(reading, asked.member)
    name = label_rows.newest(reading, stored, member.id, item)
    entry = None if name is None else stories.entry_of(reading, bytes.fromhex(name))
    if entry is None:
        raise NotFound(f"{member.name} gave no label on item {item[:8]} there.", "`reviewer show ITEM` lists the labels that there are.")
    return entry


def _refuse_others(reading: Reading, entry: Entry) -> None:
    me = reading.workspace.me
    if entry.body.actor == me.id:
        return
    if me.role != "lead":
        raise NotAllowed("Only a lead, and whoever gave a label, may see its story.", "Ask a lead.")
    item = ItemId(msgspec.convert(entry.body.value, Label).item)
    if searches.is_hidden(reading, item, viewer=me.id):
        raise Refused("You have still to label this item; until then the labels of others are hidden.", "Label it in your queue first.")
