"""People's answers back to the records of Mistral Studio that they are of: what would go is seen first."""

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.catalogue.settings import JUDGE_SERVER
from reviewer.domain.errors import shown
from reviewer.ui.jobs import Work
from reviewer.ui.page import Desk
from reviewer.ui.pages.campaign.form_rows import FormRows
from reviewer.ui.pages.explore import studio_steps
from reviewer.ui.pages.sending.dialog import SendDialog
from reviewer.ui.pages.sending.steps import Seen
from reviewer.ui.pages.sending.words import Words
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.studio_answers import Preview, Pushed

_NAME = 60  # characters of a campaign's
_LISTED = 200  # records
_SAYS = Words(
    title="Send answers to Mistral Studio",
    what="Items that came from a data set of Studio have a record there. The answers of a campaign go to these records as properties,"
    " beside what stands there, and an entry says that they left.",
    first="What would go, record by record",
    ask="Send answers",
    asking="Sending answers",
    unit="record",
    rest="You can close this and go on working. Stopped at any time, what was sent stays there.",
)


class PushDialog(SendDialog["Preview", "Pushed"]):
    """Asks of which campaign."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page, _SAYS)
        self.campaign = ChoiceList()
        self.campaign.setAccessibleName("Campaign")
        rows = FormRows(desk.theme)
        rows.add("Answers of", self.campaign)
        self.fields.addWidget(rows)
        self.campaign.currentIndexChanged.connect(lambda _place: self.look())
        self.begin()
        self.campaign.setFocus(Qt.FocusReason.OtherFocusReason)
        desk.jobs.read(studio_steps.campaigns, owner=self, done=self._list, failed=self._not_seen)

    def _list(self, found: "tuple[CampaignStanding, ...]") -> None:
        some = [one for one in found if one.rules.question != "preference"]
        for one in some:
            self.campaign.addItem(shown(one.campaign, _NAME), one.id)
        if not some:
            self._say_nothing("No campaign here asks for verdicts. Make one of the records that you brought in, and have them labelled.")

    def previewing(self) -> "Work[Seen[Preview]] | None":
        """Of the chosen campaign."""
        campaign = self.campaign.currentData()
        return None if campaign is None else partial(studio_steps.preview_push, campaign=campaign, settings=self._desk.settings)

    def sending(self, key: str) -> "tuple[str, Work[Pushed]]":
        """The same answers."""
        work = partial(studio_steps.push, campaign=self.campaign.currentData(), settings=self._desk.settings, key=key)
        return f"Sending answers of {self.campaign.currentText()}", work

    def in_words(self, preview: "Preview") -> str:
        """How many answers, of what they consist, and which stay."""
        server = shown(self._desk.settings[JUDGE_SERVER], 80)
        said = [
            f"{count(len(preview.answers), 'answer')} would go to Mistral Studio ({server}): the verdict, the clauses that were broken and"
            " the campaign's name, no names and no words of anybody. It costs nothing."
        ]
        if preview.elsewhere:
            said.append(f"{count(preview.elsewhere, 'answered item')} came from elsewhere.")
        return " ".join(said)

    def as_sent(self, preview: "Preview") -> str:
        """The properties of each record."""
        lines = [f"{one.record}  {msgspec.json.encode(dict(one.properties)).decode()}" for one in preview.answers[:_LISTED]]
        more = len(preview.answers) - len(lines)
        return "\n".join([*lines, f"and {more:,} more"] if more else lines)

    def anything(self, preview: "Preview") -> bool:
        """A campaign without such answers is refused before."""
        return bool(preview.answers)

    def told(self, result: "Pushed") -> tuple[bool, str, str]:
        """What got there, and what did not."""
        what = f"{count(result.sent, 'answer')} {'was' if result.sent == 1 else 'were'} sent to Mistral Studio."
        more = [f"{result.unchanged:,} were there already."] if result.unchanged else []
        if result.failures:
            more.append(f"{len(result.failures):,} did not get there: {shown(result.failures[0].reason, 160)} Send again to try those.")
        return not result.failures, what, " ".join(more)

    def stopped(self) -> tuple[str, str]:
        """What is there is not sent again."""
        return "No further answers are sent.", "Those that were sent stay there; send again to go on from there."
