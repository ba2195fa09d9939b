"""Threads that work for a window, and the line in which work waits for one of them."""

import heapq
import itertools
import queue
import threading
from collections.abc import Callable


class Line:
    """Calls that wait for the writer: by priority, then as they came. (queue.PriorityQueue is Python throughout: a label would wait.)"""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, Callable[[], None] | None]] = []
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._each: queue.SimpleQueue[None] = queue.SimpleQueue()

    def put(self, priority: int, call: Callable[[], None] | None) -> None:
        """priority: the smallest is taken first."""
        with self._lock:
            heapq.heappush(self._waiting, (priority, next(self._numbers), call))
        self._each.put(None)

    def get(self) -> Callable[[], None] | None:
        """Wait for one, and take the first."""
        self._each.get()
        with self._lock:
            return heapq.heappop(self._waiting)[2]


class Pool:
    """A few threads that take calls in the order in which they were put. (concurrent.futures would load logging before the first paint.)"""

    def __init__(self, name: str, threads: int) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._dropping = False
        self._threads = [threading.Thread(target=self._work, name=f"{name} {number}") for number in range(1, threads + 1)]
        for thread in self._threads:
            thread.start()

    def put(self, call: Callable[[], None]) -> None:
        """Let one of the threads call it."""
        self._calls.put(call)

    def close(self, *, drop: bool = False) -> None:
        """Finish what was put, or drop what has not begun, and wait for the threads."""
        self._dropping = drop
        for _thread in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            if not self._dropping:
                call()
