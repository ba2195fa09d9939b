"""A new campaign: which items, how many of them, how many labels each, and what reviewers are told."""

import secrets
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from reviewer.domain.campaigns import NAME_LENGTH
from reviewer.domain.changes import Outcome
from reviewer.domain.chips import describe
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.domain.query import MAX_LENGTH, Field, leaves, parse
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import PlainLabel, plain_label, plain_tooltip

if TYPE_CHECKING:
    from reviewer.domain.events import Campaign
    from reviewer.operations.campaigns import Created
    from reviewer.storage.workspace import Workspace

_TYPED_MS = 250
_DEFAULT_SAMPLE = 100
_MAY_BE_HIDDEN = frozenset({"model", "label", "reviewer", "file", "format", "severity", "skipped", "escalated"})


def count_found(workspace: "Workspace", ticket: Ticket, *, text: str) -> Outcome[int]:
    """How many items the query finds, as far as this member may see: a count must not tell what is hidden."""
    from reviewer import operations

    total = operations.searching.search(workspace, ticket, text=text, limit=1, with_total=True).value.total
    return Outcome(total or 0)


def create(workspace: "Workspace", ticket: Ticket, *, rules: "Campaign", size: int | None, guidelines: str) -> "Outcome[Created]":
    """Create it, with its first draw."""
    from reviewer import operations

    return operations.campaigns.create_campaign(workspace, ticket, rules=rules, size=size, guidelines=guidelines)


class CampaignDialog(SheetDialog):
    """A form; Ctrl+Return creates the campaign and goes to its queue."""

    def __init__(self, desk: Desk, page: QWidget, *, query: str) -> None:
        super().__init__(page, desk.theme, "New campaign")
        self._desk = desk
        self._found: int | None = None
        self.name = QLineEdit(_suggested(query))
        self.query = QLineEdit(query)
        self.design = SegmentedControl("How many", [Segment("all", "Everything"), Segment("srs", "A random sample")])
        self.size_box = _spin("Items in the sample", 1, 1_000_000, _DEFAULT_SAMPLE)
        self.overlap = _spin("Labels for each item", 1, 64, 1)
        self.double = _spin("Items with a second opinion, per cent", 0, 100, 0)
        self.blind = QCheckBox("Blind: nobody sees the model or what others said before they have labelled an item")
        self.guidelines = QPlainTextEdit()
        self.seed = QLineEdit(secrets.token_hex(8))
        self._found_words = plain_label(tone="muted")
        self._sum = plain_label(tone="muted", wrap=True)
        self._wrong = Strip(desk.theme, "warn")
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self._count)
        self._lay()
        self._connect()
        self.set_buttons(("Create and review", self._create), ("Cancel", self.reject))
        self.resize_to(640, 600)
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._count()
        self._follow()

    def _lay(self) -> None:
        self.name.setMaxLength(NAME_LENGTH)
        self.query.setMaxLength(MAX_LENGTH)
        self.query.setPlaceholderText("everything")
        self.query.setStyleSheet(f'font-family: "JetBrains Mono"; font-size: {self._theme.px(12)}px;')
        self.seed.setMaxLength(64)
        self.seed.setStyleSheet(f'font-family: "JetBrains Mono"; font-size: {self._theme.px(12)}px;')
        self.blind.setChecked(True)
        self.design.choose("all")
        self.double.setSuffix(" %")
        self.guidelines.setPlaceholderText("What reviewers should look at, in plain words. Optional.")
        self.guidelines.setTabChangesFocus(True)
        for field, words in ((self.name, "Name"), (self.query, "Which items"), (self.guidelines, "Guidelines"), (self.seed, "Seed")):
            field.setAccessibleName(words)
        plain_tooltip(self.seed, "Who has the seed can draw the same sample again and check it.")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        sample = QHBoxLayout()
        sample.addWidget(self.design, 1)
        sample.addSpacing(8)
        sample.addWidget(self.size_box)
        labels = QHBoxLayout()
        labels.addWidget(self.overlap)
        labels.addSpacing(16)
        labels.addWidget(_named("Second opinion on", self.double))
        labels.addSpacing(8)
        labels.addWidget(self.double)
        labels.addStretch(1)
        rows: tuple[tuple[str, QWidget | QHBoxLayout], ...] = (
            ("Name", self.name),
            ("Which items", self.query),
            ("", self._found_words),
            ("How many", sample),
            ("Labels each", labels),
            ("", self.blind),
            ("Guidelines", self.guidelines),
            ("Seed", self.seed),
        )
        for place, (words, part) in enumerate(rows):
            grid.addWidget(plain_label(words, role="label"), place, 0, Qt.AlignmentFlag.AlignTop)
            if isinstance(part, QWidget):
                grid.addWidget(part, place, 1)
            else:
                grid.addLayout(part, place, 1)
        grid.setRowStretch(6, 1)
        self.body.addLayout(grid, 1)
        foot = QVBoxLayout()
        foot.addWidget(self._sum)
        foot.addWidget(self._wrong)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        self.query.textChanged.connect(lambda _text: self._typed.start())
        self.design.chosen.connect(self._design_chosen)
        for box in (self.size_box, self.overlap, self.double):
            box.valueChanged.connect(lambda _value: self._follow())
        self.name.textChanged.connect(lambda _text: self._follow())

    def _design_chosen(self, value: str) -> None:
        self.design.choose(value or "all")  # one of the two always holds
        self._follow()

    # -- counting ----------------------------------------------------------------------------------------------------------------

    def _count(self) -> None:
        self._found = None
        self._found_words.setText("…")
        work = partial(count_found, text=self.query.text())
        self._desk.jobs.read(work, owner=self, slot="count", done=self._counted, failed=self._not_counted)
        self._follow()

    def _counted(self, found: int) -> None:
        self._found = found
        hidden = any(isinstance(leaf, Field) and leaf.name in _MAY_BE_HIDDEN for leaf in leaves(parse(self.query.text())))
        self._found_words.setText(count(found, "item") + (" that you may see; the draw looks at all" if hidden else ""))
        self._follow()

    def _not_counted(self, error: ReviewerError) -> None:
        self._found = 0
        self._found_words.setText(f"{error.what} {error.hint}")
        self._follow()

    def _follow(self) -> None:
        """Grey what does not apply, and say what will happen."""
        sampled = self.design.value == "srs"
        self.size_box.setEnabled(sampled)
        self.double.setEnabled(self.overlap.value() == 1)
        self._sum.setText(self._in_words() if self._found else "")
        if self.main is not None:
            self.main.setEnabled(bool(self.name.text().strip()) and bool(self._found))

    def _in_words(self) -> str:
        found = self._found or 0
        drawn = min(self.size_box.value(), found) if self.design.value == "srs" else found
        labels = drawn * self.overlap.value()
        if self.overlap.value() == 1:
            labels += round(drawn * self.double.value() / 100)
        chance = f", each with a chance of {drawn / found:.3g}" if drawn < found else ""
        return f"{drawn:,} of {count(found, 'item')}{chance}; about {count(labels, 'label')} in all, split among reviewers and leads."

    # -- creating ----------------------------------------------------------------------------------------------------------------

    def _create(self) -> None:
        from reviewer.domain.events import Campaign

        sampled = self.design.value == "srs"
        share = self.double.value() if self.overlap.value() == 1 else 0
        rules = Campaign(
            name=self.name.text().strip(),
            query=self.query.text().strip(),
            design="srs" if sampled else "all",
            seed=self.seed.text().strip(),
            overlap=self.overlap.value(),
            double=_decimal(share),
            blind=self.blind.isChecked(),
        )
        self._wrong.say("")
        if self.main is not None:
            self.main.setEnabled(False)
        size = min(self.size_box.value(), self._found or 1) if sampled else None
        work = partial(create, rules=rules, size=size, guidelines=self.guidelines.toPlainText())
        self._desk.jobs.run(work, owner=self, done=self._created, failed=self._not_created)

    def _created(self, created: "Created") -> None:
        shell = self._desk.shell
        self.accept()
        self.deleteLater()
        shell.review(created.id)
        drawn = f"{created.sampled:,} of {count(created.population, 'item')}"
        self._desk.messages.good(f"“{shown(created.campaign)}” has {drawn}.", f"Its seed is {shown(created.seed)}.")

    def _not_created(self, error: ReviewerError) -> None:
        self._wrong.say(f"{error.what} {error.hint}")
        self._follow()


def _decimal(per_cent: int) -> str:
    """A share as the journal keeps it: 15 becomes 0.15."""
    if per_cent in (0, 100):
        return str(per_cent // 100)
    return f"0.{per_cent:02}".rstrip("0")


def _suggested(query: str) -> str:
    today = date.today()
    words = ", ".join(chip.words for chip in describe(parse(query))) if "id:" not in query else ""
    name = words if 0 < len(words) <= 60 else "Review"
    return f"{name[0].upper()}{name[1:]}, {today.day} {today:%B} {today.year}"


def _spin(name: str, least: int, most: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setGroupSeparatorShown(True)
    box.setAccessibleName(name)
    box.setMinimumWidth(96)
    box.lineEdit().setTextMargins(7, 0, 0, 0)
    return box


def _named(words: str, field: QWidget) -> PlainLabel:
    label = plain_label(words, tone="muted")
    label.setBuddy(field)
    return label
