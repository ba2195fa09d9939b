"""What the page asks of operations: functions that run on worker threads, and the values that they bring."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.events import Ruling
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.ui.transcript.blocks import Transcript, prepare

if TYPE_CHECKING:
    from reviewer.operations.adjudicating import Begun, DisputeShown, Docket
    from reviewer.operations.precedents import Precedent
    from reviewer.storage.workspace import Workspace


class Fetched(NamedTuple):
    """A dispute ready to be painted: prepared on the worker."""

    dispute: "DisputeShown"
    transcript: Transcript

    @property
    def id(self) -> ItemId:
        """The item's id."""
        return self.dispute.id


class Earlier(NamedTuple):
    """A precedent, opened to be read."""

    precedent: "Precedent"
    transcript: Transcript


def dockets(workspace: "Workspace", ticket: Ticket) -> "Outcome[tuple[Docket, ...]]":
    """What waits, campaign by campaign."""
    from reviewer import operations

    return operations.adjudicating.disputes(workspace, ticket)


def dispute(workspace: "Workspace", ticket: Ticket, *, campaign: EntryHash, item: ItemId) -> Outcome[Fetched]:
    """One item with the opinions on it."""
    from reviewer import operations

    found = operations.adjudicating.dispute_of(workspace, ticket, campaign=campaign, item=item).value
    return Outcome(Fetched(found, prepare(found.item)))


def precedents(
    workspace: "Workspace", ticket: Ticket, *, campaign: EntryHash, item: ItemId, words: str
) -> "Outcome[tuple[Precedent, ...]]":
    """What was resolved before, like this item."""
    from reviewer import operations

    return operations.precedents.precedents(workspace, ticket, campaign=campaign, item=item, words=words)


def earlier(workspace: "Workspace", ticket: Ticket, *, precedent: "Precedent") -> Outcome[Earlier]:
    """A precedent's item, to be read."""
    from reviewer import operations

    return Outcome(Earlier(precedent, prepare(operations.searching.show_item(workspace, ticket, item=precedent.item).value.item)))


def resolve(workspace: "Workspace", ticket: Ticket, *, fetched: Fetched, verdict: Ruling, begun: "Begun") -> "Outcome[DisputeShown]":
    """Resolve an item. Gives it back as it stands then, with everybody's name."""
    from reviewer import operations

    campaign, item = fetched.dispute.campaign, fetched.id
    done = operations.resolving.resolve_item(
        workspace,
        ticket,
        campaign=campaign,
        item=item,
        verdict=verdict,
        rationale=begun.reason,
        clauses=begun.clauses,
        seen=frozenset(one.label for one in fetched.dispute.opinions),
    )
    return Outcome(operations.adjudicating.dispute_of(workspace, ticket, campaign=campaign, item=item).value, done.changes)


def send_back(workspace: "Workspace", ticket: Ticket, *, fetched: Fetched, note: str) -> Outcome[object]:
    """Ask everyone who labelled an item for another look."""
    from reviewer import operations

    done = operations.adjudicating.send_back(workspace, ticket, campaign=fetched.dispute.campaign, item=fetched.id, note=note)
    return Outcome(done.value, done.changes)


def keep(workspace: "Workspace", ticket: Ticket, *, fetched: Fetched, begun: "Begun") -> Outcome[None]:
    """Keep what was begun."""
    from reviewer import operations

    return operations.adjudicating.keep_begun(workspace, ticket, campaign=fetched.dispute.campaign, item=fetched.id, begun=begun)
