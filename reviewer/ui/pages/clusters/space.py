"""What part of the map is on screen: from places of items to pixels, and back."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLOSEST = 60.0  # times as close as where all is seen


@dataclass(frozen=True, slots=True)
class Space:
    """box: of all items, in their own units, y upwards. room: where it is shown, pixels, y downwards. zoom: 1 shows all of it; middle: what
    is at the middle of the room."""

    box: QRectF
    room: QRectF
    zoom: float
    middle: QPointF

    @property
    def scale(self) -> float:
        """Pixels of one unit."""
        return self.zoom * min(self.room.width() / max(self.box.width(), 1e-9), self.room.height() / max(self.box.height(), 1e-9))

    def across(self, x: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Pixels from the left."""
        return (x - self.middle.x()) * self.scale + self.room.center().x()

    def down(self, y: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Pixels from the top."""
        return (self.middle.y() - y) * self.scale + self.room.center().y()

    def pixel(self, place: QPointF) -> QPointF:
        """Where a place is on screen."""
        at = (place - self.middle) * self.scale
        return QPointF(at.x(), -at.y()) + self.room.center()

    def place(self, pixel: QPointF) -> QPointF:
        """What place is at a pixel."""
        at = (pixel - self.room.center()) / self.scale
        return QPointF(at.x(), -at.y()) + self.middle

    def fitted(self, room: QRectF) -> "Space":
        """The same in another room."""
        return replace(self, room=room)

    def zoomed(self, times: float, about: QPointF) -> "Space":
        """Closer or farther, with what is at a pixel staying there; never farther than all of it."""
        held = self.place(about)
        closer = replace(self, zoom=min(max(self.zoom * times, 1.0), CLOSEST))
        if closer.zoom == 1.0:
            return replace(closer, middle=self.box.center())
        return closer._kept(closer.middle + held - closer.place(about))

    def moved(self, by: QPointF) -> "Space":
        """Shifted by some pixels; the middle of the room stays within the box."""
        return self._kept(self.middle + QPointF(-by.x(), by.y()) / self.scale)

    def showing(self, place: QPointF) -> "Space":
        """Shifted as far as it takes for a place to be seen."""
        pixel, inside = self.pixel(place), self.room
        x = min(max(pixel.x(), inside.left()), inside.right()) - pixel.x()
        y = min(max(pixel.y(), inside.top()), inside.bottom()) - pixel.y()
        return self if not (x or y) else self._kept(self.middle + QPointF(-x, y) / self.scale)

    def _kept(self, middle: QPointF) -> "Space":
        box = self.box
        x = min(max(middle.x(), box.left()), box.right())
        y = min(max(middle.y(), box.top()), box.bottom())
        return replace(self, middle=QPointF(x, y))


def whole(box: QRectF, size: QSizeF, *, edge: float, foot: float) -> Space:
    """All of the map in a widget of some size. edge: pixels around it; foot: below it, for the legend."""
    room = QRectF(edge, edge, max(size.width() - 2 * edge, 1.0), max(size.height() - 2 * edge - foot, 1.0))
    return Space(box, room, 1.0, box.center())
