"""From a set of entries to the state they make. Facts are collected first and judged together, so that no order, batch or repeat matters.

Whether an entry holds (bytes, hash, link, signature) is found before; this asks what its author had the right to say, and what stands.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec

from reviewer.domain import admissions, canonical, merging
from reviewer.domain.admissions import Admitted, Revocation, Standing, why_not
from reviewer.domain.chain import DeviceId, Entry, EntryHash, MemberId
from reviewer.domain.events import Draw, Finding, PolicyPublish, Requeue, Role
from reviewer.domain.facts import Answered, Fact, Link, Unfit, fact_of, link_of, typed
from reviewer.domain.incidents import Act
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
OF_A_CAMPAIGN = (
    "draw",
    "campaign_close",
    "label",
    "retract",
    "skip",
    "escalate",
    "requeue",
    "alarm",
    "gold",
    "resolve",
)  # kinds whose value names one

NO_CAMPAIGN = "Its campaign is not known."
NO_INCIDENT = "Its incident is not known."
ONLY_A_LEAD = "It says how an incident stands, and its author is no lead."
OWN_LABEL = "It resolves an item on which its author gave one of the labels."
OF_ANOTHER = "It names a member other than its author, who is no lead."


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


class Folding:
    """A fold being made: `add` entries that hold, in any order and as often as they come, then ask for the `state`.

    project: the hash of the genesis that is the root; without it, the smallest of those added.
    """

    def __init__(self, project: EntryHash | None = None) -> None:
        self._project = project
        self._known: set[bytes] = set()
        self._facts: list[Fact] = []
        self._others: list[Link] = []  # entries that make no fact still stand in their streams
        self._unfit: list[NotCounted] = []
        self._streams: Counter[str] = Counter()
        self._last: dict[str, int] = {}

    def add(self, entry: Entry) -> None:
        """Take an entry in. One of an unknown kind makes no state; one whose value does not fit its kind is not counted."""
        self.add_typed(entry, typed(entry.body))

    def add_typed(self, entry: Entry, value: Any) -> None:
        """The same, where `typed` was asked already."""
        if not self._is_new(entry.hash, entry.body.stream, entry.body.seq):
            return
        if value is not None and not isinstance(value, Unfit):
            self._facts.append(fact_of(entry, value))
            return
        self._others.append(link_of(entry))
        if isinstance(value, Unfit):
            self._unfit.append(NotCounted(entry.hash, value.why))

    def add_link(self, link: Link) -> None:
        """Take in where an entry of a later version stands: it makes no state, and its stream goes through it."""
        if self._is_new(link.hash, link.stream, link.seq):
            self._others.append(link)

    def _is_new(self, entry: EntryHash, stream: str, seq: int) -> bool:
        name = bytes.fromhex(entry)
        if name in self._known:
            return False
        self._known.add(name)
        self._streams[stream] += 1
        self._last[stream] = max(seq, self._last.get(stream, 0))
        return True

    def state(self) -> State:
        """What the entries make together."""
        root = self._project or min((fact.hash for fact in self._facts if fact.kind == "genesis"), default=None)
        standing = admissions.stand(root, self._facts, self._links_of)
        return _derive(root, standing, sorted(self._facts, key=lambda fact: fact.hash), self._unfit, tuple(self._forks()))

    def _links_of(self, devices: Collection[DeviceId]) -> Iterator[Link]:
        yield from (fact.link for fact in self._facts if fact.device in devices)
        yield from (link for link in self._others if link.device in devices)

    def _forks(self) -> Iterator[ForkFact]:
        # More entries than places: only such a stream is looked at place by place.
        forked = {stream for stream, count in self._streams.items() if count > self._last[stream]}
        places: dict[tuple[str, int], list[EntryHash]] = {}
        for link in (*(fact.link for fact in self._facts if fact.stream in forked), *self._others):
            if link.stream in forked:
                places.setdefault((link.stream, link.seq), []).append(link.hash)
        for (stream, seq), names in sorted(places.items()):
            if len(names) > 1:
                yield ForkFact(stream, seq, tuple(sorted(names)))


def fold(entries: Iterable[Entry], *, project: EntryHash | None = None) -> State:
    """The state of a set of entries that hold. The same set gives the same state, in whatever order and however often its entries come."""
    folding = Folding(project)
    for entry in entries:
        folding.add(entry)
    return folding.state()


class _Counted(NamedTuple):
    """Facts that count, by kind, and those that do not."""

    by_kind: dict[str, list[Fact]]
    refused: list[NotCounted]

    def of(self, kind: str) -> list[Fact]:
        return self.by_kind.get(kind, [])


def _counted(root: EntryHash | None, standing: Standing, facts: list[Fact]) -> _Counted:
    found = _Counted({}, [])
    campaigns: dict[EntryHash, Fact] = {}
    labels: dict[EntryHash, Fact] = {}
    late = []  # what is judged by campaigns, labels or incidents, which must be known first
    for fact in facts:
        ours = root == (fact.project or fact.hash)
        why = why_not(standing.devices.get(fact.device), fact.actor, fact.kind, ours=ours, trusted=fact.hash not in standing.untrusted)
        if why is None and fact.hash in standing.misplaced:
            why = admissions.MISPLACED
        if why is not None:
            found.refused.append(NotCounted(fact.hash, why))
            continue
        if fact.kind == "campaign":
            campaigns[fact.hash] = fact
        if fact.kind in OF_A_CAMPAIGN or fact.kind in ("member_name", "incident_update"):
            late.append(fact)
        else:
            found.by_kind.setdefault(fact.kind, []).append(fact)
    labels = {fact.hash: fact for fact in late if fact.kind == "label" and fact.value.campaign in campaigns}
    cases = {fact.hash for fact in found.of("incident")}
    for fact in late:
        if fact.kind == "incident_update":
            why = why_not_of_incident(standing.devices[fact.device].role, fact.value, known=fact.value.incident in cases)
        else:
            why = _why_not_late(standing, fact, campaigns, labels)
        if why is None:
            found.by_kind.setdefault(fact.kind, []).append(fact)
        else:
            found.refused.append(NotCounted(fact.hash, why))
    return found


def _why_not_late(standing: Standing, fact: Fact, campaigns: Mapping[EntryHash, Fact], labels: Mapping[EntryHash, Fact]) -> str | None:
    if fact.kind == "member_name":
        lead = standing.devices[fact.device].role == "lead"
        return None if lead or fact.value.member == fact.actor else OF_ANOTHER
    campaign = campaigns.get(fact.value.campaign)
    if campaign is None:
        return NO_CAMPAIGN
    if fact.kind == "resolve" and not campaign.value.own_adjudication and merging.own_label(fact, labels):
        return OWN_LABEL
    return None


def why_not_of_incident(role: Role, act: Act, *, known: bool) -> str | None:
    """Why what was said of an incident does not count; None where it does. known: whether the incident itself counts."""
    if not known:
        return NO_INCIDENT
    return ONLY_A_LEAD if role != "lead" and "status" in dict(act.said) else None


def _derive(root: EntryHash | None, standing: Standing, facts: list[Fact], unfit: list[NotCounted], forks: tuple[ForkFact, ...]) -> State:
    counted = _counted(root, standing, facts)
    labels, retracts = counted.of("label"), counted.of("retract")
    gone = merging.gone(labels, retracts)
    resolved = _heads(counted.of("resolve"), merging.question)
    activated = _heads(counted.of("policy_activate"), lambda fact: fact.value.policy)
    known = _heads(counted.of("gold"), merging.question)
    acts = {fact.hash: fact for kind in ("incident", "incident_update") for fact in counted.of(kind)}
    gone_of_cases = merging.given_way(acts)
    closed = {fact.value.campaign for fact in counted.of("campaign_close")}
    asides = sorted(counted.of("skip") + counted.of("escalate"))
    return State(
        project=root if standing.devices else None,
        members=_named(standing, counted.of("member_name")),
        devices=tuple(standing.devices[name] for name in sorted(standing.devices)),
        revocations=standing.revocations,
        campaigns=tuple(CampaignFact(f.hash, msgspec.to_builtins(f.value), f.hash in closed) for f in counted.of("campaign")),
        draws=tuple(draw_fact(fact.hash, fact.value) for fact in counted.of("draw")),
        labels=tuple(_label(fact, gone) for fact in labels),
        asides=tuple(AsideFact(f.hash, f.kind, f.value.campaign, f.value.item, f.actor) for f in asides),
        requeues=tuple(requeue_fact(f.hash, f.value) for f in counted.of("requeue")),
        resolutions=tuple(_resolution(fact, in_force=fact in resolved) for fact in counted.of("resolve")),
        golds=tuple(GoldFact(f.hash, *merging.question(f), f.value.verdict, f in known) for f in counted.of("gold")),
        policies=tuple(policy_fact(f.hash, f.value) for f in counted.of("policy_publish")),
        activations=tuple(ActivationFact(f.hash, f.value.policy, f.value.version, f in activated) for f in counted.of("policy_activate")),
        incidents=tuple(_incident(acts[name], gone_of_cases) for name in sorted(acts)),
        erasures=tuple(
            sorted(
                ErasureFact(f.hash, f.kind, f.value.item, f.device) for kind in ("erase_request", "erase_done") for f in counted.of(kind)
            )
        ),
        findings=tuple(finding_fact(f.hash, f.value) for f in counted.of("finding")),
        forks=forks,
        departures=tuple(sorted(Departure(f.hash, f.kind) for kind in ("release", "export") for f in counted.of(kind))),
        conflicts=merging.conflicts(labels, retracts, resolved, activated, acts),
        not_counted=tuple(sorted(unfit + counted.refused)),
    )


def _incident(fact: Fact, gone: Collection[tuple[EntryHash, str]]) -> IncidentFact:
    act: Act = fact.value
    n, listed = (0, None) if act.items is None else (act.items.n, act.items.blob)
    said = tuple((field, value, (fact.hash, field) not in gone) for field, value in act.said)
    return IncidentFact(fact.hash, act.incident, n, listed, act.finding, said)


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


def _named(standing: Standing, renames: list[Fact]) -> tuple[Member, ...]:
    """The members under their latest names; where two names were given at once, the smaller hash holds."""
    people = dict(standing.people)
    for fact in sorted(_heads(renames, lambda one: one.value.member), key=lambda one: one.hash, reverse=True):
        member = people.get(fact.value.member)
        if member is not None:
            people[member.id] = member._replace(name=fact.value.name)
    return tuple(people[name] for name in sorted(people))


def _heads(facts: list[Fact], scope: Callable[[Fact], object]) -> list[Fact]:
    return merging.heads(facts, {fact.hash: scope(fact) for fact in facts})


def _label(fact: Fact, gone: set[EntryHash]) -> LabelFact:
    value: Answered = fact.value
    return LabelFact(
        fact.hash, value.campaign, value.item, fact.actor, value.showing, value.verdict, value.severity, value.blind, fact.hash not in gone
    )


def _resolution(fact: Fact, *, in_force: bool) -> ResolutionFact:
    cited: dict[tuple[str, str, str], str] = {}
    for one in fact.value.clauses:
        cited.setdefault((one.policy, one.clause, one.version), one.text)  # of one that is named twice, the first: as the rows have it
    clauses = tuple(sorted((*clause, text) for clause, text in cited.items()))
    return ResolutionFact(fact.hash, *merging.question(fact), fact.actor, fact.value.verdict, in_force, clauses)


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
