"""The widget that shows a drawing: arrow keys go from figure to figure, Return opens the labels behind one, Space says what it rests on."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.charts.drawing import Drawing
from reviewer.ui.widgets.charts.look import on_screen
from reviewer.ui.widgets.charts.marks import Mark, told
from reviewer.ui.widgets.words import hide_tip, show_tip

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NO_SEARCH = "no search can name this part of the items, so the labels behind it cannot be opened."
_NARROWEST = 160  # pixels of the design


class Chart(QWidget):
    """Shows a drawing. A screen reader hears the figure that the keys stand on: its name, its value and what it rests on."""

    opened = Signal(str)
    """The query of the figure whose labels are wanted."""
    moved = Signal(object)
    """The keys went to another figure: where it is, QRect in the chart."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._drawing: Drawing | None = None
        self._current = 0
        self._pointed: int | None = None
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._take_theme)

    # -- what it shows -----------------------------------------------------------------------------------------------------------

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._drawing

    @property
    def current(self) -> int:
        """The place of the figure that the keys stand on."""
        return self._current

    @property
    def mark(self) -> Mark | None:
        """The figure that the keys stand on."""
        marks = self._drawing.marks if self._drawing is not None else ()
        return marks[self._current] if marks else None

    def show_drawing(self, drawing: Drawing) -> None:
        """Take a drawing. The keys stay on the figure of the same name; nothing is painted anew where nothing has moved."""
        if drawing == self._drawing:
            return
        before = self.mark
        self._drawing = drawing
        names = [mark.name for mark in drawing.marks]
        if before is not None and before.name in names:
            self._current = names.index(before.name)
        else:
            self._current = max(min(self._current, len(names) - 1), 0)
        self._pointed = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if names else Qt.FocusPolicy.NoFocus)
        self._tell()
        self.updateGeometry()
        self.update()

    def take_focus(self) -> bool:
        """Go to the figure that the keys stood on last. False where there is none."""
        if self.mark is None:
            return False
        self.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def open_current(self) -> None:
        """Ask for the labels behind the figure with the keys; where no search can find them, say so."""
        mark = self.mark
        if mark is not None and mark.query:
            self.opened.emit(mark.query)
        elif mark is not None:
            said = f"{mark.name}: {_NO_SEARCH}"
            show_tip(self, self._place(self._current).toRect(), said)
            announce(self, said)

    def show_basis(self) -> None:
        """Say in a note beside the figure with the keys all that is known of it."""
        mark = self.mark
        if mark is not None:
            show_tip(self, self._place(self._current).toRect(), f"{mark.name}. {told(mark)}")

    # -- room --------------------------------------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """A narrow chart may need more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the drawing needs."""
        return 0 if self._drawing is None else round(self._drawing.height(on_screen(self._theme), width))

    def sizeHint(self) -> QSize:
        """Wide enough for words beside the scale."""
        width = self._theme.px(2 * _NARROWEST)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Its height follows from its width."""
        return QSize(self._theme.px(_NARROWEST), 0)

    # -- painting ----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing, a quiet fill behind what the mouse points at, and a ring around the figure with the keys."""
        if self._drawing is None:
            return
        look = on_screen(self._theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._pointed is not None:
            painter.fillRect(self._place(self._pointed), look.colour("soft"))
        self._drawing.paint(painter, look, QSizeF(self.size()))
        if self.hasFocus() and self._drawing.marks:
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = self._place(self._current).adjusted(1, 1, -1, -1).intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))
            painter.drawRoundedRect(ring, look.px(6), look.px(6))
        painter.end()

    def _place(self, which: int) -> QRectF:
        assert self._drawing is not None
        return self._drawing.places(on_screen(self._theme), QSizeF(self.size()))[which]

    def _take_theme(self) -> None:
        self.updateGeometry()
        self.update()

    # -- keys and mouse ----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End move; Return opens; Space says the basis."""
        key = Qt.Key(event.key())
        last = len(self._drawing.marks) - 1 if self._drawing is not None else -1
        if key in _STEPS:
            self._go(min(max(self._current + _STEPS[key], 0), last))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key == Qt.Key.Key_Home else last)
        elif key in _OPENS:
            self.open_current()
        elif key == Qt.Key.Key_Space:
            self.show_basis()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring appears, and the page brings the figure into view."""
        super().focusInEvent(event)
        self.update()
        if self.mark is not None:
            self.moved.emit(self._place(self._current).toAlignedRect())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is pointed at is filled."""
        self._point(self._at(event.position()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._point(None)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the labels, as it does of every row of figures."""
        which = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and which is not None:
            self._go(which)
            self.open_current()
        else:
            super().mouseReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Hovering says what the figure rests on."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            which = self._at(QPointF(event.pos()))
            if which is not None and self._drawing is not None:
                mark = self._drawing.marks[which]
                show_tip(self, self._place(which).toRect(), f"{mark.name}. {told(mark)}", at=event.globalPos())
            else:
                hide_tip()
            return True
        return super().event(event)

    def _at(self, point: QPointF) -> int | None:
        if self._drawing is None:
            return None
        places = self._drawing.places(on_screen(self._theme), QSizeF(self.size()))
        return next((which for which, place in enumerate(places) if place.contains(point)), None)

    def _point(self, which: int | None) -> None:
        if which != self._pointed:
            self._pointed = which
            opens = which is not None and self._drawing is not None and bool(self._drawing.marks[which].query)
            self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
            self.update()

    def _go(self, which: int) -> None:
        if which < 0:
            return
        hide_tip()
        self._current = which
        self._tell()
        self.update()
        self.moved.emit(self._place(which).toAlignedRect())

    def _tell(self) -> None:
        """Let a screen reader say the figure with the keys."""
        assert self._drawing is not None
        mark = self.mark
        self.setAccessibleName(f"{self._drawing.title}: {mark.name}" if mark is not None else self._drawing.title)
        keys = "Arrow keys go to other figures."
        opens = " Opens the labels behind it." if mark is not None and mark.query else ""
        self.setAccessibleDescription(f"{told(mark)}{opens} {keys}" if mark is not None else "")
