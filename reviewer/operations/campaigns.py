"""Asking: creating a campaign, growing its sample, closing it, seeing how it stands."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import campaigns, query, sampling
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import BlobRef, Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.sampling import Sample
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures, searches
from reviewer.storage.workspace import Reading, Work, Workspace


class Stratum(NamedTuple):
    """A part of the population that was sampled for itself; "" is the whole."""

    stratum: str
    population: int
    sampled: int


class Created(NamedTuple):
    """A campaign and its newest draw."""

    campaign: str
    id: EntryHash
    population: int
    sampled: int
    strata: tuple[Stratum, ...]
    seed: str


class PickStanding(NamedTuple):
    """One drawn item of a campaign and its answer.

    stream: control, risk or double; inclusion_probability: a decimal string. None where the viewer must not be led.
    """

    id: ItemId
    stratum: str
    stream: str
    inclusion_probability: str | None
    answer: str | None


class CampaignStanding(NamedTuple):
    """How a campaign stands, for everybody together.

    unsure: items with all labels asked for where somebody is unsure and nobody disagrees. by_reviewer: labels in force, by name.
    """

    id: EntryHash
    campaign: str
    rules: Campaign
    closed: bool
    population: int
    sampled: int
    complete: int
    answered: int
    labels: int
    unsure: int
    by_reviewer: dict[str, int]
    items: tuple[PickStanding, ...] | None = None

    @property
    def remaining(self) -> int:
        """Drawn items that still wait for labels."""
        return self.sampled - self.complete

    @property
    def open(self) -> int:
        """Drawn items that have no answer, apart from those that are unsure."""
        return self.sampled - self.answered - self.unsure


def create_campaign(
    workspace: Workspace,
    ticket: Ticket,
    *,
    rules: Campaign,
    size: int | None = None,
    member_names: Sequence[str] = (),
    guidelines: str = "",
) -> Outcome[Created]:
    """A campaign over what the query finds now, with its first draw. An empty seed is drawn by chance.

    Raises Refused for rules that cannot be met, NotAllowed for a member who is no lead; then nothing is written.
    """
    require(workspace.me, "campaign", "create a campaign")
    ticket.step(0, 3, "Finding the population")
    with workspace.begin() as work:
        seed = rules.seed or workspace.surroundings.entropy(8).hex()
        asked, found = _population(work, rules.query)
        rules = msgspec.structs.replace(
            rules,
            name=" ".join(rules.name.split()),
            seed=seed,
            members=_members(work, member_names),
            guidelines=work.keep_blob(guidelines.encode()) if guidelines.strip() else None,
        )
        if work.row("SELECT 1 FROM campaign WHERE name = ?", (rules.name,)) is not None:
            raise Refused(f"There is a campaign called “{rules.name}” already.", "Choose another name.")
        name = work.record(campaigns.create(rules, population=len(found), size=size))
        stored = campaign_rows.by_hash(work, name)
        ticket.step(1, 3, "Drawing")
        sample = _first_sample(stored.state, found, size)
        ticket.step(2, 3, "Writing the draw")
        created = _record_draw(work, stored, asked, found, sample)
    return Outcome(created, work.changes)


def grow_campaign(workspace: Workspace, ticket: Ticket, *, campaign: str, size: int) -> Outcome[Created]:
    """Another draw, over what the query finds today, so that `size` items are drawn in all; nothing drawn is dropped."""
    require(workspace.me, "draw", "grow a campaign")
    ticket.step(0, 3, "Finding the population")
    with workspace.begin() as work:
        stored = campaign_rows.named(work, campaign)
        rules = stored.state.rules
        asked, found = _population(work, rules.query)
        ticket.step(1, 3, "Drawing")
        if rules.design == "all":
            sample = sampling.everything(found, rules.seed)
        else:
            if size < stored.sampled:
                raise Refused(f"“{rules.name}” has {stored.sampled:,} items drawn already.", f"Ask for more than {stored.sampled:,}.")
            sample = sampling.simple_random(found, rules.seed, size=size, grown_from=campaign_rows.latest_sample(work, stored))
        ticket.step(2, 3, "Writing the draw")
        created = _record_draw(work, stored, asked, found, sample)
    return Outcome(created, work.changes)


def close_campaign(workspace: Workspace, ticket: Ticket, *, campaign: str) -> Outcome[EntryHash]:
    """No more labels are asked for; what was said stays."""
    require(workspace.me, "campaign_close", "close a campaign")
    ticket.step(0, 1, "Closing")
    with workspace.begin(urgent=True) as work:
        stored = campaign_rows.named(work, campaign)
        work.record(campaigns.close(stored.state))
    return Outcome(stored.state.hash, work.changes)


def list_campaigns(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[CampaignStanding, ...]]:
    """Every campaign, newest first."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(tuple(_standing(reading, stored) for stored in campaign_rows.every(reading)))


def show_campaign(workspace: Workspace, ticket: Ticket, *, campaign: str, with_items: bool = False) -> Outcome[CampaignStanding]:
    """How one campaign stands, with every drawn item if asked.

    The items' answers and probabilities are left out for a member who still has to label them blind.
    """
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        standing = _standing(reading, stored)
        if with_items:
            standing = standing._replace(items=_picks(reading, stored, workspace.member))
        return Outcome(standing)


def _population(work: Work, text: str) -> tuple[str, list[ItemId]]:
    """What a query finds now, and its text as a draw freezes it: with `me` replaced by a name."""
    tree = query.resolve(query.parse(text), me=work.workspace.me.name)
    return query.to_text(tree), searches.item_ids(work, tree)


def _members(reading: Reading, names: Sequence[str]) -> tuple[MemberId, ...]:
    known = {name: (MemberId(i), role) for i, name, role in reading.rows("SELECT id, name, role FROM member ORDER BY rowid DESC")}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise NotFound(f"There is no member called “{unknown[0][:60]}”.", f"Members are: {', '.join(sorted(known))}.")
    return tuple(sorted(known[name][0] for name in names))


def _first_sample(state: CampaignState, found: list[ItemId], size: int | None) -> Sample:
    if state.rules.design == "all":
        return sampling.everything(found, state.rules.seed)
    if state.rules.design == "srs" and size is not None:
        return sampling.simple_random(found, state.rules.seed, size=size)
    raise Refused(f"This version draws no {state.rules.design} samples.", "Choose the design all or srs.")


def _record_draw(work: Work, stored: campaign_rows.Stored, asked: str, found: list[ItemId], sample: Sample) -> Created:
    population = BlobRef(len(found), work.keep_blob(campaign_rows.pack_ids(found)))
    picks = BlobRef(len(sample.picks), work.keep_blob(campaign_rows.pack_picks(sample)))
    work.record(campaigns.draw(stored.state, query=asked, population=population, sample=sample, picks=picks))
    now = campaign_rows.by_hash(work, stored.state.hash)
    whole = Stratum("", now.population, now.sampled)
    return Created(now.state.rules.name, now.state.hash, now.population, now.sampled, (whole,), now.state.rules.seed)


def _standing(reading: Reading, stored: campaign_rows.Stored) -> CampaignStanding:
    by_reviewer = dict(
        reading.rows(
            "SELECT m.name, count(*) FROM label l JOIN member m ON m.id = l.member"
            " WHERE l.campaign = ? AND l.in_force = 1 GROUP BY m.id ORDER BY m.name",
            (stored.row,),
        )
    )
    return CampaignStanding(
        id=stored.state.hash,
        campaign=stored.state.rules.name,
        rules=stored.state.rules,
        closed=stored.state.closed,
        population=stored.population,
        sampled=stored.sampled,
        complete=stored.complete,
        answered=stored.answered,
        labels=stored.labels,
        unsure=departures.unanswered(reading, stored).unsure,
        by_reviewer=by_reviewer,
    )


def _picks(reading: Reading, stored: campaign_rows.Stored, viewer: MemberId) -> tuple[PickStanding, ...]:
    # Whoever still has to label an item blind sees neither its answer nor, where probabilities differ, how it was chosen.
    leading = stored.state.rules.blind and not stored.state.closed and viewer in stored.state.members
    equal = stored.state.rules.design in ("all", "srs")
    rows = reading.rows(
        "SELECT p.item, p.stratum, p.stream, p.pi, p.answer, EXISTS (SELECT 1 FROM label l WHERE l.item = p.item"
        " AND l.campaign = p.campaign AND l.member = ? AND l.in_force = 1) FROM pick p WHERE p.campaign = ? ORDER BY p.place",
        (viewer, stored.row),
    )
    picks = []
    for raw, stratum, stream, pi, answer, labelled in rows:
        seen = labelled or not leading
        picks.append(PickStanding(ItemId(raw.hex()), stratum, stream, pi if seen or equal else None, answer if seen else None))
    return tuple(picks)
