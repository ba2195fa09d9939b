"""The Insights page: how often the policy is broken, whether reviewers agree, where policy itself may be at fault."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.errors import shown
from reviewer.domain.progress import Ticket
from reviewer.domain.query import Field, all_of, to_text
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.insights import exporting, fetching, rates, report, rows, tolerable, words
from reviewer.ui.pages.insights.counting import Counting
from reviewer.ui.pages.insights.figures_view import FiguresView
from reviewer.ui.pages.insights.header import Header
from reviewer.ui.pages.insights.judge_cards import JudgeCards
from reviewer.ui.pages.insights.rates import Rates
from reviewer.ui.widgets.cards import PaperButton
from reviewer.ui.widgets.charts.chart import Chart
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.layers import Layers
from reviewer.ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from reviewer.operations.agreement import Agreement
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.estimating import Difference

_LONG = 20_000  # labels that take more than a moment: their comparison shows how far it is, and is not begun anew by each label
_OF_RATES = (
    "insights.rate", "insights.sure", "insights.time", "insights.by", "insights.field", "insights.compare", "insights.queue",
    "insights.basis", "insights.export",
)  # fmt: skip
_OF_JUDGES = ("insights.judge", "insights.curve")
_NO_LABEL_OF_YOURS = "You have given no label here. Each reviewer sees their own results; whoever leads or observes sees all."


class InsightsPage(Page):
    """Shows the figures of one campaign."""

    name = "insights"
    title = "Insights"
    interests = Changes.LABELS | Changes.CAMPAIGNS | Changes.POLICIES | Changes.MEMBERS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._campaigns: tuple[CampaignStanding, ...] = ()
        self._chosen = ""  # the id of the campaign
        self._by = "model"
        self._comparing: Ticket | None = None
        self._counting = Counting(desk.jobs, self.on_error)
        self.found: Agreement | None = None
        self.rates: Rates | None = None
        self._compared: tuple[str, ...] = ()  # values of the field, none, one or two, whose difference is wanted
        self._difference = ""  # in words
        self._header = Header(desk.theme)
        self._scroll = view = FiguresView(desk.theme, self.title)
        self.rate, self.sure, self.time, self.by, self.queue = view.rate, view.sure, view.time, view.by, view.queue
        self.agreement, self.pairs, self.clauses, self.reviewers = view.agreement, view.pairs, view.clauses, view.reviewers
        self.judges = JudgeCards(self._counting, view.judge, view.curve, view.rate)
        self.nothing = EmptyState("", "", "New campaign", self._new_campaign, action="app.new_campaign")
        self.blank = Waiting("Counting")
        self._layers = Layers(self, self.blank, self.nothing, view)
        self._connect()

    def _connect(self) -> None:
        self._header.chosen.connect(self.choose)
        self.agreement.opened.connect(self._open_agreement)
        self.rate.opened.connect(self._open_rate)
        self.queue.opened.connect(lambda: self._explore(to_text(self._sample())))
        self.by.picked.connect(self._choose_field)
        self._scroll.tolerable.named.connect(self._name_tolerable)
        self._scroll.tolerable.left.connect(self.sure.take_focus)
        self.judges.measured.connect(self._allow_judges)
        for chart in self._scroll.charts:
            chart.opened.connect(self._explore)
        for card in (self.pairs, self.clauses, self.reviewers):
            card.chosen.connect(self._explore)
        self.desk.jobs.ended.connect(self._ended)
        self.fit()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """The campaign, and how much was labelled in it."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Choosing, moving from card to card, opening, counting again."""
        return {
            "insights.campaign": self._header.take_focus,
            "insights.rate": self.rate.take_focus,
            "insights.sure": lambda: self._went(self.sure.take_focus()),
            "insights.tolerable": self._scroll.tolerable.choose,
            "insights.compare": self._compare_values,
            "insights.time": lambda: self._went(self.time.take_focus()),
            "insights.by": lambda: self._went(self.by.take_focus()),
            "insights.field": self.by.choose,
            "insights.queue": self.queue.take_focus,
            "insights.judge": self.judges.step,
            "insights.curve": lambda: self._went(self.judges.curve.take_focus()),
            "insights.basis": self._show_basis,
            "insights.export": self._export,
            "insights.agreement": lambda: self._went(self.agreement.take_focus()),
            "insights.clauses": lambda: self._went(self.clauses.take_focus()),
            "insights.pairs": lambda: self._went(self.pairs.take_focus()),
            "insights.reviewers": lambda: self._went(self.reviewers.take_focus()),
            "insights.open": self._open_current,
            "insights.report": self._report,
            "insights.recount": self._count,
        }

    def forget_workspace(self) -> None:
        """Another workspace has other campaigns."""
        self._forget("")
        self._campaigns = ()
        self._header.show_campaigns((), None)
        self._layers.setCurrentWidget(self.blank)

    def refresh(self) -> None:
        """Read the campaigns, then the figures of the one that is shown."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(fetching.campaigns, owner=self, slot="campaigns", done=self._take_campaigns, failed=self.on_error)

    def shown(self) -> None:
        """The focus stands at the first figure."""
        self._take_focus()

    def choose(self, campaign: str) -> None:
        """Show another campaign's figures, by its id."""
        self._forget(campaign)
        self._layers.setCurrentWidget(self.blank)
        self._show_campaigns()
        self._count()

    # -- counting ----------------------------------------------------------------------------------------------------------------

    @property
    def standing(self) -> "CampaignStanding | None":
        """The campaign that is shown."""
        return next((one for one in self._campaigns if one.id == self._chosen), None)

    def _take_campaigns(self, found: "tuple[CampaignStanding, ...]") -> None:
        self._campaigns = found
        before = self.standing
        if before is None:
            labelled = [one for one in found if one.labels] or list(found)
            self._forget(labelled[0].id if labelled else "")
        self._show_campaigns()
        standing = self.standing
        if standing is None:
            self._say_nothing()
        else:
            self._count_rates()
            self.judges.count(standing.id, self._labelled())
            if standing.labels < _LONG or self.found is None:
                self._compare()
            else:
                self.said.emit("labels may have come in since; F5 compares them again")

    def _forget(self, campaign: str) -> None:
        """Go over to another campaign, by its id; figures of the last one that are still counted are not shown."""
        self._counting.drop()
        self._chosen, self.found, self.rates = campaign, None, None
        self._compared, self._difference = (), ""
        self._scroll.tolerable.show_rate(tolerable.kept(self.desk.settings, campaign))
        for card in self._scroll.of_rates:
            card.hide()
        self.judges.forget()

    def _show_campaigns(self) -> None:
        self._header.show_campaigns(self._campaigns, self.standing)
        self.allow(("insights.campaign", "insights.recount"), bool(self._campaigns))
        self.allow(("insights.report",), self.standing is not None and self.standing.labels > 0)

    def _count(self) -> None:
        self._count_rates()
        self._compare()
        standing = self.standing
        if standing is not None:
            self.judges.count(standing.id, self._labelled())

    def _count_rates(self) -> None:
        standing = self.standing
        if standing is not None:
            self.queue.show_standing(standing)
            work = partial(fetching.rates, campaign=standing.id, by=self._by, policies=standing.rules.policies, before=self.rates)
            self._counting.ask("rates", work, self._show_rates)

    def _compare(self) -> None:
        standing = self.standing
        if standing is None:
            return
        if self._comparing is not None:
            self._comparing.cancel()
            self._comparing = None
        work = partial(fetching.agreement, campaign=standing.id)
        if standing.labels < _LONG:
            self._counting.ask("agreement", work, self._show)
        else:
            title = f"Comparing the labels of {shown(standing.campaign, 60)}"
            self._comparing = self.desk.jobs.long(work, title=title, owner=self, done=self._show, failed=self.on_error)

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._comparing:
            self._comparing = None
            if ticket.cancelled and self.found is None:
                self._say("Not counted", "It was stopped before it was done. F5 counts again.")

    def _show_rates(self, found: Rates) -> None:
        if found.whole.id != self._chosen or found.whole.by_field != self._by:
            return  # something else was chosen meanwhile
        if found is self.rates:
            return  # nothing has moved
        self.rates = found
        for card in self._scroll.of_rates:
            card.show()
        self.rate.show_rate(found.whole)
        self._show_certainty()
        self.time.show_drawing(rates.over_time(found), rates.below_time(found))
        self.by.show_choices(
            (*rates.FIELDS, *((shown(name, 40), name) for name in found.fields if (name, name) not in rates.FIELDS)), self._by
        )
        self.by.show_drawing(rates.by_field(found), self._below_field(found))
        two = rates.pair_of_two(found)
        if len(self._compared) == 2:
            self._ask_difference(*self._compared)
        elif two is not None:
            self._ask_difference(two[0].value, two[1].value)

    def _show_certainty(self) -> None:
        if self.rates is not None:
            rate, begun = self._scroll.tolerable.rate, bool(self.rates.certainty.steps)
            self._scroll.tolerable.setVisible(begun)
            self.allow(("insights.tolerable",), begun)
            self.sure.show_drawing(rates.certainty(self.rates, rate), rates.below_certainty(self.rates, rate))

    def _name_tolerable(self) -> None:
        tolerable.keep(self.desk.settings, self._chosen, self._scroll.tolerable.rate)
        self._show_certainty()

    def _choose_field(self, name: str) -> None:
        self._by, self._compared, self._difference = name, (), ""
        self._count_rates()

    # -- two values ---------------------------------------------------------------------------------------------------------------

    def _compare_values(self) -> None:
        """The value with the keys against the one chosen before; the first of the two is only kept."""
        if self.rates is None or not (self.by.chart.hasFocus() or self.by.take_focus()) or self._by == "clause":
            return
        value = rates.ordered(self.rates)[self.by.chart.current].value
        if len(self._compared) == 1 and value != self._compared[0]:
            self._compared = (self._compared[0], value)
            self._ask_difference(*self._compared)
        else:
            self._compared, self._difference = (value,), rates.compare_with(value)
            self.by.say(self._below_field(self.rates))

    def _ask_difference(self, *values: str) -> None:
        assert self.rates is not None  # values come from them
        known = {one.value: one for one in self.rates.by}
        if not known.keys() >= set(values):
            self._compared, self._difference = (), ""  # a value that no item has any more
            self.by.say(self._below_field(self.rates))
            return
        first, second = (known[value] for value in values)
        work = partial(fetching.difference, whole=self.rates.whole, first=first, second=second)
        self._counting.ask("difference", work, self._show_difference)

    def _show_difference(self, found: "Difference") -> None:
        if self.rates is not None and found.by_field == self._by and found.campaign == self.rates.whole.campaign:
            self._difference = rates.difference(found)
            self.by.say(self._below_field(self.rates))

    def _below_field(self, found: Rates) -> str:
        return f"{self._difference} {rates.below_field(found)}".strip()

    def _show(self, found: "Agreement") -> None:
        if found.id != self._chosen:
            return  # another campaign was chosen meanwhile
        self.found = found
        if not found.by_reviewer and not found.items and not found.hidden:
            self._say_nothing()
            return
        sample, elsewhere = self._sample(), self.seen_and_idle(self._header, self.blank)
        self._layers.setCurrentWidget(self._scroll)
        self.agreement.show_agreement(found)
        self.pairs.setVisible(bool(found.by_pair))
        self.clauses.setVisible(bool(found.items or found.by_clause))
        self.pairs.show_rows(rows.pairs(found, sample), otherwise="")
        self.clauses.show_rows(rows.clauses(found, sample), otherwise="No label cites a clause yet.")
        self.reviewers.show_rows(rows.reviewers(found, sample), otherwise=_NO_LABEL_OF_YOURS)
        self.allow(_OF_RATES, True)
        self._allow_judges()
        self.allow(("insights.agreement",), bool(found.items))
        self.allow(("insights.clauses",), bool(found.by_clause))
        self.allow(("insights.pairs",), bool(found.by_pair))
        self.allow(("insights.reviewers",), bool(found.by_reviewer))
        self.allow(("insights.open",), True)
        self.said.emit("every figure opens the labels behind it")
        if elsewhere:
            self._take_focus()

    def _say_nothing(self) -> None:
        standing = self.standing
        if standing is None:
            self._say("No campaign yet", "Figures come from labels, and labels are asked for by a campaign.", button=True)
        else:
            self._say("No label yet", f"Nobody has labelled an item of {shown(standing.campaign, 60)}. {words.NOTHING_TWICE}")

    def _say(self, title: str, sentence: str, *, button: bool = False) -> None:
        """Say why there are no figures."""
        self.nothing.say(title, sentence)
        self.nothing.button.setVisible(button)
        elsewhere = self.seen_and_idle(self._header, self.blank)
        self._layers.setCurrentWidget(self.nothing)
        if elsewhere:
            self._take_focus()
        cards = ("insights.agreement", "insights.clauses", "insights.pairs", "insights.reviewers", "insights.open")
        self.allow((*cards, *_OF_RATES, *_OF_JUDGES, "insights.tolerable"), False)

    def _allow_judges(self) -> None:
        found, seen = self.judges.found, self._layers.currentWidget() is self._scroll
        self.allow(_OF_JUDGES, seen and found is not None and bool(found.checked.judges))

    # -- going on from here ------------------------------------------------------------------------------------------------------

    def _sample(self) -> Field:
        standing = self.standing
        assert standing is not None  # figures are shown of a campaign that is here
        return words.sample_of(standing, alone=sum(one.campaign == standing.campaign for one in self._campaigns) == 1)

    def _labelled(self) -> str:
        return to_text(all_of([self._sample(), Field("label", ":", "any")]))

    def _open_agreement(self) -> None:
        if self.found is not None:
            self._explore(words.behind_agreement(self._sample(), self.found))

    def _open_rate(self) -> None:
        if self.rates is not None:
            self._explore(self.rates.whole.query)

    def _went(self, there: bool) -> None:
        """A key that led to a card without a figure says so, and is not just dead."""
        if not there:
            self.said.emit("there is no figure there yet")

    def _show_basis(self) -> None:
        chart = self._scroll.chart()
        if chart.hasFocus() or chart.take_focus():
            chart.show_basis()

    def _export(self) -> None:
        chart = self._scroll.chart()
        drawing = chart.drawing
        if drawing is not None and drawing.marks and self.rates is not None:
            of_judge = chart in (self.judges.errors.chart, self.judges.curve.chart)
            caption = self.judges.caption() if of_judge else rates.caption(self.rates)
            exporting.ask_where(self, self.desk, drawing, caption)
        else:
            self.desk.messages.note("There is no chart to export.", "T and M lead to the charts that have figures.")

    def _open_current(self) -> None:
        """The labels behind the figure with the focus, else behind all."""
        focus = QApplication.focusWidget()
        if isinstance(focus, Chart) and self.isAncestorOf(focus):
            focus.open_current()
        elif isinstance(focus, PaperButton) and self.isAncestorOf(focus):
            focus.click()
        else:
            self._open_agreement()

    def _explore(self, query: str) -> None:
        self.desk.shell.explore(query)

    def _report(self) -> None:
        standing = self.standing
        if standing is not None:
            report.ask_where(self.desk, self, standing)

    def _new_campaign(self) -> None:
        self.desk.shell.go("explore").handlers()["app.new_campaign"]()

    # -- focus and room ----------------------------------------------------------------------------------------------------------

    def _take_focus(self) -> None:
        layer = self._layers.currentWidget()
        if layer is not self._scroll:
            (self.blank if layer is self.blank else self.nothing.button).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._scroll.take_focus()

    def fit(self) -> None:
        """Where there is little room, cards stand below each other."""
        self._scroll.fit(self.width())
