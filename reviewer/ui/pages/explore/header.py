"""The page's part of the top bar: how much is found, and the field in which one searches."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.query import MAX_LENGTH
from reviewer.ui.pages.explore.words import heading
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import KeyCap
from reviewer.ui.widgets.words import plain_label, plain_tooltip

_TYPED_MS = 160
_EXAMPLES = (
    "Words, and conditions such as agent:airline  tool:cancel_*  -label:compliant  steps>10  time>=2026-05  has:image  label:none  "
    'campaign:"Airline refunds"  (a or b)  "exact words"'
)


class SearchField(QLineEdit):
    """Searches while one types; Enter goes to the list, Esc empties the field or leaves it."""

    asked = Signal(str)
    """What to search for."""
    left = Signal()
    """The list is wanted: Enter, Down, or Esc in an empty field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("query")
        self.setAccessibleName("Search items")
        self.setAccessibleDescription(_EXAMPLES)
        self.setPlaceholderText("agent:airline tool:cancel_* -label:compliant")
        self.setMaxLength(MAX_LENGTH)
        plain_tooltip(self, _EXAMPLES)
        self._cap = KeyCap(key_words(BY_ID["explore.search"].keys[0]), self)
        self._cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._asked = ""
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._typed.timeout.connect(self._ask)
        self.textEdited.connect(lambda _text: self._typed.start())
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def put(self, text: str) -> None:
        """Search for something that was not typed."""
        self.setText(text)
        self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Down and Esc."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._ask()
            self.left.emit()
        elif key == Qt.Key.Key_Escape:
            if self.text():
                self.put("")
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cap stands at the right end."""
        super().resizeEvent(event)
        size: QSize = self._cap.sizeHint()
        self._cap.setGeometry(self.width() - size.width() - 8, (self.height() - size.height()) // 2, size.width(), size.height())

    def _ask(self) -> None:
        self._typed.stop()
        if self.text() != self._asked:
            self._asked = self.text()
            self.asked.emit(self._asked)

    def _take_theme(self) -> None:
        self.setFont(self._theme.mono(12))
        self.setStyleSheet(f'font-family: "JetBrains Mono"; font-size: {self._theme.px(12)}px;')
        self.setFixedHeight(self._theme.px(30))
        self.setTextMargins(0, 0, self._theme.px(28), 0)


class SearchHeader(QWidget):
    """“2,004 of 4,812 items” and the field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._count = plain_label("Items", role="title")
        self._count.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.field = SearchField(theme)
        row.addWidget(self._count)
        row.addWidget(self.field, 1)
        row.addStretch(0)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def say(self, found: int | None, total: int | None, *, searching: bool) -> None:
        """How much was found of how much; found: None until that is known."""
        self._count.setText(heading(found, total, searching=searching))

    @property
    def words(self) -> str:
        """What it says."""
        return self._count.text()

    def _take_theme(self) -> None:
        self.field.setMaximumWidth(self._theme.px(520))
