"""How each release stands: looked at one after another in the background, and kept until labels or releases move."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Jobs
from reviewer.ui.pages.datasets import fetching

if TYPE_CHECKING:
    from reviewer.operations.release_checks import Broken, Checked
    from reviewer.operations.release_listing import ReleaseLine, Standing


class Standings(QObject):
    """What is known, by the release's entry."""

    moved = Signal()

    def __init__(self, jobs: Jobs, page: QObject) -> None:
        super().__init__(page)
        self._jobs = jobs
        self._known: dict[str, Standing | ReviewerError] = {}
        self._checked: dict[str, Checked] = {}
        self._waiting: list[ReleaseLine] = []
        self._asked: str = ""
        self._watched: dict[Ticket, Callable[[], None]] = {}
        jobs.ended.connect(self._ended)

    def standing(self, line: "ReleaseLine") -> "Standing | ReviewerError | None":
        """What was seen of a release; None where nobody looked yet."""
        return self._known.get(line.release)

    def checked(self, line: "ReleaseLine") -> "Checked | None":
        """What making every row anew came to, if it was done."""
        return self._checked.get(line.release)

    def broken(self, line: "ReleaseLine") -> "tuple[Broken, ...]":
        """What is wrong with it, as far as it is known."""
        checked, seen = self.checked(line), self.standing(line)
        if checked is not None:
            return checked.broken
        return () if seen is None or isinstance(seen, ReviewerError) else seen.broken

    def forget(self) -> None:
        """Labels or releases moved: look again."""
        self._known.clear()
        self._checked.clear()
        self._waiting.clear()
        self._asked = ""

    def look(self, lines: "Sequence[ReleaseLine]", *, first: "ReleaseLine") -> None:
        """Look at those that nobody looked at, one by one."""
        rest = [line for line in lines if line is not first]
        self._waiting = [line for line in (first, *rest) if line.folder is not None and line.release not in self._known]
        if not self._asked:
            self._next()

    def keep_checked(self, line: "ReleaseLine", found: "Checked") -> None:
        """Every row was made anew."""
        self._checked[line.release] = found
        self.moved.emit()

    def fail(self, line: "ReleaseLine", error: ReviewerError) -> None:
        """It cannot be looked at."""
        self._known[line.release] = error
        self.moved.emit()

    def watch(self, ticket: Ticket, then: Callable[[], None]) -> None:
        """Call `then` when a piece of long work is over, however it ended."""
        self._watched[ticket] = then

    def _ended(self, ticket: Ticket) -> None:
        then = self._watched.pop(ticket, None)
        if then is not None:
            then()

    def _next(self) -> None:
        if not self._waiting:
            self._asked = ""
            return
        line = self._waiting.pop(0)
        assert line.folder is not None  # `look` left the others out
        self._asked = line.release
        work = partial(fetching.standing, folder=line.folder)
        self._jobs.read(work, owner=self, slot="standing", done=partial(self._seen, line), failed=partial(self._seen, line))

    def _seen(self, line: "ReleaseLine", found: "Standing | ReviewerError") -> None:
        if self._asked != line.release:
            return  # all of it was forgotten meanwhile
        self._known[line.release] = found
        self.moved.emit()
        self._next()
