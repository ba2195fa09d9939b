"""The right: flagged clusters as cards, the others as a table, what the run rests on, and what can be done with the chosen one."""

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.domain.errors import shown
from reviewer.ui.pages.clusters import cluster_rows, words
from reviewer.ui.pages.clusters.cluster_rows import FlaggedCard, PlainRow
from reviewer.ui.widgets.buttons import KeyButton, beside_primary
from reviewer.ui.widgets.cards import RowButton
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.words import OneLine, plain_label

if TYPE_CHECKING:
    from reviewer.operations.cluster_overview import Overview

_MOST = 60  # clusters that have a row; the rest is counted
_SHARES = (11, 9)  # of the two columns of buttons: all words are whole at the usual size


class Side(QFrame):
    """J and K go through all clusters in the order in which they stand; a mouse presses one."""

    chosen = Signal(int)
    """The place of a cluster among those of the run."""
    aligned = Signal()
    """Its words, or their size, are others: `least` may be another one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAccessibleName("Clusters")
        self.buttons: list[RowButton] = []
        self._found: Overview | None = None
        self._restyled = QTimer(self, singleShot=True, interval=0)
        self._restyled.timeout.connect(self._align)
        self._flagged, self._others = QVBoxLayout(), QVBoxLayout()
        self._flagged.setSpacing(8)
        self._others.setSpacing(0)
        self._method = plain_label(tone="faint", role="small", wrap=True)
        self._method.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._none = Paragraph(tone="muted")
        self._basis = Paragraph(words.BASIS, tone="faint", role="small")
        self._worth = plain_label("Not flagged, worth a look", role="label")
        self._heads = cluster_rows.Heads()
        self._more = Paragraph(tone="faint")
        self._notes = Paragraph(tone="muted")
        self.name, self.about = OneLine(role="strong"), Paragraph(tone="muted")
        self.queue = KeyButton(BY_ID["clusters.queue"], short="Queue")
        self.incident = KeyButton(BY_ID["clusters.incident"], primary=True, short="Incident")
        self.items = KeyButton(BY_ID["clusters.items"], short="Items")
        self.campaign = KeyButton(BY_ID["clusters.campaign"], short="Campaign")
        beside_primary(self.queue, self.items, self.campaign)
        self.run, self.runs = KeyButton(BY_ID["clusters.run"]), KeyButton(BY_ID["clusters.runs"])
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(0)
        outside.addWidget(self._list(), 1)
        outside.addWidget(self._foot())

    def _list(self) -> QScrollArea:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        heading = QHBoxLayout()
        heading.addWidget(plain_label("Flagged clusters", role="label"))
        heading.addWidget(self._method, 1)
        column.addLayout(heading)
        column.addLayout(self._flagged)
        for words_of_all in (self._none, self._basis):
            column.addWidget(words_of_all)
        column.addSpacing(10)
        for part in (self._worth, self._heads):
            column.addWidget(part)
        column.addLayout(self._others)
        column.addWidget(self._more)
        column.addSpacing(10)
        column.addWidget(self._notes)
        for button in (self.run, self.runs):
            column.addWidget(button)
        column.addStretch(1)
        self._listed = room
        self.area = area = Scrolling("What stands out")
        area.hold(room)
        return area

    def _foot(self) -> QWidget:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(16, 8, 16, 14)
        column.setSpacing(6)
        for part in (self.name, self.about):
            column.addWidget(part)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for place, button in enumerate((self.queue, self.items, self.campaign, self.incident)):
            grid.addWidget(button, place // 2, place % 2)
        for place, share in enumerate(_SHARES):
            grid.setColumnStretch(place, share)
        column.addLayout(grid)
        return room

    # -- what it shows -----------------------------------------------------------------------------------------------------------

    def show_run(self, found: "Overview", place: int | None, notes: str) -> None:
        """Take a run, which of its clusters is chosen, and what is said of the whole."""
        had = next((at for at, button in enumerate(self.buttons) if button.hasFocus()), None)
        self._found = found
        self._clear()
        clusters = found.run.clusters
        flagged = [one for one in clusters if one.flagged]
        self._method.setText(words.method(found.run))
        for at, one in enumerate(clusters[:_MOST]):
            button = FlaggedCard(one, found.quotes.get(one.id, "")) if one.flagged else PlainRow(one)
            (self._flagged if one.flagged else self._others).addWidget(button)
            button.clicked.connect(lambda _on=False, at=at: self.chosen.emit(at))
            button.stepped.connect(lambda step, at=at: self._step(at + step))
            button.show()
            self.buttons.append(button)
        for before, after in pairwise((*self.buttons, self.run, self.runs, self.queue, self.items, self.campaign, self.incident)):
            QWidget.setTabOrder(before, after)  # as they stand, not as they were made
        self._none.setVisible(not flagged)
        self._none.setText("No group breaks the policy more often than chance allows." if found.run.reviewed else "Nothing is tested yet.")
        self._basis.setVisible(bool(flagged))
        rest = len(clusters) - _MOST
        self._more.setText(f"and {rest:,} more: `reviewer clusters list` lists all")
        self._more.setVisible(rest > 0)
        for part in (self._worth, self._heads):
            part.setVisible(len(flagged) < len(clusters))
        self._worth.setText("Not flagged, worth a look" if found.run.reviewed else "Clusters")
        self._notes.setText(notes)
        self._align()
        self.choose(place)
        if had is not None and had < len(self.buttons):
            self.buttons[had].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def least(self) -> int:
        """The width in which nothing of the list is cut, pixels."""
        return self._listed.minimumSizeHint().width() + self.area.verticalScrollBar().sizeHint().width()

    def choose(self, place: int | None) -> None:
        """Show which cluster is chosen, and bring it into view."""
        for at, button in enumerate(self.buttons):
            button.setChecked(at == place)
        if place is not None and place < len(self.buttons):
            self.area.ensureWidgetVisible(self.buttons[place], 0, 40)
        self.name.setText("" if self._found is None or place is None else shown(self._found.run.clusters[place].name, 120))
        self.name.setVisible(bool(self.name.text()))
        self.say("")

    def say(self, said: str) -> None:
        """Words about what is chosen, above the buttons."""
        self.about.setText(said)
        self.about.setVisible(bool(said))

    @property
    def notes(self) -> str:
        """What is said of the run as a whole."""
        return self._notes.text()

    def _clear(self) -> None:
        for layout in (self._flagged, self._others):
            remove_all(layout)
        self.buttons = []

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text needs other columns, once every label has it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._restyled.start()

    def _align(self) -> None:
        cluster_rows.align([self._heads.cells, *(button.cells for button in self.buttons if isinstance(button, PlainRow))])
        self.aligned.emit()

    def _step(self, place: int) -> None:
        at = min(max(place, 0), len(self.buttons) - 1)
        self.buttons[at].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(at)
