"""The second look at a cluster: fresh labels of items that chance draws from it, and whether they bear out what was flagged."""

from typing import NamedTuple

import msgspec
import numpy as np

from reviewer.domain import confirming, query
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.confirming import Confirmed, Counted
from reviewer.domain.errors import Refused
from reviewer.domain.events import BlobRef, Campaign, Event
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import campaigns, cluster_listing
from reviewer.operations.campaigns import Created
from reviewer.operations.cluster_listing import Shown
from reviewer.operations.clustering import finding_of
from reviewer.operations.drawing import population
from reviewer.operations.labelling import checked_note
from reviewer.operations.verdicts import refuse_unseen, verdicts
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import findings
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading, Workspace

FRESH = 20  # labels that are asked for, unless somebody says otherwise


class Queued(NamedTuple):
    """A campaign that asks for fresh labels, and the chance with which each unlabelled item of the cluster was drawn."""

    cluster: str
    created: Created
    probability: float


class SecondLook(NamedTuple):
    """What fresh labels say. wanted: how many were drawn; labelled: how many of them have an answer; campaign: which asks for them.

    first: the labels that pointed at the cluster, all together; confirmed: None until there is a fresh label. tested: clusters that Holm's
    method holds together.
    """

    campaign: str
    wanted: int
    labelled: Counted
    first: Counted
    confirmed: Confirmed | None
    tested: int


def queue_more(workspace: Workspace, ticket: Ticket, *, cluster: str, size: int = FRESH) -> Outcome[Queued]:
    """Ask for labels of `size` items of a cluster that have none, drawn by chance: a campaign of its own, so that the estimates of the
    first one keep their design. It asks what that one asks, of the same people.

    Raises Refused where too few items are left or it was queued already, NotFound, NotAllowed.
    """
    require(workspace.me, "campaign", "ask for fresh labels")
    found = cluster_listing.show_cluster(workspace, ticket, cluster=cluster).value
    name = found.cluster.id
    if any(said.what == "queued" for said in found.findings):
        raise Refused("Fresh labels of this cluster are asked for already.", "See how they stand with `reviewer clusters show`.")
    with workspace.read() as reading:
        source = campaign_rows.by_hash(reading, found.campaigns[0]) if found.campaigns else None
        drawn = [query.Not(query.Field("campaign", ":", one[:12])) for one in found.campaigns]
        asked = query.to_text(query.all_of([query.Field("cluster", ":", name), *drawn]))
        _, left = population(reading, asked)
    if len(left) < size or size < 1:
        raise Refused(
            f"{size:,} fresh labels are asked for, and {len(left):,} items of this cluster were not drawn before.",
            "Ask for fewer, at least 1." if left else "All of it was drawn: its labels speak for themselves.",
        )
    rules = msgspec.structs.replace(
        source.state.rules if source else Campaign(name="", query="", seed=""),
        name=f"Second look {name[:8]}", query=asked, design="srs", seed="", double="0", gold="0", repeat="0", shown="0", judge="",
        guidelines=None, members=(),
    )  # fmt: skip
    with workspace.read() as reading:
        members = _member_names(reading, source)
    created = campaigns.create_campaign(workspace, ticket, rules=rules, size=size, member_names=members).value
    with workspace.begin() as work:
        listed = BlobRef(found.cluster.size, work.keep_blob(bytes.fromhex("".join(found.items))))
        work.record(Event("finding", finding_of("queued", found.campaigns, found.cluster, listed, _embedder(found), created.id)))
        work.changes |= Changes.CAMPAIGNS | Changes.QUEUE
        return Outcome(Queued(name, created, size / len(left)), work.changes)


def name_cluster(workspace: Workspace, ticket: Ticket, *, cluster: str, name: str) -> Outcome[str]:
    """Give a cluster a name of one's own; it stands until another one is given. Raises Refused for an empty name, NotFound, NotAllowed."""
    require(workspace.me, "finding", "name a cluster")
    words = " ".join(name.split())
    if not words or len(words) > 120:
        raise Refused("A name has 1 to 120 characters.", "Say in a few words what these items have in common.")
    checked_note(words)
    found = cluster_listing.show_cluster(workspace, ticket, cluster=cluster).value
    with workspace.begin() as work:
        listed = BlobRef(found.cluster.size, work.keep_blob(bytes.fromhex("".join(found.items))))
        event = Event("finding", finding_of("named", found.campaigns, found.cluster, listed, _embedder(found)))
        work.record(event._replace(note=work.keep_note(words)))
        return Outcome(found.cluster.id, work.changes)


def second_look(workspace: Workspace, ticket: Ticket, *, cluster: str) -> Outcome[SecondLook | None]:
    """What the fresh labels of a cluster say, tested together with those of all clusters that were queued for the same labels; None where
    none were asked for."""
    found = cluster_listing.show_cluster(workspace, ticket, cluster=cluster).value
    mine = next((said for said in found.findings if said.what == "queued"), None)
    if mine is None or mine.fresh is None:
        return Outcome(None)
    with workspace.read() as reading:
        refuse_unseen(reading, [mine.fresh], workspace.me)
        together = [one for one in findings.every(reading) if one.what == "queued" and one.fresh and one.campaign == mine.campaign]
        counted = [_fresh(reading, workspace, ticket, str(one.fresh)) for one in together]
        first = _first(reading, workspace, ticket, mine.campaign, [str(one.fresh) for one in together])
        tested = confirming.confirm(counted, first)
        place = [one.hash for one in together].index(mine.hash)
        stored = campaign_rows.by_hash(reading, mine.fresh)
        confirmed = tested[place] if counted[place].n else None
        return Outcome(SecondLook(stored.state.rules.name, stored.sampled, counted[place], first, confirmed, len(together)))


def _fresh(reading: Reading, workspace: Workspace, ticket: Ticket, campaign: str) -> Counted:
    found = verdicts(reading, ticket, campaign=campaign, viewer=workspace.me)
    return Counted(int(found.broken.sum()), len(found.ids))


def _first(reading: Reading, workspace: Workspace, ticket: Ticket, campaign: str | None, fresh: list[str]) -> Counted:
    """The labels of the first stage: of its campaign or, where all counted, of all but those that asked for fresh ones."""
    if campaign is not None:
        return _fresh(reading, workspace, ticket, campaign)
    found = verdicts(reading, ticket, campaign=None, viewer=workspace.me)
    new = [verdicts(reading, ticket, campaign=one, viewer=workspace.me).ids for one in fresh]
    kept = ~np.isin(found.ids, np.concatenate(new))
    return Counted(int(found.broken[kept].sum()), int(kept.sum()))


def _embedder(found: Shown) -> str | None:
    if found.clustering is not None:
        return found.clustering.embedder
    return next((said.figures.embedder for said in found.findings if said.figures.embedder), None)


def _member_names(reading: Reading, source: Stored | None) -> list[str]:
    """Those whom the first campaign names; nobody where it asks everyone."""
    named = source.state.rules.members if source else ()
    return [name for number, name in reading.rows("SELECT id, name FROM member ORDER BY id") if number in named]
