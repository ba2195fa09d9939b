"""The table of what a person must settle: what, one side, the other, and the one action. Enter on a row does it."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card, RowButton, as_wide_as_its_share, focus_row, focused_row
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.words import PlainLabel, plain_label

MOST = 50  # rows at a time; the rest comes up as these are settled
_SHARES = (46, 21, 21, 12)
_NARROW_SHARES = (34, 26, 26, 14)  # a verdict in large letters needs this much
_HEADINGS = ("What", "Here", "There", "")


class SideWords(NamedTuple):
    """One side: what it says, the kind of its pill (empty: no pill), and by whom and when."""

    said: str
    pill: str
    note: str


class SettleRow(NamedTuple):
    """A conflict as the table shows it. act: what Enter does, in a word or two; item: its id, empty for a policy; key: which conflict."""

    key: int
    what: str
    why: str
    here: SideWords
    there: SideWords
    act: str
    item: str


class SettleCard(Card):
    """One row for each conflict. Up and Down move, Enter acts."""

    chosen = Signal(int)
    """The key of the row that was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("To settle")
        self.column.addWidget(plain_label("To settle", role="label"))
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(8)
        for words, share in zip(_HEADINGS, _SHARES, strict=True):
            line.addWidget(_narrow(plain_label(words, role="label")), share)
        self._head, self._shares = head, _SHARES
        self.column.addWidget(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.column.addLayout(self._rows)
        self._rest = Paragraph("Reading what is to be settled …", tone="faint")
        head.hide()
        self.column.addWidget(self._rest)
        self.rows: list[ConflictRow] = []

    def show_rows(self, rows: Sequence[SettleRow], total: int) -> None:
        """Take the conflicts, MOST at a time, of how many there are; the focus stays at its place."""
        focus = focused_row(self.rows)
        remove(self._rows, self.rows)
        self.rows = [ConflictRow(row) for row in rows]
        self._spread()
        for place, button in enumerate(self.rows):
            button.clicked.connect(lambda _on=False, key=button.row.key: self.chosen.emit(key))
            button.stepped.connect(lambda step, place=place: focus_row(self.rows, place + step))
            self._rows.addWidget(button)
        self._head.setVisible(bool(rows))
        rest = total - len(rows)
        nothing = "Nothing. What does not go together shows here."
        self._rest.setText(f"{rest:,} more come up when these are settled." if rest > 0 else nothing)
        self._rest.setVisible(rest > 0 or not rows)
        focus_row(self.rows, focus, Qt.FocusReason.OtherFocusReason)

    def share(self, narrow: bool) -> None:
        """Where there is little room, the sides get more of it."""
        shares = _NARROW_SHARES if narrow else _SHARES
        if shares != self._shares:
            self._shares = shares
            self._spread()

    def _spread(self) -> None:
        for line in (part.layout() for part in (self._head, *self.rows)):
            if isinstance(line, QHBoxLayout):
                for column, share in enumerate(self._shares):
                    line.setStretch(column, share)

    def take_focus(self) -> bool:
        """Go to the first row. False where there is none."""
        return focus_row(self.rows, 0)

    def current(self) -> SettleRow | None:
        """The row with the focus, else the first."""
        return next((button.row for button in self.rows if button.hasFocus()), self.rows[0].row if self.rows else None)


class ConflictRow(RowButton):
    """One conflict, to be pressed."""

    def __init__(self, row: SettleRow) -> None:
        super().__init__("settle")
        self.row = row
        self.setAccessibleName(f"{row.what}: {row.act}")
        self.setAccessibleDescription(f"{row.why}. Here: {_read(row.here)}. There: {_read(row.there)}.")
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 6, 8, 6)
        line.setSpacing(8)
        parts = (
            _two(plain_label(row.what, role="strong", wrap=True), plain_label(row.why, tone="muted", wrap=True)),
            _side(row.here),
            _side(row.there),
            _two(plain_label(row.act, tone="accent", wrap=True)),
        )
        for part, share in zip(parts, _SHARES, strict=True):
            line.addWidget(_narrow(part), share)
        self.take_clicks()


def _side(side: SideWords) -> QWidget:
    note = plain_label(side.note, tone="faint", wrap=True)
    if side.pill:
        return _two(Pill(side.said, side.pill), note)
    return _two(plain_label(side.said, wrap=True), note)


def _read(side: SideWords) -> str:
    return " ".join(part for part in (side.said, side.note) if part)


def _two(first: PlainLabel, second: PlainLabel | None = None) -> QWidget:
    room = QWidget()
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addStretch(1)
    column.addWidget(first, 0, Qt.AlignmentFlag.AlignLeft if isinstance(first, Pill) else Qt.AlignmentFlag(0))
    if second is not None and second.text():
        column.addWidget(second)
    elif second is not None:
        second.deleteLater()
    column.addStretch(1)
    return room


def _narrow(part: QWidget) -> QWidget:
    as_wide_as_its_share(part)
    return part
