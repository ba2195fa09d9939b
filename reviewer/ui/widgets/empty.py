"""What stands where nothing is: what is missing, in one sentence, and the way out of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

_MEASURE = 80  # characters; a longer line is hard to read
_MARGIN = 24


class EmptyState(QWidget):
    """A title, a sentence, and at most one button, in the middle of the room there is."""

    def __init__(self, title: str, sentence: str, button: str = "", act: Callable[[], None] | None = None, *, action: str = "") -> None:
        """action: as in `offer`."""
        super().__init__()
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(6)
        column.addStretch(2)
        self._title = plain_label(title, role="heading")
        self._sentence = Paragraph(sentence, tone="muted")
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        self.button = QPushButton(self)  # without a parent, showing it would open a window
        self.button.setProperty("kind", "primary")
        self.offer(button, action)
        if not button:
            self.button.hide()  # showing it here, without a parent, would open a window of its own for a moment
        if act is not None:
            self.button.clicked.connect(act)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def offer(self, button: str, action: str = "") -> None:
        """Say what the button does. action: id of the one that does the same, whose key it names."""
        keys = BY_ID[action].keys if action else ()
        self.button.setText(f"{button}    {key_words(keys[0])}" if keys else button)
        self.button.setAccessibleName(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words stay in the middle, in lines that can be read."""
        super().resizeEvent(event)
        aside = max(_MARGIN, (self.width() - self.fontMetrics().averageCharWidth() * _MEASURE) // 2)
        self.layout().setContentsMargins(aside, _MARGIN, aside, _MARGIN)  # type: ignore[union-attr] # it was given one

    def say(self, title: str, sentence: str) -> None:
        """Change the words."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.setAccessibleName(title)
