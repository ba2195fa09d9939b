"""The Sync page of a project in which much waits, in both themes, on a larger and a smaller window, and with text twice as large."""

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import SYNC_PLACES, TIME_ZONE, Settings
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.sync.page import SyncPage
from reviewer.ui.window import Window
from tests import worlds
from tests.golden import images
from tests.ui.conftest import MakeWindow
from tests.ui.pages.sync.busy import busy

LARGE = QSize(1440, 900)
LONG_MS = 30_000
_DAY_MS = 86_400_000
Open = Callable[[str], Window]


@pytest.fixture
def opened(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same_keys: "itertools.count[int]"
) -> Open:
    """The window on the Sync page of Ada, six days after; keys, chance and the time are the same each time."""
    join = Workspace.join

    def joined(folder: Path, **more: Any) -> Workspace:
        return join(folder, surroundings=worlds.surroundings(seed=next(same_keys)), **more)

    monkeypatch.setattr(Workspace, "join", joined)

    def start(look: str) -> Window:
        ada, hub, request = busy(tmp_path)
        monkeypatch.setattr(time, "time_ns", lambda: (worlds.START_MS + 6 * _DAY_MS) * 1_000_000)
        folder = ada.folder
        ada.close()
        settings = Settings({TIME_ZONE.key: "utc", SYNC_PLACES.key: {str(folder): str(hub)}})
        window = make_window(folder=folder, pages=PAGES, settings=settings)
        window.theme.choose(look)
        page = window.go("sync")
        assert isinstance(page, SyncPage)
        qtbot.waitUntil(lambda: bool(page.settle.rows), timeout=LONG_MS)
        page.take_request(request)
        qtbot.waitUntil(lambda: page.people.asking.request is not None, timeout=LONG_MS)
        qtbot.waitUntil(lambda: "to sync" in window._top._state.text(), timeout=LONG_MS)  # it is read a moment after the rest
        page.check._digest.setText("7ed6 071a 388f")  # of hashes that follow from when each thread looked at the clock
        return window

    return start


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_project_in_which_much_waits(opened: Open, approve: bool, look: str) -> None:
    images.check(opened(look), f"sync-{look}", approve=approve, size=LARGE)


def test_the_same_on_a_smaller_window(opened: Open, approve: bool) -> None:
    images.check(opened("light"), "sync-small", approve=approve)


def test_the_same_with_text_twice_as_large(opened: Open, approve: bool) -> None:
    window = opened("light")
    window.theme.resize(200)
    images.check(window, "sync-200", approve=approve)
