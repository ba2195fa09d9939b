"""The page with no incident, thousands of them, the longest text; and what a screen reader finds."""

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.domain.chain import NoteRef
from reviewer.domain.events import BlobRef, Event, Incident, IncidentUpdate
from reviewer.domain.progress import SILENT
from reviewer.operations import incidents, members
from reviewer.storage.campaigns import pack_ids
from reviewer.ui.action_set import check_handlers
from reviewer.ui.pages.incidents.case_dialog import ChangeDialog, OpenDialog
from tests import worlds
from tests.ui import accessibility
from tests.ui.pages.incidents.conftest import Deal
from tests.ui.pages.incidents.world import cases
from tests.ui.transcript.runs import sees_canary

MANY = 2_000


def test_without_an_incident_the_page_says_what_one_is_and_where_it_is_opened(dealing: Deal, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "empty")
    workspace.close()
    person = dealing(workspace.folder)
    person.wait(person.page.empty.button.hasFocus)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    can = person.window.actions_of_page
    assert [name for name in ("note", "close", "export", "items", "next") if can.can_fire(f"incidents.{name}")] == []
    person.press(Qt.Key.Key_Space)
    person.wait(lambda: person.window.current_page == "explore")


def test_every_widget_has_a_name_is_in_reach_and_every_action_its_handler(dealing: Deal, tmp_path: Path) -> None:
    workspace, found = cases(tmp_path / "w")
    workspace.close()
    person = dealing(workspace.folder)
    person.at(found.refunds)
    check_handlers("incidents", person.page.handlers())
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_E)
    dialog = person.dialog(ChangeDialog)
    assert accessibility.nameless(dialog) == []
    person.press(Qt.Key.Key_Escape)


def test_thousands_of_incidents_are_listed_and_the_last_is_a_key_away(dealing: Deal, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "many")
    items = worlds.put_in(workspace, [worlds.run_of(0)])
    with workspace.begin() as work:
        listed, title = BlobRef(1, work.keep_blob(pack_ids(items))), work.keep_note("Again")
        for n in range(MANY):
            work.record(Event("incident", Incident(items=listed, aware_ms=worlds.START_MS + n), note=NoteRef(title.c, title.blob)))
    workspace.close()
    person = dealing(workspace.folder)
    page = person.page
    person.wait(lambda: len(page.cases.open.rows) == MANY)
    page.cases.take_focus()
    person.press(Qt.Key.Key_End)
    last = page.cases.open.rows[-1].key
    person.at(last)


def test_the_longest_words_are_shown_as_words_and_load_nothing(dealing: Deal, tmp_path: Path, canary: Path) -> None:
    workspace = worlds.make(tmp_path / "long")
    items = worlds.put_in(workspace, [worlds.run_of(n) for n in range(2)])
    hostile = f'<img src="{canary}">' + "W" * 150
    incident = incidents.open_incident(
        workspace, SILENT, title=hostile[:200], items=items, summary=f"{hostile} " * 200, severity="critical", deadline="death"
    ).value.incident
    incidents.set_incident(workspace, SILENT, incident=incident, fields={"note": hostile * 100, "fix": hostile})
    with workspace.begin() as work:  # as a later entry of somebody else who knew of none of it
        note = work.keep_note(hostile)
        work.record(Event("incident_update", IncidentUpdate(incident=incident, says="fix"), frozenset({incident}), None, note))
    workspace.close()
    person = dealing(workspace.folder)
    person.at(incident)
    assert person.page.panel.differs.isVisible()
    assert not sees_canary(person.window)
    person.press(Qt.Key.Key_E)
    assert not sees_canary(person.dialog(ChangeDialog))
    person.press(Qt.Key.Key_Escape)


def test_who_may_not_change_an_incident_sees_it_and_is_offered_nothing_else(dealing: Deal, tmp_path: Path) -> None:
    workspace, found = cases(tmp_path / "w")
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    with ben.begin() as work:
        (device,) = work.row("SELECT d.id FROM device d WHERE d.member = ?", (ben.member,)) or ("",)
        work.set_fact("devices_here", f'["{device}"]')
    ben.close()
    workspace.close()
    person = dealing(workspace.folder)
    person.at(found.refunds)
    can = person.window.actions_of_page
    assert [name for name in ("note", "fix", "change", "cause", "status", "close") if can.can_fire(f"incidents.{name}")] == []
    assert can.can_fire("incidents.export")
    assert not person.page.side.close_case.isEnabled()
    assert not person.page.panel.causes[0].isEnabled()
    assert person.window.findChildren(OpenDialog) == []
