"""How long an item was in view with the window active: that is what a label gives as its time."""

import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class ItemClock(QObject):
    """Runs while the page is visible and its window active."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._gathered_s = 0.0
        self._since: float | None = None
        page.installEventFilter(self)
        self._window: QWidget | None = None

    def start(self, gathered_ms: int = 0) -> None:
        """A new item; gathered_ms: what it had been worked on before, as its draft says."""
        self._gathered_s = gathered_ms / 1000
        self._since = time.monotonic() if self._counts() else None

    @property
    def ms(self) -> int:
        """Time so far, milliseconds."""
        running = time.monotonic() - self._since if self._since is not None else 0.0
        return round((self._gathered_s + running) * 1000)

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """The page comes and goes, the window becomes active or not."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate):
            away = event.type() in (QEvent.Type.Hide, QEvent.Type.WindowDeactivate)
            if away and self._since is not None:
                self._gathered_s += time.monotonic() - self._since
                self._since = None
            elif not away and self._since is None and self._counts():
                self._since = time.monotonic()
        return super().eventFilter(target, event)

    def _counts(self) -> bool:
        return self._page.isVisible() and self._page.window().isActiveWindow()
