"""Threads that work for a window: what they take first, and that they take all of it once."""

import threading
from collections import Counter
from functools import partial

import pytest

from reviewer.ui.workers import Line, Pool


def test_the_smallest_priority_is_taken_first_and_of_one_the_oldest() -> None:
    line, taken = Line(), []
    for priority, name in ((2, "batch"), (0, "label"), (2, "another batch"), (1, "asked"), (0, "another label")):
        line.put(priority, lambda name=name: taken.append(name))  # type: ignore[misc] # bound
    line.put(3, None)
    while (call := line.get()) is not None:
        call()
    assert taken == ["label", "another label", "asked", "batch", "another batch"]


def test_whoever_waits_for_work_gets_what_is_put_later() -> None:
    line, taken = Line(), threading.Event()

    def work() -> None:
        call = line.get()
        assert call is not None
        call()

    waiting = threading.Thread(target=work)
    waiting.start()
    line.put(0, taken.set)
    assert taken.wait(10)
    waiting.join()


def test_nothing_is_lost_or_taken_twice_between_many_threads() -> None:
    line, taken = Line(), Counter[tuple[int, int]]()

    def put(thread: int) -> None:
        for number in range(500):
            line.put(number % 3, partial(taken.update, [(thread, number)]))

    putting = [threading.Thread(target=put, args=(thread,)) for thread in range(4)]
    for thread in putting:
        thread.start()
    for _ in range(4 * 500):
        call = line.get()
        assert call is not None
        call()
    for thread in putting:
        thread.join()
    assert len(taken) == 4 * 500
    assert set(taken.values()) == {1}


@pytest.mark.parametrize(("drop", "done"), [(False, ["first", "second", "third"]), (True, ["first"])])
def test_a_pool_finishes_what_was_put_or_drops_what_has_not_begun(drop: bool, done: list[str]) -> None:
    taken: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        assert go_on.wait(10)
        taken.append("first")

    pool = Pool("test", 1)
    for call in (first, partial(taken.append, "second"), partial(taken.append, "third")):
        pool.put(call)
    assert begun.wait(10)
    threading.Timer(0.05, go_on.set).start()
    pool.close(drop=drop)
    assert taken == done
