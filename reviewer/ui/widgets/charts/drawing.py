"""What every chart is: figures, the place of each, and a way to paint them all at any size."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from reviewer.ui.widgets.charts.look import Look
from reviewer.ui.widgets.charts.marks import Mark


class Drawing(Protocol):
    """A chart as a value. Sizes are pixels; the same drawing is painted on screen, into a picture and into an SVG file."""

    @property
    def title(self) -> str:
        """What it shows: “Violation rate by model”."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Its figures, in the order in which the keys go from one to the next."""

    def height(self, look: Look, width: float) -> float:
        """What it needs at a width."""

    def places(self, look: Look, size: QSizeF) -> list[QRectF]:
        """Where each figure is: what can be pointed at."""

    def paint(self, painter: QPainter, look: Look, size: QSizeF) -> None:
        """Draw it, from the point 0, 0 on."""


def dot(painter: QPainter, look: Look, at: QPointF, colour: str, *, shape: str = "round", size: float = 4) -> None:
    """The place of an estimate. shape: round, up or down (a triangle)."""
    reach = look.px(size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(colour))
    if shape == "round":
        painter.drawEllipse(at, reach, reach)
        return
    up = -1.0 if shape == "up" else 1.0
    corners = ((-1.15, -0.9 * up), (1.15, -0.9 * up), (0.0, 1.15 * up))
    painter.drawPolygon(QPolygonF([QPointF(at.x() + x * reach, at.y() + y * reach) for x, y in corners]))


def line(painter: QPainter, look: Look, start: QPointF, end: QPointF, colour: str, *, width: float = 1, dashed: bool = False) -> None:
    """A straight line, whole or dashed; width of the design."""
    painter.setPen(look.pen(colour, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.drawLine(start, end)
