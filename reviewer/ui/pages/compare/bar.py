"""What stands below the outputs: which is better, why, how sure, and the button that records."""

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.labels import Opinion
from reviewer.ui.pages.compare.choosing import CHOICES, Choosing
from reviewer.ui.pages.compare.words import so_far
from reviewer.ui.pages.queue.words import CONFIDENCES
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.buttons import KeyButton, beside_primary
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.reason_field import ReasonField
from reviewer.ui.widgets.words import PlainLabel, plain_label

_SHARE = 5
_ONE_ROW = 1000  # narrower, the words of six choices are cut beside rationale and confidence


class ChoiceBar(Card):
    """`changed` is sent when a person changed it, never by `put`."""

    changed = Signal()
    left = Signal()
    """The rationale lost the focus: a good moment to keep the draft."""
    arranged = Signal()
    """It has another height now."""

    def __init__(self, theme: Theme, choosing: Choosing) -> None:
        super().__init__(paper="card")
        self._theme = theme
        self._choosing = choosing
        self._putting = False
        self.column.setContentsMargins(16, 12, 16, 12)
        self.column.setSpacing(12)
        self._row = row = QHBoxLayout()
        row.setSpacing(18)
        self.column.addLayout(row)
        self._narrow = False
        self._question, self._note, self._box = _titled("Which is better?")
        box = self._box
        self._choice = SegmentedControl("Which is better", [Segment(value, "", keys=value) for value in CHOICES])
        self._choice.chosen.connect(self._chose)
        self._order = plain_label(wrap=True)
        for part in (self._choice, self._order):
            box.addWidget(part)
        box.addStretch(1)
        row.addLayout(box, _SHARE)
        _, self._corrected, why = _titled("Rationale")
        self.rationale = ReasonField("Rationale", "Why it is better.")
        self.rationale.textChanged.connect(self._changed)
        self.rationale.left.connect(self.left)
        why.addWidget(self.rationale)
        why.addStretch(1)
        row.addLayout(why, 4)
        _, _, sure = _titled("Confidence")
        self._confidence = SegmentedControl("Confidence", [Segment(v, w, _sure(v)) for v, w in CONFIDENCES.items()])
        self._confidence.chosen.connect(self._changed)
        sure.addWidget(self._confidence)
        self.record = KeyButton(BY_ID["compare.record"], primary=True)
        sure.addWidget(self.record)
        sure.addStretch(1)
        row.addLayout(sure, 3)
        choosing.changed.connect(self._follow)
        choosing.changed.connect(self.changed)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions do that choose in this bar, by id."""
        handlers: dict[str, Callable[[], None]] = {
            f"compare.confidence_{value}": partial(self.choose_confidence, value) for value in CONFIDENCES
        }
        handlers["compare.rationale"] = lambda: self.rationale.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return handlers

    def put(self, opinion: Opinion) -> None:
        """Show what an opinion says; the choice was put into `choosing` before."""
        self._putting = True
        self.rationale.put(opinion.rationale)
        self._confidence.choose(opinion.confidence or "")
        self._putting = False
        self._name_choices()
        self._follow()

    def opinion(self, *, duration_ms: int, kept: Opinion) -> Opinion:
        """What this bar says, and from `kept` what it does not show."""
        return msgspec.structs.replace(
            kept,
            preference=self._choosing.preference(),
            rationale=self.rationale.toPlainText(),
            confidence=self._confidence.value or None,
            duration_ms=duration_ms,
        )

    def choose_confidence(self, confidence: str) -> None:
        """Choose how sure one is; the chosen one again takes it back."""
        self._confidence.turn(confidence)
        self._changed()

    def complain(self, words: str) -> None:
        """Say at the question what is missing; empty: nothing is."""
        self._note.setText(words)
        self._note.set_tone("bad" if words else "faint")
        self._question.setAccessibleDescription(words)

    def say_corrected(self, correction: str | None) -> None:
        """Whether a better answer was written."""
        self._corrected.setText(f"better answer: {len(correction):,} characters" if correction else "")

    def _name_choices(self) -> None:
        """The choices between two by the keys of the outputs; of more, the order is written out."""
        two = len(self._choosing.keys) == 2
        self._question.setText("Which is better?" if two else "Best first")
        self._choice.setVisible(two)
        self._order.setVisible(not two)
        if not two:
            return
        left, right = self._choosing.keys
        words = (f"{left} clearly", f"{left} slightly", "Tie", f"{right} slightly", f"{right} clearly", "Both bad")
        for value, name in zip(CHOICES, words, strict=True):
            button = self._choice.button(value)
            button.setText(name)
            button.setAccessibleName(f"Which is better: {name}")

    def _chose(self, value: str) -> None:
        """A press on a segment; the chosen one again takes it back."""
        self._choosing.choose(value or self._choosing.choice)

    def _follow(self) -> None:
        self._choice.choose(self._choosing.choice)
        self._order.setText(so_far(self._choosing))
        self._order.setAccessibleName(f"Order: {self._order.text()}")
        self.complain("")

    def _changed(self) -> None:
        if not self._putting:
            self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another arrangement."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Where the words of the choices have no room beside the rest, they stand above it."""
        narrow = self.width() < self._theme.px(_ONE_ROW)
        if narrow is self._narrow:
            return
        self._narrow = narrow
        (self._row if narrow else self.column).removeItem(self._box)
        self._box.setParent(None)
        if narrow:
            self.column.insertLayout(0, self._box)
        else:
            self._row.insertLayout(0, self._box, _SHARE)
        self.arranged.emit()

    def _take_theme(self) -> None:
        self.rationale.setFixedHeight(self._theme.px(62))
        self._arrange()


def _titled(title: str) -> tuple[PlainLabel, PlainLabel, QVBoxLayout]:
    """A heading, a faint note at its right, and the column that takes what stands below."""
    box = QVBoxLayout()
    box.setSpacing(6)
    row = QHBoxLayout()
    heading, note = plain_label(title, role="label"), plain_label(role="small", tone="faint")
    row.addWidget(heading)
    row.addStretch(1)
    row.addWidget(note)
    box.addLayout(row)
    return heading, note, box


def _sure(value: str) -> str:
    declared = BY_ID[f"compare.confidence_{value}"]
    return f"{declared.text} ({key_words(declared.keys[0])})"


class SaidBar(Card):
    """Stands in the bar's place while one looks back: what one said, and the ways on."""

    def __init__(self, *, change: Callable[[], None], forward: Callable[[], None]) -> None:
        super().__init__(paper="card")
        self._place = plain_label(role="label")
        self._said = plain_label(role="strong", wrap=True)
        self._why = plain_label(tone="muted", wrap=True)
        words = QVBoxLayout()
        for label in (self._place, self._said, self._why):
            words.addWidget(label)
        row = QHBoxLayout()
        row.addLayout(words, 1)
        self.change = KeyButton(BY_ID["compare.change"])
        beside_primary(self.change)
        self.change.clicked.connect(change)
        self.forward = KeyButton(BY_ID["compare.next"], primary=True)
        self.forward.clicked.connect(forward)
        ways = QVBoxLayout()
        for button in (self.change, self.forward):
            ways.addWidget(button)
        row.addLayout(ways)
        self.column.addLayout(row)

    def show_said(self, place: str, said: str, why: str) -> None:
        """Say which label of one's own this is, what it says, and why."""
        for label, words in ((self._place, place), (self._said, said), (self._why, why)):
            label.setText(words)
        self.setAccessibleName(f"{place}: {said}. {why}".strip())
