"""A real window on the page that compares outputs, worked by keys."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.compare.page import ComparePage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import CTRL
from tests.ui.pages.review.conftest import Reviewing
from tests.ui.transcript.runs import canary as canary

ENTRIES = tuple(entry for entry in PAGES if entry.name in ("start", "review", "compare"))


class Comparing(Reviewing):
    """A person at the page."""

    page: ComparePage  # type: ignore[assignment] # the other page of the same rail entry

    def record(self) -> None:
        """Ctrl+Enter, and wait until another comparison is up."""
        before = self.item
        self.press(Qt.Key.Key_Return, CTRL)
        self.qtbot.waitUntil(lambda: self.item not in ("", before) and not self.page._flow.working)

    @property
    def order(self) -> list[str]:
        """The keys of the outputs as they stand on screen."""
        return [pane.key for pane in self.page._bench.shown_panes]


Compare = Callable[..., Comparing]


@pytest.fixture
def compare(qtbot: QtBot, make_window: MakeWindow) -> Compare:
    """Opens the window on a workspace and waits until a comparison is up, or until there is none; by way of the Review page."""

    def start(workspace: Workspace, *, waits: bool = True, member: str | None = None) -> Comparing:
        window = make_window(folder=workspace.folder, pages=ENTRIES, member=member)
        window.go("review")
        qtbot.waitUntil(lambda: window.current_page == "compare", timeout=20_000)
        return at_page(qtbot, window, workspace, waits=waits)

    return start


def at_page(qtbot: QtBot, window: Window, workspace: Workspace, *, waits: bool = True) -> Comparing:
    """Whoever is at the page of a window, once something is up."""
    page = window.go("compare")
    assert isinstance(page, ComparePage)
    person = Comparing(qtbot, window, page, workspace)  # type: ignore[arg-type] # the other page of the same rail entry
    if waits:
        qtbot.waitUntil(lambda: bool(person.item) and page._flow.standing is not None, timeout=20_000)
    else:
        qtbot.waitUntil(lambda: page._stack.currentWidget() is page._ending.page, timeout=20_000)
    return person
