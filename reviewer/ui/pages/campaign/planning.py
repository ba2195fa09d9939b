"""Plans and elusion checks in words, and their forms: figures of shares and counts, which need no workspace."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QVBoxLayout, QWidget

from reviewer.ui.pages.campaign.form_rows import FormRows, line, named, per_cent, spin
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.planning import Plan, Slipped

_MOST = 100_000_000
_BEFORE = "How many items to review before it is shown that fewer than a limit go wrong. Drawn at random, all of them answered."
_AFTER = "A judge or filter passed items as compliant, and a random sample of those was reviewed: how many violations slipped through?"


class PlanAsked(NamedTuple):
    """What a plan is made for."""

    tolerable: float
    confidence: float
    errors: int
    population: int | None


class PassedAsked(NamedTuple):
    """What was found among items that were passed."""

    passed: int
    reviewed: int
    missed: int
    found: int | None
    tolerable: float | None
    confidence: float


class PlanForm(QWidget):
    """Tolerable rate, confidence, violations allowed, population."""

    changed = Signal()

    def __init__(self, theme: Theme, *, population: int | None) -> None:
        super().__init__()
        self.rows = FormRows(theme)
        self.tolerable = per_cent("Tolerable rate, per cent", 5)
        self.confidence = per_cent("Confidence, per cent", 95)
        self.errors = spin("Violations allowed in the sample", 0, 1_000_000, 0)
        self.population = spin("Items in the population", 0, _MOST, population or 0)
        self.population.setSpecialValueText("not known")
        self.population.setMinimumWidth(120)
        self.rows.add("", Paragraph(_BEFORE, tone="muted"))
        self.rows.add(
            "Fewer than", line(self.tolerable, named("of the items go wrong", self.tolerable)), name="tolerable", field=self.tolerable
        )
        _counted(self.rows, "Sure to", self.confidence, "confidence", "confidence")
        self.rows.add(
            "Allowing", line(self.errors, named("violations among those reviewed", self.errors)), name="errors", field=self.errors
        )
        _counted(self.rows, "Out of", self.population, "items", "population")
        _lay(self, self.rows)
        for box in (self.tolerable, self.confidence, self.errors, self.population):
            box.valueChanged.connect(lambda _value: self.changed.emit())

    @property
    def asked(self) -> PlanAsked:
        """What is filled in."""
        return PlanAsked(_of(self.tolerable), _of(self.confidence), self.errors.value(), self.population.value() or None)


class PassedForm(QWidget):
    """Items that were passed, how many of them were reviewed, and what was found."""

    changed = Signal()

    def __init__(self, theme: Theme, *, population: int | None) -> None:
        super().__init__()
        self.rows = FormRows(theme)
        self.passed = spin("Items that were passed", 1, _MOST, population or 1000)
        self.reviewed = spin("Of those reviewed, at random", 1, _MOST, min(300, population or 300))
        self.missed = spin("Violations among the reviewed", 0, _MOST, 0)
        self.found = spin("Violations among what was not passed", -1, _MOST, -1)
        self.found.setSpecialValueText("not known")
        self.found.setMinimumWidth(120)
        self.tolerable = per_cent("Tolerable rate, per cent", 0, least=0)
        self.tolerable.setSpecialValueText("none named")
        self.tolerable.setMinimumWidth(120)
        self.confidence = per_cent("Confidence, per cent", 95)
        self.rows.add("", Paragraph(_AFTER, tone="muted"))
        _counted(self.rows, "Passed", self.passed, "items", "passed")
        _counted(self.rows, "Reviewed", self.reviewed, "of them, at random", "reviewed")
        _counted(self.rows, "Missed", self.missed, "of the reviewed were violations", "missed")
        _counted(self.rows, "Found", self.found, "violations in what was not passed", "found")
        _counted(self.rows, "Fewer than", self.tolerable, "is tolerable", "tolerable")
        _counted(self.rows, "Sure to", self.confidence, "confidence", "confidence")
        _lay(self, self.rows)
        for box in (self.passed, self.reviewed, self.missed, self.found, self.tolerable, self.confidence):
            box.valueChanged.connect(lambda _value: self.changed.emit())

    @property
    def asked(self) -> PassedAsked:
        """What is filled in."""
        found = self.found.value()
        return PassedAsked(
            self.passed.value(),
            self.reviewed.value(),
            self.missed.value(),
            None if found < 0 else found,
            _of(self.tolerable) or None,
            _of(self.confidence),
        )


def planned(plan: "Plan") -> tuple[str, str, str]:
    """What comes before the figure, the figure, and what it rests on."""
    allowed = "none of them is a violation" if plan.errors == 0 else f"{count(plan.errors, 'violation')} or fewer are among them"
    below = f"If {allowed}, the rate is below {100 * plan.tolerable:g}%, with {100 * plan.confidence:g}% confidence."
    return "Review at random", count(plan.n, "item"), f"{below} {sentence(plan.basis)}"


def slipped(found: "Slipped") -> tuple[str, str, str]:
    """The same of what slipped through."""
    sample = found.elusion
    figure = f"{sample.elusion:.2%}, at most {sample.high:.2%}"
    said = [f"At most {sample.most:,} of {count(sample.passed, 'item')}, with {100 * sample.confidence:g}% confidence."]
    if found.holds is not None and found.tolerable is not None:
        said.append(f"That {'is' if found.holds else 'is not shown to be'} below {100 * found.tolerable:g}%.")
    recall = found.recall
    if recall is None:
        said.append("How many of all violations were found cannot be told before it is said how many there were in what was not passed.")
    elif recall.recall is None or recall.low is None:
        said.append("None was found and none missed: of recall nothing can be told.")
    else:
        high = 1.0 if recall.high is None else recall.high
        said.append(f"Found were {recall.recall:.1%} of all violations: at least {recall.low:.1%}, at most {high:.1%}.")
    return "Passed and yet violations", figure, " ".join([*said, sentence(found.basis)])


def sentence(phrase: str) -> str:
    """A phrase with a capital and a full stop."""
    return f"{phrase[:1].upper()}{phrase[1:]}."


def _counted(rows: FormRows, head: str, box: QAbstractSpinBox, words: str, name: str) -> None:
    """A row with a number and what it counts."""
    rows.add(head, line(box, named(words, box)), name=name, field=box)


def _lay(form: QWidget, rows: FormRows) -> None:
    column = QVBoxLayout(form)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(rows)
    column.addStretch(1)


def _of(box: QDoubleSpinBox) -> float:
    return round(box.value() / 100, 6)
