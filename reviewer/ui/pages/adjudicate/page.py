"""The Disagreements page: an item on which reviewers differ, both opinions by nobody's name, and the resolution; all by keyboard."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.domain.items import ItemId
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.adjudicate import fetching, overlay, words
from reviewer.ui.pages.adjudicate.bench import Bench
from reviewer.ui.pages.adjudicate.clauses import ClauseDialog
from reviewer.ui.pages.adjudicate.fetching import Fetched
from reviewer.ui.pages.adjudicate.flow import Flow
from reviewer.ui.pages.queue import fetching as queue_fetching
from reviewer.ui.pages.queue.answering import say_not_done
from reviewer.ui.pages.queue.media import Media
from reviewer.ui.pages.queue.words import short
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.layers import Layers
from reviewer.ui.widgets.title_line import TitleLine
from reviewer.ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from reviewer.domain.shelf import Shelf
    from reviewer.operations.adjudicating import Begun, DisputeShown
    from reviewer.operations.precedents import Precedent

_OF_ITEM = frozenset(action.id for action in actions.ALL if action.where in (Where.ADJUDICATE, Where.TRANSCRIPT)) - {
    "adjudicate.back", "adjudicate.forward", "adjudicate.campaign",
}  # fmt: skip
_DRAFT_AFTER_MS = 400
_HIDDEN = "names are hidden until you have resolved"


class AdjudicatePage(Page):
    """Works through what is in dispute. Nothing is shown as resolved before it is on disk."""

    name = "adjudicate"
    title = "Disagreements"
    interests = Changes.CAMPAIGNS | Changes.LABELS | Changes.QUEUE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._header = TitleLine("Disagreements")
        self.flow = Flow(desk, self)
        self._media = Media(desk, self)
        self.bench = Bench(desk.theme, self._media)
        self.empty = EmptyState(words.nothing_title(None), words.nothing(None))
        self.blank = Waiting("Reading the disagreements")
        self._stack = Layers(self, self.blank, self.bench, self.empty)
        self._only: int | None = None  # the opinion whose evidence is shown alone
        self._evidence: list[str] = []
        self._kept: Begun | None = None
        self._draft_timer = QTimer(self, singleShot=True, interval=_DRAFT_AFTER_MS)
        self._draft_timer.timeout.connect(self._keep)
        self._connect()

    def _connect(self) -> None:
        flow, bench = self.flow, self.bench
        flow.counted.connect(lambda: self._header.say(words.left(flow.docket)))
        flow.arrived.connect(self._show)
        flow.moved.connect(self._take_moved)
        flow.ended.connect(self._show_end)
        flow.refused.connect(self._show_refusal)
        flow.failed.connect(self.on_error)
        bench.ruling.changed.connect(self._draft_timer.start)
        bench.ruling.left.connect(self._keep)
        bench.clauses.changed.connect(self._draft_timer.start)
        bench.clauses.other_wanted.connect(self._ask_clause)
        bench.precedents.opened.connect(self._open_precedent)
        bench.precedents.sought.connect(self._find_precedents)
        bench.precedents.left.connect(self._focus_transcript)
        bench.record.clicked.connect(self._resolve)
        bench.pane.view.save_wanted.connect(self._media.save)
        self._media.saved.connect(lambda name: self.said.emit(f"Saved {name}"))

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """How many are left, and where."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """All actions of resolving, and of a transcript: of the one that is read just now."""
        bench = self.bench
        handlers: dict[str, Callable[[], None]] = {
            "adjudicate.next_step": lambda: bench.reading.view.steps.next(),
            "adjudicate.previous_step": lambda: bench.reading.view.steps.previous(),
            "adjudicate.next_evidence": self._next_evidence,
            "adjudicate.clause": self._go_clauses,
            "adjudicate.search": bench.precedents.search,
            "adjudicate.record": self._resolve,
            "adjudicate.send_back": self._send_back,
            "adjudicate.later": self._later,
            "adjudicate.back": lambda: self._look(1),
            "adjudicate.forward": lambda: self._look(-1),
            "adjudicate.campaign": self._next_campaign,
        }
        for place in range(4):
            handlers[f"adjudicate.opinion_{words.ordinal(place)}"] = partial(self._show_only, place)
        transcript = {name: partial(self._of_transcript, name) for name in bench.pane.handlers()}
        return handlers | bench.ruling.handlers() | transcript

    def forget_workspace(self) -> None:
        """Another workspace begins anew."""
        self._draft_timer.stop()
        self.flow.reset()
        self.bench.pane.clear()
        self._stack.setCurrentIndex(0)

    def refresh(self) -> None:
        """Read what is in dispute; the item on screen stays."""
        if self.desk.shell.folder is not None:
            self.flow.refresh()

    def shown(self) -> None:
        """The keys work at once."""
        self._focus_transcript()
        if self._stack.currentWidget() is self.blank:
            self.blank.setFocus(Qt.FocusReason.OtherFocusReason)
        self.said.emit("" if self.flow.current is None or self.flow.looking_back else _HIDDEN)

    def leave(self) -> bool:
        """Keep what was begun."""
        self._keep()
        return True

    def resolve_here(self, campaign: str, item: str) -> None:
        """Put one item of a campaign up: asked for by other pages."""
        self._keep()
        self.flow.choose(EntryHash(campaign), ItemId(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the precedent that is read, then leaves the reason, then what is looked back at."""
        if event.key() == Qt.Key.Key_Escape:
            if self.bench.reading_earlier:
                self.bench.close_earlier()
                return
            focus = QApplication.focusWidget()
            if focus is not None and focus is not self.bench.pane.view and self.bench.isAncestorOf(focus):
                self._focus_transcript()
                return
            if self.flow.looking_back:
                self.flow.forward()
                return
        super().keyPressEvent(event)

    # -- showing -----------------------------------------------------------------------------------------------------------------

    def _show(self, fetched: Fetched) -> None:
        """An item is up, with what was begun on it."""
        self._draft_timer.stop()
        dispute, zone = fetched.dispute, self.desk.settings[TIME_ZONE]
        self.bench.show_item(fetched)
        self._evidence = overlay.steps(dispute.opinions, fetched.transcript)
        self._lay_over(None)
        view = self.bench.pane.view
        if self._evidence:
            view.steps.go_to(self._evidence[0])
        self.bench.opinions.show_dispute(dispute, zone=zone)
        begun, chosen = dispute.begun, self._chosen_before(dispute)
        self.bench.clauses.show_deciders(dispute.clauses, chosen, citable=bool(dispute.policies or dispute.clauses))
        self.bench.ruling.put(begun.verdict, begun.reason)
        self._kept = self._begun()
        self.bench.precedents.clear()
        self._find_precedents("")
        self._stack.setCurrentWidget(self.bench)
        self._allow_item()
        self.say_keys({"adjudicate.send_back": "send back to all"} if len(dispute.opinions) > 2 else {})
        if self.isVisible():
            self.shown()

    def _allow_item(self) -> None:
        """What is up can be resolved; and sent back, unless it waits for nobody."""
        self.allow(_OF_ITEM, True)
        self.allow(("adjudicate.send_back",), not self.flow.looking_back)
        self.bench.record.setEnabled(True)

    def _take_moved(self, found: Fetched) -> None:
        """Others changed the item that is up: it is shown anew, with what was begun here."""
        begun = self._begun()
        self.flow.take(found._replace(dispute=found.dispute._replace(begun=begun)))
        self._kept = None if begun != found.dispute.begun else begun
        self.bench.news.say("Others have changed this item meanwhile: look at the opinions again. What you wrote is kept.")

    def _chosen_before(self, dispute: "DisputeShown") -> tuple[str, ...] | None:
        """The clauses that were begun with, or that one's own resolution names; None where nothing was chosen yet."""
        if dispute.begun.clauses or dispute.begun.verdict or dispute.begun.reason:
            return dispute.begun.clauses
        mine = [f"{one.policy}:{one.clause}" for given in dispute.rulings if given.mine for one in given.clauses]
        return tuple(mine) or None

    def _show_end(self) -> None:
        """Nothing waits here."""
        self._draft_timer.stop()
        self.empty.say(words.nothing_title(self.flow.docket), words.nothing(self.flow.docket))
        self._show_empty()

    def _show_refusal(self, error: ReviewerError) -> None:
        """This person may not resolve: why, and who does."""
        self.flow.reset()
        self._header.say(words.left(None))
        self.empty.say(error.what, error.hint)
        self._show_empty()

    def _show_empty(self) -> None:
        self.allow(_OF_ITEM, False)
        self._stack.setCurrentWidget(self.empty)
        self.said.emit("")

    def _lay_over(self, only: int | None) -> None:
        """The evidence of all opinions, or of one."""
        self._only = only
        fetched = self.flow.current
        if fetched is not None:
            opinions, view = fetched.dispute.opinions, self.bench.pane.view
            view.set_highlights(overlay.highlights(opinions, only))
            view.set_marks(overlay.marks(opinions, fetched.transcript, only))

    def _show_only(self, place: int) -> None:
        """One opinion's evidence; the same key again shows all of it."""
        fetched = self.flow.current
        if fetched is None or place >= len(fetched.dispute.opinions):
            return
        self._lay_over(None if self._only == place else place)
        self.said.emit("evidence of all opinions" if self._only is None else f"evidence of the {words.ordinal(place)} opinion alone")

    def _next_evidence(self) -> None:
        """To the next step that an opinion speaks of, around the end."""
        view = self.bench.pane.view
        if self._evidence and not self.bench.reading_earlier:
            here = view.steps.current
            place = self._evidence.index(here) + 1 if here in self._evidence else 0
            view.steps.go_to(self._evidence[place % len(self._evidence)])

    def _focus_transcript(self) -> None:
        if self._stack.currentWidget() is self.bench:
            self.bench.reading.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _of_transcript(self, action: str) -> None:
        self.bench.reading.handlers()[action]()

    # -- precedents and clauses --------------------------------------------------------------------------------------------------

    def _find_precedents(self, sought: str) -> None:
        fetched = self.flow.current
        if fetched is not None:
            work = partial(fetching.precedents, campaign=fetched.dispute.campaign, item=fetched.id, words=sought)
            self.desk.jobs.read(work, owner=self, slot="precedents", done=self._list_precedents, failed=self.on_error)

    def _list_precedents(self, found: "tuple[Precedent, ...]") -> None:
        self.bench.precedents.show_found(found, zone=self.desk.settings[TIME_ZONE])

    def _open_precedent(self, precedent: "Precedent") -> None:
        work = partial(fetching.earlier, precedent=precedent)
        self.desk.jobs.read(work, owner=self, slot="earlier", done=self.bench.show_earlier, failed=self.on_error)

    def _go_clauses(self) -> None:
        if self.bench.clauses.isHidden():
            self.said.emit("This campaign names no policy to cite.")
        else:
            self.bench.clauses.take_focus()

    def _ask_clause(self) -> None:
        fetched = self.flow.current
        if fetched is not None:
            work = partial(queue_fetching.shelf, campaign=fetched.dispute.campaign)
            self.desk.jobs.read(work, owner=self, slot="shelf", done=partial(self._offer_clauses, fetched), failed=self.on_error)

    def _offer_clauses(self, fetched: Fetched, shelf: "Shelf") -> None:
        if fetched is self.flow.current:
            item = fetched.dispute.item
            clauses, cards = shelf.in_order(shelf.at(item.time), item.agent), self.bench.clauses
            ClauseDialog(self, self.desk.theme, clauses, chosen=cards.chosen, take=cards.add).open()

    # -- resolving ---------------------------------------------------------------------------------------------------------------

    def _begun(self) -> "Begun":
        from reviewer.operations.adjudicating import Begun

        ruling = self.bench.ruling
        return Begun(verdict=ruling.verdict, reason=ruling.reason.toPlainText(), clauses=self.bench.clauses.chosen)

    def _resolve(self) -> None:
        """Gather what is on screen and record it; a missing word is asked for where it belongs."""
        fetched, ruling = self.flow.current, self.bench.ruling
        if fetched is None or self.flow.working:
            return
        begun = self._begun()
        if begun.verdict is None:
            self.bench.show_ruling()
            ruling.complain("choose one: C, N or P", "verdict")
        elif begun.verdict == "policy_at_fault" and fetched.dispute.policies and not begun.clauses:
            ruling.complain("choose the clause that is at fault", "clause")
            self.bench.clauses.take_focus()
        elif not begun.reason.strip():
            self.bench.show_ruling()
            ruling.complain("say why")
        else:
            self._start_writing()
            self.flow.resolve(
                begun.verdict, begun, done=partial(self._say_resolved, begun.verdict), failed=partial(self._not_written, self._resolve)
            )

    def _send_back(self) -> None:
        """Ask both for another look; the reason, if there is one, goes with it."""
        if self.flow.current is None or self.flow.working or self.flow.looking_back:
            return
        item = short(self.flow.current.id)
        note = self.bench.ruling.reason.toPlainText()
        self._start_writing()
        said = f"Sent item {item} back to all who labelled it."
        self.flow.send_back(note, done=lambda _done: self._say_news(said), failed=partial(self._not_written, self._send_back))

    def _start_writing(self) -> None:
        """From the key press to the answer nothing can be pressed twice."""
        self._draft_timer.stop()
        self.allow(_OF_ITEM, False)
        self.bench.record.setEnabled(False)
        self.bench.news.say("")

    def _say_resolved(self, value: str, dispute: "DisputeShown") -> None:
        self._say_news(f"{words.resolved(dispute, value)} Alt ← takes it up again.")

    def _say_news(self, sentence: str) -> None:
        self.bench.news.say(sentence)
        if self._stack.currentWidget() is self.empty:
            self.empty.say(words.nothing_title(self.flow.docket), f"{sentence} {words.nothing(self.flow.docket)}")

    def _not_written(self, again: Callable[[], None], error: ReviewerError) -> None:
        """The item stays, and so does every word."""
        self._allow_item()
        say_not_done(self, error, kept="resolution", again=again)

    def _keep(self) -> None:
        """Write down what was begun, if it changed since the last time."""
        self._draft_timer.stop()
        fetched = self.flow.current
        if fetched is None or self.flow.working:
            return
        begun = self._begun()
        if begun != self._kept:
            self._kept = begun
            self.flow.keep(fetched, begun)

    # -- going about -------------------------------------------------------------------------------------------------------------

    def _later(self) -> None:
        self._keep()
        if not self.flow.step(1):
            self.said.emit("nothing else is in dispute here")

    def _look(self, way: int) -> None:
        """Back (1) through what one resolved, or forward (-1) to what waits."""
        if self.flow.working:
            return
        self._keep()
        if not self.flow.look(way):
            self.said.emit("you have resolved nothing before this" if way > 0 else "this is what waits")

    def _next_campaign(self) -> None:
        self._keep()
        if not self.flow.next_campaign() and self._stack.currentWidget() is not self.blank:
            self.said.emit("no other campaign has anything in dispute")
