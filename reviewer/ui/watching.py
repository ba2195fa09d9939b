"""Notices what others wrote to the open workspace, such as a command in a terminal: every page that shows it is then made anew."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace
    from reviewer.ui.window import Window

_EVERY_MS = 1500


class Watching(QObject):
    """Asks now and then whether another process wrote; what this one writes is told by its own jobs."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._known: int | None = None
        self._asking = False  # an answer may wait for a long transaction: one question at a time
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        window.opening.identified.connect(self._forget)

    def _forget(self, _identity: object) -> None:
        self._known, self._asking = None, False

    def _look(self) -> None:
        if self._asking or self._window.folder is None or self._window.locking.covered or not self._window.isVisible():
            return
        self._asking = True
        self._window.jobs.read(partial(_look, known=self._known), owner=self, done=self._note, failed=self._not_now)

    def _note(self, number: int) -> None:
        self._asking, self._known = False, number

    def _not_now(self, _error: ReviewerError) -> None:
        self._asking = False  # what cannot be read is said where somebody asked for it


def _look(workspace: "Workspace", ticket: Ticket, *, known: int | None) -> Outcome[int]:
    from reviewer import operations

    return operations.workspaces.look_for_others(workspace, ticket, known=known)
