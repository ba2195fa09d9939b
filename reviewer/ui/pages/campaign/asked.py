"""The third step of a new campaign: what it asks of whom. The question, policies, labels each, known answers, repeats, blinding, a judge's
suggestions, people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.campaign.fetching import Person
from reviewer.ui.pages.campaign.form_rows import FormRows, decimal, line, named, share, spin
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.reason_field import ReasonField
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.golds import Source
    from reviewer.operations.policies import PolicyStanding

_ROWS = 3  # of a list that are seen without scrolling
_SECOND = "Drawn at random; the other person does not know of it. It shows how far people agree."
_PROBES = "Hidden among the others, to see how steadily each person judges. “reviewer gold import” brings in known answers from a file."
_NO_SOURCE = "no campaign"
_BLIND = "Nobody sees the model or what others said before they have labelled an item. Labels that are not blind count for no rate."
_NO_JUDGE = "nobody’s"
_USUAL_SHARE = 50  # per cent, once a judge is named
_SHOWN = (
    "Of this share of the items with several labels, chance lets one of two people see what the judge says, and the other not: that shows"
    " whether people follow it. What is said with it in view counts for no rate."
)
_NOBODY = "Nobody ticked: every reviewer and lead takes part, and whoever joins later."
_QUESTIONS = (
    Segment("verdict", "Does it comply?", "A verdict, with clauses and reasons."),
    Segment("preference", "Which is better?", "An order of the outputs of a comparison; only comparisons are drawn."),
    Segment("steps", "Which steps?", "Marks on the steps of a run."),
)


class AskedStep(QWidget):
    """Rows of the form; `fields` gives what was chosen, as those of a campaign."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows = FormRows(theme)
        self.question = SegmentedControl("Question", _QUESTIONS, required=True)
        self.first_wrong = QCheckBox("Only the first wrong step: all before it is right, nothing after it is marked")
        self.overlap = spin("Labels for each item", 1, 64, 1)
        self.double = share("Items with a second opinion, per cent")
        self.gold = share("Known answers among what a reviewer sees, per cent", most=50)
        self.repeat = share("Items that a reviewer sees twice, per cent")
        self.source = ChoiceList()
        work = Segment("split", "Shared out", "Each item to as many as are asked for."), Segment("all", "Open to everybody")
        self.assign = SegmentedControl("Work", work, required=True)
        self.blind = QCheckBox("Blind until labelled")
        self.judge = ChoiceList()
        self.shown = share("Items whose suggestions some of their reviewers see, per cent")
        self.feedback = QCheckBox("Reviewers may see how they did")
        self.own = QCheckBox("Who labelled an item may also resolve it")
        self.policies = _list("Policies that it is judged by")
        self.members = _list("Who takes part")
        self.guidelines = ReasonField("Guidelines", "What reviewers should look at, in plain words. Optional.")
        self._people: tuple[Person, ...] = ()
        self._no_policy = Paragraph("No policy is kept here yet; the campaign can do without.", tone="faint")
        self._lay()
        for box in (self.overlap, self.double, self.gold, self.repeat):
            box.valueChanged.connect(self._follow)
        self.shown.valueChanged.connect(self._follow)
        self.judge.currentIndexChanged.connect(self._judge_named)
        self.blind.toggled.connect(self._follow)
        for control in (self.assign, self.question):
            control.chosen.connect(lambda _value: self._follow())
        self.members.itemChanged.connect(lambda _item: self.changed.emit())
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self.show_judges(())

    # -- what is known -----------------------------------------------------------------------------------------------------------

    def show_policies(self, found: "Sequence[PolicyStanding]") -> None:
        """Offer the policies that are kept here."""
        _fill(self.policies, [(f"{shown(one.key, 40)}   {shown((one.in_force or one.versions[-1]).title, 80)}", one.key) for one in found])
        self._no_policy.setVisible(not found)
        self._take_theme()

    def show_sources(self, found: "Sequence[Source]") -> None:
        """Offer the campaigns from which known answers can be taken."""
        for one in found:
            self.source.addItem(f"{shown(one.campaign, 60)} ({count(one.answers, 'resolved item')})", one.id)
        self._grey()

    def show_judges(self, found: Sequence[str]) -> None:
        """Offer the judges whose suggestions are here; who was named stays."""
        with QSignalBlocker(self.judge):
            named_now = self.judge.currentData()
            self.judge.clear()
            self.judge.addItem(_NO_JUDGE, "")
            for name in found:
                self.judge.addItem(shown(name, 60), name)
            self.judge.setCurrentIndex(max(self.judge.findData(named_now), 0))
        for name in ("shown", "shown_words"):
            self.rows.show_row(name, bool(found))
        self._grey()

    def show_people(self, found: Sequence[Person]) -> None:
        """Offer who may label."""
        self._people = tuple(found)
        _fill(self.members, [(f"{shown(one.name, 60)}   {one.role}", one.name) for one in found])
        self._take_theme()

    # -- what was chosen ---------------------------------------------------------------------------------------------------------

    @property
    def gold_from(self) -> str | None:
        """The id of the campaign whose resolutions are to become known answers."""
        chosen = self.source.currentData() if self.source.isEnabled() else None
        return None if chosen is None else str(chosen)

    @property
    def member_names(self) -> tuple[str, ...]:
        """Who was named; empty for everybody."""
        return tuple(_ticked(self.members))

    @property
    def people(self) -> int:
        """How many share the work."""
        return len(self.member_names) or sum(person.asked for person in self._people)

    @property
    def second(self) -> bool:
        """Whether some items are asked of two."""
        return self.overlap.value() > 1 or (self.double.isEnabled() and self.double.value() > 0)

    def fields(self) -> dict[str, Any]:
        """The fields of a campaign that are chosen here."""
        return {
            "question": self.question.value,
            "marks": "first_wrong" if self.question.value == "steps" and self.first_wrong.isChecked() else "each",
            "overlap": self.overlap.value(),
            "double": decimal(self.double.value() if self.double.isEnabled() else 0),
            "assign": self.assign.value,
            "gold": decimal(self.gold.value() if self.gold.isEnabled() else 0),
            "repeat": decimal(self.repeat.value()),
            "blind": self.blind.isChecked(),
            "shown": decimal(self.shown.value() if self.shown.isEnabled() else 0),
            "judge": str(self.judge.currentData() or "") if self.judge.isEnabled() else "",
            "feedback": self.feedback.isEnabled() and self.feedback.isChecked(),
            "own_adjudication": self.own.isChecked(),
            "policies": tuple(_ticked(self.policies)),
        }

    # -- laying out --------------------------------------------------------------------------------------------------------------

    def _lay(self) -> None:
        self.blind.setChecked(True)
        self.source.setAccessibleName("Known answers from")
        self.source.addItem(_NO_SOURCE, None)
        self.source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        rows = self.rows
        question = QWidget()
        its = QVBoxLayout(question)
        its.setContentsMargins(0, 0, 0, 0)
        its.addWidget(self.question)
        its.addWidget(self.first_wrong)
        rows.add("Question", question, name="question", field=self.question)
        judged = QWidget()
        below = QVBoxLayout(judged)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.policies)
        below.addWidget(self._no_policy)
        rows.add("Judged by", judged, name="policies", field=self.policies)
        second = line(self.overlap, named("Second opinion on", self.double), self.double)
        rows.add("Labels each", second, name="overlap", field=self.overlap)
        rows.add("", Paragraph(_SECOND, tone="faint"))
        rows.add("Work", self.assign, name="assign")
        probes = line(named("Known answers", self.gold), self.gold, named("Seen twice", self.repeat), self.repeat)
        rows.add("Probes", probes, name="gold", field=self.gold)
        rows.add("", line(named("Known answers from what was resolved in", self.source), self.source))
        rows.add("", Paragraph(_PROBES, tone="faint"))
        rows.add("", self.feedback)
        rows.add("Blinding", self.blind, name="blind")
        rows.add("", Paragraph(_BLIND, tone="faint"))
        self.judge.setAccessibleName("Suggestions shown")
        self.judge.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        rows.add("Suggestions", line(self.judge, named("seen by some, on", self.shown), self.shown), name="shown", field=self.judge)
        rows.add("", Paragraph(_SHOWN, tone="faint"), name="shown_words")
        rows.add("People", self.members, name="members", tall=True)
        rows.add("", Paragraph(_NOBODY, tone="faint"))
        rows.add("", self.own)
        rows.add("Guidelines", self.guidelines, name="guidelines", tall=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.addWidget(rows)
        column.addStretch(1)
        self.policies.hide()

    def _follow(self) -> None:
        self._grey()
        self.changed.emit()

    def _grey(self) -> None:
        """Grey what does not apply."""
        self.double.setEnabled(self.overlap.value() == 1)
        self.gold.setEnabled(self.question.value != "preference")
        self.first_wrong.setVisible(self.question.value == "steps")
        golden = self.gold.isEnabled() and self.gold.value() > 0
        self.source.setEnabled(golden and self.source.count() > 1)
        self.feedback.setEnabled(golden or self.repeat.value() > 0)
        self.judge.setEnabled(self.question.value != "preference")
        self.shown.setEnabled(self.judge.isEnabled() and bool(self.judge.currentData()))

    def _judge_named(self) -> None:
        """Whoever names a judge wants some of it shown: half, until they say otherwise."""
        if self.judge.currentData() and not self.shown.value():
            self.shown.setValue(_USUAL_SHARE)  # follows by itself
        self._follow()

    def _take_theme(self) -> None:
        for each in (self.policies, self.members):
            row = max(each.sizeHintForRow(0), self._theme.px(24))
            each.setFixedHeight(row * min(max(each.count(), 1), _ROWS) + self._theme.px(8))
            each.setVisible(each.count() > 0)
        self.guidelines.setFixedHeight(self._theme.px(72))


def _list(name: str) -> QListWidget:
    """Names to tick."""
    found = QListWidget()
    found.setAccessibleName(name)
    found.setStyleSheet("QListWidget::item { padding: 4px 6px; }")
    return found


def _fill(names: QListWidget, offered: Sequence[tuple[str, str]]) -> None:
    """Words, and what they stand for."""
    names.clear()
    for text, value in offered:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, value)
        item.setCheckState(Qt.CheckState.Unchecked)
        names.addItem(item)


def _ticked(names: QListWidget) -> list[str]:
    rows = (names.item(place) for place in range(names.count()))
    return [str(row.data(Qt.ItemDataRole.UserRole)) for row in rows if row.checkState() == Qt.CheckState.Checked]
