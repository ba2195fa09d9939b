"""The card of the rate of all: one large figure, its interval, and what it rests on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from reviewer.ui.pages.insights import rates
from reviewer.ui.widgets.cards import Card, WrappingButton
from reviewer.ui.widgets.charts.marks import percent
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import Headline, plain_label

if TYPE_CHECKING:
    from reviewer.operations.estimating import CampaignEstimate

_TITLE = "Violation rate, all items"


class RateCard(Card):
    """The rate is a button to the labels behind it."""

    opened = Signal()
    """The labels are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_TITLE)
        self.column.addWidget(plain_label(_TITLE, role="label"))
        self.figure = WrappingButton("figure")
        self.figure.clicked.connect(lambda _on=False: self.opened.emit())
        inside = QVBoxLayout(self.figure)
        inside.setContentsMargins(8, 6, 8, 6)
        inside.setSpacing(2)
        self._number = Headline("")
        self._interval = plain_label(tone="muted", wrap=True)
        self._basis = Paragraph(tone="faint")
        for part in (self._number, self._interval, self._basis):
            inside.addWidget(part)
        self.figure.take_clicks()
        self.column.addWidget(self.figure)
        self._besides = Paragraph(tone="muted")
        self.column.addWidget(self._besides)
        self._assisted = Paragraph(tone="muted")
        self._assisted.hide()
        self.column.addWidget(self._assisted)
        self.column.addStretch(1)

    def show_rate(self, found: "CampaignEstimate") -> None:
        """Take the figure; without one its reason stands in its place."""
        number, interval, basis, besides = percent(found.estimate), rates.interval(found), rates.basis(found), rates.besides(found)
        self._number.setText(number)
        self._interval.setText(interval)
        self._basis.setText(basis)
        self._basis.setVisible(bool(basis))
        self._besides.setText(besides)
        self._besides.setVisible(bool(besides))
        self.figure.setAccessibleName(f"{_TITLE}: {number if found.estimate is not None else 'no figure'}")
        self._describe()

    def say_assisted(self, words: str) -> None:
        """Say what the rate is with the help of a judge, or why there is none; empty takes it away."""
        self._assisted.setText(words)
        self._assisted.setVisible(bool(words))
        self._describe()

    def _describe(self) -> None:
        """A screen reader hears with the figure all that stands on the card."""
        parts = (rates.sentence(self._interval.text()), self._basis.text(), self._besides.text(), self._assisted.text())
        self.figure.setAccessibleDescription(f"{' '.join(part for part in parts if part)} Opens the labels behind it.")

    def take_focus(self) -> None:
        """Go to the figure."""
        self.figure.setFocus(Qt.FocusReason.TabFocusReason)
