"""A real window on the Datasets page, worked by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.datasets.page import DatasetsPage
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import CTRL, Person
from tests.ui.transcript.runs import canary as canary


class Releasing(Person[DatasetsPage]):
    """A person at the Datasets page."""

    def write(self, text: str) -> None:
        """Type where the focus is, in place of what stands there."""
        self.press(Qt.Key.Key_A, CTRL)
        super().write(text)

    def at_row(self, number: int) -> None:
        """Until a row is shown."""
        self.wait(lambda: self.page.row is not None and self.page.row.row.number == number)

    def stands(self, word: str) -> None:
        """Until the pill of the release says so."""
        self.wait(lambda: word in self.page.view.pill.text())

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
