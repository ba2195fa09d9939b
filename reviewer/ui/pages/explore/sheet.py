"""The frame of the page's dialogs: a title, a body, and buttons at the foot."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.ask import ask
from reviewer.ui.widgets.buttons import beside_primary
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.words import plain_label


class SheetDialog(QDialog):
    """Lies over the window. `body` takes what it shows; Ctrl+Return presses the main button."""

    def __init__(self, parent: QWidget, theme: Theme, title: str) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.finished.connect(parent.window().activateWindow)  # where no window manager gives the keyboard back
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        self._title = plain_label(title, role="heading")
        column.addWidget(self._title)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        column.addLayout(self.body, 1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        column.addLayout(self._foot)
        self._main: QPushButton | None = None
        self._others: list[QPushButton] = []
        self._guarded: tuple[QPlainTextEdit, ...] = ()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._press_main)

    def say_title(self, title: str) -> None:
        """Change the title."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._title.setText(title)

    def set_buttons(self, main: tuple[str, Callable[[], None]] | None, *others: tuple[str, Callable[[], None]]) -> None:
        """Put buttons at the foot: the others at the left, the main one at the right."""
        focus = self.focusWidget()
        held = focus is not None and self._foot.indexOf(focus) >= 0
        remove_all(self._foot)
        self._main = None
        self._foot.addStretch(1)
        self._others = [_button(words, act) for words, act in others]
        for button in self._others:
            self._foot.addWidget(button)
        if main is not None:
            beside_primary(*self._others)
            self._main = _button(f"{main[0]}    Ctrl ↵", main[1])
            self._main.setAccessibleName(main[0])
            self._main.setProperty("kind", "primary")
            self._foot.addWidget(self._main)
        if held:
            self.focus_button()

    def focus_button(self) -> None:
        """Give the keys to the main button, or where there is none to the last of the others: Enter goes on."""
        last = self._foot.itemAt(self._foot.count() - 1)
        if last is not None and (button := last.widget()) is not None:
            button.show()  # the layout would do so later, and what is not shown takes no focus
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def others(self) -> Sequence[QPushButton]:
        """The other buttons, from the left."""
        return self._others

    @property
    def main(self) -> QPushButton | None:
        """The main button."""
        return self._main

    def guard(self, *fields: QPlainTextEdit) -> None:
        """Ask before words that a person wrote into one of these fields are lost by Esc or Cancel."""
        self._guarded = fields

    def reject(self) -> None:
        """Close, unless words would be lost that shall not be."""
        written = any(field.document().isModified() and field.toPlainText().strip() for field in self._guarded)
        if not written or ask(
            self, "Leave without your words?", "What you wrote here is kept nowhere else.", yes="Leave", no="Go on writing"
        ):
            super().reject()

    def resize_to(self, width: int, height: int) -> None:
        """A size of the design, no larger than the window behind."""
        px, parent = self._theme.px, self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(px(width), room.width() - 40), min(px(height), room.height() - 40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the focus; in a field it does nothing by itself: too much would happen. Esc closes."""
        if event.matches(QKeySequence.StandardKey.InsertParagraphSeparator):
            focus = self.focusWidget()
            if isinstance(focus, QPushButton) and not event.isAutoRepeat():
                focus.click()
            else:
                event.ignore()
            return
        super().keyPressEvent(event)

    def _press_main(self) -> None:
        if self._main is not None and self._main.isEnabled():
            self._main.click()


class ActingDialog(SheetDialog):
    """One whose main button has something done: what is refused is said in `wrong`, and what was filled in stays."""

    def __init__(self, desk: Desk, page: QWidget, title: str) -> None:
        super().__init__(page, desk.theme, title)
        self._desk = desk
        self.wrong = Strip(desk.theme, "warn")
        self.finished.connect(self.deleteLater)

    def begin(self) -> None:
        """What is asked for is on its way: no second press."""
        self.wrong.say("")
        if self.main is not None:
            self.main.setEnabled(False)

    def failed(self, error: ReviewerError) -> None:
        """Say what was wrong; it can be tried again."""
        self.wrong.say(f"{error.what} {error.hint}")
        if self.main is not None:
            self.main.setEnabled(True)


def page_error(desk: Desk) -> Callable[[ReviewerError], None]:
    """What to do with an error that no dialog is left for: a banner."""

    def show(error: ReviewerError) -> None:
        desk.messages.show_error(error)

    return show


def _button(words: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setAccessibleName(words)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: act())
    return button
