"""The clauses of each campaign, read once, off the UI thread, when they are first wanted."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue import fetching

if TYPE_CHECKING:
    from reviewer.domain.shelf import Shelf


class Shelves(QObject):
    """Policies change seldom, and items come often: what was read serves every item of its campaign until it is forgotten."""

    arrived = Signal()
    """Clauses were read that had been asked for."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._known: dict[str, Shelf] = {}
        self._asking = ""

    def of(self, campaign: str) -> "Shelf | None":
        """The clauses of a campaign, by its id; None while they are being read."""
        found = self._known.get(campaign)
        if found is None and campaign and campaign != self._asking:
            self._asking = campaign
            work = partial(fetching.shelf, campaign=campaign)
            done = partial(self._take, campaign)
            self._desk.jobs.read(work, owner=self, done=done, failed=self._not_read, slot="clauses")
        return found

    def forget(self) -> None:
        """Policies may have changed, or this is another workspace: read anew when next wanted."""
        self._known.clear()
        self._asking = ""

    def _take(self, campaign: str, shelf: "Shelf") -> None:
        self._asking = ""
        self._known[campaign] = shelf
        self.arrived.emit()

    def _not_read(self, error: ReviewerError) -> None:
        self._asking = ""
        self._desk.messages.show_error(error)
