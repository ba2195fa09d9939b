"""The Review page: one item, its transcript on the left, its label on the right, all of it by keyboard."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from reviewer import __version__
from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotSaved, Refused, ReviewerError
from reviewer.domain.labels import Opinion
from reviewer.ui.jobs import nothing
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.review import fetching
from reviewer.ui.pages.review.clock import ItemClock
from reviewer.ui.pages.review.drafts import Drafts
from reviewer.ui.pages.review.ending import Ending
from reviewer.ui.pages.review.fetching import Fetched, TakenBack
from reviewer.ui.pages.review.flow import TOO_EARLY, Flow
from reviewer.ui.pages.review.header import QueueHeader
from reviewer.ui.pages.review.judging import Judging
from reviewer.ui.pages.review.leaving import Leaving
from reviewer.ui.pages.review.looking_back import LookingBack
from reviewer.ui.pages.review.media import Media
from reviewer.ui.pages.review.stepping import FOOTER, FOOTER_FIRST
from reviewer.ui.pages.review.words import said_above, short, verdict_of
from reviewer.ui.pages.review.workbench import HIDDEN, Workbench
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from reviewer.operations.queues import Standing
    from reviewer.ui.pages.compare.page import ComparePage
    from reviewer.ui.pages.review.panels import Panels
    from reviewer.ui.pages.review.unblinding import Unblinding

_STEPS = frozenset({"review.next_step", "review.previous_step", "review.next_any", "review.previous_any"})
_JUDGE = frozenset(action.id for action in actions.ALL if action.where is Where.ITEM) - _STEPS
_TRANSCRIPT = frozenset(action.id for action in actions.ALL if action.where is Where.TRANSCRIPT)
_RECOUNT_AFTER_MS = 250  # counting competes with a key pressed meanwhile
_LAY_AHEAD_AFTER_MS = 8
RENDERER = f"reviewer {__version__}"


class ReviewPage(Page):
    """Works a queue. Nothing is shown as recorded before it is on disk."""

    name = "review"
    title = "Review"
    paints_first = True
    interests = Changes.CAMPAIGNS | Changes.LABELS | Changes.QUEUE | Changes.ITEMS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._header = QueueHeader(lambda: nothing(desk.shell.go("adjudicate")))
        self._flow = Flow(desk, self)
        self._media = Media(desk, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        self._bench = Workbench(desk.theme, self._media.ask, self._shown_id, self._stack)
        self._judging = Judging(desk, self, self._bench, opened=self._show_drawer)
        self._stack.addWidget(self._bench)
        self._waiting = Waiting("Reading your queue")
        self._stack.addWidget(self._waiting)
        self._stack.setCurrentWidget(self._waiting)
        self._clock = ItemClock(self)
        self._back = LookingBack(
            desk, self, self._flow, self._bench, self._judging,
            leave=lambda: self._drafts.keep(), show=self._show_past, back=self._show_queue,
        )  # fmt: skip
        self._drafts = Drafts(self._flow, lambda: None if self._back.past is not None else self._opinion(), failed=self.on_error)
        self._leaving = Leaving(self._bench, self._flow, begin=self._start_leaving, not_done=self._not_recorded)
        self._ending = Ending(
            self, self._flow, self._stack, self._bench, panels=lambda: self._panels,
            look=self._back.look, focus=self._focus_transcript, past=lambda: self._back.past is not None,
        )  # fmt: skip
        self._folder = desk.shell.folder
        self._first_due = True
        self._recount = QTimer(self, singleShot=True, interval=_RECOUNT_AFTER_MS)
        self._recount.timeout.connect(self.refresh)
        self._allowed: tuple[bool, bool] | None = None
        self._lay_ahead = QTimer(self, singleShot=True, interval=_LAY_AHEAD_AFTER_MS)
        self._lay_ahead.timeout.connect(self._lay_next)
        self._connect()

    # What the first screen does not show is loaded and made when it is first wanted.

    @cached_property
    def _panels(self) -> "Panels":
        from reviewer.ui.pages.review.panels import Panels

        return Panels(self.desk, self, self._flow, self._bench.get_drawer, choose=self.choose_campaign, opened=self._show_drawer)

    @cached_property
    def _unblinding(self) -> "Unblinding":
        from reviewer.ui.pages.review.unblinding import Unblinding

        return Unblinding(self.desk, self, self._flow, self._bench.get_drawer, told=self._show_unblinded)

    def _connect(self) -> None:
        flow, bench = self._flow, self._bench
        flow.standing_changed.connect(self._show_standing)
        flow.arrived.connect(self._show_item)
        flow.taken_back.connect(self._say_taken_back)
        flow.ended.connect(self._show_end)
        flow.elsewhere.connect(self._go_comparing)
        flow.failed.connect(self.on_error)
        flow.recorded.connect(self._judging.count)
        bench.form.changed.connect(self._drafts.touch)
        self._judging.evidence.changed.connect(self._drafts.touch)
        self._judging.told.connect(self.said)
        self._judging.stepping.counted.connect(self._header.show_marked)
        bench.form.left.connect(self._drafts.keep)
        bench.record.clicked.connect(self._record)
        bench.pane.view.painted.connect(self.first_painted)
        bench.pane.view.save_wanted.connect(self._media.save)
        self._media.saved.connect(lambda name: self.said.emit(f"Saved {name}"))
        bench.drawer_closed.connect(self._ending.take_focus)

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """Campaign, progress, time left."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """All actions of reviewing, of an item, and of a transcript."""
        form = self._bench.form
        handlers: dict[str, Callable[[], None]] = {
            "review.story": self._back.open_story,
            "review.record": self._record,
            "review.skip": self._leaving.ask_skip,
            "review.escalate": self._leaving.ask_escalate,
            "review.undo": self._undo,
            "review.back": lambda: self._back.look(1),
            "review.next": lambda: self._back.look(-1),
            "review.campaign": lambda: self._panels.toggle("campaigns"),
            "review.guidelines": lambda: self._panels.toggle("guidelines"),
            "review.unblind": lambda: self._unblinding.start(),
            "review.my_work": lambda: self._panels.toggle("my_work"),
        }
        return handlers | form.handlers() | self._judging.handlers() | dict(self._bench.pane.handlers())

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
            self._count_disputes()
        if changes & Changes.POLICIES:
            self._judging.forget_policies()
        super().take_changes(changes)

    def refresh(self) -> None:
        """Read how the queue stands; the item on screen stays."""
        folder = self.desk.shell.folder
        if folder is None:
            return
        if self._first_due:
            self._first_due = False
            first = partial(fetching.first, folder, member=self.desk.shell.member)
            self.desk.jobs.aside(first, owner=self, done=self._take_first, failed=self._no_first)
        self._flow.refresh()

    def shown(self) -> None:
        """The keys work at once."""
        self._count_disputes()
        if self._flow.standing is not None and self._flow.standing.question == "preference":
            self._flow.refresh()
        else:
            self._ending.take_focus()

    def _count_disputes(self) -> None:
        """How many items wait for this person to resolve: when the page comes up, and when others changed something."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(fetching.disputes, owner=self, slot="disputes", done=self._header.show_disputes, failed=self.on_error)

    def leave(self) -> bool:
        """Keep what was begun."""
        self._drafts.keep()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes what is open: the note, then the drawer; leaves an item looked back at; goes from beside it back to the transcript."""
        if event.key() == Qt.Key.Key_Escape:
            if self._bench.close_note():
                return
            if self._bench.drawer_kind:
                self._bench.drawer.close_drawer()
                return
            if self._back.past is not None:
                self._back.to_queue()
                return
            focus = QApplication.focusWidget()
            if focus is not None and self._bench.is_beside(focus):
                self._focus_transcript()
                return
        super().keyPressEvent(event)

    # -- showing -----------------------------------------------------------------------------------------------------------------

    def _take_first(self, fetched: Fetched | None) -> None:
        """What was read ahead of everything else; the window waits for its paint."""
        if fetched is None or fetched.showing.question == "preference":
            if fetched is not None:
                self._flow.prefer(fetched.showing.campaign)
            self.first_painted.emit()
            return
        self._header.show_name(fetched.showing.campaign_name)
        self._flow.show_first(fetched)

    def _no_first(self, _error: ReviewerError) -> None:
        """Opening the workspace meets the same error, and says it."""
        self.first_painted.emit()

    def _show_standing(self, _standing: object) -> None:
        self._header.show_standing(self._flow.standing)
        if self._flow.standing is not None:
            self._say_blind()
        if self._bench.drawer_kind == "campaigns":
            self._panels.open("campaigns")

    def _show_item(self, fetched: Fetched) -> None:
        """An item is up for review, with what was begun on it."""
        self._back.past = None
        self._judging.stepping.ask(fetched)
        self._drafts.begin(self._judging.stepping.begun(fetched.showing.draft) if fetched.showing.draft is not None else None)
        self._name_keys()
        self._show_transcript(fetched)
        self._bench.form.put(self._drafts.kept)
        self._bench.suggest(fetched.showing.suggestion)
        self._judging.put(fetched, self._drafts.kept)
        self._bench.show_side(None)
        self._bench.close_note()
        if self._bench.drawer_kind == HIDDEN:  # it spoke of another item
            self._bench.drawer.close_drawer()
        self._ending.show_bench()
        self._clock.start(self._drafts.kept.duration_ms or 0)
        self._allow(judge=True)
        self._focus_transcript()
        self._lay_ahead.start()
        parts = (f"Item {short(fetched.id)}, {self._bench.pane.view.step_count} steps.", said_above(fetched.showing), self._bench.suggested)
        announce(self, " ".join(filter(None, parts)))

    def _name_keys(self) -> None:
        """The footer says what the keys do where steps are asked for."""
        stepping = self._judging.stepping
        self.say_keys((FOOTER_FIRST if stepping.marking == "first_wrong" else FOOTER) if stepping.asked else {})

    def _lay_next(self) -> None:
        """While this item is read: lay out the one that comes next."""
        following = self._flow.next_up
        if following is not None and self._back.past is None:
            self._bench.pane.view.lay_ahead(following.transcript)

    def _show_transcript(self, fetched: Fetched) -> None:
        blind = self._flow.standing.blind if self._flow.standing is not None else True
        showing = fetched.showing
        zone = self.desk.settings[TIME_ZONE]
        self._bench.meta.show_item(showing.item, showing.id, blind=blind, again=showing.again, zone=zone)
        self._bench.pane.show_transcript(fetched.transcript)
        self._bench.say_above(said_above(showing) if self._back.past is None else "")
        self._say_blind()

    def _show_past(self, fetched: Fetched) -> None:
        """An item labelled before, to be looked at."""
        self._show_transcript(fetched)
        self._ending.show_bench()
        self._allow(judge=False)

    def _show_queue(self) -> None:
        """Back to the item that is up."""
        if self._flow.current is not None:
            self._show_item(self._flow.current)
        else:
            self._flow.refresh()

    def _show_end(self) -> None:
        """No item: the end of the queue, or no campaign at all."""
        self._back.past = None
        self._bench.news.say("")
        if self._bench.drawer_kind == HIDDEN:  # it spoke of an item
            self._bench.drawer.close_drawer()
        self._judging.rest(self._flow.standing.id if self._flow.standing is not None else "")
        self._allow(judge=False, steps=False)
        self.say_keys(dict.fromkeys(_JUDGE | _STEPS | _TRANSCRIPT, ""))
        self._ending.show()

    def _allow(self, *, judge: bool, steps: bool = True) -> None:
        before, self._allowed = self._allowed, (judge, steps)
        if before is None or before[0] != judge:
            self.allow(_JUDGE, judge)
        if before is None or before[1] != steps:
            self.allow(_STEPS | _TRANSCRIPT, steps)

    def _focus_transcript(self) -> None:
        self._bench.fit()
        if self._stack.currentWidget() is self._bench and self._bench.open_note is None:
            self._bench.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._stack.currentWidget() is self._waiting:
            self._waiting.setFocus(Qt.FocusReason.OtherFocusReason)

    def _shown_id(self) -> str:
        fetched = self._back.past.fetched if self._back.past is not None else self._flow.current
        return fetched.id if fetched is not None else ""

    def _forget_workspace(self) -> None:
        self._drafts.stop()
        self._flow.reset()
        self._back.past = None
        self._first_due = True
        self._judging.forget_workspace()
        self._bench.pane.clear()
        self._header.show_standing(None)
        self._stack.setCurrentWidget(self._waiting)
        self._allow(judge=False, steps=False)

    # -- the label ---------------------------------------------------------------------------------------------------------------

    def _opinion(self) -> Opinion:
        return self._judging.evidence.add_to(self._bench.form.opinion(duration_ms=self._clock.ms, kept=self._drafts.kept))

    def _record(self) -> None:
        """Gather what is on screen and record it; a missing word is asked for where it belongs."""
        if (note := self._bench.open_note) is not None:
            note.submit()
            return
        if self._flow.current is None or self._flow.working or self._back.past is not None:
            return
        opinion = self._opinion()
        if not self._is_whole(opinion):
            return
        self._drafts.stop()
        self._start_writing()
        self._back.recorded(self._flow.current.id)
        shown = self._flow.current.shown(RENDERER, self._bench.pane.view.truncated_steps())
        self._flow.record(opinion, shown, failed=partial(self._not_recorded, self._record))

    def _is_whole(self, opinion: Opinion) -> bool:
        """Whether it says what the campaign asks for; what is missing is asked for where it belongs."""
        form = self._bench.form
        if self._judging.stepping.asked:
            try:
                self._judging.stepping.check(opinion)
            except Refused as missing:
                self._bench.news.say(f"{missing.what} {missing.hint}")
                return False
            return True
        if opinion.verdict is None:
            form.complain("choose one: C, N or U", "verdict")
            return False
        if opinion.verdict == "non_compliant" and not opinion.rationale.strip():
            form.complain("say why it is non-compliant")
            return False
        return True

    def _start_writing(self) -> None:
        """From the key press to the answer nothing can be pressed twice."""
        self._allow(judge=False, steps=self._allowed is None or self._allowed[1])
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
        if self._flow.working:
            return
        self._start_leaving()
        self._flow.undo(failed=self._not_undone)

    def _not_undone(self, error: ReviewerError) -> None:
        self._allow(judge=self._flow.current is not None and self._back.past is None, steps=self._flow.current is not None)
        if isinstance(error, Refused):
            self._bench.news.say(f"{error.what} {error.hint}")
        else:
            self.on_error(error)

    def _say_taken_back(self, taken: TakenBack) -> None:
        undone = taken.undone
        self._judging.count(undone.opinion, -1)
        words = f"Taken back: {verdict_of(undone.opinion)} on item {short(undone.item)}. What you said is filled in again."
        QTimer.singleShot(0, lambda: self._bench.news.say(words))  # after the item has arrived

    # -- other items ------------------------------------------------------------------------------------------------------------

    def choose_campaign(self, campaign: str) -> None:
        """Work in another campaign's queue; what was begun on this item is kept as a draft."""
        self._drafts.keep()
        self._bench.drawer.close_drawer()
        self._bench.news.say("")
        self._back.past = None
        self._flow.choose(campaign)

    def _go_comparing(self, standing: "Standing") -> None:
        """The campaign to work in asks which output is better: the page for that takes its queue."""
        if self.isVisible():
            cast("ComparePage", self.desk.shell.go("compare")).work_in(standing.id)

    def answer_again(self, campaign: str, item: str) -> None:
        """Put one item of a campaign up to be answered anew; recording replaces what was said of it."""
        self.choose_campaign(campaign)
        self._back.answer_again(campaign, item)

    def _show_unblinded(self) -> None:
        if self._flow.current is not None:
            self._bench.say_above(said_above(self._flow.current.showing))
            self._say_blind()
        self._show_drawer()

    def _say_blind(self) -> None:
        standing, current = self._flow.standing, self._flow.current
        if standing is not None:
            led = current is not None and (current.showing.unblinded or current.showing.suggestion is not None)
            self._bench.form.say_blind(standing.blind and not led)

    def _show_drawer(self) -> None:
        """The drawer opened: it needs the bench, even at the end of a queue, when nothing else is on it."""
        self._ending.show_bench()
        self._bench.fit()
