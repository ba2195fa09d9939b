"""What the page asks of operations: functions that run on worker threads."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.events import Role
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentLine, IncidentView, Recorded
    from reviewer.operations.reporting import Reported
    from reviewer.storage.workspace import Workspace


class Overview(NamedTuple):
    """The incidents, in which role they are looked at, and the time now, ms since 1970."""

    lines: "tuple[IncidentLine, ...]"
    role: Role
    now_ms: int


class Choices(NamedTuple):
    """Names to choose from: of members, and of campaigns with their ids."""

    members: tuple[str, ...]
    campaigns: tuple[tuple[str, str], ...]


def overview(workspace: "Workspace", ticket: Ticket) -> Outcome[Overview]:
    """Every incident, in short."""
    from reviewer import operations

    lines = operations.incidents.list_incidents(workspace, ticket).value
    return Outcome(Overview(lines, workspace.me.role, now_ms(workspace)))


def now_ms(workspace: "Workspace") -> int:
    """The time by which clocks are told."""
    return workspace.surroundings.now_ms()


def incident(workspace: "Workspace", ticket: Ticket, *, incident: str) -> "Outcome[IncidentView]":
    """One incident, whole."""
    from reviewer import operations

    return operations.incidents.show_incident(workspace, ticket, incident=incident)


def choices(workspace: "Workspace", ticket: Ticket) -> Outcome[Choices]:
    """Who can own an incident, and which campaigns can show its end."""
    from reviewer import operations

    people = sorted({one.member for one in operations.members.list_members(workspace, ticket).value})
    campaigns = operations.campaigns.list_campaigns(workspace, ticket).value
    return Outcome(Choices(tuple(people), tuple((one.campaign, one.id) for one in campaigns)))


def open_incident(
    workspace: "Workspace", ticket: Ticket, *, query: str | None, cluster: str | None, alarm: str | None, fields: Mapping[str, str]
) -> "Outcome[Recorded]":
    """Open an incident over what a search finds, a cluster, or what an alarm speaks of. fields: title, summary, severity, owner, deadline,
    aware, as far as they are given."""
    from reviewer import operations

    given = dict(fields)
    return operations.incidents.open_incident(
        workspace, ticket, query=query, cluster=cluster, alarm=alarm, title=given.get("title", ""),
        summary=given.get("summary", ""), severity=given.get("severity"),
        owner=given.get("owner"), deadline=given.get("deadline", "none"), aware=given.get("aware"),
    )  # fmt: skip


def change(workspace: "Workspace", ticket: Ticket, *, incident: str, fields: Mapping[str, str]) -> "Outcome[Recorded]":
    """Say more of an incident."""
    from reviewer import operations

    return operations.incidents.set_incident(workspace, ticket, incident=incident, fields=fields)


def close(workspace: "Workspace", ticket: Ticket, *, incident: str, campaign: str | None, reason: str) -> "Outcome[Recorded]":
    """Close an incident."""
    from reviewer import operations

    return operations.incidents.close_incident(workspace, ticket, incident=incident, campaign=campaign, reason=reason)


def write(workspace: "Workspace", ticket: Ticket, *, incident: str, path: Path) -> "Outcome[Reported]":
    """Write the record of an incident."""
    from reviewer import operations

    return operations.incident_records.write_incident(workspace, ticket, incident=incident, path=path)
