"""The reliability curve: of items with about the same score, how many are what the score says. A judge whose scores are chances is on the
diagonal."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPolygonF

from reviewer.ui.widgets.charts.axis import Axis, axis_for, ticked
from reviewer.ui.widgets.charts.drawing import dot, line
from reviewer.ui.widgets.charts.look import CENTRE, Look
from reviewer.ui.widgets.charts.marks import Mark
from reviewer.ui.widgets.charts.plot import EDGE, LINE, paint_scale, plot_beside, strips, y_of

_HEIGHT = 220  # pixels of the design
_TOP, _FOOT = 10, 38


@dataclass(frozen=True, slots=True)
class ReliabilityCurve:
    """at: the mean score of each mark, 0 to 1, rising. below: what stands under the scale of scores."""

    title: str
    marks: tuple[Mark, ...]
    at: tuple[float, ...]
    below: str

    @property
    def axis(self) -> Axis:
        """All of 0 to 1, for scores and shares alike: else the diagonal would be none."""
        return axis_for(1.0)

    def height(self, look: Look, width: float) -> float:  # noqa: ARG002 - the same at every width
        """Always the same."""
        return look.px(_HEIGHT)

    def places(self, look: Look, size: QSizeF) -> list[QRectF]:
        """A strip around each figure, half way to its neighbours."""
        plot = self._plot(look, size)
        return strips(plot, [self._x(plot, at) for at in self.at], look)

    def paint(self, painter: QPainter, look: Look, size: QSizeF) -> None:
        """Both scales, the diagonal, and over them the curve with the limits of each figure."""
        plot = self._plot(look, size)
        paint_scale(painter, look, plot, self.axis)
        self._paint_scores(painter, look, plot)
        line(painter, look, plot.bottomLeft(), plot.topRight(), "edge", dashed=True)
        drawn = [(self._x(plot, at), mark) for at, mark in zip(self.at, self.marks, strict=True) if mark.estimate is not None]
        points = [QPointF(x, self._y(plot, mark.estimate or 0.0)) for x, mark in drawn]
        painter.setPen(look.pen("accent", 2))
        painter.drawPolyline(QPolygonF(points))
        for point, (x, mark) in zip(points, drawn, strict=True):
            if mark.low is not None and mark.high is not None:
                line(painter, look, QPointF(x, self._y(plot, mark.low)), QPointF(x, self._y(plot, mark.high)), "accent")
            dot(painter, look, point, "accent", size=3)

    def _plot(self, look: Look, size: QSizeF) -> QRectF:
        return plot_beside(self.axis, look, size.width(), height=look.px(_HEIGHT), top=_TOP, foot=_FOOT)

    def _x(self, plot: QRectF, score: float) -> float:
        return plot.left() + self.axis.along(score) * plot.width()

    def _y(self, plot: QRectF, share: float) -> float:
        return y_of(plot, self.axis, share)

    def _paint_scores(self, painter: QPainter, look: Look, plot: QRectF) -> None:
        edge, tall = look.px(EDGE), look.px(LINE)
        for share in self.axis.lines():
            x = self._x(plot, share)
            wide = look.width(ticked(share), 11) + 2
            left = min(x - wide / 2, plot.right() + edge - wide)
            look.write(painter, QRectF(left, plot.bottom() + look.px(4), wide, tall), ticked(share), align=CENTRE, colour="ink3", size=11)
        under = QRectF(plot.left() - edge, plot.bottom() + look.px(4) + tall, plot.width() + 2 * edge, tall)
        look.write(painter, under, self.below, align=CENTRE, colour="ink3", size=11)
