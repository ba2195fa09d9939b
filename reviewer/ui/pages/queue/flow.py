"""Which item is up, which come next, and what becomes of a label: the page's dealings with the queue, without a widget."""

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.catalogue.settings import BATCH
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.events import Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Done, Priority, Work, nothing
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue import fetching
from reviewer.ui.pages.queue.fetching import Fetched, Past, TakenBack

if TYPE_CHECKING:
    from reviewer.operations.queues import Standing
    from reviewer.storage.workspace import Workspace

_TOP_UP_AFTER_MS = 120
TOO_EARLY = "Not taken: the last answer is still being written. Press the key again on the next item."
"""Said of a key that comes between a label and the item after it: it would judge what nobody has seen."""

T = TypeVar("T")


class Flow(QObject):
    """One reviewer in one queue. Everything runs off the UI thread; signals bring the answers."""

    standing_changed = Signal(object)
    """A Standing, or None where no campaign asks for labels."""
    arrived = Signal(object)
    """A Fetched: this item is up now."""
    looked_back = Signal(object)
    """A Past: an item labelled before, to be looked at."""
    ended = Signal()
    """The queue is empty, or there is no campaign: see `standing`."""
    recorded = Signal(object)
    """The Opinion of a label that is on disk; `arrived` or `ended` follows."""
    taken_back = Signal(object)
    """A TakenBack; `arrived` follows with its item."""
    elsewhere = Signal(object)
    """A Standing: the campaign to work in asks for what another page is made for."""
    failed = Signal(object)
    """A ReviewerError of anything that was only read."""

    def __init__(self, desk: Desk, parent: QObject, *, compares: bool = False) -> None:
        """compares: this is the queue of campaigns that ask which output is better, else of all others."""
        super().__init__(parent)
        self._desk = desk
        self._compares = compares
        self.campaigns: tuple[Standing, ...] = ()
        self.standing: Standing | None = None
        self.current: Fetched | None = None
        self.working = False
        self.known = False  # whether the campaigns were read
        self._chosen: str | None = None
        self._ahead: deque[Fetched] = deque()
        self._generation = 0
        self._fetching = False
        self._topping = False
        self._exhausted = False
        self._later = QTimer(self, singleShot=True, interval=_TOP_UP_AFTER_MS)
        self._later.timeout.connect(self._top_up)

    # -- campaigns ---------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read how the campaigns stand; fetch an item if none is up."""
        self._desk.jobs.read(fetching.campaigns, owner=self, done=self._take_campaigns, failed=self._read_failed, slot="campaigns")

    @property
    def next_up(self) -> Fetched | None:
        """The item that was fetched ahead and comes next, if it is here."""
        return self._ahead[0] if self._ahead else None

    @property
    def misplaced(self) -> bool:
        """Whether the campaign to work in asks for what another page is made for."""
        return self.standing is not None and (self.standing.question == "preference") is not self._compares

    def show_first(self, fetched: Fetched) -> None:
        """Show an item that was read before the workspace was open, unless another one is up already."""
        if self.current is None and not self.known:
            self._chosen = fetched.showing.campaign
            self.current = fetched
            self.arrived.emit(fetched)

    def prefer(self, campaign: str) -> None:
        """Work in this campaign's queue, once the campaigns are known."""
        self._chosen = campaign

    def choose(self, campaign: str) -> None:
        """Work in another campaign's queue."""
        if self.standing is not None and campaign == self.standing.id:
            return
        self._chosen = campaign
        self._drop()
        self.current = None
        if any(standing.id == campaign for standing in self.campaigns):
            self._take_campaigns(self.campaigns)
        else:  # made a moment ago
            self.refresh()

    def drop_ahead(self) -> None:
        """The queue changed from outside: what was fetched ahead may no longer be next."""
        self._drop()

    def reset(self) -> None:
        """Another workspace: nothing of the old one stays."""
        self._drop()
        self.campaigns, self.standing, self.current, self._chosen, self.known = (), None, None, None, False

    def _take_campaigns(self, campaigns: "tuple[Standing, ...]") -> None:
        self.known = True
        self.campaigns = campaigns
        self.standing = self._usual()
        if self.misplaced:
            self.elsewhere.emit(self.standing)
            return
        self.standing_changed.emit(self.standing)
        if self.current is not None or self.working:
            if self.current is not None:
                self._top_up()
            return
        over, self._exhausted = self._exhausted, False
        if over or self.standing is None or not self.standing.waiting or self.standing.closed:
            self.ended.emit()
        else:
            self.advance()

    def _usual(self) -> "Standing | None":
        """The one chosen, else the one in which something waits, else the newest."""
        open_ones = [standing for standing in self.campaigns if not standing.closed and standing.waiting]
        chosen = next((standing for standing in self.campaigns if standing.id == self._chosen), None)
        usual = chosen or next(iter(open_ones or self.campaigns), None)
        self._chosen = usual.id if usual is not None else None
        return usual

    # -- the queue ---------------------------------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Show the next item: at once if it was fetched ahead."""
        if self._ahead:
            self._put_up(self._ahead.popleft())
            return
        if self.standing is None or self._fetching:
            return
        self._fetching = True
        work = partial(fetching.ahead, campaign=self.standing.id, beyond=frozenset(), limit=1)
        self._desk.jobs.read(
            work, owner=self, done=partial(self._take_next, self._generation), failed=partial(self._next_failed, self._generation)
        )

    def show(self, fetched: Fetched) -> None:
        """Make an item the current one. What was up before goes back to the front of the queue."""
        if self.current is not None and self.current.id != fetched.id:
            self._ahead.appendleft(self.current)
        self._ahead = deque(ready for ready in self._ahead if ready.id != fetched.id)
        self._put_up(fetched)

    def _put_up(self, fetched: Fetched) -> None:
        self.current = fetched
        self.arrived.emit(fetched)
        if not self._later.isActive():
            self._later.start()  # after this one is painted

    def _take_next(self, generation: int, found: tuple[Fetched, ...]) -> None:
        if generation != self._generation:
            return
        self._fetching = False
        if self.current is not None:
            return
        if found:
            self.show(found[0])
        else:
            self._exhausted = True  # the counts on screen are from before the last label: read them, then say that it is over
            self.refresh()

    def _next_failed(self, generation: int, error: ReviewerError) -> None:
        if generation == self._generation:
            self._fetching = False
        self._read_failed(error)

    def _top_up(self) -> None:
        """Fetch ahead, once half of what should be at hand is used up."""
        wanted = self._desk.settings[BATCH]
        if self._topping or self.standing is None or len(self._ahead) > wanted // 2:
            return
        beyond = frozenset(ready.id for ready in self._ahead) | ({self.current.id} if self.current is not None else set())
        self._topping = True
        work = partial(fetching.ahead, campaign=self.standing.id, beyond=beyond, limit=wanted - len(self._ahead))
        self._desk.jobs.read(
            work, owner=self, done=partial(self._take_ahead, self._generation), failed=partial(self._ahead_failed, self._generation)
        )

    def _take_ahead(self, generation: int, found: tuple[Fetched, ...]) -> None:
        if generation != self._generation:
            return
        self._topping = False
        known = {ready.id for ready in self._ahead}
        if self.current is not None:
            known.add(self.current.id)
        self._ahead.extend(fetched for fetched in found if fetched.id not in known)

    def _ahead_failed(self, generation: int, error: ReviewerError) -> None:
        if generation == self._generation:
            self._topping = False
        self._read_failed(error)

    def _drop(self) -> None:
        self._ahead.clear()
        self._generation += 1
        self._fetching = self._topping = False

    # -- what a reviewer does ----------------------------------------------------------------------------------------------------

    def record(self, opinion: Opinion, shown: Shown, *, failed: Done[ReviewerError]) -> None:
        """Record a label on the current item. Once it is on disk, the next item arrives; until then nothing moves."""
        assert self.current is not None
        self._write(partial(_label, fetched=self.current, opinion=opinion, shown=shown), partial(self._recorded, opinion), failed)

    def skip(self, reason: str, *, failed: Done[ReviewerError]) -> None:
        """Put the current item off."""
        assert self.current is not None
        self._write(partial(_skip, fetched=self.current, reason=reason), self._done_with, failed)

    def escalate(self, reason: str, *, failed: Done[ReviewerError]) -> None:
        """Hand the current item to the lead."""
        assert self.current is not None
        self._write(partial(_escalate, fetched=self.current, reason=reason), self._done_with, failed)

    def undo(self, *, failed: Done[ReviewerError]) -> None:
        """Take the newest label back; its item comes up with what was said."""
        if self.standing is not None and not self.working:
            self._write(partial(fetching.take_back, campaign=self.standing.id), self._took_back, failed)

    def grow(self, size: int, *, failed: Done[ReviewerError]) -> None:
        """Draw more items into the campaign."""
        if self.standing is not None and not self.working:
            self._write(partial(fetching.grow, campaign=self.standing.id, size=size), lambda _drawn: self.refresh(), failed)

    def keep_draft(self, fetched: Fetched, opinion: Opinion, *, failed: Done[ReviewerError]) -> None:
        """Keep what was begun. It goes into the same line as labels, so that it can never come after the label that ends it."""
        self._desk.jobs.run(
            partial(_draft, fetched=fetched, opinion=opinion), owner=self, done=nothing, failed=failed, priority=Priority.LABEL
        )

    def look_back(self, place: int) -> None:
        """Show the label of one's own at a place, newest first."""
        if self.standing is not None:
            work = partial(fetching.past, campaign=self.standing.id, place=place)
            self._desk.jobs.read(work, owner=self, done=self._take_past, failed=self._read_failed, slot="past")

    def _take_past(self, past: Past | None) -> None:
        if past is not None:
            self.looked_back.emit(past)

    def _write(self, work: Work[T], done: Done[T], failed: Done[ReviewerError]) -> None:
        if self.working:
            return
        self.working = True
        self._desk.jobs.run(
            work, owner=self, done=partial(self._answered, done), failed=partial(self._answered, failed), priority=Priority.LABEL
        )

    def _answered(self, then: Done[T], value: T) -> None:
        self.working = False
        then(value)

    def _recorded(self, opinion: Opinion, recorded: object) -> None:
        self.recorded.emit(opinion)
        self._done_with(recorded)

    def _done_with(self, _recorded: object) -> None:
        self.current = None
        self.advance()

    def _took_back(self, taken: TakenBack) -> None:
        self.taken_back.emit(taken)
        self.show(taken.fetched)

    def _read_failed(self, error: ReviewerError) -> None:
        self.failed.emit(error)


def _label(workspace: "Workspace", ticket: Ticket, *, fetched: Fetched, opinion: Opinion, shown: Shown) -> Outcome[object]:
    from reviewer import operations

    showing = fetched.showing
    outcome = operations.labelling.label_item(
        workspace, ticket, campaign=showing.campaign, item=fetched.id, opinion=opinion, shown=shown, showing=showing.showing
    )
    return Outcome(outcome.value, outcome.changes)


def _skip(workspace: "Workspace", ticket: Ticket, *, fetched: Fetched, reason: str) -> Outcome[object]:
    from reviewer import operations

    outcome = operations.labelling.skip_item(workspace, ticket, campaign=fetched.showing.campaign, item=fetched.id, reason=reason)
    return Outcome(outcome.value, outcome.changes)


def _escalate(workspace: "Workspace", ticket: Ticket, *, fetched: Fetched, reason: str) -> Outcome[object]:
    from reviewer import operations

    outcome = operations.labelling.escalate_item(workspace, ticket, campaign=fetched.showing.campaign, item=fetched.id, reason=reason)
    return Outcome(outcome.value, outcome.changes)


def _draft(workspace: "Workspace", ticket: Ticket, *, fetched: Fetched, opinion: Opinion) -> Outcome[None]:
    from reviewer import operations

    return operations.labelling.save_draft(workspace, ticket, campaign=fetched.showing.campaign, item=ItemId(fetched.id), opinion=opinion)
