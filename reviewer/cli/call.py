"""One run of a command: what was asked, where the answer goes, and the workspace it works on."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.cli.line import ENVIRONMENT, Window
from reviewer.cli.options import Options
from reviewer.cli.output import Output
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace


class Call(NamedTuple):
    """What was asked: the command's own options, the workspace and member named, and where the answer goes."""

    options: Namespace
    workspace: str | None
    member: str | None
    out: Output

    @property
    def ticket(self) -> Ticket:
        """Shows progress on standard error."""
        return self.out.ticket

    def folder(self) -> Path:
        """The workspace to use. Raises NotFound where there is none."""
        from reviewer import operations
        from reviewer.catalogue.settings import LAST_WORKSPACE, Settings
        from reviewer.storage import preferences

        last = Settings(preferences.read())[LAST_WORKSPACE]
        return operations.workspaces.find_workspace(named=self.workspace, environment=os.environ.get(ENVIRONMENT), last=last or None)

    @contextmanager
    def opened(self) -> Iterator["Workspace"]:
        """The workspace, open for the `with` block."""
        from reviewer import operations

        workspace = operations.workspaces.open_workspace(self.folder(), member=self.member).value
        try:
            yield workspace
        finally:
            workspace.close()

    def new_folder(self, named: str | None, usual: Callable[[], Path]) -> Path:
        """Where a workspace is to be made: as named, else --workspace, else the environment, else the usual place."""
        place = named or self.workspace or os.environ.get(ENVIRONMENT)
        return Path(place).expanduser() if place else usual()

    def remember(self, folder: Path) -> None:
        """Note the workspace as the one opened last."""
        from reviewer.catalogue.settings import LAST_WORKSPACE
        from reviewer.domain.errors import NotSaved
        from reviewer.storage import preferences

        try:
            preferences.update({LAST_WORKSPACE.key: str(folder.resolve())})
        except NotSaved as error:  # the workspace is made all the same; it has to be named from now on
            self.out.note(f"note: {error.what} Name the workspace with --workspace.")


class Command(NamedTuple):
    """A command: its options, what it does (returning the exit code, or a window to open), and an example that can be run."""

    add: Callable[[Options], None]
    run: Callable[[Call], int | Window]
    example: str
