"""The side panel in which an item is judged: verdict, severity, clauses, rationale, confidence, and the button that records."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.citable import Citable
from reviewer.domain.errors import shown
from reviewer.domain.events import Severity, Verdict
from reviewer.domain.labels import Opinion
from reviewer.ui.pages.queue.words import CONFIDENCES, SEVERITIES, TONES, VERDICTS
from reviewer.ui.pages.review.clause_panel import KEYED, ClausePanel
from reviewer.ui.pages.review.evidence_chips import EvidenceChips
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.grounds import lie_on
from reviewer.ui.widgets.reason_field import ReasonField
from reviewer.ui.widgets.verdict_row import VerdictChoice, VerdictRow
from reviewer.ui.widgets.words import OneLine, plain_label

_NO_POLICY = "No clause can be cited here: no policy is in force."
_BESIDE_CLAUSES, _CARD = 490, 78  # heights of all but the cards, and of a card
_LEAST_HEIGHT = 80  # the verdict stays in sight, whatever stands above and below
_ACTIONS = {"compliant": "review.compliant", "non_compliant": "review.non_compliant", "unsure": "review.unsure"}


class OpinionForm(QScrollArea):
    """What the reviewer thinks, so far. `changed` is sent when a person changed it, never by `put`."""

    changed = Signal()
    left = Signal()
    """The rationale lost the focus: a good moment to keep the draft."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._putting = self._complaining = self._steps_asked = False
        self._follows: Verdict | None = None
        self._judged_by: Sequence[Citable] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # it scrolls: what stands above and below goes first
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
        self.clauses = ClausePanel(theme)
        self._policy_note = _section(self._column, "Clauses", self.clauses)
        self._make_rationale()
        self.chips = EvidenceChips()
        _section(self._column, "Evidence", self.chips)
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
        return cast("Verdict | None", self._verdicts.value)  # in quotes: to make the type anew costs each key

    def opinion(self, *, duration_ms: int, kept: Opinion) -> Opinion:
        """What this form itself says, and from `kept` what it does not show."""
        return msgspec.structs.replace(
            kept,
            verdict=self.verdict,
            severity=cast("Severity | None", self._severity.value or None),
            rationale=self.rationale.toPlainText(),
            confidence=self._confidence.value or None,
            duration_ms=duration_ms,
        )

    def put(self, opinion: Opinion) -> None:
        """Show an opinion, or with an empty one nothing."""
        self._putting = True
        self._verdicts.put(opinion.verdict)
        self._severity.choose(opinion.severity or "")
        self.rationale.put(opinion.rationale)
        self._confidence.choose(opinion.confidence or "")
        self.complain("")
        self._putting = False
        self._follow()
        self.verticalScrollBar().setValue(0)

    @property
    def least(self) -> int:
        """The width in which nothing of it is cut, pixels."""
        needed = max(self._column.totalMinimumSize().width(), self._beside)
        return needed + self.verticalScrollBar().sizeHint().width()

    @property
    def _beside(self) -> int:
        """The width in which the verdicts stand side by side."""
        margins = self._column.contentsMargins()
        return self._verdicts.least + margins.left() + margins.right()

    def fit(self) -> None:
        """Put the verdicts below each other where one would be cut."""
        self._verdicts.stack(self.viewport().width() < self._beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self.fit()

    def choose(self, verdict: str) -> None:
        """Choose a verdict; the chosen one again takes it back."""
        self._verdicts.choose(verdict)

    def choose_severity(self, severity: str) -> None:
        """Choose a severity; only a non-compliant item has one, so that is chosen too."""
        if self.verdict != "non_compliant":
            self.choose("non_compliant")
        self._severity.turn(severity)
        self._changed()

    def choose_confidence(self, confidence: str) -> None:
        """Choose how sure one is; the chosen one again takes it back."""
        self._confidence.turn(confidence)
        self._changed()

    def complain(self, words: str, field: str = "rationale") -> None:
        """Say at a field what is missing there, and go to it. field: verdict or rationale."""
        if not words and not self._complaining:
            return
        self._complaining = bool(words)
        for name, label, usual in (
            ("verdict", self._verdict_note, self._verdict_words),
            ("rationale", self._rationale_note, self._rationale_words),
        ):
            wrong = bool(words) and name == field
            label.setText(words if wrong else usual)
            label.set_tone("bad" if wrong else "faint")
        self.rationale.setAccessibleDescription(words if field == "rationale" else "")
        if words and field == "rationale":
            self.ensureWidgetVisible(self.rationale)
            self.rationale.setFocus(Qt.FocusReason.OtherFocusReason)
        elif words:
            self._verdicts.take_focus()

    def say_blind(self, blind: bool) -> None:
        """Whether other opinions are hidden in this campaign."""
        self._blind_words = "blind: other opinions are hidden" if blind else "not blind"
        self._verdict_note.setText(self._verdict_words)

    def say_follows(self, asked: bool, verdict: Verdict | None) -> None:
        """Whether a campaign asks for steps, and the verdict that follows from their marks while none is chosen."""
        if not asked and not self._steps_asked:
            return
        self._steps_asked, self._follows = asked, verdict
        if not self._complaining:
            self._verdict_note.setText(self._verdict_words)
            self._rationale_note.setText(self._rationale_words)

    @property
    def _verdict_words(self) -> str:
        if not self._steps_asked or self.verdict is not None:
            return self._blind_words
        return f"from the marks: {VERDICTS[self._follows]}" if self._follows else "follows from the marks"

    @property
    def _rationale_words(self) -> str:
        return "optional" if self._steps_asked else "required for non-compliant"

    @property
    def cards(self) -> int:
        """How many cards of clauses fit beside all the rest without scrolling; 2 at least."""
        return max(2, min(KEYED, (self.height() - self._theme.px(_BESIDE_CLAUSES)) // self._theme.px(_CARD)))

    def say_policies(self, clauses: Sequence[Citable], *, nothing: bool) -> None:
        """By which policies this item is judged. nothing: there is no clause to show."""
        self.clauses.say(_NO_POLICY if nothing else "")
        if clauses is self._judged_by:  # the same for every item of a campaign, as a rule
            return
        self._judged_by = clauses
        titles = list(dict.fromkeys(f"{shown(one.policy_title, 40)}, version {one.version}" for one in clauses))
        self._policy_note.setText(titles[0] if len(titles) == 1 else f"{len(titles)} policies" if titles else "")
        self._policy_note.say_more("; ".join(titles))

    # -- making ------------------------------------------------------------------------------------------------------------------

    def _make_verdicts(self) -> VerdictRow:
        self._blind_words = "blind: other opinions are hidden"
        row = VerdictRow({value: VerdictChoice(words, _ACTIONS[value], TONES[value]) for value, words in VERDICTS.items()})
        row.changed.connect(self._changed)
        lie_on(row, QPalette.ColorRole.Base)
        self._verdict_note = _section(self._column, "Verdict", row, self._blind_words)
        return row

    def _make_rationale(self) -> None:
        self.rationale = ReasonField("Rationale", "What happened, and what should have.")
        self.rationale.textChanged.connect(self._changed)
        self.rationale.left.connect(self.left)
        self._rationale_note = _section(self._column, "Rationale", self.rationale, "required for non-compliant")

    # -- following ---------------------------------------------------------------------------------------------------------------

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
        if self._steps_asked and not self._complaining:
            self._verdict_note.setText(self._verdict_words)

    def _take_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(14), px(16), px(14))
        self.rationale.setFixedHeight(px(86))
        self.setMinimumHeight(px(_LEAST_HEIGHT))


def _section(column: QVBoxLayout, title: str, content: QWidget, note: str = "") -> OneLine:
    """A heading, a faint note at its right, and what stands below. Gives back the note."""
    box = QVBoxLayout()
    box.setSpacing(6)
    row = QHBoxLayout()
    row.addWidget(plain_label(title, role="label"))
    row.addStretch(1)
    faint = OneLine(note, role="small", tone="faint")
    row.addWidget(faint)
    box.addLayout(row)
    box.addWidget(content)
    column.addLayout(box)
    return faint


def _tip(action: str) -> str:
    declared = BY_ID[action]
    return f"{declared.text} ({key_words(declared.keys[0])})"
