"""The page's part of the top bar: which campaign, how far, how long still."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.pages.queue.words import time_left
from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import OneLine, plain_label, plain_tooltip

if TYPE_CHECKING:
    from reviewer.operations.queues import Standing


class QueueHeader(QWidget):
    """Name, thin bar, “37 of 120”, “about 48 min left”; for who may resolve them, “4 disagreements”."""

    def __init__(self, disputes: Callable[[], None]) -> None:
        """disputes: go to the disagreements."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._name = OneLine("Review", role="title")
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._bar = ThinBar("Progress of the queue")
        self._count = plain_label(tone="muted")
        self._left = OneLine(tone="faint")
        self._marked = OneLine(tone="muted")
        self._marked.hide()
        for part in (self._name, self._bar, self._count, self._marked, self._left):
            row.addWidget(part)
        self._disputes = QPushButton(self)
        self._disputes.setProperty("kind", "chip")
        self._disputes.setProperty("tone", "accent")
        self._disputes.hide()
        self._disputes.clicked.connect(disputes)
        row.addWidget(self._disputes)
        row.addStretch(1)
        self.show_standing(None)

    def show_name(self, name: str) -> None:
        """The campaign's name, while no more is known."""
        self._name.setText(name)

    def show_disputes(self, number: int) -> None:
        """How many items wait for this person to resolve; nothing where none does."""
        action = BY_ID["app.adjudicate"]
        words = count(number, "disagreement")
        self._disputes.setText(f"{words}  {key_words(action.keys[0])}")
        self._disputes.setAccessibleName(f"{words} to resolve")
        plain_tooltip(self._disputes, action.text)
        self._disputes.setVisible(number > 0)

    def show_marked(self, words: str) -> None:
        """How many steps of the item on screen are marked; nothing where no marks are asked for."""
        self._marked.setText(words)
        self._marked.setVisible(bool(words))

    def show_standing(self, standing: "Standing | None") -> None:
        """Take the counts of a campaign, or of none."""
        self._bar.setVisible(standing is not None)
        if standing is None:
            for label, words in ((self._name, "Review"), (self._count, ""), (self._left, "")):
                label.setText(words)
            return
        self.show_name(standing.name)
        self._bar.show_part(standing.done, max(standing.asked, 1))
        self._count.setText(f"{standing.done:,} of {standing.asked:,}")
        self._left.setText(time_left(standing.pace_ms, standing.waiting))
        self.setAccessibleName(f"{standing.name}: {self._count.text()} {self._left.text()}".strip())
