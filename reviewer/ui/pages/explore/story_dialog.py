"""The story of an item and of each label: at the left what to choose from, at the right all that is known of it."""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.histories import Happening
from reviewer.domain.progress import Ticket
from reviewer.domain.stories import LabelStory, Told
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog, page_error
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.telling import Line, Section
    from reviewer.storage.workspace import Workspace

_NAMES = 132  # pixels of the column of names
_LIST = 264


class Heard(NamedTuple):
    """What the viewer may hear of an item: its labels, and what happened to it."""

    labels: tuple[Told, ...]
    history: tuple[Happening, ...]


def heard(workspace: "Workspace", ticket: Ticket, *, item: str) -> Outcome[Heard]:
    """The labels of an item that the viewer may hear of, and its history."""
    from reviewer import operations

    labels = operations.stories.labels_of(workspace, ticket, item=item).value
    return Outcome(Heard(labels, operations.stories.history_of(workspace, ticket, item=item).value if labels else ()))


def story(workspace: "Workspace", ticket: Ticket, *, label: str) -> Outcome[LabelStory]:
    """One label's story."""
    from reviewer import operations

    return operations.stories.story_of(workspace, ticket, label=label)


def open_story(desk: Desk, page: QWidget, *, item: str) -> None:
    """Open the dialog on an item's labels; say so where there is none that may be told."""

    def show(found: Heard) -> None:
        if found.labels:
            StoryDialog(desk, page, found).open()
        else:
            desk.messages.warn(
                "There is no label here whose story you may hear.",
                "Leads hear that of every label once they have no blind answer left to give on the item; others that of their own.",
            )

    desk.jobs.read(partial(heard, item=item), owner=page, slot="story", done=show, failed=page_error(desk))


class StoryDialog(SheetDialog):
    """Arrow keys choose a label, or the item; Tab goes to its story, Page Up and Page Down move there."""

    def __init__(self, desk: Desk, page: QWidget, found: Heard) -> None:
        super().__init__(page, desk.theme, "Story of this label")
        self._desk = desk
        self._told, self._history = found
        told = found.labels
        zone = desk.settings[TIME_ZONE]
        self._story: LabelStory | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("Labels of this item")
        self.list.setFixedWidth(desk.theme.px(_LIST))
        self.list.setStyleSheet("QListWidget::item { padding: 7px 8px; }")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        for one in told:
            self.list.addItem(_row(one, zone))
        self.list.addItem("The item\nwhat happened to it, in order")
        self.sheet = StorySheet(desk.theme)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.list)
        row.addWidget(self.sheet, 1)
        self.body.addLayout(row, 1)
        self.set_buttons(("Copy as text", self._copy), ("Close", self.reject))
        self.resize_to(940, 720)
        self.list.currentRowChanged.connect(self._choose)
        self.finished.connect(self.deleteLater)
        self.list.setCurrentRow(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._told):
            work = partial(story, label=self._told[place].entry)
            self._desk.jobs.read(work, owner=self, slot="story", done=self._show, failed=partial(self._failed, place))
        elif place == len(self._told):
            self._story = None
            self.sheet.show_history(self._history)

    def _show(self, found: LabelStory) -> None:
        place = self.list.currentRow()
        if place < len(self._told) and self._told[place].entry == found.entry:  # else something else was chosen meanwhile
            self._story = found
            self.sheet.show_story(found)

    def _failed(self, place: int, error: ReviewerError) -> None:
        if place != self.list.currentRow():
            return
        self._story = None
        self.sheet.show_error(error)

    def _copy(self) -> None:
        from reviewer.operations import recounting, telling

        if self._story is not None:
            QGuiApplication.clipboard().setText(telling.as_text(self._story))
        elif self.list.currentRow() == len(self._told):
            QGuiApplication.clipboard().setText(recounting.as_text(self._history))


class StorySheet(Scrolling):
    """A story, section by section, on plain labels."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Story", Qt.FocusPolicy.StrongFocus)
        self._theme = theme

    def show_story(self, told: LabelStory) -> None:
        """Show a story from its beginning."""
        from reviewer.operations import telling

        column = self._fresh()
        column.addWidget(plain_label(telling.headline(told), role="title", wrap=True))
        column.addWidget(_pills(told))
        for section in telling.sections(told):
            column.addSpacing(6)
            column.addWidget(plain_label(section.title, role="label"))
            column.addWidget(self._card(section))
        column.addStretch(1)
        self.setAccessibleName(f"Story. {telling.headline(told)}. {telling.standing(told).text}")

    def show_history(self, history: tuple[Happening, ...]) -> None:
        """Show what happened to the item."""
        from reviewer.operations import recounting

        column, section = self._fresh(), recounting.section(history)
        column.addWidget(plain_label(section.title, role="title", wrap=True))
        column.addWidget(self._card(section))
        column.addStretch(1)
        self.setAccessibleName(f"Story of the item. {len(section.lines)} things happened to it.")

    def show_error(self, error: ReviewerError) -> None:
        """Say why there is none."""
        column = self._fresh()
        column.addWidget(plain_label(error.what, role="title", wrap=True))
        column.addWidget(Paragraph(error.hint, tone="muted"))
        column.addStretch(1)

    def _fresh(self) -> QVBoxLayout:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, self._theme.px(10), 0)
        column.setSpacing(6)
        self.hold(room)  # the one before is deleted
        self.verticalScrollBar().setValue(0)
        return column

    def _card(self, section: "Section") -> Card:
        card = Card(paper="row")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, self._theme.px(_NAMES))
        grid.setColumnStretch(1, 1)
        named = any(line.name for line in section.lines)
        for place, line in enumerate(section.lines):
            if named:
                name = plain_label(line.name, tone="faint", wrap=True)
                name.setFixedWidth(self._theme.px(_NAMES))
                grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_words(line), place, 1 if named else 0, 1, 1 if named else 2)
        card.column.addLayout(grid)
        card.setAccessibleName(f"{section.title}. " + " ".join(f"{line.name}: {line.text}".lstrip(": ") for line in section.lines))
        return card


def _words(line: "Line") -> Paragraph:
    return Paragraph(f"“{line.text}”" if line.verbatim else line.text, tone=line.tone or ("muted" if line.verbatim else ""))


def _pills(told: LabelStory) -> QWidget:
    """What to know first, by shape and word."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(6)
    if not told.counts:
        line.addWidget(Pill("not counted", "bad"))
    elif not told.in_force:
        line.addWidget(Pill("no longer in force", "plain"))
    else:
        line.addWidget(Pill("in force" if told.votes else "in force, no vote", "ok" if told.votes else "warn"))
    if told.first_receipt is None:
        line.addWidget(Pill("not yet witnessed", "warn"))
    if told.forks:
        line.addWidget(Pill("its stream forked", "bad"))
    if told.withdrawals:
        line.addWidget(Pill("its device is revoked", "bad"))
    line.addStretch(1)
    return row


def _row(one: Told, zone: str) -> str:
    verdict = {"non_compliant": "non-compliant", None: "preference"}.get(one.verdict, one.verdict)
    return f"{shown(one.by, 40)}: {verdict}\n{one.standing}, {moment(one.time, zone, year=False)}"
