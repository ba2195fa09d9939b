"""A real window on the Incidents page, worked by keys."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.incidents import fetching
from reviewer.ui.pages.incidents.page import IncidentsPage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests.ui.conftest import MakeWindow
from tests.ui.pages.incidents.world import NOW_MS
from tests.ui.transcript.runs import canary as canary

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 30_000  # a machine that does much else beside the tests is slow
_Dialog = TypeVar("_Dialog", bound=QDialog)


class Dealing:
    """A person at the Incidents page."""

    def __init__(self, qtbot: QtBot, window: Window, page: IncidentsPage) -> None:
        self.qtbot, self.window, self.page = qtbot, window, page

    def wait(self, what: Callable[[], bool]) -> None:
        """Until something holds."""
        self.qtbot.waitUntil(what, timeout=LONG_MS)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Press a key where the focus is."""
        if QApplication.activeWindow() is None:
            with self.qtbot.waitActive(self.window, timeout=LONG_MS):  # a dialog has just gone
                self.window.activateWindow()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type where the focus is."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def dialog(self, kind: type[_Dialog]) -> _Dialog:
        """The open dialog of a class."""
        self.wait(lambda: any(dialog.isVisible() for dialog in self.window.findChildren(kind)))
        [found] = [dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()]
        self.wait(found.isActiveWindow)
        return found

    def at(self, incident: str) -> None:
        """Until an incident is shown."""
        self.wait(lambda: self.page.view is not None and self.page.view.line.id == incident)


Deal = Callable[[Path], Dealing]


@pytest.fixture
def dealing(qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> Deal:
    """Opens the window on a workspace: `dealing(folder)`; waits until the page shows what is there, five days after it was made."""
    monkeypatch.setattr(fetching, "now_ms", lambda _workspace: NOW_MS)

    def start(folder: Path) -> Dealing:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        page = window.go("incidents")
        assert isinstance(page, IncidentsPage)
        person = Dealing(qtbot, window, page)
        person.wait(lambda: page.view is not None or page.empty.isVisible())
        return person

    return start
