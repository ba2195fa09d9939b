"""What a person must settle: both sides of each conflict, and the one action that settles it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from reviewer.domain.chain import DeviceId, Entry, EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.events import Label, PolicyActivate, Resolve
from reviewer.domain.incident_words import FIELD
from reviewer.domain.items import ItemId
from reviewer.domain.members import refuse_waiting
from reviewer.domain.merging import ConflictKind
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import conflicts as conflict_rows
from reviewer.storage import incidents as incident_rows
from reviewer.storage import policies as policy_rows
from reviewer.storage import resolutions as resolution_rows
from reviewer.storage import searches
from reviewer.storage.campaigns import Stored
from reviewer.storage.notes import note_of
from reviewer.storage.stories import author, entry_of, local_time
from reviewer.storage.workspace import Reading, Workspace

Kind = ConflictKind | Literal["disagreement"]
Action = Literal["label_again", "resolve", "look_again", "activate", "set_incident"]
_SIDES = {
    "label": "label",
    "retract": "retract",
    "resolve": "resolution",
    "policy_activate": "activation",
    "incident": "incident",
    "incident_update": "change",
}
_ACTIONS: dict[Kind, Action] = {
    "two_answers": "label_again",
    "retracted_and_relabelled": "label_again",
    "resolutions": "resolve",
    "disagreement": "resolve",
    "new_evidence": "look_again",
    "policy": "activate",
    "incident": "set_incident",
}
_TITLES: dict[Kind, str] = {
    "two_answers": "Two answers of one member",
    "retracted_and_relabelled": "Taken back and labelled again",
    "resolutions": "Two resolutions that differ",
    "disagreement": "Reviewers disagree",
    "new_evidence": "New evidence after a resolution",
    "policy": "Two versions in force",
    "incident": "Two changes of an incident",
}
_EXPLANATIONS: dict[Kind, str] = {
    "two_answers": "{who} gave two answers, neither knowing of the other. Neither counts until {who} labels the item again.",
    "retracted_and_relabelled": "{who} took a label back on one device and replaced it on another. It counts; {who} looks again.",
    "resolutions": "Adjudicators ruled differently, neither knowing of the other. The item has no answer until one resolves it again.",
    "disagreement": "All labels are there and they differ. The item has no answer until somebody resolves it.",
    "new_evidence": "A label came that the resolution did not weigh. The resolution stands; somebody looks again.",
    "incident": "Different things were said of it, neither knowing of the other: {what}. Both are shown until somebody says it anew.",
    "policy": "Two versions were put in force, neither knowing of the other. Neither holds alone until a lead activates one.",
}


class Side(NamedTuple):
    """One of the entries that do not go together.

    kind: label, retract, resolution, activation, incident, or change, which is what was said of one later; verdict: what a label or a
    resolution says; version: of an activation, its number.
    time: RFC 3339, by the clock of the device; note: why, in its author's words, where these are here.
    """

    entry: EntryHash
    kind: str
    member: str
    device: DeviceId
    verdict: str | None
    version: int | None
    time: str
    note: str | None


class Standoff(NamedTuple):
    """A conflict, as a person reads it. item: None for one over a policy or an incident; policy, incident: its key or id then, else None.

    action: what settles it: `label_again` by the author (mine: whether that is who looks), `resolve` and `look_again` by a resolution (own:
    the viewer labelled the item, so that another person must), `activate` by putting a version in force, `set_incident` by saying the field
    anew. command: the same as a command; where dots stand, a person decides.
    """

    kind: Kind
    title: str
    explanation: str
    campaign: str | None
    campaign_id: EntryHash | None
    item: ItemId | None
    policy: str | None
    incident: str | None
    sides: tuple[Side, ...]
    action: Action
    mine: bool
    own: bool
    command: str


class Listed(NamedTuple):
    """Conflicts to be settled, the first ones, and how many there are in all."""

    conflicts: tuple[Standoff, ...]
    total: int


def list_conflicts(workspace: Workspace, ticket: Ticket, *, campaign: str | None = None, limit: int | None = None) -> Outcome[Listed]:
    """What is to be settled, in a campaign or everywhere; conflicts over policies only without a campaign.

    Items that the viewer has still to label blind are left out, unless both sides are their own; they are not counted either.
    Raises NotFound for a campaign that is not there.
    """
    refuse_waiting(workspace.me)
    ticket.step(0, 1, "Looking for conflicts")
    with workspace.read() as reading:
        only = None if campaign is None else campaign_rows.named(reading, campaign)
        found: list[tuple[Kind, EntryHash | None, str, tuple[EntryHash, ...]]] = list(conflict_rows.conflicts_of_tables(reading))
        if only is not None:
            found = [one for one in found if one[1] == only.state.hash]
        found += [("disagreement", *one) for one in conflict_rows.disagreements(reading, None if only is None else only.row)]
        subjects = [ItemId(subject) for _, asked, subject, _ in found if asked is not None]
        unseen = searches.hidden_among(reading, subjects, viewer=workspace.member)
        told: list[Standoff] = []
        total = 0
        for number, (kind, asked, subject, sides) in enumerate(found, 1):
            ticket.step(number, len(found), "Looking for conflicts")
            hidden = asked is not None and subject in unseen
            full = limit is not None and len(told) >= limit
            if full and not hidden:
                total += 1
                continue
            entries = [entry for name in sides if (entry := entry_of(reading, bytes.fromhex(name))) is not None]
            if hidden and any(entry.body.actor != workspace.member for entry in entries):
                continue
            total += 1
            if not full:
                told.append(_standoff(reading, kind, asked, subject, entries))
        return Outcome(Listed(tuple(told), total))


def _standoff(reading: Reading, kind: Kind, asked: EntryHash | None, subject: str, entries: Sequence[Entry]) -> Standoff:
    numbers = {one.hash: one.number for one in policy_rows.versions(reading, subject)} if kind == "policy" else {}
    sides = tuple(_side(reading, entry, numbers) for entry in entries)
    stored = None if asked is None else campaign_rows.by_hash(reading, asked)
    of_author = _ACTIONS[kind] == "label_again"
    mine = of_author and any(entry.body.actor == reading.workspace.member for entry in entries)
    who = sides[0].member if of_author and sides else ""
    what = ", ".join(FIELD[field] for field in incident_rows.case_of(reading, EntryHash(subject)).conflicts) if kind == "incident" else ""
    return Standoff(
        kind=kind,
        title=_TITLES[kind],
        explanation=_EXPLANATIONS[kind].format(who=who, what=what),
        campaign=None if stored is None else stored.state.rules.name,
        campaign_id=asked,
        item=None if stored is None else ItemId(subject),
        policy=subject if kind == "policy" else None,
        incident=subject if kind == "incident" else None,
        sides=sides,
        action=_ACTIONS[kind],
        mine=mine,
        own=stored is not None and not of_author and _gave_a_label(reading, stored, ItemId(subject)),
        command=_command(reading, kind, stored, subject),
    )


def _gave_a_label(reading: Reading, stored: Stored, item: ItemId) -> bool:
    """Whether the viewer labelled the item and may therefore not rule on it."""
    return not stored.state.rules.own_adjudication and resolution_rows.dispute(reading, stored, item, reading.workspace.member).own


def _side(reading: Reading, entry: Entry, numbers: dict[EntryHash, int]) -> Side:
    body = entry.body
    value = body.value
    verdict = msgspec.convert(value, Label).verdict if body.kind == "label" else None
    if body.kind == "resolve":
        verdict = msgspec.convert(value, Resolve).verdict  # type: ignore[assignment] # a ruling has one word more
    version = numbers.get(msgspec.convert(value, PolicyActivate).version) if body.kind == "policy_activate" else None
    by = author(reading, body)
    return Side(entry.hash, _SIDES[body.kind], by.name, by.device, verdict, version, local_time(body), note_of(reading, body))


def _command(reading: Reading, kind: Kind, stored: Stored | None, subject: str) -> str:
    if kind == "incident":
        return f"reviewer incident set {subject[:12]} …"
    if stored is None:
        return f"reviewer policy activate {subject} N"
    action = "label" if _ACTIONS[kind] == "label_again" else "resolve"
    rest = "--verdict …" if action == "label" else "--verdict … --rationale …"
    return f"reviewer {action} {_spoken(reading, stored)} {subject[:12]} {rest}"


def _spoken(reading: Reading, stored: Stored) -> str:
    """The campaign's name as a shell takes it, or its id where two bear the name."""
    name = stored.state.rules.name
    (count,) = reading.row("SELECT count(*) FROM campaign WHERE name = ?", (name,)) or (0,)
    if count > 1 or any(c in name for c in '"\\$`!'):
        return stored.state.hash[:12]
    return name if name.replace("-", "").replace("_", "").isalnum() else f'"{name}"'
