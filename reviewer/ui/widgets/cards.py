"""Papers: a quiet card, and a card that is one big button."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from reviewer.ui.widgets.caps import KeyCap
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import PlainLabel, plain_label


class Card(QFrame):
    """A paper with a thin edge. `column` takes what stands on it."""

    def __init__(self, parent: QWidget | None = None, *, paper: str = "card") -> None:
        """paper: card (white, round), row (an outline) or chosen (an outline in the accent, filled)."""
        super().__init__(parent)
        self.setProperty("paper", paper)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(6)


class ChoiceCard(QPushButton):
    """A card to press: what it does, a few lines, and its key at the foot."""

    def __init__(self, title: str, text: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{text} Key: {keys}." if keys else text)
        self.setAutoDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(6)
        self._words: list[PlainLabel] = [plain_label(title, role="heading", wrap=True), Paragraph(text, tone="muted")]
        for label in self._words:
            column.addWidget(label)
        column.addStretch(1)
        foot = QHBoxLayout()
        if keys:
            cap = KeyCap(keys)
            self._words.append(cap)
            foot.addWidget(cap)
        foot.addStretch(1)
        column.addLayout(foot)
        for label in self._words:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """As tall as its words need at this width."""
        layout = self.layout()
        assert layout is not None
        width = max(self.width(), 180)
        return QSize(width, max(layout.heightForWidth(width), layout.minimumSize().height()))

    def minimumSizeHint(self) -> QSize:
        """Never less than its words need."""
        return QSize(180, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower card is a taller one."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
