"""The Review page: one item, its transcript on the left, its label on the right, all of it by keyboard."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from reviewer import __version__
from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Refused, ReviewerError
from reviewer.domain.events import Mark, Shown
from reviewer.domain.labels import Opinion
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.review import fetching
from reviewer.ui.pages.review.clock import ItemClock
from reviewer.ui.pages.review.ends import EndPage
from reviewer.ui.pages.review.fetching import Fetched, Past, TakenBack
from reviewer.ui.pages.review.flow import Flow
from reviewer.ui.pages.review.header import QueueHeader
from reviewer.ui.pages.review.media import Media
from reviewer.ui.pages.review.panels import Panels
from reviewer.ui.pages.review.said import SaidPanel
from reviewer.ui.pages.review.words import short, verdict_of
from reviewer.ui.pages.review.workbench import Workbench

_STEPS = frozenset({"review.next_step", "review.previous_step"})
_JUDGE = frozenset(action.id for action in actions.ALL if action.where is Where.ITEM) - _STEPS
_TRANSCRIPT = frozenset(action.id for action in actions.ALL if action.where is Where.TRANSCRIPT)
_DRAFT_AFTER_MS = 400
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
        self._header = QueueHeader()
        self._flow = Flow(desk, self)
        self._media = Media(desk, self)
        self._bench = Workbench(desk.theme, self._media.ask, self._shown_id)
        self._panels = Panels(desk, self, self._flow, self._bench.get_drawer, choose=self.choose_campaign, opened=self._show_drawer)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._bench)
        self._waiting = QWidget()
        self._stack.addWidget(self._waiting)
        self._stack.setCurrentWidget(self._waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._clock = ItemClock(self)
        self._marks: dict[str, Mark] = {}
        self._kept = Opinion()  # what is on disk as a draft, or was when the item came
        self._past: Past | None = None
        self._folder = desk.shell.folder
        self._first_due = True
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(_DRAFT_AFTER_MS)
        self._draft_timer.timeout.connect(self._keep_draft)
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_RECOUNT_AFTER_MS)
        self._recount.timeout.connect(self.refresh)
        self._allowed: tuple[bool, bool] | None = None
        self._lay_ahead = QTimer(self)
        self._lay_ahead.setSingleShot(True)
        self._lay_ahead.setInterval(_LAY_AHEAD_AFTER_MS)
        self._lay_ahead.timeout.connect(self._lay_next)
        self._connect()

    @cached_property
    def _said(self) -> SaidPanel:
        said = SaidPanel(self.desk.theme, change=self._change_answer, back=self._to_queue)
        self._bench.put_side(said)
        return said

    @cached_property
    def _end(self) -> EndPage:
        end = EndPage(lambda size: self._flow.grow(size, failed=self.on_error))
        self._stack.addWidget(end)
        return end

    def _connect(self) -> None:
        flow, bench = self._flow, self._bench
        flow.standing_changed.connect(self._show_standing)
        flow.arrived.connect(self._show_item)
        flow.looked_back.connect(self._show_past)
        flow.taken_back.connect(self._say_taken_back)
        flow.ended.connect(self._show_end)
        flow.failed.connect(self.on_error)
        bench.form.changed.connect(self._draft_timer.start)
        bench.form.left.connect(self._keep_draft)
        bench.record.clicked.connect(self._record)
        bench.pane.view.painted.connect(self.first_painted)
        bench.pane.view.save_wanted.connect(self._media.save)
        self._media.saved.connect(lambda name: self.said.emit(f"Saved {name}"))
        bench.drawer_closed.connect(self._focus_transcript)

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """Campaign, progress, time left."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """All actions of reviewing, of an item, and of a transcript."""
        form, view = self._bench.form, self._bench.pane.view
        handlers: dict[str, Callable[[], None]] = {
            "review.next_step": view.next_step,
            "review.previous_step": view.previous_step,
            "review.mark_bad": lambda: self._mark("bad"),
            "review.mark_good": lambda: self._mark("good"),
            "review.mark_clear": lambda: self._mark(None),
            "review.record": self._record,
            "review.skip": self._ask_skip,
            "review.escalate": self._ask_escalate,
            "review.undo": self._undo,
            "review.back": lambda: self._look(1),
            "review.next": lambda: self._look(-1),
            "review.campaign": lambda: self._panels.toggle("campaigns"),
            "review.guidelines": lambda: self._panels.toggle("guidelines"),
            "review.policy": lambda: self._panels.toggle("policy"),
            "review.my_work": lambda: self._panels.toggle("my_work"),
        }
        return handlers | form.handlers() | dict(self._bench.pane.handlers())

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
        folder = self.desk.shell.folder
        if folder is None:
            return
        if self._first_due:
            self._first_due = False
            self.desk.jobs.aside(partial(fetching.first, folder), owner=self, done=self._take_first, failed=self._no_first)
        self._flow.refresh()

    def shown(self) -> None:
        """The keys work at once."""
        if isinstance(self._stack.currentWidget(), EndPage):
            self._end.take_focus()
        else:
            self._focus_transcript()

    def leave(self) -> bool:
        """Keep what was begun."""
        self._keep_draft()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes what is open: the note, then the drawer; leaves an item looked back at; goes from the form back to the transcript."""
        if event.key() == Qt.Key.Key_Escape:
            if self._bench.note_open:
                self._bench.note.close_panel()
                return
            if self._bench.drawer_kind:
                self._bench.drawer.close_drawer()
                return
            if self._past is not None:
                self._to_queue()
                return
            focus = QApplication.focusWidget()
            if focus is not None and self._bench.form.isAncestorOf(focus):
                self._focus_transcript()
                return
        super().keyPressEvent(event)

    # -- showing -----------------------------------------------------------------------------------------------------------------

    def _take_first(self, fetched: Fetched | None) -> None:
        """What was read ahead of everything else; the window waits for its paint."""
        if fetched is None:
            self.first_painted.emit()
            return
        self._header.show_name(fetched.showing.campaign_name)
        self._flow.show_first(fetched)

    def _no_first(self, _error: ReviewerError) -> None:
        """Opening the workspace meets the same error, and says it."""
        self.first_painted.emit()

    def _show_standing(self, standing: object) -> None:
        self._header.show_standing(self._flow.standing)
        if self._flow.standing is not None:
            self._bench.form.say_blind(self._flow.standing.blind)
        if self._bench.drawer_kind == "campaigns":
            self._panels.open("campaigns")
        del standing

    def _show_item(self, fetched: Fetched) -> None:
        """An item is up for review, with what was begun on it."""
        self._draft_timer.stop()
        self._past = None
        self._kept = fetched.showing.draft or Opinion()
        self._show_transcript(fetched)
        self._put(self._kept)
        self._bench.show_side(None)
        self._close_note()
        self._stack.setCurrentWidget(self._bench)
        self._clock.start(self._kept.duration_ms or 0)
        self._allow(judge=True)
        self._focus_transcript()
        self._lay_ahead.start()
        announcement = f"Item {short(fetched.id)}, {self._bench.pane.view.step_count} steps"
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, announcement))

    def _lay_next(self) -> None:
        """While this item is read: lay out the one that comes next."""
        following = self._flow.next_up
        if following is not None and self._past is None:
            self._bench.pane.view.lay_ahead(following.transcript)

    def _show_transcript(self, fetched: Fetched) -> None:
        blind = self._flow.standing.blind if self._flow.standing is not None else True
        showing = fetched.showing
        zone = self.desk.settings[TIME_ZONE]
        self._bench.meta.show_item(showing.item, showing.id, blind=blind, again=showing.again, zone=zone)
        self._bench.pane.show_transcript(fetched.transcript)

    def _put(self, opinion: Opinion) -> None:
        self._marks = dict(opinion.steps)
        self._bench.form.put(opinion)
        self._bench.pane.view.set_marks(self._marks)

    def _show_end(self) -> None:
        """No item: the end of the queue, or no campaign at all."""
        self._past = None
        self._bench.news.say("")
        several = (lambda: self._panels.open("campaigns")) if len(self._flow.campaigns) > 1 else None
        self._end.show_for(self._flow.standing, self.desk.shell, look_back=lambda: self._look(1), campaigns=several)
        self._stack.setCurrentWidget(self._end)
        self._allow(judge=False, steps=False)
        if self.isVisible():
            self._end.take_focus()

    def _allow(self, *, judge: bool, steps: bool = True) -> None:
        before, self._allowed = self._allowed, (judge, steps)
        if before is None or before[0] != judge:
            self.allow(_JUDGE, judge)
        if before is None or before[1] != steps:
            self.allow(_STEPS | _TRANSCRIPT, steps)

    def _focus_transcript(self) -> None:
        self._bench.fit()
        if self._stack.currentWidget() is self._bench and not self._bench.note_open:
            self._bench.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _shown_id(self) -> str:
        fetched = self._past.fetched if self._past is not None else self._flow.current
        return fetched.id if fetched is not None else ""

    def _forget_workspace(self) -> None:
        self._draft_timer.stop()
        self._flow.reset()
        self._past = None
        self._first_due = True
        self._bench.pane.clear()
        self._header.show_standing(None)
        self._stack.setCurrentWidget(self._waiting)
        self._allow(judge=False, steps=False)

    # -- the label ---------------------------------------------------------------------------------------------------------------

    def _opinion(self) -> Opinion:
        return self._bench.form.opinion(steps=self._marks, duration_ms=self._clock.ms, kept=self._kept)

    def _mark(self, mark: Mark | None) -> None:
        """Mark the current step; the same mark again takes it off."""
        view = self._bench.pane.view
        step = view.current_step
        if not step or self._past is not None:
            return
        if mark is None or self._marks.get(step) == mark:
            self._marks.pop(step, None)
        else:
            self._marks[step] = mark
        view.set_marks(self._marks)
        self._draft_timer.start()

    def _record(self) -> None:
        """Gather what is on screen and record it; a missing word is asked for where it belongs."""
        if self._bench.note_open:
            self._bench.note.submit()
            return
        if self._flow.current is None or self._flow.working or self._past is not None:
            return
        opinion = self._opinion()
        form = self._bench.form
        if opinion.verdict is None:
            form.complain("choose one: C, N or U", "verdict")
            return
        if opinion.verdict == "non_compliant" and not opinion.rationale.strip():
            form.complain("say why it is non-compliant")
            return
        self._draft_timer.stop()
        self._start_writing()
        self._flow.record(opinion, self._what_was_shown(), failed=partial(self._not_recorded, self._record))

    def _what_was_shown(self) -> Shown:
        assert self._flow.current is not None
        item = self._flow.current.showing.item
        seen_model = item.model is not None or any(candidate.model is not None for candidate in item.candidates)
        return Shown(renderer=RENDERER, model=seen_model, truncated=tuple(self._bench.pane.view.truncated_steps()))

    def _start_writing(self) -> None:
        """From the key press to the answer nothing can be pressed twice."""
        self._allow(judge=False, steps=self._allowed is None or self._allowed[1])
        self._bench.news.say("")

    def _not_recorded(self, again: Callable[[], None], error: ReviewerError) -> None:
        """The item stays, and so does every word."""
        self._allow(judge=True)
        self.desk.messages.show_error(error, retry=None if isinstance(error, Refused) else again)

    def _ask_skip(self) -> None:
        self._bench.note.ask_skip(lambda reason: self._leave_item(self._flow.skip, reason))

    def _ask_escalate(self) -> None:
        self._bench.note.ask_escalate(lambda reason: self._leave_item(self._flow.escalate, reason))

    def _close_note(self) -> None:
        if self._bench.note_open:
            self._bench.note.close_panel()

    def _leave_item(self, act: Callable[..., None], reason: str) -> None:
        if self._flow.current is None or self._flow.working:
            return
        self._keep_draft()
        self._start_writing()
        act(reason, failed=partial(self._not_recorded, lambda: self._leave_item(act, reason)))

    def _undo(self) -> None:
        """Take back the newest label, as often as there is one."""
        if self._flow.working:
            return
        self._keep_draft()
        self._start_writing()
        self._flow.undo(failed=self._not_undone)

    def _not_undone(self, error: ReviewerError) -> None:
        self._allow(judge=self._flow.current is not None and self._past is None, steps=self._flow.current is not None)
        if isinstance(error, Refused):
            self._bench.news.say(f"{error.what} {error.hint}")
        else:
            self.on_error(error)

    def _say_taken_back(self, taken: TakenBack) -> None:
        undone = taken.undone
        words = f"Taken back: {verdict_of(undone.opinion)} on item {short(undone.item)}. What you said is filled in again."
        QTimer.singleShot(0, lambda: self._bench.news.say(words))  # after the item has arrived

    # -- drafts ------------------------------------------------------------------------------------------------------------------

    def _keep_draft(self) -> None:
        """Write down what was begun, if it changed since the last time."""
        self._draft_timer.stop()
        fetched = self._flow.current
        if fetched is None or self._past is not None or self._flow.working:
            return
        opinion = self._opinion()
        if msgspec.structs.replace(opinion, duration_ms=None) == msgspec.structs.replace(self._kept, duration_ms=None):
            return
        self._kept = opinion
        self._flow.current = fetched._replace(showing=fetched.showing._replace(draft=opinion))
        self._flow.keep_draft(fetched, opinion, failed=self.on_error)

    # -- looking back ------------------------------------------------------------------------------------------------------------

    def _look(self, way: int) -> None:
        """Back (1) to the label before, or forward (-1) to the item that is up."""
        if self._flow.working:
            return
        place = (self._past.place if self._past is not None else -1) + way
        if place < 0:
            self._to_queue()
            return
        self._keep_draft()
        self._flow.look_back(place)

    def _show_past(self, past: Past) -> None:
        self._past = past
        self._bench.news.say("")
        self._close_note()
        self._show_transcript(past.fetched)
        self._bench.pane.view.set_marks(past.opinion.steps)
        self._said.show_past(past, zone=self.desk.settings[TIME_ZONE])
        self._bench.show_side(self._said)
        self._stack.setCurrentWidget(self._bench)
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
        draft = showing.draft or past.opinion
        self._flow.show(past.fetched._replace(showing=showing._replace(draft=draft)))
        self._bench.news.say("Your new answer takes the place of the one you gave.")

    def choose_campaign(self, campaign: str) -> None:
        """Work in another campaign's queue; what was begun on this item is kept as a draft."""
        self._keep_draft()
        self._bench.drawer.close_drawer()
        self._bench.news.say("")
        self._past = None
        self._flow.choose(campaign)

    def _show_drawer(self) -> None:
        """The drawer opened: it needs the bench, even at the end of a queue."""
        self._stack.setCurrentWidget(self._bench)
        self._bench.fit()
