"""A few lines of a person's own words: why they judged as they did."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit


class ReasonField(QPlainTextEdit):
    """Tab leaves it."""

    left = Signal()
    """It lost the focus: a good moment to keep what was begun."""

    def __init__(self, name: str, placeholder: str) -> None:
        """name: for screen readers; placeholder: what is asked for, while it is empty."""
        super().__init__()
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)

    def minimumSizeHint(self) -> QSize:
        """Two lines. Qt would ask for a scroll bar's whole height, which large text makes larger than a small screen has room for."""
        # Not of the viewport: it is Qt's own, and PySide would load every class of widget to find out what it is, 25 ms.
        edges = self.height() - self.contentsRect().height()
        return QSize(super().minimumSizeHint().width(), 2 * self.fontMetrics().lineSpacing() + edges)

    def put(self, words: str) -> None:
        """Show words that were kept; they are not a step to be undone."""
        if words or self.toPlainText():  # the document is not asked: its class costs the first paint some milliseconds
            self.setPlainText(words)
            self.document().clearUndoRedoStacks()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that it was left."""
        super().focusOutEvent(event)
        self.left.emit()
