"""Where a chart with shares upwards draws: beside the words of its axis, and in strips around its figures."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from reviewer.ui.widgets.charts.axis import Axis, ticked
from reviewer.ui.widgets.charts.drawing import line
from reviewer.ui.widgets.charts.look import RIGHT, Look

EDGE, GAP = 10, 8  # pixels of the design: beside the first and last figure, and between the axis and its words
LINE = 16  # of words of the scale


def plot_beside(axis: Axis, look: Look, width: float, *, height: float, top: int, foot: int) -> QRectF:
    """The room for lines in a chart. width, height: its own; top, foot: pixels of the design above and below the room."""
    left = max(look.width(ticked(share), 11) for share in axis.lines()) + look.px(GAP)
    edge, above = look.px(EDGE), look.px(top)
    return QRectF(left + edge, above, max(width - left - 2 * edge, 1), max(height - above - look.px(foot), 1))


def y_of(plot: QRectF, axis: Axis, share: float) -> float:
    """How high a share stands, pixels from the top."""
    return plot.bottom() - axis.along(share) * plot.height()


def paint_scale(painter: QPainter, look: Look, plot: QRectF, axis: Axis) -> None:
    """A line for each share of the axis, with its words at the left."""
    edge, tall = look.px(EDGE), look.px(LINE)
    for share in axis.lines():
        y = y_of(plot, axis, share)
        line(painter, look, QPointF(plot.left() - edge, y), QPointF(plot.right() + edge, y), "line")
        room = QRectF(0, y - tall / 2, plot.left() - edge - look.px(GAP), tall)
        look.write(painter, room, ticked(share), align=RIGHT, colour="ink3", size=11)


def strips(plot: QRectF, middles: Sequence[float], look: Look) -> list[QRectF]:
    """A strip around each figure, half way to its neighbours. middles: where the figures stand, from left to right."""
    edge = look.px(EDGE)
    edges = [plot.left() - edge, *((a + b) / 2 for a, b in pairwise(middles)), plot.right() + edge]
    return [QRectF(left, plot.top(), right - left, plot.height()) for left, right in pairwise(edges)][: len(middles)]
