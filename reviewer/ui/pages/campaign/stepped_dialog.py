"""A form in several steps: one is shown at a time, and what was refused stands beside its field and marks the step it is on."""

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.form_rows import FormRows
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.scrolling import Scrolling, scrolled


class SteppedDialog(SheetDialog):
    """Ctrl+PgDown and Ctrl+PgUp go from step to step. Subclass it, hand each step to `add_step`, and lay `steps`, `stack` and `wrong`."""

    def __init__(self, desk: Desk, page: QWidget, title: str, names: Sequence[str]) -> None:
        """names: of the steps, in their order."""
        super().__init__(page, desk.theme, title)
        self._desk = desk
        self._names = names
        self._forms: tuple[FormRows, ...] = ()
        self.steps = SegmentedControl("Step", [Segment(str(place), self.numbered(place)) for place in range(len(names))], required=True)
        self.stack = QStackedWidget()
        self.wrong = Strip(desk.theme, "warn")
        self.steps.chosen.connect(lambda value: self.go_to(int(value)))
        for keys, act in (("Ctrl+PgDown", self.go_on), ("Ctrl+PgUp", self.go_back)):
            QShortcut(QKeySequence(keys), self, act)

    def add_step(self, step: QWidget, rows: FormRows) -> Scrolling:
        """Take the next step, whose fields are in rows. Gives back the room that it scrolls in."""
        area = scrolled(step)
        self.stack.addWidget(area)
        self._forms += (rows,)
        return area

    @property
    def step(self) -> int:
        """The step that is shown, from 0."""
        return self.stack.currentIndex()

    @property
    def at_last(self) -> bool:
        """Whether that is the last one."""
        return self.step == len(self._names) - 1

    @property
    def refusal(self) -> str:
        """What is said of why it cannot be as it is filled in; empty where nothing is."""
        return next((rows.wrong for rows in self._forms if rows.wrong), "") or self.wrong.words

    def numbered(self, step: int) -> str:
        """The name of a step, behind its number."""
        return f"{step + 1}   {self._names[step]}"

    def go_to(self, step: int) -> None:
        """Show a step."""
        self.stack.setCurrentIndex(step)
        self.steps.choose(str(step))

    def go_on(self) -> None:
        """To the next step."""
        self.go_to(min(self.step + 1, len(self._names) - 1))

    def go_back(self) -> None:
        """To the step before."""
        self.go_to(max(self.step - 1, 0))

    def say_wrong(self, error: ReviewerError | None) -> int | None:
        """Say beside its field, or at the foot, what was refused; None: nothing is. Returns the step of the field."""
        about, said = ("", "") if error is None else (error.about, f"{error.what} {error.hint}")
        places = [rows.say(about, said) for rows in self._forms]
        for place, wrong in enumerate(places):
            self.steps.button(str(place)).setText(f"⚠ {self._names[place]}" if wrong else self.numbered(place))
            self.steps.button(str(place)).setAccessibleDescription(said if wrong else "")
        self.wrong.say("" if any(places) else said)
        return places.index(True) if any(places) else None

    def said_of(self, step: int) -> str:
        """What stands in place of the figures while a field of this step is refused."""
        return f"Nothing, as it is filled in now: see “{self._names[step]}”."
