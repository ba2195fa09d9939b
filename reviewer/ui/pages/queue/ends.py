"""What stands in place of an item: no campaign yet, the end of a queue, a moment of waiting."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from reviewer.ui.page import Shell
from reviewer.ui.widgets.buttons import beside_primary
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.queues import Standing


class Way(NamedTuple):
    """A way on: the words of its button and what it does."""

    words: str
    act: Callable[[], None]


class EndPage(QWidget):
    """A title, some sentences, and ways on."""

    def __init__(self, grow: Callable[[int], None]) -> None:
        """grow: called with the number of items that the campaign shall have."""
        super().__init__()
        self._grow = grow
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        self._title = plain_label(role="heading")
        self._text = Paragraph(tone="muted")
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(10)
        self._ways = QHBoxLayout()
        self._ways.setSpacing(8)
        column.addLayout(self._ways)
        column.addSpacing(10)
        self._growing = QWidget()
        row = QHBoxLayout(self._growing)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        words = plain_label("Items in all:", tone="muted")
        row.addWidget(words)
        self._size = QLineEdit()
        self._size.setValidator(QIntValidator(1, 9_999_999, self._size))
        self._size.setMaximumWidth(100)
        self._size.returnPressed.connect(self._grow_now)
        self._size.setAccessibleName("Items of the campaign after growing")
        words.setBuddy(self._size)
        row.addWidget(self._size)
        go = QPushButton("Grow the sample")
        go.clicked.connect(self._grow_now)
        row.addWidget(go)
        row.addStretch(1)
        column.addWidget(self._growing)
        column.addStretch(3)
        self._first: QPushButton | None = None

    def show_for(
        self, standing: "Standing | None", shell: Shell, *, look_back: Callable[[], None], campaigns: Callable[[], None] | None
    ) -> None:
        """Show the end of a queue, or with None that there is no campaign. campaigns: lets another one be chosen, if there is."""
        if standing is None:
            ways = [
                Way("New campaign", lambda: shell.go("explore").handlers()["app.new_campaign"]()),
                Way("Try the sample", shell.open_sample),
            ]
            sentence = "A campaign draws items and asks for a label on each. Make one from what you imported, or look at the sample."
            self.say("No campaign asks for your labels yet", sentence, ways)
            return
        ways = [Way("Export the labels", lambda: shell.go("explore").handlers()["explore.export"]())]
        if standing.done:
            ways.append(Way("Look back", look_back))
        if campaigns is not None:
            ways.append(Way("Another campaign", campaigns))
        self.say(*all_done(standing), ways, grow_from=0 if standing.closed else standing.asked)

    def say(self, title: str, text: str, ways: list[Way], *, grow_from: int = 0) -> None:
        """Show this. The first way is the usual one. grow_from: how many items are drawn; 0 takes the offer to grow away."""
        self._title.setText(title)
        self._text.setText(text)
        self.setAccessibleName(f"{title} {text}")
        remove_all(self._ways)
        self._ways.addStretch(1)
        self._first = None
        for way in ways:
            button = QPushButton(way.words)
            button.clicked.connect(lambda _on=False, act=way.act: act())
            if self._first is None:
                button.setProperty("kind", "primary")
                self._first = button
            else:
                beside_primary(button)
            self._ways.addWidget(button)
        self._ways.addStretch(1)
        self._growing.setVisible(grow_from > 0)
        if grow_from:
            self._size.setText(str(grow_from * 2 if grow_from < 500 else grow_from + 500))

    def _grow_now(self) -> None:
        if self._size.hasAcceptableInput():
            self._grow(int(self._size.text()))

    def take_focus(self) -> None:
        """Put the focus on the usual way on."""
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)


def all_done(standing: "Standing") -> tuple[str, str]:
    """Title and text at the end of a queue."""
    title = f"All done: {count(standing.done, 'label')}"
    if standing.closed:
        return f"“{standing.name}” is closed", f"No more labels are asked for. Your {count(standing.done, 'label')} are kept."
    return title, f"Nothing waits for you in “{standing.name}”."
