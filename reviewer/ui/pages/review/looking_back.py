"""The answers that one gave before: looked back at one after another, told the story of, taken up again."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.review import fetching
from reviewer.ui.pages.review.fetching import Fetched, Past
from reviewer.ui.pages.review.flow import Flow
from reviewer.ui.pages.review.judging import Judging
from reviewer.ui.pages.review.workbench import Workbench

if TYPE_CHECKING:
    from reviewer.ui.pages.compare.page import ComparePage
    from reviewer.ui.pages.review.said import SaidPanel


class LookingBack(QObject):
    """What was said stands in the form's place, read only, until one returns to the queue or takes the answer up again."""

    def __init__(
        self,
        desk: Desk,
        page: Page,
        flow: Flow,
        bench: Workbench,
        judging: Judging,
        *,
        leave: Callable[[], None],
        show: Callable[[Fetched], None],
        back: Callable[[], None],
    ) -> None:
        """leave: called before the item that is up is left; show: put an item of before on the bench; back: show what is up again."""
        super().__init__(page)
        self._desk, self._page, self._flow, self._bench, self._judging = desk, page, flow, bench, judging
        self._leave, self._show, self._back = leave, show, back
        self._wanted = ""  # the item that was asked for, to be answered anew, while it is being read
        self.past: Past | None = None
        flow.looked_back.connect(self._show_past)

    @cached_property
    def _said(self) -> "SaidPanel":
        from reviewer.ui.pages.review.said import SaidPanel

        said = SaidPanel(self._desk.theme, change=self._change_answer, back=self.to_queue)
        self._bench.put_side(said)
        return said

    def look(self, way: int) -> None:
        """Back (1) to the label before, or forward (-1) to the item that is up."""
        if self._flow.working:
            return
        place = (self.past.place if self.past is not None else -1) + way
        if place < 0:
            self.to_queue()
            return
        self._leave()
        self._flow.look_back(place)

    def to_queue(self) -> None:
        """From an item looked back at to the one that is up."""
        if self.past is not None:
            self.past = None
            self._back()

    def open_story(self) -> None:
        """The story of the answer that is looked back at."""
        from reviewer.ui.pages.explore.story_dialog import open_story

        if self.past is None:
            self._page.said.emit("Go back to an answer of yours first; then its story can be told.")
        else:
            open_story(self._desk, self._page, item=self.past.fetched.showing.id)

    def answer_again(self, campaign: str, item: str) -> None:
        """Put one item of a campaign up to be answered anew; recording replaces what was said of it."""
        self._wanted = item
        work = partial(fetching.again, campaign=campaign, item=item)
        self._desk.jobs.read(work, owner=self, slot="again", done=self._show_again, failed=self._page.on_error)

    def recorded(self, item: str) -> None:
        """An item is being answered: it need not come back to be answered anew."""
        if item == self._wanted:
            self._wanted = ""

    def _show_past(self, past: Past) -> None:
        self.past = past
        self._bench.news.say("")
        self._bench.close_note()
        self._show(past.fetched)
        judging, opinion = self._judging, past.opinion
        judging.look_back(past.fetched, opinion)
        self._said.show_past(
            past,
            zone=self._desk.settings[TIME_ZONE],
            clauses=judging.clause_words(opinion.clauses),
            evidence=judging.evidence_words(opinion),
        )
        self._bench.show_side(self._said)
        self._said.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change_answer(self) -> None:
        """Take an earlier answer up again; recording replaces it."""
        past = self.past
        if past is None or self._flow.working:
            return
        self.past = None
        showing = past.fetched.showing
        draft = showing.draft or past.opinion
        self._flow.show(past.fetched._replace(showing=showing._replace(draft=draft)))
        self._bench.news.say("Your new answer takes the place of the one you gave.")

    def _show_again(self, fetched: Fetched) -> None:
        """Unless the queue has shown it meanwhile: then what was begun on it stays, and one that was answered does not come back."""
        if self._wanted != fetched.id:
            return
        self._wanted = ""
        if fetched.showing.question == "preference":
            cast("ComparePage", self._desk.shell.go("compare")).answer_again(fetched)
            return
        up = self._flow.current
        if up is None or up.id != fetched.id or self.past is not None:
            self.past = None
            self._flow.show(fetched)
        self._bench.news.say("Your new answer takes the place of all that you gave on this item.")
