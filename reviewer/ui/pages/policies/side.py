"""The right: how often a clause is cited and disputed, and what was resolved by it before."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.insights.words import PILLS
from reviewer.ui.pages.policies import words
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card, WrappingButton
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.policy_overview import ClauseReading, ClauseView
    from reviewer.storage.citations import Precedent


class ClauseSide(Scrolling):
    """Shows the figures of a clause and its precedents."""

    opened = Signal(str)
    """The item of a precedent."""

    def __init__(self) -> None:
        super().__init__("About the clause")
        room = QWidget()
        room.setObjectName("side")
        column = QVBoxLayout(room)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        self._name = plain_label(role="label")
        column.addWidget(self._name)
        boxes = QHBoxLayout()
        boxes.setSpacing(8)
        self.cited, self.disputed = _Figure("cited"), _Figure("disputed")
        for box in (self.cited, self.disputed):
            boxes.addWidget(box, 1)
        column.addLayout(boxes)
        column.addSpacing(8)
        self._reading = plain_label("Reading", role="label")
        self.pill, self._agreement = Pill(""), Paragraph(tone="muted")
        for part in (self._reading, self.pill, self._agreement):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(plain_label("Precedents", role="label"))
        self._none = Paragraph("No resolved item that you may see cites it yet.", tone="faint")
        column.addWidget(self._none)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        column.addLayout(self._list)
        column.addStretch(1)
        self.setWidget(room)
        self.show_reading(None)
        self.precedents: list[PrecedentCard] = []

    def show_clause(self, view: "ClauseView") -> None:
        """Take what was read."""
        self._name.setText(f"Clause {shown((view.now.number if view.now else '') or view.clause, 60)}")
        self.cited.say(view.cited)
        self.disputed.say(view.disputed)
        self.show_reading(None)
        remove(self._list, self.precedents)
        self.precedents = [PrecedentCard(one) for one in view.precedents]
        for card in self.precedents:
            card.clicked.connect(lambda _on=False, item=card.item: self.opened.emit(item))
            self._list.addWidget(card)
        self._none.setVisible(not self.precedents)

    def show_reading(self, found: "ClauseReading | None") -> None:
        """How reviewers agree on the clause; None takes it away."""
        for part in (self._reading, self.pill, self._agreement):
            part.setVisible(found is not None)
        if found is not None:
            self.pill.say(found.found.reading, PILLS[found.found.reading])
            self._agreement.setText(words.agreement_words(found))


class _Figure(Card):
    """A number and what it counts."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.column.setContentsMargins(12, 10, 12, 10)
        self.column.setSpacing(2)
        self._what = what
        self.number: QLabel = plain_label(role="figure")
        self.column.addWidget(self.number)
        self.column.addWidget(plain_label(what, tone="muted"))

    def say(self, number: int) -> None:
        """Change the number."""
        self.number.setText(f"{number:,}")
        self.setAccessibleName(f"{number:,} {self._what}")


class PrecedentCard(WrappingButton):
    """A resolved item, to be opened."""

    def __init__(self, one: "Precedent") -> None:
        super().__init__("row")
        self.item = one.item
        verdict, note = words.VERDICTS.get(one.verdict, one.verdict), words.precedent_note(one)
        why = shown(" ".join((one.words or "The reason is not on this machine.").split()), 200)
        self.setAccessibleName(f"{why}: {verdict}. {note}")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        for label in (Paragraph(why), plain_label(verdict, role="strong"), plain_label(note, tone="faint")):
            column.addWidget(label)
        self.take_clicks()
