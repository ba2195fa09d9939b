"""Running clusters behind the window: what is asked for first, one run at a time, and what a banner says of it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reviewer.domain.progress import Ticket
from reviewer.ui.page import Page
from reviewer.ui.pages.clusters import fetching, words

if TYPE_CHECKING:
    from reviewer.operations.cluster_records import Clustering
    from reviewer.ui.pages.clusters.fetching import Wanted


class Running(QObject):
    """The strip of long work shows how far it is, and stops it."""

    turned = Signal()
    """A run has begun, or is over."""
    ran = Signal()
    """There is a new one."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._ticket: Ticket | None = None
        page.desk.jobs.ended.connect(self._ended)

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self._ticket is not None

    def ask(self) -> None:
        """Ask which items, and how."""
        from reviewer.ui.pages.clusters.dialogs import RunDialog

        dialog = RunDialog(self._page.desk, self._page)
        dialog.wanted.connect(self._run)
        dialog.open()

    def _run(self, wanted: "Wanted") -> None:
        page = self._page
        if wanted.embedder == "mistral":
            from reviewer.ui.pages.clusters.vectors_dialog import VectorsDialog

            dialog = VectorsDialog(page.desk, page, wanted=wanted)
            dialog.sent.connect(self._follow)
            dialog.open()
            return
        work = partial(fetching.run, wanted=wanted)
        self._follow(page.desk.jobs.long(work, title="Grouping items", owner=page, done=self._ran, failed=page.on_error))

    def _follow(self, ticket: Ticket) -> None:
        self._ticket = ticket
        self.turned.emit()

    def _ran(self, run: "Clustering") -> None:
        self.ran.emit()
        self._page.desk.messages.good(*words.ran(run))

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._ticket:
            self._ticket = None
            self.turned.emit()
