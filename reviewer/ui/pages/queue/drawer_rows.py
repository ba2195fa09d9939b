"""The rows of the drawer: cells in columns that stand below each other, one row chosen by Enter or a click."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem


class Row(NamedTuple):
    """One thing to choose: its words, a column each, and what it stands for. marked: it is the current one."""

    cells: tuple[str, ...]
    value: str
    marked: bool = False

    @property
    def words(self) -> str:
        """All of it on one line, as it is read out."""
        return ", ".join(cell for cell in self.cells if cell)


class DrawerRows(QTreeWidget):
    """Shows the rows. What does not fit into the last column is cut there."""

    chosen = Signal(str)
    """The value of a row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setObjectName("drawer-rows")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(self._take)
        self.itemClicked.connect(self._take)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take other rows, all with as many cells; the marked one, else the first, is current."""
        self.rows = tuple(rows)
        self.clear()
        self.setColumnCount(max((len(row.cells) for row in rows), default=1))
        lines = [QTreeWidgetItem(list(row.cells)) for row in rows]
        for line, row in zip(lines, rows, strict=True):
            line.setData(0, Qt.ItemDataRole.AccessibleTextRole, row.words)
        self.addTopLevelItems(lines)
        columns = self.header()
        columns.setStretchLastSection(False)
        columns.setMinimumSectionSize(16)
        last = self.columnCount() - 1
        for place in range(last + 1):
            mode = QHeaderView.ResizeMode.Stretch if place == last else QHeaderView.ResizeMode.ResizeToContents
            columns.setSectionResizeMode(place, mode)
        if rows:
            place = next((place for place, row in enumerate(rows) if row.marked), 0)
            self.setCurrentItem(lines[place])

    def _take(self, line: QTreeWidgetItem) -> None:
        self.chosen.emit(self.rows[self.indexOfTopLevelItem(line)].value)
