"""Painting very many small shapes: each is a stamp of a few pixels, put into the bytes of a picture at all its places at once.

QPainter would need a call a shape; 100,000 of them take longer than a frame may. Loaded with the first map, since it needs numpy.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPolygonF

Pixels = NDArray[np.uint32]
Places = NDArray[np.int64]
EDGE = 40  # pixels around the picture in which a shape may lie, so that none has to be clipped
REACH = 17  # of a shape, at most: then it lies in half of the edge
DOT, ROUND, TRIANGLE, SQUARE = range(4)


class Stamp(NamedTuple):
    """Where a shape has pixels, beside its middle, and their colours: premultiplied, as Qt keeps them. Shapes (pixels,)."""

    down: Places
    right: Places
    colour: Pixels


class Sheet:
    """A transparent picture of some size, in device pixels, to put stamps on."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._row = width + 2 * EDGE
        self._whole = np.zeros((height + 2 * EDGE) * self._row, np.uint32)

    def put(self, stamp: Stamp, x: NDArray[np.float32], y: NDArray[np.float32]) -> int:
        """Put a stamp at many places, device pixels. Returns how many of them lie on the sheet."""
        seen = (x > -EDGE / 2) & (x < self._width + EDGE / 2) & (y > -EDGE / 2) & (y < self._height + EDGE / 2)
        across, down = (one[seen].astype(np.int64) + EDGE for one in (x, y))
        at = self._once(down * self._row + across)
        for dy, dx, colour in zip(stamp.down.tolist(), stamp.right.tolist(), stamp.colour, strict=True):
            self._whole[at + (dy * self._row + dx)] = colour
        return int(seen.sum())

    def image(self, ratio: float) -> QImage:
        """The picture, whose memory this sheet holds. ratio: device pixels of one pixel."""
        start = EDGE * self._row + EDGE
        part = self._whole[start : start + self._height * self._row]
        image = QImage(part.data.cast("B"), self._width, self._height, self._row * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        return image

    def _once(self, at: Places) -> Places:
        """Each place once, in order: of a crowd, most lie upon each other, and memory is written from one end to the other."""
        if len(at) < len(self._whole) // 64:
            return at  # a look at the whole sheet would take longer
        taken = np.zeros(len(self._whole), np.bool_)
        taken[at] = True
        return np.flatnonzero(taken)


def stamp(shape: int, colour: QColor, reach: float) -> Stamp:
    """A shape of a size in device pixels, made once."""
    return _stamp(shape, colour.rgba(), round(reach, 2))


@lru_cache(maxsize=256)
def _stamp(shape: int, colour: int, reach: float) -> Stamp:
    """A shape as Qt draws it with smooth edges. reach: from its middle to its edge, device pixels; at most REACH."""
    side, reach = 2 * EDGE, min(reach, REACH)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, shape, QColor.fromRgba(colour), QPointF(EDGE + 0.5, EDGE + 0.5), reach)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(side, side)
    down, right = np.nonzero(pixels)
    solid = np.argsort(pixels[down, right] >> 24, kind="stable")  # full pixels last: where two shapes overlap, none has a hole
    down, right = down[solid], right[solid]
    return Stamp(down - EDGE, right - EDGE, pixels[down, right])


def draw(painter: QPainter, shape: int, colour: QColor, at: QPointF, reach: float) -> None:
    """One shape: a dot or a round for what is not reviewed or compliant, a triangle for non-compliant, a hollow square for unsure."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if shape == TRIANGLE:
        corners = ((-1.15, 0.9), (1.15, 0.9), (0.0, -1.15))
        painter.drawPolygon(QPolygonF([QPointF(at.x() + x * reach, at.y() + y * reach) for x, y in corners]))
    elif shape == SQUARE:
        side, open_ = 0.95 * reach, 0.45 * reach  # a frame: a full one would look like a round where it is small
        frame = QPainterPath()
        for half in (side, open_):
            frame.addRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
        painter.drawPath(frame)
    else:
        painter.drawEllipse(at, reach, reach)
