"""Asking a judge about several items at once, from threads, so that whoever waits can stop and what was paid for by then is not lost."""

import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, NamedTuple, TypeVar

from reviewer.domain.judges import Judge, NoAnswer, Question, Reply
from reviewer.domain.progress import Cancelled, Ticket

T = TypeVar("T")

_AT_ONCE = 4
_LOOK_S = 0.1  # how soon somebody who wants to stop is heard
_GRACE_S = 5.0  # how long answers under way are waited for then


class Answered(NamedTuple, Generic[T]):
    """What came back about one thing: the answer, or why there is none."""

    about: T
    question: Question
    answer: Reply | NoAnswer


class Stop:
    """Whether anybody still wants answers; pauses between tries are spent on it."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def wait(self, seconds: float) -> None:
        """Wait. Raises Cancelled once nobody wants answers."""
        if self._stopped.wait(seconds):
            raise Cancelled

    def stop(self) -> None:
        """From now on nobody does."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether nobody does."""
        return self._stopped.is_set()


class Asking(Generic[T]):
    """Questions under way. Answers come in the order in which they are given."""

    def __init__(self, judge: Judge, stop: Stop) -> None:
        """stop: the one that the judge spends its pauses on."""
        self._judge = judge
        self._stop = stop
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="judge")
        self._under_way: list[Future[None]] = []
        self._done: queue.SimpleQueue[tuple[T, Question, Reply | Exception]] = queue.SimpleQueue()

    def answers(self, asked: Sequence[tuple[T, Question]], ticket: Ticket) -> Iterator[Answered[T]]:
        """The answers to some questions. Raises Cancelled soon after somebody asked to stop."""
        self._under_way = [self._pool.submit(self._ask, about, question) for about, question in asked]
        for _ in asked:
            yield self._next(ticket)

    def rest(self) -> Iterator[Answered[T]]:
        """Ask nothing more, and give what is answered all the same: it was paid for."""
        self._wind_up()
        while not self._done.empty():
            about, question, answer = self._done.get()
            if isinstance(answer, Reply):
                yield Answered(about, question, answer)

    def close(self) -> None:
        """Hang up, also on questions that nobody has answered for a while."""
        self._wind_up()
        self._judge.close()
        self._pool.shutdown(wait=True)

    def _wind_up(self) -> None:
        self._stop.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait([one for one in self._under_way if not one.cancelled()], timeout=_GRACE_S)  # who was never begun is never reported done

    def _next(self, ticket: Ticket) -> Answered[T]:
        while True:
            if ticket.cancelled:
                raise Cancelled
            try:
                about, question, answer = self._done.get(timeout=_LOOK_S)
            except queue.Empty:
                continue
            if isinstance(answer, Reply | NoAnswer):
                return Answered(about, question, answer)
            raise answer

    def _ask(self, about: T, question: Question) -> None:
        answer: Reply | Exception
        try:
            answer = self._judge.ask(question)
        except Exception as error:  # noqa: BLE001 - raised again where somebody hears it
            answer = error
        self._done.put((about, question, answer))
