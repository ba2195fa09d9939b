"""A real window on the Explore page of a real workspace, worked by keys."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.header import SearchField
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.explore.preview import Preview
from reviewer.ui.pages.explore.table import ItemsTable
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import Person
from tests.ui.transcript.runs import canary as canary

_Widget = TypeVar("_Widget", bound=QWidget)


class Exploring(Person[ExplorePage]):
    """A person at the Explore page."""

    def __init__(self, qtbot: QtBot, window: Window, page: ExplorePage) -> None:
        super().__init__(qtbot, window, page)
        self.table = _one(page, ItemsTable)
        self.preview = _one(page, Preview)
        header = page.header()
        self.field = _one(header, SearchField)
        self.listing = page._listing

    def listed(self) -> bool:
        """Whether the search that was asked for is listed to its end."""
        looked = self.listing.looked
        return looked is not None and looked.found is not None and looked.text == self.page._text and looked.order == self.page._order

    def wait(self, what: Callable[[], bool] | None = None) -> None:
        """Until something holds; where nothing is named, until everything is listed and the current item is shown."""
        if what is not None:
            super().wait(what)
            return
        super().wait(self.listed)
        if self.listing.rowCount():
            super().wait(lambda: self.current == self.preview.item)

    @property
    def current(self) -> str:
        """The id of the current row's item."""
        row = self.listing.row(self.table.currentIndex().row()) if self.table.currentIndex().isValid() else None
        return row.id if row is not None else ""

    @property
    def heading(self) -> str:
        """How much is found."""
        return self.page._header.words

    def cells(self, place: int) -> list[str]:
        """What a row says, once it is here."""
        self.wait(lambda: self.listing.said(place) is not None)
        return [str(self.listing.index(place, column).data()) for column in range(self.listing.columnCount())]

    def search(self, text: str) -> None:
        """Type a search, as a person does, and wait for its list."""
        self.press(Qt.Key.Key_Slash)
        assert self.field.hasFocus()
        self.field.selectAll()
        QTest.keyClicks(self.field, text) if text else self.press(Qt.Key.Key_Delete)
        self.press(Qt.Key.Key_Return)
        self.wait()


def _one(root: QWidget, kind: type[_Widget]) -> _Widget:
    [found] = root.findChildren(kind)
    return found


def button(root: QWidget, words: str) -> QPushButton:
    """The shown button whose name begins so."""
    QApplication.processEvents()  # what a layout was given is shown a moment later
    found = [
        each for each in root.findChildren(QPushButton) if each.isVisible() and (each.accessibleName() or each.text()).startswith(words)
    ]
    assert len(found) == 1, [each.accessibleName() or each.text() for each in root.findChildren(QPushButton)]
    return found[0]


Explore = Callable[..., Exploring]


@pytest.fixture
def explore(qtbot: QtBot, make_window: MakeWindow) -> Explore:
    """Opens the window on a workspace: `explore(workspace)`; waits until its items are listed."""

    def start(workspace: Workspace) -> Exploring:
        window = make_window(folder=workspace.folder, pages=PAGES)
        page = window.go("explore")
        assert isinstance(page, ExplorePage)
        person = Exploring(qtbot, window, page)
        person.wait()
        return person

    return start
