"""The bar at the top: the header of the page, the way into the palette, and whether anything waits to be synced."""

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import KeyCap, Pill
from reviewer.ui.widgets.words import OneLine, plain_label, plain_tooltip

_GAP = 16


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
        row.addWidget(self._headers, 1)
        self._search = SearchButton()
        self._search.clicked.connect(self.search_pressed)
        row.addWidget(self._search)
        self._state = Pill("", "plain")
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
        self._state.say(f"● {words}" if words else "")
        self._state.setAccessibleName(words)
        plain_tooltip(self._state, tip)
        self._state.setVisible(bool(words))

    def event(self, event: QEvent) -> bool:
        """Other words in the header need another room."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._share()
        return super().event(event)

    def _share(self) -> None:
        """The search gives way to the words of the header."""
        header = self._headers.currentWidget()
        if header is None:
            return
        pill = 0 if self._state.isHidden() else self._state.sizeHint().width() + _GAP
        left = self.width() - 3 * _GAP - pill - header.sizeHint().width()
        wide = max(self._search.minimumSizeHint().width(), min(self._search.wide, left))
        if wide != self._search.maximumWidth():
            self._search.setMaximumWidth(wide)

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
        row.setContentsMargins(10, 0, 10, 0)
        words = OneLine("Search items and actions", tone="faint")
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(words, 1)
        row.addWidget(KeyCap(key_words(action.keys[0])))

    def sizeHint(self) -> QSize:
        """Its usual width."""
        return QSize(self.wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A cap and a word."""
        return QSize(self.wide * 2 // 5, super().sizeHint().height())
