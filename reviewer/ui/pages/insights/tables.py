"""A card with a table of figures. Each row is a button: Up and Down move, Enter opens the labels behind it."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.ui.widgets.caps import Chip
from reviewer.ui.widgets.cards import Card, RowButton, as_wide_as_its_share, focus_row, focused_row
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.words import PlainLabel, plain_label

_MOST = 60  # rows; the rest is counted


class Column(NamedTuple):
    """Its heading, its share of the width, and whether it holds numbers, which stand at the right."""

    heading: str
    share: int
    numbers: bool = False


class Cell(NamedTuple):
    """What stands in a row. pill: the kind of pill that it is, empty for plain words. note: a second line below."""

    text: str
    pill: str = ""
    tone: str = ""
    note: str = ""


class FigureRow(NamedTuple):
    """One row, a cell for each column. query: finds the items whose labels made its figures."""

    cells: tuple[Cell, ...]
    query: str


class FigureCard(Card):
    """A title, what the figures are at its right, and the table."""

    chosen = Signal(str)
    """The query of the row that was pressed."""

    def __init__(self, title: str, note: str, columns: Sequence[Column]) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self.setAccessibleName(title)
        self.column.addLayout(head(title, note))
        self._heads = QWidget()
        line = _line(self._heads)
        for column in self._columns:
            _put(line, _aligned(plain_label(column.heading, role="label"), column), column)
        self.column.addWidget(self._heads)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.column.addLayout(self._rows)
        self._said = Paragraph(tone="faint")
        self.column.addWidget(self._said)
        self.rows: list[RowButton] = []
        self._shown: list[FigureRow] = []
        self._otherwise: str | None = None

    def show_rows(self, rows: list[FigureRow], *, otherwise: str) -> None:
        """Take the rows; the focus stays at its place, and the same rows stay as they are. otherwise: what is said where there is none."""
        if rows == self._shown and otherwise == self._otherwise:
            return
        self._shown, self._otherwise = list(rows), otherwise
        focus = focused_row(self.rows)
        remove(self._rows, self.rows)
        self.rows = [self._row(place, row) for place, row in enumerate(rows[:_MOST])]
        for button in self.rows:
            self._rows.addWidget(button)
            button.show()  # a layout would show it later, and what is not seen takes no focus
        self._heads.setVisible(bool(rows))
        rest = len(rows) - _MOST
        self._said.setText(f"and {rest:,} more: `reviewer agreement` lists all" if rest > 0 else otherwise)
        self._said.setVisible(rest > 0 or not rows)
        focus_row(self.rows, focus, Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> bool:
        """Go to the first row. False where there is none."""
        return focus_row(self.rows, 0)

    def _row(self, place: int, row: FigureRow) -> RowButton:
        button = RowButton("settle")
        button.setAccessibleName(row.cells[0].text)
        read = [f"{column.heading} {cell.text} {cell.note}".strip() for column, cell in zip(self._columns[1:], row.cells[1:], strict=True)]
        button.setAccessibleDescription(f"{', '.join(read)}. Opens the labels behind it.")
        line = _line(button)
        for column, cell in zip(self._columns, row.cells, strict=True):
            _put(line, _cell(cell, column), column)
        button.take_clicks()
        button.clicked.connect(lambda _on=False, query=row.query: self.chosen.emit(query))
        button.stepped.connect(lambda step, place=place: focus_row(self.rows, place + step))
        return button


def head(title: str, note: str) -> QHBoxLayout:
    """The title of a card, and at its right what its figures are; both wrap where there is little room."""
    line = QHBoxLayout()
    line.setSpacing(16)
    line.addWidget(plain_label(title, role="label", wrap=True), 1)
    said = plain_label(note, tone="faint", wrap=True)
    said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(said, 1)
    return line


def _line(room: QWidget) -> QHBoxLayout:
    line = QHBoxLayout(room)
    line.setContentsMargins(8, 7, 8, 7)
    line.setSpacing(14)
    return line


def _put(line: QHBoxLayout, part: QWidget, column: Column) -> None:
    as_wide_as_its_share(part)
    line.addWidget(part, column.share)


def _cell(cell: Cell, column: Column) -> QWidget:
    if not cell.pill and not cell.note:
        return _aligned(plain_label(cell.text, tone=cell.tone, wrap=True), column)
    room = QWidget()
    stack = QVBoxLayout(room)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(1)
    stack.addStretch(1)
    if cell.pill:
        stack.addWidget(Chip(cell.text, cell.pill), 0, Qt.AlignmentFlag.AlignLeft)
    else:
        stack.addWidget(_aligned(plain_label(cell.text, tone=cell.tone, wrap=True), column))
    if cell.note:
        stack.addWidget(_aligned(plain_label(cell.note, tone="faint", wrap=True), column))
    stack.addStretch(1)
    return room


def _aligned(label: PlainLabel, column: Column) -> PlainLabel:
    side = Qt.AlignmentFlag.AlignRight if column.numbers else Qt.AlignmentFlag.AlignLeft
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return label
