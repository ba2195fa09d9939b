"""The right: the clocks of an incident, what it touches, whose task it is, and what comes next."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.domain.errors import shown
from reviewer.domain.incident_words import DEADLINE, rule
from reviewer.ui.pages.incidents import words
from reviewer.ui.widgets.buttons import KeyButton, beside_primary
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.flow import Flow
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import OneLine, plain_label

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentView


class CaseSide(Scrolling):
    """Shows what stands beside an incident."""

    def __init__(self) -> None:
        super().__init__("About the incident")
        self.kind, self.clock, self.rule = plain_label(role="strong", wrap=True), Pill(""), Paragraph(tone="muted")
        self._touches = QWidget()
        self._pills = Flow(self._touches)
        self.hidden = Paragraph(tone="faint")
        self.owner = OneLine()
        self.status, self.export = KeyButton(BY_ID["incidents.status"]), KeyButton(BY_ID["incidents.export"])
        beside_primary(self.status, self.export)
        self.close_case = KeyButton(BY_ID["incidents.close"], primary=True)
        self.touched: list[str] = []
        self._build()

    def _build(self) -> None:
        room = QWidget()
        room.setObjectName("side")
        column = QVBoxLayout(room)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(plain_label("Clocks", role="label"))
        paper = Card()
        paper.column.addWidget(self.kind)
        paper.column.addWidget(self.clock)
        paper.column.addWidget(self.rule)
        column.addWidget(paper)
        column.addSpacing(8)
        column.addWidget(plain_label("Touches", role="label"))
        column.addWidget(self._touches)
        column.addWidget(self.hidden)
        column.addSpacing(8)
        column.addWidget(plain_label("Owner", role="label"))
        card = Card()
        card.column.addWidget(self.owner)
        column.addWidget(card)
        column.addStretch(1)
        for button in (self.status, self.export, self.close_case):
            column.addWidget(button)
        self.setWidget(room)

    def show_case(self, view: "IncidentView", *, zone: str, now_ms: int, leads: bool) -> None:
        """Take what was read."""
        line = view.line
        runs = line.deadline != "none"
        self.kind.setText(f"Report of a {DEADLINE[line.deadline]}" if line.deadline == "serious" else DEADLINE[line.deadline].capitalize())
        clock = words.clock(line, now_ms)
        self.clock.setVisible(clock is not None)
        if clock is not None:
            self.clock.say(clock.text, clock.kind)
        due = f" Due {moment(line.due, zone)}." if line.due is not None else ""
        self.rule.setText(f"{rule(line.deadline)}, first known {moment(line.aware, zone)}.{due}" if runs else "Press E to set one.")
        self._show_touched(words.touched(view))
        self.hidden.setText(words.hidden(view))
        self.hidden.setVisible(bool(view.hidden))
        self.owner.setText(shown(line.owner, 80) if line.owner is not None else "nobody yet; press E")
        self.owner.set_tone("" if line.owner is not None else "faint")
        closed = line.status == "closed"
        self.status.setText({"open": "Say that the fix is in", "fixed": "Say that it is not fixed", "closed": "Open it again"}[line.status])
        self.status.setEnabled(leads)
        self.close_case.setEnabled(leads and not closed)
        self.close_case.setVisible(not closed)

    def _show_touched(self, said: list[str]) -> None:
        remove_all(self._pills)
        self.touched = said
        for text in said:
            pill = Pill(text, "plain", self._touches)
            self._pills.addWidget(pill)
            pill.show()
        self._pills.invalidate()
        self._touches.updateGeometry()
