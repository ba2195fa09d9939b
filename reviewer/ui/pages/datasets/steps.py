"""The four steps of a new release: what goes in, in which shape, how it is parted and checked, and where it is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.campaign.form_rows import FormRows, line
from reviewer.ui.pages.datasets.audit_view import AuditView
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.release_plans import Choice

_ASKS = {"verdict": "verdicts", "preference": "preferences", "steps": "marks on steps"}
_AGGREGATES = (
    Segment("answer", "Answer", "What all labels of an item have in common; a resolution overrides it."),
    Segment("majority", "Majority", "What most blind labels say; how sure that is, is measured on gold items."),
    Segment("dawid_skene", "Dawid-Skene", "Blind labels weighed by how often each reviewer is right, recalibrated on gold items."),
)
_FORMS = (
    Segment("conversational", "Conversational", "Lists of messages."),
    Segment("standard", "Standard", "Plain text: a question and an answer."),
)
_ROWS = "QListWidget::item { padding: 4px 8px; }"
_ROLE = Qt.ItemDataRole.UserRole


class WhatStep(QWidget):
    """Which campaigns, and how their labels become answers."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = FormRows(theme)
        self.campaigns = QListWidget()
        self.campaigns.setAccessibleName("Campaigns")
        self.campaigns.setMinimumHeight(theme.px(150))
        self.campaigns.setStyleSheet(_ROWS)
        self.campaigns.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.aggregate = SegmentedControl("How labels become answers", _AGGREGATES, required=True)
        self.how = Paragraph(tone="faint")
        self.rows.add("Campaigns", self.campaigns, name="campaigns", tall=True)
        self.rows.add("", Paragraph("Space takes a campaign in or leaves it out. Gold items and repeats are kept out.", tone="faint"))
        self.rows.add("Answers", self.aggregate, name="aggregate", field=self.aggregate.button("answer"))
        self.rows.add("", self.how)
        _column(self, self.rows)
        self.campaigns.itemChanged.connect(lambda _item: self.changed.emit())
        self.aggregate.chosen.connect(lambda _value: self._say_how())
        self.aggregate.chosen.connect(lambda _value: self.changed.emit())
        self._say_how()

    def show_campaigns(self, found: "Sequence[CampaignStanding]") -> None:
        """Offer these; the newest that has an answer is taken in."""
        self.campaigns.blockSignals(True)
        first = next((one.id for one in found if one.answered), None)
        for one in found:
            asks = _ASKS.get(one.rules.question, one.rules.question)
            row = QListWidgetItem(f"{shown(one.campaign, 80)}\n{asks}, {one.answered:,} of {count(one.sampled, 'item')} answered")
            row.setData(_ROLE, one)
            row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            row.setCheckState(Qt.CheckState.Checked if one.id == first else Qt.CheckState.Unchecked)
            self.campaigns.addItem(row)
        self.campaigns.setCurrentRow(0)
        self.campaigns.blockSignals(False)
        self.changed.emit()

    @property
    def chosen(self) -> "list[CampaignStanding]":
        """The campaigns that are taken in."""
        rows = (self.campaigns.item(place) for place in range(self.campaigns.count()))
        return [row.data(_ROLE) for row in rows if row.checkState() == Qt.CheckState.Checked]

    def _say_how(self) -> None:
        self.how.setText(next(one.tip for one in _AGGREGATES if one.value == self.aggregate.value))


class ShapeStep(QWidget):
    """Which format, and its form."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = FormRows(theme)
        self.formats = QListWidget()
        self.formats.setAccessibleName("Format")
        self.formats.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.formats.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.formats.setMinimumHeight(theme.px(390))
        self.formats.setStyleSheet(_ROWS)
        self.form = SegmentedControl("Form", _FORMS, required=True)
        self.rows.add("Format", self.formats, name="format", tall=True)
        self.rows.add("Form", self.form, name="form", field=self.form.button("conversational"))
        self.fits = Paragraph(tone="faint")
        self.rows.add("", self.fits)
        _column(self, self.rows)
        self._chosen = False  # somebody chose a format; else the one that fits the campaigns is taken
        self._quiet = False
        self.formats.currentRowChanged.connect(self._moved)
        self.form.chosen.connect(lambda _value: self.changed.emit())

    def show_formats(self, found: "Sequence[Choice]") -> None:
        """Offer these."""
        self._quiet = True
        for one in found:
            row = QListWidgetItem(f"{one.name}\n{one.description}")
            row.setData(_ROLE, one)
            self.formats.addItem(row)
        self.formats.setCurrentRow(0)
        self._quiet = False

    def fit(self, questions: frozenset[str]) -> None:
        """Grey what is not made of campaigns that ask this, and stand on what fits, unless somebody chose."""
        self._quiet = True
        best, current_fits = 0, False
        for place in range(self.formats.count()):
            row = self.formats.item(place)
            choice: Choice = row.data(_ROLE)
            fits = questions <= choice.questions
            row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if fits else Qt.ItemFlag.NoItemFlags)
            best = place if fits and choice.fitting & questions else best
            current_fits = current_fits or (fits and place == self.formats.currentRow())
        if not self._chosen or not current_fits:
            self.formats.setCurrentRow(best)
        self._quiet = False
        self._follow()

    @property
    def choice(self) -> "Choice | None":
        """The format that is chosen."""
        row = self.formats.currentItem()
        found: Choice | None = None if row is None else row.data(_ROLE)
        return found

    @property
    def form_name(self) -> str:
        """The form; empty where the format has one only."""
        choice = self.choice
        return "" if choice is None or len(choice.forms) == 1 else self.form.value

    def _moved(self, _place: int) -> None:
        if not self._quiet:
            self._chosen = True
            self._follow()
            self.changed.emit()

    def _follow(self) -> None:
        choice = self.choice
        several = choice is not None and len(choice.forms) > 1
        self.rows.show_row("form", several)
        asks = " and ".join(_ASKS[one] for one in sorted(choice.questions)) if choice is not None else ""
        self.fits.setText(f"Made of campaigns that ask for {asks}." if asks else "")


class SafeStep(QWidget):
    """How rows are parted, how sure they must be, against what they are held; and what a model would learn from them."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = FormRows(theme)
        self.split = QLineEdit("0.9,0.05,0.05")
        self.split.setAccessibleName("Split: train, validation, test")
        self.least = QLineEdit()
        self.least.setPlaceholderText("0.7 where it was measured")
        self.least.setAccessibleName("Least confidence")
        self.against = QLineEdit()
        self.against.setPlaceholderText("an earlier release, or a file that measures a model")
        self.against.setAccessibleName("Held against")
        self.choose = QPushButton("Choose a file")
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._choose)
        self.rows.add("Split", self.split, name="split")
        self.rows.add("", Paragraph(
            "Shares of train, validation and test that add up to 1. Rows of one prompt and near-duplicates stay together.", tone="faint"
        ))  # fmt: skip
        self.rows.add("Confidence", self.least, name="min_confidence")
        self.rows.add("Held against", line(self.against, self.choose), name="against", field=self.against)
        self.rows.add("", Paragraph("Says whether texts of that file stand in these rows. Empty: nothing is compared.", tone="faint"))
        self.audit = AuditView(theme)
        _column(self, self.rows, self.audit)
        for field in (self.split, self.least, self.against):
            field.textChanged.connect(lambda _text: self.changed.emit())

    def fit(self, aggregate: str) -> None:
        """An answer that is common to all labels has no confidence."""
        self.rows.show_row("min_confidence", aggregate != "answer")

    @property
    def least_text(self) -> str | None:
        """The confidence that a row must have; None for the default."""
        text = self.least.text().strip()
        return text if text and not self.least.isHidden() else None

    def _choose(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(self, "A file to hold the rows against", str(Path.home()))
        if path:
            self.against.setText(path)


class WhereStep(QWidget):
    """The folder."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = FormRows(theme)
        self.folder = QLineEdit()
        self.folder.setAccessibleName("Folder")
        self.choose = QPushButton("Choose a place")
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._choose)
        self.files = Paragraph(tone="muted")
        self.rows.add("Folder", line(self.folder, self.choose), name="out", field=self.folder)
        self.rows.add("", Paragraph("A folder that does not exist yet, or is empty. It is there whole, or not at all.", tone="faint"))
        self.rows.add("What", self.files, tall=True)
        self.files.setText(
            "Data in JSON lines and Parquet, a card, Croissant metadata, and a manifest signed by this device. That it was made, and not"
            " where, becomes an entry of the journal."
        )
        _column(self, self.rows)
        self._suggested = ""
        self.folder.textChanged.connect(lambda _text: self.changed.emit())

    def suggest(self, name: str) -> None:
        """Offer a folder of this name, unless another one was typed."""
        if self.folder.text() == self._suggested:
            self._suggested = str(Path.home() / name)
            self.folder.setText(self._suggested)

    def _choose(self) -> None:
        place = QFileDialog.getExistingDirectory(self, "Where the folder is to lie", str(Path.home()))
        if place:
            name = Path(self.folder.text()).name or "release"
            self.folder.setText(str(Path(place) / name))


def folder_name(campaigns: Sequence[str], format_name: str) -> str:
    """A name for a folder, of letters that every system takes: “Airline refunds” as trl-kto becomes airline-refunds-trl-kto."""
    said = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).strip().replace(" ", "-") for name in campaigns)
    while "--" in said:
        said = said.replace("--", "-")
    return f"{said[:60].strip('-') or 'release'}-{format_name}"


def _column(step: QWidget, *parts: QWidget) -> None:
    column = QVBoxLayout(step)
    column.setContentsMargins(0, 0, 12, 0)
    column.setSpacing(14)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
