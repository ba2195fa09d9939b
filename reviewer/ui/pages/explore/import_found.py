"""What was found in the files, before anything is imported; and which column of a table is which field."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reviewer.domain.errors import shown
from reviewer.ui.pages.explore.import_steps import Seen
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.rows import lay_flat
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.formats.column_maps import ColumnMap

_ABSENT = "not in the table"
_FIELDS = {
    "messages": "Whole conversation",
    "prompt": "Prompt",
    "completion": "Output of the model",
    "model": "Model",
    "agent": "Agent",
    "time": "Time",
    "external_id": "Id",
}
_LISTED = 2_000
_ROWS = 2  # of the files in sight, at least


class FoundFiles(QWidget):
    """A line that sums up, the files, and where a table is among them its columns."""

    changed = Signal()
    """Another choice of columns."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._readable = False  # some file is read as it is
        self._sum = plain_label(tone="muted", wrap=True)
        column.addWidget(self._sum)
        self._table = _files_table()
        column.addWidget(self._table, 3)
        self.columns = ColumnChoice()
        self.columns.changed.connect(self.changed)
        column.addWidget(self.columns)
        row = QGridLayout()
        self.agent = QLineEdit()
        self.agent.setAccessibleName("Agent of all these runs")
        self.agent.setPlaceholderText("as the files say")
        self.agent.setMaxLength(200)
        row.addWidget(plain_label("Agent of all these runs", role="label"), 0, 0)
        row.addWidget(self.agent, 0, 1)
        row.setColumnStretch(1, 1)
        column.addLayout(row)

    def show_files(self, files: Sequence[Seen]) -> None:
        """Take what was found."""
        self._sum.setText(summary(files))
        ordered = sorted(files, key=lambda seen: not seen.format)[:_LISTED]
        self._table.setRowCount(len(ordered))
        for place, seen in enumerate(ordered):
            note = seen.reason or seen.first
            for column, words in enumerate((_end_of(seen.path), seen.format or "left out", shown(note, 200))):
                cell = QTableWidgetItem(words)
                cell.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self._table.setItem(place, column, cell)
        self._readable = any(seen.format and not seen.reason for seen in files)
        self.columns.show_tables([seen for seen in files if seen.columns], needed=not self._readable)
        heads = self._table.horizontalHeader()
        self._table.setMinimumHeight(heads.sizeHint().height() + _ROWS * self._table.verticalHeader().defaultSectionSize())
        heads.resizeSection(1, max(heads.sectionSize(1), heads.sectionSizeHint(1), self._table.sizeHintForColumn(1)))
        if ordered:
            self._table.setCurrentCell(0, 0)

    def readable(self) -> bool:
        """Whether there is anything to import."""
        return self._readable or self.columns.complete()


def summary(files: Sequence[Seen]) -> str:
    """“3 files of records: 2 tau-bench, 1 csv. 4 files are left out.”"""
    read = Counter(seen.format for seen in files if seen.format)
    left = sum(not seen.format for seen in files)
    if not read:
        said = "No file of records was found."
    else:
        kinds = ", ".join(f"{number:,} {name}" for name, number in read.most_common())
        said = f"{count(sum(read.values()), 'file of records', 'files of records')}: {kinds}."
    out = f" {count(left, 'file is', 'files are')} left out, for the reason beside {'it' if left == 1 else 'each'}." if left else ""
    return f"{said}{out} Nothing has been imported yet."


def _end_of(path: str) -> str:
    parts = path.replace("\\", "/").split("/")
    return shown("/".join(parts[-2:]), 120)


def _files_table() -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setAccessibleName("Files")
    table.setStyleSheet("QTableWidget { border-radius: 0; } QTableWidget::item { padding: 0 5px; }")
    table.setHorizontalHeaderLabels(["File", "Format", "First record, or why it is left out"])
    lay_flat(table)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setCornerButtonEnabled(False)
    table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # the columns of a table go first
    heads = table.horizontalHeader()
    heads.setAccessibleName("Columns")
    heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    heads.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    heads.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    heads.resizeSection(0, 230)
    heads.resizeSection(1, 110)
    return table


class ColumnChoice(Card):
    """For tables: which column is which. Untouched, each table is read as was guessed for it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(paper="row")
        self.column.setContentsMargins(12, 10, 12, 10)
        self.setAccessibleName("Columns of the table")
        head = QHBoxLayout()
        self._words = plain_label(role="label")
        head.addWidget(self._words, 1)
        self._open = QPushButton("Say which column is which")
        self._open.setProperty("kind", "quiet")
        self._open.setAutoDefault(False)
        self._open.clicked.connect(lambda: self._unfold(True))
        head.addWidget(self._open)
        self.column.addLayout(head)
        self._inside = QWidget()
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self._inside)
        self._note = plain_label(tone="faint", wrap=True)
        inside.addWidget(self._note)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        self._boxes: dict[str, ChoiceList] = {}
        self._samples = {name: plain_label(tone="faint", role="mono") for name in _FIELDS}
        for place, (name, words) in enumerate(_FIELDS.items()):
            box = ChoiceList()
            box.setAccessibleName(words)
            box.setMinimumContentsLength(16)
            box.currentIndexChanged.connect(lambda _index, name=name: self._chosen(name))
            self._boxes[name] = box
            grid.addWidget(plain_label(words), place, 0)
            grid.addWidget(box, place, 1)
            grid.addWidget(self._samples[name], place, 2)
        inside.addLayout(grid)
        self._seen: Seen | None = None
        self._touched = False
        self.hide()

    def _unfold(self, on: bool) -> None:
        self._inside.setVisible(on)
        self._open.setVisible(not on)
        if on and self.isVisible():
            self._boxes["messages"].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_tables(self, tables: Sequence[Seen], *, needed: bool) -> None:
        """Take the tables that were found. needed: nothing else can be read, so the choice lies open; else it waits to be asked for."""
        self._touched = False
        known = [seen for seen in tables if seen.guessed is not None]
        self._seen = next(iter(known or tables), None)
        self.setVisible(self._seen is not None)
        self._unfold(needed or len(known) == 1 == len(tables))
        if self._seen is None:
            return
        more = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
        self._words.setText(f"Columns of {_end_of(self._seen.path)}{more}")
        guessed = dict(self._seen.guessed.columns) if self._seen.guessed is not None else {}
        for name, box in self._boxes.items():
            box.blockSignals(True)
            box.clear()
            box.addItems([_ABSENT, *(shown(column, 60) for column in self._seen.columns)])
            wanted = guessed.get(name)
            box.setCurrentIndex(self._seen.columns.index(wanted) + 1 if wanted in self._seen.columns else 0)
            box.blockSignals(False)
            self._sample(name)
        self._say_note()

    def complete(self) -> bool:
        """Whether a map was chosen that items can be read with."""
        chosen = self._columns()
        return self._touched and ("messages" in chosen or {"prompt", "completion"} <= set(chosen))

    def column_map(self) -> "ColumnMap | None":
        """The map that was chosen; None where every table is to be read as guessed."""
        from reviewer.formats.column_maps import ColumnMap

        if not self._touched or not self.complete():
            return None
        chosen = self._columns()
        kind = "trajectory" if "messages" in chosen else "completion"
        if kind == "trajectory":
            chosen = {name: column for name, column in chosen.items() if name not in ("prompt", "completion")}
        return ColumnMap(kind, chosen)  # type: ignore[arg-type] # one of two literals

    def _columns(self) -> dict[str, str]:
        if self._seen is None:
            return {}
        return {name: self._seen.columns[box.currentIndex() - 1] for name, box in self._boxes.items() if box.currentIndex() > 0}

    def _chosen(self, name: str) -> None:
        self._touched = True
        self._sample(name)
        self._say_note()
        self.changed.emit()

    def _sample(self, name: str) -> None:
        column = self._columns().get(name)
        value = self._seen.row.get(column, "") if self._seen is not None and column is not None else ""
        self._samples[name].setText(shown(" ".join(value.split()), 60))

    def _say_note(self) -> None:
        chosen = self._columns()
        if "messages" in chosen or {"prompt", "completion"} <= set(chosen):
            self._note.setText("All other columns are kept beside the item and are hidden from reviewers.")
        else:
            self._note.setText("Choose the column of the whole conversation, or those of prompt and output.")
