"""Asking: creating a campaign, growing its sample, closing it, seeing how it stands."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import campaigns
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.changes import Outcome
from reviewer.domain.designs import Selection
from reviewer.domain.errors import NotFound, Refused, about
from reviewer.domain.events import BlobRef, Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.members import as_kept, require
from reviewer.domain.preferences import in_words
from reviewer.domain.progress import Ticket
from reviewer.domain.sampling import DrawnStratum, Pick
from reviewer.operations import drawing, growing, indexing
from reviewer.operations.drawing import Chosen, Wanted, population
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures, frames, preferred, searches
from reviewer.storage import policies as policy_rows
from reviewer.storage import suggestions as suggestion_rows
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
    warnings: tuple[str, ...] = ()


class PickStanding(NamedTuple):
    """One drawn item of a campaign and its answer.

    stream: control, risk or double; inclusion_probability: a decimal string. None where the viewer must not be led.
    """

    id: ItemId
    stratum: str | None
    stream: str | None
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
    strata: tuple[Stratum, ...] = ()
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
    selection: Selection = Selection(),  # noqa: B008 - immutable
    member_names: Sequence[str] = (),
    guidelines: str = "",
) -> Outcome[Created]:
    """A campaign over what the query finds now, with its first draw. An empty seed is drawn by chance.

    Raises Refused for rules or a design that cannot be met, NotFound for a policy, judge, field or member that is not here, NotAllowed for
    a member who is no lead; then nothing is written.
    """
    require(workspace.me, "campaign", "create a campaign")
    rules = msgspec.structs.replace(
        rules,
        name=" ".join(rules.name.split()),
        seed=rules.seed or workspace.surroundings.entropy(8).hex(),
        query=campaigns.query_asked(rules),
    )
    ticket.step(0, 3, "Finding the population")
    indexing.know_words(workspace, ticket, rules.query)
    # Labels go on while the draw is made: it speaks of what was here when it began.
    with workspace.read() as reading, searches.stopping(reading, ticket):
        _check(reading, rules)
        asked, found = population(reading, rules.query)
        event = campaigns.create(rules, population=len(found), size=size)
        ticket.step(1, 3, "Drawing")
        chosen = drawing.choose(reading, ticket, Wanted(rules.design, rules.seed, size, selection), found)
    listed = _listed(chosen, ticket)
    with workspace.begin() as work:
        _check(work, rules)
        rules = msgspec.structs.replace(
            rules,
            members=_members(work, member_names),
            guidelines=work.keep_blob(guidelines.encode()) if guidelines.strip() else None,
        )
        stored = campaign_rows.by_hash(work, work.record(event._replace(value=rules)))
        created = _record_draw(work, ticket, stored, asked, listed)
    return Outcome(created, work.changes)


def grow_campaign(workspace: Workspace, ticket: Ticket, *, campaign: str, size: int) -> Outcome[Created]:
    """Another draw, over all that earlier draws spoke of and what the query finds today, so that `size` items are drawn in all.

    Nothing drawn is dropped and no probability falls. Raises Refused for a size that would make one fall.
    """
    require(workspace.me, "draw", "grow a campaign")
    ticket.step(0, 3, "Finding the population")
    indexing.know_words_of(workspace, ticket, campaign)
    with workspace.read() as reading, searches.stopping(reading, ticket):
        stored = campaign_rows.named(reading, campaign)
        rules = stored.state.rules
        asked, found = population(reading, rules.query)
        before = frames.before(reading, stored)
        ticket.step(1, 3, "Drawing")
        chosen = growing.grown(reading, ticket, stored, found, before, size)
    listed = _listed(chosen, ticket)
    with workspace.begin() as work:
        stored = campaign_rows.by_hash(work, stored.state.hash)
        if frames.draws_of(work, stored) != before.draws:
            raise Refused(f"“{rules.name}” was drawn from meanwhile.", "Look how it stands now, and try again.")
        created = _record_draw(work, ticket, stored, asked, listed)
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


def _check(reading: Reading, rules: Campaign) -> None:
    """Raises NotFound for a policy or judge that is not here, Refused for a name that is taken."""
    with about("policies"):
        for key in rules.policies:
            policy_rows.versions(reading, key)  # raises NotFound where there is none
    if rules.judge:
        known = suggestion_rows.judges(reading)
        if rules.judge not in known:
            with about("shown"):
                raise suggestion_rows.unknown(rules.judge, known)
    if reading.row("SELECT 1 FROM campaign WHERE name = ?", (rules.name,)) is not None:
        with about("name"):
            raise Refused(f"There is a campaign called “{rules.name}” already.", "Choose another name.")


def _members(reading: Reading, typed: Sequence[str]) -> tuple[MemberId, ...]:
    names = [as_kept(name) for name in typed]
    known = {name: (MemberId(i), role) for i, name, role in reading.rows("SELECT id, name, role FROM member ORDER BY rowid DESC")}
    unknown = [name for name in names if name not in known]
    if unknown:
        with about("members"):
            raise NotFound(f"There is no member called “{unknown[0][:60]}”.", f"Members are: {', '.join(sorted(known))}.")
    return tuple(sorted(known[name][0] for name in names))


class _Listed(NamedTuple):
    """A draw with the lists that its entry names, made before anybody waits for it to be written. picks: in the order of their ids."""

    chosen: Chosen
    population: bytes
    picks: tuple[Pick, ...]
    packed: bytes


def _listed(chosen: Chosen, ticket: Ticket) -> _Listed:
    picks = tuple(sorted(chosen.sample.picks))
    packed = campaign_rows.pack_picks(picks, ticket)
    ticket.step(2, 3, "Writing the draw")
    return _Listed(chosen, campaign_rows.pack_ids(chosen.population), picks, packed)


def _record_draw(work: Work, ticket: Ticket, stored: campaign_rows.Stored, asked: str, listed: _Listed) -> Created:
    chosen, sample = listed.chosen, listed.chosen.sample
    frozen = BlobRef(len(chosen.population), work.keep_blob(listed.population))
    picks = BlobRef(len(sample.picks), work.keep_blob(listed.packed))
    work.picked[picks.blob], work.ticket = listed.picks, ticket
    lists = frames.keep(work, sample)
    work.record(campaigns.draw(stored.state, query=asked, population=frozen, sample=sample, picks=picks, lists=lists))
    now = campaign_rows.by_hash(work, stored.state.hash)
    return Created(
        campaign=now.state.rules.name,
        id=now.state.hash,
        population=now.population,
        sampled=now.sampled,
        strata=_strata(sample.strata, now),
        seed=now.state.rules.seed,
        warnings=chosen.warnings,
    )


def _strata(drawn: Sequence[DrawnStratum], stored: campaign_rows.Stored) -> tuple[Stratum, ...]:
    if not drawn:
        return (Stratum("", stored.population, stored.sampled),)
    return tuple(Stratum(one.name, one.population, one.picked) for one in drawn)


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
        answered=_preferences(reading, stored) if preferred.asks(stored) else stored.answered,
        labels=stored.labels,
        unsure=departures.unanswered(reading, stored).unsure,
        by_reviewer=by_reviewer,
        strata=_strata(_known_strata(reading, stored), stored),
    )


def _known_strata(reading: Reading, stored: campaign_rows.Stored) -> tuple[DrawnStratum, ...]:
    try:
        return frames.latest_strata(reading, stored) if stored.state.rules.design == "stratified" else ()
    except NotFound:
        return ()  # the list is still to come


def _preferences(reading: Reading, stored: campaign_rows.Stored) -> int:
    """How many items have an order of their candidates as their answer."""
    return sum(one.preference is not None for one in preferred.answers(reading, stored))


def _picks(reading: Reading, stored: campaign_rows.Stored, viewer: MemberId) -> tuple[PickStanding, ...]:
    # Whoever still has to label an item blind sees neither its answer nor, where probabilities differ, how it was chosen.
    leading = stored.state.rules.blind and not stored.state.closed and viewer in stored.state.members
    equal = stored.state.rules.design in ("all", "srs")
    rows = reading.rows(
        "SELECT p.item, p.stratum, p.stream, p.pi, p.answer, EXISTS (SELECT 1 FROM label l WHERE l.item = p.item"
        " AND l.campaign = p.campaign AND l.member = ? AND l.in_force = 1) FROM pick p WHERE p.campaign = ? ORDER BY p.place",
        (viewer, stored.row),
    )
    ordered: dict[ItemId, str] = {}
    if preferred.asks(stored):
        ordered = {one.item: in_words(one.preference) for one in preferred.answers(reading, stored) if one.preference is not None}
    picks = []
    for raw, stratum, stream, pi, verdict, labelled in rows:
        seen = labelled or not leading
        answer = verdict or ordered.get(ItemId(raw.hex()))
        shown = seen or equal
        picks.append(
            PickStanding(
                id=ItemId(raw.hex()),
                stratum=stratum if shown else None,
                stream=stream if shown else None,
                inclusion_probability=pi if shown else None,
                answer=answer if seen else None,
            )
        )
    return tuple(picks)
