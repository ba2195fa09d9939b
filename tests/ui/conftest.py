"""What every test of the window may ask for: the theme, background work and windows that end with the test."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import keyring
import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import WINDOW_GEOMETRY, Settings
from reviewer.ui.instance import Instance
from reviewer.ui.jobs import Jobs
from reviewer.ui.opening import Opening
from reviewer.ui.pages.registry import PAGES, Entry
from reviewer.ui.theme import Theme
from reviewer.ui.window import USUAL, Window
from tests.storage.test_keys import Remembering

START_ONLY = tuple(entry for entry in PAGES if entry.name == "start")
MakeWindow = Callable[..., Window]


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme at its usual size."""
    theme = Theme(qapp, choice="light")
    yield theme
    qapp.setStyleSheet("")


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    """Background work without a workspace."""
    jobs = Jobs()
    yield jobs
    jobs.close()


@pytest.fixture
def ring() -> Iterator[Remembering]:
    """A keyring that is empty."""
    before, made = keyring.get_keyring(), Remembering()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def make_window(qtbot: QtBot, theme: Theme) -> Iterator[MakeWindow]:
    """Makes a shown window: `make_window(folder=…, pages=…, settings=…, member=…)`. It is closed at the end of the test."""
    made: list[tuple[Window, Instance]] = []

    def make(
        *, folder: Path | None = None, pages: Sequence[Entry] = START_ONLY, settings: Settings | None = None, member: str | None = None
    ) -> Window:
        instance = Instance()
        settings = settings or Settings()
        jobs = Jobs(held=True)
        opening = Opening(jobs, settings, instance)
        if folder is not None:
            assert opening.start(folder, member=member)
        window = Window(jobs, settings, theme, opening, pages)
        qtbot.addWidget(window, before_close_func=partial(_stop_long_work, qtbot))
        made.append((window, instance))
        with qtbot.waitSignal(window.ready):
            window.start()
        if not settings[WINDOW_GEOMETRY]:
            window.resize(*USUAL)  # the offscreen screen is smaller, and a new window keeps within it
        with qtbot.waitActive(window):
            window.activateWindow()
        return window

    yield make
    for window, instance in made:
        if shiboken6.isValid(window):  # qtbot closes windows first, and one is gone once the next has been waited for
            window.close()
        window.jobs.close()
        instance.let_go()


def _stop_long_work(qtbot: QtBot, window: Window) -> None:
    """Else the window asks whether to stop it, and waits for an answer that nobody gives."""
    if window.jobs.busy and not window.jobs.closed:
        for ticket in tuple(window.jobs._long):
            ticket.cancel()
        qtbot.waitUntil(lambda: not window.jobs.busy)
