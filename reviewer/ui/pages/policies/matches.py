"""The table of a new version's clauses beside the old ones that they are; the second column is chosen from a list, by keyboard too."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from reviewer.domain.errors import shown
from reviewer.domain.policies import Clause
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.rows import Index, Rows, lay_flat

if TYPE_CHECKING:
    from reviewer.domain.clause_matching import Match

NEW, OLD, SURE = 0, 1, 2
_ITS_OWN = "a new clause"
_ROW = 32


class MatchRows(Rows):
    """A row for each clause of the file. What a person chose stands beside what was proposed."""

    HEADINGS = ("In the file", "Is the clause", "")

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._matches: tuple[Match, ...] = ()
        self._before: dict[str, Clause] = {}
        self.chosen: dict[str, str | None] = {}

    def show_matches(self, matches: "Sequence[Match]", before: Sequence[Clause]) -> None:
        """Take a proposal. before: the old clauses."""
        self.beginResetModel()
        self._matches, self._before, self.chosen = tuple(matches), {one.clause: one for one in before}, {}
        self.endResetModel()

    def row_count(self) -> int:
        """How many there are."""
        return len(self._matches)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The old clause can be chosen."""
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == OLD else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain words; of what was not sure, in the colour of a warning and with its word."""
        match = self._matches[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (clause_words(match.new), self._old_words(match), self._why(match))[index.column()]
        if role == Qt.ItemDataRole.EditRole and index.column() == OLD:
            return self.key_of(match)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == SURE and self._is_open(match):
            return self._theme.colour("warn")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Choose the old clause, or none for an empty key; whoever had it becomes a new one."""
        if role != Qt.ItemDataRole.EditRole or index.column() != OLD:
            return False
        key = value or None
        for other in self._matches:
            if key is not None and self.key_of(other) == key and other is not self._matches[index.row()]:
                self.chosen[other.new.clause] = None
        self.chosen[self._matches[index.row()].new.clause] = key
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._matches) - 1, SURE))
        return True

    def key_of(self, match: "Match") -> str | None:
        """The key that a clause keeps, as things stand."""
        proposed = None if match.old is None else match.old.clause
        return self.chosen.get(match.new.clause, proposed)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen: key and words; first that it is none of them."""
        return [("", _ITS_OWN), *((key, clause_words(one)) for key, one in self._before.items())]

    def open_rows(self) -> list[int]:
        """Rows that were asked about and not decided."""
        return [place for place, match in enumerate(self._matches) if self._is_open(match)]

    def _is_open(self, match: "Match") -> bool:
        return match.like is not None and match.new.clause not in self.chosen

    def _old_words(self, match: "Match") -> str:
        key = self.key_of(match)
        return _ITS_OWN if key is None else clause_words(self._before[key])

    def _why(self, match: "Match") -> str:
        if match.new.clause in self.chosen:
            return "chosen"
        if match.like is not None:
            return f"◆ is it {shown(match.like.number or match.like.clause, 40)}? {match.similarity:.0%} alike"
        if match.old is None:
            return "new"
        return "same words" if match.old.text == match.new.text else f"{match.similarity:.0%} alike"


class _Choosing(QStyledItemDelegate):
    """A list to choose from, in place of the cell."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The list."""
        box = ChoiceList(parent)
        box.setAccessibleName("Is the clause")
        model = index.model()
        assert isinstance(model, MatchRows)
        for key, words in model.choices:
            box.addItem(words, key)
        box.activated.connect(lambda _place: self._done(box))
        return box

    def _done(self, box: ChoiceList) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QStyledItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What stands there now."""
        assert isinstance(editor, ChoiceList)
        editor.setCurrentIndex(max(editor.findData(index.data(Qt.ItemDataRole.EditRole) or ""), 0))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """What was chosen."""
        assert isinstance(editor, ChoiceList)
        if (editor.currentData() or None) != index.data(Qt.ItemDataRole.EditRole):
            model.setData(index, editor.currentData())


class MatchTable(QTableView):
    """Arrow keys move; Space, F2 or Enter opens the list of old clauses, Delete says that the clause is new."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows = MatchRows(theme)
        self.setModel(self.rows)
        self.setObjectName("matches")
        self.setAccessibleName("Clauses of the file, and which old ones they are")
        self.setItemDelegateForColumn(OLD, _Choosing(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        lay_flat(self)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(SURE, QHeaderView.ResizeMode.Fixed)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_matches(self, matches: "Sequence[Match]", before: Sequence[Clause]) -> None:
        """Take a proposal, and stand on the first row that only a person can decide."""
        self.rows.show_matches(matches, before)
        self.setCurrentIndex(self.rows.index(next(iter(self.rows.open_rows()), 0), OLD))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list; say that a clause is new."""
        index = self.rows.index(self.currentIndex().row(), OLD)
        if self.state() == QAbstractItemView.State.EditingState:
            return  # Enter has just chosen from the list
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and index.isValid():
            self.edit(index)
        elif event.key() == Qt.Key.Key_Delete and index.isValid():
            self.rows.setData(index, "")
        else:
            super().keyPressEvent(event)

    def _take_theme(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(_ROW))
        self.setColumnWidth(SURE, self._theme.px(170))


def clause_words(clause: Clause) -> str:
    """A clause in a cell: what the text calls it, and its title."""
    label = shown(clause.number or clause.clause, 60)
    return f"{label}  {shown(clause.title, 90)}" if label[:1].isdigit() else shown(clause.title or label, 120)
