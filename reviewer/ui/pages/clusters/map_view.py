"""The map: every item a point, by what it is about. Arrow keys go from item to item, a drag around items chooses them, the wheel zooms."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui.pages.clusters.space import Space, whole
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.words import hide_tip, show_tip

if TYPE_CHECKING:
    from reviewer.operations.cluster_overview import ItemMap
    from reviewer.operations.cluster_records import Cluster
    from reviewer.ui.pages.clusters.points import Points
    from reviewer.ui.pages.clusters.regions import Region

_EDGE, _FOOT = 26, 44  # pixels of the design: around the items, and below them for the legend
_CLICK = 6  # pixels: a shorter drag is a click
_NEAR = 10  # pixels of the design: how near to an item the mouse points at it
_REST_MS = 90  # what the mouse only passes over is not named
_STEP = 60  # pixels of the design that Shift with an arrow moves
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_PANS = (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton)


class MapView(QWidget):
    """Shows the items of a run. What numpy does lies in `points`, which is loaded with the first map."""

    opened = Signal(str)
    """An item is to be read: its id."""
    pointed = Signal(str)
    """The keys or the mouse stand on another item: its id."""
    picked = Signal(int)
    """An item was clicked: the place of its cluster."""
    marked = Signal()
    """Other items are chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.points: Points | None = None
        self.space: Space | None = None
        self.mode = "verdict"
        self._clusters: Sequence[Cluster] = ()
        self._regions: dict[int, Region] = {}  # those that were looked at, by the place of their cluster
        self.cluster: int | None = None  # the place of the chosen one
        self.current: int | None = None  # the place of the item with the keys
        self._hovered: int | None = None
        self._drag: list[QPointF] = []
        self._panned: QPointF | None = None
        self._lasso: QPolygonF | None = None  # in the units of the map
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Map of items")
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._tell_hovered)
        theme.changed.connect(self._take_theme)

    # -- what it shows -----------------------------------------------------------------------------------------------------------

    def show_map(self, seen: "ItemMap", clusters: "Sequence[Cluster]") -> None:
        """Take a map. The view, the item with the keys and what is chosen stay where the items are the same."""
        from reviewer.ui.pages.clusters.points import Points

        before = self.points
        self.points = Points(self._theme, seen)
        self._clusters, self._regions = clusters, {}
        if before is not None and before.same_items(self.points):
            self.points.marked = before.marked
        else:
            self.current, self._hovered, self._lasso, self.cluster = None, None, None, None
            self.space = None
        self.points.colour_by(self.mode)
        self._tell()
        self.update()

    def colour_by(self, mode: str) -> None:
        """verdict, model, time or cluster."""
        self.mode = mode
        if self.points is not None:
            self.points.colour_by(mode)
        self.update()

    def choose_cluster(self, place: int | None) -> None:
        """Draw a circle around a cluster; where the keys are elsewhere, they go to its middle."""
        self.cluster = place
        if self.points is not None:
            self.points.ring(place)
        if place is not None and self.points is not None and self.space is not None:
            self.space = self.space.showing(self.region(place).middle)
            if self.current is None or self.points.seen.cluster[self.current] != place:
                self.current = self.points.nearest_of(place, self.region(place).middle)
                self._tell()
        self.update()

    def region(self, place: int) -> "Region":
        """Where a cluster lies, by its place."""
        from reviewer.ui.pages.clusters.regions import region_of

        assert self.points is not None  # there are clusters where there is a map
        if place not in self._regions:
            self._regions[place] = region_of(self.points.seen, place, self._clusters[place])
        return self._regions[place]

    @property
    def item(self) -> str:
        """The id of the item with the keys; empty where there is none."""
        return "" if self.current is None or self.points is None else self.points.id_of(self.current)

    @property
    def marked_items(self) -> list[str]:
        """The ids of the chosen items."""
        return [] if self.points is None else [self.points.id_of(place) for place in self.points.marked.tolist()]

    def say(self, item: str, words: str) -> None:
        """Name an item beside it, if the keys or the mouse still stand on it."""
        if self.points is None or self.space is None:
            return
        for place in (self._hovered, self.current if self.hasFocus() else None):
            if place is not None and self.points.id_of(place) == item:
                at = self.space.pixel(self.points.at(place)).toPoint()
                if self._hovered is not None:
                    show_tip(self, QRectF(at.x() - 6, at.y() - 6, 12, 12).toRect(), words)
                self.setAccessibleDescription(f"{words} Arrow keys go to other items, Space opens one.")
                return

    # -- room and view -----------------------------------------------------------------------------------------------------------

    def zoom(self, times: float, about: QPointF | None = None) -> None:
        """Closer or farther, about a pixel, else about the item with the keys or the middle."""
        space = self._space()
        if space is None or self.points is None:
            return
        if about is None:
            about = space.room.center() if self.current is None else space.pixel(self.points.at(self.current))
        self.space = space.zoomed(times, about)
        self.update()

    def show_all(self) -> None:
        """See the whole map."""
        self.space = None
        self.update()

    def mark(self) -> None:
        """Choose the item with the keys, or take it back."""
        if self.points is not None and self.current is not None:
            self._lasso = None
            self.points.toggle(self.current)
            self.marked.emit()
            self.update()

    def clear_marks(self) -> None:
        """Choose nothing."""
        if self.points is not None and (len(self.points.marked) or self._lasso is not None):
            self._lasso = None
            self.points.mark_none()
            self.marked.emit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is seen stays in the middle."""
        super().resizeEvent(event)
        if self.space is not None:
            self.space = self.space.fitted(self._whole(self.space.box).room)

    def _space(self) -> Space | None:
        if self.space is None and self.points is not None:
            self.space = self._whole(self.points.box)
        return self.space

    def _whole(self, box: QRectF) -> Space:
        px = self._theme.px
        return whole(box, QSizeF(self.size()), edge=px(_EDGE), foot=px(_FOOT))

    def _take_theme(self) -> None:
        if self.points is not None:
            self.points.colour_by(self.mode)
        if self.space is not None:
            self.space = self.space.fitted(self._whole(self.space.box).room)
        self.update()

    # -- painting ----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fills of regions, the items, edges and names of regions, what is chosen, the legend."""
        space = self._space()
        if self.points is None or space is None:
            return
        from reviewer.ui.pages.clusters import legend, regions

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = [self.region(place) for place, one in enumerate(self._clusters) if one.flagged or place == self.cluster]
        for region in shown:
            regions.paint_below(painter, self._theme, space, region)
        painter.drawImage(0, 0, self.points.image(space, self.size(), self.devicePixelRatio()))
        taken: list[QRectF] = []
        for region in shown:
            regions.paint_above(painter, self._theme, space, region, chosen=region.cluster == self.cluster, taken=taken)
        self._paint_lasso(painter, space)
        self._paint_rings(painter, space)
        legend.paint(painter, self._theme, self.points.legend, self.mode, QSizeF(self.size()))
        painter.end()

    def _paint_lasso(self, painter: QPainter, space: Space) -> None:
        line = QPolygonF(self._drag) if self._drag else None
        if line is None and self._lasso is not None:
            line = QPolygonF([space.pixel(point) for point in self._lasso.toList()])
        if line is not None:
            fill = QColor(self._theme.colour("accent"))
            fill.setAlpha(30)
            painter.setBrush(fill)
            painter.setPen(QPen(self._theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
            painter.drawPolygon(line)

    def _paint_rings(self, painter: QPainter, space: Space) -> None:
        assert self.points is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.current is not None and self.hasFocus():
            reach = self._theme.px(9)
            for colour, width in (("panel", 5.0), ("accent", 2.5)):
                painter.setPen(QPen(self._theme.colour(colour), width))
                painter.drawEllipse(space.pixel(self.points.at(self.current)), reach, reach)
        if self._hovered is not None:
            painter.setPen(QPen(self._theme.colour("ink"), 1.5))
            painter.drawEllipse(space.pixel(self.points.at(self._hovered)), self._theme.px(7), self._theme.px(7))
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)

    # -- keys --------------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next item in their direction; with Shift they move the map; Esc chooses nothing."""
        step = _ARROWS.get(Qt.Key(event.key()))
        space = self._space()
        if step is not None and space is not None:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                reach = self._theme.px(_STEP)
                self.space = space.moved(QPointF(-step[0] * reach, -step[1] * reach))
                self.update()
            else:
                self._go(*step)
        elif event.key() == Qt.Key.Key_Escape:
            self.clear_marks()
        else:
            super().keyPressEvent(event)

    def _go(self, right: int, down: int) -> None:
        space = self._space()
        if self.points is None or space is None:
            return
        if self.current is None:
            self.current = self.points.nearest(space, space.room.center())
        else:
            self.current = self.points.next_to(self.current, right, -down)
        if self.current is not None:
            self.space = space.showing(self.points.at(self.current))
        hide_tip()
        self._hovered = None
        self._tell()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keys stand on an item from the beginning."""
        super().focusInEvent(event)
        self.stand()
        self.update()

    def stand(self) -> None:
        """Put the keys on the item in the middle, where they are here and stand on none."""
        space = self._space()
        if self.hasFocus() and self.current is None and self.points is not None and space is not None:
            self.current = self.points.nearest(space, space.room.center())
            self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.update()

    def _tell(self) -> None:
        """Let a screen reader say which item the keys are on, at once what the map knows of it."""
        if self.points is not None and self.current is not None:
            said = self.points.told(self.current)
            self.setAccessibleDescription(f"{said} Arrow keys go to other items, Space opens one.")
            announce(self, said)
            self.pointed.emit(self.item)

    # -- the mouse ---------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button begins to draw around items, the others move the map."""
        self._hovered = None
        hide_tip()
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = [event.position()]
        elif event.button() in _PANS:
            self._panned = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw, move, or point."""
        at = event.position()
        if self._drag:
            if (at - self._drag[-1]).manhattanLength() > 2:
                self._drag.append(at)
                self.update()
        elif self._panned is not None and self.space is not None:
            self.space = self.space.moved(at - self._panned)
            self._panned = at
            self.update()
        else:
            self._hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A short drag is a click on an item; a longer one chooses what it goes around."""
        if event.button() in _PANS:
            self._panned = None
            self.unsetCursor()
        elif event.button() == Qt.MouseButton.LeftButton and self._drag:
            drawn, self._drag = self._drag, []
            far = max((point - drawn[0]).manhattanLength() for point in drawn)
            if far <= _CLICK or len(drawn) < 3:
                self._click(event.position())
            else:
                self._choose_within(QPolygonF(drawn))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens the item."""
        self._click(event.position())
        if self._at(event.position()) is not None:
            self.opened.emit(self.item)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Closer or farther, about the pointer."""
        self._hovered = None
        self.zoom(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        super().leaveEvent(event)
        self._hovered = None
        self._rest.stop()
        self.update()

    def _at(self, pixel: QPointF) -> int | None:
        space = self._space()
        return None if self.points is None or space is None else self.points.nearest(space, pixel, within=self._theme.px(_NEAR))

    def _hover(self, pixel: QPointF) -> None:
        place = self._at(pixel)
        if place != self._hovered:
            self._hovered = place
            if place is None:
                hide_tip()
            self._rest.start()
            self.update()

    def _tell_hovered(self) -> None:
        if self._hovered is not None and self.points is not None:
            self.pointed.emit(self.points.id_of(self._hovered))

    def _click(self, pixel: QPointF) -> None:
        place = self._at(pixel)
        if self.points is None:
            return
        if place is None:
            around = None if len(self.points.marked) else self._region_at(pixel)
            self.clear_marks()
            if around is not None:
                self.picked.emit(around)
            return
        self.current = place
        self._tell()
        self.picked.emit(int(self.points.seen.cluster[place]))
        self.update()

    def _region_at(self, pixel: QPointF) -> int | None:
        """The flagged region in whose circle a pixel lies, the smallest first."""
        from reviewer.ui.pages.clusters.regions import radius

        space = self._space()
        if space is None:
            return None
        shown = [self.region(place) for place, one in enumerate(self._clusters) if one.flagged]
        around = [one for one in shown if QLineF(space.pixel(one.middle), pixel).length() <= radius(self._theme, space, one)]
        return min(around, key=lambda one: one.radius).cluster if around else None

    def _choose_within(self, drawn: QPolygonF) -> None:
        space = self._space()
        if self.points is not None and space is not None:
            self._lasso = QPolygonF([space.place(point) for point in drawn.toList()])
            self.points.mark_within(space, drawn, self.size())
            self.marked.emit()
            self.update()
