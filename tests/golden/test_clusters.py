"""The Clusters page: a run with a flagged region in both themes, on a small window, with large text, and where there is nothing yet."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.clusters.page import ClustersPage
from reviewer.ui.pages.clusters.runs_dialog import RunsDialog
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import mapped, worlds
from tests.golden import images
from tests.mapped import run as run
from tests.ui.conftest import MakeWindow

LARGE, SMALL = QSize(1440, 900), QSize(900, 700)
LONG_MS = 60_000
Open = Callable[[str, Path], Window]


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow) -> Open:
    """The window on the Clusters page, with the item that the keys stand on named."""

    def start(look: str, folder: Path) -> Window:
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        page = window.go("clusters")
        assert isinstance(page, ClustersPage)
        qtbot.waitUntil(lambda: page.standing is not None, timeout=LONG_MS)
        if page.overview is not None:
            with qtbot.waitSignal(page.said, timeout=LONG_MS):
                QTest.keyClick(page.map, Qt.Key.Key_Right)
        return window

    return start


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with an earlier run, which flagged something else."""
    made = mapped.mapped(tmp_path_factory.mktemp("two") / "workspace", earlier="hotel")
    made.workspace.close()
    return made.workspace.folder


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_run_with_a_flagged_region(qtbot: QtBot, opened: Open, run: Path, approve: bool, look: str) -> None:
    window = opened(look, run)
    images.check(window, f"clusters-{look}", approve=approve, size=LARGE)
    if look == "light":  # the same run, otherwise
        images.check(window, "clusters-small", approve=approve, size=SMALL)
        QTest.keyClick(window, Qt.Key.Key_M)
        QTest.keyClick(window, Qt.Key.Key_J)
        images.check(window, "clusters-model", approve=approve)
        QTest.keyClick(window, Qt.Key.Key_D)
        page = window.go("clusters")
        assert isinstance(page, ClustersPage)
        qtbot.waitUntil(lambda: page.drift.found is not None, timeout=LONG_MS)
        images.check(window, "clusters-drift", approve=approve)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_runs_that_are_kept_and_an_earlier_one(qtbot: QtBot, opened: Open, two: Path, approve: bool, look: str) -> None:
    window = opened(look, two)
    page = window.go("clusters")
    assert isinstance(page, ClustersPage)
    QTest.keyClick(page.map, Qt.Key.Key_E)
    [dialog] = window.findChildren(RunsDialog)
    qtbot.waitUntil(lambda: "are in both" in dialog.said, timeout=LONG_MS)
    images.check(dialog, f"clusters-runs-{look}", approve=approve, size=dialog.size())
    dialog.runs.step(1)
    QTest.keyClick(dialog.runs, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.overview is not None and not page.overview.newest, timeout=LONG_MS)
    qtbot.waitUntil(lambda: bool(page.map.item) and page.map.accessibleDescription().startswith(f"Item {page.map.item[:8]}: "))
    images.check(window, f"clusters-earlier-{look}", approve=approve, size=LARGE)


def test_the_same_with_text_half_as_large_again(opened: Open, run: Path, approve: bool) -> None:
    window = opened("dark", run)
    window.theme.resize(150)
    images.check(window, "clusters-150", approve=approve)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_workspace_without_a_run(opened: Open, tmp_path: Path, approve: bool, look: str) -> None:
    workspace = worlds.ready(tmp_path / "workspace", items=20)
    workspace.close()
    images.check(opened(look, workspace.folder), f"clusters-empty-{look}", approve=approve)
