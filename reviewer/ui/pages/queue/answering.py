"""What a reviewer does to the item that is up: record an answer, put it off, hand it over, take an answer back; and what is said of it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from reviewer import __version__
from reviewer.domain.errors import NotSaved, Refused, ReviewerError
from reviewer.domain.labels import Opinion
from reviewer.ui.page import Page
from reviewer.ui.pages.queue.bench import Bench
from reviewer.ui.pages.queue.drafts import Drafts
from reviewer.ui.pages.queue.fetching import TakenBack
from reviewer.ui.pages.queue.flow import Flow
from reviewer.ui.pages.queue.gate import Gate
from reviewer.ui.pages.queue.looking_back import LookingBack
from reviewer.ui.pages.queue.words import short

RENDERER = f"reviewer {__version__}"


class Answering(QObject):
    """Nothing is said as done before it is on disk. From a key press to its answer nothing can be pressed twice."""

    def __init__(
        self,
        page: Page,
        flow: Flow,
        bench: Bench,
        drafts: Drafts,
        back: LookingBack,
        gate: Gate,
        *,
        whole: Callable[[], Opinion | None],
        called: Callable[[Opinion], str],
    ) -> None:
        """whole: what is on screen; None where a word is missing, once it was asked for. called: an answer in few words."""
        super().__init__(page)
        self._page, self._flow, self._bench, self._drafts, self._back, self._gate = page, flow, bench, drafts, back, gate
        self._whole, self._called = whole, called
        flow.taken_back.connect(self._say_taken_back)

    def record(self) -> None:
        """Record what is on screen, or what is being written in a note."""
        if (note := self._bench.open_note) is not None:
            note.submit()
            return
        current = self._flow.current
        if current is None or self._flow.working or self._back.past is not None:
            return
        opinion = self._whole()
        if opinion is None:
            return
        self._drafts.stop()
        shown = current.shown(RENDERER, self._bench.truncated_steps())
        self._flow.record(opinion, shown, failed=partial(self._not_done, self.record))
        self._start()  # while it is being written: the answer comes through the event loop, after this

    def ask_skip(self) -> None:
        """Put the item off, with a reason if there is one."""
        self._bench.note.ask_skip(partial(self._leave, self._flow.skip))

    def ask_escalate(self) -> None:
        """Hand the item to the lead, with a reason."""
        self._bench.note.ask_escalate(partial(self._leave, self._flow.escalate))

    def undo(self) -> None:
        """Take back the newest label, as often as there is one."""
        if not self._flow.working:
            self._start_leaving()
            self._flow.undo(failed=self._not_undone)

    def _leave(self, act: Callable[..., None], reason: str) -> None:
        if self._flow.current is not None and not self._flow.working:
            self._start_leaving()
            act(reason, failed=partial(self._not_done, partial(self._leave, act, reason)))

    def _start_leaving(self) -> None:
        """What was begun stays, for when the item comes back."""
        self._drafts.keep()
        self._start()

    def _start(self) -> None:
        self._gate.set(judge=False)
        self._bench.news.say("")

    def _not_done(self, again: Callable[[], None], error: ReviewerError) -> None:
        """The item stays, and so does every word."""
        self._gate.set(judge=True)
        say_not_done(self._page, error, kept="answer", again=again)

    def _not_undone(self, error: ReviewerError) -> None:
        self._gate.set(judge=self._flow.current is not None and self._back.past is None, read=self._flow.current is not None)
        if isinstance(error, Refused):
            self._bench.news.say(f"{error.what} {error.hint}")
        else:
            self._page.on_error(error)

    def _say_taken_back(self, taken: TakenBack) -> None:
        words = f"Taken back: {self._called(taken.undone.opinion)} on item {short(taken.undone.item)}. What you said is filled in again."
        QTimer.singleShot(0, self, lambda: self._bench.news.say(words))  # after the item has arrived


def say_not_done(page: Page, error: ReviewerError, *, kept: str, again: Callable[[], None]) -> None:
    """Say that nothing was written. kept: what is still on screen; again: what a press on “Try again” does, unless it was refused."""
    if isinstance(error, NotSaved):
        error = NotSaved(f"{error.what} Your {kept} is still on screen.", error.hint, error.code)
    page.desk.messages.show_error(error, retry=None if isinstance(error, Refused) else again)
