"""What the dialogs that ask Mistral about clusters want of operations: functions that run on worker threads."""

from typing import TYPE_CHECKING

from reviewer.catalogue.settings import Settings
from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.ui.pages.clusters import fetching
from reviewer.ui.pages.clusters.fetching import Wanted
from reviewer.ui.pages.sending import steps
from reviewer.ui.pages.sending.steps import Seen

if TYPE_CHECKING:
    from reviewer.operations.cluster_naming import Named
    from reviewer.operations.cluster_naming import Preview as NamePreview
    from reviewer.operations.cluster_records import Clustering
    from reviewer.operations.mistral_vectors import Preview as VectorsPreview
    from reviewer.storage.workspace import Workspace


def preview_vectors(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted, settings: Settings) -> "Outcome[Seen[VectorsPreview]]":
    """Which texts would be sent for a run."""
    from reviewer import operations

    terms = operations.judging.terms_of(settings)
    found = operations.clustering.preview_vectors(workspace, ticket, query_text=wanted.query, campaign=wanted.campaign, terms=terms).value
    return steps.seen(workspace, found)


def run(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted, settings: Settings, key: str) -> "Outcome[Clustering]":
    """Have vectors made, then group and test. key: to be kept first; empty where there is one."""
    from reviewer import operations

    steps.allow(workspace, ticket, key=key)
    return fetching.run(workspace, ticket, wanted=wanted, terms=operations.judging.terms_of(settings))


def preview_name(workspace: "Workspace", ticket: Ticket, *, cluster: str, settings: Settings) -> "Outcome[Seen[NamePreview]]":
    """Which texts would be sent for a name."""
    from reviewer import operations

    terms = operations.judging.terms_of(settings)
    return steps.seen(workspace, operations.cluster_naming.preview_name(workspace, ticket, cluster=cluster, terms=terms).value)


def ask_name(workspace: "Workspace", ticket: Ticket, *, cluster: str, settings: Settings, key: str) -> "Outcome[Named]":
    """Ask for a name, and record it. key: to be kept first; empty where there is one."""
    from reviewer import operations

    steps.allow(workspace, ticket, key=key)
    return operations.cluster_naming.ask_name(workspace, ticket, cluster=cluster, terms=operations.judging.terms_of(settings))
