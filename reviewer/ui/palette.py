"""The command palette: type a few letters, get every action that can be done now and the items that match."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from reviewer.domain.ranking import Name, typed_words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_label

_INDEX = QModelIndex | QPersistentModelIndex
_AFTER_TYPING_MS = 120
_ROW = 36


class Hit(NamedTuple):
    """One row: what it is, what kind of thing, its key if it has one, and what choosing it does. also: words that find it, not shown."""

    title: str
    detail: str
    keys: str
    choose: Callable[[], None]
    also: str = ""


FindItems = Callable[[str, Callable[[Sequence[Hit]], None]], None]
"""Asked with the text and a function that takes the hits, now or later, on the UI thread."""


def rank(typed: str, title: str, about: str = "") -> float | None:
    """How well a title answers what was typed (domain.ranking); of equals the shorter is the better one."""
    score = Name(title, about).score(typed_words(typed))
    return None if score is None else score - len(title) / 1000


def best(typed: str, hits: Sequence[Hit], limit: int = 50) -> list[Hit]:
    """The hits that answer what was typed, the best first; the order given where they are equal."""
    ranked = [
        (score, -place, hit) for place, hit in enumerate(hits) if (score := rank(typed, hit.title, f"{hit.detail} {hit.also}")) is not None
    ]
    if not typed.strip():
        return [hit for _score, _place, hit in ranked][:limit]
    return [hit for _score, _place, hit in sorted(ranked, key=lambda row: (-row[0], -row[1]))][:limit]


class Palette(QDialog):
    """A field over a list, over the window. Enter does the chosen row, Esc closes, the arrows move while the field keeps the focus."""

    def __init__(self, theme: Theme, window: QWidget, hits: Sequence[Hit], find_items: FindItems | None = None) -> None:
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self.setWindowTitle("All actions")
        self.setAccessibleName("All actions")
        self.setModal(True)
        self._hits = hits
        self._find_items = find_items
        self._asked = ""
        self._wait = QTimer(self, singleShot=True, interval=_AFTER_TYPING_MS)
        self._wait.timeout.connect(self._ask_items)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.field = QLineEdit()
        self.field.setObjectName("palette-field")
        self.field.setPlaceholderText("Search items and actions")
        self.field.setAccessibleName("Search items and actions")
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._typed)
        self.list = QListView()
        self.list.setObjectName("palette-list")
        self.list.setAccessibleName("What was found")
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self._theme = theme
        self._rows = _Rows()
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_RowPainter(theme, self.list))
        self.list.clicked.connect(lambda index: self._do(index.row()))
        self._nothing = plain_label("Nothing is called that here.", tone="muted")
        self._nothing.setContentsMargins(14, 10, 14, 14)
        for part in (self.field, self.list, self._nothing):
            column.addWidget(part)
        self._width = self._most_rows = 0
        self._typed("")
        width = min(theme.px(600), window.width() - 40)
        self._width, self._most_rows = width, max(3, min(10, (window.height() - 160) // theme.px(_ROW)))
        self._fit()
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, max(40, window.height() // 8))))
        self.field.setFocus()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """Keys that move in the list or choose from it, though the field has the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.currentIndex().row())
                return True
        return super().eventFilter(target, event)

    def done(self, result: int) -> None:
        """Close; items are no longer asked for."""
        self._wait.stop()
        super().done(result)

    def _move(self, step: int) -> None:
        count = self._rows.rowCount()
        if count:
            row = self.list.currentIndex().row() + step
            row = row % count if abs(step) == 1 else max(0, min(count - 1, row))
            self.list.setCurrentIndex(self._rows.index(row))

    def _do(self, row: int) -> None:
        hit = self._rows.hit(row)
        if hit is not None:
            self.accept()
            hit.choose()

    def _typed(self, text: str) -> None:
        self._show(best(text, self._hits))
        if self._find_items is not None and text.strip():
            self._wait.start()

    def _ask_items(self) -> None:
        text = self._asked = self.field.text()
        if self._find_items is not None:
            self._find_items(text, lambda found: self._take_items(text, found))

    def _take_items(self, text: str, found: Sequence[Hit]) -> None:
        if text == self.field.text() and self.isVisible():
            self._show([*best(text, self._hits), *found], keep=True)

    def _show(self, hits: Sequence[Hit], *, keep: bool = False) -> None:
        row = self.list.currentIndex().row() if keep else 0
        self._rows.take(hits)
        self.list.setVisible(bool(hits))
        self._nothing.setVisible(not hits)
        if hits:
            self.list.setCurrentIndex(self._rows.index(max(0, min(row, len(hits) - 1))))
        self._fit()

    def _fit(self) -> None:
        """As high as what was found, ten rows at most."""
        if self._most_rows:
            shown = min(self._rows.rowCount(), self._most_rows) * self._theme.px(_ROW) + 8
            below = shown if self._rows.rowCount() else self._nothing.sizeHint().height()
            self.setFixedSize(self._width, self.field.sizeHint().height() + below + 2)


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._hits: Sequence[Hit] = ()

    def take(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def hit(self, row: int) -> Hit | None:
        return self._hits[row] if 0 <= row < len(self._hits) else None

    def rowCount(self, _parent: _INDEX | None = None) -> int:
        return len(self._hits)

    def data(self, index: _INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        hit = self._hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{hit.title}, {hit.detail}" + (f", key {hit.keys}" if hit.keys else "")
        return hit if role == Qt.ItemDataRole.UserRole else None


class _RowPainter(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _INDEX) -> QSize:
        return QSize(100, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _INDEX) -> None:
        hit: Hit = index.data(Qt.ItemDataRole.UserRole)
        view = option.widget
        chosen = isinstance(view, QListView) and view.currentIndex().row() == index.row()
        theme, box = self._theme, option.rect.adjusted(6, 1, -6, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(theme.colour("accent"))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 6, 6)
        inside = box.adjusted(10, 0, -10, 0)
        right = inside.right() - self._paint_keys(painter, inside, hit.keys)
        painter.setFont(theme.font(12))
        detail_width = painter.fontMetrics().horizontalAdvance(hit.detail)
        painter.setPen(theme.colour("ink3"))
        painter.drawText(
            QRect(right - detail_width, inside.top(), detail_width, inside.height()), Qt.AlignmentFlag.AlignVCenter, hit.detail
        )
        painter.setFont(theme.font())
        painter.setPen(theme.colour("ink"))
        room = inside.adjusted(0, 0, right - detail_width - 12 - inside.right(), 0)
        words = painter.fontMetrics().elidedText(hit.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _paint_keys(self, painter: QPainter, inside: QRect, keys: str) -> int:
        """Draw the cap at the right end; how much room it took."""
        if not keys:
            return 0
        theme = self._theme
        painter.setFont(theme.mono(11))
        width = painter.fontMetrics().horizontalAdvance(keys) + 12
        height = theme.px(19)
        cap = QRect(inside.right() - width, inside.center().y() - height // 2, width, height)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("panel"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(theme.colour("ink2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, keys)
        return width + 12
