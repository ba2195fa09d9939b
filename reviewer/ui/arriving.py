"""Files that others gave: a bundle shows what is in it, a request its six words, wherever they are dropped or opened."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from reviewer.catalogue.settings import RECENT_WORKSPACES
from reviewer.domain.errors import ReviewerError

if TYPE_CHECKING:
    from reviewer.domain.joining import Request
    from reviewer.ui.pages.sync.page import SyncPage
    from reviewer.ui.window import Window

BUNDLE = ".rvb"
_REQUEST = ".json"
# What opens over the window is imported when it is opened: it has no part in the first paint.


class Arriving(QObject):
    """Takes what was dropped on the window, chosen, or named on the command line."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._covered: list[Path] = []  # bundles that came while the workspace was locked
        window.locking.uncovered.connect(self._show_covered)

    def take(self, paths: Sequence[Path], *, otherwise: Callable[[Sequence[Path]], None]) -> None:
        """Show bundles and requests; what is neither goes to `otherwise`."""
        bundles = [path for path in paths if path.suffix.lower() == BUNDLE]
        rest = [path for path in paths if path not in bundles]
        for path in bundles:
            self.show_bundle(path)
        if len(rest) == 1 and rest[0].suffix.lower() == _REQUEST:
            self._ask_whether_request(rest[0], otherwise)
        elif rest:
            otherwise(rest)

    def called(self, paths: Sequence[Path]) -> None:
        """Another process was started on this workspace: come forward, and show the bundles that it was given."""
        self._window.come_forward()
        for path in paths:
            if path.suffix.lower() == BUNDLE:
                self.show_bundle(path)

    def choose_bundle(self) -> None:
        """Let the person choose a bundle."""
        from PySide6.QtWidgets import QFileDialog

        path, _kind = QFileDialog.getOpenFileName(self._window, "Apply a bundle", str(Path.home()), f"Bundles (*{BUNDLE});;All files (*)")
        if path:
            self.show_bundle(Path(path))

    def show_bundle(self, path: Path) -> None:
        """Say what is in a bundle, in the workspace that is open, else in the one opened last; without any, how to come to one.

        A locked workspace has to be opened first.
        """
        if self._window.locking.covered:
            self._covered.append(path)
            return
        if self._window.folder is not None:
            self._open_bundle(path)
            return
        rows: list[object] = self._window.settings[RECENT_WORKSPACES]
        last = next((row["folder"] for row in rows if isinstance(row, dict)), None)
        if last is None:
            self._window.messages.note(
                "A bundle is sealed for the devices of a project, and there is no workspace here yet.",
                "Join the project first: a lead who has admitted you makes a bundle that you can open.",
                button="Join a project",
                act=self.join,
            )
        else:
            self._window.opening.open(Path(str(last)), lambda: self.show_bundle(path), show=[path])

    def _show_covered(self) -> None:
        covered, self._covered = self._covered, []
        for path in covered:
            self.show_bundle(path)

    def join(self) -> None:
        """Ask what joining a project needs."""
        from reviewer.ui.pages.sync.join_dialog import JoinDialog

        JoinDialog(self._window.desk, self._window).open()

    def _open_bundle(self, path: Path) -> None:
        from reviewer.ui.pages.sync.arrival_dialog import ArrivalDialog

        ArrivalDialog(self._window.desk, self._window, path).open()

    def _ask_whether_request(self, path: Path, otherwise: Callable[[Sequence[Path]], None]) -> None:
        from reviewer.ui.pages.sync.fetching import read_request

        def no_request(error: ReviewerError) -> None:
            if error.code == "E204":  # one that was changed on its way
                self._window.messages.show_error(error)
            else:
                otherwise([path])

        self._window.jobs.aside(lambda: read_request(path), owner=self, done=lambda read: self._show_request(path, read), failed=no_request)

    def _show_request(self, path: Path, _read: "tuple[Request, tuple[str, ...]]") -> None:
        if self._window.folder is None:
            self._window.messages.note("This is a request to join a project.", "Open the workspace of the project, then drop it again.")
            return
        page = cast("SyncPage", self._window.go("sync"))
        page.take_request(path)
