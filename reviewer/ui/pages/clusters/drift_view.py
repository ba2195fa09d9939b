"""Drift: the rate over time or by model, and what changed, each alarm with what to do next."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.ui.page import Desk
from reviewer.ui.pages.clusters import fetching
from reviewer.ui.pages.insights import rates
from reviewer.ui.pages.insights.chart_card import ChartCard
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.charts.series import Happened
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.drifting import Drift, Raised

_BY = ("week", "month", "model")
_NAME = 60
_KINDS = {
    "cusum": "rate", "e_detector": "rate, at any time", "rate": "rate of a model", "energy": "traffic", "c2st": "traffic, by its words",
    "adwin": "rate, to explore", "page_hinkley": "rate, to explore",
}  # fmt: skip
_TO_EXPLORE = ("adwin", "page_hinkley")  # they promise nothing about false alarms, and are not shown as if they did
_NOTHING = "Nothing changed that chance would not explain."
_NO_FIGURE = "There is no alarm, since there was nothing to compare."
_NO_CAMPAIGN = "No campaign has labels yet: drift is looked for in a campaign's answers."


class DriftView(Scrolling):
    """Looks at one campaign at a time, when it is shown or something else is chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Drift")
        self._desk = desk
        self._looking: Ticket | None = None
        self._campaigns: tuple[CampaignStanding, ...] = ()
        self.found: Drift | None = None
        self.said = ""  # what stands in the place of alarms
        self.campaign = ChoiceList()
        self.campaign.setAccessibleName("Campaign")
        self.campaign.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.campaign.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.campaign.activated.connect(lambda _place: self.look())
        self.by = SegmentedControl("By", [Segment(one, one) for one in _BY], required=True)
        self.by.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.by.chosen.connect(lambda _value: self.look())
        self.chart = ChartCard(desk.theme, "Violation rate", "95% intervals; lines mark alarms")
        self.chart.opened.connect(desk.shell.explore)
        self._alarms = QVBoxLayout()
        self._alarms.setSpacing(8)
        self._nothing, self._notes = Paragraph(tone="muted"), Paragraph(tone="faint")
        self._lay_out()
        desk.jobs.ended.connect(self._ended)

    def _lay_out(self) -> None:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(12)
        line = QHBoxLayout()
        line.setSpacing(12)
        for part in (self.campaign, self.by):
            line.addWidget(part)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.chart)
        column.addWidget(plain_label("What changed, and what to do next", role="label"))
        column.addLayout(self._alarms)
        for words in (self._nothing, self._notes):
            column.addWidget(words)
        column.addStretch(1)
        self.hold(room)
        self.chart.hide()

    # -- looking -----------------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the campaigns, then look at the one with labels that came last."""
        self._desk.jobs.read(fetching.campaigns, owner=self, slot="campaigns", done=self._list, failed=self._failed)

    def forget(self) -> None:
        """Another workspace has other campaigns."""
        self.found, self._campaigns = None, ()
        self.campaign.clear()
        self.chart.hide()
        self._show_alarms(())
        self._say("")

    def next_by(self) -> None:
        """Go from weeks to months to models."""
        self.by.choose(_BY[(_BY.index(self.by.value) + 1) % len(_BY)])
        self.look()

    def take_focus(self) -> None:
        """Go to the chart, or to what is chosen from."""
        if self.chart.isHidden() or not self.chart.take_focus():
            self.campaign.setFocus(Qt.FocusReason.OtherFocusReason)

    def look(self) -> None:
        """Look whether anything changed; alarms that are new are recorded, where the member may."""
        campaign = self.campaign.currentData()
        if campaign is None:
            return
        if self._looking is not None:
            self._looking.cancel()
        self._say("Looking …")
        work = partial(fetching.drift, campaign=campaign, by=self.by.value)
        title = f"Looking for drift in {self.campaign.currentText()}"
        self._looking = self._desk.jobs.long(work, title=title, owner=self, done=self._show, failed=self._failed)

    def _list(self, found: "tuple[CampaignStanding, ...]") -> None:
        labelled = tuple(one for one in found if one.labels)
        chosen = self.campaign.currentData()
        if [one.id for one in labelled] != [one.id for one in self._campaigns]:
            self.campaign.clear()
            for one in labelled:
                self.campaign.addItem(shown(one.campaign, _NAME), one.id)
            self.campaign.setCurrentIndex(max(self.campaign.findData(chosen), 0))
        self._campaigns = labelled
        self.campaign.setVisible(bool(labelled))
        self.by.setVisible(bool(labelled))
        if labelled:
            self.look()
        else:
            self._say(_NO_CAMPAIGN)

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._looking:
            self._looking = None
            if ticket.cancelled:
                self._say("It was stopped before it was done.")

    def _failed(self, error: ReviewerError) -> None:
        self.chart.hide()
        self._show_alarms(())
        self._say(f"{error.what} {error.hint}")

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    def _show(self, found: "Drift") -> None:
        if found.by != self.by.value:
            return  # something else was chosen meanwhile
        self.found = found
        drawing = rates.rows_of(found.points, "model") if found.by == "model" else rates.series_of(found.points, found.by, _happened(found))
        self.chart.show()
        self.chart.setAccessibleName(drawing.title)
        self.chart.show_drawing(drawing, "" if drawing.marks else f"No {found.by} has a figure yet.")
        self._show_alarms(found.alarms, may_open=found.may_open)
        self._say("" if found.alarms else _NOTHING if drawing.marks else _NO_FIGURE)
        self._notes.setText(" ".join(shown(note, 400) for note in found.notes))

    def _show_alarms(self, alarms: "Sequence[Raised]", *, may_open: bool = False) -> None:
        remove_all(self._alarms)
        for one in alarms:
            self._alarms.addWidget(alarm_card(one, self._desk.shell.explore, self._open_incident if may_open else None))
        self._notes.setText("")

    def _open_incident(self, alarm: str) -> None:
        from reviewer.ui.pages.incidents.case_dialog import OpenDialog

        OpenDialog(self._desk, self, alarm=alarm).open()

    def _say(self, words: str) -> None:
        self.said = words
        self._nothing.setText(words)
        self._nothing.setVisible(bool(words))


def alarm_card(one: "Raised", explore: Callable[[str], None], open_incident: Callable[[str], None] | None = None) -> Card:
    """What changed, what to do next, and ways on. explore: takes a search; open_incident: the alarm's id."""
    card = Card()
    card.setAccessibleName(shown(one.what, 400))
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(Pill(_KINDS.get(one.kind, one.kind), "warn" if one.kind in _TO_EXPLORE else "bad"), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Pill("new" if one.new else "known", "accent" if one.new else "plain"), 0, Qt.AlignmentFlag.AlignTop)
    line.addStretch(1)
    card.column.addLayout(line)
    card.column.addWidget(Paragraph(shown(one.what, 600)))
    card.column.addWidget(Paragraph(shown(one.todo, 600), tone="muted"))
    ways = QHBoxLayout()
    ways.setSpacing(8)
    if one.query:
        read = QPushButton("Read these items")
        read.setAccessibleDescription(shown(one.query, 200))
        read.clicked.connect(lambda: explore(one.query))
        ways.addWidget(read)
    if one.query and one.entry and open_incident is not None:
        case = QPushButton("Open an incident")
        case.clicked.connect(lambda: open_incident(one.entry))
        ways.addWidget(case)
    if ways.count():
        ways.addStretch(1)
        card.column.addLayout(ways)
    return card


def _happened(found: "Drift") -> list[Happened]:
    """Alarms at their day, as lines through the chart."""
    lines = []
    for one in found.alarms:
        try:
            at = date.fromisoformat(one.at[:10]).toordinal()
        except ValueError:
            continue  # a model
        lines.append(Happened(at, _KINDS.get(one.kind, one.kind), one.what))
    return sorted(lines, key=lambda one: one.at)
