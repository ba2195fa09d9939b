"""The bar in which one types what to find in a transcript."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.transcript.finding import MOST_HITS
from reviewer.ui.transcript.view import TranscriptView
from reviewer.ui.widgets.words import plain_label, plain_tooltip


class FindBar(QWidget):
    """Words, how many places there are, next and previous. Esc closes it and gives the focus back."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__()
        self._view = view
        self._back_to: QWidget | None = None
        self.setAccessibleName("Find in transcript")
        row = QHBoxLayout(self)
        row.setContentsMargins(56, 6, 20, 6)
        row.setSpacing(6)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in this item")
        self.field.setAccessibleName("Find in this item")
        self.field.setMaximumWidth(320)
        self.field.textChanged.connect(view.find_words)
        row.addWidget(self.field, 1)
        self._count = plain_label(tone="muted", role="small")
        self._count.setMinimumWidth(84)
        row.addWidget(self._count)
        for words, name, way in (("↑", "transcript.find_previous", -1), ("↓", "transcript.find_next", 1)):
            row.addWidget(self._button(words, BY_ID[name].title, key_words(BY_ID[name].keys[0]), lambda way=way: self.step(way)))
        row.addWidget(self._button("✕", "Close", "Esc", self.close_bar))
        row.addStretch(1)
        view.finder.changed.connect(self._tell)
        self.hide()

    def open_bar(self) -> None:
        """Show it, with what was looked for last, ready to be typed over."""
        focus = self.window().focusWidget()
        if not self.isVisible():
            self._back_to = focus
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        if self.field.text() != self._view.finder.words:
            self._view.find_words(self.field.text())

    def close_bar(self) -> None:
        """Hide it; nothing is tinted any more."""
        self.hide()
        self._view.find_words("")
        (self._back_to or self._view).setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, way: int) -> None:
        """Go to the next (1) or previous (-1) place; opens the bar if it is closed."""
        if not self.isVisible():
            self.open_bar()
            return
        self._view.find_step(way)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Shift+Enter back, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _button(self, sign: str, name: str, key: str, act: object) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setAccessibleName(name)
        plain_tooltip(button, f"{name} ({key})")
        button.clicked.connect(act)
        return button

    def _tell(self) -> None:
        finder = self._view.finder
        total = len(finder.hits)
        if not finder.words:
            words = ""
        elif not total:
            words = "looking …" if finder.searching else "not found"
        else:
            many = f"{total:,}{'+' if finder.searching or total >= MOST_HITS else ''}"
            words = f"{finder.current + 1:,} of {many}" if finder.current >= 0 else f"{many} found"
        self._count.setText(words)
