"""What the page asks of operations: functions that run on worker threads."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.events import Role
from reviewer.domain.joining import Request
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.operations.bundling import Applied, Inspected, Made
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.conflicts import Listed
    from reviewer.operations.joining import Joined
    from reviewer.operations.members import AdmittedRequest
    from reviewer.operations.sync_overview import LastCheck, Overview
    from reviewer.operations.synced import Synced
    from reviewer.storage.backups import BackupFile
    from reviewer.storage.workspace import Workspace


class Choices(NamedTuple):
    """For whom a bundle can be, and of which campaigns a kit can be made."""

    members: tuple[str, ...]
    campaigns: "tuple[CampaignStanding, ...]"


class Peeked(NamedTuple):
    """A bundle that was looked into, and whether its reader waits to be admitted."""

    inspected: "Inspected"
    waiting: bool


def overview(workspace: "Workspace", ticket: Ticket) -> "Outcome[Overview]":
    """Everything that the page shows."""
    from reviewer import operations

    return operations.sync_overview.overview(workspace, ticket)


def conflicts(workspace: "Workspace", ticket: Ticket, *, limit: int) -> "Outcome[Listed]":
    """Both sides of what a person must settle; nothing for one who waits to be admitted."""
    from reviewer import operations

    if workspace.me.waiting:
        return Outcome(operations.conflicts.Listed((), 0))
    return operations.conflicts.list_conflicts(workspace, ticket, limit=limit)


def versions(workspace: "Workspace", ticket: Ticket, *, policy: str) -> Outcome[tuple[tuple[int, str], ...]]:
    """The versions of a policy: number and title, the newest first."""
    from reviewer.operations import policies

    found = next((one.versions for one in policies.list_policies(workspace, ticket).value if one.key == policy), ())
    return Outcome(tuple((one.number, one.title) for one in reversed(found)))


def activate(workspace: "Workspace", ticket: Ticket, *, policy: str, number: int) -> Outcome[object]:
    """Put a version in force, in place of all that were."""
    from reviewer.operations import policies

    done = policies.activate_policy(workspace, ticket, key=policy, number=number)
    return Outcome(done.value, done.changes)


def exchange(workspace: "Workspace", ticket: Ticket, *, target: str) -> "Outcome[Synced]":
    """Sync with a target, and remember that it was done."""
    from reviewer import operations

    done = operations.syncing.sync(workspace, ticket, target=target)
    noted = operations.sync_overview.note_exchange(workspace, ticket, target=target, synced=done.value)
    return Outcome(done.value, done.changes | noted.changes)


def choices(workspace: "Workspace", ticket: Ticket) -> Outcome[Choices]:
    """Members with a device on another machine, and every campaign."""
    from reviewer import operations

    devices = operations.members.list_members(workspace, ticket).value
    names = dict.fromkeys(one.member for one in devices if not one.here and not one.revoked)
    return Outcome(Choices(tuple(names), operations.campaigns.list_campaigns(workspace, ticket).value))


def bundle(workspace: "Workspace", ticket: Ticket, *, target: Path, campaign: str | None, members: tuple[str, ...]) -> "Outcome[Made]":
    """Write a bundle; one for everybody counts as handed on."""
    from reviewer import operations

    made = operations.bundling.create_bundle(workspace, ticket, target=target, campaign=campaign, members=members)
    noted = operations.sync_overview.note_given(workspace, ticket)
    return Outcome(made.value, made.changes | noted.changes)


def inspect(workspace: "Workspace", ticket: Ticket, *, source: Path) -> Outcome[Peeked]:
    """Look into a bundle; nothing is taken in."""
    from reviewer import operations

    found = operations.bundling.inspect_bundle(workspace, ticket, source=source).value
    return Outcome(Peeked(found, workspace.me.waiting))


def apply(workspace: "Workspace", ticket: Ticket, *, source: Path) -> "Outcome[Applied]":
    """Take a bundle in, and remember what it brought."""
    from reviewer import operations

    done = operations.bundling.apply_bundle(workspace, ticket, source=source)
    noted = operations.sync_overview.note_applied(workspace, ticket, source=source, applied=done.value)
    return Outcome(done.value, done.changes | noted.changes)


def check(workspace: "Workspace", ticket: Ticket) -> "Outcome[LastCheck]":
    """Check everything that lies here, and remember what was found."""
    from reviewer import operations

    found = operations.verifying.verify(workspace, ticket)
    noted = operations.sync_overview.note_check(workspace, ticket, found=found.value)
    return Outcome(noted.value, found.changes | noted.changes)


def admit(workspace: "Workspace", ticket: Ticket, *, request: Request, name: str, role: Role | None) -> "Outcome[AdmittedRequest]":
    """Admit the device of a request whose words were compared."""
    from reviewer import operations

    return operations.members.admit_request(workspace, ticket, request=request, name=name, role=role)


def known_names(workspace: "Workspace", ticket: Ticket) -> Outcome[frozenset[str]]:
    """The names of all members."""
    from reviewer import operations

    return Outcome(frozenset(one.member for one in operations.members.list_members(workspace, ticket).value), Changes.NONE)


def write_request(workspace: "Workspace", ticket: Ticket, *, request: Path) -> "Outcome[Joined]":
    """Write the request of a workspace that waits, once more."""
    from reviewer import operations

    return operations.joining.write_request(workspace, ticket, request=request)


def read_request(path: Path) -> tuple[Request, tuple[str, ...]]:
    """A request file and its six words; needs no workspace."""
    from reviewer import operations

    return operations.joining.read_request(path)


def join(folder: Path, *, member: str, request: Path) -> "Joined":
    """Make a workspace that waits to be admitted, and its request."""
    from reviewer import operations

    return operations.joining.join_project(folder, member=member, request=request).value


def backups(workspace: "Workspace", ticket: Ticket) -> "Outcome[tuple[BackupFile, ...]]":
    """The backups in the workspace's own folder, the newest first."""
    from reviewer.operations.backups import list_backups

    return list_backups(workspace, ticket)


def backup_is_due(workspace: "Workspace", ticket: Ticket, *, hours: int) -> Outcome[bool]:
    """Whether it is time for a backup."""
    from reviewer.operations.backups import is_due

    return is_due(workspace, ticket, hours=hours)


def back_up(workspace: "Workspace", ticket: Ticket, *, keep: int, budget_mb: int) -> "Outcome[BackupFile]":
    """Make a backup in the workspace's own folder."""
    from reviewer.operations.backups import back_up

    return back_up(workspace, ticket, keep=keep, budget_mb=budget_mb)


def back_up_if_due(workspace: "Workspace", ticket: Ticket, *, hours: int, keep: int, budget_mb: int) -> "Outcome[BackupFile | None]":
    """Make a backup in the workspace's own folder, if it is still time for one."""
    from reviewer.operations.backups import back_up_if_due

    return back_up_if_due(workspace, ticket, hours=hours, keep=keep, budget_mb=budget_mb)
