"""What all outputs answer: as high as it needs to be, within bounds, from its last message on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from reviewer.ui.theme import Theme
from reviewer.ui.transcript.blocks import Transcript
from reviewer.ui.transcript.images import Ask
from reviewer.ui.transcript.looks import PROMPT
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.scene import Scene
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

_SHARE, _LARGE_SHARE = 0.28, 0.62  # of the page, at most, where the outputs need the rest
_LEAST_LINES = 3  # who says it, with the air around that, and a line of it


class PromptCard(Card):
    """The bench says how high it is: that depends on what the outputs need."""

    def __init__(self, theme: Theme, ask: Ask | None) -> None:
        super().__init__(paper="prompt")
        self._theme = theme
        self.column.setContentsMargins(2, 8, 2, 2)
        self.column.setSpacing(2)
        self._title = plain_label("Prompt", role="label")
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 14, 0)
        head.addWidget(self._title)
        head.addStretch(1)
        self.column.addLayout(head)
        self.pane = TranscriptPane(theme, ask, ground=PROMPT)
        # Always there, though seen only where there is something to scroll: lines break the same way for whatever comes next.
        self.pane.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.column.addWidget(self.pane)
        self.large = False

    def show_prompt(self, transcript: Transcript) -> None:
        """Show a prompt from its last message, which is what is answered; what came before is scrolled up."""
        self.large = False
        self.pane.show_transcript(transcript, at_last=True)
        self._title.setText(f"Prompt, {count(self.pane.view.steps.count, 'message')}")
        self.pane.view.setAccessibleName(self._title.text())
        self.setAccessibleName(self._title.text())
        self.setVisible(bool(transcript.blocks))

    def height_in(self, page: int, room: int, prompt: Scene, outputs: list[Scene]) -> int:
        """How high its text shall be. page: height of the page; room: what its text and the outputs have together; all in pixels."""
        least = self._theme.px(20) * _LEAST_LINES
        if self.large:
            return max(least, min(room - least, prompt.needed(round(page * _LARGE_SHARE), from_last=True)))
        usual = max(least, min(round(page * _SHARE), room // 2))
        spare = room - max((scene.needed(max(1, room - usual)) for scene in outputs), default=0)
        return max(least, prompt.needed(max(usual, spare), from_last=True))

    def set_height(self, height: int) -> bool:
        """Give its text this height. True if that is another one."""
        around = self.height() - self.pane.view.height()
        if self.pane.view.height() == height and self.minimumHeight() == self.maximumHeight():
            return False
        self.setFixedHeight(height + around)
        return True

    def show_last(self) -> None:
        """Bring what is answered into sight, unless somebody reads in it."""
        steps = self.pane.view.scene.steps
        if steps and not self.pane.view.hasFocus():
            self.pane.view.steps.take(steps[-1])
