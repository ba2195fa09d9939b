"""A new release in four steps, with real rows beside each; nothing is written before the last."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Report
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.stepped_dialog import SteppedDialog
from reviewer.ui.pages.datasets import fetching, words
from reviewer.ui.pages.datasets.fetching import AuditTold, Choices, Seen, Wanted
from reviewer.ui.pages.datasets.preview_panel import PreviewPanel
from reviewer.ui.pages.datasets.steps import SafeStep, ShapeStep, WhatStep, WhereStep, folder_name
from reviewer.ui.theme import ANY_WIDTH
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.under_way import UnderWay

if TYPE_CHECKING:
    from reviewer.operations.releasing import Released

_STEPS = ("What goes in", "Shape", "Is it safe", "Where")
_WRITING = "Writing the release"
_TYPED_MS = 250
_WHOLE_FROM = 2  # the step from which all rows are counted and audited


class ReleaseWizard(SteppedDialog):
    """Ctrl+Return goes on, and at the last step writes; Ctrl+PgDown and Ctrl+PgUp go from step to step, Esc leaves."""

    released = Signal(str)
    """A release was written: its entry."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page, "New release", _STEPS)
        self._page = page
        self.what, self.shape, self.safe, self.where = (
            WhatStep(desk.theme), ShapeStep(desk.theme), SafeStep(desk.theme), WhereStep(desk.theme)
        )  # fmt: skip
        self.preview = PreviewPanel(desk.theme)
        self.writing = UnderWay(_WRITING)
        self.writing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.writing.setAccessibleName(_WRITING)
        self._known: Choices | None = None
        self._of: Wanted | None = None  # what the preview on screen is of
        self._cannot = False  # it was refused as it is filled in now
        self._looking: Ticket | None = None
        self._ticket: Ticket | None = None
        self._closed = False
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._typed.timeout.connect(self._ask)
        self._lay()
        self._connect()
        self.resize_to(1180, 820)
        self.go_to(0)
        self.preview.fail("")
        self.preview.wait("Reading the campaigns")
        desk.jobs.read(fetching.choices, owner=self, slot="choices", done=self._show_choices, failed=self._not_read)

    def _lay(self) -> None:
        rooms = (
            self.add_step(self.what, self.what.rows),
            self.add_step(self.shape, self.shape.rows),
            self.add_step(self.safe, self.safe.rows),
            self.add_step(self.where, self.where.rows),
        )
        for room, name in zip(rooms, _STEPS, strict=True):
            room.setAccessibleName(name)
        rooms[_WHOLE_FROM].setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # below its fields there is much to read
        self._form = QWidget()
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.steps)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(20)
        self._beside.addWidget(self.stack, 1)
        self._beside.addWidget(self.preview, 1)
        column.addLayout(self._beside, 1)
        column.addWidget(self.wrong)
        self._whole = QStackedWidget()
        self._whole.addWidget(self._form)
        self._whole.addWidget(self.writing)
        self.body.addWidget(self._whole, 1)

    def _connect(self) -> None:
        self.what.changed.connect(self._what_changed)
        for step in (self.shape, self.safe):
            step.changed.connect(self._changed)
        self.where.changed.connect(self._follow)
        self.safe.audit.opened.connect(self._open)
        self._desk.jobs.progressed.connect(self._progress)
        self._desk.jobs.ended.connect(self._ended)
        self.finished.connect(self._was_closed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the preview stands under the form."""
        super().resizeEvent(event)
        wide = self.width() >= self._theme.px(760)
        self._beside.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self.stack.setMaximumWidth(self._theme.px(620) if wide else ANY_WIDTH)

    # -- from step to step -------------------------------------------------------------------------------------------------------

    def go_to(self, step: int) -> None:
        """Show a step, with the focus on its first field."""
        super().go_to(step)
        main = ("Write the release", self._write) if self.at_last else (f"Next: {_STEPS[step + 1].lower()}", self.go_on)
        others = [("Cancel", self.reject)] + ([("Back    Ctrl PgUp", self.go_back)] if step else [])
        self.set_buttons(main, *others)
        first: tuple[QWidget, ...] = (self.what.campaigns, self.shape.formats, self.safe.split, self.where.folder)
        first[step].setFocus(Qt.FocusReason.TabFocusReason)
        if self.at_last:
            names = [one.campaign for one in self.what.chosen]
            self.where.suggest(folder_name(names, self._wanted().format))
        self._follow()
        if self._known is not None:
            self._ask()

    # -- what it would hold ------------------------------------------------------------------------------------------------------

    def _show_choices(self, found: Choices) -> None:
        self._known = found
        self.shape.show_formats(found.formats)
        self.what.show_campaigns(found.campaigns)
        if not found.campaigns:
            self.wrong.say("There is no campaign yet. Create one on the Explore page, and label its items.")

    def _what_changed(self) -> None:
        self.shape.fit(frozenset(one.rules.question for one in self.what.chosen))
        self.safe.fit(self.what.aggregate.value)
        self._changed()

    def _changed(self) -> None:
        """Something was chosen or typed: what is shown is of before."""
        self._stop_looking()
        self._of, self._cannot = None, False
        self.say_wrong(None)
        self._typed.start()
        self._follow()

    def _wanted(self) -> Wanted:
        choice = self.shape.choice
        return Wanted(
            tuple(one.id for one in self.what.chosen),
            self.what.aggregate.value,
            "trl-kto" if choice is None else choice.name,
            self.shape.form_name,
            self.safe.split.text().strip() or "1",
            self.safe.least_text,
            self.safe.against.text().strip(),
        )

    def _ask(self) -> None:
        """Make the first rows; from the third step on, look at all of them."""
        self._typed.stop()
        if self._known is None:
            return
        wanted, whole = self._wanted(), self.step >= _WHOLE_FROM
        kept = self.preview.shown
        if self._of == wanted and kept is not None and (kept.audit is not None or not whole):
            return
        self._stop_looking()
        if not wanted.campaigns:
            self.preview.fail()
            self._show_audit(None)
            return
        work = partial(fetching.preview, wanted=wanted, whole=whole)
        done = partial(self._show_preview, wanted)
        self.preview.wait("Looking at all rows" if whole else "Making the first rows")
        if whole:
            self._looking = self._desk.jobs.long(
                work, title="Looking at what would be released", owner=self, done=done, failed=self._refused
            )
        else:
            self._desk.jobs.read(work, owner=self, slot="preview", done=done, failed=self._refused)

    def _show_preview(self, wanted: Wanted, seen: Seen) -> None:
        if wanted != self._wanted() or (self.step >= _WHOLE_FROM and seen.audit is None):
            return  # something else is asked for by now
        self._looking = None
        self._of = wanted
        self.say_wrong(None)  # before the audit: it gives the steps their plain names
        self.preview.show_preview(seen)
        self._show_audit(seen.audit)
        self._follow()

    def _show_audit(self, told: AuditTold | None) -> None:
        """Under the fields of its step, and on the step's name how much there is to mind."""
        self.safe.audit.show_audit(told)
        note = "" if told is None else words.warnings_of(told)
        self.steps.button(str(_WHOLE_FROM)).setText(f"{self.numbered(_WHOLE_FROM)}: {note}" if note else self.numbered(_WHOLE_FROM))

    def _refused(self, error: ReviewerError) -> None:
        self._looking = None
        if self._typed.isActive():
            return
        self._cannot = True
        self._show_audit(None)
        place = self.say_wrong(error)  # after the audit: it marks the step
        self.preview.fail(f"{error.what} {error.hint}" if place is None else self.said_of(place))
        if place is None:
            self.wrong.say("")  # it stands in the preview
        self._follow()

    def _not_read(self, error: ReviewerError) -> None:
        self.preview.fail("")
        self.wrong.say(f"{error.what} {error.hint}")

    def _follow(self) -> None:
        """It can be written where it was seen as it is filled in now, and has a place."""
        if self.main is not None:
            whole = not self._cannot and bool(self.what.chosen) and bool(self.where.folder.text().strip())
            self.main.setEnabled(whole or not self.at_last)

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _open(self, item: str) -> None:
        self.reject()
        self._desk.shell.go("explore").open_item(item)

    # -- writing -----------------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        self._stop_looking()
        self.say_wrong(None)
        wanted, out = self._wanted(), self.where.folder.text().strip()
        self._whole.setCurrentWidget(self.writing)
        self.writing.start(_WRITING, f"To {shown(out, 200)}. It is there whole, or not at all; you can close this and go on working.")
        self.set_buttons(None, ("Stop", self._stop), ("Go on in the background", self.accept))
        self.writing.setFocus(Qt.FocusReason.OtherFocusReason)
        work = partial(fetching.release, wanted=wanted, out=out)
        title = f"Writing {shown(out, 80)}"
        self._ticket = self._desk.jobs.long(work, title=title, owner=self._page, done=self._written, failed=self._not_written)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def _written(self, done: "Released") -> None:
        self._ticket = None
        parts = ", ".join(f"{n} {part}" for part, n in words.parts(done.rows))
        left = words.left_out(done.dropped)
        rows = count(sum(done.rows.values()), "row")
        self._desk.messages.good(f"Released {rows} to {shown(str(done.folder), 200)}.", f"{parts}; {left}." if left else f"{parts}.")
        self.released.emit(done.release)
        self._end()

    def _not_written(self, error: ReviewerError) -> None:
        self._ticket = None
        if self._closed:
            self._desk.messages.show_error(error)
            self._end()
            return
        self._whole.setCurrentWidget(self._form)
        place = self.say_wrong(error)
        self.go_to(len(_STEPS) - 1 if place is None else place)
        self.say_wrong(error)
        if place is not None:
            self._forms[place].take_focus(error.about)

    def _ended(self, ticket: Ticket) -> None:
        if ticket is not self._ticket or not ticket.cancelled:
            return
        self._ticket = None
        if self._closed:
            self._end()
            return
        self._whole.setCurrentWidget(self._form)
        self.go_to(len(_STEPS) - 1)
        self.wrong.say("It was stopped. Nothing was left behind.")

    def _progress(self, report: Report) -> None:
        if report.ticket is self._ticket:
            done, total, what = report.progress
            self.writing.say(f"{_WRITING} …", done, total, f"{what}: {done:,} of {total:,}" if total else what)
        elif report.ticket is self._looking:
            self.preview.progress(*report.progress)

    def _was_closed(self, _result: int) -> None:
        self._closed = True
        self._stop_looking()
        if self._ticket is None:
            self.deleteLater()

    def _end(self) -> None:
        if not self._closed:
            self.accept()
        else:
            self.deleteLater()
