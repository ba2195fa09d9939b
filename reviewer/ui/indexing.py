"""Has the search index follow an import that did not wait for it, and one that was stopped."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import nothing
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace
    from reviewer.ui.window import Window

_SOON_MS = 300  # several changes in a row are one reason to look


class Indexing(QObject):
    """Looks after opening, and whenever items came in, whether words find all of them; if not, has that made good. The strip shows it."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._ticket: Ticket | None = None
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._look)
        window.opening.identified.connect(lambda _identity: self._soon.start())
        window.jobs.changed.connect(self._changed)
        window.jobs.ended.connect(self._ended)

    def _changed(self, changes: Changes) -> None:
        if changes & Changes.ITEMS:
            self._soon.start()

    def _look(self) -> None:
        if self._ticket is None and self._window.folder is not None and not self._window.locking.covered:
            self._window.jobs.read(_behind, owner=self, slot="behind", done=self._begin, failed=nothing)  # said where it is opened

    def _begin(self, behind: int) -> None:
        if behind and self._ticket is None:
            title = f"Indexing the words of {count(behind, 'item')}"
            self._ticket = self._window.jobs.long(_rest, title=title, owner=self, done=nothing, failed=self._not_done)

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._ticket:
            self._ticket = None  # stopped by the person, it rests until more comes in
        else:
            self._soon.start()  # an import that was stopped tells of no change

    def _not_done(self, error: ReviewerError) -> None:
        self._window.messages.warn(f"Words do not find all items yet: {error.what} [{error.code}]", error.hint)


def _behind(workspace: "Workspace", ticket: Ticket) -> Outcome[int]:
    from reviewer import operations

    return operations.indexing.items_behind(workspace, ticket)


def _rest(workspace: "Workspace", ticket: Ticket) -> Outcome[int]:
    from reviewer import operations

    return operations.indexing.index_rest(workspace, ticket, gentle=True)
