"""The Policies page by keys: to the labels in one step, asking again, a new version with a decision, comparing, putting in force."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.domain.progress import SILENT
from reviewer.operations import policies, queues
from reviewer.operations.workspaces import open_workspace
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.policies.activate_dialog import ActivateDialog
from reviewer.ui.pages.policies.compare_dialog import CompareDialog
from reviewer.ui.pages.policies.matches import OLD
from reviewer.ui.pages.policies.page import PoliciesPage
from reviewer.ui.pages.policies.version_dialog import VersionDialog
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.widgets.veil import Veil
from reviewer.ui.window import SMALLEST
from tests.ui.conftest import MakeWindow
from tests.ui.cuts import cut
from tests.ui.pages.person import CTRL, LONG_MS
from tests.ui.pages.policies.conftest import Read
from tests.ui.pages.policies.world import AIRLINE_2, MOVED, changed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The workspace in which the airline's policy changed."""
    workspace, _ = changed(tmp_path / "work")
    workspace.close()
    return workspace.folder


def test_the_clause_that_changed_is_shown_with_both_words_and_the_labels_that_cite_the_old_ones(reading: Read, folder: Path) -> None:
    person = reading(folder)
    page = person.page
    person.at("4.2")
    assert page._header.words == "Airline policy, version 2, in force since 1 May 2026"
    assert [row.words for row in page.policies.rows] == ["Airline policy", "Claims handling policy"]
    assert person.clauses() == ["4.1", "4.2", "4.3", "5.1"]
    assert page.panel.name.text() == "4.2 Cancel flight, version 1 to version 2"
    assert "[gone: 48] [new: 24]" in page.panel.text.accessibleName()
    assert [one.cited.reviewer for one in page.panel.table.rows.labels] == ["Ada", "Ada", "Ben Ode", "Ben Ode", "Ada", "Ada", "Ben Ode"]
    assert (page.side.cited.number.text(), page.side.disputed.number.text()) == ("7", "2")
    (precedent,) = page.side.precedents
    assert precedent.accessibleName().startswith("Insurance was bought, and illness is covered.: compliant. resolved ")
    person.wait(page.side.pill.isVisible)
    assert page.side.pill.text() == "▲ superseded"
    person.press(Qt.Key.Key_J)
    person.at("4.3")
    assert page.panel.name.text() == "4.3 Refund time, unchanged since version 1"
    assert not page.panel.requeue.isVisible()
    assert not page.panel.labels.isEnabled()
    person.press(Qt.Key.Key_K)
    person.at("4.2")


def test_a_policy_that_is_read_anew_does_not_take_a_key_back_that_was_just_pressed(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    person.page.clauses.step(1)
    assert person.page.view is not None
    assert (person.page.clauses.key, person.page.view.clause) == ("4.3", "4.2")  # the panel follows after a moment
    person.page.refresh()
    person.at("4.3")
    assert person.page.clauses.key == "4.3"


def test_until_the_policies_are_read_the_page_says_that_they_are_and_holds_the_focus(
    make_window: MakeWindow, folder: Path, qtbot: QtBot
) -> None:
    window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
    page = window.go("policies")
    assert isinstance(page, PoliciesPage)
    assert page.blank.isVisible(), "nothing is here before the event loop has run"
    assert page.blank.accessibleName() == "Reading the policies"
    assert page.blank.hasFocus()
    qtbot.waitUntil(page.clauses.hasFocus, timeout=LONG_MS)
    assert not page.blank.isVisible()


def test_enter_lists_the_labels_behind_a_clause(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    assert person.page.clauses.hasFocus()
    person.press(Qt.Key.Key_Return)
    explore = person.window.go("explore")
    assert isinstance(explore, ExplorePage)
    person.wait(lambda: explore._header.words == "4 of 8 items")
    assert explore._header.field.text() == "clause:airline:4.2"


def test_a_row_and_a_precedent_open_their_item(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    explore = person.window.go("explore")
    assert isinstance(explore, ExplorePage)
    person.window.go("policies")
    person.page.panel.table.setFocus()
    person.press(Qt.Key.Key_Down)
    item = person.page.panel.table.item
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: explore._preview.item == item)
    person.window.go("policies")
    person.page.side.precedents[0].setFocus()
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: explore._preview.item == person.page.side.precedents[0].item)


def test_q_asks_again_for_what_cites_the_old_words(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    assert person.page.panel.requeue.text() == "Queue these 4 items for another look"
    person.press(Qt.Key.Key_Q)
    person.wait(lambda: any("4 items asked for again" in said for said in person.banners()))
    person.wait(person.page.panel.requeue.isHidden)
    assert "asked for again already" in person.page.panel.asked.text()
    workspace = open_workspace(folder).value
    shown = queues.next_items(workspace, SILENT, campaign="Airline refunds", limit=20).value
    workspace.close()
    assert sum(one.asked_again is not None and one.asked_again.clause == "airline:4.2" for one in shown) >= 2


def test_a_new_version_is_matched_decided_and_published_by_keys(reading: Read, folder: Path, tmp_path: Path) -> None:
    text = AIRLINE_2.decode().replace(*MOVED)
    (tmp_path / "v3.md").write_text(text)
    person = reading(folder)
    person.at("4.2")
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(VersionDialog)
    assert dialog.first.key.currentText() == "airline"
    assert dialog.main is not None
    assert not dialog.main.isEnabled()
    dialog.take(tmp_path / "v3.md")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: dialog.found.table.hasFocus())
    table = dialog.found.table
    assert "1 question to decide" in dialog.found.counts.text()
    assert table.currentIndex().row() == 2  # what only a person can decide
    assert table.rows.index(2, OLD).data() == "a new clause"
    person.press(Qt.Key.Key_Space)
    person.wait(lambda: isinstance(QApplication.focusWidget(), QComboBox))
    box = QApplication.focusWidget()
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData("4.3"))
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: table.rows.chosen == {"4.4": "4.3"})
    assert table.rows.index(2, OLD).data() == "4.3  Refund time"
    dialog.found.effective.setText("2026-06-31")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: "not a date" in dialog.problem.text())
    dialog.found.effective.setText("2026-06-01")
    dialog.found.at_once.setChecked(True)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: any("published as version 3" in said for said in person.banners()))
    person.wait(lambda: "version 3, in force" in person.page._header.words)
    workspace = open_workspace(folder).value
    shown = policies.show_policy(workspace, SILENT, key="airline").value
    workspace.close()
    assert [(one.clause, one.number) for one, _ in shown.clauses] == [("4.1", ""), ("4.2", ""), ("4.3", "4.4"), ("5.1", "")]


def test_delete_says_that_a_clause_is_new_and_whoever_had_the_key_gives_it_up(reading: Read, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "v3.md").write_bytes(AIRLINE_2)
    person = reading(folder)
    person.at("4.2")
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(VersionDialog)
    dialog.read(tmp_path / "v3.md")
    person.wait(lambda: dialog.proposal is not None)
    table = dialog.found.table
    person.press(Qt.Key.Key_Delete)
    assert table.rows.chosen == {"4.1": None}
    table.rows.setData(table.rows.index(1, OLD), "4.1")
    table.rows.setData(table.rows.index(0, OLD), "4.1")
    assert table.rows.chosen == {"4.1": "4.1", "4.2": None}
    person.press(Qt.Key.Key_Escape)


def test_a_file_that_is_no_policy_is_refused_where_it_was_chosen(reading: Read, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "prose.md").write_text("Only prose.")
    person = reading(folder)
    person.at("4.2")
    person.press(Qt.Key.Key_N)
    dialog = person.dialog(VersionDialog)
    dialog.read(tmp_path / "prose.md")
    person.wait(lambda: "No clause was found" in dialog.problem.text())
    assert dialog.first.choose.isEnabled()
    person.press(Qt.Key.Key_Escape)


def test_a_dropped_policy_file_is_read_as_a_new_version(reading: Read, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "v3.md").write_bytes(AIRLINE_2)
    person = reading(folder)
    person.at("4.2")
    person.page.take_files([tmp_path / "v3.md"])
    dialog = person.dialog(VersionDialog)
    person.wait(lambda: dialog.proposal is not None)
    person.press(Qt.Key.Key_Escape)


def test_a_policy_that_was_just_published_is_shown_and_a_text_of_another_one_is_doubted(
    reading: Read, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "chat.md").write_text("# Chat policy\n\n1.1 The assistant posts to a channel only if the user named it.\n")
    person = reading(folder)
    person.at("4.2")
    person.page.take_files([tmp_path / "chat.md"])
    dialog = person.dialog(VersionDialog)
    person.wait(lambda: dialog.proposal is not None)
    assert dialog.found.counts.text() == "Version 3 of airline: 0 clauses keep their keys, 1 is new, 4 old clauses left over."
    assert dialog.found.stranger.text().startswith("◆ No clause of this file is surely one of airline.")
    assert dialog.found.stranger.isVisible()
    dialog.others[0].click()
    dialog.first.key.setEditText("chat")
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: dialog.found.counts.text() == "The first version of chat; it is in force at once.")
    assert not dialog.found.stranger.isVisible()
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: person.page.policies.key == "chat")
    person.at("1.1")
    assert person.page._header.words == "Chat policy, version 1, in force"


def test_dropping_says_that_a_policy_can_be_dropped_here(reading: Read, folder: Path) -> None:
    person = reading(folder)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(folder))])
    event = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, files, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    person.window.dragEnterEvent(event)
    (veil,) = person.window.findChildren(Veil)
    assert veil.isVisible()
    assert veil.accessibleName().startswith("Drop a policy to read it as a new version")


def test_the_chosen_row_of_the_stale_labels_keeps_the_colour_of_its_verdict(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    table = person.page.panel.table
    row = next(place for place, one in enumerate(table.rows.labels) if one.cited.verdict == "non_compliant")
    table.setCurrentIndex(table.rows.index(row, 0))
    cell = table.visualRect(table.rows.index(row, 1))
    picture = table.viewport().grab(cell).toImage()
    bad = person.window.theme.colour("bad").rgb()
    assert any(picture.pixel(x, y) == bad for x in range(picture.width()) for y in range(picture.height()))


@pytest.mark.parametrize("size", [100, 150, 200])
def test_no_heading_of_the_stale_labels_is_cut(reading: Read, folder: Path, size: int) -> None:
    person = reading(folder)
    person.at("4.2")
    table = person.page.panel.table
    head = table.horizontalHeader()
    person.window.theme.resize(size)
    for width, height in ((1280, 800), SMALLEST):
        person.window.resize(width, height)
        person.wait(lambda: all(table.columnWidth(place) >= head.sectionSizeHint(place) for place in range(head.count())))
        person.wait(lambda: head.length() >= table.viewport().width())  # no more is left over


def test_two_versions_are_compared_within_the_window_in_large_text(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    person.window.theme.resize(200)
    person.press(Qt.Key.Key_D)
    dialog = person.dialog(CompareDialog)
    person.wait(lambda: dialog.counts.text() == "1 clause changed.")
    person.wait(lambda: dialog.width() <= person.window.width())
    assert not cut(dialog)
    person.press(Qt.Key.Key_Escape)


def test_two_versions_are_compared(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    person.press(Qt.Key.Key_D)
    dialog = person.dialog(CompareDialog)
    person.wait(lambda: dialog.counts.text() == "1 clause changed.")
    dialog.before.setCurrentIndex(1)
    person.wait(lambda: dialog.counts.text() == "The clauses are the same.")
    person.press(Qt.Key.Key_Escape)


def test_an_older_version_is_put_in_force_again(reading: Read, folder: Path) -> None:
    person = reading(folder)
    person.at("4.2")
    person.press(Qt.Key.Key_A)
    dialog = person.dialog(ActivateDialog)
    dialog.versions.setCurrentIndex(1)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: any("Version 1 of airline is in force" in said for said in person.banners()))
    person.wait(lambda: person.page._header.words.startswith("Airline policy, version 1, in force since 1 Mar 2026"))
    person.qtbot.waitUntil(lambda: person.page.view is not None and not person.page.view.stale.labels, timeout=LONG_MS)
