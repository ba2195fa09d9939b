"""Counting while labels come in: one question at a time, and what moved meanwhile is counted once, after it."""

import time
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer

from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Done, Failed, Jobs, Work


class _Asked(NamedTuple):
    work: Work[Any]
    done: Done[Any]


class Counting(QObject):
    """Runs the questions of one page on a reader thread. A question that is asked again while it waits is asked once, as it was asked last.

    Each rests as long as the one before it took: figures take at most half of a processor, however fast labels come in.
    """

    def __init__(self, jobs: Jobs, failed: Failed) -> None:
        super().__init__()
        self._jobs, self._failed = jobs, failed
        self._waiting: dict[str, _Asked] = {}
        self._running: Ticket | None = None
        self._begun = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._go_on)

    def ask(self, name: str, work: Work[Any], done: Done[Any]) -> None:
        """Ask a question of that name, after those that wait already."""
        self._waiting[name] = _Asked(work, done)
        if self._running is None and not self._rest.isActive():
            self._go_on()

    def drop(self) -> None:
        """Ask nothing of what waits, and take no answer of what is running."""
        self._waiting.clear()
        self._rest.stop()
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _go_on(self) -> None:
        if not self._waiting:
            return
        name = next(iter(self._waiting))
        asked = self._waiting.pop(name)
        self._begun = time.monotonic()
        self._running = self._jobs.read(
            asked.work, owner=self, done=lambda value: self._answered(asked, value), failed=lambda error: self._refused(error)
        )

    def _answered(self, asked: _Asked, value: Any) -> None:
        self._ended()
        asked.done(value)

    def _refused(self, error: ReviewerError) -> None:
        self._ended()
        self._failed(error)

    def _ended(self) -> None:
        self._running = None
        self._rest.start(round(1000 * (time.monotonic() - self._begun)))
