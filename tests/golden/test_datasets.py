"""The Datasets page in both themes, on a smaller window, with larger text; and the steps of a new release."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.operations import releasing
from reviewer.ui.pages.datasets.page import DatasetsPage
from reviewer.ui.pages.datasets.wizard import ReleaseWizard
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import worlds
from tests.golden import images
from tests.ui.conftest import MakeWindow
from tests.ui.pages.datasets.world import released, released_again

LARGE = QSize(1440, 900)
LONG_MS = 60_000
BOTH = pytest.mark.parametrize("look", ["light", "dark"])
Open = Callable[[str], tuple[Window, DatasetsPage]]


@pytest.fixture
def opened(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same_keys: "itertools.count[int]"
) -> Open:
    """The window on the Datasets page, at the release with three parts; no path of this machine is in the picture."""
    del same_keys
    monkeypatch.setattr(releasing, "__version__", "1.0.0")

    def start(look: str) -> tuple[Window, DatasetsPage]:
        folder = released(tmp_path / "Airline refunds")
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        page = window.go("datasets")
        assert isinstance(page, DatasetsPage)
        qtbot.waitUntil(lambda: len(page.lines) == 2, timeout=LONG_MS)
        page.releases.step(1)
        qtbot.waitUntil(lambda: page.row is not None and all("holds" in row.note for row in page.releases.rows), timeout=LONG_MS)
        page.view.folder.setText("/home/ada/kto")
        return window, page

    return start


@BOTH
def test_a_release_with_a_row_and_its_story_then_its_audit_then_the_third_step_of_a_new_one(
    opened: Open, qtbot: QtBot, approve: bool, look: str
) -> None:
    window, page = opened(look)
    images.check(window, f"datasets-{look}", approve=approve, size=LARGE)
    page.handlers()["datasets.audit"]()
    qtbot.waitUntil(page.view.audit.isVisible, timeout=LONG_MS)
    qtbot.waitUntil(page.view.ask_audit.isEnabled, timeout=LONG_MS)
    images.check(window, f"datasets-audit-{look}", approve=approve)
    page.handlers()["datasets.new"]()
    (wizard,) = window.findChildren(ReleaseWizard)
    qtbot.waitUntil(lambda: wizard.preview.shown is not None, timeout=LONG_MS)
    wizard.go_to(2)
    qtbot.waitUntil(lambda: wizard.safe.audit.isVisible() and wizard.preview.busy.isHidden(), timeout=LONG_MS)
    images.check(window, f"datasets-new-{look}", approve=approve)
    wizard.reject()


@BOTH
def test_a_release_beside_the_one_before_it(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, same_keys: "itertools.count[int]", approve: bool, look: str
) -> None:
    del same_keys
    window = make_window(
        folder=released_again(tmp_path / "Airline refunds", items=24), pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"})
    )
    window.theme.choose(look)
    page = window.go("datasets")
    assert isinstance(page, DatasetsPage)
    qtbot.waitUntil(lambda: page.row is not None and not any("looking" in row.note for row in page.releases.rows), timeout=LONG_MS)
    page.view.folder.setText("/home/ada/kto-2")
    window.resize(LARGE)
    page.handlers()["datasets.compare"]()
    qtbot.waitUntil(lambda: page.view.compare.found is not None and not window.jobs.busy, timeout=LONG_MS)
    images.check(window, f"datasets-compare-{look}", approve=approve, size=LARGE)
    if look == "light":
        window.theme.resize(150)
        images.check(window, "datasets-compare-150", approve=approve)


def test_the_same_with_text_half_as_large_again(opened: Open, approve: bool) -> None:
    window, _ = opened("light")
    window.theme.resize(150)
    images.check(window, "datasets-150", approve=approve)


@BOTH
def test_without_a_release(make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, approve: bool, look: str) -> None:
    workspace = worlds.make(tmp_path / "empty")
    workspace.close()
    window = make_window(folder=workspace.folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
    window.theme.choose(look)
    page = window.go("datasets")
    assert isinstance(page, DatasetsPage)
    qtbot.waitUntil(lambda: page.empty.button.isVisible() and page.may_release, timeout=LONG_MS)
    images.check(window, f"datasets-empty-{look}", approve=approve)
