"""The Policies page in both themes, on a larger and a smaller window, with text twice as large; and its dialogs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.policies.page import PoliciesPage
from reviewer.ui.pages.policies.version_dialog import VersionDialog
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests.golden import images
from tests.ui.conftest import MakeWindow
from tests.ui.pages.policies.world import AIRLINE_2, MOVED, changed

LARGE = QSize(1440, 900)
LONG_MS = 60_000
BOTH = pytest.mark.parametrize("look", ["light", "dark"])
Open = Callable[[str], tuple[Window, PoliciesPage]]


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> Open:
    """The window on the Policies page, at the clause that changed."""

    def start(look: str) -> tuple[Window, PoliciesPage]:
        workspace, _ = changed(tmp_path / "Airline refunds")
        workspace.close()
        window = make_window(folder=workspace.folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        page = window.go("policies")
        assert isinstance(page, PoliciesPage)
        qtbot.waitUntil(lambda: page.view is not None and page.side.pill.isVisible(), timeout=LONG_MS)
        return window, page

    return start


@BOTH
def test_a_clause_that_changed(opened: Open, approve: bool, look: str) -> None:
    images.check(opened(look)[0], f"policies-{look}", approve=approve, size=LARGE)


def test_the_same_on_a_smaller_window(opened: Open, approve: bool) -> None:
    images.check(opened("light")[0], "policies-small", approve=approve)


def test_the_same_with_text_twice_as_large(opened: Open, approve: bool) -> None:
    window, _ = opened("light")
    window.theme.resize(200)
    images.check(window, "policies-200", approve=approve)


@BOTH
def test_a_new_version_beside_the_old_one(opened: Open, qtbot: QtBot, tmp_path: Path, approve: bool, look: str) -> None:
    window, page = opened(look)
    text = AIRLINE_2.decode().replace("5.1 **Offers.**", "5.1 **Tone.** The agent is polite.\n\n5.2 **Offers.**")
    text = text.replace(*MOVED)
    (tmp_path / "v3.md").write_text(text)
    page._new_version(tmp_path / "v3.md")
    (dialog,) = window.findChildren(VersionDialog)
    qtbot.waitUntil(lambda: dialog.proposal is not None, timeout=LONG_MS)
    images.check(window, f"policies-new-version-{look}", approve=approve)


@BOTH
def test_two_versions_compared(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    from reviewer.ui.pages.policies.compare_dialog import CompareDialog

    window, page = opened(look)
    page.handlers()["policies.compare"]()
    (dialog,) = window.findChildren(CompareDialog)
    qtbot.waitUntil(lambda: bool(dialog.counts.text()), timeout=LONG_MS)
    images.check(window, f"policies-compare-{look}", approve=approve)


@BOTH
def test_without_a_policy(make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, approve: bool, look: str) -> None:
    from tests import worlds

    workspace = worlds.make(tmp_path / "empty")
    workspace.close()
    window = make_window(folder=workspace.folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
    window.theme.choose(look)
    page = window.go("policies")
    assert isinstance(page, PoliciesPage)
    qtbot.waitUntil(lambda: page.empty.button.isVisible() and page.leads, timeout=LONG_MS)
    images.check(window, f"policies-empty-{look}", approve=approve)
