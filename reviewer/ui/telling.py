"""How far work is, told on the UI thread: no more often than eyes can follow, and the last word always."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from reviewer.domain.progress import Progress, Ticket

_EVERY_S = 0.05


class Followed(Ticket):
    """A ticket whose progress, taken on any thread, is shown on the UI thread. What is told in between is passed over, the newest is not:
    work that tells two things at once and then takes long stands at the second one."""

    def __init__(self, owner: QObject, to_ui: Callable[[Callable[[], None]], None], show: "Callable[[Followed, Progress], None]") -> None:
        """owner: lives on the UI thread, and nothing is shown once it has gone. to_ui: has something called on the UI thread."""
        super().__init__(self._take)
        self._owner = owner
        self._to_ui = to_ui
        self._show_it = show
        self._newest = Progress(0, 0, "")
        self._on_its_way = False
        self._shown_at = 0.0
        self._over = False

    def finish(self) -> None:
        """Show what is on its way; after this nothing is shown. On the UI thread."""
        self._show()
        self._over = True

    def _take(self, progress: Progress) -> None:
        self._newest = progress
        if not self._on_its_way:
            self._on_its_way = True
            self._to_ui(self._show_in_time)

    def _show_in_time(self) -> None:
        early_s = self._shown_at + _EVERY_S - time.monotonic()
        if early_s > 0 and not self._over:
            # Not the method itself: PySide holds that of a plain object weakly, and calls it when the object has gone.
            QTimer.singleShot(round(early_s * 1000) + 1, self._owner, lambda: self._show())
        else:
            self._show()

    def _show(self) -> None:
        if self._on_its_way and not self._over:
            self._shown_at = time.monotonic()
            self._on_its_way = False  # before the newest is read: what is told from now on sends another
            self._show_it(self, self._newest)
