"""What an adjudicator works on: the items in dispute, and one of them with the opinions on it, by nobody's name."""

from collections import Counter
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Mark, Resolve, Ruling, Severity, Span, Verdict
from reviewer.domain.items import Item, ItemId
from reviewer.domain.labels import Omitted
from reviewer.domain.members import NotAllowed, may, refuse_waiting, require
from reviewer.domain.progress import Ticket
from reviewer.domain.sampling import permanent_random_number
from reviewer.domain.stories import Citation
from reviewer.operations import requeueing
from reviewer.operations.labelling import checked_note, opinion_of
from reviewer.operations.requeueing import Requeued
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import disputes as dispute_rows
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import resolution_drafts as drafts
from reviewer.storage import resolutions as resolution_rows
from reviewer.storage import searches, stories
from reviewer.storage.campaigns import Stored
from reviewer.storage.disputes import Disputed as Disputed
from reviewer.storage.disputes import Kind as Kind
from reviewer.storage.labels import Said
from reviewer.storage.notes import note_of
from reviewer.storage.resolution_drafts import Begun as Begun
from reviewer.storage.resolutions import Resolution, resolutions_in_force
from reviewer.storage.showings import blinded
from reviewer.storage.workspace import Reading, Workspace


class Docket(NamedTuple):
    """What waits in a campaign for the viewer to resolve, in the order of its queue.

    withheld: how many more wait, on which the viewer may not rule: they gave one of the labels, or have still to label the item blind.
    resolved: the items that the viewer resolved here, newest first.
    """

    campaign: EntryHash
    name: str
    items: tuple[Disputed, ...]
    withheld: int
    resolved: tuple[ItemId, ...]


class OpinionGiven(NamedTuple):
    """A label as an adjudicator weighs it. by: whose it is, None until the item is resolved.

    votes: False where its author gave another answer beside it, so that neither counts.
    """

    label: EntryHash
    by: str | None
    verdict: Verdict | None
    severity: Severity | None
    rationale: str | None
    clauses: tuple[Citation, ...]
    spans: tuple[Span, ...]
    omissions: tuple[Omitted, ...]
    steps: dict[str, Mark]
    confidence: str | None
    duration_ms: int | None
    votes: bool


class RulingGiven(NamedTuple):
    """A resolution in force. by: whose it is, None until the item is resolved; time: RFC 3339; mine: the viewer's own."""

    resolution: EntryHash
    by: str | None
    mine: bool
    verdict: Ruling
    reason: str | None
    clauses: tuple[Citation, ...]
    time: str


class Decider(NamedTuple):
    """A clause that opinions cite, and how many of them do."""

    citation: Citation
    cited: int


class DisputeShown(NamedTuple):
    """An item in dispute. kind: None once it is settled; then everybody's name is told.

    item: without what would lead, in a blind campaign. opinions: in an order that follows neither from names nor from time.
    clauses: those cited, the one cited by most first. begun: what the viewer had put down.
    """

    campaign: EntryHash
    campaign_name: str
    policies: tuple[str, ...]
    id: ItemId
    item: Item
    kind: Kind | None
    opinions: tuple[OpinionGiven, ...]
    rulings: tuple[RulingGiven, ...]
    clauses: tuple[Decider, ...]
    begun: Begun


def disputes(workspace: Workspace, ticket: Ticket, *, campaign: str | None = None) -> Outcome[tuple[Docket, ...]]:
    """What waits for the viewer to resolve, in a campaign or in each in which something waits or was resolved by them, newest first.

    Raises NotAllowed for who may not resolve, and NotFound for a campaign that is not there.
    """
    require(workspace.me, "resolve", "resolve disagreements")
    with workspace.read() as reading:
        doubts = dispute_rows.in_doubt(reading)
        among = campaign_rows.every(reading) if campaign is None else [campaign_rows.named(reading, campaign)]
        found = []
        for number, stored in enumerate(among):
            ticket.step(number, len(among), "Looking for disagreements")
            docket = _docket(reading, stored, doubts.get(stored.state.hash, {}))
            if campaign is not None or docket.items or docket.withheld or docket.resolved:
                found.append(docket)
        return Outcome(tuple(found))


def dispute_of(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str) -> Outcome[DisputeShown]:
    """One item in dispute, or one that was resolved, with all that was said of it.

    Raises NotAllowed for who may not resolve it, Refused for an item that nobody labelled or that the viewer has still to label, NotFound.
    """
    require(workspace.me, "resolve", "resolve disagreements")
    ticket.step(0, 1, "Fetching")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        wanted = item_rows.full_id(reading, item)
        _refuse(reading, stored, wanted)
        kept = item_rows.get(reading, wanted)
        kind = dispute_rows.kind_of(reading, stored, wanted)
        rulings = resolutions_in_force(reading, stored, wanted)
        named = kind is None and bool(rulings)
        opinions = _opinions(reading, stored, wanted, named=named)
        if not opinions and not rulings:
            raise Refused(f"Nobody has labelled item {wanted[:6]} in “{stored.state.rules.name}” yet.", "There is nothing to weigh.")
        return Outcome(
            DisputeShown(
                campaign=stored.state.hash,
                campaign_name=stored.state.rules.name,
                policies=stored.state.rules.policies,
                id=wanted,
                item=blinded(kept.item) if stored.state.rules.blind and not named else kept.item,
                kind=kind,
                opinions=opinions,
                rulings=tuple(_ruling(reading, one, workspace.member, named=named) for one in rulings),
                clauses=_deciders(opinions),
                begun=drafts.begun_on(reading, stored, wanted, workspace.member),
            )
        )


def keep_begun(workspace: Workspace, ticket: Ticket, *, campaign: EntryHash, item: ItemId, begun: Begun) -> Outcome[None]:
    """Keep what was put down of a resolution, so that a crash does not lose it. An empty one forgets it."""
    ticket.step(0, 1, "Keeping the draft")
    checked_note(begun.reason)
    with workspace.begin(urgent=True) as work:
        stored = campaign_rows.by_hash(work, campaign)
        drafts.save_begun(work, stored, item, workspace.member, begun, now_ms=workspace.surroundings.now_ms())
    return Outcome(None, Changes.NONE)


def send_back(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str, note: str = "") -> Outcome[Requeued]:
    """Ask everyone who labelled an item in dispute for another look, in place of resolving it. note: why; it says which way to nobody.

    Raises NotAllowed, Refused and NotFound as `dispute_of` does, and Refused for an item that is not in dispute or a closed campaign.
    """
    require(workspace.me, "resolve", "send items back")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        wanted = item_rows.full_id(reading, item)
        _refuse(reading, stored, wanted)
        if dispute_rows.kind_of(reading, stored, wanted) is None:
            raise Refused(f"Item {wanted[:6]} is not in dispute.", "`reviewer conflicts` lists what is.")
    done = requeueing.requeue_items(workspace, ticket, campaign=stored.state.hash, items=[wanted], why="sent_back", note=note)
    with workspace.begin(urgent=True) as work:
        drafts.drop_begun(work, stored, wanted, workspace.member)
    return done


def _docket(reading: Reading, stored: Stored, doubts: dict[ItemId, Kind]) -> Docket:
    me = reading.workspace.member
    waiting = dispute_rows.disputed(reading, stored, doubts)
    unseen = searches.hidden_among(reading, [one.item for one in waiting], viewer=me)
    if not stored.state.rules.own_adjudication:
        unseen |= dispute_rows.labelled_by(reading, stored, me)
    items = tuple(one for one in waiting if one.item not in unseen)
    resolved = tuple(dispute_rows.resolved_by(reading, stored, me))
    return Docket(stored.state.hash, stored.state.rules.name, items, len(waiting) - len(items), resolved)


def _refuse(reading: Reading, stored: Stored, item: ItemId) -> None:
    me = reading.workspace.member
    if searches.is_hidden(reading, item, viewer=me):
        raise Refused("You have still to label this item; until then the labels of others are hidden.", "Label it in your queue first.")
    if not stored.state.rules.own_adjudication and resolution_rows.dispute(reading, stored, item, me).own:
        raise NotAllowed(
            f"Needs another person: you gave one of the labels on item {item[:6]}.", "Ask an adjudicator or a lead who did not label it."
        )


def _opinions(reading: Reading, stored: Stored, item: ItemId, *, named: bool) -> tuple[OpinionGiven, ...]:
    given = [
        said
        for said in label_rows.of_item(reading, item)
        if said.in_force and said.label.campaign == stored.state.hash and said.label.showing == 1
    ]
    seed = f"{stored.state.rules.seed}/opinions"
    given.sort(key=lambda said: permanent_random_number(seed, ItemId(said.hash)))
    verdicts: dict[MemberId, set[str | None]] = {}
    for said in given:
        verdicts.setdefault(said.member, set()).add(said.label.verdict)
    return tuple(_opinion(reading, said, named=named, votes=len(verdicts[said.member]) == 1) for said in given)


def _opinion(reading: Reading, said: Said, *, named: bool, votes: bool) -> OpinionGiven:
    opinion = opinion_of(reading, said.hash)
    return OpinionGiven(
        label=said.hash,
        by=said.reviewer if named else None,
        verdict=opinion.verdict,
        severity=opinion.severity,
        rationale=said.rationale,
        clauses=tuple(stories.citation(reading, one, said.label.item) for one in opinion.clauses),
        spans=opinion.spans,
        omissions=opinion.omissions,
        steps=opinion.steps,
        confidence=opinion.confidence,
        duration_ms=opinion.duration_ms,
        votes=votes,
    )


def _ruling(reading: Reading, one: Resolution, me: MemberId, *, named: bool) -> RulingGiven:
    entry = stories.entry_of(reading, bytes.fromhex(one.hash))
    if entry is None:
        raise NotFound(f"Entry {one.hash[:8]} is not here.", "Run `reviewer verify --rebuild`.")
    value = msgspec.convert(entry.body.value, Resolve)
    mine = one.member == me
    by = stories.author(reading, entry.body).name if named or mine else None
    clauses = tuple(stories.citation(reading, clause, value.item) for clause in value.clauses)
    return RulingGiven(one.hash, by, mine, one.verdict, note_of(reading, entry.body), clauses, stories.local_time(entry.body))


def _deciders(opinions: tuple[OpinionGiven, ...]) -> tuple[Decider, ...]:
    """Each clause once, in the version that most cite; of equals the newest."""
    cited = Counter((one.policy, one.clause) for opinion in opinions for one in opinion.clauses)
    versions = Counter(one for opinion in opinions for one in opinion.clauses)
    found = []
    for clause, count in sorted(cited.items(), key=lambda pair: (-pair[1], pair[0])):
        among = [one for one in versions if (one.policy, one.clause) == clause]
        found.append(Decider(max(among, key=lambda one: (versions[one], one.number or 0, one.version)), count))
    return tuple(found)


def may_adjudicate(workspace: Workspace) -> bool:
    """Whether the acting member may resolve disagreements."""
    refuse_waiting(workspace.me)
    return may(workspace.me.role, "resolve")
