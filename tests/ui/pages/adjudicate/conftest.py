"""A real window on the Disagreements page of a real workspace, worked by keys."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.adjudicate.page import AdjudicatePage
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow
from tests.ui.pages.adjudicate import disputed
from tests.ui.pages.person import Person
from tests.ui.transcript.runs import canary as canary

ENTRIES = tuple(entry for entry in PAGES if entry.name in ("start", "review", "adjudicate"))


class Adjudicating(Person[AdjudicatePage]):
    """A person at the Disagreements page."""

    @property
    def item(self) -> str:
        """The id of the item that is up; empty where none is."""
        current = self.page.flow.current
        return current.id if current is not None else ""

    def is_empty(self) -> bool:
        """Whether the page says that there is nothing."""
        return self.page._stack.currentWidget() is self.page.empty


Adjudicate = Callable[..., Adjudicating]


@pytest.fixture
def airline(tmp_path: Path) -> Iterator[Workspace]:
    """What the design's picture shows."""
    ada = disputed.airline(tmp_path / "airline")
    yield ada
    ada.close()


@pytest.fixture
def adjudicate(qtbot: QtBot, make_window: MakeWindow) -> Adjudicate:
    """Opens the window for a member of a workspace: `adjudicate(workspace, "Ida")`; waits until an item is up, or until there is none."""

    def start(workspace: Workspace, member: str = "Ida", *, empty: bool = False) -> Adjudicating:
        disputed.hand_over(workspace, member)
        window = make_window(folder=workspace.folder, pages=ENTRIES, settings=Settings({TIME_ZONE.key: "utc"}))
        page = window.go("adjudicate")
        assert isinstance(page, AdjudicatePage)
        person = Adjudicating(qtbot, window, page)
        person.wait(person.is_empty if empty else lambda: bool(person.item) and bool(page.bench.precedents._none.text()))
        return person

    return start
