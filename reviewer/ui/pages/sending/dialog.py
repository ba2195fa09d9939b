"""Sending something to Mistral: what would go is seen first, with what it costs; then it goes, is counted, and can be stopped."""

from typing import Generic, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Progress, Ticket
from reviewer.ui.jobs import Report, Work
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.sending import words
from reviewer.ui.pages.sending.steps import Seen
from reviewer.ui.pages.sending.words import Words
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.under_way import UnderWay
from reviewer.ui.widgets.words import plain_label, visible

P = TypeVar("P")
R = TypeVar("R")

_SHOWN = 20_000  # characters of what would go
_SETTLED_MS = 300  # what is still being typed is not counted
_READING = "Reading what would be sent …"


class SendDialog(SheetDialog, Generic[P, R]):
    """Ctrl+Return sends. Closed while it goes on, it goes on, and a banner tells how it ended.

    P: the preview; R: what came of it. A subclass puts what is asked for into `fields`, calls `begin`, and says what is to be said: the
    methods from `previewing` on.
    """

    sent = Signal(object)
    """It goes: the ticket of the work."""
    refused = Signal(object)
    """It failed: the error."""

    changes = Changes.NONE
    """What may have moved where it broke off: nobody is told of that otherwise."""

    def __init__(self, desk: Desk, page: QWidget, says: Words) -> None:
        super().__init__(page, desk.theme, says.title)
        self._desk, self._page, self._says = desk, page, says
        self._ticket: Ticket | None = None
        self._reading: Ticket | None = None
        self._seen: Seen[P] | None = None
        self._sending = self._closed = self._has_key = False
        self.fields = QVBoxLayout()
        self.summary = Paragraph(_READING)
        self.first = QPlainTextEdit()
        self.switch = QCheckBox(words.SWITCH)
        self.key = QLineEdit()
        self._no_key = Paragraph(words.NO_KEY, tone="muted")
        self._wrong = Strip(desk.theme, "warn")
        self._waiting = UnderWay()
        self._stack = QStackedWidget()
        self._settle = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settle.timeout.connect(self.look)

    def _make_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(Paragraph(self._says.what, tone="muted"))
        self.fields.setSpacing(8)
        column.addLayout(self.fields)
        column.addWidget(self.summary)
        if self._says.first:
            column.addWidget(plain_label(self._says.first, role="label"))
            column.addWidget(self.first, 1)
        else:
            column.addStretch(1)
        self.first.setReadOnly(True)
        self.first.setTabChangesFocus(True)
        self.first.setAccessibleName(self._says.first)
        column.addWidget(self.switch)
        column.addWidget(self._no_key)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setAccessibleName("Mistral's key")
        self.key.setPlaceholderText("Mistral's key: it goes into the keyring of this system, never into the workspace")
        self.key.setMaxLength(1_000)
        column.addWidget(self.key)
        column.addWidget(self._wrong)
        self._ask_key(on=False)
        return form

    def begin(self) -> None:
        """The fields are there: lay them out, before all else that Tab leads to, and read what would be sent."""
        self._stack.addWidget(self._make_form())
        self._stack.addWidget(self._waiting)
        self.body.addWidget(self._stack, 1)
        self.resize_to(720, 640)
        self.switch.toggled.connect(lambda _on: self._allow())
        self.key.textChanged.connect(lambda _text: self._allow())
        self._desk.jobs.progressed.connect(self._progress)
        self._desk.jobs.ended.connect(self._ended)
        self.finished.connect(self._was_closed)
        self._offer()
        self.look()

    # -- what a subclass says ----------------------------------------------------------------------------------------------------

    def previewing(self) -> Work[Seen[P]] | None:
        """Reads what would be sent; None where it is not said yet what to ask for."""
        raise NotImplementedError

    def sending(self, key: str) -> tuple[str, Work[R]]:
        """The title of the work, and what sends. key: to be kept first; "" where there is one."""
        raise NotImplementedError

    def in_words(self, preview: P) -> str:
        """What would be sent, and what it costs, in a few sentences."""
        raise NotImplementedError

    def as_sent(self, preview: P) -> str:
        """What would be sent, or its beginning, word for word."""
        raise NotImplementedError

    def anything(self, preview: P) -> bool:
        """Whether there is anything to do."""
        raise NotImplementedError

    def told(self, result: R) -> tuple[bool, str, str]:
        """What came of it: whether all went well, what happened, and what else is to be known."""
        raise NotImplementedError

    def stopped(self) -> tuple[str, str]:
        """The same where it was stopped."""
        raise NotImplementedError

    def figure(self, progress: Progress) -> str:
        """How far it is, in large letters."""
        if self._says.unit:
            return count(progress.done, self._says.unit)
        return f"{progress.done:,} of {progress.total:,}" if progress.total else ""

    # -- what would be sent ------------------------------------------------------------------------------------------------------

    def look_soon(self) -> None:
        """What is asked for is another: read anew once it stands still. Nothing can be sent that was not seen."""
        self._seen = None
        self._allow()
        self._settle.start()

    def look(self) -> None:
        """Read what would be sent."""
        self._look(None)

    def _look(self, error: ReviewerError | None) -> None:
        """error: why it failed before, which stays in sight; what is left to send may be less now."""
        self._seen = None
        self._allow()
        work = self.previewing()
        if work is None:
            self._say_nothing("")
            return

        def show(seen: Seen[P]) -> None:
            self._show(seen)
            if error is not None:
                self._say_failed(error)

        self._reading = self._desk.jobs.read(work, owner=self, slot="preview", done=show, failed=self._not_seen)

    def _show(self, seen: Seen[P]) -> None:
        self._seen, self._has_key = seen, seen.key
        self._wrong.say("")
        self.summary.setText(self.in_words(seen.preview))
        self.first.setPlainText(visible(self.as_sent(seen.preview), _SHOWN))
        self.switch.setChecked(seen.on or self.switch.isChecked())
        self._ask_key(on=not seen.key)
        self._allow()

    def _not_seen(self, error: ReviewerError) -> None:
        self._say_nothing(f"{error.what} {error.hint}")

    def _say_nothing(self, why: str) -> None:
        self.summary.setText("Nothing would be sent.")
        self.first.clear()
        self._wrong.say(why)
        self._allow()

    def _ask_key(self, *, on: bool) -> None:
        for part in (self._no_key, self.key):
            part.setVisible(on)

    @property
    def may_ask(self) -> bool:
        """Whether it is turned on, or is to be, and there is a key, or one was typed."""
        return self.switch.isChecked() and (self._has_key or bool(self.key.text().strip()))

    def _allow(self) -> None:
        if self.main is not None and not self._sending:
            self.main.setEnabled(self._seen is not None and self.anything(self._seen.preview) and self.may_ask)

    def _offer(self) -> None:
        self.set_buttons((self._says.ask, self._send), ("Cancel", self.reject))
        self._allow()

    # -- sending -----------------------------------------------------------------------------------------------------------------

    def typed_key(self) -> str:
        """The key that was typed, "" for none; the field is empty after that."""
        key = "" if self.key.isHidden() else self.key.text().strip()
        self.key.clear()
        return key

    def _send(self) -> None:
        title, work = self.sending(self.typed_key())
        self._sending = True
        self._wrong.say("")
        self._waiting.start(self._says.asking, self._says.rest)
        self._stack.setCurrentWidget(self._waiting)
        self.set_buttons(None, ("Stop", self._stop), ("Go on in the background", self.accept))
        self._ticket = self._desk.jobs.long(work, title=title, owner=self._page, done=self._done, failed=self._failed)
        self.sent.emit(self._ticket)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._waiting.say("Stopping", 0, 0, "")

    def _progress(self, report: Report) -> None:
        if report.ticket is self._ticket and not report.ticket.cancelled:
            done, total, what = report.progress
            self._waiting.say(self.figure(report.progress), done, total, what)

    def _done(self, result: R) -> None:
        self._ticket, self._sending = None, False
        well, what, more = self.told(result)
        (self._desk.messages.good if well else self._desk.messages.warn)(what, more)
        self._leave()

    def _failed(self, error: ReviewerError) -> None:
        self._ticket, self._sending = None, False
        self.refused.emit(error)
        if self.changes:
            self._desk.jobs.changed.emit(self.changes)  # what was answered before was recorded
        if self._closed:
            self._desk.messages.show_error(error)
            self.deleteLater()
            return
        self._stack.setCurrentIndex(0)
        self._offer()
        self._look(error)

    def _say_failed(self, error: ReviewerError) -> None:
        if error.about == "key":
            self.key.show()  # there is one, and it was refused
            self.key.setFocus(Qt.FocusReason.OtherFocusReason)
        self._wrong.say(words.failed(error))

    def _ended(self, ticket: Ticket) -> None:
        if ticket is not self._ticket or not ticket.cancelled:
            return
        self._ticket, self._sending = None, False
        if self.changes:
            self._desk.jobs.changed.emit(self.changes)
        self._desk.messages.note(*self.stopped())
        self._leave()

    def _leave(self) -> None:
        if self._closed:
            self.deleteLater()
        else:
            self.accept()

    def _was_closed(self, _result: int) -> None:
        self._closed = True
        self.key.clear()
        if self._reading is not None:
            self._reading.cancel()  # of many items that takes a while, and nobody looks any more
        if self._ticket is None:
            self.deleteLater()
