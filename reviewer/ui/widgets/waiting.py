"""What stands where something is being made: nothing at first, and after a moment words that say so."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.ui.widgets.words import plain_label

_MOMENT_MS = 300  # what is there sooner shall not flicker


class Waiting(QWidget):
    """Takes the focus, so that keys have a place meanwhile."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._words = plain_label(f"{words} …", tone="muted")
        self._words.hide()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._moment = QTimer(self, singleShot=True, interval=_MOMENT_MS)
        self._moment.timeout.connect(self._words.show)

    def showEvent(self, event: QShowEvent) -> None:
        """The moment begins."""
        super().showEvent(event)
        self._moment.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """It is there, or nobody looks."""
        super().hideEvent(event)
        self._moment.stop()
        self._words.hide()
