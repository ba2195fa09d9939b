"""A new campaign in three steps, with what it will be able to say beside them, before anything is drawn."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from reviewer.domain.chips import describe
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.domain.query import parse
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign import fetching
from reviewer.ui.pages.campaign.asked import AskedStep
from reviewer.ui.pages.campaign.design import DesignStep
from reviewer.ui.pages.campaign.fetching import Wanted
from reviewer.ui.pages.campaign.forecast import Beside, Forecast
from reviewer.ui.pages.campaign.population import PopulationStep
from reviewer.ui.pages.campaign.stepped_dialog import SteppedDialog
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.campaigns import Created
    from reviewer.operations.designing import DesignFields, DesignPreview, Population

_TYPED_MS = 250
_STEPS = ("Which items", "How many, and which", "What is asked")
_UNNAMED = "Review"  # for a preview, while there is no name yet


class CampaignWizard(SteppedDialog):
    """Ctrl+Return creates the campaign, from any step, and goes to its queue; Ctrl+PgDown and Ctrl+PgUp go from step to step."""

    def __init__(self, desk: Desk, page: QWidget, *, query: str, size: int | None = None) -> None:
        """size: of a simple random sample that was planned."""
        super().__init__(desk, page, "New campaign", _STEPS)
        self._seen: DesignPreview | None = None  # of what is filled in now
        self._found: Population | None = None
        self._refused = False  # what is filled in now cannot be drawn
        self._create_once_known = False  # it was asked for while its figures were still being worked out
        self._asking: list[Ticket] = []
        self.population = PopulationStep(desk.theme, name=_suggested(query), query=query)
        self.design = DesignStep(desk.theme)
        self.asked = AskedStep(desk.theme)
        self.forecast = Forecast(desk.theme)
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._typed.timeout.connect(self._ask)
        self._query_typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._query_typed.timeout.connect(self._ask_population)
        if size is not None:
            self.design.use_size(size)
        self._lay()
        self._connect()
        others = ("Cancel", self.reject), ("Back    Ctrl PgUp", self.go_back), ("Next    Ctrl PgDn", self.go_on)
        self.set_buttons(("Create and review", self._create), *others)
        self.guard(self.asked.guidelines)
        self.resize_to(1160, 800)
        self.go_to(0)
        self.population.name.selectAll()
        self.population.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read(fetching.policies, "policies", self.asked.show_policies)
        self._read(fetching.sources, "sources", self.asked.show_sources)
        self._read(fetching.people, "people", self._show_people)
        self._ask_population()

    def _lay(self) -> None:
        self.add_step(self.population, self.population.rows)
        self._design_room = self.add_step(self.design, self.design.rows)
        self.add_step(self.asked, self.asked.rows)
        self.body.addWidget(self.steps)
        self.body.addWidget(Beside(self._desk.theme, self.stack, self.forecast), 1)
        self.body.addWidget(self.wrong)

    def _connect(self) -> None:
        self.population.query_changed.connect(self._query_changed)
        self.population.changed.connect(self._renamed)
        for changed in (self.design.changed, self.asked.changed):
            changed.connect(self._changed)
        self.design.plan_wanted.connect(self._plan)
        self.design.moved.connect(self._show_place)
        self.finished.connect(self._stop_asking)
        QShortcut(QKeySequence("Ctrl+Shift+P"), self, self._plan)

    @property
    def seen(self) -> "DesignPreview | None":
        """What it would come to as it is filled in now; None while that is being worked out, or where it cannot be."""
        return self._seen

    # -- from step to step -------------------------------------------------------------------------------------------------------

    def go_to(self, step: int) -> None:
        """Show a step, with the focus on its first field."""
        super().go_to(step)
        self._follow()
        design, question = self.design.design, self.asked.question
        first: tuple[QWidget, ...] = (self.population.name, design.button(design.value), question.button(question.value))
        first[step].setFocus(Qt.FocusReason.TabFocusReason)
        _cancel, back, onwards = self.others
        back.setEnabled(step > 0)
        onwards.setEnabled(not self.at_last)

    def _plan(self) -> None:
        from reviewer.ui.pages.campaign.plan_dialog import PlanDialog

        population = self._found.total if self._found is not None else None
        PlanDialog(self._desk, self, population=population, use=self._use_size).open()

    def _use_size(self, size: int) -> None:
        self.go_to(1)
        self.design.use_size(size)

    # -- what it would come to ---------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        """Something was typed: what was known is of before."""
        self._seen, self._refused, self._create_once_known = None, False, False
        self.wrong.say("")
        self.forecast.wait()
        self._typed.start()
        self._follow()

    def _renamed(self) -> None:
        """No figure follows from the name; one that is taken may have been refused."""
        if self._refused and self.population.rows.wrong:
            self._changed()
        self._follow()

    def _query_changed(self) -> None:
        self._found = None
        self.population.wait()
        self._query_typed.start()
        self._changed()

    def _ask_population(self) -> None:
        query = self.population.query.text().strip()
        self.population.wait()
        self._read(partial(fetching.population, query=query), "population", self._show_population)
        self._read(partial(fetching.fields, query=query), "fields", self._show_fields)
        self._ask()

    def _show_population(self, found: "Population") -> None:
        self._found = found
        self.population.show_population(found)
        query = self.population.query.text().strip()
        self.design.say_population(f"{shown(query, 200) or 'Everything'}: {self.population.found}")

    def _show_fields(self, found: "DesignFields") -> None:
        self.design.show_fields(found)
        self.asked.show_judges([name.removeprefix("suggestion:") for name in found.judges])

    def _ask(self) -> None:
        self._typed.stop()
        self._seen, self._refused = None, False
        self.forecast.wait()
        self._read(partial(fetching.preview, wanted=self._wanted(preview=True)), "preview", self._show_preview, self._no_preview)
        self._follow()

    def _show_people(self, found: "Sequence[fetching.Person]") -> None:
        """Who may label. Nobody chose anything, so what was asked for stands: only the hours follow from how many they are."""
        self.asked.show_people(found)
        if self._seen is not None:
            self.forecast.show_preview(self._seen, people=self.asked.people, second=self.asked.second)

    def _show_preview(self, seen: "DesignPreview") -> None:
        if self._typed.isActive():
            return  # something else is asked for by now
        self._seen = seen
        self.say_wrong(None)
        self.forecast.show_preview(seen, people=self.asked.people, second=self.asked.second)
        self.design.show_preview(seen)
        self._follow()
        if self._create_once_known:
            self._create()

    def _no_preview(self, error: ReviewerError) -> None:
        if self._typed.isActive():
            return
        self._refused, self._create_once_known = True, False
        place = self.say_wrong(error)
        self.design.chart.hide()
        self.forecast.fail("" if place is None else self.said_of(place))
        self._follow()

    def _follow(self) -> None:
        """It can be created where it has a name, and nothing of it was refused."""
        if self.main is not None:
            self.main.setEnabled(bool(self.population.name.text().strip()) and not self._refused)

    # -- creating ----------------------------------------------------------------------------------------------------------------

    def _wanted(self, *, preview: bool) -> Wanted:
        from reviewer.domain.events import Campaign

        name = self.population.name.text().strip()
        rules = Campaign(
            name=name or _UNNAMED if preview else name,
            query=self.population.query.text().strip(),
            design=self.design.design.value,  # type: ignore[arg-type] # the segments are the designs
            seed=self.design.seed.text().strip(),
            **self.asked.fields(),
        )
        return Wanted(
            rules,
            self.design.picks,
            self.design.selection,
            self.design.assumed,
            self.asked.member_names,
            self.asked.guidelines.toPlainText(),
            self.asked.gold_from,
        )

    def _create(self) -> None:
        """At once, or as soon as it is known what it comes to."""
        if self._seen is None:
            self._create_once_known = True
            return
        self._create_once_known = False
        if self.main is not None:
            self.main.setEnabled(False)
        work = partial(fetching.create, wanted=self._wanted(preview=False))
        title = f"Drawing “{shown(self.population.name.text().strip(), 60)}”"
        self._desk.jobs.long(work, title=title, owner=self, done=self._created, failed=self._not_created)

    def _created(self, created: "Created") -> None:
        shell = self._desk.shell
        self.accept()
        self.deleteLater()
        shell.review(created.id)
        drawn = f"{created.sampled:,} of {count(created.population, 'item')}"
        self._desk.messages.good(f"“{shown(created.campaign)}” has {drawn}.", f"Its seed is {shown(created.seed)}.")

    def _not_created(self, error: ReviewerError) -> None:
        self._refused = True
        step = self.say_wrong(error)
        if step is not None:
            self.go_to(step)
            self._forms[step].take_focus(error.about)
        self._follow()

    # -- room and work -----------------------------------------------------------------------------------------------------------

    def _show_place(self, place: QRect) -> None:
        self._design_room.ensureVisible(place.center().x(), place.center().y(), 0, place.height())

    def _read(
        self, work: Callable[..., object], slot: str, done: Callable[..., None], failed: Callable[[ReviewerError], None] | None = None
    ) -> None:
        ticket = self._desk.jobs.read(work, owner=self, slot=slot, done=done, failed=failed or self._not_read)  # type: ignore[arg-type]
        self._asking = [one for one in self._asking if not one.cancelled] + [ticket]

    def _not_read(self, error: ReviewerError) -> None:
        self.wrong.say(f"{error.what} {error.hint}")

    def _stop_asking(self) -> None:
        for ticket in self._asking:
            ticket.cancel()


def _suggested(query: str) -> str:
    today = date.today()
    words = ", ".join(chip.words for chip in describe(parse(query))) if "id:" not in query else ""
    name = words if 0 < len(words) <= 60 else "Review"
    return f"{name[0].upper()}{name[1:]}, {today.day} {today:%B} {today.year}"
