"""What one said of an item before: read only, with the way to another answer."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.pages.review.fetching import Past
from reviewer.ui.pages.review.words import TONES, VERDICTS, seconds
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import plain_label


class SaidPanel(QWidget):
    """Stands in the form's place while one looks back."""

    def __init__(self, theme: Theme, *, change: Callable[[], None], back: Callable[[], None]) -> None:
        """change: take the answer up again. back: return to the item that is up."""
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setSpacing(8)
        self._place = plain_label(role="label")
        self._verdict = Pill("", "plain")
        self._facts = plain_label(tone="muted", wrap=True)
        self._why = plain_label("Rationale", role="label")
        self._rationale = Paragraph()
        self._marks = plain_label(tone="muted", wrap=True)
        for part in (self._place, self._verdict, self._facts):
            self._column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if part is self._verdict else Qt.AlignmentFlag(0))
        self._column.addSpacing(8)
        for part in (self._why, self._rationale, self._marks):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.change = QPushButton("Change my answer")
        self.change.clicked.connect(change)
        self._column.addWidget(self.change)
        self.back = QPushButton(f"Return to the queue    {key_words(BY_ID['review.next'].keys[0])}")
        self.back.setProperty("kind", "primary")
        self.back.clicked.connect(back)
        self._column.addWidget(self.back)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_past(self, past: Past, *, zone: str) -> None:
        """Say what was said. zone: `local` or `utc`."""
        from datetime import UTC, datetime

        opinion = past.opinion
        when = moment(datetime.fromtimestamp(past.wall_ms / 1000, UTC).isoformat(), zone)
        self._place.setText(f"Your label {past.total - past.place:,} of {past.total:,}" if past.place else "Your last label")
        verdict = opinion.verdict or ""
        self._verdict.say(VERDICTS.get(verdict, "No verdict"), TONES.get(verdict, "plain"))
        facts = [
            f"severity {opinion.severity}" if opinion.severity else "",
            f"confidence {opinion.confidence}" if opinion.confidence else "",
            seconds(opinion.duration_ms),
            when,
        ]
        self._facts.setText(", ".join(fact for fact in facts if fact))
        self._why.setVisible(bool(opinion.rationale))
        self._rationale.setText(opinion.rationale)
        self._rationale.setVisible(bool(opinion.rationale))
        wrong = [step for step, mark in opinion.steps.items() if mark == "bad"]
        right = [step for step, mark in opinion.steps.items() if mark == "good"]
        said = [f"✕ wrong: {', '.join(wrong)}" if wrong else "", f"✓ right: {', '.join(right)}" if right else ""]
        self._marks.setText("Steps  " + "   ".join(part for part in said if part) if any(said) else "")
        self._marks.setVisible(any(said))
        self.setAccessibleName(f"You said: {VERDICTS.get(verdict, 'no verdict')}. {self._facts.text()}. {opinion.rationale}")

    def _take_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(14), px(16), px(14))
