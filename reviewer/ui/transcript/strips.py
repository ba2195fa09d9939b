"""Thin strips above a transcript: what to be wary of in it, and what has just happened to it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_label

_FILLS = {"warn": ("warn_soft", "warn"), "note": ("accent_soft", "accent"), "plain": ("soft", "line")}


class Strip(QWidget):
    """One line of words on a tinted paper; hidden while it has none. kind: warn, note or plain."""

    def __init__(self, theme: Theme, kind: str) -> None:
        super().__init__()
        self._theme = theme
        self._fill, self._line = _FILLS[kind]
        self._words = plain_label(wrap=True, role="small")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 5, 12, 5)
        self._row.setSpacing(10)
        self._row.addWidget(self._words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def say(self, words: str) -> None:
        """Show these words, or with none go away."""
        if words != self.words:
            self._words.setText(words)
            self.setAccessibleName(words)
            self.setVisible(bool(words))

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def add(self, widget: QWidget) -> None:
        """Put a button at its right end."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - as Qt calls it
        """A tinted paper with an edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.colour(self._fill))
        painter.setPen(QPen(self._theme.colour(self._line), 1))
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, self._theme.px(8), self._theme.px(8))
        painter.end()


def warning(hidden: int, references: int, raw_key: str) -> str:
    """What to be wary of, in a sentence or two; empty where there is nothing."""
    said = []
    if hidden:
        marks = "1 invisible or direction mark" if hidden == 1 else f"{hidden:,} invisible or direction marks"
        said.append(f"This item contains {marks}. {raw_key} shows the text exactly as recorded.")
    if references:
        said.append(f"{references:,} outside reference{'' if references == 1 else 's'} not loaded.")
    return "⚠ " + " ".join(said) if said else ""
