"""Precedents: what was resolved before, a row each, with a field that narrows them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.adjudicate import words
from reviewer.ui.pages.queue.words import short
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.cards import RowButton, focus_row
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.times import day_of
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.precedents import Precedent

_SHOWN = 5  # while nothing is looked for
_ONE_LINE = 76  # characters of reason, verdict and item together: more would wrap, each in a narrow column of its own
_LARGE = 125  # percent of the usual size of text
_REASON = 160
_SEARCH_AFTER_MS = 200


class Precedents(QWidget):
    """Up and Down move, Enter opens one to be read."""

    opened = Signal(object)
    """The Precedent that was pressed."""
    sought = Signal(str)
    """The words that precedents shall hold."""
    left = Signal()
    """Esc in the field: back to where one came from."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Precedents")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(plain_label("Precedents", role="label"))
        head.addStretch(1)
        head.addWidget(plain_label("by clause and likeness", role="small", tone="faint"))
        column.addLayout(head)
        self.field = _Field()
        self.field.setAccessibleName("Words of a precedent")
        self.field.setPlaceholderText("Words of the reason, the rationales or the item")
        self.field.setClearButtonEnabled(True)
        self.field.hide()
        column.addWidget(self.field)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        column.addLayout(self._rows)
        self._none = Paragraph(tone="faint")
        column.addWidget(self._none)
        self.rows: list[PrecedentRow] = []
        self._later = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._later.timeout.connect(lambda: self.sought.emit(self.field.text()))
        self.field.textEdited.connect(lambda _text: self._later.start())
        self.field.downed.connect(lambda: self._step(-1, 1))
        self.field.escaped.connect(self._leave)
        self._shown: tuple[tuple[Precedent, ...], str, str] = ((), "", "utc")
        theme.changed.connect(lambda: self._show(*self._shown))

    def search(self) -> None:
        """Open the field."""
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def clear(self) -> None:
        """Another item: nothing is known yet, and nothing looked for."""
        self._later.stop()
        self.field.clear()
        self.field.hide()
        self._show((), "Looking for precedents …", "utc")

    def show_found(self, found: "Sequence[Precedent]", *, zone: str) -> None:
        """zone: `local` or `utc`."""
        sought = bool(self.field.text().strip())
        nothing = "No precedent holds these words." if sought else "Nothing like this was resolved before."
        self._show(found if sought else found[:_SHOWN], nothing, zone)

    def _show(self, found: "Sequence[Precedent]", nothing: str, zone: str) -> None:
        self._shown = (tuple(found), nothing, zone)
        remove(self._rows, self.rows)
        self.rows = [PrecedentRow(one, zone=zone, large=self._theme.px(100) > _LARGE) for one in found]
        for place, row in enumerate(self.rows):
            row.clicked.connect(lambda _on=False, row=row: self.opened.emit(row.precedent))
            row.stepped.connect(lambda step, place=place: self._step(place, step))
            self._rows.addWidget(row)
        self._none.setText(nothing)
        self._none.setVisible(not self.rows)

    def _step(self, place: int, step: int) -> None:
        goal = place + step
        if goal < 0 and not self.field.isHidden():
            self.field.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.rows:
            focus_row(self.rows, goal)

    def _leave(self) -> None:
        if self.field.text():
            self.field.clear()
            self.sought.emit("")
        self.field.hide()
        self.left.emit()


class _Field(QLineEdit):
    downed = Signal()
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes to what was found, Esc back."""
        if event.key() == Qt.Key.Key_Down:
            self.downed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class PrecedentRow(RowButton):
    """One resolved item: the reason, what it was resolved as, and which item when."""

    def __init__(self, precedent: "Precedent", *, zone: str, large: bool) -> None:
        """zone: `local` or `utc`. large: letters are, so that no two parts stand in one line."""
        super().__init__("paper")
        self.precedent = precedent
        reason = shown(precedent.reason or precedent.title or "No reason is on this machine.", _REASON)
        verdict = words.ruling(precedent.verdict)
        about = f"item {short(precedent.item)}, {day_of(precedent.time, zone)}" + ("" if precedent.same_clause else ", another clause")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(5)
        if len(reason) + len(verdict) + len(about) <= _ONE_LINE and not large:
            line.addWidget(Paragraph(f"{reason.rstrip('.')}:"))
        else:
            column.addWidget(Paragraph(reason))
        line.addWidget(plain_label(verdict, role="strong"))
        line.addWidget(Paragraph(about, tone="faint"))
        line.addStretch(1)
        column.addLayout(line)
        self.take_clicks()
        self.setAccessibleName(f"Precedent: {verdict}, {about}")
        self.setAccessibleDescription(f"{reason} Enter opens it to be read.")
