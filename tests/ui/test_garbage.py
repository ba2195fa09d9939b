"""Dead cycles are found on the UI thread, whoever made them."""

import gc
import threading

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.ui import garbage
from reviewer.ui.garbage import Collector
from reviewer.ui.jobs import Jobs, nothing


class Cycle:
    """Holds itself, and says on which thread it went."""

    def __init__(self, gone_on: list[str]) -> None:
        self.me = self
        self.gone_on = gone_on

    def __del__(self) -> None:
        self.gone_on.append(threading.current_thread().name)


def test_what_dies_while_a_worker_allocates_goes_on_the_ui_thread(qtbot: QtBot) -> None:
    gone_on: list[str] = []
    jobs = Jobs()
    Cycle(gone_on)
    kept: list[object] = []
    jobs.aside(lambda: kept.extend([number] for number in range(200_000)), owner=jobs, done=nothing, failed=nothing)
    qtbot.waitUntil(lambda: bool(kept))
    assert gone_on == []
    qtbot.waitUntil(lambda: bool(gone_on))
    jobs.close()
    assert gone_on == [threading.main_thread().name]


def test_python_searches_again_when_the_last_one_stops(qapp: QApplication) -> None:
    garbage.let_go()  # as in a program; the tests hold it (tests/conftest.py)
    assert gc.isenabled()
    one, other = Collector(), Collector()
    one.start()
    other.start()
    one.start()
    one.stop()
    assert not gc.isenabled()
    other.stop()
    other.stop()
    assert gc.isenabled()
    garbage.hold()


def test_settling_leaves_what_lives_out_of_later_looks(qapp: QApplication) -> None:
    before = gc.get_freeze_count()
    garbage.settle()
    assert gc.get_freeze_count() > before
    gc.unfreeze()
