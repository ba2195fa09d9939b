"""Is everything what it was? The last verification, and what it came to."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from reviewer.catalogue.actions import BY_ID
from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.ui.pages.sync import words
from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.sync_overview import Overview


class CheckCard(Card):
    """A pill with the result, the digest, and who else came to it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._checked = plain_label(role="label")
        self._pill = Pill("")
        self._said, self._never = Paragraph(tone="muted"), Paragraph(tone="muted")
        self._of = plain_label("State digest", tone="muted")
        self._digest = plain_label(role="mono", selectable=True)
        self.verify = KeyButton(BY_ID["sync.verify"])
        self.verify.setMinimumWidth(150)
        head = QHBoxLayout()
        head.addWidget(plain_label("Is everything what it was?", role="label"))
        head.addStretch(1)
        head.addWidget(self._checked)
        self.column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._pill)
        row.addWidget(self._never, 1)
        row.addStretch()
        row.addWidget(self.verify)
        self.column.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._of)
        below.addWidget(self._digest)
        below.addWidget(self._said, 1)
        self.column.addLayout(below)
        self.setAccessibleName("Is everything what it was?")

    def show_overview(self, found: "Overview") -> None:
        """Take what was read."""
        check = found.check
        self._pill.setVisible(check is not None)
        self._of.setVisible(check is not None)
        self._digest.setVisible(check is not None)
        self._said.setVisible(check is not None)
        self._never.setVisible(check is None)
        if check is None:
            self._checked.setText("")
            self._never.setText("Not checked yet. A check reads every entry, item and file, and changes nothing.")
        else:
            self._checked.setText(f"checked {words.when(check.at_ms, found.now_ms, self._settings[TIME_ZONE])}")
            self._pill.say(words.check_words(check), "bad" if check.problems else "ok")
            self._digest.setText(words.fours(check.digest))
            self._digest.setAccessibleName(f"State digest {check.digest}")
            self._said.setText(check.problem if check.problems else words.agree_words(found.agreeing))
        said = f"{self._pill.accessibleName()} {self._said.text()}" if check is not None else self._never.text()
        self.setAccessibleDescription(said)
