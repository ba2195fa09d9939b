"""Closing an incident: which campaign shows the rate after the fix, or why it is closed without one."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.domain.errors import shown
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import ActingDialog
from reviewer.ui.pages.incidents import fetching
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.reason_field import ReasonField
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentView

_WHAT = "The rate of a campaign that was drawn since the incident was opened shows whether the fix holds; it is cited with its interval."
_WITHOUT = "Without one, give the reason: the record will say that nothing shows the fix to hold."


class CloseDialog(ActingDialog):
    """Ctrl+Return closes; where it cannot be closed, that is said here."""

    def __init__(self, desk: Desk, page: QWidget, view: "IncidentView") -> None:
        super().__init__(desk, page, f"Close “{shown(view.line.title, 60)}”")
        self._incident = view.line.id
        self._sample = view.sample.campaign_id if view.sample is not None else ""
        self.campaign, self.reason = ChoiceList(), ReasonField("Reason", "Why it is closed. Needed where no campaign is cited.")
        self.campaign.setAccessibleName("Campaign")
        self.body.addWidget(Paragraph(_WHAT, tone="muted"))
        self.body.addWidget(plain_label("Campaign", role="label"))
        self.body.addWidget(self.campaign)
        self.body.addWidget(plain_label("Reason", role="label"))
        self.body.addWidget(self.reason, 1)
        self.body.addWidget(Paragraph(_WITHOUT, tone="faint"))
        self.body.addWidget(self.wrong)
        self.set_buttons(("Close the incident", self._close), ("Cancel", self.reject))
        self.guard(self.reason)
        self.resize_to(520, 420)
        self.campaign.setFocus(Qt.FocusReason.OtherFocusReason)
        self._list(fetching.Choices((), ()))
        desk.jobs.read(fetching.choices, owner=self, done=self._list, failed=self.failed)

    def _list(self, found: fetching.Choices) -> None:
        self.campaign.clear()
        self.campaign.addItem("none: give a reason", "")
        for name, campaign in found.campaigns:
            self.campaign.addItem(shown(name, 80), campaign)
        self.campaign.setCurrentIndex(max(0, self.campaign.findData(self._sample)))

    def _close(self) -> None:
        self.begin()
        campaign = self.campaign.currentData() or None
        work = partial(fetching.close, incident=self._incident, campaign=campaign, reason=self.reason.toPlainText())
        self._desk.jobs.long(work, title="Closing the incident", owner=self, done=lambda _done: self.accept(), failed=self.failed)
