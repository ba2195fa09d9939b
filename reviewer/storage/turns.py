"""Whose turn it is to write: one at a time, urgent ones first, so that a label never waits behind an import."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock whose urgent takers go before all others that wait."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._taken = False
        self._urgent_waiting = 0

    @contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        """Hold the turn for the `with` block."""
        with self._free:
            self._urgent_waiting += urgent
            try:
                self._free.wait_for(lambda: not self._taken and (urgent or self._urgent_waiting == 0))
                self._taken = True
            finally:
                self._urgent_waiting -= urgent
                if not self._taken:  # whoever was interrupted while waiting holds nobody back
                    self._free.notify_all()
        try:
            yield
        finally:
            with self._free:
                self._taken = False
                self._free.notify_all()
