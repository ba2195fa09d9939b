"""The middle: what happens, in figures and words, the root cause, what was done, and the rate after the fix."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from reviewer.domain.incident_words import CAUSE
from reviewer.ui.pages.incidents import words
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.scrolling import Reading
from reviewer.ui.widgets.words import OneLine, PlainLabel, plain_label

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentView

_NARROW = 560  # pixels of the design; below, figures and root causes stand below each other
_MOST = 100  # acts that are shown; the record has all


class CasePanel(Reading):
    """Shows one incident."""

    cause_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__("Incident", Qt.FocusPolicy.TabFocus)  # so that it can be scrolled by keys
        self._theme = theme
        self.differs = Strip(theme, "warn")
        self.summary, self.fix = Paragraph(role="lead"), Paragraph()
        self.items, self.broken, self.due = _Figure(), _Figure(), _Figure()
        causes = list(CAUSE.items())
        self.causes = tuple(
            SegmentedControl("Root cause", [Segment(value, text) for value, text in part]) for part in (causes[:3], causes[3:])
        )
        self.after, self.basis = plain_label(role="strong", wrap=True), Paragraph(tone="muted")
        self._history = QGridLayout()
        self.acts: list[PlainLabel] = []
        self._more = Paragraph(tone="faint")
        self._build()

    def _build(self) -> None:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self.differs)
        column.addWidget(plain_label("What happens", role="label"))
        column.addWidget(self.summary)
        self._figures = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._figures.setSpacing(10)
        for figure in (self.items, self.broken, self.due):
            self._figures.addWidget(figure, 1)
        column.addLayout(self._figures)
        column.addSpacing(8)
        column.addWidget(plain_label("Root cause", role="label"))
        self._segments = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._segments.setSpacing(8)
        for control in self.causes:
            control.chosen.connect(lambda value, here=control: self._choose(here, value))
            self._segments.addWidget(control, 1)
        column.addLayout(self._segments)
        column.addSpacing(8)
        column.addWidget(plain_label("What was done", role="label"))
        column.addWidget(self.fix)
        column.addSpacing(8)
        column.addWidget(plain_label("History", role="label"))
        self._history.setHorizontalSpacing(16)
        self._history.setVerticalSpacing(6)
        self._history.setColumnStretch(1, 1)
        column.addLayout(self._history)
        column.addWidget(self._more)
        column.addSpacing(8)
        paper = Card()
        paper.column.addWidget(plain_label("Rate after the fix", role="label"))
        paper.column.addWidget(self.after)
        paper.column.addWidget(self.basis)
        column.addWidget(paper)
        column.addStretch(1)
        self.hold(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what stands beside each other stands below."""
        super().resizeEvent(event)
        narrow = self.width() < self._theme.px(_NARROW)
        for row in (self._figures, self._segments):
            row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def show_case(self, view: "IncidentView", *, zone: str, now_ms: int, may_change: bool) -> None:
        """Take what was read."""
        self.differs.say(words.differs(view))
        self.summary.setText(view.summary or (words.WITHHELD if view.withheld else "Nobody has written down what happens; press E."))
        self.summary.set_tone("" if view.summary else "faint")
        self.items.say(f"{view.line.items_n:,}", "items that it is about" if view.line.items_n != 1 else "item that it is about")
        self.broken.say(f"{view.non_compliant:,}", words.answered(view))
        self.due.say(*words.due(view.line, now_ms))
        for control in self.causes:
            control.choose(view.line.root_cause or "")
            control.setEnabled(may_change)
        self.fix.setText(view.fix or (words.WITHHELD if view.withheld else "No remedy is written down yet; press F."))
        self.fix.set_tone("" if view.fix else "faint")
        self._show_history(view, zone)
        after, basis = words.after(view)
        self.after.setText(after)
        self.basis.setText(basis)

    def focus_cause(self) -> None:
        """Go to the chosen root cause, or the first one."""
        chosen = next((control for control in self.causes if control.value), self.causes[0])
        chosen.button(chosen.value or next(iter(CAUSE))).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose(self, here: SegmentedControl, value: str) -> None:
        for control in self.causes:
            if control is not here:
                control.choose("")
        self.cause_chosen.emit(value)

    def _show_history(self, view: "IncidentView", zone: str) -> None:
        remove_all(self._history)
        self.acts = []
        newest = view.history[::-1]
        for place, one in enumerate(newest[:_MOST]):
            day, what, spoken = words.happened(one, zone)
            told = Paragraph(what)
            told.setAccessibleName(spoken)
            self._history.addWidget(plain_label(day, tone="faint"), place, 0, Qt.AlignmentFlag.AlignTop)
            self._history.addWidget(told, place, 1)
            self.acts.append(told)
        self._more.setText(f"{len(newest) - _MOST:,} earlier acts are in the record." if len(newest) > _MOST else "")
        self._more.setVisible(len(newest) > _MOST)


class _Figure(Card):
    """A number over what it counts."""

    def __init__(self) -> None:
        super().__init__()
        self.column.setSpacing(2)
        self.number, self.about = OneLine(role="figure"), plain_label(tone="muted", wrap=True)
        self.column.addWidget(self.number)
        self.column.addWidget(self.about)
        self.column.addStretch(1)

    def say(self, number: str, about: str) -> None:
        """The number, and what it counts."""
        self.number.setText(number)
        self.about.setText(about)
        self.setAccessibleName(f"{number} {about}")
