"""Joining a project from the window, by keys."""

from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.operations import joining
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.sync.join_dialog import JoinDialog
from tests.ui import accessibility
from tests.ui.pages.person import CTRL
from tests.ui.pages.sync.conftest import Sync


def test_joining_by_keys_makes_a_request_and_shows_its_six_words(syncing: Sync, workspace: Workspace, tmp_path: Path) -> None:
    person = syncing(workspace)
    person.press(Qt.Key.Key_J, CTRL)
    dialog = person.dialog(JoinDialog)
    assert accessibility.nameless(dialog) == []
    request = tmp_path / "dan.json"
    for field, text in ((dialog.name, "Dan"), (dialog.folder, str(tmp_path / "dan")), (dialog.request, str(request))):
        field.setFocus()
        field.selectAll()
        person.write(text)
    person.press(Qt.Key.Key_Return, CTRL)
    person.wait(lambda: bool(dialog.six.text()))
    read, words = joining.read_request(request)
    assert (read.name, dialog.six.text()) == ("Dan", " · ".join(words))
    person.press(Qt.Key.Key_Escape)
    person.wait(lambda: not person.window.findChildren(JoinDialog))
