"""The items of the map as arrays: painted, found by the mouse and the keys, chosen. 100,000 of them take a few milliseconds a frame."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from reviewer.operations.cluster_overview import ItemMap
from reviewer.ui.pages.clusters import colouring
from reviewer.ui.pages.clusters.colouring import SHAPES, WAITING, WORDS, Colouring, Entry, Group
from reviewer.ui.pages.clusters.space import Space
from reviewer.ui.pages.clusters.stamps import DOT, ROUND, Sheet, stamp
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.times import count

Places = NDArray[np.int64]

_SIZES = {DOT: (2.2, 1.4, 1.1), ROUND: (4.0, 2.8, 2.0)}  # of the design: where there are few, many, very many of a kind
_WIDE = 1.8  # pixels of the edge around chosen items
_MANY, _VERY_MANY = 3_000, 15_000


class Layer(NamedTuple):
    """How one layer of items looks. reach: device pixels."""

    shape: int
    colour: QColor
    reach: float


class Points:
    """One map, coloured one way. marked: places of the chosen items."""

    def __init__(self, theme: Theme, seen: ItemMap) -> None:
        self._theme, self.seen = theme, seen
        self._x, self._y = np.ascontiguousarray(seen.points[:, 0]), np.ascontiguousarray(seen.points[:, 1])
        low, high = seen.points.min(axis=0), seen.points.max(axis=0)
        self.box = QRectF(QPointF(*map(float, low)), QPointF(*map(float, high)))
        self.marked: Places = np.empty(0, np.int64)
        self._ringed = self.marked
        self._coloured = Colouring((), ())
        self._kept: tuple[object, QImage, Sheet] | None = None

    @property
    def legend(self) -> tuple[Entry, ...]:
        """What shapes and colours mean."""
        return self._coloured.legend

    @property
    def groups(self) -> tuple[Group, ...]:
        """The items by how they look."""
        return self._coloured.groups

    def same_items(self, other: "Points") -> bool:
        """Whether another map has the same items at the same places."""
        return np.array_equal(self.seen.ids, other.seen.ids) and np.array_equal(self.seen.points, other.seen.points)

    def colour_by(self, mode: str) -> None:
        """Take other colours: verdict, model, time or cluster."""
        self._coloured = colouring.MODES[mode](self._theme, self.seen)
        self._kept = None

    # -- painting ----------------------------------------------------------------------------------------------------------------

    def image(self, space: Space, size: QSize, ratio: float) -> QImage:
        """The items as a transparent picture; the same one as long as nothing moved. ratio: device pixels of one pixel."""
        key = space, size.toTuple(), ratio
        if self._kept is None or self._kept[0] != key:
            sheet = Sheet(round(size.width() * ratio), round(size.height() * ratio))
            self._paint(sheet, space, ratio)
            self._kept = key, sheet.image(ratio), sheet
        return self._kept[1]

    def _paint(self, sheet: Sheet, space: Space, ratio: float) -> None:
        reach = {kind: self._reach(space, kind) * ratio for kind in (DOT, ROUND)}
        self._put(sheet, space, ratio, Layer(ROUND, self._theme.colour("accent"), reach[ROUND] + _WIDE * ratio), self.marked)
        said, ink = self.seen.verdict[self._ringed], self._theme.colour("ink")
        for verdict, shape in SHAPES.items():
            size = reach[DOT if shape == DOT else ROUND]
            layers = [(Layer(shape, group.colour, size), group.places) for group in self._coloured.groups if group.shape == shape]
            chosen = self._ringed[said == verdict]
            if shape == DOT and len(layers) == 1:  # quiet dots, which say nothing by their colour, are painted over
                layers.append((Layer(shape, ink, size + 0.6 * ratio), chosen))
            else:
                layers.insert(0, (Layer(shape, ink, size + _WIDE * ratio), chosen))
            for one, places in layers:
                self._put(sheet, space, ratio, one, places)

    def _put(self, sheet: Sheet, space: Space, ratio: float, layer: "Layer", places: Places) -> None:
        """A shape at some of the items."""
        if len(places):
            x, y = space.across(self._x[places]), space.down(self._y[places])
            sheet.put(stamp(*layer), x * np.float32(ratio), y * np.float32(ratio))

    def _reach(self, space: Space, kind: int) -> float:
        """The size of a kind of shape, by how many of it there are where one looks."""
        reviewed = self.seen.verdict > 0
        there = int((~reviewed if kind == DOT else reviewed).sum()) / space.zoom
        few, many, very_many = _SIZES[kind]
        return self._theme.px(100) / 100 * (few if there < _MANY else many if there < _VERY_MANY else very_many)

    # -- finding -----------------------------------------------------------------------------------------------------------------

    def id_of(self, place: int) -> str:
        """The id of an item."""
        return bytes(self.seen.ids.view("V32")[place]).hex()  # as bytes that end in zeros, which numpy's strings lose

    def place_of(self, item: str) -> int | None:
        """The place of an item, by its id."""
        name = np.array([bytes.fromhex(item)], "S32")
        at = int(np.searchsorted(self.seen.ids, name)[0])
        return at if at < len(self.seen.ids) and self.seen.ids[at] == name[0] else None

    def at(self, place: int) -> QPointF:
        """Where an item lies, in the units of the map."""
        return QPointF(float(self._x[place]), float(self._y[place]))

    def told(self, place: int) -> str:
        """What the map knows of an item."""
        said = WAITING if self.seen.waiting[place] else WORDS[int(self.seen.verdict[place])]
        return f"Item {self.id_of(place)[:8]}: {said}."

    def nearest(self, space: Space, pixel: QPointF, *, within: float = np.inf) -> int | None:
        """The item nearest to a pixel; None where none is as near as `within` pixels. Of those at one place, the one painted last."""
        at = space.place(pixel)
        apart = np.hypot(self._x - np.float32(at.x()), self._y - np.float32(at.y()))
        least = apart.min()
        if least * space.scale > within:
            return None
        same = np.flatnonzero(apart <= least + 0.5 / space.scale)
        return int(same[np.argmax(self.seen.verdict[same])])

    def nearest_of(self, cluster: int, middle: QPointF) -> int:
        """The item of a cluster that is nearest to its middle."""
        mine = np.flatnonzero(self.seen.cluster == cluster)
        apart = np.hypot(self._x[mine] - np.float32(middle.x()), self._y[mine] - np.float32(middle.y()))
        return int(mine[apart.argmin()])

    def next_to(self, place: int, right: int, up: int) -> int:
        """The nearest item in a direction, itself where there is none. right, up: -1, 0 or 1."""
        x, y = self._x - self._x[place], self._y - self._y[place]
        ahead, aside = (x * right, np.abs(y)) if right else (y * up, np.abs(x))
        there = (ahead > 0) & (aside <= ahead)
        if not there.any():
            return place
        return int(np.where(there, ahead + 2 * aside, np.inf).argmin())

    def ring(self, cluster: int | None) -> None:
        """Bring out the items of a cluster: a circle around most of them holds others too."""
        self._ringed = np.flatnonzero(self.seen.cluster == cluster) if cluster is not None else np.empty(0, np.int64)
        self._kept = None

    # -- choosing ----------------------------------------------------------------------------------------------------------------

    def toggle(self, place: int) -> None:
        """Choose an item, or take it back."""
        self.marked = np.setxor1d(self.marked, [place])
        self._kept = None

    def mark_none(self) -> None:
        """Choose nothing."""
        self.marked = np.empty(0, np.int64)
        self._kept = None

    def mark_within(self, space: Space, drawn: QPolygonF, size: QSize) -> None:
        """Choose the items that a line goes around. drawn: in pixels of a view of this size."""
        mask = QImage(size, QImage.Format.Format_Grayscale8)
        mask.fill(0)
        painter = QPainter(mask)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        painter.drawPolygon(drawn)
        painter.end()
        inside = np.frombuffer(mask.constBits(), np.uint8).reshape(size.height(), mask.bytesPerLine())
        across, down = space.across(self._x).astype(np.int64), space.down(self._y).astype(np.int64)
        seen = np.flatnonzero((across >= 0) & (across < size.width()) & (down >= 0) & (down < size.height()))
        self.marked = seen[inside[down[seen], across[seen]] > 0]
        self._kept = None

    def told_of_marked(self) -> str:
        """“37 items chosen: 12 reviewed, 5 of these non-compliant”; empty where none are."""
        chosen = self.seen.verdict[self.marked]
        if not len(chosen):
            return ""
        reviewed, broken = int(((chosen == 1) | (chosen == 2)).sum()), int((chosen == 2).sum())
        return f"{count(len(chosen), 'item')} chosen: {reviewed:,} reviewed, {broken:,} of these non-compliant"
