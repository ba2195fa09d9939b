"""Draw more: a campaign's sample grows, also over new traffic, with what it will be able to say then beside the form."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError, shown
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign import fetching, words
from reviewer.ui.pages.campaign.forecast import Beside, Forecast
from reviewer.ui.pages.campaign.form_rows import FormRows, line, named, per_cent, spin
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.charts.chart import Chart
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import scrolled
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding, Created
    from reviewer.operations.designing import DesignPreview

_TYPED_MS = 250
_USUAL_RATE = 5.0  # per cent
_WHAT = "Another draw over what the query finds today. Nothing drawn is dropped, no chance falls, and what was reviewed stays valid."
_NONE = "No campaign is open from which more could be drawn."


class GrowDialog(SheetDialog):
    """Ctrl+Return draws; what is refused is said beside the size, and what was typed stays."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page, desk.theme, "Draw more")
        self._desk, self._page = desk, page
        self._campaigns: tuple[CampaignStanding, ...] = ()
        self._people: tuple[fetching.Person, ...] = ()
        self.seen: DesignPreview | None = None  # of what is filled in now
        self.campaign = ChoiceList()
        self.campaign.setAccessibleName("Campaign")
        self.size_box = spin("Items drawn in all", 1, 10_000_000, 1)
        self.rate = per_cent("Rate to assume, per cent", _USUAL_RATE)
        self.stands = Paragraph(tone="muted")
        self.rows = FormRows(desk.theme)
        self.chart = Chart(desk.theme)
        self.forecast = Forecast(desk.theme)
        self._wrong = Strip(desk.theme, "warn")
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._typed.timeout.connect(self._ask)
        self._lay()
        self.campaign.currentIndexChanged.connect(lambda _place: self._campaign_chosen())
        for box in (self.size_box, self.rate):
            box.valueChanged.connect(lambda _value: self._changed())
        self.finished.connect(self.deleteLater)
        self.set_buttons(("Draw more", self._grow), ("Cancel", self.reject))
        self.resize_to(1000, 640)
        self._follow()
        self.campaign.setFocus(Qt.FocusReason.OtherFocusReason)
        desk.jobs.read(fetching.people, owner=self, slot="people", done=self._show_people, failed=self._not_read)
        desk.jobs.read(fetching.campaigns, owner=self, slot="campaigns", done=self._show_campaigns, failed=self._not_read)

    def _lay(self) -> None:
        self.rows.add("", Paragraph(_WHAT, tone="muted"))
        self.rows.add("Campaign", self.campaign, name="campaign")
        self.rows.add("", self.stands)
        self.rows.add("Drawn in all", line(self.size_box, named("items", self.size_box)), name="size", field=self.size_box)
        self.rows.add("Assume", line(self.rate, named("of the items go wrong", self.rate)), name="rate", field=self.rate)
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(self.rows)
        column.addWidget(self.chart)
        column.addStretch(1)
        self.chart.hide()
        self.body.addWidget(Beside(self._desk.theme, scrolled(room), self.forecast), 1)
        self.body.addWidget(self._wrong)

    # -- which campaign ----------------------------------------------------------------------------------------------------------

    @property
    def standing(self) -> "CampaignStanding | None":
        """The campaign that is chosen."""
        place = self.campaign.currentIndex()
        return self._campaigns[place] if 0 <= place < len(self._campaigns) else None

    def _show_people(self, found: tuple[fetching.Person, ...]) -> None:
        self._people = found

    def _show_campaigns(self, found: "tuple[CampaignStanding, ...]") -> None:
        self._campaigns = found
        for one in found:
            self.campaign.addItem(f"{shown(one.campaign, 60)} ({one.sampled:,} of {count(one.population, 'item')})", one.id)
        if not found:
            self.stands.setText(_NONE)
            self.forecast.fail(_NONE)
        self._follow()

    def _campaign_chosen(self) -> None:
        one = self.standing
        if one is None:
            return
        everything = one.rules.design == "all"
        self.rows.show_row("size", not everything)
        self.stands.setText(f"{one.sampled:,} of {count(one.population, 'item')} are drawn, {count(one.labels, 'label')} given.")
        self.size_box.setValue(min(one.sampled + max(1, one.sampled // 2), max(one.population, one.sampled + 1)))
        self._changed()

    # -- what it would come to ---------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.seen = None
        self.forecast.wait()
        self._typed.start()
        self._follow()

    def _ask(self) -> None:
        one = self.standing
        if one is not None:
            rate = None if self.rate.value() == _USUAL_RATE else round(self.rate.value() / 100, 6)
            work = partial(fetching.growth, campaign=one.id, size=self.size_box.value(), rate=rate)
            self._desk.jobs.read(work, owner=self, slot="growth", done=self._show_preview, failed=self._no_preview)

    def _show_preview(self, seen: "DesignPreview") -> None:
        one = self.standing
        if self._typed.isActive() or one is None:
            return
        self.seen = seen
        self._say_wrong(None)
        people = len(one.rules.members) or sum(person.asked for person in self._people)
        self.forecast.show_preview(seen, people=people, second=one.rules.overlap > 1 or one.rules.double != "0")
        self.chart.setVisible(bool(seen.strata))
        if seen.strata:
            self.chart.show_drawing(words.strata(seen))
        self._follow()

    def _no_preview(self, error: ReviewerError) -> None:
        if not self._typed.isActive():
            self._say_wrong(error)
            self.chart.hide()
            self.forecast.fail("")
            self._follow()

    def _say_wrong(self, error: ReviewerError | None) -> None:
        said = "" if error is None else f"{error.what} {error.hint}"
        beside = self.rows.say("" if error is None else error.about, said)
        self._wrong.say("" if beside else said)

    def _not_read(self, error: ReviewerError) -> None:
        self._wrong.say(f"{error.what} {error.hint}")

    def _follow(self) -> None:
        if self.main is not None:
            self.main.setEnabled(self.seen is not None)

    # -- drawing -----------------------------------------------------------------------------------------------------------------

    def _grow(self) -> None:
        one = self.standing
        if one is None or self.seen is None:
            return
        if self.main is not None:
            self.main.setEnabled(False)
        work = partial(fetching.grow, campaign=one.id, size=self.size_box.value())
        title = f"Drawing from “{shown(one.campaign, 60)}”"
        self._desk.jobs.long(work, title=title, owner=self, done=partial(self._grown, one.sampled), failed=self._not_grown)

    def _grown(self, before: int, created: "Created") -> None:
        messages = self._desk.messages
        self.accept()
        more = count(created.sampled - before, "item")
        messages.good(f"{more} more in “{shown(created.campaign)}”.", f"It has {created.sampled:,} of {created.population:,} now.")

    def _not_grown(self, error: ReviewerError) -> None:
        self._say_wrong(error)
        self._follow()
