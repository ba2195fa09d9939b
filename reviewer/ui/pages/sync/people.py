"""Who takes part, with which devices, when each was heard from; and who asks to join."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.domain.errors import shown
from reviewer.domain.joining import Request
from reviewer.ui.pages.sync import words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.buttons import KeyButton, beside_primary
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.devices import DeviceStanding
    from reviewer.operations.sync_overview import Overview

_ROLES = ("reviewer", "adjudicator", "lead", "observer")
_MOST = 60  # rows; the rest is counted


class PeopleCard(Card):
    """The table of people and devices, and the request that was read."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._theme = theme
        self.column.addWidget(plain_label("People and devices", role="label"))
        self._table = QWidget()
        self._room = QVBoxLayout()
        self._room.addWidget(self._table)
        self.column.addLayout(self._room)
        self._project = Paragraph(tone="faint")
        self.column.addWidget(self._project)
        self.column.addSpacing(10)
        self.column.addWidget(plain_label("Asking to join", role="label"))
        self.asking = Asking()
        self.column.addWidget(self.asking)
        self.read = KeyButton(BY_ID["sync.request"])
        self.column.addWidget(self.read)
        self.column.addStretch(1)
        self.setAccessibleName("People and devices")

    def show_overview(self, found: "Overview") -> None:
        """Take what was read."""
        table = QWidget()
        table.setAccessibleName(f"{len(found.devices)} devices")
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 30)
        grid.setColumnStretch(1, 48)
        grid.setColumnStretch(2, 18)
        for column, heading in enumerate(("Who", "Device", "Heard")):
            grid.addWidget(_cell(plain_label(heading, role="label")), 0, column)
        for place, device in enumerate(found.devices[:_MOST], 1):
            for column, cell in enumerate(self._cells(device, found)):
                grid.addWidget(_cell(*cell), place, column)
        if len(found.devices) > _MOST:
            grid.addWidget(_cell(plain_label(f"and {len(found.devices) - _MOST:,} more", tone="faint")), _MOST + 1, 0)
        self._room.replaceWidget(self._table, table)
        self._table.deleteLater()
        self._table = table
        self._project.setVisible(found.admitted and bool(found.words))
        self._project.setText(f"Project {shown(found.project, 60)}, to be compared: {words.six(found.words)}")
        may = found.role == "lead" and found.admitted
        self.asking.say_may(may)
        self.read.setVisible(may)

    def _cells(self, device: "DeviceStanding", found: "Overview") -> tuple[tuple[QWidget, ...], ...]:
        who = shown(device.member, 60) + (f", {device.role}" if device.role != "reviewer" else "")
        heard = "never"
        if device.here:
            heard = "now"
        elif device.heard_ms is not None:
            heard = words.when(device.heard_ms, found.now_ms, self._settings[TIME_ZONE], clock=False)
        name = plain_label("this one" if device.here else f"device {device.device[:6]}", wrap=False)
        name.setAccessibleName(f"{who}: {name.text()}, heard {heard}")
        tags: list[QWidget] = []
        days = words.silent_days(None if device.here or device.revoked else device.heard_ms, found.now_ms)
        if device.revoked:
            reach = found.trusted_to.get(device.device)
            tags.append(Pill("revoked" if reach is None else f"revoked after entry {reach:,}" if reach else "revoked, nothing counts"))
        elif days:
            tags.append(Pill(f"{days} days", "warn"))
        return (plain_label(who, wrap=True),), (name, *tags), (plain_label(heard),)


class Asking(QWidget):
    """A request that was read from a file: its words, and the two answers."""

    refused = Signal()
    admitted = Signal(object, str, str)
    """(Request, name, role or empty for the usual one)"""

    def __init__(self) -> None:
        super().__init__()
        self._request: Request | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._none = Paragraph(tone="faint")
        self._paper = Card(paper="row")
        self._paper.column.setContentsMargins(10, 8, 10, 8)
        self._paper.column.setSpacing(3)
        self._who = plain_label(role="strong", wrap=True)
        self._what = plain_label(tone="faint", wrap=True)
        self._six = plain_label(role="mono", wrap=True, selectable=True)
        self.role = ChoiceList()
        self.role.setAccessibleName("Role")
        self._as = plain_label("Admit as", tone="muted")
        row = QHBoxLayout()
        row.addWidget(self._as)
        row.addWidget(self.role, 1)
        for part in (self._who, self._what, plain_label("Compare these words with its owner:"), self._six):
            self._paper.column.addWidget(part)
        self._paper.column.addLayout(row)
        self.refuse = KeyButton(BY_ID["sync.refuse"])
        self.admit = KeyButton(BY_ID["sync.admit"], primary=True)
        beside_primary(self.refuse)
        self.refuse.clicked.connect(self._refuse)
        self.admit.clicked.connect(self._admit)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.refuse, 1)
        buttons.addWidget(self.admit, 1)
        column.addWidget(self._none)
        column.addWidget(self._paper)
        column.addLayout(buttons)
        self.setAccessibleName("Asking to join")
        self._show(None)

    @property
    def request(self) -> Request | None:
        """The request that waits for an answer."""
        return self._request

    def say_may(self, may: bool) -> None:
        """Whether the person may admit others."""
        self._none.setText(
            "Nobody. Read the request file that they give you, or drop it on the window."
            if may
            else "A lead admits new people and devices."
        )

    def ask(self, request: Request, six: tuple[str, ...], known: frozenset[str]) -> None:
        """Show a request. known: names that members bear already; then it is for a further device of theirs."""
        further = request.name in known
        self._who.setText(shown(request.name, 80))
        self._what.setText("a further device of theirs; request read from a file" if further else "a new person; request read from a file")
        self._six.setText(words.six(six))
        self._six.setAccessibleName(f"Six words: {' '.join(six)}")
        self.role.clear()
        self.role.addItem("the role they have" if further else "reviewer", "")
        for role in _ROLES[0 if further else 1 :]:
            self.role.addItem(role, role)
        self._show(request)
        self.admit.setFocus(Qt.FocusReason.OtherFocusReason)

    def answered(self) -> None:
        """Take the request away."""
        self._show(None)

    def _show(self, request: Request | None) -> None:
        self._request = request
        self._none.setVisible(request is None)
        for part in (self._paper, self.refuse, self.admit):
            part.setVisible(request is not None)

    def _refuse(self) -> None:
        self._show(None)
        self.refused.emit()

    def _admit(self) -> None:
        if self._request is not None:
            self.admitted.emit(self._request, self._request.name, self.role.currentData() or "")


def _cell(*parts: QWidget) -> QFrame:
    """A cell with a line below; several parts flow below each other."""
    cell = QFrame()
    cell.setProperty("paper", "cell")
    cell.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    column = QVBoxLayout(cell)
    column.setContentsMargins(8, 7, 4, 7)
    column.setSpacing(3)
    for part in parts:
        column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if isinstance(part, Pill) else Qt.AlignmentFlag(0))
    column.addStretch(1)
    return cell
