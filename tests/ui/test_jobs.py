"""Work runs off the UI thread; answers come back on it, in the right order, to those who still live."""

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, Refused, ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.faults import Fault
from reviewer.ui.jobs import Jobs, Priority, nothing


class Room:
    """Stands where a workspace does: what jobs know of one is that it opens and closes."""

    def __init__(self) -> None:
        self.opened_on = threading.current_thread().name
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Answers(QObject):
    """Takes what jobs answer, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[Any] = []
        self.failed: list[ReviewerError] = []
        self.threads: set[str] = set()

    def take(self, value: Any) -> None:
        self.threads.add(threading.current_thread().name)
        self.done.append(value)

    def fail(self, error: ReviewerError) -> None:
        self.threads.add(threading.current_thread().name)
        self.failed.append(error)


class Mortal:
    """Stands where a dialog does: says on which thread it went."""

    def __init__(self, gone_on: list[str]) -> None:
        self.gone_on = gone_on

    def heed(self, _said: object) -> None:
        """Takes an answer."""

    def __del__(self) -> None:
        self.gone_on.append(threading.current_thread().name)


def jobs_of(room: Callable[[], Any], **options: Any) -> Jobs:
    return Jobs(lambda _ticket: room(), **options)


def test_work_runs_on_the_writer_and_its_answer_on_the_ui_thread(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    moved: list[Changes] = []
    jobs.changed.connect(moved.append)
    here: list[str] = []

    def work(room: Any, ticket: Ticket) -> Outcome[int]:
        here.extend((threading.current_thread().name, room.opened_on))
        return Outcome(7, Changes.LABELS | Changes.QUEUE)

    jobs.run(work, owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: bool(answers.done))
    jobs.close()
    assert (answers.done, here, moved) == ([7], ["writer", "writer"], [Changes.LABELS | Changes.QUEUE])
    assert answers.threads == {threading.main_thread().name}


def test_a_label_goes_before_batches_that_asked_first(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    busy, started = threading.Event(), threading.Event()

    def wait(_room: Any, _ticket: Ticket) -> Outcome[str]:
        started.set()
        busy.wait()
        return Outcome("first")

    def say(word: str) -> Callable[[Any, Ticket], Outcome[str]]:
        return lambda _room, _ticket: Outcome(word)

    jobs.run(wait, owner=answers, done=answers.take, failed=answers.fail)
    started.wait()
    for word in ("batch 1", "batch 2"):
        jobs.run(say(word), owner=answers, done=answers.take, failed=answers.fail)
    jobs.run(say("label"), owner=answers, done=answers.take, failed=answers.fail, priority=Priority.LABEL)
    busy.set()
    qtbot.waitUntil(lambda: len(answers.done) == 4)
    jobs.close()
    assert answers.done == ["first", "label", "batch 1", "batch 2"]


def test_the_newest_question_of_a_slot_wins(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    gate = threading.Event()

    def ask(word: str) -> Callable[[Any, Ticket], Outcome[str]]:
        def work(_room: Any, _ticket: Ticket) -> Outcome[str]:
            gate.wait()
            return Outcome(word)

        return work

    tickets = [jobs.read(ask(word), owner=answers, slot="search", done=answers.take, failed=answers.fail) for word in ("a", "ab", "abc")]
    jobs.read(ask("beside"), owner=answers, slot="other", done=answers.take, failed=answers.fail)
    gate.set()
    qtbot.waitUntil(lambda: len(answers.done) == 2)
    jobs.close()
    assert sorted(answers.done) == ["abc", "beside"]
    assert [ticket.cancelled for ticket in tickets[:2]] == [True, True]
    assert answers.failed == []


def test_an_error_for_the_person_reaches_failed_and_nothing_else(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    faults: list[Fault] = []
    jobs.faulted.connect(faults.append)

    def refuse(_room: Any, _ticket: Ticket) -> Outcome[None]:
        raise Refused("No.", "Ask for something else.")

    jobs.run(refuse, owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: bool(answers.failed))
    jobs.close()
    assert ([type(error) for error in answers.failed], faults, answers.done) == ([Refused], [], [])


def test_a_bug_is_reported_once_and_frees_the_asker(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    faults: list[Fault] = []
    jobs.faulted.connect(faults.append)

    def broken(_room: Any, _ticket: Ticket) -> Outcome[None]:
        raise KeyError("content of an item")

    jobs.read(broken, owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: bool(answers.failed))
    jobs.close()
    assert [type(fault.__cause__) for fault in faults] == [KeyError]
    assert "content of an item" not in f"{answers.failed[0]} {answers.failed[0].hint}"


def test_an_asker_that_has_gone_is_not_called_but_the_change_is_told(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    moved: list[Changes] = []
    jobs.changed.connect(moved.append)
    owner = QWidget()
    busy = threading.Event()

    def work(_room: Any, _ticket: Ticket) -> Outcome[int]:
        busy.wait()
        return Outcome(1, Changes.ITEMS)

    jobs.run(work, owner=owner, done=answers.take, failed=answers.fail)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    busy.set()
    qtbot.waitUntil(lambda: bool(moved))
    jobs.close()
    assert (moved, answers.done) == ([Changes.ITEMS], [])


def test_long_work_reports_and_stops_when_asked(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    reports: list[Any] = []
    jobs.progressed.connect(reports.append)
    started = threading.Event()

    def work(_room: Any, ticket: Ticket) -> Outcome[int]:
        for done in range(1_000_000):
            ticket.step(done, 1_000_000, "reading")
            started.set()
            threading.Event().wait(0.001)
        return Outcome(1)

    with qtbot.waitSignals([jobs.begun, jobs.ended]):
        ticket = jobs.long(work, title="Importing", owner=answers, done=answers.take, failed=answers.fail)
        assert jobs.busy
        started.wait()
        ticket.cancel()
    jobs.close()
    assert (answers.done, answers.failed, jobs.busy) == ([], [], False)
    assert reports[0].title == "Importing"


def test_the_progress_of_short_work_takes_no_time_of_the_window(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    reports: list[Any] = []
    jobs.progressed.connect(reports.append)

    def work(_room: Any, ticket: Ticket) -> Outcome[int]:
        ticket.step(0, 1, "writing")
        return Outcome(1)

    jobs.run(work, owner=answers, done=answers.take, failed=answers.fail)
    jobs.read(work, owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: len(answers.done) == 2)
    jobs.close()
    assert reports == []


def test_labels_do_not_wait_for_long_work(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room), Answers()
    end = threading.Event()

    def slow(_room: Any, _ticket: Ticket) -> Outcome[str]:
        end.wait()
        return Outcome("long")

    jobs.long(slow, title="Importing", owner=answers, done=answers.take, failed=answers.fail)
    jobs.run(lambda _room, _ticket: Outcome("label"), owner=answers, done=answers.take, failed=answers.fail, priority=Priority.LABEL)
    qtbot.waitUntil(lambda: answers.done == ["label"])
    end.set()
    qtbot.waitUntil(lambda: answers.done == ["label", "long"])
    jobs.close()


def test_without_a_workspace_the_person_is_told_what_to_do(qtbot: QtBot) -> None:
    jobs, answers = Jobs(), Answers()
    jobs.read(lambda _room, _ticket: Outcome(1), owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: bool(answers.failed))
    jobs.close()
    assert isinstance(answers.failed[0], NotFound)


def test_changing_the_workspace_finishes_what_was_asked_and_closes_the_old_one(qtbot: QtBot) -> None:
    rooms: list[Room] = []

    def room() -> Any:
        rooms.append(Room())
        return rooms[-1]

    jobs, answers = jobs_of(room), Answers()
    number: Callable[[Any, Ticket], Outcome[int]] = lambda found, _ticket: Outcome(rooms.index(found))  # noqa: E731
    jobs.run(number, owner=answers, done=answers.take, failed=answers.fail)
    jobs.use(lambda _ticket: room())
    jobs.run(number, owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: len(answers.done) == 2)
    assert (answers.done, [each.closed for each in rooms]) == ([0, 1], [True, False])
    jobs.close()
    assert [each.closed for each in rooms] == [True, True]


def test_locking_finishes_what_was_asked_lets_long_work_end_and_keeps_the_writer_free(qtbot: QtBot) -> None:
    rooms: list[Room] = []

    def open_room() -> Room:
        rooms.append(Room())
        return rooms[-1]

    jobs, answers = jobs_of(open_room), Answers()
    begun, go_on = threading.Event(), threading.Event()

    def long_work(room: Any, ticket: Ticket) -> Outcome[str]:
        begun.set()
        go_on.wait()
        ticket.step(1, 1, "")
        return Outcome("closed early" if room.closed else "long work")

    jobs.long(long_work, title="Importing", owner=answers, done=answers.take, failed=answers.fail)
    begun.wait()
    jobs.run(lambda room, _ticket: Outcome("draft"), owner=answers, done=answers.take, failed=answers.fail)
    jobs.lock()
    jobs.run(lambda _room, _ticket: Outcome("shown"), owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: bool(answers.failed))  # the writer is not held up by the room that cannot close yet
    assert answers.done == ["draft"]
    assert answers.failed[0].code == "E111"
    assert not rooms[0].closed
    jobs.unlock(cast(Any, open_room()))
    jobs.run(lambda room, _ticket: Outcome(cast(Any, room) is rooms[1]), owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: answers.done == ["draft", True])
    go_on.set()
    qtbot.waitUntil(lambda: answers.done == ["draft", True, "long work"])
    qtbot.waitUntil(lambda: rooms[0].closed)
    jobs.close()
    assert rooms[1].closed


def test_held_work_waits_for_the_first_paint_and_work_beside_does_not(qtbot: QtBot) -> None:
    jobs, answers = jobs_of(Room, held=True), Answers()
    jobs.read(lambda _room, _ticket: Outcome("held"), owner=answers, done=answers.take, failed=answers.fail)
    jobs.aside(lambda: "beside", owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: bool(answers.done))
    assert answers.done == ["beside"]
    jobs.release()
    qtbot.waitUntil(lambda: answers.done == ["beside", "held"])
    jobs.close()


def test_closing_waits_for_what_the_writer_was_asked(qtbot: QtBot) -> None:
    written: list[int] = []
    jobs = jobs_of(Room)

    def write(number: int) -> Callable[[Any, Ticket], Outcome[None]]:
        def work(_room: Any, _ticket: Ticket) -> Outcome[None]:
            threading.Event().wait(0.01)
            written.append(number)
            return Outcome(None)

        return work

    owner = QObject()
    for number in range(5):
        jobs.run(write(number), owner=owner, done=nothing, failed=nothing)
    jobs.close()
    jobs.close()
    assert written == [0, 1, 2, 3, 4]
    assert jobs.run(write(5), owner=owner, done=nothing, failed=nothing).cancelled
    assert jobs.read(write(6), owner=owner, done=nothing, failed=nothing).cancelled
    assert jobs.long(write(7), title="Late", owner=owner, done=nothing, failed=nothing).cancelled
    jobs.aside(lambda: written.append(8), owner=owner, done=nothing, failed=nothing)
    assert written == [0, 1, 2, 3, 4]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith(("writer", "reader", "long"))] == []


@pytest.mark.parametrize("total", [0, 10])
def test_the_last_step_is_always_reported(qtbot: QtBot, total: int) -> None:
    jobs, answers = jobs_of(Room), Answers()
    reports: list[Any] = []
    jobs.progressed.connect(reports.append)

    def work(_room: Any, ticket: Ticket) -> Outcome[int]:
        for done in range(total + 1):
            ticket.step(done, total, "reading")
        return Outcome(1)

    jobs.long(work, title="Importing", owner=answers, done=answers.take, failed=answers.fail)
    qtbot.waitUntil(lambda: bool(answers.done))
    jobs.close()
    assert reports[-1].progress.done == total
    assert len(reports) <= 3


@pytest.mark.parametrize("way", ["run", "read", "long", "aside"])
@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_the_asker_dies_on_a_worker_thread(qtbot: QtBot, way: str, fails: bool) -> None:
    jobs, gone_on, times = jobs_of(Room), list[str](), 100
    options = {"title": "Importing"} if way == "long" else {}

    def work_of(asker: Mortal) -> Callable[..., Outcome[Mortal]]:
        def work(*_room_and_ticket: Any) -> Outcome[Mortal]:
            if fails:
                raise ReviewerError(f"{asker} cannot.", "Ask another.")
            return Outcome(asker)

        return work

    try:
        for _ in range(times):
            asker = Mortal(gone_on)
            getattr(jobs, way)(work_of(asker), owner=jobs, done=asker.heed, failed=asker.heed, **options)
            del asker
            qtbot.wait(1)  # an answer is taken while the worker is still about to let go of it
        qtbot.waitUntil(lambda: len(gone_on) == times)
    finally:
        jobs.close()
    assert set(gone_on) == {threading.main_thread().name}


def test_what_was_asked_and_not_answered_dies_with_the_closing_on_the_ui_thread(qtbot: QtBot) -> None:
    jobs, gone_on = jobs_of(Room, held=True), list[str]()
    for ask in (jobs.run, jobs.read):
        asker = Mortal(gone_on)
        ask(lambda _room, _ticket: Outcome(None), owner=jobs, done=asker.heed, failed=asker.heed)
        del asker
    jobs.close()
    assert gone_on == [threading.main_thread().name] * 2
