"""The Incidents page by keys: from one case to the next, notes and changes, closing, the record, and opening one from Explore."""

import json
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from reviewer.domain.incident_words import NO_RATE
from reviewer.domain.progress import SILENT
from reviewer.operations import incidents
from reviewer.operations.workspaces import open_workspace
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.incidents.case_dialog import ChangeDialog, OpenDialog
from reviewer.ui.pages.incidents.close_dialog import CloseDialog
from reviewer.ui.pages.incidents.page import IncidentsPage
from reviewer.ui.pages.incidents.words_dialog import WordsDialog
from reviewer.ui.widgets.ask import Question
from tests.ui.pages.incidents.conftest import Deal
from tests.ui.pages.incidents.world import Cases, cases
from tests.ui.pages.person import CTRL


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Cases]:
    """The workspace with incidents at every stage."""
    workspace, found = cases(tmp_path / "work")
    workspace.close()
    return workspace.folder, found


def test_open_ones_stand_first_and_keys_lead_through_all(dealing: Deal, made: tuple[Path, Cases]) -> None:
    folder, found = made
    person = dealing(folder)
    page = person.page
    person.at(found.refunds)
    assert page._header.words == "Refunds against the record, ▲ open, major, opened 21 Sep by Ada"
    assert [row.note for row in page.cases.open.rows] == ["6 items, 8 d 19 h left", "2 items"]
    assert [row.note for row in page.cases.closed.rows] == ["closed, rate after 0.0% (0.0 to 25.0)"]
    assert (page.panel.due.number.text(), page.side.clock.text()) == ("8 d 19 h", "◆ 8 d 19 h left")
    assert (page.panel.broken.number.text(), page.panel.causes[1].value, page.panel.causes[0].value) == ("5", "model", "")
    assert page.panel.after.text() == "0.0% (0.0 to 25.0) so far"
    assert page.panel.basis.text().endswith(
        "exact; 2 open, 0 unsure, 25.0% if none of those were compliant; to show one below 5%, 2 more items without a violation"
    )
    assert page.side.touched == ["clause 4.2 of airline, version 1", "claims", "shop", "model-a", "6 items"]
    assert page.panel.acts[-1].accessibleName().endswith("Ada: Opened over 6 items: Refunds against the record")
    for incident in (found.voucher, found.currency):
        person.press(Qt.Key.Key_J)
        person.at(incident)
    assert page.panel.after.text() == "0.0% (0.0 to 25.0) when it was closed"
    assert not person.window.actions_of_page.can_fire("incidents.close")
    person.press(Qt.Key.Key_K)
    person.at(found.voucher)


def test_large_text_in_a_small_window_cuts_neither_how_an_incident_stands_nor_the_buttons_of_its_dialog(
    dealing: Deal, made: tuple[Path, Cases]
) -> None:
    person = dealing(made[0])
    person.at(made[1].refunds)
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    pill = person.page._header.pill
    person.wait(lambda: pill.width() >= pill.sizeHint().width() and pill.text() == "▲ open, major")
    person.press(Qt.Key.Key_E)
    dialog = person.dialog(ChangeDialog)
    person.wait(lambda: dialog.sample.count() > 1)
    assert dialog.minimumSizeHint().height() <= dialog.height() <= 760
    person.press(Qt.Key.Key_Escape)


def test_notes_the_remedy_and_the_root_cause_are_written_by_keys(dealing: Deal, made: tuple[Path, Cases]) -> None:
    person = dealing(made[0])
    page = person.page
    person.at(made[1].refunds)
    for key, field, words in ((Qt.Key.Key_N, "note", "Told the vendor."), (Qt.Key.Key_F, "fix", " And it logs.")):
        person.press(key)
        dialog = person.dialog(WordsDialog)
        assert dialog.words.toPlainText() == ("" if field == "note" else "The cancel tool now asks for the status of the flight.")
        dialog.words.moveCursor(dialog.words.textCursor().MoveOperation.End)
        person.write(words)
        person.press(Qt.Key.Key_Return, CTRL)
        person.wait(partial(_says_last, page, words.strip()))
    assert page.panel.fix.text().endswith("flight. And it logs.")
    person.press(Qt.Key.Key_R)
    assert QApplication.focusWidget() is page.panel.causes[1].button("model")
    person.press(Qt.Key.Key_Right)
    person.press(Qt.Key.Key_Space)
    person.wait(lambda: page.view is not None and page.view.line.root_cause == "tool")
    assert page.panel.acts[0].text() == "Root cause: tool"


def _says_last(page: IncidentsPage, words: str) -> bool:
    return words in page.panel.acts[0].text()


def test_only_what_was_changed_is_recorded_and_a_wrong_value_is_said_where_it_stands(dealing: Deal, made: tuple[Path, Cases]) -> None:
    person = dealing(made[0])
    page = person.page
    person.at(made[1].refunds)
    assert page.view is not None
    before = len(page.view.history)
    person.press(Qt.Key.Key_E)
    dialog = person.dialog(ChangeDialog)
    person.wait(lambda: dialog.sample.currentText() == "After the fix" and dialog.owner.currentText() == "Ada")
    dialog.aware.setText("yesterday")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: "“yesterday” is not a time." in dialog.wrong.words)
    dialog.aware.setText("2026-09-20T09:30Z")
    dialog.deadline.setCurrentIndex(dialog.deadline.findData("widespread"))
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: page.view is not None and len(page.view.history) == before + 1)
    assert page.panel.acts[0].text() == "Deadline: widespread infringement or critical infrastructure"
    person.wait(lambda: page.side.clock.text().startswith("▲ overdue by"))
    assert page.panel.due.about.text() == "since the report was due"


def test_closing_asks_what_shows_that_the_fix_holds(dealing: Deal, made: tuple[Path, Cases]) -> None:
    folder, found = made
    person = dealing(folder)
    page = person.page
    page.cases.step(1)
    person.at(found.voucher)
    person.press(Qt.Key.Key_S)
    person.wait(lambda: page.view is not None and page.view.line.status == "fixed")
    person.press(Qt.Key.Key_C)
    dialog = person.dialog(CloseDialog)
    person.wait(lambda: dialog.campaign.count() == 3)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: "Nothing shows that the fix holds" in dialog.wrong.words)
    dialog.campaign.setCurrentIndex(dialog.campaign.findText("C"))
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: "drawn before the incident was opened" in dialog.wrong.words)
    dialog.campaign.setCurrentIndex(0)
    dialog.reason.setFocus()
    person.write("The agent was withdrawn.")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: page.view is not None and page.view.line.status == "closed")
    person.wait(lambda: page.panel.basis.text() == NO_RATE)
    assert page.cases.current is page.cases.closed
    person.press(Qt.Key.Key_S)
    person.wait(lambda: page.view is not None and page.view.line.status == "open")


def test_the_record_is_written_where_it_is_wanted(
    dealing: Deal, made: tuple[Path, Cases], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = dealing(made[0])
    person.at(made[1].refunds)
    target = tmp_path / "case"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), "JSON (*.json)"))
    person.press(Qt.Key.Key_E, CTRL)
    person.wait(lambda: any("record is written" in banner.accessibleName() for banner in person.window.messages.banners()))
    assert json.loads(target.with_suffix(".json").read_text())["incident"]["id"] == made[1].refunds


def test_enter_lists_the_items_and_an_incident_is_opened_over_what_is_listed(dealing: Deal, made: tuple[Path, Cases]) -> None:
    folder, found = made
    person = dealing(folder)
    person.at(found.refunds)
    assert person.page.view is not None
    items = set(person.page.view.items)
    person.press(Qt.Key.Key_Return)
    explore = person.window.go("explore")
    assert isinstance(explore, ExplorePage)
    person.wait(lambda: explore._listing.rowCount() == 6 and explore._found.has_focus())
    person.press(Qt.Key.Key_I)
    dialog = person.dialog(OpenDialog)
    assert dialog.windowTitle() == "Open an incident over 6 items"
    person.wait(lambda: dialog.owner.findText("Ada") >= 0)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: dialog.wrong.words.startswith("The incident has no title. Give it one"))
    person.write("Six again")
    assert dialog.wrong.words == ""
    dialog.severity.choose("critical")
    person.press(Qt.Key.Key_Return, CTRL)
    page = person.page
    person.wait(lambda: page.isVisible() and page.view is not None and page.view.line.title == "Six again")
    assert page.view is not None
    assert (page.view.line.severity, set(page.view.items)) == ("critical", items)
    workspace = open_workspace(folder).value
    incidents.close_incident(workspace, SILENT, incident=page.view.line.id, reason="A trial.")
    workspace.close()


def test_the_rail_and_its_key_lead_to_the_page(dealing: Deal, made: tuple[Path, Cases]) -> None:
    person = dealing(made[0])
    person.window.go("explore")
    person.press(Qt.Key.Key_7, CTRL)
    person.wait(person.page.isVisible)
    assert isinstance(person.page, IncidentsPage)
    assert person.window._rail.button("incidents").isChecked()


def _answer(asked: list[str], *, leave: bool) -> None:
    """Answer the question as soon as it is there."""

    def press() -> None:
        question = QApplication.activeModalWidget()
        if isinstance(question, Question):
            asked.append(question.windowTitle())
            (question.yes if leave else question.no).click()
        else:
            QTimer.singleShot(20, press)

    QTimer.singleShot(20, press)


def test_words_that_were_written_are_not_lost_by_esc_without_a_question(dealing: Deal, made: tuple[Path, Cases]) -> None:
    folder, found = made
    person = dealing(folder)
    person.at(found.refunds)
    person.press(Qt.Key.Key_N)
    empty = person.dialog(WordsDialog)
    person.press(Qt.Key.Key_Escape)  # nothing was written: nothing is asked
    assert not empty.isVisible()
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(WordsDialog)
    person.write("The bank was told.")
    asked: list[str] = []
    _answer(asked, leave=False)
    person.press(Qt.Key.Key_Escape)
    assert (asked, dialog.isVisible(), dialog.words.toPlainText()) == (["Leave without your words?"], True, "The bank was told.")
    dialog.words.setFocus()
    _answer(asked, leave=True)
    person.press(Qt.Key.Key_Escape)
    assert (len(asked), dialog.isVisible()) == (2, False)
