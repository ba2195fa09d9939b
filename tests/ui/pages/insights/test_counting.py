"""Counting while labels come in: at most one question runs, and what moved meanwhile is asked once, as it was asked last."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused, ReviewerError
from reviewer.ui.jobs import Jobs, Work
from reviewer.ui.pages.insights.counting import Counting
from tests.ui.pages.insights.conftest import LONG_MS
from tests.ui.test_jobs import Room, jobs_of


class Asked:
    """Questions that answer with their own name once `go` is set, and note that they ran; “bad” is refused."""

    def __init__(self, jobs: Jobs) -> None:
        self.go, self.ran, self.answers = threading.Event(), list[str](), list[str]()
        self.failed: list[ReviewerError] = []
        self.at_once = self.most = 0
        self.counting = Counting(jobs, self.failed.append)

    def ask(self, name: str, answer: str) -> None:
        """Ask the question of that name; it answers with `answer`."""
        self.counting.ask(name, self._work(answer), self.answers.append)

    def _work(self, answer: str) -> Work[str]:
        def run(_workspace: Any, _ticket: Any) -> Outcome[str]:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            self.ran.append(answer)
            self.go.wait()
            self.at_once -= 1
            if answer == "bad":
                raise Refused("Bad.", "Ask otherwise.")
            return Outcome(answer)

        return run


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[Asked]:
    """Questions to ask on real threads."""
    jobs = jobs_of(Room)
    asked = Asked(jobs)
    yield asked
    asked.go.set()
    jobs.close()


def test_one_question_runs_at_a_time_and_of_those_that_wait_the_newest_of_each_name(qtbot: QtBot, asked: Asked) -> None:
    asked.ask("rates", "rates 1")
    qtbot.waitUntil(lambda: asked.ran == ["rates 1"], timeout=LONG_MS)
    for number in range(2, 50):
        asked.ask("rates", f"rates {number}")
        asked.ask("agreement", f"agreement {number}")
    asked.go.set()
    qtbot.waitUntil(lambda: len(asked.answers) == 3, timeout=LONG_MS)
    assert asked.answers == asked.ran == ["rates 1", "rates 49", "agreement 49"]
    assert asked.most == 1


def test_a_refusal_is_told_and_the_next_question_goes_on(qtbot: QtBot, asked: Asked) -> None:
    asked.go.set()
    asked.ask("rates", "bad")
    asked.ask("agreement", "good")
    qtbot.waitUntil(lambda: asked.answers == ["good"], timeout=LONG_MS)
    assert [error.what for error in asked.failed] == ["Bad."]


def test_what_was_dropped_is_neither_asked_nor_answered(qtbot: QtBot, asked: Asked) -> None:
    asked.ask("rates", "old")
    asked.ask("agreement", "waits")
    qtbot.waitUntil(lambda: asked.ran == ["old"], timeout=LONG_MS)
    asked.counting.drop()
    asked.ask("rates", "new")
    asked.go.set()
    qtbot.waitUntil(lambda: "new" in asked.answers, timeout=LONG_MS)
    assert asked.answers == ["new"]
    assert "waits" not in asked.ran
