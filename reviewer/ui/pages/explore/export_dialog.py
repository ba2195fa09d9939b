"""Labels into a file: of all campaigns or of one, those in force or all that were ever given."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import shown
from reviewer.domain.progress import Ticket
from reviewer.ui.messages import Messages
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog, page_error
from reviewer.ui.pages.insights.fetching import campaigns
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.exporting import Exported
    from reviewer.storage.workspace import Workspace

_KINDS = "JSON lines (*.jsonl);;CSV (*.csv);;Parquet (*.parquet)"


def export(workspace: "Workspace", ticket: Ticket, *, path: Path, campaign: str | None, history: bool) -> "Outcome[Exported]":
    """Write the file."""
    from reviewer import operations

    return operations.exporting.export_labels(workspace, ticket, path=path, campaign=campaign, history=history)


class ExportDialog(SheetDialog):
    """Asks which labels and where to."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page, desk.theme, "Export labels")
        self._desk, self._page = desk, page
        self.campaign = ChoiceList()
        self.campaign.setAccessibleName("Campaign")
        self.campaign.addItem("All campaigns", None)
        self.history = QCheckBox("With those that were taken back or replaced")
        self.body.addWidget(plain_label("Campaign", role="label"))
        self.body.addWidget(self.campaign)
        self.body.addWidget(self.history)
        self.body.addWidget(
            Paragraph("JSON lines keep everything; CSV opens in a spreadsheet, with cells that it would run made harmless.", tone="faint")
        )
        self.body.addStretch(1)
        self.set_buttons(("Choose where", self._ask_where), ("Cancel", self.reject))
        self.resize_to(460, 260)
        self.campaign.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)
        desk.jobs.read(campaigns, owner=self, done=self._list, failed=page_error(desk))

    def _list(self, standings: "tuple[CampaignStanding, ...]") -> None:
        for standing in standings:
            self.campaign.addItem(f"{shown(standing.campaign)} ({count(standing.labels, 'label')})", standing.id)

    def _ask_where(self) -> None:
        target, kind = QFileDialog.getSaveFileName(self, "Export labels", str(Path.home() / "labels.jsonl"), _KINDS)
        if not target:
            return
        path = Path(target)
        if not path.suffix:
            path = path.with_suffix({"CSV": ".csv", "Parquet": ".parquet"}.get(kind.split(" (")[0], ".jsonl"))
        self.write_to(path)

    def write_to(self, path: Path) -> None:
        """Write the labels to a file, and say so."""
        messages = self._desk.messages
        work = partial(export, path=path, campaign=self.campaign.currentData(), history=self.history.isChecked())
        self._desk.jobs.long(work, title="Exporting labels", owner=self._page, done=partial(_tell, messages), failed=page_error(self._desk))
        self.accept()


def _tell(messages: Messages, exported: "Exported") -> None:
    withheld = f" {exported.withheld:,} were left out: you still have to judge their items blind." if exported.withheld else ""
    messages.good(f"{count(exported.labels, 'label')} written.", f"They are in {exported.path}.{withheld}")
