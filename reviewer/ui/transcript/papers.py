"""Cards drawn from nine pieces: antialiasing a whole rounded rectangle costs half a millisecond each, its corners alone next to nothing."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap


class Paper(NamedTuple):
    """How a card looks: its fill, its line and how thick that is, and a thicker left edge or none."""

    fill: str
    line: str
    line_width: int = 1
    edge: str = ""
    edge_width: int = 0


class Papers:
    """Draws cards of one corner radius; keeps a small picture of each paper."""

    def __init__(self, radius: int) -> None:
        self._radius = radius
        self._tiles: dict[tuple[Paper, float], QPixmap] = {}

    def draw(self, painter: QPainter, box: QRect, paper: Paper) -> None:
        """A card of that paper; whole pixels."""
        corner = self._radius + 1
        ratio = painter.device().devicePixelRatioF()
        tile = self._tile(paper, ratio)
        fill, line = QColor(paper.fill), QColor(paper.line)
        wide = paper.line_width
        left, top, right, bottom = box.left(), box.top(), box.right() + 1, box.bottom() + 1
        painter.setPen(Qt.PenStyle.NoPen)  # no fillRect: PySide looks among its colours for 160 named gradients, 5 ms of the first paint
        painter.setBrush(fill)
        painter.drawRect(left, top + corner, right - left, bottom - top - 2 * corner)
        painter.drawRect(left + corner, top, right - left - 2 * corner, corner)
        painter.drawRect(left + corner, bottom - corner, right - left - 2 * corner, corner)
        painter.setBrush(line)
        painter.drawRect(left + corner, top, right - left - 2 * corner, wide)
        painter.drawRect(left + corner, bottom - wide, right - left - 2 * corner, wide)
        painter.drawRect(right - wide, top + corner, wide, bottom - top - 2 * corner)
        painter.setBrush(QColor(paper.edge) if paper.edge else line)
        painter.drawRect(left, top + corner, paper.edge_width if paper.edge else wide, bottom - top - 2 * corner)
        size = QSize(corner, corner)
        device = round(corner * ratio)
        far = tile.width() - device
        for x, y, at in (
            (0, 0, QPoint(left, top)),
            (far, 0, QPoint(right - corner, top)),
            (0, far, QPoint(left, bottom - corner)),
            (far, far, QPoint(right - corner, bottom - corner)),
        ):
            painter.drawPixmap(QRect(at, size), tile, QRect(x, y, device, device))

    def _tile(self, paper: Paper, ratio: float) -> QPixmap:
        """A card just large enough for its corners."""
        tile = self._tiles.get((paper, ratio))
        if tile is None:
            side = 2 * self._radius + 6
            tile = QPixmap(round(side * ratio), round(side * ratio))
            tile.setDevicePixelRatio(ratio)
            tile.fill(Qt.GlobalColor.transparent)
            painter = QPainter(tile)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(paper.fill))
            painter.setPen(QPen(QColor(paper.line), paper.line_width))
            inset = paper.line_width / 2
            painter.drawRoundedRect(QRectF(inset, inset, side - 2 * inset, side - 2 * inset), self._radius, self._radius)
            if paper.edge:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(paper.edge))
                painter.drawPath(_edge_path(QRectF(0, 0, side, side), float(self._radius), float(paper.edge_width)))
            painter.end()
            self._tiles[paper, ratio] = tile
        return tile


def _edge_path(box: QRectF, radius: float, width: float) -> QPainterPath:
    """The left edge of a rounded card, thick as CSS draws it: full in the straight part, thinning out in the corners."""
    path = QPainterPath()
    x, top, bottom = box.left(), box.top(), box.bottom()
    path.moveTo(x + radius, top)
    path.arcTo(QRectF(x, top, 2 * radius, 2 * radius), 90, 90)
    path.lineTo(x, bottom - radius)
    path.arcTo(QRectF(x, bottom - 2 * radius, 2 * radius, 2 * radius), 180, 90)
    inner = radius - width
    path.arcTo(QRectF(x + width, bottom - 2 * radius, 2 * inner, 2 * radius), 270, -90)
    path.lineTo(x + width, top + radius)
    path.arcTo(QRectF(x + width, top, 2 * inner, 2 * radius), 180, -90)
    path.closeSubpath()
    return path
