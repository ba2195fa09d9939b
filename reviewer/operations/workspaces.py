"""Making and opening workspaces."""

from pathlib import Path

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound
from reviewer.storage.folders import default_workspace
from reviewer.storage.workspace import DATABASE, Workspace


def create_workspace(folder: Path, *, member: str) -> Outcome[Workspace]:
    """A new workspace; its first member is its lead. `workspace.key_file` says where the key went, if not into the OS keyring."""
    return Outcome(Workspace.create(folder, member=member), Changes.ALL)


def open_workspace(folder: Path, *, member: str | None = None) -> Outcome[Workspace]:
    """Open a workspace that exists."""
    return Outcome(Workspace.open(folder, member=member))


def find_workspace(*, named: str | None, environment: str | None, last: str | None) -> Path:
    """The folder to use: the one named, else $REVIEWER_WORKSPACE, else the one opened last, else the user's own. Raises NotFound."""
    for place in (named, environment):
        if place:
            folder = Path(place).expanduser()
            if not (folder / DATABASE).is_file():
                raise NotFound(f"{folder} is not a workspace.", "Make one with `reviewer init`, or name another folder with --workspace.")
            return folder
    for candidate in (Path(last) if last else None, default_workspace()):
        if candidate is not None and (candidate / DATABASE).is_file():
            return candidate
    raise NotFound("There is no workspace yet.", "Make one with `reviewer init`, or try the sample with `reviewer demo`.")
