"""Which item in dispute is up, which comes next, and what becomes of a resolution: the page's dealings with its work, without a widget."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import ReviewerError
from reviewer.domain.events import Ruling
from reviewer.domain.items import ItemId
from reviewer.ui.jobs import Done, Priority, nothing
from reviewer.ui.page import Desk
from reviewer.ui.pages.adjudicate import fetching
from reviewer.ui.pages.adjudicate.fetching import Fetched

if TYPE_CHECKING:
    from reviewer.operations.adjudicating import Begun, DisputeShown, Docket


class Flow(QObject):
    """One adjudicator at their disagreements. Everything runs off the UI thread; signals bring the answers."""

    counted = Signal()
    """`docket` and `dockets` are as the disk has them."""
    arrived = Signal(object)
    """A Fetched: this item is up now."""
    moved = Signal(object)
    """A Fetched: the item that is up, as others have changed it meanwhile."""
    ended = Signal()
    """Nothing is in dispute that this person may resolve."""
    refused = Signal(object)
    """A ReviewerError: this person may not resolve at all."""
    failed = Signal(object)
    """A ReviewerError of anything else that was only read."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.dockets: tuple[Docket, ...] = ()
        self.docket: Docket | None = None
        self.current: Fetched | None = None
        self.working = False
        self._chosen: EntryHash | None = None
        self._wanted: ItemId | None = None
        self._coming: ItemId | None = None
        self._unread: set[ItemId] = set()  # what could not be fetched is not tried again by itself

    @property
    def looking_back(self) -> bool:
        """Whether the item that is up waits for nobody: it was resolved, or sent back."""
        return self.current is not None and self.current.dispute.kind is None

    def refresh(self) -> None:
        """Read what is in dispute; fetch an item if none is up."""
        self._desk.jobs.read(fetching.dockets, owner=self, slot="dockets", done=self._take, failed=self.refused.emit)

    def reset(self) -> None:
        """Another workspace: nothing of the old one stays."""
        self.dockets, self.docket, self.current, self._chosen, self._wanted, self._coming = (), None, None, None, None, None
        self._unread.clear()

    def choose(self, campaign: EntryHash, item: ItemId | None = None) -> None:
        """Work on the disagreements of a campaign, from an item on."""
        self._chosen, self._wanted, self.current = campaign, item, None
        self.refresh()

    def next_campaign(self) -> bool:
        """Go to the next campaign in which something waits. False where there is no other."""
        among = [one.campaign for one in self.dockets if one.items]
        here = self.docket.campaign if self.docket is not None else None
        if not [one for one in among if one != here]:
            return False
        place = among.index(here) if here in among else -1
        self.choose(among[(place + 1) % len(among)])
        return True

    def step(self, way: int) -> bool:
        """Put the next (1) or previous (-1) item up that waits, around the ends. False where there is no other."""
        docket, current, items = self.docket, self.current, self._waiting
        if docket is None or not [item for item in items if current is None or item != current.id]:
            return False
        place = items.index(current.id) if current is not None and current.id in items else (-1 if way > 0 else 0)
        self._fetch(docket.campaign, items[(place + way) % len(items)])
        return True

    def look(self, way: int) -> bool:
        """Go back (1) through what one resolved, or forward (-1) to what waits. False where there is nothing that way."""
        docket, current = self.docket, self.current
        if docket is None:
            return False
        at = docket.resolved.index(current.id) if current is not None and self.looking_back and current.id in docket.resolved else -1
        goal = at + way
        if at >= 0 and goal < 0:
            self.forward()
            return True
        if not 0 <= goal < len(docket.resolved):
            return False
        self._fetch(docket.campaign, docket.resolved[goal])
        return True

    def forward(self) -> None:
        """To what waits."""
        self.current = None
        self._advance()

    def resolve(self, verdict: Ruling, begun: "Begun", *, done: "Done[DisputeShown]", failed: Done[ReviewerError]) -> None:
        """Resolve the item that is up. Once that is on disk, the next one comes."""
        assert self.current is not None
        work = partial(fetching.resolve, fetched=self.current, verdict=verdict, begun=begun)
        self._start()
        self._desk.jobs.run(
            work, owner=self, done=partial(self._resolved, done), failed=partial(self._stopped, failed), priority=Priority.LABEL
        )

    def send_back(self, note: str, *, done: Done[None], failed: Done[ReviewerError]) -> None:
        """Ask everyone who labelled the item for another look."""
        assert self.current is not None
        work = partial(fetching.send_back, fetched=self.current, note=note)
        self._start()
        self._desk.jobs.run(
            work, owner=self, done=partial(self._sent, done), failed=partial(self._stopped, failed), priority=Priority.LABEL
        )

    def keep(self, fetched: Fetched, begun: "Begun") -> None:
        """Keep what was begun on an item."""
        self._desk.jobs.run(
            partial(fetching.keep, fetched=fetched, begun=begun),
            owner=self,
            done=nothing,
            failed=self.failed.emit,
            priority=Priority.LABEL,  # in line with what settles the item and drops its draft: behind it, this would bring the draft back
        )

    # -- what comes back ---------------------------------------------------------------------------------------------------------

    def _take(self, dockets: "tuple[Docket, ...]") -> None:
        self.dockets = dockets
        chosen = next((one for one in dockets if one.campaign == self._chosen), None)
        self.docket = chosen or next((one for one in dockets if one.items), next(iter(dockets), None))
        self._chosen = self.docket.campaign if self.docket is not None else self._chosen
        self.counted.emit()
        if self.working or (self._coming is not None and self._wanted is None):
            return
        if self.current is not None and (self.looking_back or self.current.id in self._waiting):
            self._look_again(self.current)
            return
        self.forward()

    @property
    def _waiting(self) -> list[ItemId]:
        return [one.item for one in self.docket.items if one.item not in self._unread] if self.docket is not None else []

    def _advance(self, after: ItemId | None = None) -> None:
        """Put up the item that was asked for, else the first one that waits, or the one that came behind another."""
        docket, wanted = self.docket, self._wanted
        self._wanted = None
        if docket is not None and wanted is not None:
            self._fetch(docket.campaign, wanted)
            return
        items = self._waiting
        if docket is None or not [item for item in items if item != after]:
            self.ended.emit()
            return
        place = items.index(after) + 1 if after in items else 0
        self._fetch(docket.campaign, items[place % len(items)])

    def _fetch(self, campaign: EntryHash, item: ItemId) -> None:
        work = partial(fetching.dispute, campaign=campaign, item=item)
        self._coming = item
        self._desk.jobs.read(work, owner=self, slot="dispute", done=self._show, failed=partial(self._not_fetched, item))

    def _show(self, fetched: Fetched) -> None:
        self._coming = None
        if not self.working:
            self.current = fetched
            self.arrived.emit(fetched)

    def _look_again(self, shown: Fetched) -> None:
        """Something moved: whether it is the item that is up."""
        work = partial(fetching.dispute, campaign=shown.dispute.campaign, item=shown.id)
        self._desk.jobs.read(work, owner=self, slot="again", done=partial(self._take_again, shown), failed=self.failed.emit)

    def _take_again(self, shown: Fetched, found: Fetched) -> None:
        same = (shown.dispute.kind, shown.dispute.opinions, shown.dispute.rulings) == (
            found.dispute.kind, found.dispute.opinions, found.dispute.rulings,
        )  # fmt: skip
        if shown is self.current and not same and not self.working:
            self.moved.emit(found)

    def take(self, fetched: Fetched) -> None:
        """Go on with the item as it is by now."""
        self.current = fetched
        self.arrived.emit(fetched)

    def _not_fetched(self, item: ItemId, error: ReviewerError) -> None:
        self._coming = None
        self._unread.add(item)
        self.failed.emit(error)
        if self.current is None:
            self._advance()

    def _start(self) -> None:
        self.working = True

    def _stopped(self, failed: Done[ReviewerError], error: ReviewerError) -> None:
        self.working = False
        failed(error)

    def _resolved(self, done: "Done[DisputeShown]", dispute: "DisputeShown") -> None:
        self._go_on()
        done(dispute)

    def _sent(self, done: Done[None], _sent: object) -> None:
        self._go_on()
        done(None)

    def _go_on(self) -> None:
        """The item is done with: the next one comes, while the counts are read anew."""
        self.working = False
        assert self.current is not None
        before, self.current = self.current.id, None
        self._advance(before)
