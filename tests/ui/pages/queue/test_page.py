"""Two pages work queues; what one of them records is nothing that the other has to ask about while it is not seen."""

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from reviewer.storage.workspace import Workspace
from reviewer.ui.jobs import Jobs
from reviewer.ui.pages.queue.page import QueuePage
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow
from tests.ui.pages.review.conftest import Reviewing


def test_a_label_makes_no_page_ask_that_nobody_sees(
    qtbot: QtBot, make_window: MakeWindow, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(folder=workspace.folder, pages=PAGES)
    compare, review = window.go("compare"), window.go("review")
    assert isinstance(compare, QueuePage)
    assert isinstance(review, QueuePage)
    person = Reviewing(qtbot, window, review, workspace)  # type: ignore[arg-type] # it is the Review page
    qtbot.waitUntil(lambda: bool(person.item))
    asked: list[QObject] = []
    really = Jobs.read

    def read(self: Jobs, work: object, *, owner: QObject, **rest: object) -> object:
        asked.append(owner)
        return really(self, work, owner=owner, **rest)  # type: ignore[arg-type] # as it came

    monkeypatch.setattr(Jobs, "read", read)
    person.press(Qt.Key.Key_C)
    person.record()
    qtbot.waitUntil(lambda: not window._spreading._later.isActive())  # those that nobody sees were told
    assert review._flow in asked  # it counts what is left
    assert compare not in asked
    window.go("compare")
    assert compare in asked
