"""What moved, told to the pages: to the one that is shown at once, to the others once that was painted, or one of them is to be shown.

An answer would go by a dozen pages that nobody sees before the next item comes up.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from reviewer.domain.changes import Changes
from reviewer.ui.page import Page

_LATER_MS = 50  # once what moved is on the screen, and the next key is not yet pressed


class Spreading(QObject):
    """For the pages of one window that are made by then."""

    def __init__(self, parent: QObject, pages: Mapping[str, Page], current: Callable[[], str]) -> None:
        """current: the name of the page that is shown; empty before the first is."""
        super().__init__(parent)
        self._pages, self._current = pages, current
        self._untold = Changes.NONE
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._later.timeout.connect(self.tell_hidden)

    def tell(self, changes: Changes) -> None:
        """Something moved."""
        self._untold |= changes
        self._later.start()
        if self._current():
            self._pages[self._current()].take_changes(changes)

    def tell_hidden(self) -> None:
        """Tell those that are not shown what they were not told yet."""
        changes, self._untold = self._untold, Changes.NONE
        shown = self._current()
        for name, page in self._pages.items() if changes else ():
            if name != shown:
                page.take_changes(changes)
