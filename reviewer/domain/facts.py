"""An entry as the fold sees it: what it says, typed, and where it stands."""

import hashlib
from sys import intern
from typing import Any, NamedTuple

import msgspec

from reviewer.domain import incidents
from reviewer.domain.chain import Body, DeviceId, Entry, EntryHash, MemberId
from reviewer.domain.events import Enrol, Genesis, Incident, IncidentUpdate, Label, value_of

_NEEDS_REASON = frozenset({"retract", "resolve", "revoke", "erase_request", "erase_done"})


class Unfit(NamedTuple):
    """The value of an entry does not say what its kind needs."""

    why: str


class Link(NamedTuple):
    """Where an entry stands: which device signed it, and what it follows."""

    hash: EntryHash
    device: DeviceId
    stream: str
    seq: int
    prev: EntryHash | None


class Fact(NamedTuple):
    """An entry that holds, with its typed value (for a label, and what is said of an incident: only what of it makes state)."""

    hash: EntryHash
    project: EntryHash | None
    device: DeviceId
    actor: MemberId
    kind: str
    value: Any
    deps: tuple[EntryHash, ...]
    stream: str
    seq: int
    prev: EntryHash | None

    @property
    def link(self) -> Link:
        """Where it stands."""
        return Link(self.hash, self.device, self.stream, self.seq, self.prev)


class Answered(NamedTuple):
    """What of a label's value makes state. vote: what makes two answers of one member differ."""

    campaign: EntryHash
    item: str
    showing: int
    verdict: str | None
    severity: str | None
    blind: bool
    vote: tuple[object, ...]


def fact_of(entry: Entry, value: Any) -> Fact:
    """The fact of an entry whose `typed` value is no Unfit."""
    body = entry.body
    if isinstance(value, Label):
        campaign = EntryHash(intern(value.campaign))
        value = Answered(campaign, value.item, value.showing, value.verdict, value.severity, value.blind, vote(value))
    if isinstance(value, Incident | IncidentUpdate):
        value = incidents.act_of(entry.hash, value, body.note)
    # Names that many entries bear are kept once: a million facts must fit the memory.
    device, actor, kind, stream = map(intern, (body.device, body.actor, body.kind, body.stream))
    project = None if body.project is None else intern(body.project)
    return Fact(entry.hash, project, device, actor, kind, value, body.deps, stream, body.seq, body.prev)  # type: ignore[arg-type] # as they were


def link_of(entry: Entry) -> Link:
    """Where an entry stands."""
    return Link(entry.hash, entry.body.device, entry.body.stream, entry.body.seq, entry.body.prev)


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
