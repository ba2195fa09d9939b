"""A real window on the Sync page of a real project of several replicas, worked by keys."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.sync.page import SyncPage
from reviewer.ui.window import Window
from tests.operations.test_bundling import applied, joined, made
from tests.ui.conftest import MakeWindow

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 30_000  # a machine that does much else beside the tests is slow
_Dialog = TypeVar("_Dialog", bound=QDialog)


class Syncing:
    """A person at the Sync page."""

    def __init__(self, qtbot: QtBot, window: Window, page: SyncPage) -> None:
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

    def banners(self) -> list[str]:
        """What the banners say, the newest first."""
        return [banner.accessibleName() for banner in self.window.messages.banners()]

    def rest(self) -> None:
        """Until no long work goes on: a window that closes before would ask about it, and nobody answers."""
        self.wait(lambda: not self.window.jobs.busy)

    def number(self) -> str:
        """The large number of what waits."""
        return self.page.waiting._number.text()


Sync = Callable[..., Syncing]


@pytest.fixture
def syncing(qtbot: QtBot, make_window: MakeWindow) -> Sync:
    """Opens the window: `syncing(workspace, settings=…)`; waits until the page shows how it stands."""

    def start(workspace: Workspace, settings: Settings | None = None) -> Syncing:
        window = make_window(folder=workspace.folder, pages=PAGES, settings=settings or Settings({TIME_ZONE.key: "utc"}))
        page = window.go("sync")
        assert isinstance(page, SyncPage)
        qtbot.waitUntil(lambda: page.overview is not None, timeout=LONG_MS)
        return Syncing(qtbot, window, page)

    return start


@pytest.fixture
def two(tmp_path: Path) -> "tuple[Workspace, Workspace]":
    """Ada, who leads, and Ben, who has joined; both have everything."""
    from tests import worlds

    ada = worlds.ready(tmp_path / "ada", overlap=2)
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    applied(ada, made(ben, tmp_path / "back.rvb"))
    return ada, ben
