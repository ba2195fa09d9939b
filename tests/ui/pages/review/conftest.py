"""A real window on the Review page of a real workspace, worked by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import queues
from reviewer.storage import labels as label_rows
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.window import Window
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import CTRL, Person
from tests.ui.transcript.conftest import pane as pane
from tests.ui.transcript.runs import canary as canary

ENTRIES = tuple(entry for entry in PAGES if entry.name in ("start", "review"))


class Reviewing(Person[ReviewPage]):
    """A person at the Review page."""

    def __init__(self, qtbot: QtBot, window: Window, page: ReviewPage, workspace: Workspace) -> None:
        super().__init__(qtbot, window, page)
        self.workspace = workspace

    @property
    def item(self) -> str:
        """The id of the item that is up; empty where none is."""
        current = self.page._flow.current
        return current.id if current is not None else ""

    def has_ended(self) -> bool:
        """Whether the page says that nothing waits any more."""
        return self.page._ending.here and self.page._stack.currentWidget() is self.page._ending.page

    def record(self) -> None:
        """Ctrl+Enter, and wait until another item is up or the queue has ended."""
        before = self.item
        self.press(Qt.Key.Key_Return, CTRL)
        self.qtbot.waitUntil(lambda: not self.page._flow.working and (self.has_ended() or self.item not in ("", before)))

    def label_of(self, item: str) -> label_rows.Said | None:
        """What is on disk of this reviewer's label on an item."""
        return queues.said_before(self.workspace, SILENT, campaign="C", item=item).value  # type: ignore[arg-type] # an id

    def draft_of(self, item: str) -> Opinion | None:
        """The draft on disk."""
        return queues.show_again(self.workspace, SILENT, campaign="C", item=item).value.draft

    def visible(self, kind: type[QWidget]) -> list[QWidget]:
        """Shown widgets of a class on the page."""
        return [widget for widget in self.page.findChildren(kind) if widget.isVisible()]


Review = Callable[..., Reviewing]


@pytest.fixture
def review(qtbot: QtBot, make_window: MakeWindow) -> Review:
    """Opens the window on a workspace: `review(workspace)`; waits until an item is up, or until there is none. member: who acts."""

    def start(workspace: Workspace, *, waits: bool = True, member: str | None = None) -> Reviewing:
        window = make_window(folder=workspace.folder, pages=ENTRIES, member=member)
        page = window.go("review")
        assert isinstance(page, ReviewPage)
        person = Reviewing(qtbot, window, page, workspace)
        if waits:
            qtbot.waitUntil(lambda: bool(person.item) and page._flow.standing is not None, timeout=20_000)
        else:
            qtbot.waitUntil(person.has_ended, timeout=20_000)
        return person

    return start


def second_window(make_window: MakeWindow, folder: Path) -> Window:
    """Another window on the same workspace, after the first has gone."""
    return make_window(folder=folder, pages=ENTRIES)
