"""The labels that cite the old words of a clause: item, verdict, version, reviewer, and what was said. Enter opens the item."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from reviewer.domain.errors import shown
from reviewer.ui.pages.policies.words import KINDS, VERDICTS
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import SHAPES
from reviewer.ui.widgets.rows import Index, Rows, lay_flat

if TYPE_CHECKING:
    from reviewer.operations.staleness import StaleLabel

_WIDTHS = (78, 132, 96, 96)
_SAID = 150  # what was said has at least this; before it has less, the other columns give up their air
_ROW = 32
_MOST_ROWS = 9  # in sight before the table scrolls


class StaleRows(Rows):
    """A row for each label."""

    HEADINGS = ("Item", "Verdict", "Cited", "Reviewer", "What was said")

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.labels: tuple[StaleLabel, ...] = ()

    def show_labels(self, labels: "Sequence[StaleLabel]") -> None:
        """Take other labels."""
        self.beginResetModel()
        self.labels = tuple(labels)
        self.endResetModel()

    def row_count(self) -> int:
        """How many there are."""
        return len(self.labels)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain words; a verdict has its shape and colour."""
        one = self.labels[index.row()]
        verdict = one.cited.verdict
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(one)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 1 and verdict in KINDS:
            return self._theme.colour(KINDS[verdict])
        if role == Qt.ItemDataRole.FontRole and index.column() == 0:
            return self._theme.mono(12)
        return None

    def _words(self, one: "StaleLabel") -> tuple[str, ...]:
        cited = one.cited
        verdict = f"{SHAPES[KINDS[cited.verdict]]} {VERDICTS[cited.verdict]}" if cited.verdict in KINDS else "preference"
        version = "older words" if one.number is None else f"version {one.number}"
        version = version if one.fits else f"◆ {version}"
        said = shown(" ".join((one.rationale or "").split()), 300)
        return cited.item[:6], verdict, version, shown(cited.reviewer, 40), said


class StaleTable(QTableView):
    """Shows the rows, as high as they need up to a limit."""

    opened = Signal(str)
    """The item of a row: Enter or a double click."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows = StaleRows(theme)
        self.setModel(self.rows)
        self.setAccessibleName("Labels that cite the old words")
        self.setObjectName("stale")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        lay_flat(self)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.doubleClicked.connect(lambda _index: self._open())
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_labels(self, labels: "Sequence[StaleLabel]") -> None:
        """List these labels."""
        self.rows.show_labels(labels)
        if labels:
            self.setCurrentIndex(self.rows.index(0, 0))
        self._take_theme()

    @property
    def item(self) -> str:
        """The item of the current row; empty where there is none."""
        place = self.currentIndex().row()
        return self.rows.labels[place].cited.item if 0 <= place < len(self.rows.labels) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the item; letters are keys of the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was said takes the room that is left."""
        super().resizeEvent(event)
        self._share()

    def changeEvent(self, event: QEvent) -> None:
        """The style sheet has new sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._share()

    def _open(self) -> None:
        if self.item:
            self.opened.emit(self.item)

    def _take_theme(self) -> None:
        px = self._theme.px
        self._share()
        self.verticalHeader().setDefaultSectionSize(px(_ROW))
        rows = min(max(len(self.rows.labels), 1), _MOST_ROWS)
        self.setFixedHeight(px(_ROW) * (rows + 1) + px(18))

    def _share(self) -> None:
        """No heading is cut: where all have too little room, the table scrolls sideways."""
        px, head, room = self._theme.px, self.horizontalHeader(), self.viewport().width()
        widths = [max(px(width), head.sectionSizeHint(column)) for column, width in enumerate(_WIDTHS)]
        if room - sum(widths) < px(_SAID):
            tight = [max(self.sizeHintForColumn(column), head.sectionSizeHint(column)) for column in range(len(_WIDTHS))]
            widths = [min(pair) for pair in zip(widths, tight, strict=True)]
        last = len(widths)
        for column, width in enumerate((*widths, max(room - sum(widths), head.sectionSizeHint(last)))):
            if self.columnWidth(column) != width:
                self.setColumnWidth(column, width)
