"""The parts of the Review page and where they stand: transcript, drawer, side panel; and what stands there when there is no item."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.ui.pages.queue.bench import Bench
from reviewer.ui.pages.review.form import OpinionForm
from reviewer.ui.pages.review.meta import MetaLine
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.images import Ask
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.buttons import KeyButton

if TYPE_CHECKING:
    from reviewer.storage.suggestions import Suggestion
    from reviewer.ui.pages.queue.drawer import Drawer
    from reviewer.ui.pages.review.omission import OmissionPanel
    from reviewer.ui.pages.review.rewrite import RewritePanel
    from reviewer.ui.pages.review.suggestion_card import SuggestionCard

_SIDE = 400
_SIDE_SHARE = 0.45  # of the page, at most, where large text would need more,
_MOST_SHARE = 0.6  # unless words of the form would be cut
_LEAST_TRANSCRIPT = 420  # narrower, an open drawer takes the transcript's place


class Workbench(Bench):
    """Transcript at the left, form at the right, drawer between them."""

    def __init__(self, theme: Theme, ask: Ask, short_id: Callable[[], str], parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.meta = MetaLine(theme)
        self.pane = TranscriptPane(theme, ask, short_id=short_id)
        self.pane.add_strip(self.news)
        self.marking = Strip(theme, "plain")
        self.pane.add_strip(self.marking)
        self.record = KeyButton(BY_ID["review.record"], primary=True)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.meta)
        left.addWidget(self.pane, 1)
        self._side = QFrame()
        for part, share in ((self._blank, 1), (self._left, 1), (self._side, 0)):
            self._row.addWidget(part, share)
        self._fill_side()
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def _put_drawer(self, drawer: "Drawer") -> None:
        self._row.insertWidget(2, drawer)

    @cached_property
    def _above(self) -> Strip:
        strip = Strip(self._theme, "note")
        self.pane.add_strip(strip)
        return strip

    def say_above(self, words: str) -> None:
        """Say above the item what its reviewer has to know of it; the strip is made when there is something to say."""
        if words or "_above" in self.__dict__:
            self._above.say(words)

    def suggest(self, said: "Suggestion | None") -> None:
        """Show above the form what a judge says of the item, or with None nothing; the card is made when there is something to show."""
        if said is not None:
            self.suggestion.show_suggestion(said)
        if "suggestion" in self.__dict__:
            self.suggestion.setVisible(said is not None)

    @cached_property
    def suggestion(self) -> "SuggestionCard":
        """The card above the form."""
        from reviewer.ui.pages.review.suggestion_card import SuggestionCard

        card = SuggestionCard(self._theme)
        self._above_form.addWidget(card)
        return card

    @property
    def suggested(self) -> str:
        """What the card above the form says, without the judge's own words; empty while there is none."""
        return "" if "suggestion" not in self.__dict__ or self.suggestion.isHidden() else self.suggestion.accessibleName()

    @property
    def words_above(self) -> str:
        """What is said above the item."""
        return self._above.words if "_above" in self.__dict__ else ""

    @cached_property
    def omission(self) -> "OmissionPanel":
        """The panel for what should have happened; made when it is first wanted."""
        from reviewer.ui.pages.review.omission import OmissionPanel

        return self._at_foot(OmissionPanel())

    @cached_property
    def rewrite(self) -> "RewritePanel":
        """The panel in which a step is written anew; made when it is first wanted."""
        from reviewer.ui.pages.review.rewrite import RewritePanel

        return self._at_foot(RewritePanel())

    def _make_way(self, writing: bool) -> None:
        self.record.setVisible(not writing)
        self._share_height(writing)

    def _share_height(self, writing: bool) -> None:
        """Where a note and the form have too little height for both, the form goes while the note is open."""
        self.form.setVisible(True)
        column = self._judging.layout()
        if writing and column is not None:
            self.form.setVisible(column.totalMinimumHeightForWidth(self._side.width()) <= self.height())

    def put_side(self, widget: QWidget) -> None:
        """Add another side panel, to be shown in place of the form."""
        self._sides.addWidget(widget)

    def show_side(self, widget: QWidget | None) -> None:
        """Show that side panel, or with None the form."""
        self._sides.setCurrentWidget(widget or self._judging)

    def is_beside(self, widget: QWidget) -> bool:
        """Whether a widget stands where the item is judged, beside its transcript."""
        return self._judging.isAncestorOf(widget)

    def take_keys(self) -> None:
        """Give the keys to the transcript, unless something is being written."""
        if self.open_note is None:
            self.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def truncated_steps(self) -> Sequence[str]:
        """Steps that were not shown whole."""
        return self.pane.view.truncated_steps()

    def fit(self) -> None:
        """Give the drawer room beside the transcript, or where there is too little in its place."""
        usual = self._theme.px(_SIDE)
        side = min(usual, max(_SIDE, round(self.width() * _SIDE_SHARE)))
        side = max(side, min(self.form.least, round(self.width() * _MOST_SHARE)))
        self._side.setFixedWidth(side)
        self.form.fit()
        self._share_height(self.open_note is not None)
        room = self.width() - (0 if self._rests else side)
        if self.drawer_kind:
            self.drawer.take_room(room)
            room -= self.drawer.maximumWidth()
        self._blank.setVisible(self._rests)
        self._side.setVisible(not self._rests)
        self._left.setVisible(not self._rests and (not self.drawer_kind or room >= self._theme.px(_LEAST_TRANSCRIPT)))

    def _fill_side(self) -> None:
        self._side.setObjectName("side")
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        self._sides = QStackedWidget()
        column.addWidget(self._sides)
        self._judging = QWidget()
        self._sides.addWidget(self._judging)
        judging = QVBoxLayout(self._judging)
        judging.setContentsMargins(0, 0, 0, 0)
        judging.setSpacing(0)
        self._above_form = QVBoxLayout()
        judging.addLayout(self._above_form)
        self.form = OpinionForm(self._theme, self._judging)
        judging.addWidget(self.form, 1)
        self._foot.setSpacing(10)
        self._foot.addWidget(self.record)
        judging.addLayout(self._foot)
        self.record.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _take_theme(self) -> None:
        px = self._theme.px
        self._foot.setContentsMargins(px(16), px(8), px(16), px(14))
        self.fit()
        QTimer.singleShot(0, self, self.fit)  # once the words of the form have their new size
