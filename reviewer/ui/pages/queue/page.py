"""What every page is that works a queue: one item is up, and when it is answered the next one, all of it by keyboard."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.labels import Opinion
from reviewer.ui.jobs import nothing
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.queue import fetching
from reviewer.ui.pages.queue.answering import Answering
from reviewer.ui.pages.queue.bench import Bench
from reviewer.ui.pages.queue.clock import ItemClock
from reviewer.ui.pages.queue.drafts import Drafts
from reviewer.ui.pages.queue.ending import Ending
from reviewer.ui.pages.queue.fetching import Fetched, Past
from reviewer.ui.pages.queue.flow import TOO_EARLY, Flow
from reviewer.ui.pages.queue.gate import Gate
from reviewer.ui.pages.queue.header import QueueHeader
from reviewer.ui.pages.queue.looking_back import LookingBack
from reviewer.ui.pages.queue.media import Media
from reviewer.ui.pages.queue.words import said_above
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.layers import Layers
from reviewer.ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from reviewer.operations.queues import Standing
    from reviewer.ui.pages.queue.panels import Panels
    from reviewer.ui.pages.queue.unblinding import Unblinding

_RECOUNT_AFTER_MS = 250  # counting competes with a key pressed meanwhile
_LAY_AHEAD_AFTER_MS = 8


class QueuePage(Page):
    """Works a queue. Nothing is shown as recorded before it is on disk.

    Subclass it, make a bench in `__init__` and hand it to `_work_at`; write what stands under “what each page says and shows”.
    """

    interests = Changes.CAMPAIGNS | Changes.LABELS | Changes.QUEUE | Changes.ITEMS
    compares = False
    """Whether this is the page of campaigns that ask which output is better."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._header = QueueHeader(lambda: nothing(desk.shell.go("adjudicate")))
        self._flow = Flow(desk, self, compares=self.compares)
        self._media = Media(desk, self)
        self._media.saved.connect(lambda name: self.said.emit(f"Saved {name}"))
        self._stack = Layers(self)
        self._clock = ItemClock(self)
        self._recount = QTimer(self, singleShot=True, interval=_RECOUNT_AFTER_MS)
        self._recount.timeout.connect(self.refresh)
        self._lay_ahead = QTimer(self, singleShot=True, interval=_LAY_AHEAD_AFTER_MS)
        self._lay_ahead.timeout.connect(self._lay_next)

    def _work_at(self, bench: Bench, gate: Gate) -> None:
        """Bind the queue to a bench that was made in `_stack`."""
        flow, self._at, self._gate = self._flow, bench, gate
        self._waiting = Waiting("Reading your queue")
        for layer in (bench, self._waiting):
            self._stack.addWidget(layer)
        self._stack.setCurrentWidget(self._waiting)
        self._back = LookingBack(self, flow, bench, leave=lambda: self._drafts.keep())
        self._drafts = Drafts(flow, lambda: None if self._back.past is not None else self.opinion(), failed=self.on_error)
        self._answering = Answering(self, flow, bench, self._drafts, self._back, gate, whole=self.whole_opinion, called=self.called)
        self._ending = Ending(self, flow, self._stack, bench, self._back, panels=lambda: self._panels, focus=self._take_keys)
        flow.standing_changed.connect(self._show_standing)
        flow.arrived.connect(self._take_item)
        flow.ended.connect(self._take_end)
        flow.elsewhere.connect(self._go_elsewhere)
        flow.failed.connect(self.on_error)
        self._back.arrived.connect(self._take_past)
        self._back.left.connect(self._show_queue)
        bench.drawer_closed.connect(self._ending.take_focus)

    # What the first screen does not show is loaded and made when it is first wanted.

    @cached_property
    def _panels(self) -> "Panels":
        from reviewer.ui.pages.queue.panels import Panels

        return Panels(self.desk, self, self._flow, self._at, choose=self.choose_campaign, opened=self._ending.show_bench)

    @cached_property
    def _unblinding(self) -> "Unblinding":
        from reviewer.ui.pages.queue.unblinding import Unblinding

        return Unblinding(self.desk, self, self._flow, self._at, told=self.show_unblinded)

    # -- what each page says and shows -------------------------------------------------------------------------------------------

    def opinion(self) -> Opinion:
        """What is on screen."""
        raise NotImplementedError

    def whole_opinion(self) -> Opinion | None:
        """The same, to be recorded; None where a word is missing, which is asked for where it belongs."""
        raise NotImplementedError

    def called(self, opinion: Opinion) -> str:
        """An answer in few words."""
        raise NotImplementedError

    def show_item(self, fetched: Fetched) -> str:
        """Show an item that is up, with what was begun on it: `_drafts.kept`. Gives back what a screen reader says of it."""
        raise NotImplementedError

    def show_past(self, past: Past) -> None:
        """Show an item that was answered before, and what was said of it."""
        raise NotImplementedError

    def lay_ahead(self, following: Fetched) -> None:
        """While an item is read: lay out the one that comes next."""
        raise NotImplementedError

    def begun(self, fetched: Fetched) -> Opinion | None:
        """What was begun on an item that comes up."""
        return fetched.showing.draft

    def show_end(self) -> None:
        """No item is up: the end of the queue, or no campaign at all."""

    def show_unblinded(self) -> None:
        """What was hidden of the item is on screen."""
        self._say_above()
        self._ending.show_bench()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """Campaign, progress, time left."""
        return self._header

    def queue_handlers(self) -> dict[str, Callable[[], None]]:
        """The actions that such pages have in common, by id."""
        answering = self._answering
        acts: dict[str, Callable[[], None]] = {
            "record": answering.record,
            "skip": answering.ask_skip,
            "escalate": answering.ask_escalate,
            "undo": answering.undo,
            "back": partial(self._back.look, 1),
            "next": partial(self._back.look, -1),
            "unblind": lambda: self._unblinding.start(),
            "campaign": lambda: self._panels.toggle("campaigns"),
            "guidelines": lambda: self._panels.toggle("guidelines"),
            "my_work": lambda: self._panels.toggle("my_work"),
        }
        return {f"{self.name}.{action}": act for action, act in acts.items()}

    def why_not(self, name: str) -> str:
        """While a label is being written, that."""
        return TOO_EARLY if self._flow.working else super().why_not(name)

    def take_changes(self, changes: Changes) -> None:
        """What others changed may change what comes next; what we record ourselves does not."""
        if self.desk.shell.folder == self._folder:
            if self._flow.working:
                self._recount.start()  # what we did ourselves: the next item is painted first, then counted
                return
            if changes & (Changes.QUEUE | Changes.CAMPAIGNS):
                self._flow.drop_ahead()
                if self.isVisible():  # else when it comes up; a label on one of these pages is not to wait for the other
                    self._count_disputes()
        super().take_changes(changes)

    def forget_workspace(self) -> None:
        """Nothing of the old workspace stays."""
        self._drafts.stop()
        self._flow.reset()
        self._back.past = None
        self._header.show_standing(None)
        self._stack.setCurrentWidget(self._waiting)
        self._gate.set(judge=False, read=False, change=False)

    def refresh(self) -> None:
        """Read how the queue stands; the item on screen stays."""
        if self.desk.shell.folder is not None:
            self._flow.refresh()

    def shown(self) -> None:
        """The keys work at once."""
        self._count_disputes()
        if self._flow.misplaced:
            self._flow.refresh()
        else:
            self._ending.take_focus()

    def leave(self) -> bool:
        """Keep what was begun."""
        self._drafts.keep()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the item is in view."""
        super().showEvent(event)
        self._clock.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """It is not any more."""
        super().hideEvent(event)
        self._clock.look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes what is open: the note, then the drawer; leaves an item looked back at; goes from beside it back to what is read."""
        if event.key() != Qt.Key.Key_Escape or not self._escape():
            super().keyPressEvent(event)

    def _escape(self) -> bool:
        if self._at.close_note() or self._at.close_drawer():
            return True
        if self._back.past is not None:
            self._back.to_queue()
            return True
        focus = QApplication.focusWidget()
        if focus is not None and self._at.is_beside(focus):
            self._take_keys()
            return True
        return False

    # -- other campaigns ---------------------------------------------------------------------------------------------------------

    def choose_campaign(self, campaign: str) -> None:
        """Work in another campaign's queue; what was begun on this item is kept as a draft."""
        self._drafts.keep()
        self._at.close_drawer()
        self._at.news.say("")
        self._back.past = None
        self._flow.choose(campaign)

    def take_again(self, fetched: Fetched) -> None:
        """Put one item up to be answered anew; recording replaces what was said of it."""
        self._back.answer_again(fetched)

    def _go_elsewhere(self, standing: "Standing") -> None:
        """The campaign to work in asks for what another page is made for, which takes its queue."""
        if self.isVisible():
            self.other_page().choose_campaign(standing.id)

    def other_page(self) -> "QueuePage":
        """Show the page of campaigns that ask for what this one is not made for."""
        return cast("QueuePage", self.desk.shell.go("review" if self.compares else "compare"))

    # -- showing -----------------------------------------------------------------------------------------------------------------

    def _count_disputes(self) -> None:
        """How many items wait for this person to resolve: when the page comes up, and when others changed something."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(fetching.disputes, owner=self, slot="disputes", done=self._header.show_disputes, failed=self.on_error)

    def _show_standing(self, _standing: object) -> None:
        self._header.show_standing(self._flow.standing)
        if self._at.drawer_kind == "campaigns":
            self._panels.open("campaigns")

    def _take_item(self, fetched: Fetched) -> None:
        """An item is up, with what was begun on it."""
        self.said.emit("")  # what was remarked was of the item before
        self._back.past = None
        self._drafts.begin(self.begun(fetched))
        said = self.show_item(fetched)
        self._say_above()
        self._at.news.say("")
        self._at.close_what_was_asked()
        self._ending.show_bench()
        self._clock.start(self._drafts.kept.duration_ms or 0)
        self._gate.set(judge=True, read=True, change=False)
        self._take_keys()
        self._lay_ahead.start()
        announce(self, said)

    def _take_past(self, past: Past) -> None:
        self.said.emit("")
        self._at.say_above("")
        self._gate.look_back()
        self._ending.show_bench()
        self.show_past(past)

    def _take_end(self) -> None:
        self._back.past = None
        self._at.news.say("")
        self._at.close_what_was_asked()
        self.show_end()
        self._gate.shut()
        self._ending.show()

    def _show_queue(self) -> None:
        """Back to the item that is up."""
        if self._flow.current is not None:
            self._take_item(self._flow.current)
        else:
            self._flow.refresh()

    def _say_above(self) -> None:
        current = self._flow.current
        self._at.say_above(said_above(current.showing) if current is not None and self._back.past is None else "")

    def _lay_next(self) -> None:
        if self._flow.next_up is not None and self._back.past is None:
            self.lay_ahead(self._flow.next_up)

    def _take_keys(self) -> None:
        shown = self._stack.currentWidget()
        if shown is self._at:
            self._at.take_keys()
        elif shown is self._waiting:
            self._waiting.setFocus(Qt.FocusReason.OtherFocusReason)
