"""The Insights page of a campaign that three people labelled and two judges spoke of: in both themes, on smaller windows, with text twice
as large, and where there is little or nothing to show."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.insights.page import InsightsPage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import judged, opinions, worlds
from tests.golden import images
from tests.ui.conftest import MakeWindow

LARGE, SMALL = QSize(1440, 900), QSize(900, 700)
LONG_MS = 120_000  # the first figures of a process load numpy, scipy and pandas
Open = Callable[[str, Path], Window]


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow) -> Open:
    """The window on the Insights page."""

    def start(look: str, folder: Path) -> Window:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        page = window.go("insights")
        assert isinstance(page, InsightsPage)
        qtbot.waitUntil(lambda: bool(page.nothing.accessibleName()) or _is_counted(page), timeout=LONG_MS)
        return window

    return start


def _is_counted(page: InsightsPage) -> bool:
    judges = page.judges
    known = judges.found is not None and (judges.judge is None or judges.assisted is not None)
    return page.found is not None and page.rates is not None and known


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with the campaign of a week, made once: the tests only look at it."""
    return closed(judged.week(tmp_path_factory.mktemp("week") / "workspace").workspace)


def closed(workspace: Workspace) -> Path:
    workspace.close()
    return workspace.folder


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_campaign_with_models_clauses_and_judges(opened: Open, week: Path, approve: bool, look: str) -> None:
    window = opened(look, week)
    images.check(window, f"insights-{look}", approve=approve, size=LARGE)
    if look == "light":  # figures are counted once for all three
        images.check(window, "insights-usual", approve=approve)
        images.check(window, "insights-small", approve=approve, size=SMALL)


def test_the_cards_of_a_judge(opened: Open, week: Path, approve: bool) -> None:
    window = opened("light", week)
    images.picture(window)  # cards have their places
    QTest.keyClick(window, Qt.Key.Key_J)
    images.check(window, "insights-judge", approve=approve)


def test_the_same_with_text_twice_as_large(opened: Open, week: Path, approve: bool) -> None:
    window = opened("light", week)
    window.theme.resize(200)
    images.check(window, "insights-200", approve=approve)


def test_a_campaign_in_which_no_item_has_two_labels(opened: Open, tmp_path: Path, approve: bool) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=5)
    a = begun.workspace.as_member(opinions.PEOPLE[0])
    opinions.give(a, begun.items[0], "non_compliant", "4.2")
    a.close()
    images.check(opened("light", closed(begun.workspace)), "insights-begun", approve=approve, size=LARGE)


def test_a_workspace_without_a_campaign(opened: Open, tmp_path: Path, approve: bool) -> None:
    images.check(opened("light", closed(worlds.make(tmp_path / "workspace"))), "insights-empty", approve=approve, size=LARGE)
