"""A real window on the Clusters page, worked by keys and by mouse."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.clusters.page import ClustersPage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import mapped
from tests.ui.conftest import MakeWindow

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 120_000  # a machine that does much else beside the tests is slow, and the process of a run lets all else go first
_Dialog = TypeVar("_Dialog", bound=QDialog)


class Looking:
    """A person at the Clusters page."""

    def __init__(self, qtbot: QtBot, window: Window, page: ClustersPage) -> None:
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

    def drag(self, *points: tuple[int, int]) -> None:
        """Draw on the map with the left button."""
        corners = [QPoint(*point) for point in points]
        QTest.mousePress(self.page.map, Qt.MouseButton.LeftButton, PLAIN, corners[0])
        for corner in corners[1:]:
            QTest.mouseMove(self.page.map, corner)
        QTest.mouseRelease(self.page.map, Qt.MouseButton.LeftButton, PLAIN, corners[-1])
        QApplication.processEvents()

    def around(self, topic: str, reach: float = 1.7) -> list[tuple[int, int]]:
        """The corners of a square around the items of a topic, as the map shows them now."""
        space = self.page.map.space
        assert space is not None
        x, y = mapped.MIDDLES[topic]
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        pixels = (space.pixel(QPointF(x + reach * a, y + reach * b)).toPoint() for a, b in corners)
        return [(pixel.x(), pixel.y()) for pixel in pixels]

    def dialog(self, kind: type[_Dialog]) -> _Dialog:
        """The open dialog of a class."""
        self.wait(lambda: any(dialog.isVisible() for dialog in self.window.findChildren(kind)))
        [found] = [dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()]
        self.wait(found.isActiveWindow)
        return found

    def banners(self) -> list[str]:
        """What the banners say, the newest first."""
        return [banner.accessibleName() for banner in self.window.messages.banners()]

    def can(self, action: str) -> bool:
        """Whether an action of the page would do something now."""
        return self.window.actions_of_page.can_fire(f"clusters.{action}")


Look = Callable[[Path], Looking]


@pytest.fixture
def looking(qtbot: QtBot, make_window: MakeWindow) -> Look:
    """Opens the window on a workspace: `looking(folder)`; waits until the page shows what is there."""

    def start(folder: Path) -> Looking:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        page = window.go("clusters")
        assert isinstance(page, ClustersPage)
        person = Looking(qtbot, window, page)
        person.wait(lambda: page.standing is not None)
        return person

    return start


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a run, made once: tests only look at it."""
    made = mapped.mapped(tmp_path_factory.mktemp("run") / "workspace")
    made.workspace.close()
    return made.workspace.folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """One to work on: this test holds its keys."""
    made = mapped.mapped(tmp_path / "own")
    made.workspace.close()
    return made.workspace.folder
