"""The card at the top: three figures of the whole campaign, and what they rest on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from reviewer.ui.pages.insights import words
from reviewer.ui.pages.insights.tables import head
from reviewer.ui.widgets.cards import Card, WrappingButton
from reviewer.ui.widgets.charts.marks import percent
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import Headline, plain_label

if TYPE_CHECKING:
    from reviewer.operations.agreement import Agreement


class AgreementCard(Card):
    """Krippendorff's alpha, Gwet's AC1 and raw agreement, each a button to the labels behind it."""

    opened = Signal()
    """The labels are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Agreement")
        self.column.addLayout(head("Agreement", "0 is chance, 1 is full; 95% intervals"))
        self.figures = (Figure("Krippendorff's alpha"), Figure("Gwet's AC1"), Figure("Same verdict"))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(8)
        for figure in self.figures:
            self._row.addWidget(figure, 1)
            figure.clicked.connect(lambda _on=False: self.opened.emit())
        self.column.addLayout(self._row)
        self._basis = Paragraph(tone="muted")
        self.column.addWidget(self._basis)

    def show_agreement(self, found: "Agreement") -> None:
        """Take the figures."""
        alpha, ac1, raw = self.figures
        alpha.say(words.number(found.alpha.value), words.interval(found.alpha))
        ac1.say(words.number(found.ac1.value), words.interval(found.ac1))
        raw.say(percent(found.raw.value), words.percents(found.raw))
        for figure in self.figures:
            figure.setVisible(bool(found.items))
        self._basis.setText(words.basis(found))

    def take_focus(self) -> bool:
        """Go to the first figure. False where there is none."""
        shown = not self.figures[0].isHidden()
        if shown:
            self.figures[0].setFocus(Qt.FocusReason.TabFocusReason)
        return shown

    def stack(self, narrow: bool) -> None:
        """Put the figures below each other where there is little room."""
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


class Figure(WrappingButton):
    """A number, large, over its name and its interval."""

    def __init__(self, name: str) -> None:
        super().__init__("figure")
        self._name = name
        self._number = Headline("")
        self._interval = plain_label(tone="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(2)
        for part in (self._number, plain_label(name), self._interval):
            column.addWidget(part)
        self.take_clicks()

    def say(self, number: str, interval: str) -> None:
        """Change both."""
        self._number.setText(number)
        self._interval.setText(interval)
        self.setAccessibleName(f"{self._name} {number}")
        self.setAccessibleDescription(f"{interval}. Opens the labels behind it.")
