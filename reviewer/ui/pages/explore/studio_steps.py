"""What the dialogs for Mistral Studio ask of operations: functions that run on worker threads."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.catalogue.settings import Settings
from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.ui.pages.insights.fetching import campaigns as campaigns
from reviewer.ui.pages.sending import steps
from reviewer.ui.pages.sending.steps import Seen

if TYPE_CHECKING:
    from reviewer.operations.studio import Pulled
    from reviewer.operations.studio_answers import Preview, Pushed
    from reviewer.outside.mistral_studio import DataSet
    from reviewer.storage.workspace import Workspace


class Wanted(NamedTuple):
    """What to bring in, as `operations.studio.Asked` has it, which the UI thread does not load."""

    data_set: str | None
    traces: str | None
    since: str | None
    until: str | None
    limit: int
    agent: str | None


def data_sets(workspace: "Workspace", ticket: Ticket, *, settings: Settings, key: str) -> "Outcome[tuple[DataSet, ...]]":
    """The data sets of Studio. key: to be kept first; empty where there is one."""
    from reviewer import operations

    steps.allow(workspace, ticket, key=key)
    return operations.studio.list_data_sets(workspace, ticket, terms=operations.judging.terms_of(settings))


def preview_pull(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted | None, settings: Settings) -> Outcome[Seen[str]]:
    """What Studio would be asked for, in words; "" where that is not said yet. Nothing is asked."""
    from reviewer import operations
    from reviewer.operations.studio import Asked

    if wanted is None:
        return steps.seen(workspace, "")
    terms = operations.judging.terms_of(settings)
    return steps.seen(workspace, operations.studio.preview_pull(workspace, ticket, asked=Asked(*wanted), terms=terms).value)


def pull(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted, settings: Settings, key: str) -> "Outcome[Pulled]":
    """Bring it in, in batches so short that a label never waits. key: to be kept first; empty where there is one."""
    from reviewer import operations
    from reviewer.operations.studio import Asked

    steps.allow(workspace, ticket, key=key)
    return operations.studio.pull(workspace, ticket, asked=Asked(*wanted), terms=operations.judging.terms_of(settings), gentle=True)


def preview_push(workspace: "Workspace", ticket: Ticket, *, campaign: str, settings: Settings) -> "Outcome[Seen[Preview]]":
    """Which answers would go to which records. Nothing is sent."""
    from reviewer import operations

    terms = operations.judging.terms_of(settings)
    return steps.seen(workspace, operations.studio_answers.preview_answers(workspace, ticket, campaign=campaign, terms=terms).value)


def push(workspace: "Workspace", ticket: Ticket, *, campaign: str, settings: Settings, key: str) -> "Outcome[Pushed]":
    """Send them. key: to be kept first; empty where there is one."""
    from reviewer import operations

    steps.allow(workspace, ticket, key=key)
    terms = operations.judging.terms_of(settings)
    return operations.studio_answers.push_answers(workspace, ticket, campaign=campaign, terms=terms)
