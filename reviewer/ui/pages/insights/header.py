"""The page's part of the top bar: which campaign, and how much was labelled in it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.insights.words import heading
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.words import OneLine, plain_label

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding

_GAP = 16


class Header(QWidget):
    """A list of campaigns to choose from, and “126 labels on 4,812 items, 3 reviewers”."""

    chosen = Signal(str)
    """The id of a campaign that a person chose."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._offered: list[tuple[str, str]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        self._title = plain_label("Insights", role="title")
        self.list = ChoiceList()
        self.list.setAccessibleName("Campaign")
        self.list.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.list.activated.connect(lambda place: self.chosen.emit(self.list.itemData(place)))
        self._words = OneLine(tone="muted")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # the name of the campaign goes before
        row.addWidget(self._title)
        row.addWidget(self.list)
        row.addWidget(self._words, 1)
        row.addStretch(0)
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self.show_campaigns((), None)

    def show_campaigns(self, campaigns: "Sequence[CampaignStanding]", current: "CampaignStanding | None") -> None:
        """Take the campaigns, and the one whose figures are shown."""
        offered: list[tuple[str, str]] = [(shown(one.campaign, 60), one.id) for one in campaigns]
        if offered != self._offered:  # an open list is not taken away from under the person by a label that came in
            self._offered = offered
            self.list.clear()
            for name, campaign in offered:
                self.list.addItem(name, campaign)
        self.list.setCurrentIndex(self.list.findData(current.id) if current is not None else -1)
        self.list.setVisible(bool(campaigns))
        self._title.setVisible(not campaigns)
        self._words.setText(heading(current) if current is not None else "")
        self._share()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the words too."""
        return super().sizeHint() + QSize(self._words.sizeHint().width() + _GAP, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words that there is no room for are left out: half a number would be another number."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        left = self.width() - self.list.sizeHint().width() - _GAP
        self._words.setVisible(self._title.isHidden() and left >= self._words.sizeHint().width())

    def take_focus(self) -> None:
        """Let the person choose: Up and Down show another campaign at once."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _take_theme(self) -> None:
        self.list.setMaximumWidth(self._theme.px(340))
        self.list.setFixedHeight(self._theme.px(30))
