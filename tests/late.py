"""Answers that come late: finds the page that trusts in an answer being there, and the test that does not wait for what it asserts.

    pytest tests/ui tests/journeys --late 1 -n 4

On a quick machine an answer of background work is there before the next line of a test; on a busy one it is not. With `--late SEED`
each comes up to 0.2 s later, by a time of its own, so that answers also overtake each other. Not part of the test command.
"""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from reviewer.ui.jobs import Jobs

_LATEST_S = 0.2


def slow_answers(seed: int) -> None:
    """From now on, whatever any `Jobs` does is answered late."""
    chance, lock, prompt = random.Random(seed), threading.Lock(), Jobs._call

    def late(self: Jobs, work: Callable[[], Any], *arguments: Any, **options: Any) -> Callable[[], None]:
        def work_and_wait() -> Any:
            with lock:
                delay = chance.uniform(0, _LATEST_S)
            try:
                return work()
            finally:
                time.sleep(delay)

        return prompt(self, work_and_wait, *arguments, **options)

    Jobs._call = late  # type: ignore[method-assign] # for a whole run, on purpose
