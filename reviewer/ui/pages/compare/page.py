"""The page on which outputs are compared: side by side, in an order of one's own, all of it by keyboard."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotSaved, Refused, ReviewerError
from reviewer.domain.labels import Opinion
from reviewer.ui.jobs import nothing
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.compare.bench import ComparisonBench
from reviewer.ui.pages.compare.choosing import Choosing
from reviewer.ui.pages.compare.correcting import Correcting
from reviewer.ui.pages.compare.reading import Reading
from reviewer.ui.pages.compare.words import footer_of, in_sentence, missing, said_before
from reviewer.ui.pages.review.clock import ItemClock
from reviewer.ui.pages.review.drafts import Drafts
from reviewer.ui.pages.review.ending import Ending
from reviewer.ui.pages.review.fetching import Fetched, Past, TakenBack
from reviewer.ui.pages.review.flow import TOO_EARLY, Flow
from reviewer.ui.pages.review.header import QueueHeader
from reviewer.ui.pages.review.leaving import Leaving
from reviewer.ui.pages.review.media import Media
from reviewer.ui.pages.review.page import RENDERER
from reviewer.ui.pages.review.words import said_above, short
from reviewer.ui.widgets.announcing import announce

if TYPE_CHECKING:
    from reviewer.operations.queues import Standing
    from reviewer.ui.pages.compare.bar import SaidBar
    from reviewer.ui.pages.review.panels import Panels
    from reviewer.ui.pages.review.unblinding import Unblinding

_ALWAYS = frozenset({"undo", "back", "next", "campaign", "my_work", "guidelines"})
_READS = frozenset({"next_output", "previous_output", "next_step", "previous_step", "differences", "together", "prompt"})
_OWN = frozenset(action.id for action in actions.ALL if action.where is Where.COMPARE)
_TRANSCRIPT = frozenset(action.id for action in actions.ALL if action.where is Where.TRANSCRIPT)
_READING = frozenset(f"compare.{name}" for name in _READS)
_JUDGE = _OWN - _READING - frozenset(f"compare.{name}" for name in (*_ALWAYS, "change"))
_LAY_AHEAD_AFTER_MS = 8
_RECOUNT_AFTER_MS = 250


class ComparePage(Page):
    """Works the queue of a campaign that asks which output is better. Nothing is shown as recorded before it is on disk."""

    name = "compare"
    title = "Review"
    interests = Changes.CAMPAIGNS | Changes.LABELS | Changes.QUEUE | Changes.ITEMS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._header = QueueHeader(lambda: nothing(desk.shell.go("adjudicate")))
        self._flow = Flow(desk, self, compares=True)
        self._media = Media(desk, self)
        self._choosing = Choosing(self)
        self._bench = ComparisonBench(desk.theme, self._media.ask, self._choosing)
        self._reading = Reading(desk, self, self._bench)
        self._correcting = Correcting(self, self._bench)
        self._stack = QStackedWidget()
        self._waiting = QWidget()
        for part in (self._bench, self._waiting):
            self._stack.addWidget(part)
        self._stack.setCurrentWidget(self._waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._clock = ItemClock(self)
        self._drafts = Drafts(self._flow, lambda: None if self._past is not None else self._opinion(), failed=self.on_error)
        self._leaving = Leaving(self._bench, self._flow, begin=self._start_leaving, not_done=self._not_recorded)
        self._past: Past | None = None
        self._ending = Ending(
            self, self._flow, self._stack, self._bench, panels=lambda: self._panels,
            look=self._look, focus=self._bench.focus_outputs, past=lambda: self._past is not None,
        )  # fmt: skip
        self._folder = desk.shell.folder
        self._allowed: tuple[bool | None, ...] = (None, None, None)
        self._recount = QTimer(self, singleShot=True, interval=_RECOUNT_AFTER_MS)
        self._recount.timeout.connect(self.refresh)
        self._lay_ahead = QTimer(self, singleShot=True, interval=_LAY_AHEAD_AFTER_MS)
        self._lay_ahead.timeout.connect(self._lay_next)
        self._connect()

    @cached_property
    def _panels(self) -> "Panels":
        from reviewer.ui.pages.review.panels import Panels

        return Panels(self.desk, self, self._flow, self._bench.get_drawer, choose=self.choose_campaign, opened=self._ending.show_bench)

    @cached_property
    def _unblinding(self) -> "Unblinding":
        from reviewer.ui.pages.review.unblinding import Unblinding

        return Unblinding(self.desk, self, self._flow, self._bench.get_drawer, told=self._say_above)

    @cached_property
    def _said(self) -> "SaidBar":
        from reviewer.ui.pages.compare.bar import SaidBar

        said = SaidBar(change=self._change_answer, back=self._to_queue)
        self._bench.bars.addWidget(said)
        return said

    def _connect(self) -> None:
        flow, bench = self._flow, self._bench
        flow.standing_changed.connect(lambda _standing: self._header.show_standing(flow.standing))
        flow.elsewhere.connect(self._go_elsewhere)
        flow.arrived.connect(self._show_item)
        flow.looked_back.connect(self._show_past)
        flow.taken_back.connect(self._say_taken_back)
        flow.ended.connect(self._show_end)
        flow.failed.connect(self.on_error)
        bench.bar.changed.connect(self._drafts.touch)
        bench.bar.left.connect(self._drafts.keep)
        bench.bar.record.clicked.connect(self._record)
        bench.drawer_closed.connect(self._ending.take_focus)
        self._reading.marked.connect(self._drafts.touch)
        self._reading.told.connect(self._tell)
        self._correcting.changed.connect(self._drafts.touch)
        self._media.saved.connect(lambda name: self.said.emit(f"Saved {name}"))

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """Campaign, progress, time left."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """All actions of comparing, and of the transcript that has the keys."""
        bench = self._bench
        own: dict[str, Callable[[], None]] = {f"choose_{n}": partial(self._press, n) for n in range(1, 9)}
        own |= self._reading.handlers()
        own |= {
            "both_bad": partial(self._press, 0),
            "tie": lambda: self._choosing.all_alike(bad=False),
            "equal": self._choosing.join,
            "strength": self._choosing.turn_strength,
            "clear": self._choosing.clear,
            "edit": self._correcting.edit,
            "record": self._record,
            "skip": self._leaving.ask_skip,
            "escalate": self._leaving.ask_escalate,
            "unblind": lambda: self._unblinding.start(),
            "undo": self._undo,
            "back": partial(self._look, 1),
            "next": partial(self._look, -1),
            "change": self._change_answer,
            "campaign": lambda: self._panels.toggle("campaigns"),
            "my_work": lambda: self._panels.toggle("my_work"),
            "guidelines": lambda: self._panels.toggle("guidelines"),
        }
        in_transcript = {name: partial(self._in_transcript, name) for name in bench.prompt.pane.handlers()}
        return {f"compare.{name}": act for name, act in own.items()} | bench.bar.handlers() | in_transcript

    def _in_transcript(self, name: str) -> None:
        self._bench.current_pane.handlers()[name]()

    def why_not(self, name: str) -> str:
        """While a label is being written, that."""
        return TOO_EARLY if self._flow.working else super().why_not(name)

    def take_changes(self, changes: Changes) -> None:
        """What others changed may change what comes next; what we record ourselves does not."""
        if self.desk.shell.folder != self._folder:
            self._folder = self.desk.shell.folder
            self._forget_workspace()
        elif self._flow.working:
            self._recount.start()  # what we did ourselves: the next item is painted first, then counted
            return
        elif changes & (Changes.QUEUE | Changes.CAMPAIGNS):
            self._flow.drop_ahead()
        super().take_changes(changes)

    def refresh(self) -> None:
        """Read how the queue stands; the item on screen stays."""
        if self.desk.shell.folder is not None:
            self._flow.refresh()

    def shown(self) -> None:
        """The keys work at once."""
        self._ending.take_focus()

    def leave(self) -> bool:
        """Keep what was begun."""
        self._drafts.keep()
        return True

    def work_in(self, campaign: str) -> None:
        """Work in the queue of a campaign that asks for preferences."""
        self._flow.choose(campaign)

    def answer_again(self, fetched: Fetched) -> None:
        """Put one item up to be answered anew; recording replaces what was said of it."""
        self._past = None
        self._flow.show(fetched)
        self._bench.news.say("Your new answer takes the place of all that you gave on this item.")

    def choose_campaign(self, campaign: str) -> None:
        """Work in another campaign's queue, on the page that its question asks for; what was begun here is kept as a draft."""
        self._drafts.keep()
        self._bench.drawer.close_drawer()
        self._past = None
        chosen = next((one for one in self._flow.campaigns if one.id == campaign), None)
        if chosen is not None and chosen.question != "preference":
            self.desk.shell.review(campaign)
        else:
            self._flow.choose(campaign)

    def _go_elsewhere(self, standing: "Standing") -> None:
        if self.isVisible():
            self.desk.shell.review(standing.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes what is open: the note, then the drawer; leaves an item looked back at; goes from the bar back to the outputs."""
        if event.key() == Qt.Key.Key_Escape:
            if (note := self._bench.open_note) is not None:
                note.close_panel()
            elif self._bench.drawer_kind:
                self._bench.drawer.close_drawer()
            elif self._past is not None:
                self._to_queue()
            else:
                self._bench.focus_outputs()
            return
        super().keyPressEvent(event)

    # -- showing -----------------------------------------------------------------------------------------------------------------

    def _show_item(self, fetched: Fetched) -> None:
        """A comparison is up, with what was begun on it."""
        self._past = None
        self._drafts.begin(fetched.showing.draft)
        kept = self._drafts.kept
        self._show_outputs(fetched, kept)
        self._bench.bar.put(kept)
        self._bench.bars.setCurrentWidget(self._bench.bar)
        self._bench.news.say("")
        self._bench.close_what_was_asked()
        self._clock.start(kept.duration_ms or 0)
        self._allow(judge=True)
        self._bench.go_to(0)
        self._lay_ahead.start()
        words = f"Item {short(fetched.id)}, {len(self._choosing.keys)} outputs. {said_above(fetched.showing)}".strip()
        self._announce(words)

    def _show_outputs(self, fetched: Fetched, opinion: Opinion) -> None:
        self._choosing.put([one.key for one in fetched.showing.item.candidates], opinion.preference)
        self._correcting.put(opinion.correction)
        self._name_keys()
        blind = self._flow.standing.blind if self._flow.standing is not None else True
        self._reading.show(fetched, opinion, blind=blind)
        self._say_above()
        self._ending.show_bench()

    def _name_keys(self) -> None:
        """The footer says what the digits do with so many outputs."""
        self.say_keys(footer_of(len(self._choosing.keys)))

    def _say_above(self) -> None:
        current = self._flow.current
        self._bench.above.say(said_above(current.showing) if current is not None and self._past is None else "")

    def _lay_next(self) -> None:
        """While this comparison is read: lay out the one that comes next."""
        if self._flow.next_up is not None and self._past is None:
            self._reading.lay_ahead(self._flow.next_up)

    def _show_end(self) -> None:
        """The end of the queue."""
        self._past = None
        self._bench.close_what_was_asked()
        self._allow(judge=False, read=False)
        self.say_keys(dict.fromkeys(_JUDGE | _READING | _TRANSCRIPT, ""))
        self._ending.show()

    def _allow(self, *, judge: bool, read: bool = True) -> None:
        wanted = (judge, read, self._past is not None)
        for names, on, before in zip((_JUDGE, _READING | _TRANSCRIPT, {"compare.change"}), wanted, self._allowed, strict=True):
            if on is not before:
                self.allow(names, on)
        self._allowed = wanted

    def _forget_workspace(self) -> None:
        self._drafts.stop()
        self._flow.reset()
        self._past = None
        self._reading.forget()
        self._header.show_standing(None)
        self._stack.setCurrentWidget(self._waiting)
        self._allow(judge=False, read=False)

    # -- what is said ------------------------------------------------------------------------------------------------------------

    def _press(self, number: int) -> None:
        if not self._choosing.press(number):
            self.said.emit(f"There is no choice {number} here.")
            return
        self._announce(
            in_sentence(self._choosing.preference()) if self._choosing.complete else f"Chosen: {', '.join(self._choosing.placed)}"
        )

    def _opinion(self) -> Opinion:
        said = self._bench.bar.opinion(duration_ms=self._clock.ms, kept=self._drafts.kept)
        return msgspec.structs.replace(said, steps=self._reading.marks, correction=self._correcting.text)

    def _record(self) -> None:
        """Gather what is on screen and record it; a missing word is asked for where it belongs."""
        if (note := self._bench.open_note) is not None:
            note.submit()
            return
        if self._flow.current is None or self._flow.working or self._past is not None:
            return
        if not self._choosing.complete:
            self._bench.bar.complain(missing(self._choosing))
            self._announce(missing(self._choosing))
            return
        opinion = self._opinion()
        self._drafts.stop()
        self._start_writing()
        shown = self._flow.current.shown(RENDERER, self._bench.truncated_steps())
        self._flow.record(opinion, shown, failed=partial(self._not_recorded, self._record))

    def _start_writing(self) -> None:
        """From the key press to the answer nothing can be pressed twice."""
        self._allow(judge=False)
        self._bench.news.say("")

    def _not_recorded(self, again: Callable[[], None], error: ReviewerError) -> None:
        """The item stays, and so does every word."""
        self._allow(judge=True)
        if isinstance(error, NotSaved):
            error = NotSaved(f"{error.what} Your answer is still on screen.", error.hint, error.code)
        self.desk.messages.show_error(error, retry=None if isinstance(error, Refused) else again)

    def _start_leaving(self) -> None:
        """What was begun stays, for when the item comes back."""
        self._drafts.keep()
        self._start_writing()

    def _undo(self) -> None:
        """Take back the newest label, as often as there is one."""
        if not self._flow.working:
            self._start_leaving()
            self._flow.undo(failed=self._not_undone)

    def _not_undone(self, error: ReviewerError) -> None:
        self._allow(judge=self._flow.current is not None and self._past is None, read=self._flow.current is not None)
        if isinstance(error, Refused):
            self._bench.news.say(f"{error.what} {error.hint}")
        else:
            self.on_error(error)

    def _say_taken_back(self, taken: TakenBack) -> None:
        undone = taken.undone
        words = f"Taken back: {in_sentence(undone.opinion.preference)} on item {short(undone.item)}. What you said is filled in again."
        QTimer.singleShot(0, self, lambda: self._bench.news.say(words))  # after the item has arrived

    # -- looking back ------------------------------------------------------------------------------------------------------------

    def _look(self, way: int) -> None:
        """Back (1) to the label before, or forward (-1) to the item that is up."""
        if self._flow.working:
            return
        place = (self._past.place if self._past is not None else -1) + way
        if place < 0:
            self._to_queue()
            return
        self._drafts.keep()
        self._flow.look_back(place)

    def _show_past(self, past: Past) -> None:
        self._past = past
        self._bench.news.say("")
        self._show_outputs(past.fetched, past.opinion)
        place = f"Your label {past.total - past.place:,} of {past.total:,}" if past.place else "Your last label"
        self._said.show_said(place, said_before(past.opinion), past.opinion.rationale)
        self._bench.bars.setCurrentWidget(self._said)
        self._allow(judge=False)
        self._said.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_queue(self) -> None:
        """From an item looked back at to the one that is up."""
        if self._past is None:
            return
        self._past = None
        if self._flow.current is not None:
            self._show_item(self._flow.current)
        else:
            self._flow.refresh()

    def _change_answer(self) -> None:
        """Take an earlier answer up again; recording replaces it."""
        past = self._past
        if past is None or self._flow.working:
            return
        self._past = None
        showing = past.fetched.showing
        self._flow.show(past.fetched._replace(showing=showing._replace(draft=showing.draft or past.opinion)))
        self._bench.news.say("Your new answer takes the place of the one you gave.")

    def _tell(self, words: str) -> None:
        self.said.emit(words)
        self._announce(words)

    def _announce(self, words: str) -> None:
        announce(self, words)
