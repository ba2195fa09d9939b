"""A real window on the Clusters page, worked by keys and by mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.clusters.page import ClustersPage
from reviewer.ui.pages.registry import PAGES
from tests import mapped
from tests.mapped import run as run
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import PLAIN, Person


class Looking(Person[ClustersPage]):
    """A person at the Clusters page."""

    patience_ms = 120_000  # a machine that does much else beside the tests is slow, and the process of a run lets all else go first

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


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """One to work on: this test holds its keys."""
    made = mapped.mapped(tmp_path / "own")
    made.workspace.close()
    return made.workspace.folder
