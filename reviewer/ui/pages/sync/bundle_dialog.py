"""Making a bundle: for whom, everything or a kit, and where to."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.messages import Messages
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog, page_error
from reviewer.ui.pages.sync import fetching, words
from reviewer.ui.pages.sync.fetching import Choices
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.bundling import Made

_SUFFIX = ".rvb"


class BundleDialog(SheetDialog):
    """Everybody is chosen at first. Space on a name leaves it out."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page, desk.theme, "Make a bundle")
        self._desk, self._page = desk, page
        self.body.addWidget(Paragraph("One file that only the chosen people can open: carry it on a stick, or send it.", tone="muted"))
        self.body.addWidget(plain_label("For", role="label"))
        self.people = QListWidget()
        self.people.setAccessibleName("For whom")
        self.people.setMaximumHeight(desk.theme.px(150))
        self.people.itemChanged.connect(lambda _item: self._allow())
        self.body.addWidget(self.people)
        self.body.addWidget(plain_label("What", role="label"))
        self.what = ChoiceList()
        self.what.setAccessibleName("What")
        self.what.addItem("Everything that they lack", None)
        self.body.addWidget(self.what)
        self._why = Paragraph("A kit has the items of one campaign, its guidelines and policies, and no reviewer's words.", tone="faint")
        self.body.addWidget(self._why)
        self.body.addStretch(1)
        self.set_buttons(("Choose where", self._ask_where), ("Cancel", self.reject))
        self.resize_to(500, 420)
        self.people.setFocus(Qt.FocusReason.OtherFocusReason)
        self._allow()
        self.finished.connect(self.deleteLater)
        desk.jobs.read(fetching.choices, owner=self, done=self._list, failed=page_error(desk))

    def _list(self, choices: Choices) -> None:
        for name in choices.members:
            row = QListWidgetItem(shown(name, 80))
            row.setData(Qt.ItemDataRole.UserRole, name)
            row.setCheckState(Qt.CheckState.Checked)
            self.people.addItem(row)
        for standing in choices.campaigns:
            self.what.addItem(f"A kit of {shown(standing.campaign, 60)}", standing.id)
        if not choices.members:
            self._why.setText("Nobody takes part on another machine yet. Read the request of whoever wants to join first.")
        self.people.setCurrentRow(0)
        self._allow()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names that are ticked."""
        rows = (self.people.item(place) for place in range(self.people.count()))
        return tuple(str(row.data(Qt.ItemDataRole.UserRole)) for row in rows if row.checkState() == Qt.CheckState.Checked)

    def _allow(self) -> None:
        if self.main is not None:
            self.main.setEnabled(bool(self.chosen))

    def _ask_where(self) -> None:
        start = str(Path.home() / f"{self._desk.shell.folder.name if self._desk.shell.folder else 'reviews'}{_SUFFIX}")
        target, _kind = QFileDialog.getSaveFileName(self, "Make a bundle", start, f"Bundles (*{_SUFFIX})")
        if target:
            self.write_to(Path(target))

    def write_to(self, target: Path) -> None:
        """Write the bundle, and say so."""
        path = target if target.suffix.lower() == _SUFFIX else target.with_name(f"{target.name}{_SUFFIX}")
        work = partial(fetching.bundle, target=path, campaign=self.what.currentData(), members=self.chosen)
        failed = page_error(self._desk)
        self._desk.jobs.long(work, title="Making a bundle", owner=self._page, done=partial(_tell, self._desk.messages), failed=failed)
        self.accept()


def _tell(messages: Messages, made: "Made") -> None:
    files = ", ".join(words.name_of(path) for path in made.files)
    names = shown(", ".join(made.recipients), 80) or "nobody"
    counts = words.counts_words({"entry": made.entries, "item": made.items})
    messages.good(f"{counts} sealed for {names}.", f"Hand on {files}, in {made.files[0].parent}." if made.files else "")
