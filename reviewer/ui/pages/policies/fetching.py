"""What the page asks of operations: functions that run on worker threads."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.operations.policies import Activated, Compared
    from reviewer.operations.policy_overview import ClauseReading, ClauseView, PolicyLine, PolicyView
    from reviewer.operations.policy_publishing import Added, Proposal
    from reviewer.operations.staleness import AskedAgain
    from reviewer.storage.workspace import Workspace


class Overview(NamedTuple):
    """The policies, and whether the member may publish and ask again."""

    policies: "tuple[PolicyLine, ...]"
    leads: bool


def overview(workspace: "Workspace", ticket: Ticket) -> Outcome[Overview]:
    """Every policy."""
    from reviewer import operations

    found = operations.policy_overview.policy_lines(workspace, ticket).value
    return Outcome(Overview(found, workspace.me.role == "lead" and not workspace.me.waiting))


def policy(workspace: "Workspace", ticket: Ticket, *, key: str) -> "Outcome[PolicyView]":
    """A policy with its clauses."""
    from reviewer import operations

    return operations.policy_overview.policy_view(workspace, ticket, key=key)


def clause(workspace: "Workspace", ticket: Ticket, *, key: str, clause: str) -> "Outcome[ClauseView]":
    """A clause with its words and what rests on them."""
    from reviewer import operations

    return operations.policy_overview.clause_view(workspace, ticket, key=key, clause=clause)


def reading(workspace: "Workspace", ticket: Ticket, *, key: str, clause: str) -> "Outcome[ClauseReading | None]":
    """How reviewers agree on a clause."""
    from reviewer import operations

    return operations.policy_overview.clause_reading(workspace, ticket, key=key, clause=clause)


def requeue(workspace: "Workspace", ticket: Ticket, *, key: str, clause: str) -> "Outcome[AskedAgain]":
    """Ask again for the items whose labels rest on the old words of a clause."""
    from reviewer import operations

    return operations.staleness.requeue_stale(workspace, ticket, policy=key, clause=clause)


def compare(workspace: "Workspace", ticket: Ticket, *, key: str, before: int, after: int) -> "Outcome[Compared]":
    """What changed between two versions."""
    from reviewer import operations

    return operations.policies.compare_versions(workspace, ticket, key=key, before=before, after=after)


def activate(workspace: "Workspace", ticket: Ticket, *, key: str, number: int) -> "Outcome[Activated]":
    """Put a version in force."""
    from reviewer import operations

    return operations.policies.activate_policy(workspace, ticket, key=key, number=number)


def propose(workspace: "Workspace", ticket: Ticket, *, key: str, path: Path) -> "Outcome[Proposal]":
    """Read a file and match its clauses; nothing is written."""
    from reviewer import operations

    return operations.policy_publishing.propose_policy(workspace, ticket, key=key, path=path)


def publish(
    workspace: "Workspace",
    ticket: Ticket,
    *,
    proposal: "Proposal",
    matches: Mapping[str, str | None],
    effective: str | None,
    note: str,
    put_in_force: bool,
) -> "Outcome[Added]":
    """Publish what was proposed, and put it in force if asked."""
    from reviewer import operations

    done = operations.policy_publishing.publish_policy(
        workspace, ticket, proposal=proposal, matches=matches, effective=effective, note=note
    )
    changes = done.changes
    if put_in_force and not done.value.version.in_force:
        number = done.value.version.number
        active = operations.policies.activate_policy(workspace, ticket, key=proposal.key, number=number)
        changes |= active.changes
        return Outcome(done.value._replace(version=active.value.version, stale_labels=active.value.stale_labels), changes | Changes.NONE)
    return Outcome(done.value, changes)
