"""A qtbot that waits as a person does: until what was waited for is there, and then until nothing more is coming.

What a test asserts after a wait is often brought by another answer than the one it waited for; on a busy machine it comes later. So
`waitUntil` goes on until every question that was asked is answered and no short timer of the window still runs; such timers wait for
another key, and since none comes they are brought on. Long work does not count: it ends when it ends.
"""

import time
from functools import partial
from typing import Any
from weakref import WeakSet

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.ui.jobs import Jobs

_LONGEST_MS = 20_000  # of one wait; a machine with other work needs it
_REST_S = 4.0
_POLL_MS = 5
_SHORT_MS = 250  # timers that wait for the next key, not for a pause or the next minute

_all: WeakSet[Jobs] = WeakSet()


class Patient(QtBot):
    """See the module."""

    def waitUntil(self, callback: Any, *, timeout: int = _LONGEST_MS) -> None:  # noqa: N802 - its name in pytest-qt
        super().waitUntil(callback, timeout=max(timeout, _LONGEST_MS))
        end = time.monotonic() + _REST_S
        while not is_at_rest() and time.monotonic() < end:
            for timer in _short_timers():
                hurry(timer)
            self.wait(_POLL_MS)


def is_at_rest() -> bool:
    """Whether no question waits for its answer and no short timer runs."""
    return not any(_waits(jobs) for jobs in tuple(_all)) and not _short_timers()


def _short_timers() -> list[QTimer]:
    return [
        timer
        for window in QApplication.topLevelWidgets()
        if window.isVisible()
        for timer in window.findChildren(QTimer)
        if timer.isSingleShot() and timer.isActive() and timer.interval() <= _SHORT_MS
    ]


def hurry(timer: QTimer) -> None:
    """Let a timer that runs go off with the next events: nobody presses a key in what time is left, so what it waits for is known."""
    interval = timer.interval()
    if interval:
        timer.timeout.connect(partial(timer.setInterval, interval), Qt.ConnectionType.SingleShotConnection)
        timer.start(0)


def _waits(jobs: Jobs) -> bool:
    return shiboken6.isValid(jobs) and any(asked.ticket not in jobs._long for asked in jobs._asked.values())


def count_questions(patch: pytest.MonkeyPatch) -> None:
    """Keep account of every `Jobs`."""
    ask = Jobs._call

    def asked(self: Jobs, *arguments: Any, **options: Any) -> Any:
        _all.add(self)
        return ask(self, *arguments, **options)

    patch.setattr(Jobs, "_call", asked)
