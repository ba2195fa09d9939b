"""What the page asks of operations: functions that run on worker threads."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.ui.pages.insights.fetching import campaigns as campaigns

if TYPE_CHECKING:
    from reviewer.operations.cluster_history import Compared, Runs
    from reviewer.operations.cluster_overview import Standing
    from reviewer.operations.cluster_records import Clustering
    from reviewer.operations.confirming import Queued, SecondLook
    from reviewer.operations.drifting import Drift
    from reviewer.operations.judge_material import Terms
    from reviewer.storage.workspace import Workspace


def standing(workspace: "Workspace", ticket: Ticket, *, run: str) -> "Outcome[Standing]":
    """A run, the last one where none is named, and the map of its items."""
    from reviewer import operations

    return operations.cluster_overview.overview(workspace, ticket, run=run)


def runs(workspace: "Workspace", ticket: Ticket) -> "Outcome[Runs]":
    """Those that are kept."""
    from reviewer import operations

    return operations.cluster_history.list_runs(workspace, ticket)


def compare_runs(workspace: "Workspace", ticket: Ticket, *, run: str, other: str) -> "Outcome[Compared]":
    """What came and went between two."""
    from reviewer import operations

    return operations.cluster_history.compare_runs(workspace, ticket, run=run, other=other)


def line(workspace: "Workspace", ticket: Ticket, *, item: str) -> Outcome[str]:
    """What an item is about."""
    from reviewer import operations

    return operations.cluster_overview.line_of(workspace, ticket, item=item)


class Wanted(NamedTuple):
    """What a run is asked for. campaign: its id, None for all of them; embedder: local or mistral."""

    query: str
    campaign: str | None
    seed: str
    alpha: float
    within: str | None
    embedder: str


def run(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted, terms: "Terms | None" = None) -> "Outcome[Clustering]":
    """Group and test. terms: how Mistral is asked, where it is."""
    from reviewer import operations

    return operations.clustering.run_clusters(
        workspace, ticket, query_text=wanted.query, campaign=wanted.campaign, seed=wanted.seed, alpha=wanted.alpha, within=wanted.within,
        embedder=wanted.embedder, terms=terms, gentle=True,
    )  # fmt: skip


def queue(workspace: "Workspace", ticket: Ticket, *, cluster: str, size: int) -> "Outcome[Queued]":
    """Ask for fresh labels."""
    from reviewer import operations

    return operations.confirming.queue_more(workspace, ticket, cluster=cluster, size=size)


def rename(workspace: "Workspace", ticket: Ticket, *, cluster: str, name: str) -> Outcome[str]:
    """Name a cluster."""
    from reviewer import operations

    return operations.confirming.name_cluster(workspace, ticket, cluster=cluster, name=name)


def look(workspace: "Workspace", ticket: Ticket, *, cluster: str) -> "Outcome[SecondLook | None]":
    """What fresh labels say."""
    from reviewer import operations

    return operations.confirming.second_look(workspace, ticket, cluster=cluster)


def drift(workspace: "Workspace", ticket: Ticket, *, campaign: str, by: str) -> "Outcome[Drift]":
    """Whether a campaign's rate or traffic changed."""
    from reviewer import operations

    return operations.drifting.drift_of(workspace, ticket, campaign=campaign, by=by, gentle=True)
