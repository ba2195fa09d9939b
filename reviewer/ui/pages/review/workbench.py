"""The parts of the Review page and where they stand: transcript, drawer, side panel; and what stands there when there is no item."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.ui.pages.review.drawer import Drawer
from reviewer.ui.pages.review.form import OpinionForm
from reviewer.ui.pages.review.meta import MetaLine
from reviewer.ui.pages.review.note import NotePanel
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.images import Ask
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.buttons import KeyButton

_SIDE = 400
_SIDE_SHARE = 0.45  # of the page, at most, where large text would need more
_LEAST_TRANSCRIPT = 420  # narrower, an open drawer takes the transcript's place


class Workbench(QWidget):
    """Holds the widgets; the page decides what they show."""

    drawer_closed = Signal()

    def __init__(self, theme: Theme, ask: Ask, short_id: Callable[[], str]) -> None:
        super().__init__()
        self._theme = theme
        self.meta = MetaLine(theme)
        self.pane = TranscriptPane(theme, ask, short_id=short_id)
        self.news = Strip(theme, "note")
        self.pane.add_strip(self.news)
        self.form = OpinionForm(theme)
        self.record = KeyButton(BY_ID["review.record"], primary=True)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.meta)
        left.addWidget(self.pane, 1)
        row.addWidget(self._left, 1)
        self._side = self._make_side()
        row.addWidget(self._side)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    @cached_property
    def drawer(self) -> Drawer:
        """The panel between transcript and form; made when it is first wanted, since the first screen shall not wait for it."""
        drawer = Drawer(self._theme)
        drawer.closed.connect(self.fit)
        drawer.closed.connect(self.drawer_closed)
        self._row.insertWidget(1, drawer)
        return drawer

    def get_drawer(self) -> Drawer:
        """The drawer, made if need be."""
        return self.drawer

    @property
    def drawer_kind(self) -> str:
        """What the drawer shows; empty while it is closed."""
        return self.drawer.kind if "drawer" in self.__dict__ else ""

    @cached_property
    def note(self) -> NotePanel:
        """The panel for a reason; made when it is first wanted."""
        note = NotePanel()
        note.opened.connect(lambda opened: self.record.setVisible(not opened))  # Ctrl+Enter is the note's meanwhile
        self._foot.insertWidget(0, note)
        return note

    @property
    def note_open(self) -> bool:
        """True while a reason is being written."""
        return "note" in self.__dict__ and not self.note.isHidden()

    def put_side(self, widget: QWidget) -> None:
        """Add another side panel, to be shown in place of the form."""
        self._sides.addWidget(widget)

    def show_side(self, widget: QWidget | None) -> None:
        """Show that side panel, or with None the form."""
        self._sides.setCurrentWidget(widget or self._judging)

    def fit(self) -> None:
        """Give the drawer room beside the transcript, or where there is too little in its place."""
        usual = self._theme.px(_SIDE)
        self._side.setFixedWidth(min(usual, max(_SIDE, round(self.width() * _SIDE_SHARE))))
        if not self.drawer_kind:
            self._left.setVisible(True)
            return
        room = self.width() - self._side.width() - self.drawer.width()
        self._left.setVisible(room >= self._theme.px(_LEAST_TRANSCRIPT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another arrangement."""
        super().resizeEvent(event)
        self.fit()

    def _make_side(self) -> QFrame:
        side = QFrame()
        side.setObjectName("side")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        self._sides = QStackedWidget()
        column.addWidget(self._sides)
        self._judging = QWidget()
        judging = QVBoxLayout(self._judging)
        judging.setContentsMargins(0, 0, 0, 0)
        judging.setSpacing(0)
        judging.addWidget(self.form, 1)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(10)
        self._foot.addWidget(self.record)
        judging.addLayout(self._foot)
        self._sides.addWidget(self._judging)
        self.record.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return side

    def _take_theme(self) -> None:
        px = self._theme.px
        self._foot.setContentsMargins(px(16), px(8), px(16), px(14))
        self.fit()
