"""From a set of entries to the state they make. Facts are collected first and judged together, so that no order, batch or repeat matters.

Whether an entry holds (bytes, hash, link, signature) is found before; this asks what its author had the right to say, and what stands.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec

from reviewer.domain import canonical
from reviewer.domain.chain import Body, DeviceId, Entry, EntryHash, MemberId
from reviewer.domain.events import (
    Draw,
    Enrol,
    Genesis,
    Label,
    Role,
    value_of,
)
from reviewer.domain.members import Member, may

RANK: dict[Role, int] = {"observer": 0, "reviewer": 1, "adjudicator": 2, "lead": 3}
Record: TypeAlias = "Member | Admitted | CampaignFact | DrawFact | LabelFact | AsideFact | Departure | Conflict"
SECTIONS = ("asides", "campaigns", "conflicts", "departures", "devices", "draws", "labels", "members")

_NEEDS_REASON = frozenset({"retract", "resolve", "revoke", "erase_request", "erase_done"})


class Admitted(NamedTuple):
    """A device in force: its keys (hex), whose it is, in which role they write with it, and the entry that admitted it."""

    id: DeviceId
    member: MemberId
    role: Role
    sign_key: str
    seal_key: str
    stream: str
    admitted: EntryHash


class CampaignFact(NamedTuple):
    """A campaign. rules: its entry's value, as JSON values."""

    hash: EntryHash
    rules: dict[str, Any]
    closed: bool


class DrawFact(NamedTuple):
    """What a draw froze and picked, by the names of the lists."""

    hash: EntryHash
    campaign: EntryHash
    query: str
    population_n: int
    population: str
    picks_n: int
    picks: str
    design: dict[str, str]


class LabelFact(NamedTuple):
    """A label as the state shows it. in_force: nothing that its author did replaces it or takes it back."""

    hash: EntryHash
    campaign: EntryHash
    item: str
    member: MemberId
    showing: int
    verdict: str | None
    severity: str | None
    blind: bool
    in_force: bool


class AsideFact(NamedTuple):
    """An item put off, or handed to the lead."""

    hash: EntryHash
    kind: str
    campaign: EntryHash
    item: str
    member: MemberId


class Departure(NamedTuple):
    """A release or an export."""

    hash: EntryHash
    kind: str


class Conflict(NamedTuple):
    """Two answers of one member to one question, given where neither was known: no vote, until the member settles it."""

    campaign: EntryHash
    item: str
    showing: int
    member: MemberId
    labels: tuple[EntryHash, ...]


class Unfit(NamedTuple):
    """The value of an entry does not say what its kind needs."""

    why: str


class NotCounted(NamedTuple):
    """An entry that is kept and shown and makes no state, and why."""

    hash: EntryHash
    why: str


class State(NamedTuple):
    """What a set of entries makes; every part is in the order of its hashes or ids."""

    project: EntryHash | None
    members: tuple[Member, ...]
    devices: tuple[Admitted, ...]
    campaigns: tuple[CampaignFact, ...]
    draws: tuple[DrawFact, ...]
    labels: tuple[LabelFact, ...]
    asides: tuple[AsideFact, ...]
    departures: tuple[Departure, ...]
    conflicts: tuple[Conflict, ...]
    not_counted: tuple[NotCounted, ...]

    @property
    def digest(self) -> str:
        """The state digest of JOURNAL.md 2.10. What is not counted is no part of it."""
        return digest(self.project, {name: getattr(self, name) for name in SECTIONS})


class _Answer(NamedTuple):
    """What of a label's value makes state. vote: what makes two answers of one member differ."""

    campaign: EntryHash
    item: str
    showing: int
    verdict: str | None
    severity: str | None
    blind: bool
    vote: tuple[object, ...]


class _Fact(NamedTuple):
    hash: EntryHash
    project: EntryHash | None
    device: DeviceId
    actor: MemberId
    kind: str
    value: Any
    deps: tuple[EntryHash, ...]
    stream: str


class Folding:
    """A fold being made: `add` entries that hold, in any order and as often as they come, then ask for the `state`.

    project: the hash of the genesis that is the root; without it, the smallest of those added.
    """

    def __init__(self, project: EntryHash | None = None) -> None:
        self._project = project
        self._known: set[bytes] = set()
        self._facts: list[_Fact] = []
        self._unfit: list[NotCounted] = []

    def add(self, entry: Entry) -> None:
        """Take an entry in. One of an unknown kind makes no state; one whose value does not fit its kind is not counted."""
        self.add_typed(entry, typed(entry.body))

    def add_typed(self, entry: Entry, value: Any) -> None:
        """The same, where `typed` was asked already."""
        name = bytes.fromhex(entry.hash)
        if name in self._known:
            return
        self._known.add(name)
        body = entry.body
        if isinstance(value, Unfit):
            self._unfit.append(NotCounted(entry.hash, value.why))
            return
        if isinstance(value, Label):
            value = _Answer(value.campaign, value.item, value.showing, value.verdict, value.severity, value.blind, vote(value))
        if value is not None:
            self._facts.append(_Fact(entry.hash, body.project, body.device, body.actor, body.kind, value, body.deps, body.stream))

    def state(self) -> State:
        """What the entries make together."""
        return _derive(self._project, self._facts, self._unfit)


def fold(entries: Iterable[Entry], *, project: EntryHash | None = None) -> State:
    """The state of a set of entries that hold. The same set gives the same state, in whatever order and however often its entries come."""
    folding = Folding(project)
    for entry in entries:
        folding.add(entry)
    return folding.state()


def typed(body: Body) -> msgspec.Struct | Unfit | None:
    """The value of an entry; None for a kind that this version does not know; Unfit for one that does not say what its kind needs."""
    try:
        value = value_of(body.kind, body.value)
    except msgspec.ValidationError as error:
        return Unfit(f"Its value does not fit its kind: {error}.")
    if body.kind in _NEEDS_REASON and body.reason is None:
        return Unfit("It gives no reason.")
    if isinstance(value, Genesis | Enrol) and not _names_its_key(value):
        return Unfit("Its device is not the fingerprint of its key.")
    return value


def vote(label: Label) -> tuple[object, ...]:
    """What makes two answers of one member to one question differ: the verdict, and the order of a preference."""
    preference = label.preference
    return (label.verdict, None if preference is None else (preference.ranking, preference.strength, preference.both_bad))


def _names_its_key(value: Genesis | Enrol) -> bool:
    return hashlib.sha256(bytes.fromhex(value.sign_key)).hexdigest() == value.device


def _derive(project: EntryHash | None, facts: list[_Fact], unfit: list[NotCounted]) -> State:
    root = project or min((fact.hash for fact in facts if fact.kind == "genesis"), default=None)
    facts = sorted(facts, key=lambda fact: fact.hash)
    admitted, people = _admissions(root, facts)
    refused: list[NotCounted] = list(unfit)
    counted: dict[str, list[_Fact]] = {}
    for fact in facts:
        why = why_not(admitted.get(fact.device), fact.actor, fact.kind, ours=root == (fact.project or fact.hash))
        if why is None:
            counted.setdefault(fact.kind, []).append(fact)
        else:
            refused.append(NotCounted(fact.hash, why))
    campaigns = {fact.hash: fact.value for fact in counted.get("campaign", ())}
    for kind in ("draw", "campaign_close", "label", "retract", "skip", "escalate"):
        known = [fact for fact in counted.get(kind, ()) if fact.value.campaign in campaigns]
        refused += [NotCounted(f.hash, "Its campaign is not known.") for f in counted.get(kind, ()) if f.value.campaign not in campaigns]
        counted[kind] = known
    closed = {fact.value.campaign for fact in counted["campaign_close"]}
    gone = _gone(counted["label"], counted["retract"])
    asides = sorted(counted["skip"] + counted["escalate"])
    return State(
        project=root if admitted else None,
        members=tuple(people[name] for name in sorted(people)),
        devices=tuple(admitted[name] for name in sorted(admitted)),
        campaigns=tuple(CampaignFact(name, msgspec.to_builtins(campaigns[name]), name in closed) for name in sorted(campaigns)),
        draws=tuple(draw_fact(fact.hash, fact.value) for fact in counted["draw"]),
        labels=tuple(_label(fact, gone) for fact in counted["label"]),
        asides=tuple(AsideFact(f.hash, f.kind, f.value.campaign, f.value.item, f.actor) for f in asides),
        departures=tuple(sorted(Departure(f.hash, f.kind) for kind in ("release", "export") for f in counted.get(kind, ()))),
        conflicts=_conflicts([fact for fact in counted["label"] if fact.hash not in gone]),
        not_counted=tuple(sorted(refused)),
    )


def why_not(author: Admitted | None, actor: MemberId, kind: str, *, ours: bool) -> str | None:
    """Why an entry is kept and not counted; None where it counts. author: the device that signed it, as admitted."""
    if not ours:
        return "It belongs to another project."
    if author is None:
        return "Its device was not admitted."
    if author.member != actor:
        return "It speaks for another member."
    if not may(author.role, kind):
        return f"Its author is {author.role} and had no right to it."
    return None


def _admissions(root: EntryHash | None, facts: list[_Fact]) -> tuple[dict[DeviceId, Admitted], dict[MemberId, Member]]:
    """Every device that a chain of leads ties to the root, and the members that they belong to."""
    waiting: list[tuple[_Fact, Admitted, str]] = []
    found: dict[DeviceId, Admitted] = {}
    people: dict[MemberId, Member] = {}
    for fact in facts:
        value = fact.value
        if isinstance(value, Genesis) and fact.hash == root and (value.device, value.member) == (fact.device, fact.actor):
            keys = (value.sign_key, value.seal_key)
            found[value.device] = Admitted(value.device, value.member, "lead", *keys, fact.stream, fact.hash)
            people[value.member] = Member(value.member, value.member_name, "lead")
        elif isinstance(value, Enrol) and fact.project == root:
            device = Admitted(value.device, value.member, value.role, value.sign_key, value.seal_key, value.stream, fact.hash)
            waiting.append((fact, device, value.name))
    more = True
    while more:
        more = False
        for one in list(waiting):
            fact, device, name = one
            if why_not(found.get(fact.device), fact.actor, "enrol", ours=True) is not None:
                continue
            waiting.remove(one)
            more = True
            before = found.get(device.id)
            if before is None or (before.admitted != root and _precedence(device) < _precedence(before)):
                found[device.id] = device
            person = Member(device.member, name, device.role)
            people[device.member] = _joined(people.get(device.member, person), person)
    return found, people


def _precedence(device: Admitted) -> tuple[int, EntryHash]:
    """Of two admissions of one device the one with more rights holds, then the one with the smaller hash."""
    return (-RANK[device.role], device.admitted)


def _joined(one: Member, other: Member) -> Member:
    """A member who was admitted twice: the stronger role, and of two names the first in the alphabet."""
    return Member(one.id, min(one.name, other.name), max(one.role, other.role, key=RANK.__getitem__))


def draw_fact(name: EntryHash, draw: Draw) -> DrawFact:
    """What of a draw makes state."""
    frozen, picked = draw.population, draw.picks
    return DrawFact(name, draw.campaign, draw.query, frozen.n, frozen.blob, picked.n, picked.blob, draw.design)


def _gone(labels: list[_Fact], retracts: list[_Fact]) -> set[EntryHash]:
    """Labels that gave way. A label gives way only to its own author: to a label on the same question, or a retraction."""
    by_hash = {fact.hash: fact for fact in labels}
    gone: set[EntryHash] = set()
    for fact in (*labels, *retracts):
        for target in fact.deps:
            aim = by_hash.get(target)
            if aim is None or aim.actor != fact.actor:
                continue
            same = (aim.value.campaign, aim.value.item) == (fact.value.campaign, fact.value.item)
            if same and (fact.kind == "retract" or aim.value.showing == fact.value.showing):
                gone.add(target)
    return gone


def _label(fact: _Fact, gone: set[EntryHash]) -> LabelFact:
    value: _Answer = fact.value
    return LabelFact(
        fact.hash, value.campaign, value.item, fact.actor, value.showing, value.verdict, value.severity, value.blind, fact.hash not in gone
    )


def _conflicts(standing: list[_Fact]) -> tuple[Conflict, ...]:
    groups: dict[tuple[EntryHash, str, int, MemberId], list[_Fact]] = {}
    for fact in standing:
        groups.setdefault((fact.value.campaign, fact.value.item, fact.value.showing, fact.actor), []).append(fact)
    return tuple(
        Conflict(*question, tuple(fact.hash for fact in facts))
        for question, facts in sorted(groups.items())
        if len({fact.value.vote for fact in facts}) > 1
    )


def digest(project: EntryHash | None, sections: Mapping[str, Iterable[Record]]) -> str:
    """SHA-256 over the RFC 8785 bytes of {project, section: [records]}, without holding them in memory at once.

    sections: one for each of SECTIONS, its records in the order of their hashes or ids.
    """
    hasher = hashlib.sha256()
    names = sorted((*SECTIONS, "project"))
    for number, name in enumerate(names):
        hasher.update(("{" if number == 0 else ",").encode() + canonical.encode(name) + b":")
        if name == "project":
            hasher.update(canonical.encode(project))
            continue
        hasher.update(b"[")
        for place, record in enumerate(sections[name]):
            hasher.update((b"," if place else b"") + canonical.encode(record._asdict()))
        hasher.update(b"]")
    hasher.update(b"}")
    return hasher.hexdigest()


def set_digest(hashes: Iterable[EntryHash]) -> str:
    """SHA-256 over the sorted hashes of the entries, 32 bytes each: the same set, the same digest."""
    hasher = hashlib.sha256()
    for name in sorted({bytes.fromhex(one) for one in hashes}):
        hasher.update(name)
    return hasher.hexdigest()
