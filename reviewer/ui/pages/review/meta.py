"""The line above a transcript: whose run it is, what is hidden, when, and its short id."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.domain.items import Item
from reviewer.ui.pages.queue.words import short
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.times import moment
from reviewer.ui.widgets.words import OneLine, plain_label, plain_tooltip


class MetaLine(QWidget):
    """airline-agent · model hidden · 12 May 2026, 14:02 · item 9f3ac1."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setSpacing(10)
        self._agent = OneLine(role="strong")
        self._model = Pill("model hidden", "plain")
        self._time = plain_label(tone="faint")
        self._id = plain_label(tone="faint", selectable=True)
        self._again = Pill("put off before", "plain")
        for part in (self._agent, self._model, self._time, self._id, self._again):
            part.setMinimumWidth(1)  # the window may be narrower than all of them together
            self._row.addWidget(part)
        self._row.addStretch(1)
        self._put_off = False
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_item(self, item: Item, item_id: str, *, blind: bool, again: bool, zone: str) -> None:
        """zone: `local` or `utc`."""
        self._agent.setText(shown(item.agent or item.kind.capitalize(), 40))
        hidden = blind and item.model is None and item.kind != "comparison"
        self._model.setVisible(hidden or bool(item.model))
        words = "model hidden" if hidden else shown(item.model or "", 40)
        if self._model.text() != words:
            self._model.say(words)
        plain_tooltip(self._model, "Which model this was is hidden until you have labelled it." if hidden else "")
        self._time.setText(moment(item.time, zone) if item.time else "")
        self._id.setText(f"item {short(item_id)}…")
        plain_tooltip(self._id, item_id)
        self._put_off = again
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the time goes first, then the id."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        wanted = {self._again: self._put_off, self._time: bool(self._time.text()), self._id: True}
        kept = [self._agent, *([] if self._model.isHidden() else [self._model]), *(part for part, is_wanted in wanted.items() if is_wanted)]
        taken = {part: part.sizeHint().width() + self._row.spacing() for part in kept}
        for spare in wanted:
            if sum(taken[part] for part in kept) <= room:
                break
            if spare in kept:
                kept.remove(spare)
        for part in wanted:
            part.setVisible(part in kept)  # once: to show and to hide again lays out the line twice

    def _take_theme(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(px(56), px(14), px(20), px(10))
        QTimer.singleShot(0, self, self._fit)  # once the labels have their new size
