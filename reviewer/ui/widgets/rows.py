"""Flat tables: the frame of their models, with headings and how many rows and columns there are, and how they behave."""

from abc import abstractmethod
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

Index = QModelIndex | QPersistentModelIndex


class Rows(QAbstractTableModel):
    """Rows under headings, both set left; what stands in them is said by `data`."""

    HEADINGS: ClassVar[tuple[str, ...]]

    @abstractmethod
    def row_count(self) -> int:
        """How many rows there are."""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows there are."""
        return 0 if parent.isValid() else self.row_count()

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One a heading."""
        return 0 if parent.isValid() else len(self.HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


def lay_flat(table: QTableView) -> None:
    """Whole rows are chosen, one at a time, and keep their colours; one line each, no grid and no numbers; headings only name, and Tab
    leaves the table."""
    table.setItemDelegate(_Inked(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionsClickable(False)


class _Inked(QStyledItemDelegate):
    """Words whose model gives them a colour have it in the chosen row too, where Qt would use one for all."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """As the model says, chosen or not."""
        super().initStyleOption(option, index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        if ink is not None:
            option.palette.setColor(QPalette.ColorRole.HighlightedText, ink)
