"""The panel behind which a locked workspace waits for its passphrase."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.buttons import beside_primary
from reviewer.ui.widgets.words import Headline, plain_label

_WIDTH = 460
_TICK_MS = 200
_OPENING = "It is being opened."
_ENCRYPTED = "It is encrypted. Its passphrase opens it; without it nothing can be shown."


class LockPanel(QWidget):
    """Asks for a passphrase. Worked by keys: type, Enter; Tab leads to the two buttons."""

    tried = Signal(str)
    """A passphrase was given."""
    left = Signal()
    """Another workspace is wanted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("locked")
        self.setAccessibleName("Locked workspace")
        self._due: Callable[[], float] | None = None
        self._sentence = ""
        self._head = Headline("Locked")
        self._words = plain_label(role="lead", tone="muted", wrap=True)
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("Passphrase")
        self._field.setAccessibleName("Passphrase")
        self._field.returnPressed.connect(self._try)
        self._said = plain_label(tone="bad", wrap=True)
        self._said.setAccessibleName("What went wrong")
        self._unlock = QPushButton("Unlock")
        self._unlock.setProperty("kind", "primary")
        self._unlock.clicked.connect(self._try)
        self._other = QPushButton("Another workspace")
        self._other.clicked.connect(self.left)
        beside_primary(self._other)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._lay_out(theme)

    def wait(self, name: str) -> None:
        """It is being opened: there is nothing to type yet."""
        self._show(name, _OPENING)
        self._allow(field=False)

    def ask(self, name: str) -> None:
        """Ask for the passphrase of the workspace of that name."""
        self._show(name, _ENCRYPTED)
        self._field.clear()
        self._allow(field=True)

    def refuse(self, error: ReviewerError, wait_s: Callable[[], float]) -> None:
        """It did not open; `wait_s` says how long no other try is looked at."""
        self._sentence, self._due = f"{error.what} {error.hint}", wait_s
        self._field.clear()
        self._words.setText(_ENCRYPTED)
        self._timer.start()
        self._tick()

    def _try(self) -> None:
        if self._field.text() and not self._field.isReadOnly():
            self._allow(field=False)
            self._say("")
            self._words.setText(_OPENING)
            self.tried.emit(self._field.text())
            self._field.clear()

    def _tick(self) -> None:
        left = self._due() if self._due is not None else 0.0
        if left > 0:
            self._allow(field=False)
            self._say(f"{self._sentence} The next try counts in {int(left) + 1} s.")
            return
        self._timer.stop()
        self._say(self._sentence)
        self._allow(field=True)

    def _show(self, name: str, sentence: str) -> None:
        self._timer.stop()
        self._due = None
        self._head.setText(name or "Locked")
        self._words.setText(sentence)
        self._say("")
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        if words != self._said.text():
            self._said.setText(words)
            self._said.setAccessibleDescription(words)
            announce(self, words)

    def _allow(self, *, field: bool) -> None:
        self._field.setReadOnly(not field)  # not disabled: the focus would go on to a button, and the next Enter press it
        self._unlock.setEnabled(field)

    def _lay_out(self, theme: Theme) -> None:
        card = QFrame()
        card.setProperty("paper", "card")
        card.setFixedWidth(theme.px(_WIDTH))
        theme.changed.connect(lambda: card.setFixedWidth(theme.px(_WIDTH)))
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        buttons = QHBoxLayout()
        buttons.addWidget(self._other)
        buttons.addStretch(1)
        buttons.addWidget(self._unlock)
        for part in (self._head, self._words, self._field, self._said):
            column.addWidget(part)
        column.addLayout(buttons)
        middle = QHBoxLayout()  # not an alignment: that would cut off words that need another line
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        self.setTabOrder(self._field, self._unlock)
        self.setTabOrder(self._unlock, self._other)
