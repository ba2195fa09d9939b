"""A row for each value of a field: its name, how many items, its rate, and the interval on one scale for all."""

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QPainter

from reviewer.ui.widgets.charts.axis import Axis, axis_for, ticked
from reviewer.ui.widgets.charts.drawing import dot, line
from reviewer.ui.widgets.charts.look import RIGHT, Look
from reviewer.ui.widgets.charts.marks import Mark, percent

_HEAD, _ROW, _TALL_ROW = 28, 33, 52  # pixels of the design
_GAP, _EDGE = 12, 8
_NUMBER, _RATE = 40, 52
_LEAST, _MOST = 0.35, 0.62  # of the room beside the numbers that names take, as they need
_NARROW = 330  # below, nothing has room beside a name


class Columns(NamedTuple):
    """Left edge and width of each part of a row, pixels; the scale's in every row are the same."""

    name: tuple[float, float]
    number: tuple[float, float]
    rate: tuple[float, float]
    scale: tuple[float, float]


@dataclass(frozen=True, slots=True)
class IntervalRows:
    """heading: of the names; figure: of the figures. whole: the rate of all, a dashed line through the rows; None where there is none."""

    title: str
    marks: tuple[Mark, ...]
    heading: str = ""
    whole: float | None = None
    figure: str = "rate"

    @property
    def axis(self) -> Axis:
        """From 0 to beyond the highest limit."""
        return axis_for(max((mark.high or mark.estimate or 0 for mark in self.marks if mark.drawn), default=1))

    def height(self, look: Look, width: float) -> float:
        """A line of headings and the rows."""
        return look.px(_HEAD) + len(self.marks) * self._row(look, width)

    def places(self, look: Look, size: QSizeF) -> list[QRectF]:
        """Each row, over the whole width."""
        row = self._row(look, size.width())
        return [QRectF(0, look.px(_HEAD) + place * row, size.width(), row) for place in range(len(self.marks))]

    def paint(self, painter: QPainter, look: Look, size: QSizeF) -> None:
        """Headings, lines between the rows, and the rows."""
        columns = self._columns(look, size.width())
        self._paint_head(painter, look, columns)
        places = self.places(look, size)
        for place in places:
            line(painter, look, place.topLeft(), place.topRight(), "line")
        for mark, place in zip(self.marks, places, strict=True):
            self._paint_row(painter, look, columns, mark, place)

    def _row(self, look: Look, width: float) -> float:
        return look.px(_TALL_ROW if self._tall(look, width) else _ROW)

    def _tall(self, look: Look, width: float) -> bool:
        """Whether the interval has a line of its own: where there is little room, and where names, cut short, would be alike."""
        if width < look.px(_NARROW):
            return True
        room = self._side_by_side(look, width).name[1]
        return len({look.cut(mark.name, room) for mark in self.marks}) < len({mark.name for mark in self.marks})

    def _columns(self, look: Look, width: float) -> Columns:
        if not self._tall(look, width):
            return self._side_by_side(look, width)
        edge, gap, number, rate = (look.px(part) for part in (_EDGE, _GAP, _NUMBER, _RATE))
        inner = width - 2 * edge
        name = inner - number - rate - 2 * gap
        return Columns((edge, name), (edge + name + gap, number), (edge + inner - rate, rate), (edge, inner))

    def _side_by_side(self, look: Look, width: float) -> Columns:
        edge, gap, number, rate = (look.px(part) for part in (_EDGE, _GAP, _NUMBER, _RATE))
        inner = width - 2 * edge
        rest = inner - number - rate - 3 * gap
        names = max((look.width(mark.name) for mark in self.marks), default=0)
        name = min(max(names + 1, rest * _LEAST), rest * _MOST)
        left = edge + name + gap
        return Columns((edge, name), (left, number), (left + number + gap, rate), (left + number + rate + 2 * gap, rest - name))

    def _x(self, columns: Columns, share: float) -> float:
        left, width = columns.scale
        return left + self.axis.along(share) * width

    def _paint_head(self, painter: QPainter, look: Look, columns: Columns) -> None:
        scale = f"0 to {ticked(self.axis.top)}"
        beside = columns.scale[0] > columns.rate[0]
        name = self.heading if beside else f"{self.heading}, {scale}"
        words = (name, columns.name, False), ("n", columns.number, True), (self.figure, columns.rate, True), (scale, columns.scale, False)
        for text, (left, width), right in words if beside else words[:3]:
            _heading(painter, look, QRectF(left, 0, width, look.px(_HEAD)), text, right=right)

    def _paint_row(self, painter: QPainter, look: Look, columns: Columns, mark: Mark, place: QRectF) -> None:
        tall = columns.scale[0] < columns.rate[0]
        lines = place.height() / 2 if tall else place.height()
        (left, width) = columns.name
        look.write(painter, QRectF(left, place.top(), width, lines), look.cut(mark.name, width))
        for text, (left, width) in ((f"{mark.n:,}", columns.number), (percent(mark.estimate), columns.rate)):
            look.write(painter, QRectF(left, place.top(), width, lines), text, align=RIGHT)
        left, width = columns.scale
        room = QRectF(left, place.top() + (lines * 0.9 if tall else 0), width, lines)
        if mark.drawn:
            self._paint_interval(painter, look, columns, mark, room)
        else:
            look.write(painter, room, mark.reason or "", colour="ink3", size=12)

    def _paint_interval(self, painter: QPainter, look: Look, columns: Columns, mark: Mark, room: QRectF) -> None:
        shape, colour = self.shape(mark)
        y = room.center().y()
        if self.whole is not None:
            x = self._x(columns, self.whole)
            line(painter, look, QPointF(x, room.top()), QPointF(x, room.bottom()), "edge", dashed=True)
        if mark.low is not None and mark.high is not None:
            low, high = (QPointF(self._x(columns, share), y) for share in (mark.low, mark.high))
            line(painter, look, low, high, colour, width=2)
            for end in (low, high):
                line(painter, look, end - QPointF(0, look.px(3)), end + QPointF(0, look.px(3)), colour, width=1)
        if mark.estimate is not None:
            dot(painter, look, QPointF(self._x(columns, mark.estimate), y), colour, shape=shape)

    def shape(self, mark: Mark) -> tuple[str, str]:
        """The shape and colour of a figure: a red triangle upwards where its whole interval lies above the rate of all."""
        if self.whole is not None and mark.low is not None and mark.low > self.whole:
            return "up", "bad"
        if self.whole is not None and mark.high is not None and mark.high < self.whole:
            return "down", "accent"
        return "round", "accent"


def _heading(painter: QPainter, look: Look, room: QRectF, text: str, *, right: bool = False) -> None:
    if right:
        look.write(painter, room, text, align=RIGHT, colour="ink2", size=11, weight=QFont.Weight.DemiBold)
    else:
        look.write(painter, room, text, colour="ink2", size=11, weight=QFont.Weight.DemiBold)
