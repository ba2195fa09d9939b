"""A row for each stratum of a sample: its name, its items, its picks, their probability, and the interval to expect, on one scale."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPainter

from reviewer.ui.widgets.charts.axis import Axis, axis_for, ticked
from reviewer.ui.widgets.charts.drawing import dot, line
from reviewer.ui.widgets.charts.look import LEFT, RIGHT, Look
from reviewer.ui.widgets.charts.marks import Mark

_HEAD, _ROW = 28, 33  # pixels of the design
_GAP, _EDGE, _NUMBER = 12, 8, 76
_NAME = 0.42  # of the room beside the numbers, at most
_LEAST_SCALE = 90  # below, there is no scale: the interval is told in words
Column = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StrataRows:
    """marks: `of` is the population of a stratum, `n` its picks, and the interval is the one to expect at `estimate`; a `note` warns."""

    title: str
    marks: tuple[Mark, ...]
    rate: float

    @property
    def axis(self) -> Axis:
        """From 0 to beyond the highest limit."""
        return axis_for(max((mark.high or 0 for mark in self.marks), default=1))

    def height(self, look: Look, width: float) -> float:  # noqa: ARG002 - every drawing is asked so
        """A line of headings and the rows."""
        return look.px(_HEAD) + len(self.marks) * look.px(_ROW)

    def places(self, look: Look, size: QSizeF) -> list[QRectF]:
        """Each row, over the whole width."""
        row = look.px(_ROW)
        return [QRectF(0, look.px(_HEAD) + place * row, size.width(), row) for place in range(len(self.marks))]

    def paint(self, painter: QPainter, look: Look, size: QSizeF) -> None:
        """Headings, and a line above each row."""
        columns = self._columns(look, size.width())
        heads = ("Stratum", "population", "to draw", "chance", f"to expect at {ticked(self.rate)}, 0 to {ticked(self.axis.top)}")
        for place, ((left, width), words) in enumerate(zip(columns, heads, strict=False)):
            room = QRectF(left, 0, width, look.px(_HEAD))
            align = RIGHT if 0 < place < 4 else LEFT
            look.write(painter, room, words, align=align, colour="ink2", size=11, weight=QFont.Weight.DemiBold)
        for row, mark in zip(self.places(look, size), self.marks, strict=True):
            line(painter, look, row.topLeft(), row.topRight(), "line")
            self._paint_row(painter, look, columns, mark, row)

    def _columns(self, look: Look, width: float) -> list[Column]:
        """Left edge and width of the name, the three numbers and, where there is room for it, the scale."""
        edge, gap, number = look.px(_EDGE), look.px(_GAP), look.px(_NUMBER)
        rest = width - 2 * edge - 3 * number - 4 * gap
        wanted = max((look.width(mark.name) for mark in self.marks), default=0) + 1
        name = min(max(wanted, look.px(_NUMBER)), rest * _NAME)
        scale = rest - name
        if scale < look.px(_LEAST_SCALE):
            name, scale = rest + gap, 0.0
        found: list[Column] = [(edge, name)]
        left = edge + name + gap
        for _number in range(3):
            found.append((left, number))
            left += number + gap
        return [*found, (left, scale)] if scale else found

    def _paint_row(self, painter: QPainter, look: Look, columns: list[Column], mark: Mark, place: QRectF) -> None:
        of = mark.of or 0
        said = (mark.name, f"{of:,}", f"⚠ {mark.n:,}" if mark.note else f"{mark.n:,}", f"{mark.n / of:.3f}" if of else "–")
        for which, ((left, width), words) in enumerate(zip(columns, said, strict=False)):
            room = QRectF(left, place.top(), width, place.height())
            look.write(painter, room, words, align=RIGHT if which else LEFT, dots=Qt.TextElideMode.ElideMiddle)
        if len(columns) == 5:
            left, width = columns[4]
            self._paint_interval(painter, look, mark, QRectF(left, place.top(), width, place.height()))

    def _paint_interval(self, painter: QPainter, look: Look, mark: Mark, room: QRectF) -> None:
        if mark.low is None or mark.high is None or mark.estimate is None:
            look.write(painter, room, mark.reason or "", colour="ink3", size=12)
            return
        shares = (mark.low, mark.estimate, mark.high)
        low, middle, high = (QPointF(room.left() + self.axis.along(share) * room.width(), room.center().y()) for share in shares)
        line(painter, look, low, high, "accent", width=2)
        dot(painter, look, middle, "accent")
