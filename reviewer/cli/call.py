"""One run of a command: what was asked, where the answer goes, and the workspace it works on."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.cli import passphrases
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

    def note_key_file(self, file: Path | None) -> None:
        """Say where a new key lies, where no keyring holds it."""
        if file is not None:
            self.out.note(f"note: There is no keyring here; the key lies in {file}, readable by you alone.")

    @contextmanager
    def opened(self) -> Iterator["Workspace"]:
        """The workspace, open for the `with` block."""
        from reviewer import operations

        folder = self.folder()
        passphrase = passphrases.asked(folder)
        workspace = operations.workspaces.open_workspace(folder, self.ticket, member=self.member, passphrase=passphrase).value
        waiting = workspace.me.waiting
        try:
            yield workspace
            if waiting and not workspace.me.waiting:
                self._welcome(workspace)
        finally:
            for notice in workspace.notices:
                self.out.note(f"note: {notice.what} {notice.hint} [{notice.code}]")
            workspace.close()

    def _welcome(self, workspace: "Workspace") -> None:
        """Say to whom one was admitted: the first project that came in is trusted, and only a person can tell if it is the right one."""
        from reviewer import operations

        project = operations.joining.project_of(workspace, self.ticket).value
        if project is not None:
            me = workspace.me
            self.out.note(f"note: You were admitted to {project.name}, begun by {project.lead}, as {me.name}, {me.role}.")
            self.out.note(f"note: Compare its words with your lead's `reviewer member list`: {' '.join(project.words)}")

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
