"""One output: its key and place, its steps, how long it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from reviewer.ui.pages.compare.words import size_of
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.blocks import Transcript
from reviewer.ui.transcript.images import Ask
from reviewer.ui.transcript.looks import CARD
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.widgets.caps import KeyCap, Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.words import plain_label, plain_tooltip, restyle

_LEAST_HEIGHT = 44  # of the text: two lines; Qt's own least is higher, and the card would be cut off
_LEAST_WIDTH = 270


class CandidatePane(Card):
    """A card with one output. Its button does what its digit does."""

    pressed = Signal(str)
    """The key of the candidate that was chosen with the mouse or by Space."""

    def __init__(self, theme: Theme, ask: Ask | None) -> None:
        super().__init__(paper="card")
        self._theme = theme
        self.key = ""
        self.column.setContentsMargins(2, 4, 2, 6)
        self.column.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(4, 4, 12, 0)
        self._name = QPushButton()
        self._name.setProperty("kind", "key")
        self._name.clicked.connect(lambda: self.pressed.emit(self.key))
        self._place = Pill("", "accent")
        self._model = Pill("model hidden", "plain")
        plain_tooltip(self._model, "Which model this was is hidden until you have labelled it.")
        head.addWidget(self._name)
        self._digit = KeyCap("1")
        head.addWidget(self._digit)
        head.addStretch(1)
        for pill in (self._place, self._model):  # the one that comes and goes moves nothing
            head.addWidget(pill)
        self.column.addLayout(head)
        self.pane = TranscriptPane(theme, ask, short_id=lambda: self.key, ground=CARD)
        # Always there: where a text just fits without a bar and not with one, it would come and go.
        self.pane.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.column.addWidget(self.pane, 1)
        self._size = plain_label(tone="faint", role="small")
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 0, 14, 2)
        foot.addWidget(self._size, 1)
        self.column.addLayout(foot)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_candidate(self, key: str, digit: int, transcript: Transcript, *, model: str | None, blind: bool, several: bool) -> None:
        """Show an output. digit: where it stands, from 1; its key where there are several, more than two. model: where it may be seen."""
        self.key = key
        self.pane.show_transcript(transcript)
        self.pane.view.setAccessibleName(f"Output {key}")
        self._name.setText(f"{key}")
        self._name.setAccessibleName(f"Choose output {key}, number {digit} from the left")
        self._digit.setText(str(digit))
        self._digit.setAccessibleName(f"key {digit}")
        self._digit.setVisible(several)
        self._model.setVisible(bool(model) or blind)
        self._model.say(model or "model hidden")
        characters = sum(len(source.text) for block in transcript.blocks for source in block.sources if source.medium is None)
        self._size.setText(size_of(characters, self.pane.view.steps.count))
        self.setAccessibleName(f"Output {key}, {self._size.text()}")

    def show_place(self, words: str, *, best: bool) -> None:
        """Say which place it has; empty for none. best: it is the preferred one."""
        if words:  # a pill that goes keeps its look: the next comparison waits for each restyling
            self._place.say(words, "accent" if best else "plain")
        self._place.setVisible(bool(words))
        paper = "best" if best else "card"
        if self.property("paper") != paper:
            self.setProperty("paper", paper)
            restyle(self)

    def clear(self) -> None:
        """Show nothing."""
        self.key = ""
        self.pane.clear()

    def _take_theme(self) -> None:
        self.setMinimumWidth(self._theme.px(_LEAST_WIDTH))
        self.pane.view.setMinimumHeight(self._theme.px(_LEAST_HEIGHT))
