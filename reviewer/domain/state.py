"""The state that a set of entries makes: what is known of each thing, and the digests by which replicas compare."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from reviewer.domain import canonical
from reviewer.domain.admissions import Admitted, Revocation
from reviewer.domain.chain import DeviceId, EntryHash, MemberId
from reviewer.domain.events import Draw, Finding, PolicyPublish, Requeue
from reviewer.domain.members import Member
from reviewer.domain.merging import Conflict

Record: TypeAlias = (
    "Member | Admitted | Revocation | CampaignFact | DrawFact | LabelFact | AsideFact | ResolutionFact | GoldFact | PolicyFact"
    " | ActivationFact | RequeueFact | IncidentFact | ErasureFact | ForkFact | Departure | Conflict | FindingFact"
)
SECTIONS = (
    "activations", "asides", "campaigns", "conflicts", "departures", "devices", "draws", "erasures", "findings", "forks", "golds",
    "incidents", "labels", "members", "policies", "requeues", "resolutions", "revocations",
)  # fmt: skip


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


class ResolutionFact(NamedTuple):
    """An adjudicator's answer. in_force: no other one took its place. clauses: policy, clause, version and hash of the words, sorted."""

    hash: EntryHash
    campaign: EntryHash
    item: str
    member: MemberId
    verdict: str
    in_force: bool
    clauses: tuple[tuple[str, str, str, str], ...]


class RequeueFact(NamedTuple):
    """Items that are asked for again, by the name of their list; of whom, domain.requeues says."""

    hash: EntryHash
    campaign: EntryHash
    items_n: int
    items: str
    why: str
    clause: str | None


class GoldFact(NamedTuple):
    """A known answer, or that there is none any more."""

    hash: EntryHash
    campaign: EntryHash
    item: str
    verdict: str | None
    in_force: bool


class PolicyFact(NamedTuple):
    """A version of a policy."""

    hash: EntryHash
    policy: str
    title: str
    clauses_n: int
    clauses: str
    source: str
    effective: str | None


class ActivationFact(NamedTuple):
    """A version put in force. in_force: no other activation took its place."""

    hash: EntryHash
    policy: str
    version: EntryHash
    in_force: bool


class FindingFact(NamedTuple):
    """Items that stood out. items: the name of their list, which is the cluster's id; fresh: the campaign that asks for more labels."""

    hash: EntryHash
    what: str
    items_n: int
    items: str
    campaign: EntryHash | None
    fresh: EntryHash | None


class IncidentFact(NamedTuple):
    """An incident (hash and incident are the same), or what was said of one later. said: field, value, and whether it is in force, sorted.

    items: the name of the list of what it brings in; None where it brings none.
    """

    hash: EntryHash
    incident: EntryHash
    items_n: int
    items: str | None
    finding: str | None
    said: tuple[tuple[str, str, bool], ...]


class ErasureFact(NamedTuple):
    """An item whose content is to go, or is gone from a device."""

    hash: EntryHash
    kind: str
    item: str
    device: DeviceId


class ForkFact(NamedTuple):
    """A place in a stream where several entries stand: its device went on from one point twice."""

    stream: str
    seq: int
    entries: tuple[EntryHash, ...]


class NotCounted(NamedTuple):
    """An entry that is kept and shown and makes no state, and why."""

    hash: EntryHash
    why: str


class State(NamedTuple):
    """What a set of entries makes; every part is in the order of its hashes or ids."""

    project: EntryHash | None
    members: tuple[Member, ...]
    devices: tuple[Admitted, ...]
    revocations: tuple[Revocation, ...]
    campaigns: tuple[CampaignFact, ...]
    draws: tuple[DrawFact, ...]
    labels: tuple[LabelFact, ...]
    asides: tuple[AsideFact, ...]
    requeues: tuple[RequeueFact, ...]
    resolutions: tuple[ResolutionFact, ...]
    golds: tuple[GoldFact, ...]
    policies: tuple[PolicyFact, ...]
    activations: tuple[ActivationFact, ...]
    incidents: tuple[IncidentFact, ...]
    erasures: tuple[ErasureFact, ...]
    findings: tuple[FindingFact, ...]
    forks: tuple[ForkFact, ...]
    departures: tuple[Departure, ...]
    conflicts: tuple[Conflict, ...]
    not_counted: tuple[NotCounted, ...]

    @property
    def digest(self) -> str:
        """The state digest of JOURNAL.md 2.10. What is not counted is no part of it."""
        return digest(self.project, {name: getattr(self, name) for name in SECTIONS})


def draw_fact(name: EntryHash, draw: Draw) -> DrawFact:
    """What of a draw makes state."""
    frozen, picked = draw.population, draw.picks
    return DrawFact(name, draw.campaign, draw.query, frozen.n, frozen.blob, picked.n, picked.blob, draw.design)


def requeue_fact(name: EntryHash, requeue: Requeue) -> RequeueFact:
    """What of a requeue makes state."""
    return RequeueFact(name, requeue.campaign, requeue.items.n, requeue.items.blob, requeue.why, requeue.clause)


def finding_fact(name: EntryHash, finding: Finding) -> FindingFact:
    """What of a finding makes state."""
    listed = finding.items
    return FindingFact(name, finding.what, listed.n, listed.blob, finding.campaign, finding.fresh)


def policy_fact(name: EntryHash, policy: PolicyPublish) -> PolicyFact:
    """What of a policy's version makes state."""
    clauses = policy.clauses
    return PolicyFact(name, policy.policy, policy.title, clauses.n, clauses.blob, policy.source, policy.effective)


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
