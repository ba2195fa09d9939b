"""The Review page: one item, its transcript on the left, its label on the right, all of it by keyboard."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Refused, ReviewerError
from reviewer.domain.labels import Opinion
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue import fetching
from reviewer.ui.pages.queue.fetching import Fetched, Past, TakenBack
from reviewer.ui.pages.queue.gate import TRANSCRIPT, Gate
from reviewer.ui.pages.queue.page import QueuePage
from reviewer.ui.pages.queue.words import said_above, short, verdict_of
from reviewer.ui.pages.review.judging import Judging
from reviewer.ui.pages.review.stepping import FOOTER, FOOTER_FIRST
from reviewer.ui.pages.review.workbench import Workbench

if TYPE_CHECKING:
    from reviewer.ui.pages.review.said_before import SaidBefore

_STEPS = frozenset({"review.next_step", "review.previous_step", "review.next_any", "review.previous_any"})
_JUDGE = frozenset(action.id for action in actions.ALL if action.where is Where.ITEM) - _STEPS


class ReviewPage(QueuePage):
    """Works the queue of a campaign that asks for verdicts or steps."""

    name = "review"
    title = "Review"
    paints_first = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._bench = Workbench(desk.theme, self._media.ask, self._shown_id, self._stack)
        self._judging = Judging(desk, self, self._bench, opened=lambda: self._ending.show_bench())
        self._work_at(self._bench, Gate(self, judge=_JUDGE, read=_STEPS | TRANSCRIPT))
        self._wanted = ""  # the item that was asked for, to be answered anew, while it is being read
        self._first_due = True
        self._connect()

    @cached_property
    def _said_before(self) -> "SaidBefore":
        from reviewer.ui.pages.review.said_before import SaidBefore

        return SaidBefore(self.desk, self, self._bench, self._judging, self._back)

    def _connect(self) -> None:
        flow, bench, judging = self._flow, self._bench, self._judging
        flow.standing_changed.connect(self._say_blind)
        flow.recorded.connect(self._count)
        flow.taken_back.connect(self._count_back)
        bench.form.changed.connect(self._drafts.touch)
        bench.form.left.connect(self._drafts.keep)
        bench.record.clicked.connect(self._answering.record)
        bench.pane.view.painted.connect(self.first_painted)
        bench.pane.view.save_wanted.connect(self._media.save)
        judging.evidence.changed.connect(self._drafts.touch)
        judging.told.connect(self.said)
        judging.stepping.counted.connect(self._header.show_marked)

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """All actions of reviewing, of an item, and of a transcript."""
        own: dict[str, Callable[[], None]] = {"review.story": lambda: self._said_before.open_story()}
        bench = self._bench
        return own | self.queue_handlers() | bench.form.handlers() | self._judging.handlers() | dict(bench.pane.handlers())

    def take_changes(self, changes: Changes) -> None:
        """Policies may have changed, too."""
        if changes & Changes.POLICIES and not self._flow.working:
            self._judging.forget_policies()
        super().take_changes(changes)

    def forget_workspace(self) -> None:
        """Nothing of the old workspace stays; the first item of the new one is read ahead of all else."""
        super().forget_workspace()
        self._first_due = True
        self._judging.forget_workspace()
        self._bench.pane.clear()

    def refresh(self) -> None:
        """Read how the queue stands; the item on screen stays."""
        folder = self.desk.shell.folder
        if folder is not None and self._first_due:
            self._first_due = False
            first = partial(fetching.first, folder, member=self.desk.shell.member)
            self.desk.jobs.aside(first, owner=self, done=self._take_first, failed=self._no_first)
        super().refresh()

    def answer_again(self, campaign: str, item: str) -> None:
        """Put one item of a campaign up to be answered anew; recording replaces what was said of it."""
        self.choose_campaign(campaign)
        self._wanted = item
        work = partial(fetching.again, campaign=campaign, item=item)
        self.desk.jobs.read(work, owner=self, slot="again", done=self._show_again, failed=self.on_error)

    def _show_again(self, fetched: Fetched) -> None:
        """One that is being answered, or was meanwhile, does not come back."""
        if self._wanted != fetched.id:
            return
        self._wanted = ""
        if not (self._flow.working and self._is_up(fetched.id)):
            (self.other_page() if fetched.showing.question == "preference" else self).take_again(fetched)

    def _is_up(self, item: str) -> bool:
        return self._flow.current is not None and self._flow.current.id == item

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

    def begun(self, fetched: Fetched) -> Opinion | None:
        """Where steps are asked for, with what follows from the marks."""
        stepping, draft = self._judging.stepping, fetched.showing.draft
        stepping.ask(fetched)
        return stepping.begun(draft) if draft is not None else None

    def show_item(self, fetched: Fetched) -> str:
        """Transcript, form, what a judge says, and the keys of this item."""
        bench, stepping, kept = self._bench, self._judging.stepping, self._drafts.kept
        self.say_keys((FOOTER_FIRST if stepping.marking == "first_wrong" else FOOTER) if stepping.asked else {})
        self._show_transcript(fetched)
        bench.form.put(kept)
        bench.suggest(fetched.showing.suggestion)
        self._judging.put(fetched, kept)
        bench.show_side(None)
        parts = (f"Item {short(fetched.id)}, {bench.pane.view.steps.count} steps.", said_above(fetched.showing), bench.suggested)
        return " ".join(filter(None, parts))

    def show_past(self, past: Past) -> None:
        """Its transcript, with what was said of it."""
        self._show_transcript(past.fetched)
        self._said_before.show(past)

    def show_end(self) -> None:
        """The policy can be read all the same."""
        self._judging.rest(self._flow.standing.id if self._flow.standing is not None else "")

    def show_unblinded(self) -> None:
        """The form says that the label will not be blind."""
        super().show_unblinded()
        self._say_blind()

    def lay_ahead(self, following: Fetched) -> None:
        """While an item is read: lay out the one that comes next."""
        self._bench.pane.view.lay_ahead(following.transcript)

    def _show_transcript(self, fetched: Fetched) -> None:
        blind = self._flow.standing.blind if self._flow.standing is not None else True
        showing = fetched.showing
        zone = self.desk.settings[TIME_ZONE]
        self._bench.meta.show_item(showing.item, showing.id, blind=blind, again=showing.again, zone=zone)
        self._bench.pane.show_transcript(fetched.transcript)
        self._say_blind()

    def _say_blind(self, _standing: object = None) -> None:
        standing, current = self._flow.standing, self._flow.current
        if standing is not None:
            led = current is not None and (current.showing.unblinded or current.showing.suggestion is not None)
            self._bench.form.say_blind(standing.blind and not led)

    def _shown_id(self) -> str:
        fetched = self._back.past.fetched if self._back.past is not None else self._flow.current
        return fetched.id if fetched is not None else ""

    # -- the label ---------------------------------------------------------------------------------------------------------------

    def opinion(self) -> Opinion:
        """What form and evidence say."""
        return self._judging.evidence.add_to(self._bench.form.opinion(duration_ms=self._clock.ms, kept=self._drafts.kept))

    def whole_opinion(self) -> Opinion | None:
        """The same, if it says what the campaign asks for."""
        opinion = self.opinion()
        whole = self._has_marks(opinion) if self._judging.stepping.asked else self._has_verdict(opinion)
        return opinion if whole else None

    def called(self, opinion: Opinion) -> str:
        """Its verdict."""
        return verdict_of(opinion)

    def _has_marks(self, opinion: Opinion) -> bool:
        try:
            self._judging.stepping.check(opinion)
        except Refused as missing:
            self._bench.news.say(f"{missing.what} {missing.hint}")
            return False
        return True

    def _has_verdict(self, opinion: Opinion) -> bool:
        form = self._bench.form
        if opinion.verdict is None:
            form.complain("choose one: C, N or U", "verdict")
        elif opinion.verdict == "non_compliant" and not opinion.rationale.strip():
            form.complain("say why it is non-compliant")
        else:
            return True
        return False

    def _count(self, opinion: Opinion) -> None:
        self._judging.count(opinion)
        if self._is_up(self._wanted):
            self._wanted = ""

    def _count_back(self, taken: TakenBack) -> None:
        self._judging.count(taken.undone.opinion, -1)
