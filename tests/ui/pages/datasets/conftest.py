"""A real window on the Datasets page, worked by keys."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.datasets.page import DatasetsPage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests.ui.conftest import MakeWindow
from tests.ui.transcript.runs import canary as canary

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 30_000  # a machine that does much else beside the tests is slow
_Dialog = TypeVar("_Dialog", bound=QDialog)


class Releasing:
    """A person at the Datasets page."""

    def __init__(self, qtbot: QtBot, window: Window, page: DatasetsPage) -> None:
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
        """Type where the focus is, in place of what stands there."""
        self.press(Qt.Key.Key_A, CTRL)
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def dialog(self, kind: type[_Dialog]) -> _Dialog:
        """The open dialog of a class."""
        self.wait(lambda: any(dialog.isVisible() for dialog in self.window.findChildren(kind)))
        [found] = [dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()]
        self.wait(found.isActiveWindow)
        return found

    def at_row(self, number: int) -> None:
        """Until a row is shown."""
        self.wait(lambda: self.page.row is not None and self.page.row.row.number == number)

    def stands(self, word: str) -> None:
        """Until the pill of the release says so."""
        self.wait(lambda: word in self.page.view.pill.text())

    def banners(self) -> list[str]:
        """What the banners say, the newest first."""
        return [banner.accessibleName() for banner in self.window.messages.banners()]

    @property
    def story(self) -> list[str]:
        """The steps of the row's story."""
        return [link.title for link in self.page.side.story]


Start = Callable[[Path], Releasing]


@pytest.fixture
def releasing(qtbot: QtBot, make_window: MakeWindow) -> Start:
    """Opens the window on a workspace: `releasing(folder)`; waits until the page shows what is there."""

    def start(folder: Path) -> Releasing:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        page = window.go("datasets")
        assert isinstance(page, DatasetsPage)
        person = Releasing(qtbot, window, page)
        person.wait(lambda: bool(page.lines) or page.empty.isVisible())
        return person

    return start
