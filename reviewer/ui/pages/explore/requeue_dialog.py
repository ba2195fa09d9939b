"""Asking for items again: of whom follows from who labelled them; which campaign, and why, is asked here."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.ui.messages import Messages
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.insights.fetching import campaigns
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.reason_field import ReasonField
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.requeueing import Requeued
    from reviewer.storage.workspace import Workspace

_WHAT = "Whoever labelled one of these items is asked for it again. Their labels count until they are replaced."


def requeue(workspace: "Workspace", ticket: Ticket, *, campaign: str, query: str, note: str) -> "Outcome[Requeued]":
    """Ask for what a search finds among a campaign's items."""
    from reviewer import operations

    return operations.requeueing.requeue_items(workspace, ticket, campaign=campaign, query=query, note=note)


class RequeueDialog(SheetDialog):
    """Ctrl+Return asks; what cannot be asked for is said in its place, and what was typed stays."""

    def __init__(self, desk: Desk, page: QWidget, *, query: str) -> None:
        super().__init__(page, desk.theme, "Ask for items again")
        self._desk, self._page, self._query = desk, page, query
        self.campaign = ChoiceList()
        self.campaign.setAccessibleName("Campaign")
        self.note = ReasonField("Why", "Why, in words that those who are asked will read. Optional.")
        self._wrong = Strip(desk.theme, "warn")
        self.body.addWidget(Paragraph(_WHAT, tone="muted"))
        self.body.addWidget(plain_label("Campaign", role="label"))
        self.body.addWidget(self.campaign)
        self.body.addWidget(plain_label("Why", role="label"))
        self.body.addWidget(self.note, 1)
        self.body.addWidget(self._wrong)
        self.set_buttons(("Ask again", self._ask), ("Cancel", self.reject))
        self.resize_to(480, 360)
        self.campaign.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)
        self._follow()
        desk.jobs.read(campaigns, owner=self, done=self._list, failed=self._failed)

    def _list(self, standings: "tuple[CampaignStanding, ...]") -> None:
        for standing in standings:
            if not standing.closed:
                self.campaign.addItem(f"{shown(standing.campaign)} ({count(standing.labels, 'label')})", standing.id)
        if not self.campaign.count():
            self._wrong.say("No campaign is open. Create one first: press A on the list.")
        self._follow()

    def _follow(self) -> None:
        if self.main is not None:
            self.main.setEnabled(self.campaign.count() > 0)

    def _ask(self) -> None:
        self._wrong.say("")
        if self.main is not None:
            self.main.setEnabled(False)
        work = partial(requeue, campaign=self.campaign.currentData(), query=self._query, note=self.note.toPlainText())
        self._desk.jobs.long(work, title="Asking again", owner=self, done=self._asked, failed=self._failed)

    def _asked(self, asked: "Requeued") -> None:
        _tell(self._desk.messages, asked)
        self.accept()

    def _failed(self, error: ReviewerError) -> None:
        self._wrong.say(f"{error.what} {error.hint}")
        self._follow()


def _tell(messages: Messages, asked: "Requeued") -> None:
    messages.good(f"{count(len(asked.items), 'item')} asked for again.", "They come first in the queues of those who labelled them.")
