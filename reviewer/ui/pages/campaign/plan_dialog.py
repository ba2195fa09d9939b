"""Planning: how many items to review before a limit is shown to hold, and what a sample of passed items says of those that slipped by."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.forecast import Figure
from reviewer.ui.pages.campaign.planning import PassedAsked, PassedForm, PlanAsked, PlanForm, planned, slipped
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.scrolling import scrolled

if TYPE_CHECKING:
    from reviewer.operations.planning import Plan, Slipped

_TYPED_MS = 120
_FORMS = (Segment("before", "Before: how many to review"), Segment("after", "After: what slipped through"))


def plan(asked: PlanAsked) -> "Plan":
    """The size of a sample. Runs on a worker thread."""
    from reviewer import operations

    return operations.planning.plan_acceptance(**asked._asdict()).value


def weigh(asked: PassedAsked) -> "Slipped":
    """What slipped through. Runs on a worker thread."""
    from reviewer import operations

    return operations.planning.weigh_passed(**asked._asdict()).value


class PlanDialog(SheetDialog):
    """Figures follow what is typed; Ctrl+Return takes the size over into a campaign."""

    def __init__(self, desk: Desk, parent: QWidget, *, population: int | None, use: Callable[[int], None]) -> None:
        """population: items of the campaign it is for; use: takes the size."""
        super().__init__(parent, desk.theme, "Plan a sample")
        self._desk, self._use = desk, use
        self._asked = 0  # the number of the newest question: the answer to an older one is not shown
        self.size_planned: int | None = None
        self.which = SegmentedControl("What to plan", _FORMS, required=True)
        self.before = PlanForm(desk.theme, population=population)
        self.after = PassedForm(desk.theme, population=population)
        self.figure = Figure()
        self._wrong = Strip(desk.theme, "warn")
        self._stack = QStackedWidget()
        for form in (self.before, self.after):
            self._stack.addWidget(form)
            form.changed.connect(self._changed)
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        for part in (self._stack, self.figure, self._wrong):
            column.addWidget(part)
        column.addStretch(1)
        self.body.addWidget(self.which)
        self.body.addWidget(scrolled(room), 1)
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._typed.timeout.connect(self._ask)
        self.which.chosen.connect(self._choose)
        self.finished.connect(self.deleteLater)
        self.set_buttons(("Use this size", self._take), ("Close", self.reject))
        self.resize_to(640, 660)
        self.before.tolerable.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask()

    def _choose(self, value: str) -> None:
        self.which.choose(value)
        self._stack.setCurrentIndex(0 if self.which.value == "before" else 1)
        self._changed()

    def _changed(self) -> None:
        self.size_planned = None
        self.figure.setEnabled(False)
        self._typed.start()
        self._follow()

    def _ask(self) -> None:
        self._typed.stop()
        self._asked += 1
        failed = partial(self._failed, self._asked)
        if self.which.value == "before":
            self._desk.jobs.aside(partial(plan, self.before.asked), owner=self, done=partial(self._planned, self._asked), failed=failed)
        else:
            self._desk.jobs.aside(partial(weigh, self.after.asked), owner=self, done=partial(self._weighed, self._asked), failed=failed)

    def _planned(self, number: int, found: "Plan") -> None:
        if self._newest(number):
            self.size_planned = found.n
            self._say(planned(found))

    def _weighed(self, number: int, found: "Slipped") -> None:
        if self._newest(number):
            self._say(slipped(found))

    def _failed(self, number: int, error: ReviewerError) -> None:
        if self._newest(number):
            self.figure.hide()
            self._wrong.say(f"{error.what} {error.hint}")
            self._follow()

    def _newest(self, number: int) -> bool:
        return number == self._asked and not self._typed.isActive()

    def _say(self, said: tuple[str, str, str]) -> None:
        self._wrong.say("")
        self.figure.say(*said)
        self.figure.setEnabled(True)
        self.figure.show()
        self._follow()

    def _follow(self) -> None:
        if self.main is not None:
            self.main.setVisible(self.which.value == "before")
            self.main.setEnabled(self.size_planned is not None)

    def _take(self) -> None:
        if self.size_planned is not None:
            size = self.size_planned
            self.accept()
            self._use(size)
