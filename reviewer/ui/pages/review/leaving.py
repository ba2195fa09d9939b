"""Leaving an item without a label: putting it off, or handing it to the lead; each with a note."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from reviewer.domain.errors import ReviewerError
from reviewer.ui.pages.review.flow import Flow

if TYPE_CHECKING:
    from reviewer.ui.pages.review.note import NotePanel

NotDone = Callable[[Callable[[], None], ReviewerError], None]
"""Called with what to try again, and the error."""


class Bench(Protocol):
    """What a page's bench has for it."""

    @property
    def note(self) -> "NotePanel":
        """The panel for a reason, made if need be."""


class Leaving:
    """Asks for the note, then leaves. What was begun on the item is kept."""

    def __init__(self, bench: Bench, flow: Flow, *, begin: Callable[[], None], not_done: NotDone) -> None:
        """begin: called before anything is written."""
        self._bench = bench
        self._flow = flow
        self._begin = begin
        self._not_done = not_done

    def ask_skip(self) -> None:
        """Put the item off."""
        self._bench.note.ask_skip(partial(self._leave, self._flow.skip))

    def ask_escalate(self) -> None:
        """Hand the item to the lead."""
        self._bench.note.ask_escalate(partial(self._leave, self._flow.escalate))

    def _leave(self, act: Callable[..., None], reason: str) -> None:
        if self._flow.current is None or self._flow.working:
            return
        self._begin()
        act(reason, failed=partial(self._not_done, partial(self._leave, act, reason)))
