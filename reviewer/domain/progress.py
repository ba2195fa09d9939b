"""How long work reports and is stopped, known to neither Qt nor a terminal."""

from collections.abc import Callable
from typing import NamedTuple


class Progress(NamedTuple):
    """`done` of `total` units; `total` is 0 while it is not known. `what` is a phrase for the screen."""

    done: int
    total: int
    what: str


class Cancelled(Exception):
    """Somebody asked the work to stop; the open transaction rolls back."""


class Ticket:
    """Handed to every operation. Whatever reports progress can be cancelled."""

    def __init__(self, report: Callable[[Progress], None]) -> None:
        self._report = report
        self._stopped = False  # set by any thread, never taken back

    def step(self, done: int, total: int, what: str) -> None:
        """Report one finished unit, then raise Cancelled if asked to stop."""
        self._report(Progress(done, total, what))
        if self._stopped:
            raise Cancelled

    def tell(self, done: int, total: int, what: str) -> None:
        """Report one finished unit of what is not to be stopped any more."""
        self._report(Progress(done, total, what))

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stopped = True

    @property
    def cancelled(self) -> bool:
        """True once somebody asked."""
        return self._stopped


def _nobody(_progress: Progress) -> None:
    """Nobody watches."""


SILENT = Ticket(_nobody)
