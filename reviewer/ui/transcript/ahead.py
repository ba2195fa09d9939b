"""The first screen of the item that comes next, painted while the one before it is read: to show it then is to copy it."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from reviewer.ui.transcript.blocks import Transcript
from reviewer.ui.transcript.layouts import LaidBlock
from reviewer.ui.transcript.looks import Look
from reviewer.ui.transcript.painting import Canvas, State
from reviewer.ui.transcript.scene import Visible


class Standing(NamedTuple):
    """All that the pixels of a viewport follow from. places: the cards in sight as they are laid out, each with the height it stands at."""

    transcript: Transcript
    look: Look
    size: QSize
    ratio: float
    places: tuple[tuple[LaidBlock, float], ...]
    state: State

    def is_same(self, other: "Standing") -> bool:
        """True if both look alike."""
        alike = self.transcript is other.transcript and self.look is other.look
        return alike and self[2:] == other[2:]


class Painted(NamedTuple):
    """A viewport that was painted, and what it follows from."""

    standing: Standing
    picture: QPixmap


def paint_ahead(standing: Standing, shown: Sequence[Visible]) -> Painted:
    """Paint the cards in sight where nobody sees it yet."""
    picture = QPixmap(standing.size * standing.ratio)
    picture.setDevicePixelRatio(standing.ratio)
    picture.fill(standing.look.paper)
    painter = QPainter(picture)
    draw(painter, standing, shown, QRect(0, 0, standing.size.width(), standing.size.height()))
    painter.end()
    return Painted(standing, picture)


def draw(painter: QPainter, standing: Standing, shown: Sequence[Visible], dirty: QRect) -> None:
    """The cards that reach into a stretch of the viewport."""
    canvas = Canvas(painter, standing.look, width=standing.size.width(), height=standing.size.height(), state=standing.state)
    for card in shown:
        if card.y <= dirty.bottom() + 2 and card.y + card.laid.height >= dirty.top() - 2:
            canvas.card(card)
