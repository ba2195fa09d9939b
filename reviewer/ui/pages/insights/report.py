"""A campaign's oversight record into a file: where to, then the work with its progress, then where it lies."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.messages import Messages
from reviewer.ui.page import Desk
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.reporting import Reported
    from reviewer.storage.workspace import Workspace

_KINDS = "PDF (*.pdf);;Web page (*.html)"
_UNFIT = frozenset('<>:"/\\|?*')


def report(workspace: "Workspace", ticket: Ticket, *, campaign: str, path: Path) -> "Outcome[Reported]":
    """Write the file."""
    from reviewer import operations

    return operations.reporting.write_report(workspace, ticket, campaign=campaign, path=path)


def ask_where(desk: Desk, page: QWidget, campaign: "CampaignStanding") -> None:
    """Ask for a file, and write the record to it."""
    usual = Path.home() / f"{file_name(campaign.campaign)}.pdf"
    target, kind = QFileDialog.getSaveFileName(page, "Oversight report", str(usual), _KINDS)
    if target:
        path = Path(target)
        write_to(desk, page, campaign.id, path if path.suffix else path.with_suffix(".html" if kind.startswith("Web") else ".pdf"))


def write_to(desk: Desk, page: QWidget, campaign: str, path: Path) -> Ticket:
    """Write the record of a campaign, by its id, and say so."""
    work = partial(report, campaign=campaign, path=path)
    return desk.jobs.long(
        work,
        title="Writing the oversight report",
        owner=page,
        done=partial(_tell, desk.messages),
        failed=partial(_tell_error, desk.messages),
    )


def file_name(campaign: str) -> str:
    """A campaign's name as a file may bear it on every system."""
    fit = "".join(c if c.isprintable() and c not in _UNFIT else "-" for c in campaign[:80]).strip(" .")
    return f"Oversight record {fit}".strip()


def _tell_error(messages: Messages, error: ReviewerError) -> None:
    messages.show_error(error)


def _tell(messages: Messages, written: "Reported") -> None:
    pages = "" if written.pages is None else f" {count(written.pages, 'page')}."
    messages.good("The oversight report is written.", f"It is in {written.path}.{pages}")
