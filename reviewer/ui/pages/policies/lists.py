"""The two lists at the left: policies as papers, clauses as lines with how often they are cited. Painted by hand: only ever text."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from reviewer.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_LINE = int(Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter)


class Row(NamedTuple):
    """A row. key: what it stands for; note: below the words on a paper, at the right end of a line; spoken: all, for a screen reader."""

    key: str
    words: str
    note: str
    spoken: str
    faint: bool = False


class Rows(QAbstractListModel):
    """The rows of a list."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words to show, and words to read out."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None


class _Painting(QStyledItemDelegate):
    """Paints a row in the colours of the theme."""

    def __init__(self, theme: Theme, view: "RowList", *, papers: bool) -> None:
        super().__init__(view)
        self._theme, self._view, self._papers = theme, view, papers

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """All rows of a list are of one height."""
        return QSize(40, self._theme.px(62 if self._papers else 26))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """One row."""
        row = self._view.rows[index.row()]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ring = chosen and self._view.hasFocus()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._papers:
            self._paper(painter, option.rect, row, chosen=chosen, ring=ring)
        else:
            self._line(painter, option.rect, row, chosen=chosen, ring=ring)
        painter.restore()

    def _paper(self, painter: QPainter, rect: QRect, row: Row, *, chosen: bool, ring: bool) -> None:
        px, colour = self._theme.px, self._theme.colour
        paper = QRectF(rect).adjusted(1, 1, -1, -px(6))
        painter.setPen(QPen(colour("accent" if chosen else "line"), 2 if ring else 1))
        painter.setBrush(colour("accent_soft" if chosen else "panel"))
        painter.drawRoundedRect(paper, 8, 8)
        inside = paper.toRect().adjusted(px(11), px(8), -px(11), -px(8))
        half = inside.height() // 2
        self._text(painter, inside.adjusted(0, 0, 0, -half), row.words, self._theme.font(13, QFont.Weight.DemiBold), "ink")
        self._text(painter, inside.adjusted(0, half, 0, 0), row.note, self._theme.font(), "ink2")

    def _line(self, painter: QPainter, rect: QRect, row: Row, *, chosen: bool, ring: bool) -> None:
        px, colour = self._theme.px, self._theme.colour
        if chosen:
            painter.setPen(QPen(colour("accent"), 2) if ring else Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_soft"))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 6, 6)
        inside = rect.adjusted(px(6), 0, -px(6), 0)
        note = self._theme.font()
        room = QFontMetrics(note).horizontalAdvance(row.note) + px(8)
        self._text(painter, inside, row.note, note, "ink3", right=True)
        words = self._theme.font(13, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        self._text(painter, inside.adjusted(0, 0, -room, 0), row.words, words, "accent" if chosen else "ink3" if row.faint else "ink")

    def _text(self, painter: QPainter, rect: QRect, words: str, font: QFont, ink: str, *, right: bool = False) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(ink))
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, _LINE | int(align), fitting(QFontMetrics(font), words, rect.width()))


def fitting(metrics: QFontMetrics, words: str, width: int) -> str:
    """As many of the words as a width, pixels, has room for. Where not even the first fits, which may be the key of a clause, its end
    stays, since keys of one policy often begin alike."""
    first = words.partition(" ")[0]
    if metrics.horizontalAdvance(words) <= width or metrics.horizontalAdvance(f"{first} …") <= width:
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)
    return metrics.elidedText(first, Qt.TextElideMode.ElideMiddle, width)


class RowList(QListView):
    """Rows of which one is current. Up and Down move; Enter or a double click opens."""

    moved = Signal(str)
    """The key of the row that became current."""
    opened = Signal(str)

    def __init__(self, theme: Theme, name: str, *, papers: bool = False) -> None:
        """papers: two lines on a paper each, instead of one line."""
        super().__init__()
        self._rows = Rows()
        self._quiet = False
        self.setModel(self._rows)
        self.setAccessibleName(name)
        self.setItemDelegate(_Painting(theme, self, papers=papers))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(lambda _index: self.opened.emit(self.key))
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is listed."""
        return self._rows.rows

    @property
    def key(self) -> str:
        """What the current row stands for; empty where there is none."""
        place = self.currentIndex().row()
        return self.rows[place].key if 0 <= place < len(self.rows) else ""

    def show_rows(self, rows: Sequence[Row], *, keep: str = "") -> None:
        """List these. keep: the key of the row that is to be current; else the first one is."""
        self._quiet = True
        self._rows.show_rows(rows)
        place = next((place for place, row in enumerate(rows) if row.key == keep), 0)
        self.setCurrentIndex(self._rows.index(place))
        self._quiet = False

    def step(self, by: int) -> None:
        """Go up or down."""
        goal = min(max(self.currentIndex().row() + by, 0), len(self.rows) - 1)
        self.setCurrentIndex(self._rows.index(goal))

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Tell which row it is."""
        super().currentChanged(current, previous)
        if not self._quiet and self.key:
            self.moved.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are keys of the page, not the beginning of a row's words."""
        if event.text().isprintable() and event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.key)
        else:
            super().keyPressEvent(event)
