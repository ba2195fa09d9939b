"""Whatever reports progress can be cancelled."""

import threading

import pytest

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket


def test_a_step_reports() -> None:
    seen: list[Progress] = []
    Ticket(seen.append).step(1, 3, "Reading")
    assert seen == [Progress(1, 3, "Reading")]


def test_a_cancelled_ticket_reports_once_more_and_stops() -> None:
    seen: list[Progress] = []
    ticket = Ticket(seen.append)
    threading.Thread(target=ticket.cancel).start()

    def read() -> None:
        for number in range(10_000_000):
            ticket.step(number, 0, "Reading")

    with pytest.raises(Cancelled):
        read()
    assert ticket.cancelled
    assert seen


def test_nobody_need_watch() -> None:
    SILENT.step(1, 1, "Reading")
    assert not SILENT.cancelled


def test_an_outcome_that_says_nothing_moved_nothing() -> None:
    assert Outcome(1).changes is Changes.NONE
    assert all(kind in Changes.ALL for kind in Changes)
