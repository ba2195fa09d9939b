"""All clauses that can be cited, in the drawer: found by typing, or read as the policy they are."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from reviewer.domain.citable import Citable
from reviewer.domain.clause_search import ClauseSearch
from reviewer.domain.errors import shown
from reviewer.ui.pages.queue.clause_text import ClauseText, aside_of
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_label

_INDEX = QModelIndex | QPersistentModelIndex
_KEPT = 400
_PAD = 9
_SPOKEN = 2000


class ClauseList(QWidget):
    """A field over a list. Enter chooses the current clause from either; arrows move in the list while the field keeps the focus."""

    chosen = Signal(object)
    """A Citable."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._search = ClauseSearch(())
        self._whole = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Number, title or words")
        self.field.setAccessibleName("Find a clause")
        self.field.setMaxLength(200)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._typed)
        self.list = _Rows(theme)
        self.list.activated.connect(lambda index: self._choose(index.row()))
        self.list.clicked.connect(self._clicked)
        self._none = plain_label("No clause is called that here.", tone="muted", wrap=True)
        self._none.hide()
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._none)
        column.addStretch(0)

    def show_clauses(self, clauses: Sequence[Citable], cited: Callable[[str], bool], *, whole: bool, current: str = "") -> None:
        """Show these, in this order. whole: each with all of its words, as one reads a policy; else a line of them, as one looks for one.
        current: the full name of the clause to begin at."""
        self._search = ClauseSearch(clauses)
        self._whole = whole
        several = len({clause.citation.policy for clause in clauses}) > 1
        self.list.take_manner(cited, whole=whole, several=several)
        self.field.blockSignals(True)
        self.field.clear()
        self.field.blockSignals(False)
        self._fill(clauses)
        self.list.go_to(next((row for row, clause in enumerate(clauses) if clause.name == current), 0))

    def take_focus(self) -> None:
        """To read, the list has the focus; to look for something, the field."""
        (self.list if self._whole else self.field).setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """The arrows of the field move in the list, Enter chooses there."""
        if target is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if event.key() in moves:
                self.list.go_to(self.list.currentIndex().row() + moves[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._choose(self.list.currentIndex().row())
                return True
        return super().eventFilter(target, event)

    def _typed(self, text: str) -> None:
        self._fill(self._search.find(text))

    def _fill(self, clauses: Sequence[Citable]) -> None:
        self.list.take(clauses)
        self.list.setVisible(bool(clauses))
        self._none.setVisible(not clauses)

    def _clicked(self, index: QModelIndex) -> None:
        """A press chooses what was looked for; in a policy that is read it only shows where one is."""
        if not self._whole:
            self._choose(index.row())

    def _choose(self, row: int) -> None:
        clause = self.list.clause(row)
        if clause is not None:
            self.chosen.emit(clause)


class _Rows(QListView):
    """The list itself."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = _Model()
        self.setModel(self._model)
        self._painter = _RowPainter(theme, self)
        self.setItemDelegate(self._painter)
        self.several = False
        self.setObjectName("clauses")
        self.setAccessibleName("Clauses")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(60)
        theme.changed.connect(self.renew)

    def take_manner(self, cited: Callable[[str], bool], *, whole: bool, several: bool) -> None:
        """How rows are drawn: which are cited, whether with all of their words, and whether with the title of their policy."""
        self.several = several
        self._model.cited = cited
        self._painter.whole = whole
        self.setUniformItemSizes(not whole)  # then thousands of rows cost no more than one
        self.renew()

    def take(self, clauses: Sequence[Citable]) -> None:
        """Show these."""
        self._model.take(clauses)
        if clauses:
            self.go_to(0)

    def cites(self, name: str) -> bool:
        """Whether the clause of that full name is cited."""
        return self._model.cited(name)

    def clause(self, row: int) -> Citable | None:
        """The clause of a row."""
        return self._model.clauses[row] if 0 <= row < len(self._model.clauses) else None

    def go_to(self, row: int) -> None:
        """Make a row current, or the nearest there is."""
        index = self._model.index(max(0, min(row, self._model.rowCount() - 1)))
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other heights."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def renew(self) -> None:
        """Draw anew: what is cited, or how things look, has changed."""
        self._painter.forget()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.clauses: Sequence[Citable] = ()
        self.cited: Callable[[str], bool] = lambda _name: False

    def take(self, clauses: Sequence[Citable]) -> None:
        self.beginResetModel()
        self.clauses = clauses
        self.endResetModel()

    def rowCount(self, _parent: _INDEX | None = None) -> int:
        return len(self.clauses)

    def data(self, index: _INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        clause = self.clauses[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(clause.heading)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cited = ", cited" if self.cited(clause.name) else ""
            return shown(f"{clause.caption}{cited}. {clause.text} {clause.policy_title}, {aside_of(clause)}", _SPOKEN)
        return clause if role == Qt.ItemDataRole.UserRole else None


class _RowPainter(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: _Rows) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._laid: OrderedDict[tuple[str, bool, int], ClauseText] = OrderedDict()
        self.whole = False

    def forget(self) -> None:
        """Colours, sizes or the manner changed."""
        self._laid.clear()

    def sizeHint(self, _option: QStyleOptionViewItem, index: _INDEX) -> QSize:
        return QSize(100, self._text(index).height + 2 * self._theme.px(_PAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _INDEX) -> None:
        theme, px = self._theme, self._theme.px
        current = self._view.currentIndex().row() == index.row()
        box = option.rect.adjusted(1, 1, -2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.setPen(theme.colour("accent"))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(box, px(8), px(8))
        at = QPointF(box.left() + px(_PAD), box.top() + px(_PAD) - 1)
        words = theme.colour("ink" if self.whole or current else "ink2")
        self._text(index).draw(painter, at, ink=theme.colour("ink"), faint=theme.colour("ink3"), words=words)
        painter.restore()

    def _text(self, index: _INDEX) -> ClauseText:
        clause: Citable = index.data(Qt.ItemDataRole.UserRole)
        cited = self._view.cites(clause.name)
        width = self._view.viewport().width() - 2 * self._theme.px(_PAD) - 4
        key = (f"{clause.citation.version}{clause.name}", cited, width)
        text = self._laid.get(key)
        if text is None:
            policy = shown(clause.policy_title, 40) if self._view.several else ""
            beside = ("✓ cited" if cited else "", policy, aside_of(clause) if self.whole else "")
            aside = "   ".join(part for part in beside if part)
            text = ClauseText(clause, self._theme, width, lines=None if self.whole else 1, aside=aside)
            self._laid[key] = text
            if len(self._laid) > _KEPT:
                self._laid.popitem(last=False)
        return text
