"""Two changes of one incident, from the Sync page to where they are settled, by keys."""

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.domain.events import Event, IncidentUpdate, Severity
from reviewer.domain.progress import SILENT
from reviewer.operations import incidents
from reviewer.ui.pages.incidents.case_dialog import ChangeDialog
from reviewer.ui.pages.incidents.page import IncidentsPage
from tests import worlds
from tests.ui.pages.person import CTRL
from tests.ui.pages.sync.conftest import Sync


def test_an_incident_that_two_people_changed_at_once_is_opened_and_settled(syncing: Sync, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    items = worlds.put_in(workspace, [worlds.run_of(0)])
    incident = incidents.open_incident(workspace, SILENT, title="Paid twice", items=items).value.incident
    graver: tuple[Severity, ...] = ("major", "critical")
    for severity in graver:  # neither names the other
        with workspace.begin() as work:
            work.record(Event("incident_update", IncidentUpdate(incident=incident, severity=severity), frozenset({incident})))
    workspace.close()
    person = syncing(workspace)
    person.wait(lambda: bool(person.page.settle.rows))
    [row] = [button.row for button in person.page.settle.rows]
    assert (row.what, row.act) == (f"Incident {incident[:6]}", "open it")
    assert row.why == "two people changed it, neither knew of the other"
    person.press(Qt.Key.Key_C)
    person.press(Qt.Key.Key_Return)
    page = person.window.go("incidents")
    assert isinstance(page, IncidentsPage)
    person.wait(lambda: page.view is not None and page.view.line.id == incident)
    assert page.panel.differs.words.startswith("Two people changed it, neither knowing of the other. severity: “")
    person.press(Qt.Key.Key_E)
    dialog = person.dialog(ChangeDialog)
    assert dialog.severity.value == "critical"  # the graver one, until somebody says it anew
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: page.view is not None and not page.view.conflicts)
    assert page.view is not None
    assert page.view.line.severity == "critical"
    person.window.go("sync")
    person.wait(lambda: not person.page.settle.rows)
