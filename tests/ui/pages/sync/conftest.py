"""A real window on the Sync page of a real project of several replicas, worked by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.sync.page import SyncPage
from tests.operations.test_bundling import applied, joined, made
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import Person


class Syncing(Person[SyncPage]):
    """A person at the Sync page."""

    def rest(self) -> None:
        """Until no long work goes on: a window that closes before would ask about it, and nobody answers."""
        self.wait(lambda: not self.window.jobs.busy)

    def number(self) -> str:
        """The large number of what waits."""
        return self.page.waiting._number.text()


Sync = Callable[..., Syncing]


@pytest.fixture
def syncing(qtbot: QtBot, make_window: MakeWindow) -> Sync:
    """Opens the window: `syncing(workspace, settings=…)`; waits until the page shows how it stands."""

    def start(workspace: Workspace, settings: Settings | None = None) -> Syncing:
        window = make_window(folder=workspace.folder, pages=PAGES, settings=settings or Settings({TIME_ZONE.key: "utc"}))
        page = window.go("sync")
        assert isinstance(page, SyncPage)
        person = Syncing(qtbot, window, page)
        person.wait(lambda: page.overview is not None)
        return person

    return start


@pytest.fixture
def two(tmp_path: Path) -> "tuple[Workspace, Workspace]":
    """Ada, who leads, and Ben, who has joined; both have everything."""
    from tests import worlds

    ada = worlds.ready(tmp_path / "ada", overlap=2)
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    applied(ada, made(ben, tmp_path / "back.rvb"))
    return ada, ben
