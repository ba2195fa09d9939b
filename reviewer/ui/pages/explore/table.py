"""The table itself: rows of one height, painted by hand, with nothing in them that could be anything but text."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from reviewer.ui.pages.explore.listing import HEADINGS, ITEM, LABELS, MAKER, STEPS, TIME, TITLES, Listing
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import SHAPES

_HEIGHT = 33
_PAD = 8
_MEASURED = 4_000
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)
_GIVE_WAY = (MAKER, TIME, STEPS)
"""Columns that go, in this order, where large text leaves no room for all; the preview beside the list says the same of the current row."""
_Index = QModelIndex | QPersistentModelIndex

ORDER_OF = {TIME: ("time", "oldest"), STEPS: ("steps", "time"), ITEM: ("imported", "time")}
"""Columns whose heading changes the order: to the first, or from it to the second."""


class Cells(QStyledItemDelegate):
    """Paints the cells in the colours of the theme. It is called for every cell in sight at every step: nothing is made anew here."""

    def __init__(self, theme: Theme, view: "ItemsTable", listing: Listing) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._listing = listing
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def _take_theme(self) -> None:
        theme = self._theme
        names = ("ink", "ink2", "ink3", "line", "soft", "accent", "accent_soft", "ok", "ok_soft", "bad", "bad_soft", "warn", "warn_soft")
        self._colours = {name: theme.colour(name) for name in names}
        self._line = QPen(self._colours["line"], 1)
        self._sans, self._small, self._mono = theme.font(), theme.font(12, QFont.Weight.Medium), theme.mono(11)
        self._metrics = {id(font): QFontMetrics(font) for font in (self._sans, self._small, self._mono)}
        self._pad, self._round, self._tall = theme.px(_PAD), theme.px(18), theme.px(20)
        self._cut: dict[tuple[str, int], str] = {}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """All rows are of one height."""
        return QSize(40, self._theme.px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """One cell."""
        rect: QRect = option.rect
        column, place = index.column(), index.row()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._colours["accent_soft"])
        if column == ITEM and self._view.currentIndex().row() == place:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), self._colours["accent"])
        painter.setPen(self._line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inside = rect.adjusted(self._pad, 0, -self._pad, -1)
        said = self._listing.said(place)
        if said is None:
            self._text(painter, inside, "…", self._sans, "ink3")
        elif column == LABELS:
            self._pill(painter, inside, said.cells[LABELS], said.kind)
        else:
            ink = "ink3" if column == TITLES and not said.titled else "ink"
            self._text(painter, inside, said.cells[column], self._mono if column == ITEM else self._sans, ink, right=column == STEPS)

    def _text(self, painter: QPainter, rect: QRect, words: str, font: QFont, ink: str, *, right: bool = False) -> None:
        painter.setFont(font)
        painter.setPen(self._colours[ink])
        painter.drawText(rect, _RIGHT if right else _LEFT, self._fitting(words, font, rect.width()))

    def _pill(self, painter: QPainter, rect: QRect, state: str, kind: str) -> None:
        words = self._fitting(f"{SHAPES[kind]} {state}".strip(), self._small, rect.width() - self._round)
        wide = self._metrics[id(self._small)].horizontalAdvance(words) + self._round
        pill = QRectF(rect.left(), rect.center().y() - self._tall / 2 + 0.5, wide, self._tall)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours["soft" if kind == "plain" else f"{kind}_soft"])
        painter.drawRoundedRect(pill, self._tall / 2, self._tall / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._small)
        painter.setPen(self._colours["ink2" if kind == "plain" else kind])
        painter.drawText(pill, _CENTRE, words)

    def _fitting(self, words: str, font: QFont, width: int) -> str:
        """The words as far as there is room; measured once."""
        key = (words, width)
        cut = self._cut.get(key)
        if cut is None:
            if len(self._cut) > _MEASURED:
                self._cut.clear()
            cut = self._cut[key] = self._metrics[id(font)].elidedText(words, Qt.TextElideMode.ElideRight, width)
        return cut


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
        self.setItemDelegate(Cells(theme, self, listing))
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """The paper under the rows, and the rows."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.colour("panel"))
        painter.end()
        super().paintEvent(event)

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
        px = self._theme.px
        self.verticalHeader().setDefaultSectionSize(px(_HEIGHT))
        self.verticalHeader().setMinimumSectionSize(px(_HEIGHT))
        self.horizontalHeader().setFixedHeight(px(32))
        self._fit()
        self.viewport().update()
