"""The row of large buttons of which one is the verdict: of a label, of a resolution."""

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.widgets.choices import VerdictButton
from reviewer.ui.widgets.words import plain_tooltip


class VerdictChoice(NamedTuple):
    """One of the verdicts: its word, the id of the action that chooses it, and the tone of its chosen state (ok, bad, warn)."""

    word: str
    action: str
    tone: str


class VerdictRow(QWidget):
    """At most one is chosen; choosing the chosen one again takes it back."""

    changed = Signal()
    """A person chose, by key or by mouse. Not sent by `put`."""

    def __init__(self, choices: Mapping[str, VerdictChoice]) -> None:
        """choices: by the value that each stands for, from left to right."""
        super().__init__()
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self._stacked = False
        self._buttons: dict[str, VerdictButton] = {}
        self.value: str | None = None
        """What is chosen."""
        for place, (value, choice) in enumerate(choices.items()):
            action = BY_ID[choice.action]
            button = VerdictButton(choice.word, key_words(action.keys[0]), tone=choice.tone)
            plain_tooltip(button, action.text)
            button.clicked.connect(lambda on, value=value: self._pressed(value, on))
            grid.addWidget(button, 0, place)
            grid.setColumnStretch(place, 1)
            self._buttons[value] = button

    @property
    def least(self) -> int:
        """The width in which all stand side by side and no word is cut, pixels."""
        return sum(button.minimumSizeHint().width() for button in self._buttons.values()) + 8 * (len(self._buttons) - 1)

    def stack(self, narrow: bool) -> None:
        """Put them below each other where there is too little room for all words."""
        if narrow != self._stacked:
            self._stacked = narrow
            for place, button in enumerate(self._buttons.values()):
                self._grid.addWidget(button, place if narrow else 0, 0 if narrow else place)
                self._grid.setColumnStretch(place, 0 if narrow and place else 1)

    def put(self, value: str | None) -> None:
        """Show a choice, or none."""
        if value != self.value:
            self.value = value
            for each, button in self._buttons.items():
                button.setChecked(each == value)

    def choose(self, value: str) -> None:
        """Choose, or take the choice back."""
        self._pressed(value, self.value != value)

    def button(self, value: str) -> VerdictButton:
        """The button of one value."""
        return self._buttons[value]

    def take_focus(self) -> None:
        """Put the focus on the first of them."""
        next(iter(self._buttons.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def _pressed(self, value: str, on: bool) -> None:
        self.put(value if on else None)
        self.changed.emit()
