"""What reviewers said of an item, side by side, and how it was resolved before: papers to be read."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.adjudicate import words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.adjudicating import DisputeShown, OpinionGiven, RulingGiven

_LONG = 4_000  # characters of one text that are shown
_TWO_FROM = 400  # pixels of width, at the usual size of text
_LEAST = 240


class Opinions(QWidget):
    """Two to a row, or one where there is little room; below them, the resolutions in force."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: list[Card] = []
        self._below: list[Card] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._columns = 2

    def show_dispute(self, dispute: "DisputeShown", *, zone: str) -> None:
        """zone: `local` or `utc`."""
        remove(self._grid, (*self._cards, *self._below))
        self._cards = [OpinionCard(place, opinion) for place, opinion in enumerate(dispute.opinions)]
        self._below = [RulingCard(given, zone=zone) for given in dispute.rulings]
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another arrangement."""
        super().resizeEvent(event)
        columns = 2 if self.width() >= self._theme.px(_TWO_FROM) else 1
        if columns != self._columns:
            self._columns = columns
            self._place()

    def minimumSizeHint(self) -> QSize:
        """Room for one beside the other is not asked for: they go below each other."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._theme.px(_LEAST)), hint.height())

    def _place(self) -> None:
        for card in (*self._cards, *self._below):
            self._grid.removeWidget(card)
        for place, card in enumerate(self._cards):
            alone = place == len(self._cards) - 1 and place % self._columns == 0
            self._grid.addWidget(card, place // self._columns, place % self._columns, 1, self._columns if alone else 1)
        rows = -(-len(self._cards) // self._columns)
        for place, card in enumerate(self._below):
            self._grid.addWidget(card, rows + place, 0, 1, self._columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if self._columns == 2 else 0)


class OpinionCard(Card):
    """One label: verdict, rationale, what was missed, and the rest in a line."""

    def __init__(self, place: int, opinion: "OpinionGiven") -> None:
        super().__init__()
        name = words.heading(place) if opinion.by is None else f"{words.heading(place)} · {shown(opinion.by, 60)}"
        self.column.addWidget(plain_label(name, role="label", wrap=True))
        self.column.addWidget(Pill(words.verdict(opinion), words.TONES.get(opinion.verdict or "", "plain")), 0, Qt.AlignmentFlag.AlignLeft)
        said = [_cut(opinion.rationale) if opinion.rationale else "No rationale was given."]
        said += [f"Missing{f' at step {shown(one.step, 20)}' if one.step else ''}: {_cut(one.text)}" for one in opinion.omissions]
        for text in said:
            self.column.addWidget(Paragraph(text, tone="muted"))
        marked = words.steps(opinion)
        for line in (f"Steps  {marked}" if marked else "", words.facts(opinion)):
            if line:
                self.column.addWidget(plain_label(line, tone="faint", wrap=True))
        self.column.addStretch(1)
        self.setAccessibleName(f"{name}: {words.verdict(opinion)}. {' '.join(said)} {words.facts(opinion)}")


class RulingCard(Card):
    """A resolution that holds, or two that differ."""

    def __init__(self, given: "RulingGiven", *, zone: str) -> None:
        super().__init__()
        by = "yours" if given.mine else shown(given.by, 60) if given.by else "another adjudicator's"
        self.column.addWidget(plain_label(f"Resolution in force · {by}", role="label", wrap=True))
        self.column.addWidget(Pill(words.ruling(given.verdict), words.TONES[given.verdict]), 0, Qt.AlignmentFlag.AlignLeft)
        reason = _cut(given.reason) if given.reason else "Its reason is not on this machine."
        self.column.addWidget(Paragraph(reason, tone="muted"))
        cited = ", ".join(shown(one.clause, 40) for one in given.clauses)
        line = ", ".join(part for part in (f"under {cited}" if cited else "", moment(given.time, zone)) if part)
        self.column.addWidget(plain_label(line, tone="faint", wrap=True))
        self.setAccessibleName(f"Resolution in force, {by}: {words.ruling(given.verdict)}. {reason} {line}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
