"""The Disagreements page in both themes: an item half resolved, a precedent that is read, and nothing left."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.adjudicate.page import AdjudicatePage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests.golden import images
from tests.ui.conftest import MakeWindow
from tests.ui.pages.adjudicate import disputed

BOTH = pytest.mark.parametrize("look", ["light", "dark"])
LARGE = QSize(1440, 900)
LONG_MS = 20_000
Open = Callable[..., tuple[Window, AdjudicatePage]]


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, same_keys: object) -> Open:
    """The window on Ida's Disagreements page: `opened(look, waiting=…)`. The opinions stand in the same order each time."""
    del same_keys

    def start(look: str, *, waiting: bool = True) -> tuple[Window, AdjudicatePage]:
        ada = disputed.airline(tmp_path / "Airline refunds") if waiting else disputed.project(tmp_path / "Airline refunds")
        disputed.hand_over(ada, "Ida")
        folder = ada.folder
        ada.close()
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        window.resize(LARGE)
        page = window.go("adjudicate")
        assert isinstance(page, AdjudicatePage)
        qtbot.waitUntil(lambda: bool(page.bench.precedents.rows) or not page.empty.isHidden(), timeout=LONG_MS)
        qtbot.waitUntil(lambda: page.flow.current is not None or page._stack.currentWidget() is page.empty, timeout=LONG_MS)
        qtbot.waitUntil(lambda: "All synced" in window._top._state.text(), timeout=LONG_MS)  # it is read a moment after the rest
        return window, page

    return start


def press(*keys: Qt.Key) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        QApplication.processEvents()


@BOTH
def test_an_item_half_resolved(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look)
    press(Qt.Key.Key_N)
    page.bench.ruling.reason.setPlainText("A complaint is not a request. 5.1 wants both.")
    images.check(window, f"adjudicate-{look}", approve=approve, size=LARGE)


@BOTH
def test_a_precedent_that_is_read(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look)
    page.bench.precedents.rows[0].click()
    qtbot.waitUntil(lambda: page.bench.reading_earlier, timeout=LONG_MS)
    images.check(window, f"adjudicate-precedent-{look}", approve=approve)


@BOTH
def test_nothing_in_dispute(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look, waiting=False)
    assert page._stack.currentWidget() is page.empty
    images.check(window, f"adjudicate-empty-{look}", approve=approve)


def test_larger_text(opened: Open, approve: bool) -> None:
    window, _page = opened("light")
    window.theme.resize(150)
    images.check(window, "adjudicate-150", approve=approve)
