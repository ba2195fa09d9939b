"""A real window on the Policies page, worked by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.policies.page import PoliciesPage
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import Person
from tests.ui.transcript.runs import canary as canary


class Reading(Person[PoliciesPage]):
    """A person at the Policies page."""

    def at(self, clause: str) -> None:
        """Until a clause is shown."""
        self.wait(lambda: self.page.view is not None and self.page.view.clause == clause)

    def clauses(self) -> list[str]:
        """The keys of the clauses that are listed."""
        return [row.key for row in self.page.clauses.rows]


Read = Callable[[Path], Reading]


@pytest.fixture
def reading(qtbot: QtBot, make_window: MakeWindow) -> Read:
    """Opens the window on a workspace: `reading(folder)`; waits until the page shows what is there."""

    def start(folder: Path) -> Reading:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        page = window.go("policies")
        assert isinstance(page, PoliciesPage)
        person = Reading(qtbot, window, page)
        person.wait(lambda: page.view is not None or page.empty.isVisible())
        return person

    return start
