"""A thin bar that fills: progress of a queue, of an import."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

_BEATS = (
    12  # of the style's 60 a second, until a bar that wanders is painted again: to paint at each was measured to take a tenth of a core
)


class ThinBar(QProgressBar):
    """A bar without words, 6 pixels high. Say beside it what it counts."""

    def __init__(self, name: str, parent: QWidget | None = None, *, wide: bool = False) -> None:
        """name: what it counts, for screen readers. wide: it takes all the room there is."""
        super().__init__(parent)
        self._beats = 0
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setMinimumWidth(80)
        if not wide:
            self.setMaximumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, done: int, total: int) -> None:
        """`done` of `total`; a total of 0 means that nobody knows yet, and the bar wanders."""
        self.setRange(0, max(total, 0))
        self.setValue(min(done, total) if total else 0)

    def event(self, event: QEvent) -> bool:
        """Paint a bar that wanders now and then: whoever works meanwhile would wait for each frame."""
        if event.type() != QEvent.Type.StyleAnimationUpdate:
            return super().event(event)
        event.accept()  # else the style stops it
        self._beats += 1
        if self._beats % _BEATS == 0:
            self.update()
        return True
