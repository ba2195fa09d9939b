"""The two cards of a judge, and its part of the card of the rate: which judge is shown, and when it is measured again."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reviewer.ui.pages.insights import fetching, judges
from reviewer.ui.pages.insights.chart_card import ChartCard
from reviewer.ui.pages.insights.counting import Counting
from reviewer.ui.pages.insights.judges import Assisted, Judged
from reviewer.ui.pages.insights.rate_card import RateCard

if TYPE_CHECKING:
    from reviewer.operations.instruments import Measured


class JudgeCards(QObject):
    """One judge at a time; they are measured together, and so the next one is there at once."""

    measured = Signal()
    """The judges that can be chosen may be others now."""

    def __init__(self, counting: Counting, errors: ChartCard, curve: ChartCard, rate: RateCard) -> None:
        super().__init__()
        self._counting = counting
        self.errors, self.curve, self._rate = errors, curve, rate
        self.found: Judged | None = None
        self.assisted: Assisted | None = None
        self._campaign = self._query = self._chosen = ""
        errors.picked.connect(self.choose)

    @property
    def judge(self) -> "Measured | None":
        """The one that is shown."""
        known = () if self.found is None else self.found.checked.judges
        return next((one for one in known if one.judge == self._chosen), None)

    def count(self, campaign: str, query: str) -> None:
        """Measure the judges of a campaign, by its id. query: finds its labelled items."""
        self._campaign, self._query = campaign, query
        self._counting.ask("judges", partial(fetching.judges, campaign=campaign, before=self.found), self._show)

    def forget(self) -> None:
        """Show none until they are measured again."""
        self.found = self.assisted = None
        self._campaign = self._chosen = ""
        self.errors.hide()
        self.curve.hide()
        self._rate.say_assisted("")
        self.measured.emit()

    def step(self) -> None:
        """Go to the judge; from there, to the next one."""
        inside = self.errors.chart.hasFocus() or self.errors.list.hasFocus() or self.curve.chart.hasFocus()
        if inside and self.found is not None:
            names = [one.judge for one in self.found.checked.judges]
            self.choose(names[(names.index(self._chosen) + 1) % len(names)])
        elif not self.errors.take_focus():
            self.errors.choose()

    def choose(self, name: str) -> None:
        """Show another judge."""
        self._chosen = name
        self.assisted = None
        if self.found is not None and self.judge is not None:
            self._show_judge()
            self._assist()

    def caption(self) -> str:
        """What the figures rest on, for a file."""
        return "" if self.found is None else judges.caption(self.found.checked, self._chosen)

    def _show(self, found: Judged) -> None:
        if found.checked.id != self._campaign:
            return  # another campaign was chosen meanwhile
        same = found is self.found
        self.found = found
        checked = found.checked
        if self.judge is None:
            self._chosen = judges.first(checked)
        self.errors.setVisible(bool(checked.judges or checked.hidden))
        self.errors.list.setVisible(bool(checked.judges))
        self.curve.setVisible(bool(checked.judges))
        self.errors.show_choices(judges.choices(checked), self._chosen)
        if checked.judges:
            self._show_judge()
        else:
            self.errors.chart.hide()
            self.errors.say(judges.hidden(checked) if checked.hidden else "")
        if not same or self.assisted is None:
            self._assist()
        self.measured.emit()

    def _show_judge(self) -> None:
        one = self.judge
        assert self.found is not None
        assert one is not None
        checked = self.found.checked
        self.errors.show_choices(judges.choices(checked), one.judge)
        elsewhere = self.curve.chart.hasFocus() and one.curve is None
        self.errors.show_drawing(judges.errors(checked, one, self._query), "")
        self._say()
        self.curve.show_drawing(judges.reliability(checked, one), judges.below_reliability(one))
        if elsewhere and not self.errors.take_focus():  # what had the focus is gone
            self.errors.choose()

    def _say(self) -> None:
        """What stands below the errors of the judge, with what the estimate that it helps rests on."""
        one = self.judge
        if self.found is not None and one is not None:
            of_estimate = "" if self.assisted is None else judges.basis(self.assisted)
            self.errors.say(f"{judges.below_errors(self.found.checked, one)} {of_estimate}".strip())

    def _assist(self) -> None:
        self.assisted = None
        if not self._chosen:
            self._rate.say_assisted("")
            return
        work = partial(fetching.assisted, campaign=self._campaign, judge=self._chosen)
        self._counting.ask("assisted", work, self._show_assisted)

    def _show_assisted(self, found: Assisted) -> None:
        if (found.campaign, found.judge) == (self._campaign, self._chosen):
            self.assisted = found
            self._rate.say_assisted(judges.assisted(found))
            self._say()
