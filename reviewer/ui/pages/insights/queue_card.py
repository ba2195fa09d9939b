"""The card of the queue: how far the campaign is, for everybody together."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.cards import Card, WrappingButton
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding


class QueueCard(Card):
    """A bar and its words, a button to the items that were drawn."""

    opened = Signal()
    """The items are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Queue")
        self.column.addWidget(plain_label("Queue", role="label"))
        self.figure = WrappingButton("figure")
        self.figure.clicked.connect(lambda _on=False: self.opened.emit())
        inside = QVBoxLayout(self.figure)
        inside.setContentsMargins(8, 6, 8, 6)
        inside.setSpacing(6)
        self._done = plain_label(role="strong", wrap=True)
        self.bar = ThinBar("Items complete", wide=True)
        self._parts = Paragraph(tone="muted")
        for part in (self._done, self.bar, self._parts):
            inside.addWidget(part)
        self.figure.take_clicks()
        self.column.addWidget(self.figure)

    def show_standing(self, standing: "CampaignStanding") -> None:
        """Take how the campaign stands."""
        done, said = progress(standing)
        self._done.setText(done)
        self._parts.setText(said)
        self.bar.show_part(standing.complete, max(standing.sampled, 1))
        self.figure.setAccessibleName(f"Queue: {done}")
        self.figure.setAccessibleDescription(f"{said} Opens the items that were drawn.")

    def take_focus(self) -> None:
        """Go to the figure."""
        self.figure.setFocus(Qt.FocusReason.TabFocusReason)


def progress(standing: "CampaignStanding") -> tuple[str, str]:
    """“60 of 120 items complete”, and what became of them."""
    done = f"{standing.complete:,} of {count(standing.sampled, 'item')} complete"
    said = f"{standing.answered:,} with an answer, {standing.unsure:,} unsure, {standing.open:,} open."
    waits = f" {count(standing.remaining, 'item still waits', 'items still wait')} for labels." if standing.remaining else ""
    return done, said + waits + (" The campaign is closed." if standing.closed else "")
