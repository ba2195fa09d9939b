"""What a judge says of the item on screen, for whoever chance put into its shown arm: a quiet card above the form, of plain text alone."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.queue.words import TONES, VERDICTS
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Chip
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.words import plain_label, visible

if TYPE_CHECKING:
    from reviewer.storage.suggestions import Suggestion

_WORDS_SHOWN = 20_000  # characters of a rationale
_NOTE = "Shown to you by chance, to measure what it does. Judge for yourself: your label will not count as blind."
_LINES, _EDGE = 6, 2  # lines in sight at most, and pixels around them
_LEAST_LINES = 2  # where there is too little height for the form as well


class SuggestionCard(QWidget):
    """Verdict, score and words of a judge; no part of it fills in the form. Tab and the arrow keys reach and scroll the words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._edge = QVBoxLayout(self)
        card = Card(paper="prompt")
        self._edge.addWidget(card)
        card.column.setContentsMargins(12, 10, 12, 10)
        row = QHBoxLayout()
        self._judge = plain_label(role="label", wrap=True)
        row.addWidget(self._judge, 1)
        self._score = plain_label(role="small", tone="muted")
        row.addWidget(self._score)
        self._verdict = Chip("")
        row.addWidget(self._verdict)
        card.column.addLayout(row)
        self._words = QPlainTextEdit()
        self._words.setReadOnly(True)
        self._words.setTabChangesFocus(True)
        self._words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # its lines wrap
        self._words.setProperty("kind", "quote")
        self._words.document().setDocumentMargin(0)
        self._words.setAccessibleName("Why, in the judge's words")
        card.column.addWidget(self._words)
        self._note = plain_label(_NOTE, role="small", tone="faint", wrap=True)
        card.column.addWidget(self._note)
        theme.changed.connect(self._fit)

    def show_suggestion(self, said: "Suggestion") -> None:
        """Say what the judge says."""
        verdict = said.verdict or ""
        self._judge.setText(f"{shown(said.judge, 60)} suggests")
        self._score.setText("" if said.score is None else f"score {shown(said.score, 40)}")
        self._verdict.say(VERDICTS.get(verdict, "No verdict"), TONES.get(verdict, "plain"))
        self._words.setPlainText(visible(said.rationale or "", _WORDS_SHOWN))
        self._words.setVisible(bool(said.rationale))
        self.setAccessibleName(spoken(said))
        self._fit()

    @property
    def words(self) -> str:
        """The judge's own words, as they are shown."""
        return self._words.toPlainText()

    def _fit(self) -> None:
        px = self._theme.px
        self._edge.setContentsMargins(px(16), px(14), px(16), 0)
        lines = min(_LINES, 1 + len(self.words) // 42 + self.words.count("\n"))
        line, edges = self._words.fontMetrics().lineSpacing(), px(_EDGE) * 2
        self._words.setMinimumHeight(min(lines, _LEAST_LINES) * line + edges)
        self._words.setMaximumHeight(lines * line + edges)


def spoken(said: "Suggestion") -> str:
    """The suggestion without its words, for a screen reader."""
    score = f", score {said.score}" if said.score is not None else ""
    return f"{shown(said.judge, 60)} suggests: {VERDICTS.get(said.verdict or '', 'no verdict')}{shown(score, 50)}. {_NOTE}"
