"""Making and opening workspaces."""

from pathlib import Path

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound
from reviewer.storage import places
from reviewer.storage.workspace import Workspace


def create_workspace(folder: Path, *, member: str) -> Outcome[Workspace]:
    """A new workspace; its first member is its lead. `workspace.key_file` says where the key went, if not into the OS keyring."""
    return Outcome(Workspace.create(folder, member=member), Changes.ALL)


def open_workspace(folder: Path, *, member: str | None = None) -> Outcome[Workspace]:
    """Open a workspace that exists."""
    return Outcome(Workspace.open(folder, member=member))


def find_workspace(*, named: str | None, environment: str | None, last: str | None) -> Path:
    """The folder to use: the one named, else $REVIEWER_WORKSPACE, else the one opened last, else the user's own. Raises NotFound."""
    found = places.meant(named=named, environment=environment, last=last)
    if found is None:
        raise NotFound("There is no workspace yet.", "Make one with `reviewer init`, or try the sample with `reviewer demo`.")
    return found
