"""A thin sheet over the page while something is dragged over the window: it says what dropping does."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from reviewer.ui.theme import Theme


class Veil(QWidget):
    """Takes no mouse; hidden until `cover`."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, place: QRect, words: str) -> None:
        """Lie over a part of the window. words: what dropping does there."""
        self.setAccessibleName(words)
        self.setGeometry(place)
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A dashed edge in the accent, and the words in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cover = QColor(self._theme.colour("bg"))
        cover.setAlpha(225)
        painter.fillRect(self.rect(), cover)
        painter.setPen(QPen(self._theme.colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(16, 16, -16, -16), 12, 12)
        painter.setPen(self._theme.colour("ink"))
        painter.setFont(self._theme.font(15, QFont.Weight.DemiBold))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.accessibleName())
        painter.end()
