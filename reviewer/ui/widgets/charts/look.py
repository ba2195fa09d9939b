"""What charts are drawn with, as a value: a thread without a window draws with it too."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from reviewer.ui.theme import SANS, Colours, Theme, colours, font_of

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, and the size of text in per cent of the usual one."""

    colours: Colours
    text_size: int = 100

    def px(self, size: float) -> float:
        """A size of the design at the text's size, pixels."""
        return size * self.text_size / 100

    def colour(self, name: str) -> QColor:
        """A colour of `Colours` by its name."""
        return QColor(getattr(self.colours, name))

    def pen(self, name: str, width: float = 1, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A line of a colour; width of the design, pixels."""
        return QPen(self.colour(name), self.px(width), style)

    def font(self, size: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The sans font at a design size."""
        return font_of(SANS, round(self.px(size)), weight)

    def write(
        self,
        painter: QPainter,
        room: QRectF,
        words: str,
        *,
        align: Qt.AlignmentFlag = LEFT,
        colour: str = "ink",
        size: int = 13,
        weight: QFont.Weight = QFont.Weight.Normal,
        dots: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """One line of words, as they are; dots: where … stands for what there is no room for."""
        font = self.font(size, weight)
        painter.setFont(font)
        painter.setPen(self.colour(colour))
        said = QFontMetricsF(font).elidedText(words, dots, room.width())
        painter.drawText(room, int(align | Qt.TextFlag.TextSingleLine), said)

    def width(self, words: str, size: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> float:
        """How wide a line of words is, pixels."""
        return QFontMetricsF(self.font(size, weight)).horizontalAdvance(words)

    def cut(self, name: str, room: float) -> str:
        """A name as far as there is room for it, pixels; its middle goes first, since names of versions differ at their ends."""
        return QFontMetricsF(self.font()).elidedText(name, Qt.TextElideMode.ElideMiddle, room)


def on_screen(theme: Theme) -> Look:
    """As the window looks now."""
    return Look(theme.colours, theme.text_size)


def on_paper() -> Look:
    """For files: dark on white at the usual size, whatever the window looks like."""
    return Look(colours("light"))
