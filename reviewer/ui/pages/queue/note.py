"""The small panel in which a reason is given: for handing an item to the lead, or for putting it off."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from reviewer.ui.widgets.buttons import beside_primary
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.words import plain_label

_SHORT, _LONG = 64, 190  # heights of the field; pixels
_LINES = 2  # that it has room for in any case, however large the text


class NotePanel(Card):
    """A title, a field, two buttons. Enter in an optional reason goes on at once; a required one may have several lines: Ctrl+Enter."""

    opened = Signal(bool)
    """It was opened, or closed."""
    _missing = "Say in a few words what the lead should look at."

    def __init__(self) -> None:
        super().__init__(paper="row")
        self.column.setContentsMargins(12, 10, 12, 10)
        self._title = plain_label(role="strong", wrap=True)
        self._hint = plain_label(tone="muted", role="small", wrap=True)
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(_SHORT)
        self.field.installEventFilter(self)
        self._go = QPushButton()
        self._go.setProperty("kind", "primary")
        self._go.clicked.connect(self.submit)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.close_panel)
        beside_primary(cancel)
        row = QHBoxLayout()
        row.addWidget(cancel)
        row.addStretch(1)
        row.addWidget(self._go)
        for widget in (self._title, self._hint, self.field):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self._act: Callable[[str], None] | None = None
        self._required = self._long = False
        self._back_to: QWidget | None = None
        self.hide()

    def ask_skip(self, act: Callable[[str], None]) -> None:
        """Open it for putting an item off."""
        hint = "It comes back at the end of your queue. Enter skips, Esc stays."
        words = "Reason (optional)"
        self.ask(title="Skip this item", hint=hint, button="Skip", field=words, placeholder=words, required=False, act=act)

    def ask_escalate(self, act: Callable[[str], None]) -> None:
        """Open it for handing an item to the lead."""
        hint = "The item leaves your queue. Ctrl ↵ sends, Esc stays."
        what = "What should the lead look at?"
        self.ask(
            title="Escalate to the lead", hint=hint, button="Escalate", field="Note to the lead", placeholder=what, required=True, act=act
        )

    def ask(
        self,
        *,
        title: str,
        hint: str,
        button: str,
        field: str,
        placeholder: str,
        required: bool,
        act: Callable[[str], None],
        begun: str | None = None,
    ) -> None:
        """Open it. field: what is written, for a screen reader. act: called with the reason; required: an empty one is not taken.

        begun: a longer text to go on with, in which Enter begins a line; it may be made empty.
        """
        self._back_to = self.window().focusWidget()
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.set_tone("muted")
        self._go.setText(button)
        self._required, self._act, self._long = required, act, begun is not None
        self.field.ensurePolished()  # it has its edges from the style, and the panel may never have been shown
        margins = self.field.contentsMargins()
        edges = margins.top() + margins.bottom() + 2 * round(self.field.document().documentMargin())
        least = _LINES * self.field.fontMetrics().lineSpacing() + edges
        self.field.setFixedHeight(max(least, _LONG if self._long else _SHORT))
        self.setAccessibleName(title)
        self.field.setAccessibleName(field)
        self.field.setPlaceholderText(placeholder)
        self.field.setPlainText(begun or "")
        self.show()
        self.opened.emit(True)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Take the reason. An empty one, where one is needed, is asked for again."""
        text = self.field.toPlainText().strip()
        if self._required and not text:
            self.complain(self._missing)
            return
        if self._act is not None:
            self._act(text)

    def complain(self, words: str, field: QWidget | None = None) -> None:
        """Say what is missing or wrong, and go to where it belongs: the text, or another field."""
        self._hint.setText(words)
        self._hint.set_tone("bad")
        (field or self.field).setFocus(Qt.FocusReason.OtherFocusReason)

    def close_panel(self) -> None:
        """Close it; the focus goes back to where it was."""
        if self.isHidden():
            return
        self.hide()
        self.opened.emit(False)
        self._act = None
        back = self._back_to
        if back is not None and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """Enter in a field that may stay empty goes on."""
        if target is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() or event.modifiers() == Qt.KeyboardModifier.KeypadModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and not (self._required or self._long):
                self.submit()
                return True
        return super().eventFilter(target, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)
