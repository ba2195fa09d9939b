"""The parts of the page and where they stand: the transcript, or a precedent in its place; opinions, clauses, precedents, resolution."""

from functools import cached_property

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.domain.errors import shown
from reviewer.ui.pages.adjudicate import words
from reviewer.ui.pages.adjudicate.clauses import ClauseCards
from reviewer.ui.pages.adjudicate.earlier import Precedents
from reviewer.ui.pages.adjudicate.fetching import Earlier, Fetched
from reviewer.ui.pages.adjudicate.opinions import Opinions
from reviewer.ui.pages.adjudicate.ruling import RulingForm
from reviewer.ui.pages.queue.media import Media
from reviewer.ui.pages.queue.words import short
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import OneLine, plain_label

_SIDE_SHARE = 0.455  # of the page
_MOST_SHARE = 0.6
_LEAST_SIDE = 420


class Bench(QWidget):
    """Holds the widgets; the page decides what they show."""

    def __init__(self, theme: Theme, media: Media) -> None:
        super().__init__()
        self._theme, self._media = theme, media
        self._item = ""
        self.pane = TranscriptPane(theme, media.ask, short_id=lambda: self._item)
        self.news = Strip(theme, "note")
        self.pane.add_strip(self.news)
        self._about, self._which = OneLine(role="strong"), OneLine(tone="faint", selectable=True)
        self._left = QStackedWidget()
        self._left.addWidget(self._make_left(self.pane, self._about, self._which))
        self.why, self.opinions, self.clauses = Paragraph(tone="muted"), Opinions(theme), ClauseCards()
        self.precedents, self.ruling = Precedents(theme), RulingForm(theme)
        self.record = KeyButton(BY_ID["adjudicate.record"], primary=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left, 1)
        self._side = self._make_side()
        row.addWidget(self._side)
        self.ruling.changed.connect(self.show_ruling)
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr] # there is one
        theme.changed.connect(self._take_theme)
        self._take_theme()

    # -- the transcript, and a precedent in its place ----------------------------------------------------------------------------

    @cached_property
    def earlier(self) -> TranscriptPane:
        """Where a precedent is read; made when the first one is opened."""
        pane = TranscriptPane(self._theme, self._media.ask)
        self._said = Strip(self._theme, "note")
        pane.add_strip(self._said)
        self._earlier_about, self._earlier_which = plain_label("Precedent", role="strong"), OneLine(tone="faint", selectable=True)
        self._earlier = self._make_left(pane, self._earlier_about, self._earlier_which)
        self._left.addWidget(self._earlier)
        return pane

    @property
    def reading_earlier(self) -> bool:
        """Whether a precedent stands in the item's place."""
        return self._left.currentIndex() > 0

    @property
    def reading(self) -> TranscriptPane:
        """What is read just now."""
        return self.earlier if self.reading_earlier else self.pane

    def show_item(self, fetched: Fetched) -> None:
        """Another item."""
        self._item = fetched.id
        item = fetched.dispute.item
        self._left.setCurrentIndex(0)
        self._about.setText(shown(item.agent or item.kind.capitalize(), 40))
        self.pane.show_transcript(fetched.transcript)
        self._which.setText(f"item {short(fetched.id)}, {count(self.pane.view.steps.count, 'step')}")
        self._which.say_more(fetched.id)
        self.why.setText(words.why_up(fetched.dispute))
        self.why.setVisible(bool(self.why.text()))
        self._scroll.verticalScrollBar().setValue(0)

    def show_earlier(self, earlier: Earlier) -> None:
        """A precedent, to be read."""
        one = earlier.precedent
        self.earlier.show_transcript(earlier.transcript)
        self._earlier_which.setText(f"item {short(one.item)}, {shown(one.campaign, 40)}")
        self._said.say(f"Resolved: {words.ruling(one.verdict)}. {shown(one.reason or '', 400)} Esc goes back to the item.")
        self._left.setCurrentWidget(self._earlier)
        self.earlier.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_earlier(self) -> None:
        """Back to the item."""
        self._left.setCurrentIndex(0)
        self.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- making ------------------------------------------------------------------------------------------------------------------

    def _make_left(self, pane: TranscriptPane, about: QWidget, which: QWidget) -> QWidget:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(10)
        for part in (about, which):
            line.addWidget(part)
        line.addStretch(1)
        px = self._theme.px
        line.setContentsMargins(px(56), px(14), px(20), px(10))
        column.addLayout(line)
        column.addWidget(pane, 1)
        return room

    def _make_side(self) -> QFrame:
        side = QFrame()
        side.setObjectName("side")
        whole = QVBoxLayout(side)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._body = body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setSpacing(14)
        for part in (self.why, self.opinions, self.clauses, self.precedents, self.ruling):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._scroll = Scrolling("Opinions and your resolution")
        self._scroll.hold(body)
        whole.addWidget(self._scroll, 1)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.record)
        whole.addLayout(self._foot)
        return side

    def show_ruling(self) -> None:
        """Bring the resolution into view."""
        self._scroll.ensureWidgetVisible(self.ruling)

    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        """What keys lead to is seen: the reason by R, precedents by /."""
        if now is not None and self._body.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another share."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The side takes its share, and more where its words need it."""
        margins, verdicts = self._column.contentsMargins(), self.ruling.verdicts
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        beside = verdicts.least + margins.left() + margins.right() + bar
        least, most = max(self._column.totalMinimumSize().width() + bar, beside), round(self.width() * _MOST_SHARE)
        side = min(most, max(_LEAST_SIDE, least, round(self.width() * _SIDE_SHARE)))
        self._side.setFixedWidth(side)
        verdicts.stack(side < beside)

    def _take_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(14), px(16), px(14))
        self._foot.setContentsMargins(px(16), px(8), px(16), px(14))
        QTimer.singleShot(0, self, self._fit)  # once the words have their new size
