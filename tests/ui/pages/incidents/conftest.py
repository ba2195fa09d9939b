"""A real window on the Incidents page, worked by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.incidents import fetching
from reviewer.ui.pages.incidents.page import IncidentsPage
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow
from tests.ui.pages.incidents.world import NOW_MS
from tests.ui.pages.person import Person
from tests.ui.transcript.runs import canary as canary


class Dealing(Person[IncidentsPage]):
    """A person at the Incidents page."""

    def at(self, incident: str) -> None:
        """Until an incident is shown."""
        self.wait(lambda: self.page.view is not None and self.page.view.line.id == incident)


Deal = Callable[[Path], Dealing]


@pytest.fixture
def dealing(qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> Deal:
    """Opens the window on a workspace: `dealing(folder)`; waits until the page shows what is there, five days after it was made."""
    monkeypatch.setattr(fetching, "now_ms", lambda _workspace: NOW_MS)

    def start(folder: Path) -> Dealing:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        page = window.go("incidents")
        assert isinstance(page, IncidentsPage)
        person = Dealing(qtbot, window, page)
        person.wait(lambda: page.view is not None or page.empty.isVisible())
        return person

    return start
