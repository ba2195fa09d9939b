"""A real window on the Policies page, worked by keys."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.policies.page import PoliciesPage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests.ui.conftest import MakeWindow
from tests.ui.transcript.runs import canary as canary

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 30_000  # a machine that does much else beside the tests is slow
_Dialog = TypeVar("_Dialog", bound=QDialog)


class Reading:
    """A person at the Policies page."""

    def __init__(self, qtbot: QtBot, window: Window, page: PoliciesPage) -> None:
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

    def at(self, clause: str) -> None:
        """Until a clause is shown."""
        self.wait(lambda: self.page.view is not None and self.page.view.clause == clause)

    def banners(self) -> list[str]:
        """What the banners say, the newest first."""
        return [banner.accessibleName() for banner in self.window.messages.banners()]

    def clauses(self) -> list[str]:
        """The keys of the clauses that are listed."""
        return [row.key for row in self.page.clauses.rows]


Read = Callable[[Path], Reading]


@pytest.fixture
def reading(qtbot: QtBot, make_window: MakeWindow) -> Read:
    """Opens the window on a workspace: `reading(folder)`; waits until the page shows what is there."""

    def start(folder: Path) -> Reading:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        page = window.go("policies")
        assert isinstance(page, PoliciesPage)
        person = Reading(qtbot, window, page)
        person.wait(lambda: page.view is not None or page.empty.isVisible())
        return person

    return start
