"""One writes at a time, and who is in a hurry goes first."""

import threading
import time

import pytest

from reviewer.storage.turns import Turns


def wait_until(question: object, timeout_s: float = 10) -> None:
    end = time.monotonic() + timeout_s
    while not question():  # type: ignore[operator] # a function without arguments
        assert time.monotonic() < end
        time.sleep(0.002)


def test_one_at_a_time() -> None:
    turns, inside, most = Turns(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns.take(urgent=False):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, inside) == (1, 0)


def test_the_urgent_go_before_all_who_waited_longer() -> None:
    turns, order = Turns(), []
    waiting = 0

    def take(name: str, urgent: bool) -> None:
        nonlocal waiting
        waiting += 1
        with turns.take(urgent=urgent):
            order.append(name)

    threads = []
    with turns.take(urgent=False):
        for number, (name, urgent) in enumerate([("import 1", False), ("import 2", False), ("label 1", True), ("label 2", True)], 1):
            threads.append(threading.Thread(target=take, args=(name, urgent)))
            threads[-1].start()
            wait_until(lambda number=number: waiting == number)
        wait_until(lambda: turns._urgent_waiting == 2)
    for thread in threads:
        thread.join()
    assert sorted(order[:2]) == ["label 1", "label 2"]
    assert sorted(order[2:]) == ["import 1", "import 2"]


def test_an_error_gives_the_turn_back() -> None:
    turns = Turns()

    def fail() -> None:
        with turns.take(urgent=True):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with turns.take(urgent=False):
        pass
