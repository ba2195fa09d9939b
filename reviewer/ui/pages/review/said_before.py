"""What one said of an item before, beside its transcript: what was cited and marked, its story, and the ways on."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.queue.fetching import Past
from reviewer.ui.pages.queue.looking_back import LookingBack
from reviewer.ui.pages.review.judging import Judging
from reviewer.ui.pages.review.workbench import Workbench

if TYPE_CHECKING:
    from reviewer.ui.pages.review.said import SaidPanel


class SaidBefore(QObject):
    """Stands in the form's place, read only, while an earlier answer is looked back at."""

    def __init__(self, desk: Desk, page: Page, bench: Workbench, judging: Judging, back: LookingBack) -> None:
        super().__init__(page)
        self._desk, self._page, self._bench, self._judging, self._back = desk, page, bench, judging, back

    @cached_property
    def panel(self) -> "SaidPanel":
        """The panel; made when it is first wanted."""
        from reviewer.ui.pages.review.said import SaidPanel

        panel = SaidPanel(self._desk.theme, change=self._back.change, back=self._back.to_queue)
        self._bench.put_side(panel)
        return panel

    def show(self, past: Past) -> None:
        """Show what was said of the item that is on the bench."""
        judging, opinion = self._judging, past.opinion
        judging.look_back(past.fetched, opinion)
        self.panel.show_past(
            past,
            zone=self._desk.settings[TIME_ZONE],
            clauses=judging.clause_words(opinion.clauses),
            evidence=judging.evidence_words(opinion),
        )
        self._bench.show_side(self.panel)
        self.panel.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_story(self) -> None:
        """The story of the answer that is looked back at."""
        from reviewer.ui.pages.explore.story_dialog import open_story

        if self._back.past is None:
            self._page.said.emit("Go back to an answer of yours first; then its story can be told.")
        else:
            open_story(self._desk, self._page, item=self._back.past.fetched.showing.id)
