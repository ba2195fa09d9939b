"""The record of an incident into a file: where to, then the work with its progress, then where it lies."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from reviewer.domain.progress import Ticket
from reviewer.ui.messages import Messages
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import page_error
from reviewer.ui.pages.incidents import fetching
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentView
    from reviewer.operations.reporting import Reported

_KINDS = {"PDF (*.pdf)": ".pdf", "Web page (*.html)": ".html", "JSON (*.json)": ".json"}


def ask_where(desk: Desk, page: QWidget, view: "IncidentView") -> None:
    """Ask for a file, and write the record to it."""
    usual = Path.home() / f"Incident record {view.line.id[:12]}.pdf"
    target, kind = QFileDialog.getSaveFileName(page, "Incident record", str(usual), ";;".join(_KINDS))
    if target:
        path = Path(target)
        write_to(desk, page, view.line.id, path if path.suffix else path.with_suffix(_KINDS.get(kind, ".pdf")))


def write_to(desk: Desk, page: QWidget, incident: str, path: Path) -> Ticket:
    """Write the record of an incident, by its id, and say so."""
    work = partial(fetching.write, incident=incident, path=path)
    return desk.jobs.long(
        work, title="Writing the incident record", owner=page, done=partial(_tell, desk.messages), failed=page_error(desk)
    )


def _tell(messages: Messages, written: "Reported") -> None:
    pages = "" if written.pages is None else f" {count(written.pages, 'page')}."
    messages.good("The incident record is written.", f"It is in {written.path}.{pages}")
