"""The bar at the top: the header of the page, the way into the palette, and whether anything waits to be synced."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import KeyCap, Pill
from reviewer.ui.widgets.words import OneLine, plain_label, plain_tooltip

_GAP, _INSIDE = 16, 10


class TopBar(QFrame):
    """The header of each page is asked for once and kept."""

    search_pressed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("topbar")
        row = QHBoxLayout(self)
        row.setContentsMargins(_GAP, 0, _GAP, 0)
        row.setSpacing(_GAP)
        self._headers = QStackedWidget()
        self._headers.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._headers.setMinimumWidth(1)  # what each needs is looked at below; the widest of all pages shall not narrow the others
        row.addWidget(self._headers, 1)
        self._search = SearchButton()
        self._search.clicked.connect(self.search_pressed)
        row.addWidget(self._search)
        self._state = Pill("", "plain")
        self._said = ""
        row.addWidget(self._state)
        self._by_page: dict[str, QWidget] = {}
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def add_page(self, page: str, title: str, header: QWidget | None) -> None:
        """Take the header of a page; without one its title stands there."""
        widget = header or plain_label(title, role="title")
        self._by_page[page] = widget
        self._headers.addWidget(widget)

    def show_page(self, page: str) -> None:
        """Show the header of a page."""
        self._headers.setCurrentWidget(self._by_page[page])
        self._share()

    def say_state(self, words: str, tip: str) -> None:
        """What the pill says of saving and syncing; empty words take it away."""
        self._said = f"● {words}" if words else ""
        self._state.say(self._said)
        self._state.setAccessibleName(words)
        plain_tooltip(self._state, tip)
        self._state.setVisible(bool(words))
        self._share()

    def event(self, event: QEvent) -> bool:
        """Other words in the header need another room."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._share()
        return super().event(event)

    def _share(self) -> None:
        """The search gives way to the words of the header. Where even the least of them has no room, the pill does, then the search."""
        header = self._headers.currentWidget()
        if header is None:
            return
        pill = 0 if self._state.isHidden() else self._state.sizeHint().width() + _GAP
        room, least = self.width() - 3 * _GAP, self._search.minimumSizeHint().width()
        wide = max(least, min(self._search.wide, room - pill - header.sizeHint().width()))
        if wide == least or self._state.text() != self._said:  # else all has its room, as after nearly every key
            needed = header.minimumSizeHint().width()
            room -= self._shorten(room - needed - least)
            wide = min(max(least, min(self._search.wide, room - header.sizeHint().width())), max(self._search.cap, room - needed))
        if wide != self._search.width():
            self._search.setFixedWidth(wide)

    def _shorten(self, room: int) -> int:
        """Fit the pill into a room, as far as it has words to leave out. Returns what it takes of it."""
        if self._state.isHidden():
            return 0
        pill, metrics = self._state, self._state.fontMetrics()
        beside = pill.sizeHint().width() - metrics.horizontalAdvance(pill.text()) + _GAP
        words = self._said
        if metrics.horizontalAdvance(words) + beside > room:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - beside)
            if len(words) <= len("● …"):
                words = self._said[:1]
        if words != pill.text():
            pill.setText(words)
        return pill.sizeHint().width() + _GAP

    def _take_theme(self) -> None:
        self.setFixedHeight(self._theme.px(48))
        self._search.setFixedHeight(self._theme.px(30))
        self._search.wide = self._theme.px(300)
        self._search.updateGeometry()
        self._share()


class SearchButton(QPushButton):
    """Looks like a field and opens the palette, in which one types. `wide` pixels, or less where the header needs the room."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = 300
        self.setObjectName("search")
        self.setAccessibleName("Search items and actions")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        action = BY_ID["app.palette"]
        plain_tooltip(self, action.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(_INSIDE, 0, _INSIDE, 0)
        words = OneLine("Search items and actions", tone="faint")
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(words, 1)
        self._cap = KeyCap(key_words(action.keys[0]))
        row.addWidget(self._cap)

    def sizeHint(self) -> QSize:
        """Its usual width."""
        return QSize(self.wide, super().sizeHint().height())

    @property
    def cap(self) -> int:
        """The width of the key alone, pixels."""
        return self._cap.sizeHint().width() + 2 * _INSIDE

    def minimumSizeHint(self) -> QSize:
        """A cap and a word."""
        return QSize(self.wide * 2 // 5, super().sizeHint().height())
