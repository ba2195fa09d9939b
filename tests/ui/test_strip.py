"""Long work shows how far it is, and stops when asked; closing asks first."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import nothing
from reviewer.ui.strip import Strip
from reviewer.ui.widgets.ask import Question
from reviewer.ui.widgets.words import OneLine
from reviewer.ui.window import Window
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow
from tests.ui.cuts import cut


class Room:
    """Stands where a workspace does: what jobs know of one is that it opens and closes."""

    def close(self) -> None:
        """Nothing to let go of."""


def counting(end: threading.Event) -> Callable[[Any, Ticket], Outcome[None]]:
    """Work that reports until it is stopped, or `end` is set."""

    def work(_room: Any, ticket: Ticket) -> Outcome[None]:
        done = 0
        while not end.wait(0.01):
            done += 1
            ticket.step(done, 1_000, "runs.json")
        return Outcome(None)

    return work


def test_a_row_is_part_of_the_strip_and_never_a_window_of_its_own(qtbot: QtBot, make_window: MakeWindow) -> None:
    """It would take the keys from whoever works in the real one."""
    window = make_window()
    activated: list[object] = []
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusWindowChanged.connect(activated.append)
    end = threading.Event()
    start_work(qtbot, window, end)
    end.set()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    app.focusWindowChanged.disconnect(activated.append)
    assert activated == []
    assert window.isActiveWindow()


def stop_button(window: Window) -> QPushButton:
    return next(button for button in window.findChildren(QPushButton) if button.accessibleName() == "Stop: Importing runs.json")


def start_work(qtbot: QtBot, window: Window, end: threading.Event, title: str = "Importing runs.json") -> None:
    room: Any = Room()
    window.jobs.use(lambda _ticket: room)
    window.jobs.long(counting(end), title=title, owner=window, done=nothing, failed=nothing)
    qtbot.waitUntil(lambda: any("of 1,000, runs.json" in name for name in accessibility.names(window)))


def test_long_work_is_shown_and_can_be_stopped(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    start_work(qtbot, window, threading.Event())
    assert accessibility.nameless(window) == []
    qtbot.mouseClick(stop_button(window), Qt.MouseButton.LeftButton)
    strip = window.findChild(Strip)
    assert isinstance(strip, Strip)
    qtbot.waitUntil(lambda: not strip.isVisible())
    assert not window.jobs.busy


def test_a_long_title_leaves_room_for_how_far_the_work_is(qtbot: QtBot, make_window: MakeWindow) -> None:
    window, end = make_window(), threading.Event()
    window.theme.resize(200)
    start_work(qtbot, window, end, "Looking for drift in Airline refunds, cancellations and compensation, by four trials")
    strip = window.findChild(Strip)
    assert isinstance(strip, Strip)
    [words] = [one for one in strip.findChildren(OneLine) if "of 1,000" in one.text()]
    qtbot.waitUntil(lambda: words.width() >= words.fontMetrics().horizontalAdvance(words.text().removesuffix(", runs.json")))
    assert not cut(strip)
    end.set()
    qtbot.waitUntil(lambda: not window.jobs.busy)


def test_closing_while_work_goes_on_asks_and_staying_lets_it_end(qtbot: QtBot, make_window: MakeWindow) -> None:
    window, end = make_window(), threading.Event()
    start_work(qtbot, window, end)
    answer(stop=False)
    assert not window.close()
    assert window.jobs.busy
    end.set()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert window.close()


def test_closing_while_work_goes_on_stops_it_when_the_person_says_so(qtbot: QtBot, make_window: MakeWindow) -> None:
    before = set(threading.enumerate())  # clients of servers, in earlier tests, leave threads to the end of the process
    window = make_window()
    start_work(qtbot, window, threading.Event())
    answer(stop=True)
    assert window.close()
    assert not [thread for thread in threading.enumerate() if thread not in before and not thread.name.startswith(("QThread", "Dummy"))]


def answer(*, stop: bool) -> None:
    """Press a button of the question as soon as it is asked."""

    def press() -> None:
        asked = QApplication.activeModalWidget()
        if isinstance(asked, Question):
            (asked.yes if stop else asked.no).click()
        else:
            QTimer.singleShot(20, press)

    QTimer.singleShot(20, press)


def test_a_strip_without_work_takes_no_room(make_window: MakeWindow) -> None:
    strip = make_window().findChild(Strip)
    assert isinstance(strip, Strip)
    assert not strip.isVisible()


def test_an_update_of_the_tables_is_shown_while_it_goes_on_and_cannot_be_stopped(qtbot: QtBot, make_window: MakeWindow) -> None:
    window, end = make_window(), threading.Event()
    strip = window.findChild(Strip)
    assert isinstance(strip, Strip)
    room: Any = Room()

    def opening(ticket: Ticket) -> Any:
        done = 0
        while not end.wait(0.01):
            done += 1
            ticket.tell(done, 1_000, "Copying")
        return room

    window.jobs.use(opening)
    window.jobs.read(lambda _room, _ticket: Outcome(None), owner=window, done=nothing, failed=nothing)
    qtbot.waitUntil(lambda: any("of 1,000, Copying" in name for name in accessibility.names(window)))
    assert any("Opening the workspace" in name for name in accessibility.names(window))
    assert not [button for button in strip.findChildren(QPushButton) if button.isVisible()]
    end.set()
    qtbot.waitUntil(lambda: not strip.isVisible())
