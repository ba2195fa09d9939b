"""What one said of an item before: read only, with the way to another answer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.labels import Opinion
from reviewer.domain.step_marks import in_order
from reviewer.ui.pages.queue.fetching import Past
from reviewer.ui.pages.queue.words import TONES, VERDICTS, seconds
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.buttons import beside_primary
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import plain_label

_MARKS = {"bad": "✕ wrong", "good": "✓ right", "neutral": "– neutral"}
_TITLES = ("Clauses", "Evidence", "Steps")


class SaidPanel(QWidget):
    """Stands in the form's place while one looks back."""

    def __init__(self, theme: Theme, *, change: Callable[[], None], back: Callable[[], None]) -> None:
        """change: take the answer up again. back: return to the item that is up."""
        super().__init__()
        self._theme = theme
        said = QWidget()
        self._column = QVBoxLayout(said)
        self._column.setSpacing(8)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        area = Scrolling("What you said", Qt.FocusPolicy.StrongFocus)
        area.hold(said)
        whole.addWidget(area, 1)
        whole.addLayout(self._foot)
        self._place = plain_label(role="label")
        self._verdict = Pill("", "plain")
        self._facts = plain_label(tone="muted", wrap=True)
        self._why = plain_label("Rationale", role="label")
        self._rationale = Paragraph()
        for part in (self._place, self._verdict, self._facts):
            self._column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if part is self._verdict else Qt.AlignmentFlag(0))
        self._column.addSpacing(8)
        for part in (self._why, self._rationale):
            self._column.addWidget(part)
        self._titles = {title: plain_label(title, role="label") for title in _TITLES}
        self._evidence = {title: Paragraph(tone="muted") for title in self._titles}
        for title in self._titles:
            self._column.addWidget(self._titles[title])
            self._column.addWidget(self._evidence[title])
        self._column.addStretch(1)
        self.change = QPushButton("Change my answer")
        self.change.clicked.connect(change)
        beside_primary(self.change)
        self._foot.addWidget(self.change)
        self.back = QPushButton()
        self.back.setProperty("kind", "primary")
        self.back.clicked.connect(back)
        self._foot.addWidget(self.back)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_past(self, past: Past, *, zone: str, clauses: Sequence[str], evidence: Sequence[str]) -> None:
        """Say what was said. zone: `local` or `utc`; clauses, evidence: what was cited, and what was marked and missed, in words."""
        from datetime import UTC, datetime

        opinion = past.opinion
        when = moment(datetime.fromtimestamp(past.wall_ms / 1000, UTC).isoformat(), zone)
        key = "Esc" if past.place else key_words(BY_ID["review.next"].keys[0])  # from an earlier one, forward leads to the one after it
        self.back.setText(f"Return to the queue    {key}")
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
        told = dict(zip(_TITLES, (clauses, evidence, _marks(opinion)), strict=True))
        for title, lines in told.items():
            self._evidence[title].setText("\n".join(lines))
            for part in (self._titles[title], self._evidence[title]):
                part.setVisible(bool(lines))
        more = [f"{title}: {', '.join(lines)}." for title, lines in told.items() if lines]
        spoken = [f"You said: {VERDICTS.get(verdict, 'no verdict')}.", f"{self._facts.text()}.", opinion.rationale, *more]
        self.setAccessibleName(" ".join(part for part in spoken if part))

    def _take_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(14), px(16), px(8))
        self._foot.setContentsMargins(px(16), 0, px(16), px(14))


def _marks(opinion: Opinion) -> list[str]:
    steps = {mark: ", ".join(step for step in in_order(opinion.steps) if opinion.steps[step] == mark) for mark in _MARKS}
    return [f"{words}: {steps[mark]}" for mark, words in _MARKS.items() if steps[mark]]
