"""Asking a judge about what is listed: what would be sent is seen first, then it is sent, and it can be stopped."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.judge_prompts import why_left_out
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Report
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.form_rows import spin
from reviewer.ui.pages.explore import judge_steps
from reviewer.ui.pages.explore.import_dialog import Waiting
from reviewer.ui.pages.explore.judge_steps import Seen
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label, visible

if TYPE_CHECKING:
    from reviewer.operations.judge_running import JudgedItems
    from reviewer.operations.judging import Preview

_WHAT = (
    "A Mistral model says what it thinks of these items. It suggests and never decides, and what it says is hidden from whoever has still"
    " to label them."
)
_SWITCH = "Let items of this workspace be sent to a judge"
_FIRST = 50  # items that are asked about unless somebody wants more
_MOST = 100_000
_SHOWN = 20_000  # characters of the first question
_SETTLED_MS = 300  # a number that is still being typed is not counted


class JudgeDialog(SheetDialog):
    """Ctrl+Return sends. Closed while it asks, it goes on, and a banner tells how it ended."""

    def __init__(self, desk: Desk, page: QWidget, *, query: str, found: int | None) -> None:
        """found: how many items the query finds, where that is known."""
        super().__init__(page, desk.theme, "Ask the judge")
        self._desk, self._page, self._query = desk, page, query
        self._ticket: Ticket | None = None
        self._seen: Seen | None = None
        self._asking = self._closed = False
        most = min(found or _MOST, _MOST)
        self.limit = spin("Ask about so many items", 1, most, min(_FIRST, most))
        self.summary = Paragraph("Reading what would be sent …")
        self.first = QPlainTextEdit()
        self.switch = QCheckBox(_SWITCH)
        self.key = QLineEdit()
        self._wrong = Strip(desk.theme, "warn")
        self._waiting = Waiting()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_form(found))
        self._stack.addWidget(self._waiting)
        self.body.addWidget(self._stack, 1)
        self.set_buttons(("Ask the judge", self._ask), ("Cancel", self.reject))
        self.resize_to(720, 640)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settle.timeout.connect(self._look)
        self.limit.valueChanged.connect(lambda _value: self._settle.start())
        self.switch.toggled.connect(lambda _on: self._allow())
        self.key.textChanged.connect(lambda _text: self._allow())
        desk.jobs.progressed.connect(self._progress)
        desk.jobs.ended.connect(self._ended)
        self.finished.connect(self._was_closed)
        self.limit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._allow()
        self._look()

    def _make_form(self, found: int | None) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(Paragraph(_WHAT, tone="muted"))
        row = QHBoxLayout()
        row.addWidget(plain_label("Ask about"))
        row.addWidget(self.limit)
        row.addWidget(plain_label("items" if found is None else f"of {count(found, 'item')}, in the order of their ids", tone="muted"))
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.summary)
        column.addWidget(plain_label("The first question, as it would go", role="label"))
        self.first.setReadOnly(True)
        self.first.setTabChangesFocus(True)
        self.first.setAccessibleName("The first question, as it would go")
        column.addWidget(self.first, 1)
        column.addWidget(self.switch)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setAccessibleName("Mistral's key")
        self.key.setPlaceholderText("Mistral's key: it goes into the keyring of this system, never into the workspace")
        self.key.setMaxLength(1_000)
        self.key.hide()
        column.addWidget(self.key)
        column.addWidget(self._wrong)
        return form

    # -- what would be sent ------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._seen = None
        self._allow()
        work = partial(judge_steps.preview, query=self._query, limit=self.limit.value(), settings=self._desk.settings)
        self._desk.jobs.read(work, owner=self, slot="preview", done=self._show, failed=self._not_seen)

    def _show(self, seen: Seen) -> None:
        known = self._seen is not None or self.switch.isChecked()
        self._seen = seen
        self._wrong.say("")
        self.summary.setText(in_words(seen.preview))
        asked = seen.preview.first
        self.first.setPlainText("" if asked is None else visible(f"{asked[1].user}\n\n{asked[1].system}", _SHOWN))
        self.switch.setChecked(seen.on or known)
        self.key.setVisible(not seen.key)
        self._allow()

    def _not_seen(self, error: ReviewerError) -> None:
        self.summary.setText("Nothing would be sent.")
        self.first.clear()
        self._wrong.say(f"{error.what} {error.hint}")
        self._allow()

    def _allow(self) -> None:
        if self.main is None or self._asking:
            return
        seen = self._seen
        something = seen is not None and seen.preview.asked + seen.preview.cached > 0
        has_key = seen is not None and (seen.key or bool(self.key.text().strip()))
        self.main.setEnabled(something and self.switch.isChecked() and has_key)

    # -- asking ------------------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        key = "" if self.key.isHidden() else self.key.text().strip()
        self.key.clear()
        self._asking = True
        self._wrong.say("")
        self._waiting.start("Asking the judge", "You can close this and go on working. Stopped at any time, what was answered is kept.")
        self._stack.setCurrentWidget(self._waiting)
        self.set_buttons(None, ("Stop", self._stop), ("Go on in the background", self.accept))
        settings = self._desk.settings
        work = partial(judge_steps.ask, query=self._query, limit=self.limit.value(), settings=settings, key=key)
        title = f"Asking the judge about {count(self.limit.value(), 'item')}"
        self._ticket = self._desk.jobs.long(work, title=title, owner=self._page, done=self._done, failed=self._failed)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._waiting.say("Stopping", 0, 0, "")

    def _progress(self, report: Report) -> None:
        if report.ticket is self._ticket:
            done, total, what = report.progress
            self._waiting.say(count(done, "item"), done, total, what)

    def _done(self, judged: "JudgedItems") -> None:
        self._ticket, self._asking = None, False
        told = told_of(judged)
        if judged.failed or judged.left_out:
            self._desk.messages.warn(*told)
        else:
            self._desk.messages.good(*told)
        self._leave()

    def _failed(self, error: ReviewerError) -> None:
        self._ticket, self._asking = None, False
        self._desk.jobs.changed.emit(Changes.LABELS)  # what was answered before was recorded
        if self._closed:
            self._desk.messages.show_error(error)
            self.deleteLater()
            return
        self._stack.setCurrentIndex(0)
        self.set_buttons(("Ask the judge", self._ask), ("Cancel", self.reject))
        self._look_again(error)

    def _look_again(self, error: ReviewerError) -> None:
        """What is left to ask about may be less now; why it failed stays in sight."""
        self._seen = None
        self._allow()
        work = partial(judge_steps.preview, query=self._query, limit=self.limit.value(), settings=self._desk.settings)

        def show(seen: Seen) -> None:
            self._show(seen)
            if error.about == "key":
                self.key.show()
                self.key.setFocus(Qt.FocusReason.OtherFocusReason)
            self._wrong.say(f"{error.what} {error.hint} [{error.code}]")

        self._desk.jobs.read(work, owner=self, slot="preview", done=show, failed=self._not_seen)

    def _ended(self, ticket: Ticket) -> None:
        if ticket is not self._ticket or not ticket.cancelled:
            return
        self._ticket, self._asking = None, False
        self._desk.jobs.changed.emit(Changes.LABELS)
        self._desk.messages.note("The judge is asked no further.", "What it answered is kept; ask again to go on from there.")
        self._leave()

    def _leave(self) -> None:
        if self._closed:
            self.deleteLater()
        else:
            self.accept()

    def _was_closed(self, _result: int) -> None:
        self._closed = True
        self.key.clear()
        if self._ticket is None:
            self.deleteLater()


def in_words(preview: "Preview") -> str:
    """What would be sent, in a few sentences."""
    terms = preview.terms
    cost = "" if preview.cost is None else f", about ${preview.cost:,.4f}"
    if preview.asked:
        said = [
            f"{count(preview.asked, 'item')} would go to {shown(terms.model, 60)} ({shown(terms.server, 80)}):"
            f" about {preview.tokens:,} tokens{cost}."
        ]
    else:
        said = ["Nothing would be sent."]
    if preview.cached:
        said.append(f"{preview.cached:,} of them {'is' if preview.cached == 1 else 'are'} known from before and cost nothing.")
    if preview.under_way:
        said.append(f"Batch jobs under way: {preview.under_way:,}; their answers are fetched first.")
    if preview.in_jobs:
        said.append("They go as batch jobs, which may take a day and cost half.")
    if preview.left_out:
        said.append(f"Left out would be {shown(why_left_out([one.reason for one in preview.left_out]), 200)}")
    if preview.private:
        taken = ", ".join(f"{number:,} × {kind}" for kind, number in preview.private.items())
        said.append(f"Private details that are taken out first: {taken}.")
    if preview.asked:
        said.append("Names stay in, and so does what people say in words of their own.")
    return " ".join(said)


def told_of(judged: "JudgedItems") -> tuple[str, str]:
    """What came of it: what happened, and what else is to be known."""
    what = f"{count(judged.judged + judged.cached, 'item')} {'has' if judged.judged + judged.cached == 1 else 'have'} a suggestion."
    cost = "" if judged.cost is None else f", about ${judged.cost:,.4f}"
    more = [f"{judged.tokens:,} tokens{cost}."] if judged.tokens else ["All of it was known from before."]
    if judged.failed:
        more.append(f"{judged.failed:,} have none: {shown(judged.failures[0].reason, 160)}")
    if judged.left_out:
        more.append(f"Left out were {shown(why_left_out([one.reason for one in judged.left_out]), 200)}")
    if judged.flagged:
        more.append(f"{judged.flagged:,} quotes or clauses are flagged.")
    if judged.judges:
        more.append(f"They are {shown(', '.join(judged.judges), 120)}'s, and hidden until an item is labelled.")
    return what, " ".join(more)
