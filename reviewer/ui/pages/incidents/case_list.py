"""The left: open incidents, and below them the closed ones, of which one in all is current."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from reviewer.ui.pages.policies.lists import Row, RowList
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_label

_ROW = 62  # pixels of the design


class CaseList(QFrame):
    """Two lists that are gone through as one."""

    moved = Signal(str)
    """The incident that became current."""
    opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("incidents-left")
        self.setAccessibleName("Incidents")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 12, 8)
        column.setSpacing(6)
        self.open, self.closed = RowList(theme, "Open incidents", papers=True), RowList(theme, "Closed incidents", papers=True)
        self._labels = (plain_label("Open", role="label"), plain_label("Closed", role="label"))
        for label, rows in zip(self._labels, self.lists, strict=True):
            column.addWidget(label)
            column.addWidget(rows, 1)
            rows.moved.connect(lambda key, here=rows: self._go_to(here, key))
            rows.opened.connect(self.opened)
        column.addStretch(0)
        self._column = column
        self.key = ""
        theme.changed.connect(self._fit)

    @property
    def lists(self) -> tuple[RowList, RowList]:
        """Open ones, closed ones."""
        return (self.open, self.closed)

    def show_rows(self, open_: Sequence[Row], closed: Sequence[Row], *, keep: str) -> None:
        """List these. keep: the one that is to be current; else the first one is."""
        known = {row.key for row in (*open_, *closed)}
        first = next((row.key for row in (*open_, *closed)), "")
        self.key = keep if keep in known else first
        for rows, found, label in zip(self.lists, (open_, closed), self._labels, strict=True):
            here = any(row.key == self.key for row in found)
            rows.show_rows(found, keep=self.key)
            if not here:
                _unset(rows)
            rows.setVisible(bool(found))
            label.setVisible(bool(found))
        self._fit()

    def step(self, by: int) -> None:
        """Go up or down, from one list into the other."""
        every = [(rows, place) for rows in self.lists for place in range(len(rows.rows))]
        now = next((n for n, (rows, place) in enumerate(every) if rows.rows[place].key == self.key), 0)
        rows, place = every[min(max(now + by, 0), len(every) - 1)]
        had_focus = self.current.hasFocus()
        rows.setCurrentIndex(rows.model().index(place, 0))
        if had_focus:
            rows.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def current(self) -> RowList:
        """The list in which the current one stands."""
        return self.closed if any(row.key == self.key for row in self.closed.rows) else self.open

    def take_focus(self) -> None:
        """Put the focus on the current one."""
        self.current.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, here: RowList, key: str) -> None:
        other = self.closed if here is self.open else self.open
        _unset(other)
        if key != self.key:
            self.key = key
            self.moved.emit(key)

    def _fit(self) -> None:
        """The open ones are as high as they need, as long as the closed ones keep a third."""
        rows = self._theme.px(_ROW)
        self.open.setMaximumHeight(max(1, len(self.open.rows)) * rows + 6)
        self.closed.setMinimumHeight(min(len(self.closed.rows), 2) * rows)


def _unset(rows: RowList) -> None:
    """No row of the list is current."""
    rows.blockSignals(True)
    rows.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)
    rows.blockSignals(False)
