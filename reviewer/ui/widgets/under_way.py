"""What a dialog shows while its work is under way: a bar and what is being done; or why it could not be."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label


class UnderWay(QWidget):
    """In the middle of its room: how far it is, in a few words and as a bar, and below that what else there is to know."""

    def __init__(self, name: str = "Progress") -> None:
        """name: what the bar counts, for screen readers."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addStretch(1)
        self._figure = plain_label(role="heading")
        self._bar = ThinBar(name, wide=True)
        self._what = plain_label(tone="muted", wrap=True)
        self._words = Paragraph(tone="faint")
        for part in (self._figure, self._bar, self._what, self._words):
            column.addWidget(part)
        column.addStretch(2)

    def start(self, title: str, words: str) -> None:
        """Nothing is known yet."""
        self._bar.show()
        self._words.setText(words)
        self.say(f"{title} …", 0, 0, "")

    def say(self, figure: str, done: int, total: int, what: str) -> None:
        """How far it is."""
        self._bar.show_part(done, total)
        self._figure.setText(figure)
        self._what.setText(what)

    def fail(self, what: str, hint: str) -> None:
        """It ended."""
        self._bar.hide()
        self._figure.setText(what)
        self._what.setText(hint)
        self._words.setText("")
