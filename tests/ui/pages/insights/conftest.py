"""A real window on the Insights page, worked by keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.insights.page import InsightsPage
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow
from tests.ui.pages.person import Person
from tests.ui.transcript.runs import canary as canary

LONG_MS = 120_000  # a machine that does much else beside the tests is slow, and the first figures load numpy, scipy and pandas


class Looking(Person[InsightsPage]):
    """A person at the Insights page."""

    patience_ms = LONG_MS

    def focus(self) -> str:
        """What a screen reader says of the control with the focus."""
        widget = QApplication.focusWidget()
        if widget is None:
            return ""
        return widget.accessibleName() or (widget.text() if isinstance(widget, QPushButton) else "")

    def searched(self) -> str:
        """What Explore searches for; it is the current page."""
        assert self.window.current_page == "explore"
        header = self.window.go("explore").header()
        assert header is not None
        return str(header.field.text())  # type: ignore[attr-defined] # the search header


Look = Callable[..., Looking]


@pytest.fixture
def looking(qtbot: QtBot, make_window: MakeWindow) -> Look:
    """Opens the window on a folder: `looking(folder)`; waits until figures, or that there are none, are shown."""

    def start(folder: Path, settings: Settings | None = None) -> Looking:
        window = make_window(folder=folder, pages=PAGES, settings=settings or Settings({TIME_ZONE.key: "utc"}))
        page = window.go("insights")
        assert isinstance(page, InsightsPage)
        person = Looking(qtbot, window, page)
        person.wait(lambda: page.found is not None or bool(page.nothing.accessibleName()))
        return person

    return start
