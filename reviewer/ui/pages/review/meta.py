"""The line above a transcript: whose run it is, what is hidden, when, and its short id."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QEnterEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.domain.items import Item
from reviewer.ui.pages.queue.words import short
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.grounds import lie_on
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import SELECTABLE, OneLine, PlainLabel, plain_label, plain_tooltip


class _Id(PlainLabel):
    """An item's id, which can be marked and copied. It becomes a text that can be when the mouse comes: to lay one out for each item takes
    twice as long as a label, while somebody waits."""

    def __init__(self) -> None:
        super().__init__(tone="faint")

    def say(self, item: str) -> None:
        """Show another id."""
        if not self.underMouse():
            self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setText(f"item {short(item)}…")
        plain_tooltip(self, item)

    def enterEvent(self, event: QEnterEvent) -> None:
        """From now on it can be marked."""
        super().enterEvent(event)
        self.setTextInteractionFlags(SELECTABLE)


class MetaLine(QWidget):
    """airline-agent · model hidden · 12 May 2026, 14:02 · item 9f3ac1."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setSpacing(10)
        self._agent = OneLine(role="strong")
        self._model = Pill("", "plain")
        self._time = plain_label(tone="faint")
        self._id = _Id()
        self._again = Pill("put off before", "plain")
        for part in (self._agent, self._model, self._time, self._id, self._again):
            part.setMinimumWidth(1)  # the window may be narrower than all of them together
            self._row.addWidget(part)
        self._row.addStretch(1)
        self._said_model = ("", False)
        self._put_off = False
        lie_on(self, QPalette.ColorRole.Window)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_item(self, item: Item, item_id: str, *, blind: bool, again: bool, zone: str) -> None:
        """zone: `local` or `utc`."""
        self._agent.setText(shown(item.agent or item.kind.capitalize(), 40))
        hidden = blind and item.model is None and item.kind != "comparison"
        self._say_model("model hidden" if hidden else shown(item.model or "", 40), hidden=hidden)
        self._time.setText(moment(item.time, zone) if item.time else "")
        self._id.say(item_id)
        self._put_off = again
        self._fit()

    def _say_model(self, words: str, *, hidden: bool) -> None:
        """The same from item to item, as a rule."""
        if (words, hidden) != self._said_model:
            self._said_model = (words, hidden)
            self._model.say(words)
            plain_tooltip(self._model, "Which model this was is hidden until you have labelled it." if hidden else "")
        self._model.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the time goes first, then the id."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        room = self.width() - margins.left() - margins.right()
        room -= sum(part.sizeHint().width() + gap for part in (self._agent, self._model) if not part.isHidden())
        wanted = {self._again: self._put_off, self._time: bool(self._time.text()), self._id: True}
        spare = {part: part.sizeHint().width() + gap for part, is_wanted in wanted.items() if is_wanted}
        taken = sum(spare.values())
        for part in wanted:
            if part in spare and taken > room:
                taken -= spare.pop(part)
            part.setVisible(part in spare)  # once: to show and to hide again lays out the line twice

    def _take_theme(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(px(56), px(14), px(20), px(10))
        QTimer.singleShot(0, self, self._fit)  # once the labels have their new size
