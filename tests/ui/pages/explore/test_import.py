"""Importing in the window: what was found is said first, then files go in, and what could not be read can be read here."""

import json
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.progress import SILENT
from reviewer.operations import policies, searching
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.import_dialog import ImportDialog
from reviewer.ui.pages.explore.import_found import summary
from reviewer.ui.pages.explore.import_steps import Seen
from reviewer.ui.widgets.words import PlainLabel
from tests.ui.pages.explore.conftest import Explore, Exploring, button
from tests.ui.pages.person import CTRL, LONG_MS


def _chats(path: Path, count: int, *, bad: bool = False) -> Path:
    lines = [json.dumps({"id": f"new-{n}", "messages": [{"role": "user", "content": f"Where is parcel {n}?"}]}) for n in range(count)]
    if bad:
        lines.insert(1, '{"messages": [{"role": "user", "content": "half a li')
    path.write_text("\n".join(lines) + "\n")
    return path


def _look(person: Exploring, *paths: Path) -> ImportDialog:
    person.press(Qt.Key.Key_I, CTRL)
    dialog = person.dialog(ImportDialog)
    dialog.look_at([str(path) for path in paths])
    person.qtbot.waitUntil(dialog.found.isVisible, timeout=LONG_MS)
    return dialog


def _is_done(offer: QPushButton) -> bool:
    return not offer.isEnabled()


def _cells(dialog: ImportDialog) -> list[list[str]]:
    [table] = dialog.found.findChildren(QTableWidget)
    model = table.model()
    return [[str(model.index(row, column).data()) for column in range(3)] for row in range(table.rowCount())]


def _said(dialog: ImportDialog) -> str:
    return " ".join(label.text() for label in dialog.outcome.findChildren(PlainLabel) if label.isVisible())


def test_files_are_looked_at_imported_and_what_was_bad_is_read_here(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    person = explore(workspace)
    chats = _chats(tmp_path / "chats.jsonl", 3, bad=True)
    licence = tmp_path / "LICENSE"
    licence.write_text("Do what you like.\n")
    dialog = _look(person, chats, licence)
    assert person.heading == "12 items"
    rows = _cells(dialog)
    assert rows[0][1:] == ["openai-chat", "Where is parcel 0?"]
    assert rows[1][1] == "left out"
    assert "Nothing has been imported yet." in dialog.found._sum.text()
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(dialog.outcome.isVisible, timeout=LONG_MS)
    assert dialog.main is not None
    assert dialog.main.hasFocus(), "Enter goes on"
    said = _said(dialog)
    for words in ("4 read", "3 new", "0 known already", "1 could not be read"):
        number, what = words.split(" ", 1)
        assert number in said
        assert what in said
    [text] = dialog.outcome.findChildren(QPlainTextEdit)
    assert "LICENSE" in text.toPlainText()
    button(dialog, "Show what could not be read").click()
    person.qtbot.waitUntil(lambda: "half a li" in text.toPlainText(), timeout=LONG_MS)
    assert "line 2" in text.toPlainText()
    person.press(Qt.Key.Key_Escape)
    person.qtbot.waitUntil(lambda: person.heading == "15 items", timeout=LONG_MS)
    person.search("parcel")
    assert person.heading == "3 of 15 items"


def test_the_same_files_again_add_nothing_and_say_so(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    person = explore(workspace)
    chats = _chats(tmp_path / "chats.jsonl", 2)
    for said in ("2 new", "Everything in these files was here already."):
        dialog = _look(person, chats)
        person.press(Qt.Key.Key_Return, CTRL)
        person.qtbot.waitUntil(dialog.outcome.isVisible, timeout=LONG_MS)
        assert all(part in _said(dialog) for part in said.split(" ", 1))
        person.press(Qt.Key.Key_Escape)


def test_a_table_whose_columns_nobody_can_guess_is_read_as_a_person_says(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    table.write_text("zulu,yankee,xray\nWho pays the fee,The agent says nobody,m-1\nWho opens the gate,The agent says Ann,m-2\n")
    person = explore(workspace)
    person.window.theme.resize(200)
    dialog = _look(person, table)
    assert dialog.main is not None
    assert not dialog.main.isEnabled()
    boxes = dialog.found.columns._boxes
    assert boxes["prompt"].isVisible()
    for field, column in (("prompt", "zulu"), ("completion", "yankee"), ("model", "xray")):
        boxes[field].setCurrentText(column)
    assert dialog.found.columns._samples["prompt"].text() == "Who pays the fee"
    dialog.found.agent.setText("front desk")
    assert dialog.main.isEnabled()
    person.qtbot.waitUntil(lambda: dialog.height() <= person.window.height())
    heads = dialog.found._table.horizontalHeader()
    assert all(heads.sectionSize(place) >= heads.sectionSizeHint(place) for place in range(heads.count()))
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(dialog.outcome.isVisible, timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)
    found = searching.search(workspace, SILENT, text="kind:completion").value.rows
    assert sorted((row.title, row.model, row.agent) for row in found) == [
        ("Who opens the gate", "m-2", "front desk"),
        ("Who pays the fee", "m-1", "front desk"),
    ]


def test_a_guessed_table_shows_its_guess_and_goes_in_untouched(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    table = tmp_path / "qa.csv"
    table.write_text("prompt,completion\nWhat is a fee for,A fee is for work\n")
    person = explore(workspace)
    dialog = _look(person, table)
    assert dialog.found.columns._boxes["prompt"].currentText() == "prompt"
    assert dialog.found.columns.column_map() is None
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(dialog.outcome.isVisible, timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)
    assert searching.search(workspace, SILENT, text="kind:completion", with_total=True).value.total == 1


def test_files_dropped_on_the_window_are_looked_at(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    person = explore(workspace)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(_chats(tmp_path / "chats.jsonl", 2)))])
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    person.window.dropEvent(QDropEvent(QPoint(300, 300), action, data, left, none))
    dialog = person.dialog(ImportDialog)
    person.qtbot.waitUntil(dialog.found.isVisible, timeout=LONG_MS)
    assert _cells(dialog)[0][2] == "Where is parcel 0?"
    person.press(Qt.Key.Key_Escape)


def test_an_import_that_is_closed_goes_on_and_a_banner_tells_its_end(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    person = explore(workspace)
    dialog = _look(person, _chats(tmp_path / "chats.jsonl", 400))
    person.press(Qt.Key.Key_Return, CTRL)
    dialog.accept()
    banners = person.window.messages.banners
    person.qtbot.waitUntil(lambda: any("The import is done." in b.accessibleName() for b in banners()), timeout=LONG_MS)
    person.qtbot.waitUntil(lambda: person.heading == "412 items", timeout=LONG_MS)


def test_an_import_can_be_stopped_and_what_was_read_is_kept(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    person = explore(workspace)
    dialog = _look(person, _chats(tmp_path / "chats.jsonl", 20_000))
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: "record" in dialog._waiting._figure.text(), timeout=LONG_MS)
    button(dialog, "Stop").click()
    person.qtbot.waitUntil(lambda: dialog.windowTitle() == "Stopped", timeout=LONG_MS)
    person.press(Qt.Key.Key_Escape)
    kept = searching.search(workspace, SILENT, text="parcel", with_total=True).value.total
    assert kept is not None
    assert 0 < kept < 20_000
    person.qtbot.waitUntil(lambda: person.heading == f"{12 + kept:,} items", timeout=LONG_MS)


def test_an_import_that_is_stopped_in_the_background_says_that_it_was(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    person = explore(workspace)
    dialog = _look(person, _chats(tmp_path / "chats.jsonl", 20_000))
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: "record" in dialog._waiting._figure.text(), timeout=LONG_MS)
    ticket = dialog._ticket
    assert ticket is not None
    dialog.accept()
    ticket.cancel()
    banners = person.window.messages.banners
    person.qtbot.waitUntil(lambda: any("The import was stopped." in b.accessibleName() for b in banners()), timeout=LONG_MS)
    assert banners()[0].accessibleDescription() == "What was read so far is kept. Import the same files again to go on."


def test_a_place_that_is_not_there_is_told_in_the_dialog(explore: Explore, workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_I, CTRL)
    dialog = person.dialog(ImportDialog)
    dialog.look_at([str(tmp_path / "gone.jsonl")])
    qtbot.waitUntil(lambda: dialog.windowTitle() == "It did not work", timeout=LONG_MS)
    qtbot.waitUntil(lambda: "There is no file or folder" in dialog._waiting._figure.text(), timeout=LONG_MS)
    button(dialog, "Choose others").click()
    assert dialog.files_card.isVisible()
    person.press(Qt.Key.Key_Escape)


def test_what_was_found_is_summed_up_in_words() -> None:
    files = [Seen("a", "csv", "", "x"), Seen("b", "csv", "", "y"), Seen("c", "tau-bench", "", "z"), Seen("d", "", "This is text.", "")]
    assert summary(files) == (
        "3 files of records: 2 csv, 1 tau-bench. 1 file is left out, for the reason beside it. Nothing has been imported yet."
    )
    assert "2 files are left out, for the reason beside each." in summary([*files, files[-1]])
    assert summary([]) == "No file of records was found. Nothing has been imported yet."


def test_the_policy_that_a_file_carries_is_published_with_one_key(explore: Explore, workspace: Workspace, tmp_path: Path) -> None:
    info = {"agent_info": {}, "environment_info": {"domain_name": "shop", "policy": "# Shop\n\n- Never lie.\n- Never shout.\n"}}
    runs = [{"id": "1", "task_id": "1", "messages": [{"role": "assistant", "content": "Hi!"}]}]
    (tmp_path / "a.json").write_text(json.dumps({"info": info, "tasks": [], "simulations": runs}))
    person = explore(workspace)
    for offered in (1, 0):  # the second time it is known
        dialog = _look(person, tmp_path / "a.json")
        person.press(Qt.Key.Key_Return, CTRL)
        person.qtbot.waitUntil(dialog.outcome.isVisible, timeout=LONG_MS)
        assert len(dialog.outcome.policies) == offered
        if offered:
            assert policies.list_policies(workspace, SILENT).value == ()
            person.press(Qt.Key.Key_P)
            offer = dialog.outcome.policies[0]
            person.qtbot.waitUntil(partial(_is_done, offer), timeout=LONG_MS)
            (policy,) = policies.list_policies(workspace, SILENT).value
            assert (policy.key, len(policy.versions)) == ("shop", 1)
        person.press(Qt.Key.Key_Escape)
