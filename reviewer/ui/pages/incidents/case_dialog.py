"""Opening an incident over items, and changing what is said of one: the same fields, asked for in the same way."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.domain.events import SEVERITIES
from reviewer.domain.incident_words import DEADLINE, FIELD, rule
from reviewer.domain.incidents import DAYS, DEADLINES
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import ActingDialog
from reviewer.ui.pages.incidents import fetching
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.reason_field import ReasonField
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentView, Recorded

_OVER_ROWS = "It is opened over the rows that are chosen, else over all that is listed."
_OVER_CLUSTER = "It is opened over all items of the cluster, and says which finding it came from."
_OVER_ALARM = "It is opened over the items that the alarm speaks of, and says which alarm it came from."
_WHAT = "An incident is a case: what went wrong, how grave it is, whose task it is, and by when it must be reported."


class CaseDialog(ActingDialog):
    """Ctrl+Return records; what cannot be recorded is said in its place, and what was typed stays."""

    def __init__(self, desk: Desk, page: QWidget, title: str) -> None:
        super().__init__(desk, page, title)
        self.title, self.summary = QLineEdit(), ReasonField("What happens", "What happens, in a sentence or two.")
        self.severity = SegmentedControl("Severity", [Segment(one, one.capitalize()) for one in SEVERITIES])
        self.owner, self.deadline, self.aware, self.sample = ChoiceList(), ChoiceList(), QLineEdit(), ChoiceList()
        for field, name in ((self.title, "Title"), (self.owner, "Owner"), (self.deadline, "Deadline"), (self.aware, "First awareness")):
            field.setAccessibleName(name)
        self.sample.setAccessibleName("Closing sample")
        self.aware.setPlaceholderText("2026-11-19T09:30; empty: now")
        for wide in (self.owner, self.deadline):  # as wide as its share of the row, whatever its longest choice
            wide.setSizeAdjustPolicy(ChoiceList.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            wide.setMinimumContentsLength(12)
        for one in DEADLINES:
            self.deadline.addItem(f"{DAYS[one]} days: {DEADLINE[one]}" if one in DAYS else "none", one)
        self.title.textEdited.connect(lambda _text: self.wrong.say(""))  # it may have been about what is put right now
        self._rule = Paragraph(tone="faint")
        self.deadline.currentIndexChanged.connect(lambda _place: self._rule.setText(rule(self.deadline.currentData())))
        self._rule.setText(rule("none"))

    def lay(self, *, with_sample: bool) -> None:
        """Put the fields below each other, short ones two in a row."""
        self._put("Title", self.title)
        self._put("What happens", self.summary, share=1)
        pairs = (("Severity", self.severity), ("Owner", self.owner)), (("Deadline", self.deadline), ("First awareness", self.aware))
        for pair in pairs:
            row = QHBoxLayout()
            row.setSpacing(12)
            for name, field in pair:
                column = QVBoxLayout()
                column.setSpacing(self.body.spacing())
                column.addWidget(plain_label(name, role="label"))
                column.addWidget(field)
                row.addLayout(column, 1)
            self.body.addLayout(row)
        self.body.addWidget(self._rule)
        if with_sample:
            self._put("Closing sample: the campaign whose rate shows whether the fix holds", self.sample)
        self.body.addWidget(self.wrong)
        self.guard(self.summary)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put(self, name: str, field: QWidget, *, share: int = 0) -> None:
        self.body.addWidget(plain_label(name, role="label"))
        self.body.addWidget(field, share)

    def ask_choices(self, then: Callable[[fetching.Choices], None]) -> None:
        """Fetch the names to choose from."""
        self._desk.jobs.read(fetching.choices, owner=self, done=then, failed=self.failed)

    def given(self) -> dict[str, str]:
        """The fields as they stand; what is empty is left out."""
        found = {
            "title": self.title.text().strip(), "summary": self.summary.toPlainText().strip(), "severity": self.severity.value,
            "owner": self.owner.currentData() or "", "deadline": self.deadline.currentData(), "aware": self.aware.text().strip(),
            "sample": self.sample.currentData() or "",
        }  # fmt: skip
        return {field: text for field, text in found.items() if text}

    def list_owners(self, found: fetching.Choices, now: str | None) -> None:
        """Fill the list of owners. now: who it is."""
        self.owner.clear()
        if now is None:
            self.owner.addItem("nobody yet", "")
        for name in found.members:
            self.owner.addItem(shown(name, 80), name)
        self.owner.setCurrentIndex(max(0, self.owner.findData(now or "")))


class OpenDialog(CaseDialog):
    """Opens an incident over what a search finds, over a cluster, or over what an alarm speaks of."""

    def __init__(
        self,
        desk: Desk,
        page: QWidget,
        *,
        query: str | None = None,
        cluster: str | None = None,
        alarm: str | None = None,
        items: int | None = None,
    ) -> None:
        """One of the three, a search or the id of a cluster or an alarm. items: how many it finds, as far as that is known yet."""
        super().__init__(desk, page, f"Open an incident over {'what the alarm speaks of' if items is None else count(items, 'item')}")
        self._query, self._cluster, self._alarm = query, cluster, alarm
        over = _OVER_ALARM if alarm is not None else _OVER_ROWS if cluster is None else _OVER_CLUSTER
        self.body.addWidget(Paragraph(f"{_WHAT} {over}", tone="muted"))
        self.lay(with_sample=False)
        self.set_buttons(("Open the incident", self._open), ("Cancel", self.reject))
        self.resize_to(620, 560)
        self.list_owners(fetching.Choices((), ()), None)
        self.ask_choices(lambda found: self.list_owners(found, None))

    def _open(self) -> None:
        self.begin()
        work = partial(fetching.open_incident, query=self._query, cluster=self._cluster, alarm=self._alarm, fields=self.given())
        if self._alarm is None:
            self._desk.jobs.run(work, owner=self, done=self._opened, failed=self.failed)
        else:  # when a change began may have to be looked for again, and no label shall wait for that
            self._desk.jobs.long(work, title="Opening an incident", owner=self, done=self._opened, failed=self.failed)

    def _opened(self, done: "Recorded") -> None:
        shell = self._desk.shell
        self.accept()
        shell.go("incidents").open_item(done.incident)


class ChangeDialog(CaseDialog):
    """Changes what is said of an incident: only fields that are others than before are recorded."""

    def __init__(self, desk: Desk, page: QWidget, view: "IncidentView") -> None:
        super().__init__(desk, page, "Change the incident")
        line = view.line
        self._incident = line.id
        self.title.setText(shown(line.title, 200))
        self.summary.put(view.summary)
        self.severity.choose(line.severity or "")
        self.deadline.setCurrentIndex(self.deadline.findData(line.deadline))
        self.aware.setText(f"{line.aware[:16]}Z")  # whole minutes; one that is not touched is not recorded
        self.lay(with_sample=True)
        self.set_buttons(("Record", self._record), ("Cancel", self.reject))
        self.resize_to(620, 560)
        self._sample = view.sample.campaign_id if view.sample is not None else ""
        self._show_choices(line.owner, fetching.Choices(() if line.owner is None else (line.owner,), ()))
        self._before = self.given()
        self._differs = frozenset(one.field for one in view.conflicts)
        self.ask_choices(partial(self._show_choices, line.owner))

    def _show_choices(self, owner: str | None, found: fetching.Choices) -> None:
        self.list_owners(found, owner)
        self.sample.clear()
        self.sample.addItem("none is named", "")
        for name, campaign in found.campaigns:
            self.sample.addItem(shown(name, 80), campaign)
        self.sample.setCurrentIndex(max(0, self.sample.findData(self._sample)))
        self._before = self.given()

    def _record(self) -> None:
        fields = {field: text for field, text in self.given().items() if text != self._before.get(field) or self._settles(field)}
        if not fields:
            self.accept()
            return
        self.begin()
        work = partial(fetching.change, incident=self._incident, fields=fields)
        self._desk.jobs.run(work, owner=self, done=lambda _done: self.accept(), failed=self.failed)

    def _settles(self, field: str) -> bool:
        """Whether what stands in a field is to be said anew, since two people said different things of it."""
        return FIELD.get(field, "") in self._differs
