"""From a set of entries to the state they make. Facts are collected first and judged together, so that no order, batch or repeat matters.

Whether an entry holds (bytes, hash, link, signature) is found before; this asks what its author had the right to say, and what stands.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from reviewer.domain import admissions, merging
from reviewer.domain.admissions import Standing, why_not
from reviewer.domain.chain import DeviceId, Entry, EntryHash
from reviewer.domain.events import Role
from reviewer.domain.facts import Answered, Fact, Link, Unfit, fact_of, link_of, typed
from reviewer.domain.incidents import Act
from reviewer.domain.members import Member
from reviewer.domain.state import (
    ActivationFact,
    AsideFact,
    CampaignFact,
    Departure,
    ErasureFact,
    ForkFact,
    GoldFact,
    IncidentFact,
    LabelFact,
    NotCounted,
    ResolutionFact,
    State,
    draw_fact,
    finding_fact,
    policy_fact,
    requeue_fact,
)

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
