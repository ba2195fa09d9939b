"""A rate along a line: week by week, or item by item. Its interval is a band, and lines across it say what happened when."""

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from reviewer.ui.widgets.charts.axis import Axis, axis_for
from reviewer.ui.widgets.charts.drawing import dot, line
from reviewer.ui.widgets.charts.look import CENTRE, RIGHT, Look
from reviewer.ui.widgets.charts.marks import Mark
from reviewer.ui.widgets.charts.plot import EDGE, GAP, paint_scale, plot_beside, strips, y_of

_HEIGHT = 190  # pixels of the design
_TOP, _FOOT = 18, 22
_WRITTEN = 58  # room for the words below a figure


class Happened(NamedTuple):
    """Something that may bear on the rate. at: where on the line; word: what stands there, “v2”; text: all of it."""

    at: int
    word: str
    text: str


class Across(NamedTuple):
    """A share that the rate is held against: a line over all of the chart. word: what stands there, “tolerable 20%”."""

    share: float
    word: str


@dataclass(frozen=True, slots=True)
class Series:
    """at: where each mark stands, rising numbers: days, or items. written: what stands below each. step: how far apart two neighbours may
    be for the line to lead from one to the other. happened: lines from top to bottom; across: from side to side. dots: each mark has a dot
    and its own limits; without them the band alone is drawn, for figures that follow closely.
    """

    title: str
    marks: tuple[Mark, ...]
    at: tuple[int, ...]
    written: tuple[str, ...]
    step: int
    happened: tuple[Happened, ...] = ()
    across: tuple[Across, ...] = ()
    dots: bool = True

    @property
    def axis(self) -> Axis:
        """From 0 to beyond the highest limit, and what it is held against."""
        highest = max((mark.high or mark.estimate or 0 for mark in self.marks if mark.drawn), default=1)
        return axis_for(max(highest, *(one.share for one in self.across)) if self.across else highest)

    def height(self, look: Look, width: float) -> float:  # noqa: ARG002 - the same at every width
        """Always the same."""
        return look.px(_HEIGHT)

    def places(self, look: Look, size: QSizeF) -> list[QRectF]:
        """A strip around each figure, half way to its neighbours."""
        plot = self._plot(look, size)
        return strips(plot, [self._x(plot, at) for at in self.at], look)

    def paint(self, painter: QPainter, look: Look, size: QSizeF) -> None:
        """The scale, the band and the line; what happened is drawn over them."""
        plot = self._plot(look, size)
        paint_scale(painter, look, plot, self.axis)
        for run in self._runs():
            self._paint_run(painter, look, plot, run)
        for mark, place in zip(self.marks, self.places(look, size), strict=True):
            if not mark.drawn:  # a week in which nothing can be said is seen to be one
                room = QRectF(place.left(), plot.bottom() - look.px(16), place.width(), look.px(16))
                look.write(painter, room, "–", align=CENTRE, colour="ink3", size=11)
        self._paint_across(painter, look, plot)
        self._paint_happened(painter, look, plot)
        self._paint_written(painter, look, plot)

    def _plot(self, look: Look, size: QSizeF) -> QRectF:
        return plot_beside(self.axis, look, size.width(), height=look.px(_HEIGHT), top=_TOP, foot=_FOOT)

    def _x(self, plot: QRectF, at: int) -> float:
        first, last = self.at[0], self.at[-1]
        if first == last:
            return plot.center().x()
        return plot.left() + plot.width() * ((at - first) / (last - first))

    def _y(self, plot: QRectF, share: float) -> float:
        return y_of(plot, self.axis, share)

    def _runs(self) -> list[list[int]]:
        """The places of figures that follow one another; a line does not cross what is not known."""
        runs: list[list[int]] = []
        for place, mark in enumerate(self.marks):
            if not mark.drawn:
                continue
            if runs and runs[-1][-1] == place - 1 and self.at[place] - self.at[place - 1] <= self.step:
                runs[-1].append(place)
            else:
                runs.append([place])
        return runs

    def _paint_run(self, painter: QPainter, look: Look, plot: QRectF, run: list[int]) -> None:
        at = [self._x(plot, self.at[place]) for place in run]
        marks = [self.marks[place] for place in run]
        limits = [(x, mark.low, mark.high) for x, mark in zip(at, marks, strict=True) if mark.low is not None and mark.high is not None]
        upper = [QPointF(x, self._y(plot, high)) for x, _, high in limits]
        lower = [QPointF(x, self._y(plot, low)) for x, low, _ in limits]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("accent_soft"))
        painter.drawPolygon(QPolygonF(upper + lower[::-1]))
        middles = [QPointF(x, self._y(plot, mark.estimate)) for x, mark in zip(at, marks, strict=True) if mark.estimate is not None]
        painter.setPen(look.pen("accent", 2))
        painter.drawPolyline(QPolygonF(middles))
        if self.dots or len(run) == 1:  # of one figure there is no band to see
            for above, below in zip(upper, lower, strict=True):
                line(painter, look, above, below, "accent", width=1)
            for middle in middles:
                dot(painter, look, middle, "accent", size=3)
        else:  # edges of the band, so that it is seen without colour
            for edge in (upper, lower):
                painter.setPen(look.pen("accent", 1, Qt.PenStyle.DotLine))
                painter.drawPolyline(QPolygonF(edge))

    def _paint_across(self, painter: QPainter, look: Look, plot: QRectF) -> None:
        """The words stand above their line at its end; below, where the rate ends in their place."""
        end = plot.right() + look.px(EDGE)
        last = next((mark.estimate for mark in reversed(self.marks) if mark.estimate is not None), None)
        for one in self.across:
            y = self._y(plot, one.share)
            line(painter, look, QPointF(plot.left() - look.px(EDGE), y), QPointF(end, y), "bad", dashed=True)
            near = self._y(plot, last) if last is not None else plot.top()
            crossed = y - look.px(17) <= near <= y + look.px(1) and y + look.px(17) <= plot.bottom()
            room = QRectF(plot.left(), y + look.px(1) if crossed else y - look.px(17), end - plot.left(), look.px(16))
            look.write(painter, room, one.word, align=RIGHT, colour="bad", size=11)

    def _paint_happened(self, painter: QPainter, look: Look, plot: QRectF) -> None:
        taken = 0.0
        for one in self.happened:
            if not self.at or not self.at[0] <= one.at <= self.at[-1]:
                continue
            x = self._x(plot, one.at)
            line(painter, look, QPointF(x, plot.top()), QPointF(x, plot.bottom()), "warn", dashed=True)
            width = look.width(one.word, 11)
            left = min(max(x - width / 2, taken), plot.right() + look.px(EDGE) - width)
            if left >= taken:  # words that would lie on others are left to the description
                look.write(painter, QRectF(left, 0, width + 1, look.px(_TOP)), one.word, colour="warn", size=11)
                taken = left + width + look.px(GAP)

    def _paint_written(self, painter: QPainter, look: Look, plot: QRectF) -> None:
        width, end = look.px(_WRITTEN), plot.right() + look.px(EDGE)
        free = end + width  # from the last, which always has its words, towards the first
        for at, words in reversed(tuple(zip(self.at, self.written, strict=True))):
            middle = self._x(plot, at)
            left = min(max(middle - width / 2, 0.0), end - width)
            if left + width * 1.4 <= free:
                room = QRectF(left, plot.bottom() + look.px(4), width, look.px(_FOOT) - look.px(4))
                look.write(painter, room, words, align=CENTRE, colour="ink3", size=11)
                free = left
