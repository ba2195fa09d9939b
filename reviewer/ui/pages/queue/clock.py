"""How long an item was in view with the window active: that is what a label gives as its time."""

import time

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget


class ItemClock(QObject):
    """Runs while the page is visible and its window active. The page calls `look` when it comes or goes: a filter would have Python look at
    every key on its way up."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._gathered_s = 0.0
        self._since: float | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusWindowChanged.connect(self.look)

    def start(self, gathered_ms: int = 0) -> None:
        """A new item; gathered_ms: what it had been worked on before, as its draft says."""
        self._gathered_s = gathered_ms / 1000
        self._since = time.monotonic() if self._counts() else None

    @property
    def ms(self) -> int:
        """Time so far, milliseconds."""
        running = time.monotonic() - self._since if self._since is not None else 0.0
        return round((self._gathered_s + running) * 1000)

    def look(self, _window: object = None) -> None:
        """The page came or went, or its window became active or not."""
        counts = self._counts()
        if not counts and self._since is not None:
            self._gathered_s += time.monotonic() - self._since
            self._since = None
        elif counts and self._since is None:
            self._since = time.monotonic()

    def _counts(self) -> bool:
        return self._page.isVisible() and self._page.window().isActiveWindow()
