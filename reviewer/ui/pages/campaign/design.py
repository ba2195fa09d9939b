"""The second step of a new campaign: how many items are drawn, which, and what strata that comes to."""

import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.domain.designs import Selection
from reviewer.ui.pages.campaign import words
from reviewer.ui.pages.campaign.form_rows import FormRows, decimal, line, named, per_cent, share, spin
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.charts.chart import Chart
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label, plain_tooltip

if TYPE_CHECKING:
    from reviewer.operations.designing import DesignFields, DesignPreview

_DEFAULT_SAMPLE = 100
_USUAL_CONTROL = 30  # per cent
_USUAL_RATE = 5.0  # per cent
_DESIGNS = (
    Segment("all", "Everything"),
    Segment("srs", "At random"),
    Segment("stratified", "In strata"),
    Segment("poisson", "Where the risk is"),
)
_ABOUT = {
    "all": "Every item is reviewed: the rate will be known, and not only estimated.",
    "srs": "Says how often it goes wrong. Every item has the same chance.",
    "stratified": "Says how often it goes wrong, in each part too: no part is left to chance.",
    "poisson": "Finds as many violations as it can: a higher weight makes likelier. A share stays random, so that the rate stays honest.",
}
_SEED = "Who has the seed can draw the same sample again and check it."


class DesignStep(QWidget):
    """A form whose rows follow the design; below it the strata, as they would be drawn."""

    changed = Signal()
    plan_wanted = Signal()
    moved = Signal(object)
    """The keys went to another stratum: where it is, QRect in the chart."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows = FormRows(theme)
        self.design = SegmentedControl("What to draw", _DESIGNS, required=True)
        self.about = Paragraph(_ABOUT["all"], tone="faint")
        self.size_box = spin("Items in the sample", 1, 10_000_000, _DEFAULT_SAMPLE)
        self.plan = QPushButton("Plan a size …   Ctrl Shift P")
        self.plan.setAccessibleName("Plan a size")
        self.by = _field_box("Field to stratify by")
        self.allocation = SegmentedControl(
            "How picks are shared out",
            [
                Segment("proportional", "By size", "As many as the stratum's share of all items."),
                Segment("neyman", "By size and spread", "Neyman's allocation: more where the score says that items differ."),
            ],
            required=True,
        )
        self.floor = spin("Picks in each stratum at least", 0, 1_000_000, 0)
        self.floor.setSpecialValueText("the usual 2")
        self.floor.setMinimumWidth(120)
        self.weight = _field_box("Field that weighs")
        self.control = share("Share of the picks drawn at random")
        self.control.setValue(_USUAL_CONTROL)
        self.rate = per_cent("Rate to assume, per cent", _USUAL_RATE)
        self.seed = QLineEdit(secrets.token_hex(8))
        self.population = plain_label(tone="muted", wrap=True)
        self.chart = Chart(theme)
        self._lay()
        self._connect()
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self._follow()

    # -- what was chosen ---------------------------------------------------------------------------------------------------------

    @property
    def picks(self) -> int | None:
        """Picks that are asked for; None for everything."""
        return None if self.design.value == "all" else self.size_box.value()

    @property
    def selection(self) -> Selection:
        """What the design asks beside its kind."""
        stratified, poisson = self.design.value == "stratified", self.design.value == "poisson"
        neyman = stratified and self.allocation.value == "neyman"
        return Selection(
            by=self.by.currentText().strip() if stratified else "",
            allocation="neyman" if neyman else "proportional",
            floor=self.floor.value() or None if stratified else None,
            weight=self.weight.currentText().strip() if poisson or neyman else "",
            control=decimal(self.control.value()) if poisson and self.control.value() != _USUAL_CONTROL else "",
        )

    @property
    def assumed(self) -> float | None:
        """The rate to assume; None where it was left as it is."""
        return None if self.rate.value() == _USUAL_RATE else round(self.rate.value() / 100, 6)

    def use_size(self, size: int) -> None:
        """Take a size that was planned, for a simple random sample: plans hold for no other."""
        self.design.choose("srs")
        self.size_box.setValue(size)
        self._follow()
        self.size_box.setFocus()

    # -- what is known -----------------------------------------------------------------------------------------------------------

    def show_fields(self, fields: "DesignFields") -> None:
        """Offer the fields that these items have; what was typed stays."""
        numbers = ("steps", *fields.metadata)
        for box, names in ((self.by, (*fields.own, *fields.judges, *fields.metadata)), (self.weight, (*fields.judges, *numbers))):
            typed = box.currentText()
            with QSignalBlocker(box):
                box.clear()
                box.addItems(names)
                box.setEditText(typed)

    def show_preview(self, preview: "DesignPreview") -> None:
        """The strata, where there are some."""
        self.chart.setVisible(bool(preview.strata))
        if preview.strata:
            self.chart.show_drawing(words.strata(preview))

    def say_population(self, said: str) -> None:
        """What the sample is drawn from."""
        self.population.setText(said)

    # -- laying out --------------------------------------------------------------------------------------------------------------

    def _lay(self) -> None:
        self.seed.setMaxLength(64)
        self.seed.setAccessibleName("Seed")
        plain_tooltip(self.seed, _SEED)
        rows = self.rows
        rows.add("Population", self.population)
        rows.add("What to draw", self.design)
        rows.add("", self.about)
        rows.add("How many", line(self.size_box, self.plan), name="size", field=self.size_box)
        rows.add("Strata of", self.by, name="by")
        rows.add("Shared out", self.allocation, name="allocation")
        rows.add("At least", line(self.floor, named("picks in each stratum", self.floor)), name="floor", field=self.floor)
        rows.add("Weighted by", self.weight, name="weight")
        rows.add("At random", line(self.control, named("of the picks", self.control)), name="control", field=self.control)
        rows.add("Assume", line(self.rate, named("of the items go wrong", self.rate)), name="rate", field=self.rate)
        rows.add("Seed", self.seed, name="seed")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(rows)
        column.addWidget(self.chart)
        column.addStretch(1)
        self.chart.hide()

    def _connect(self) -> None:
        for control in (self.design, self.allocation):
            control.chosen.connect(lambda _value: self._follow())
        for box in (self.size_box, self.floor, self.control):
            box.valueChanged.connect(lambda _value: self.changed.emit())
        self.rate.valueChanged.connect(lambda _value: self.changed.emit())
        for field in (self.by, self.weight):
            field.editTextChanged.connect(lambda _text: self.changed.emit())
        self.seed.textChanged.connect(lambda _text: self.changed.emit())
        self.plan.clicked.connect(self.plan_wanted)
        self.chart.moved.connect(self._moved)

    def _follow(self) -> None:
        """Show the rows of the design."""
        design = self.design.value
        self.about.setText(_ABOUT[design])
        neyman = design == "stratified" and self.allocation.value == "neyman"
        for name, on in (
            ("size", design != "all"),
            ("by", design == "stratified"),
            ("allocation", design == "stratified"),
            ("floor", design == "stratified"),
            ("weight", design == "poisson" or neyman),
            ("control", design == "poisson"),
            ("rate", design != "all"),
        ):
            self.rows.show_row(name, on)
        if design != "stratified":
            self.chart.hide()
        self.changed.emit()

    def _moved(self, place: QRect) -> None:
        self.moved.emit(QRect(self.chart.mapTo(self, place.topLeft()), place.size()))

    def _take_theme(self) -> None:
        self.seed.setStyleSheet(f'font-family: "JetBrains Mono"; font-size: {self._theme.px(12)}px;')


def _field_box(name: str) -> QComboBox:
    """Fields to choose from, or to be named."""
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setAccessibleName(name)
    edit = box.lineEdit()
    assert edit is not None  # it is editable
    edit.setAccessibleName(name)
    edit.setPlaceholderText("a field; Alt ↓ lists those that these items have")
    return box
