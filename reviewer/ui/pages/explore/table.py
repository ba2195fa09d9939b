"""The table itself: rows of one height, painted by hand (explore.row_painter)."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from reviewer.ui.pages.explore.listing import HEADINGS, ITEM, LABELS, MAKER, STEPS, TIME, TITLES, Listing
from reviewer.ui.pages.explore.row_painter import Line, RowPainter, Strip
from reviewer.ui.theme import Theme

_HEIGHT = 33
_GIVE_WAY = (MAKER, TIME, STEPS)
"""Columns that go, in this order, where large text leaves no room for all; the preview beside the list says the same of the current row."""

ORDER_OF = {TIME: ("time", "oldest"), STEPS: ("steps", "time"), ITEM: ("imported", "time")}
"""Columns whose heading changes the order: to the first, or from it to the second."""


class ItemsTable(QTableView):
    """Rows of items. Arrow keys move; Shift and Ctrl choose several; what is chosen is told by `current_changed` and `chosen_changed`."""

    current_changed = Signal(int)
    chosen_changed = Signal()
    order_wanted = Signal(int)
    """A heading was pressed: its column."""
    opened = Signal()
    """Enter or a double click on a row."""

    def __init__(self, theme: Theme, listing: Listing) -> None:
        super().__init__()
        self._theme = theme
        self._listing = listing
        self.setModel(listing)
        self.setAccessibleName("Items")
        self.setObjectName("items")
        self._rows = RowPainter(theme)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setCornerButtonEnabled(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so that scrolling moves pixels and paints only what is new
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads = self.horizontalHeader()
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setHighlightSections(False)
        heads.setSectionsClickable(True)
        heads.setAccessibleName("Columns")
        heads.sectionClicked.connect(self.order_wanted)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.current_changed.emit(now.row()))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def chosen(self) -> list[int]:
        """The places of all chosen rows, in order. Ranges are kept as ranges until here, so that all of a million can be chosen."""
        spans = [(span.top(), span.bottom()) for span in self.selectionModel().selection().toList()]
        return [place for top, bottom in sorted(spans) for place in range(top, bottom + 1)]

    def chosen_count(self) -> int:
        """How many rows are chosen."""
        return sum(span.height() for span in self.selectionModel().selection().toList())

    def go_to(self, place: int) -> None:
        """Make a row current and chosen, and bring it into sight."""
        if 0 <= place < self._listing.rowCount():
            index = self._listing.index(place, TITLES)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keep_current(self, place: int | None) -> None:
        """After the list was read anew: the row at a place becomes current again; without one the current row stays, or it is the first."""
        if place is not None:
            if place != self.currentIndex().row():
                self.go_to(place)
        elif not self.currentIndex().isValid():
            self.go_to(0)

    def step(self, way: int) -> None:
        """To the next row or the one before."""
        self.go_to(max(0, min(self.currentIndex().row() + way, self._listing.rowCount() - 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Home and End go to the first and last row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers():
            self.go_to(0 if event.key() == Qt.Key.Key_Home else self._listing.rowCount() - 1)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What happened takes the room that is left."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The style sheet has new sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def lay_out(self) -> None:
        """Lay out the rows of another search now: Qt would do it after it has painted them, and paint all of them again."""
        self.executeDelayedItemsLayout()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The paper under the rows, and the rows."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.colour("panel"))
        lines = self._lines(event.rect())
        if lines:
            self._rows.paint(painter, lines, self._strips())
        painter.end()

    def _lines(self, within: QRect) -> list[Line]:
        first, last = self.rowAt(within.top()), self.rowAt(within.bottom())
        if first < 0:
            return []
        last = last if last >= 0 else self._listing.rowCount() - 1  # below the last row is paper
        top, height, current = self.rowViewportPosition(first), self.rowHeight(first), self.currentIndex().row()
        spans = [(span.top(), span.bottom()) for span in self.selectionModel().selection().toList()]
        spans = [span for span in spans if span[0] <= last and span[1] >= first]
        return [
            Line(
                top + (place - first) * height,
                height,
                self._listing.said(place),
                chosen=any(upper <= place <= lower for upper, lower in spans),
                current=place == current,
            )
            for place in range(first, last + 1)
        ]

    def _strips(self) -> list[Strip]:
        shown = [column for column in range(len(HEADINGS)) if not self.isColumnHidden(column)]
        return [Strip(column, self.columnViewportPosition(column), self.columnWidth(column)) for column in shown]

    def _fit(self) -> None:
        px, room = self._theme.px, self.viewport().width()
        wide = room > px(820)
        widths = {
            ITEM: px(70),
            MAKER: px(176 if wide else 152),
            STEPS: px(56),
            TIME: px(116 if wide else 106),
            LABELS: px(184 if wide else 176),
        }
        for column in _GIVE_WAY:
            if sum(widths.values()) + px(120) > room:
                del widths[column]
        if sum(widths.values()) + px(120) > room:
            widths[LABELS] = px(130)
        widths[TITLES] = max(px(80), room - sum(widths.values()))
        for column in range(len(HEADINGS)):
            self.setColumnHidden(column, column not in widths)
            if column in widths and self.columnWidth(column) != widths[column]:
                self.setColumnWidth(column, widths[column])

    def _take_theme(self) -> None:
        self._rows.take_theme()
        px = self._theme.px
        self.verticalHeader().setMinimumSectionSize(px(_HEIGHT))  # first: no row becomes lower than it
        self.verticalHeader().setDefaultSectionSize(px(_HEIGHT))
        self.horizontalHeader().setFixedHeight(px(32))
        self._fit()
        self.viewport().update()
