"""What the dialogs ask of the workspace, off the UI thread."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.designs import Selection
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.domain.events import Campaign
    from reviewer.operations.campaigns import CampaignStanding, Created
    from reviewer.operations.designing import DesignFields, DesignPreview, Population
    from reviewer.operations.golds import Source
    from reviewer.operations.policies import PolicyStanding
    from reviewer.storage.workspace import Workspace

_MAY_LABEL = ("reviewer", "lead", "adjudicator")


class Person(NamedTuple):
    """A member who may label. asked: whether they are where nobody is named."""

    name: str
    role: str
    asked: bool


class Wanted(NamedTuple):
    """A campaign as it was filled in. size: picks, None for everything; rate: the one to assume, None for the usual ones.

    gold_from: the id of the campaign whose resolutions are to be its known answers.
    """

    rules: "Campaign"
    size: int | None
    selection: Selection
    rate: float | None
    members: tuple[str, ...] = ()
    guidelines: str = ""
    gold_from: str | None = None


def policies(workspace: "Workspace", ticket: Ticket) -> "Outcome[tuple[PolicyStanding, ...]]":
    """The policies that are kept here."""
    from reviewer import operations

    return operations.policies.list_policies(workspace, ticket)


def sources(workspace: "Workspace", ticket: Ticket) -> "Outcome[tuple[Source, ...]]":
    """The campaigns from which known answers can be taken."""
    from reviewer import operations

    return operations.golds.gold_sources(workspace, ticket)


def people(workspace: "Workspace", ticket: Ticket) -> Outcome[tuple[Person, ...]]:
    """Who may label, each once."""
    from reviewer import operations

    found = operations.members.list_members(workspace, ticket).value
    standing = {one.member: Person(one.member, one.role, one.role in ("reviewer", "lead")) for one in found if not one.revoked}
    return Outcome(tuple(person for person in standing.values() if person.role in _MAY_LABEL))


def population(workspace: "Workspace", ticket: Ticket, *, query: str) -> "Outcome[Population]":
    """What a query finds."""
    from reviewer import operations

    return operations.designing.describe_population(workspace, ticket, query=query)


def fields(workspace: "Workspace", ticket: Ticket, *, query: str) -> "Outcome[DesignFields]":
    """What items can be told apart by."""
    from reviewer import operations

    return operations.designing.list_fields(workspace, ticket, query=query)


def preview(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted) -> "Outcome[DesignPreview]":
    """What it would come to."""
    from reviewer import operations

    return operations.designing.preview_design(
        workspace, ticket, rules=wanted.rules, size=wanted.size, selection=wanted.selection, rate=wanted.rate
    )


def create(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted) -> "Outcome[Created]":
    """Create it, with its first draw."""
    from reviewer import operations

    made = operations.campaigns.create_campaign(
        workspace,
        ticket,
        rules=wanted.rules,
        size=wanted.size,
        selection=wanted.selection,
        member_names=wanted.members,
        guidelines=wanted.guidelines,
    )
    if wanted.gold_from is None:
        return made
    known = operations.golds.gold_from_resolutions(workspace, ticket, source=wanted.gold_from, campaign=made.value.id)
    return Outcome(made.value, made.changes | known.changes)


def campaigns(workspace: "Workspace", ticket: Ticket) -> "Outcome[tuple[CampaignStanding, ...]]":
    """The campaigns from which more can be drawn, newest first."""
    from reviewer import operations

    found = operations.campaigns.list_campaigns(workspace, ticket).value
    return Outcome(tuple(one for one in found if not one.closed))


def growth(workspace: "Workspace", ticket: Ticket, *, campaign: str, size: int, rate: float | None) -> "Outcome[DesignPreview]":
    """What drawing more would come to."""
    from reviewer import operations

    return operations.designing.preview_growth(workspace, ticket, campaign=campaign, size=size, rate=rate)


def grow(workspace: "Workspace", ticket: Ticket, *, campaign: str, size: int) -> "Outcome[Created]":
    """Draw more."""
    from reviewer import operations

    return operations.campaigns.grow_campaign(workspace, ticket, campaign=campaign, size=size)
