"""The page's part of the top bar: what was grouped, how much of it is flagged, and whether the map or drift is shown."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.choices import Segment, SegmentedControl
from reviewer.ui.widgets.words import OneLine

_GAP = 12


class Header(QWidget):
    """“4,812 items, 41 clusters”, “2 flagged at 5% false-alarm rate”, and of which items."""

    turned = Signal(str)
    """map or drift: what a person wants to see."""

    def __init__(self) -> None:
        super().__init__()
        self._said = ("", "plain")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        self._title, self.pill = OneLine("Clusters", role="title"), Pill("")
        self._of = OneLine(tone="muted")
        self._of.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.view = SegmentedControl("Shown", (Segment("map", "Map"), Segment("drift", "Drift")), required=True)
        self.view.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.view.chosen.connect(self.turned)
        for part in (self._title, self.pill):
            row.addWidget(part)
        row.addWidget(self._of, 1)
        row.addWidget(self.view)
        self.say("Clusters", ("", "plain"), "")

    def say(self, title: str, pill: tuple[str, str], of: str) -> None:
        """Change the words; an empty pill is none."""
        self._title.setText(title)
        self._said = pill
        self._of.setText(of)
        self._share()

    def sizeHint(self) -> QSize:
        """With the pill, even while there is no room for it: else it would never come back."""
        hint = super().sizeHint()
        left_out = bool(self._said[0]) and self.pill.isHidden()
        return QSize(hint.width() + self.pill.sizeHint().width() + _GAP, hint.height()) if left_out else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pill says less where there is little room, and nothing where there is none: half a word would be another one."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        words, kind = self._said
        self.pill.say(words, kind)
        taken = self._title.sizeHint().width() + self.view.sizeHint().width() + 3 * _GAP
        if self.pill.sizeHint().width() > self.width() - taken:
            self.pill.say(words.partition(" at ")[0], kind)
        self.pill.setAccessibleName(words)
        self.pill.setVisible(bool(words) and self.pill.sizeHint().width() <= self.width() - taken)

    @property
    def words(self) -> str:
        """All that it says."""
        return ", ".join(part.text() for part in (self._title, self.pill, self._of) if part.text())
