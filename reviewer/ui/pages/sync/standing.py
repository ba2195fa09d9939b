"""The two cards at the top: what waits here, and what the last exchange brought."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.sync import words
from reviewer.ui.widgets.buttons import KeyButton, beside_primary
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import Headline, plain_label

if TYPE_CHECKING:
    from reviewer.operations.sync_overview import Overview

_ABOVE_BUTTONS = 6  # pixels, beside the usual distance


class WaitingCard(Card):
    """How many labels nobody else was given yet; while one waits to be admitted, the words to compare."""

    def __init__(self) -> None:
        super().__init__()
        self._title = plain_label("Waiting here", role="label")
        self._number = Headline("")
        self._said = Paragraph(tone="muted")
        self._six = plain_label(role="mono", wrap=True, selectable=True)
        self.sync = KeyButton(BY_ID["sync.now"], primary=True)
        self.bundle = KeyButton(BY_ID["sync.bundle"])
        self.request = KeyButton(BY_ID["sync.write_request"])
        beside_primary(self.bundle, self.request)
        for part in (self._title, self._number, self._said, self._six):
            self.column.addWidget(part)
        self.column.addSpacing(_ABOVE_BUTTONS)
        self.column.addStretch(1)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        for button in (self.sync, self.bundle, self.request):
            self._buttons.addWidget(button, 1)
        self.column.addLayout(self._buttons)
        self.setAccessibleName("Waiting here")

    def show_overview(self, found: "Overview") -> None:
        """Take what was read."""
        self._title.setText("Waiting here" if found.admitted else "Joining")
        self._number.setText(count(found.waiting, "label") if found.admitted else "Waiting to be admitted")
        self._said.setText(words.waiting_words(found) if found.admitted else _WAITS)
        self._six.setText(words.six(found.words))
        self._six.setAccessibleName(f"Six words of your request: {' '.join(found.words)}")
        self._six.setVisible(not found.admitted and bool(found.words))
        self.bundle.setVisible(found.admitted)
        self.request.setVisible(not found.admitted)
        self.setAccessibleDescription(f"{self._number.text()}. {self._said.text()}")

    def say_place(self, place: str) -> None:
        """With whom the button syncs; empty: it asks."""
        text = f"Sync with {place}" if place else "Sync with …"
        self.sync.setText(text)
        self.sync.setAccessibleName(text)

    def stack(self, narrow: bool) -> None:
        """Put the buttons below each other where there is little room."""
        self._buttons.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


_WAITS = (
    "Give your request file to a lead, and compare these six words by voice. Once you are admitted, sync with the place that they name, "
    "or apply the bundle that they give you."
)


class TakenCard(Card):
    """What came in last, and how much of it is to be settled."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._came, self._conflicts = "", 0
        self._title = plain_label("Took in", role="label")
        self._number = Headline("")
        self._said = Paragraph(tone="muted")
        self._aside = Paragraph(tone="warn")
        self.settle = KeyButton(BY_ID["sync.settle"])
        self.apply = KeyButton(BY_ID["app.bundle"])
        beside_primary(self.settle, self.apply)  # of the card at the left
        for part in (self._title, self._number, self._said, self._aside):
            self.column.addWidget(part)
        self.column.addSpacing(_ABOVE_BUTTONS)
        self.column.addStretch(1)
        self.settle.hide()
        self.column.addWidget(self.settle)
        self.column.addWidget(self.apply)

    def show_overview(self, found: "Overview") -> None:
        """Take what was read."""
        last, day = found.last, ""
        if last is not None:
            day = words.when(last.at_ms, found.now_ms, self._settings[TIME_ZONE], clock=False)
        self._title.setText(f"Took in {day}".strip())
        self._number.setText("Nothing yet" if last is None else count(last.received.entries, "entry", "entries"))
        self._came = "What others did shows here after the first sync." if last is None else words.taken_words(last)
        aside = words.aside_words(found.pending, found.quarantined)
        self._aside.setText(aside)
        self._aside.setVisible(bool(aside))
        self.setAccessibleName(self._title.text())
        self._say()

    def say_conflicts(self, number: int) -> None:
        """How much is to be settled."""
        self._conflicts = number
        text = f"Settle {count(number, 'conflict')}"
        self.settle.setText(text)
        self.settle.setAccessibleName(text)
        self.settle.setVisible(bool(number))
        self.apply.setVisible(not number)
        self._say()

    def _say(self) -> None:
        said = f"{self._came} {count(self._conflicts, 'thing')} to settle." if self._conflicts else self._came
        self._said.setText(said)
        self.setAccessibleDescription(f"{self._number.text()}. {said} {self._aside.text()}".strip())


class Banner(Card):
    """What must be known before anything else; hidden where all is well."""

    def __init__(self) -> None:
        super().__init__()
        self._what = plain_label(role="strong", tone="bad", wrap=True)
        self._hint = Paragraph(tone="muted")
        column = QVBoxLayout()
        column.addWidget(self._what)
        column.addWidget(self._hint)
        self.column.addLayout(column)
        self.hide()

    def show_overview(self, found: "Overview") -> None:
        """Show that two replicas disagree, if they do."""
        error = found.diverged
        self.setVisible(error is not None)
        if error is not None:
            self._what.setText(f"▲ {error.what} [{error.code}]")
            self._hint.setText(error.hint)
            self.setAccessibleName(error.what)


def side_by_side(parts: tuple[QWidget, ...], spacing: int = 14) -> tuple[QWidget, QBoxLayout]:
    """Widgets in a row that can become a column."""
    room = QWidget()
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight, room)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for part in parts:
        row.addWidget(part, 1)
    return room, row
