"""Making and opening workspaces."""

from pathlib import Path

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound
from reviewer.domain.progress import SILENT, Ticket
from reviewer.storage import places
from reviewer.storage.workspace import Workspace


def create_workspace(folder: Path, *, member: str, passphrase: str | None = None, in_keyring: bool = False) -> Outcome[Workspace]:
    """A new workspace; its first member is its lead. `workspace.key_file` says where the key went, if not into the OS keyring.

    passphrase: it is encrypted; in_keyring: the OS keyring opens it as well.
    """
    return Outcome(Workspace.create(folder, member=member, passphrase=passphrase, in_keyring=in_keyring), Changes.ALL)


def open_workspace(
    folder: Path, ticket: Ticket = SILENT, *, member: str | None = None, passphrase: str | None = None
) -> Outcome[Workspace]:
    """Open a workspace that exists. passphrase: of an encrypted one, else $REVIEWER_PASSPHRASE or what the OS keyring holds.

    ticket: told how far an update of the tables is, where one is due, or the copy of one that is only read; it is not to be
    stopped.
    """
    return Outcome(Workspace.open(folder, member=member, passphrase=passphrase, step=ticket.tell))


def look_for_others(workspace: Workspace, ticket: Ticket, *, known: int | None) -> Outcome[int]:
    """A number that moves when another process writes to the workspace. known: what it was; everything may have changed where it moved."""
    ticket.step(0, 1, "Looking")
    number = workspace.changed_elsewhere()
    return Outcome(number, Changes.NONE if known in (None, number) else Changes.ALL)


def find_workspace(*, named: str | None, environment: str | None, last: str | None) -> Path:
    """The folder to use: the one named, else $REVIEWER_WORKSPACE, else the one opened last, else the user's own. Raises NotFound."""
    found = places.meant(named=named, environment=environment, last=last)
    if found is None:
        raise NotFound("There is no workspace yet.", "Make one with `reviewer init`, or try the sample with `reviewer demo`.")
    return found
