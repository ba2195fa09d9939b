"""A new version: choose a file, see which of its clauses are old ones and decide what is not sure, then publish."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QGridLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Report
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.policies import fetching, words
from reviewer.ui.pages.policies.matches import MatchTable
from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.policy_publishing import Added, Proposal

_KINDS = "Policies (*.md *.txt *.docx *.pdf);;All files (*)"


class VersionDialog(SheetDialog):
    """Asks for a file and a key, shows what was found, and publishes it."""

    published = Signal(str, str, str)
    """The key of the policy, and what to say: what was done, and what follows."""

    def __init__(self, desk: Desk, page: QWidget, *, keys: Sequence[str], key: str) -> None:
        super().__init__(page, desk.theme, "New version of a policy")
        self._desk, self._page = desk, page
        self._path: Path | None = None
        self._ticket: Ticket | None = None
        self.proposal: Proposal | None = None
        self.setAcceptDrops(True)
        self._stack = QStackedWidget()
        self.first = _First(keys, key)
        self.found = _Found(desk)
        for part in (self.first, self.found):
            self._stack.addWidget(part)
        self.body.addWidget(self._stack, 1)
        self.problem = plain_label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.first.choose.clicked.connect(self._choose)
        self.first.key.editTextChanged.connect(lambda _text: self._allow())
        desk.jobs.progressed.connect(self._progress)
        self._ask()
        self.resize_to(860, 620)
        self.finished.connect(self._stop)
        self.finished.connect(self.deleteLater)

    # -- the file ----------------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self.say_title("New version of a policy")
        self._stack.setCurrentWidget(self.first)
        self.set_buttons(("Read the file", self._read), ("Cancel", self.reject))
        self._allow()
        (self.first.choose if self.first.key.currentText() else self.first.key).setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, "Choose the policy", str(Path.home()), _KINDS)
        if path:
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Mean this file; a key is proposed from its name where none stands there."""
        self._path = path
        self.first.say_file(path)
        self._allow()
        if self.main is not None and self.main.isEnabled():
            self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self, path: Path) -> None:
        """Mean this file, and read it."""
        self.take(path)
        self._read()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped here."""
        if self._stack.currentWidget() is self.first and len(event.mimeData().urls()) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """It is the policy."""
        event.acceptProposedAction()
        self.take(Path(event.mimeData().urls()[0].toLocalFile()))

    def _allow(self) -> None:
        if self.main is not None and self._stack.currentWidget() is self.first:
            self.main.setEnabled(self._path is not None and bool(self.first.key.currentText().strip()) and self._ticket is None)

    def _read(self) -> None:
        if self._path is None or self._ticket is not None:
            return
        self.problem.hide()
        self.first.wait(True)
        work = partial(fetching.propose, key=self.first.key.currentText().strip(), path=self._path)
        self._ticket = self._desk.jobs.long(
            work, title=f"Reading {shown(self._path.name, 60)}", owner=self, done=self._show, failed=self._failed
        )
        self._allow()

    def _progress(self, report: Report) -> None:
        if report.ticket is self._ticket:
            self.first.bar.show_part(report.progress.done, report.progress.total)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    # -- what was found ----------------------------------------------------------------------------------------------------------

    def _show(self, proposal: "Proposal") -> None:
        self._ticket, self.proposal = None, proposal
        self.first.wait(False)
        self.say_title(f"{shown(proposal.text.title or proposal.key, 60)}: {count(len(proposal.matches), 'clause')}")
        self.found.show_proposal(proposal)
        self._stack.setCurrentWidget(self.found)
        self.set_buttons(("Publish", self._publish), ("Another file", self._ask), ("Cancel", self.reject))
        self.found.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _publish(self) -> None:
        if self.proposal is None:
            return
        self.problem.hide()
        if self.main is not None:
            self.main.setEnabled(False)
        found = self.found
        work = partial(
            fetching.publish,
            proposal=self.proposal,
            matches=dict(found.table.rows.chosen),
            effective=found.effective.text().strip() or None,
            note=found.note.text(),
            put_in_force=found.at_once.isChecked(),
        )
        self._desk.jobs.run(work, owner=self, done=self._done, failed=self._failed)

    def _done(self, done: "Added") -> None:
        version = done.version
        stale = f" {words.citing(done.stale_labels)} words that it has not." if done.stale_labels else ""
        held = "It is in force." if version.in_force else "It is not in force yet: A puts it in force."
        what = "is here already as" if done.known else "is published as"
        named = f"{shown(version.title, 60)} {what} version {version.number} of {shown(done.key, 40)}."
        self.published.emit(done.key, named, f"{held}{stale}")
        self.accept()

    def _failed(self, error: ReviewerError) -> None:
        self._ticket = None
        self.first.wait(False)
        self.problem.setText(f"{error.what} {error.hint}")
        self.problem.show()
        if self.main is not None:
            self.main.setEnabled(True)


class _First(QWidget):
    """The key and the file."""

    def __init__(self, keys: Sequence[str], key: str) -> None:
        super().__init__()
        self.key = QComboBox()
        self.key.setEditable(True)
        field = self.key.lineEdit()
        assert field is not None  # the box is editable
        for each in (self.key, field):
            each.setAccessibleName("Short name of the policy")
        self.key.addItems(list(keys))
        self.key.setEditText(key)
        self.choose = QPushButton("Choose a file …")
        self.choose.setAutoDefault(False)
        self._file = Paragraph("Markdown, text, Word or PDF. You can also drop it here.", tone="muted")
        self.bar = ThinBar("Pages read")
        self.bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (
            plain_label("Short name", role="label"), self.key,
            Paragraph("Labels cite clauses by it, as support:4.2. A name that is not in the list makes a new policy.", tone="faint"),
            plain_label("File", role="label"), self.choose, self._file, self.bar,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)

    def say_file(self, path: Path) -> None:
        """Which file is meant."""
        self._file.setText(shown(str(path), 300))
        if not self.key.currentText().strip():
            self.key.setEditText(re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-")[:40])

    def wait(self, on: bool) -> None:
        """While the file is read."""
        self.bar.setVisible(on)
        self.bar.show_part(0, 0)
        for part in (self.key, self.choose):
            part.setEnabled(not on)


class _Found(QWidget):
    """The clauses beside the old ones, and from when the version holds."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.counts, self.stranger = Paragraph(tone="muted"), Paragraph(tone="warn")
        self.table = MatchTable(desk.theme)
        self.effective, self.note = QLineEdit(), QLineEdit()
        self.effective.setAccessibleName("Holds from, as YYYY-MM-DD")
        self.effective.setPlaceholderText("YYYY-MM-DD, or empty")
        self.effective.setMinimumWidth(desk.theme.px(200))  # all of its hint
        self.note.setAccessibleName("Why there is a new version")
        self.note.setPlaceholderText("Why there is a new version")
        self.at_once = QCheckBox("Put it in force at once")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.counts)
        column.addWidget(self.stranger)
        column.addWidget(self.table, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.addWidget(plain_label("Holds from", role="label"), 0, 0)
        grid.addWidget(plain_label("Note", role="label"), 0, 1)
        grid.addWidget(self.effective, 1, 0)
        grid.addWidget(self.note, 1, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addWidget(self.at_once)

    def show_proposal(self, proposal: "Proposal") -> None:
        """Take what was read."""
        first = proposal.follows is None
        self.counts.setText(words.proposed(proposal))
        self.stranger.setText(words.stranger(proposal))
        self.stranger.setVisible(bool(self.stranger.text()))
        self.table.show_matches(proposal.matches, proposal.before)
        self.effective.setText(proposal.effective or "")
        self.at_once.setVisible(not first)
        self.at_once.setChecked(False)
