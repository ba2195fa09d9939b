"""What shapes and colours of the map mean, in a line at its foot, or as many as it needs."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from reviewer.ui.pages.clusters.colouring import Entry
from reviewer.ui.pages.clusters.stamps import DOT, draw
from reviewer.ui.theme import Theme

_VEIL = 215  # of 255: items do not lie upon the words
_LINE, _GAP, _EDGE, _SHAPE = 18, 14, 14, 14  # pixels of the design


def paint(painter: QPainter, theme: Theme, entries: Sequence[Entry], mode: str, size: QSizeF) -> None:
    """Draw it over the foot of the map."""
    font, px = theme.font(11), theme.px
    metrics = QFontMetricsF(font)
    lines: list[list[tuple[Entry | None, str, float]]] = [[]]
    free = size.width() - 2 * px(_EDGE)
    for entry, words in ((None, f"colour: {mode}"), *((one, one.words) for one in entries)):
        width = metrics.horizontalAdvance(words) + px(_GAP) + (px(_SHAPE) if entry is not None else 0)
        if lines[-1] and sum(taken for *_, taken in lines[-1]) + width > free:
            lines.append([])
        lines[-1].append((entry, words, width))
    painter.setFont(font)
    top = size.height() - px(_EDGE) / 2 - px(_LINE) * len(lines)
    below = QColor(theme.colour("panel"))
    below.setAlpha(_VEIL)
    for line in lines:
        left = float(px(_EDGE))
        painter.fillRect(QRectF(left - px(4), top, sum(taken for *_, taken in line), px(_LINE)), below)
        for entry, words, width in line:
            at = left
            if entry is not None:
                reach = px(3) if entry.shape == DOT else px(4)
                draw(painter, entry.shape, entry.colour, QPointF(at + px(5), top + px(_LINE) / 2), reach)
                at += px(_SHAPE)
            painter.setPen(theme.colour("ink2"))
            painter.drawText(QRectF(at, top, width, px(_LINE)), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
            left += width
        top += px(_LINE)
