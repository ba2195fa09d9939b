"""Choosing one of a few: a row of segments, and the large verdict buttons. Both can be left without a choice."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.ui.widgets.caps import KeyCap
from reviewer.ui.widgets.words import plain_label, plain_tooltip


class Segment(NamedTuple):
    """One choice: the value it stands for, its word, what a tooltip adds, and the tone of its chosen state (accent, bad, warn, ok).

    keys: printed on a cap under the word, where there is room for one.
    """

    value: str
    text: str
    tip: str = ""
    tone: str = "accent"
    keys: str = ""


class SegmentedControl(QFrame):
    """A row of words of which at most one is chosen. Arrow keys move, Space chooses; choosing the chosen one again takes it back, unless
    one of them is required."""

    chosen = Signal(str)
    """The value that a person chose, or empty when they took it back. Not sent by `choose`."""

    def __init__(self, name: str, segments: Sequence[Segment], parent: QWidget | None = None, *, required: bool = False) -> None:
        """name: what is chosen here, for screen readers: “Severity”. required: the first holds until another is chosen."""
        super().__init__(parent)
        self._required = required
        self.setAccessibleName(name)
        self.setProperty("paper", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._buttons: dict[str, QPushButton] = {}
        self.value = ""
        """The chosen value, or empty."""
        for place, segment in enumerate(segments):
            button = QPushButton(segment.text)
            button.setCheckable(True)
            button.setProperty("kind", "segment")
            button.setProperty("tone", segment.tone)
            button.setProperty("end", _end(place, len(segments)))
            button.setAccessibleName(f"{name}: {segment.text}")
            plain_tooltip(button, segment.tip)
            if segment.keys:
                _put_cap(button, segment.keys)
            button.clicked.connect(lambda on, value=segment.value: self._pressed(value, on))
            row.addWidget(button, 1)
            self._buttons[segment.value] = button
        if required:
            self.choose(segments[0].value)

    def choose(self, value: str) -> None:
        """Choose a value, or with an empty one none, without telling `chosen`."""
        if value != self.value:
            self.value = value if value in self._buttons else ""
            for each, button in self._buttons.items():
                button.setChecked(each == value)

    def turn(self, value: str) -> None:
        """Choose a value, or take it back where it is chosen, without telling `chosen`."""
        self.choose("" if self.value == value else value)

    def button(self, value: str) -> QPushButton:
        """The segment of one value."""
        return self._buttons[value]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from segment to segment."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        buttons = list(self._buttons.values())
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), None)
        if not step or here is None:
            super().keyPressEvent(event)
            return
        buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def _pressed(self, value: str, on: bool) -> None:
        if self._required and not on:
            self._buttons[value].setChecked(True)
            return
        self.choose(value if on else "")
        self.chosen.emit(value if on else "")


def _put_cap(button: QPushButton, keys: str) -> None:
    """The key under the word; the style leaves room for it."""
    button.setProperty("keyed", True)
    button.setAccessibleDescription(f"Key: {keys}")
    cap = KeyCap(keys)
    cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    column = QVBoxLayout(button)
    column.setContentsMargins(4, 4, 4, 6)
    column.addStretch(1)
    column.addWidget(cap, 0, Qt.AlignmentFlag.AlignHCenter)


def _end(place: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if place == 0 else "last" if place == count - 1 else "middle"


class VerdictButton(QPushButton):
    """A verdict: its word over its key. Chosen, its edge is twice as thick and it takes the tone's colour."""

    def __init__(self, text: str, keys: str, *, tone: str = "accent", parent: QWidget | None = None) -> None:
        """tone: ok, bad, warn or accent, for the chosen state."""
        super().__init__(parent)
        self.setCheckable(True)
        self.setProperty("kind", "verdict")
        self.setProperty("tone", tone)
        self.setAccessibleName(text)
        self.setAccessibleDescription(f"Key: {keys}")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(3)
        self._word = plain_label(text, role="verdict")
        self._word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        cap = KeyCap(keys)
        for label in (self._word, cap):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column.addWidget(self._word)
        column.addWidget(cap, 0, Qt.AlignmentFlag.AlignHCenter)
        self.toggled.connect(self._paint_word)

    def sizeHint(self) -> QSize:
        """As its words need."""
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As its words need."""
        return self.sizeHint()

    def _paint_word(self, on: bool) -> None:
        """In the other of its two colours: to be styled anew would lay out the whole form anew, and the next item would wait for that."""
        self._word.setForegroundRole(QPalette.ColorRole.HighlightedText if on else QPalette.ColorRole.WindowText)
