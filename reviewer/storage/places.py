"""Which workspace is meant, without opening one: a window asks before its first paint, so nothing here loads SQLAlchemy."""

from pathlib import Path

from reviewer.domain.errors import NotFound, shown
from reviewer.storage.folders import DATABASE, default_workspace


def is_workspace(folder: Path) -> bool:
    """Whether a workspace lies in a folder."""
    return (folder / DATABASE).is_file()


def meant(*, named: str | None, environment: str | None, last: str | None) -> Path | None:
    """The folder named, else that of the environment, else the one opened last, else the user's own; None where none is there.

    Raises NotFound for a named folder, or one of the environment, that is no workspace.
    """
    for place in (named, environment):
        if place:
            folder = Path(place).expanduser()
            if not is_workspace(folder):
                shortly = f"{shown(str(folder), 200)} is not a workspace."
                raise NotFound(shortly, "Make one with `reviewer init`, or name another folder with --workspace.")
            return folder
    return next((folder for folder in (Path(last) if last else None, default_workspace()) if folder and is_workspace(folder)), None)
