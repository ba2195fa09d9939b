"""The side panel in which an item is judged: verdict, severity, clauses, rationale, confidence, and the button that records."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.events import Mark, Severity, Verdict
from reviewer.domain.labels import Opinion
from reviewer.ui.pages.review.words import CONFIDENCES, SEVERITIES, TONES, VERDICTS
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.choices import Segment, SegmentedControl, VerdictButton
from reviewer.ui.widgets.words import PlainLabel, plain_label, plain_tooltip

_ACTIONS = {"compliant": "review.compliant", "non_compliant": "review.non_compliant", "unsure": "review.unsure"}


class OpinionForm(QScrollArea):
    """What the reviewer thinks, so far. `changed` is sent when a person changed it, never by `put`."""

    changed = Signal()
    left = Signal()
    """The rationale lost the focus: a good moment to keep the draft."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._putting = self._complaining = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Your label")
        body = QWidget()
        self.setViewport(QWidget())  # see transcript/view.py: Qt's own costs the first paint 20 ms, and is painted over
        self.setWidget(body)
        body.setAutoFillBackground(False)
        self._column = QVBoxLayout(body)
        self._column.setSpacing(14)
        self._verdicts = self._make_verdicts()
        self._severity = SegmentedControl("Severity", [Segment(v, w, _tip(f"review.{v}"), "bad") for v, w in SEVERITIES.items()])
        self._severity.chosen.connect(self._changed)
        _section(self._column, "Severity", self._severity)
        clauses = plain_label("Clauses can be cited once this campaign has a policy.", tone="faint", wrap=True)
        _section(self._column, "Clauses", clauses)
        self._make_rationale()
        self._confidence = SegmentedControl("Confidence", [Segment(v, w, _tip(f"review.confidence_{v}")) for v, w in CONFIDENCES.items()])
        self._confidence.chosen.connect(self._changed)
        _section(self._column, "Confidence", self._confidence)
        self._column.addStretch(1)
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self._follow()

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions do that choose in this form, by id."""
        handlers: dict[str, Callable[[], None]] = {f"review.{value}": partial(self.choose, value) for value in VERDICTS}
        handlers |= {f"review.{value}": partial(self.choose_severity, value) for value in SEVERITIES}
        handlers |= {f"review.confidence_{value}": partial(self.choose_confidence, value) for value in CONFIDENCES}
        handlers["review.rationale"] = lambda: self.rationale.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return handlers

    # -- what it says ------------------------------------------------------------------------------------------------------------

    @property
    def verdict(self) -> Verdict | None:
        """The verdict chosen."""
        return cast(Verdict | None, next((value for value, button in self._verdicts.items() if button.isChecked()), None))

    def opinion(self, *, steps: Mapping[str, Mark], duration_ms: int, kept: Opinion) -> Opinion:
        """All that is on screen, and from `kept` what this form does not show. steps: marks by step."""
        return msgspec.structs.replace(
            kept,
            verdict=self.verdict,
            severity=cast(Severity | None, self._severity.value or None),
            rationale=self.rationale.toPlainText(),
            confidence=self._confidence.value or None,
            steps=dict(steps),
            duration_ms=duration_ms,
        )

    def put(self, opinion: Opinion) -> None:
        """Show an opinion, or with an empty one nothing."""
        self._putting = True
        for value, button in self._verdicts.items():
            button.setChecked(value == opinion.verdict)
        self._severity.choose(opinion.severity or "")
        if opinion.rationale or not self.rationale.document().isEmpty():
            self.rationale.setPlainText(opinion.rationale)
            self.rationale.document().clearUndoRedoStacks()
        self._confidence.choose(opinion.confidence or "")
        self.complain("")
        self._putting = False
        self._follow()
        self.verticalScrollBar().setValue(0)

    def choose(self, verdict: str) -> None:
        """Choose a verdict; the chosen one again takes it back."""
        on = self.verdict != verdict
        for value, button in self._verdicts.items():
            button.setChecked(on and value == verdict)
        self._changed()

    def choose_severity(self, severity: str) -> None:
        """Choose a severity; only a non-compliant item has one, so that is chosen too."""
        if self.verdict != "non_compliant":
            self.choose("non_compliant")
        self._severity.choose("" if self._severity.value == severity else severity)
        self._changed()

    def choose_confidence(self, confidence: str) -> None:
        """Choose how sure one is; the chosen one again takes it back."""
        self._confidence.choose("" if self._confidence.value == confidence else confidence)
        self._changed()

    def complain(self, words: str, field: str = "rationale") -> None:
        """Say at a field what is missing there, and go to it. field: verdict or rationale."""
        if not words and not self._complaining:
            return
        self._complaining = bool(words)
        for name, label, usual in (
            ("verdict", self._verdict_note, self._blind_words),
            ("rationale", self._rationale_note, "required for non-compliant"),
        ):
            wrong = bool(words) and name == field
            label.setText(words if wrong else usual)
            label.set_tone("bad" if wrong else "faint")
        self.rationale.setAccessibleDescription(words if field == "rationale" else "")
        if words and field == "rationale":
            self.ensureWidgetVisible(self.rationale)
            self.rationale.setFocus(Qt.FocusReason.OtherFocusReason)
        elif words:
            self._verdicts["compliant"].setFocus(Qt.FocusReason.TabFocusReason)

    def say_blind(self, blind: bool) -> None:
        """Whether other opinions are hidden in this campaign."""
        self._blind_words = "blind: other opinions are hidden" if blind else "not blind"
        self._verdict_note.setText(self._blind_words)

    # -- making ------------------------------------------------------------------------------------------------------------------

    def _make_verdicts(self) -> dict[str, VerdictButton]:
        self._blind_words = "blind: other opinions are hidden"
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        buttons: dict[str, VerdictButton] = {}
        for place, (value, words) in enumerate(VERDICTS.items()):
            action = BY_ID[_ACTIONS[value]]
            button = VerdictButton(words, key_words(action.keys[0]), tone=TONES[value])
            plain_tooltip(button, action.text)
            button.clicked.connect(lambda _on=False, value=value: self._clicked(value))
            grid.addWidget(button, 0, place)
            grid.setColumnStretch(place, 1)
            buttons[value] = button
        self._verdict_note = _section(self._column, "Verdict", row, self._blind_words)
        return buttons

    def _make_rationale(self) -> None:
        self.rationale = QPlainTextEdit()
        self.rationale.setTabChangesFocus(True)
        self.rationale.setAccessibleName("Rationale")
        self.rationale.setPlaceholderText("What happened, and what should have.")
        self.rationale.textChanged.connect(self._changed)
        self.rationale.installEventFilter(self)
        self._rationale_note = _section(self._column, "Rationale", self.rationale, "required for non-compliant")

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """Leaving the rationale keeps the draft."""
        if event.type() == QEvent.Type.FocusOut and target is self.rationale and isinstance(event, QFocusEvent):
            self.left.emit()
        return super().eventFilter(target, event)

    # -- following ---------------------------------------------------------------------------------------------------------------

    def _clicked(self, value: str) -> None:
        """A press toggles the button itself; the others go up."""
        for other, button in self._verdicts.items():
            if other != value:
                button.setChecked(False)
        self._changed()

    def _changed(self) -> None:
        if self._putting:
            return
        self._follow()
        self.complain("")
        self.changed.emit()

    def _follow(self) -> None:
        """Only a non-compliant item has a severity."""
        breaks = self.verdict == "non_compliant"
        if not breaks:
            self._severity.choose("")
        self._severity.setEnabled(breaks)

    def _take_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(14), px(16), px(14))
        self.rationale.setFixedHeight(px(108))


def _section(column: QVBoxLayout, title: str, content: QWidget, note: str = "") -> PlainLabel:
    """A heading, a faint note at its right, and what stands below. Gives back the note."""
    box = QVBoxLayout()
    box.setSpacing(6)
    row = QHBoxLayout()
    row.addWidget(plain_label(title, role="label"))
    row.addStretch(1)
    faint = plain_label(note, role="small", tone="faint")
    row.addWidget(faint)
    box.addLayout(row)
    box.addWidget(content)
    column.addLayout(box)
    return faint


def _tip(action: str) -> str:
    declared = BY_ID[action]
    return f"{declared.text} ({key_words(declared.keys[0])})"
