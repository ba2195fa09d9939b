"""Where a chart with shares upwards draws: beside the words of its axis, and in strips around its figures."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, QSizeF

from reviewer.ui.widgets.charts.axis import Axis, ticked
from reviewer.ui.widgets.charts.look import Look

EDGE, GAP = 10, 8  # pixels of the design: beside the first and last figure, and between the axis and its words


def plot_beside(axis: Axis, look: Look, size: QSizeF, *, top: int, foot: int) -> QRectF:
    """The room for lines. top, foot: pixels of the design above and below it."""
    left = max(look.width(ticked(share), 11) for share in axis.lines()) + look.px(GAP)
    edge, above = look.px(EDGE), look.px(top)
    return QRectF(left + edge, above, max(size.width() - left - 2 * edge, 1), max(size.height() - above - look.px(foot), 1))


def strips(plot: QRectF, middles: Sequence[float], look: Look) -> list[QRectF]:
    """A strip around each figure, half way to its neighbours. middles: where the figures stand, from left to right."""
    edge = look.px(EDGE)
    edges = [plot.left() - edge, *((a + b) / 2 for a, b in pairwise(middles)), plot.right() + edge]
    return [QRectF(left, plot.top(), right - left, plot.height()) for left, right in pairwise(edges)][: len(middles)]
