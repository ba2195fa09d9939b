"""Importing: choose files, see what is in them, import them, see what came in. Only the third of these writes anything."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Report
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore import import_steps
from reviewer.ui.pages.explore.import_found import FoundFiles
from reviewer.ui.pages.explore.import_result import ImportResult, in_short
from reviewer.ui.pages.explore.import_steps import Seen
from reviewer.ui.pages.explore.sheet import SheetDialog, page_error
from reviewer.ui.widgets.cards import ChoiceCard
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import scrolled
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.under_way import UnderWay

if TYPE_CHECKING:
    from reviewer.operations.embedded_policies import Embedded
    from reviewer.operations.importing import ImportReport

_FORMATS = (
    "Read are results of tau-bench and tau2, AgentDojo, Inspect, Who&When, R-Judge and ASSEBench; chats as OpenAI and Mistral write them; "
    "preference pairs of TRL, OpenAI and hh-rlhf; solutions to GSM8K; and CSV, TSV, Parquet and JSON lines, whose columns you name."
)
_STOPPED = ("The import was stopped.", "What was read so far is kept. Import the same files again to go on.")


class ImportDialog(SheetDialog):
    """One import. Closed while it runs, it goes on, and a banner tells how it ended."""

    campaign_wanted = Signal()
    studio_wanted = Signal()

    def __init__(self, desk: Desk, page: QWidget, *, studio: bool = False) -> None:
        """studio: whether Mistral Studio is offered as a source too."""
        super().__init__(page, desk.theme, "Import agent runs")
        self._desk, self._page, self._studio = desk, page, studio
        self._paths: list[str] = []
        self._files: list[Seen] = []
        self._report: ImportReport | None = None
        self._ticket: Ticket | None = None
        self._importing = False
        self._closed = False
        self.setAcceptDrops(True)
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self._choice = self._make_choice()
        self._waiting = UnderWay()
        self.found = FoundFiles()
        self._read = scrolled(self.found)
        self.outcome = ImportResult(desk.theme)
        for part in (self._choice, self._waiting, self._read, self.outcome):
            self._stack.addWidget(part)
        self.found.changed.connect(self._allow)
        self.outcome.rejects_wanted.connect(self._show_rejects)
        self.outcome.policy_wanted.connect(self._publish)
        desk.jobs.progressed.connect(self._progress)
        desk.jobs.ended.connect(self._ended)
        self.finished.connect(self._was_closed)
        self.resize_to(760, 620)
        self._choose()

    # -- choosing ----------------------------------------------------------------------------------------------------------------

    def _make_choice(self) -> QWidget:
        choice = QWidget()
        column = QVBoxLayout(choice)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(Paragraph("Choose, or drop files here. You see what is in them before anything happens.", tone="muted"))
        row = QHBoxLayout()
        row.setSpacing(14)
        self.files_card = ChoiceCard("Files", "One or many; gz, zip and zst are looked into.", "")
        self.files_card.clicked.connect(self.ask_files)
        self.folder_card = ChoiceCard("A folder", "With everything below it. What is no record file is left out, and named.", "")
        self.folder_card.clicked.connect(self.ask_folder)
        self.studio_card = ChoiceCard("Mistral Studio", "A data set, or traces. You see first what would be asked for.", "")
        self.studio_card.clicked.connect(self._to_studio)
        if not self._studio:
            self.studio_card.hide()
        for card in (self.files_card, self.folder_card, self.studio_card):
            card.setMinimumHeight(self._desk.theme.px(130))
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(card, 1)
        column.addLayout(row)
        column.addWidget(Paragraph(_FORMATS, tone="faint"))
        column.addStretch(1)
        return choice

    def _choose(self) -> None:
        self.say_title("Import agent runs")
        self._stack.setCurrentWidget(self._choice)
        self.set_buttons(None, ("Cancel", self.reject))
        self.files_card.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_files(self) -> None:
        """Let the person choose files."""
        paths, _filter = QFileDialog.getOpenFileNames(self, "Import files", str(Path.home()))
        if paths:
            self.look_at(paths)

    def ask_folder(self) -> None:
        """Let the person choose a folder."""
        folder = QFileDialog.getExistingDirectory(self, "Import a folder", str(Path.home()))
        if folder:
            self.look_at([folder])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files can be dropped here too."""
        if any(url.isLocalFile() for url in event.mimeData().urls()) and not self._importing:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at them."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and not self._importing:
            event.acceptProposedAction()
            self.look_at(paths)

    # -- looking -----------------------------------------------------------------------------------------------------------------

    def look_at(self, paths: Sequence[str]) -> None:
        """See what is in files and folders."""
        self._paths = list(paths)
        self._wait("Looking at the files", "Nothing is imported yet.")
        self.set_buttons(None, ("Cancel", self.reject))
        work = partial(import_steps.look, paths=self._paths, agent="")
        what = count(len(self._paths), "place") if len(self._paths) > 1 else Path(self._paths[0]).name
        self._ticket = self._desk.jobs.long(work, title=f"Looking at {what}", owner=self, done=self._looked, failed=self._failed)

    def _looked(self, files: list[Seen]) -> None:
        self._ticket = None
        self._files = files
        self.say_title("What was found")
        self.found.show_files(files)
        self._stack.setCurrentWidget(self._read)
        self.set_buttons(("Import", self._start), ("Choose others", self._choose), ("Cancel", self.reject))
        self._allow()
        if self.main is not None and self.main.isEnabled():
            self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def _allow(self) -> None:
        if self.main is not None and self._stack.currentWidget() is self._read:
            self.main.setEnabled(self.found.readable())

    # -- importing ---------------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._importing = True
        self._wait("Importing", "You can close this and go on working; the import goes on.")
        self.set_buttons(None, ("Stop", self._stop), ("Go on in the background", self.accept))
        self.focus_button()
        work = partial(
            import_steps.bring_in,
            paths=self._paths,
            agent=self.found.agent.text().strip(),
            column_map=self.found.columns.column_map(),
        )
        title = f"Importing {count(sum(bool(seen.format) for seen in self._files), 'file')}"
        self._ticket = self._desk.jobs.long(work, title=title, owner=self._page, done=self._done, failed=self._failed)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._waiting.say("Stopping", 0, 0, "")

    def _progress(self, report: Report) -> None:
        if report.ticket is self._ticket:
            done, total, what = report.progress
            self._waiting.say(count(done, "record" if self._importing else "file"), done, total, what)

    def _done(self, report: "ImportReport") -> None:
        self._importing, self._ticket = False, None
        self._report = report
        if self._closed:
            self._tell(report)
            self.deleteLater()
            return
        self.say_title("Imported" if report.added else "Nothing new")
        self.outcome.show_report(report)
        self._stack.setCurrentWidget(self.outcome)
        self.set_buttons(("New campaign", self._to_campaign), ("Import more", self._choose), ("Close", self.accept))
        self.focus_button()

    def _publish(self, policy: "Embedded") -> None:
        work = partial(import_steps.publish_policy, policy=policy)
        self._desk.jobs.run(work, owner=self, done=lambda _added: self.outcome.published(policy), failed=page_error(self._desk))

    def _tell(self, report: "ImportReport") -> None:
        (self._desk.messages.warn if report.rejected else self._desk.messages.good)("The import is done.", in_short(report))

    def _to_campaign(self) -> None:
        self.accept()
        self.campaign_wanted.emit()

    def _to_studio(self) -> None:
        self.reject()
        self.studio_wanted.emit()

    def _show_rejects(self) -> None:
        report = self._report
        if report is not None:
            work = partial(import_steps.rejects_in_words, report=report)
            self._desk.jobs.read(work, owner=self, done=self.outcome.show_rejects, failed=page_error(self._desk))

    # -- how it ends -------------------------------------------------------------------------------------------------------------

    def _failed(self, error: ReviewerError) -> None:
        importing, self._importing, self._ticket = self._importing, False, None
        if importing:
            self._desk.jobs.changed.emit(Changes.ITEMS)
        if self._closed:
            self._desk.messages.show_error(error)
            self.deleteLater()
            return
        self.say_title("It did not work")
        self._waiting.fail(error.what, error.hint)
        self._stack.setCurrentWidget(self._waiting)
        self.set_buttons(None, ("Choose others", self._choose), ("Close", self.reject))
        self.focus_button()

    def _ended(self, ticket: Ticket) -> None:
        if ticket is not self._ticket or not ticket.cancelled:
            return
        importing, self._importing, self._ticket = self._importing, False, None
        if importing:
            self._desk.jobs.changed.emit(Changes.ITEMS)  # batches that were done stay, and nobody was told of them
        if self._closed:
            if importing:
                self._desk.messages.note(*_STOPPED)
            self.deleteLater()
        elif importing:
            self.say_title("Stopped")
            self._waiting.fail(*_STOPPED)
            self.set_buttons(None, ("Import more", self._choose), ("Close", self.accept))
            self.focus_button()

    def _was_closed(self, _result: int) -> None:
        self._closed = True
        if self._ticket is not None and not self._importing:
            self._ticket.cancel()
        elif self._ticket is None:
            self.deleteLater()

    def _wait(self, title: str, words: str) -> None:
        self._closed = False
        self.say_title(title)
        self._waiting.start(title, words)
        self._stack.setCurrentWidget(self._waiting)
