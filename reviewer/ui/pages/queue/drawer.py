"""A panel beside the transcript: guidelines, clauses, my work so far, the choice of a campaign. One at a time; Esc closes it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from reviewer.ui.pages.queue.drawer_rows import DrawerRows, Row
from reviewer.ui.theme import ANY_WIDTH, Theme
from reviewer.ui.widgets.buttons import CloseButton
from reviewer.ui.widgets.words import plain_label

_WIDTH = 360  # pixels of the design


class Drawer(QFrame):
    """Shows a text or a list under a title."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._room = ANY_WIDTH
        self.kind = ""
        self.setObjectName("side")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 14)
        column.setSpacing(8)
        top = QHBoxLayout()
        self._title = plain_label(role="heading")
        top.addWidget(self._title, 1)
        close = CloseButton(theme, "Close panel")
        close.clicked.connect(self.close_drawer)
        top.addWidget(close)
        column.addLayout(top)
        self._summary = plain_label(tone="muted", wrap=True)
        column.addWidget(self._summary)
        self._stack = QStackedWidget()
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._list = DrawerRows()
        self._list.chosen.connect(self._chosen)
        self._stack.addWidget(self._text)
        self._stack.addWidget(self._list)
        column.addWidget(self._stack, 1)
        self._choose: Callable[[str], None] | None = None
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self.hide()

    def show_text(self, kind: str, title: str, text: str, summary: str = "") -> None:
        """Show a text, as it is."""
        self._open(kind, title, summary)
        self._text.setPlainText(text)
        self._text.setAccessibleName(title)
        self._stack.setCurrentWidget(self._text)
        self._text.setVisible(bool(text))
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_list(self, kind: str, title: str, rows: Sequence[Row], *, summary: str, choose: Callable[[str], None]) -> None:
        """Show rows of which one can be chosen: Enter or a click."""
        self._open(kind, title, summary)
        self._choose = choose
        self._list.setAccessibleName(title)
        self._list.show_rows(rows)
        self._stack.setCurrentWidget(self._list)
        self._list.setVisible(bool(rows))  # the summary says that there are none; an empty frame would only look like a fault
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_panel(self, kind: str, title: str, panel: QWidget, summary: str = "") -> None:
        """Show a widget of somebody else's."""
        self._open(kind, title, summary)
        if self._stack.indexOf(panel) < 0:
            self._stack.addWidget(panel)
        self._stack.setCurrentWidget(panel)

    def close_drawer(self) -> None:
        """Close it."""
        if not self.isHidden():
            self.hide()
            self.kind = ""
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
            return
        super().keyPressEvent(event)

    def _open(self, kind: str, title: str, summary: str) -> None:
        self.kind = kind
        self._title.setText(title)
        self._summary.setText(summary)
        self._summary.setVisible(bool(summary))
        self.setAccessibleName(title)
        self.show()

    def _chosen(self, value: str) -> None:
        if self._choose is not None:
            self._choose(value)

    def take_room(self, pixels: int) -> None:
        """Be no wider than this, however large the text: what stands beside it is not to be covered."""
        self._room = pixels
        self._take_theme()

    def _take_theme(self) -> None:
        self.setFixedWidth(min(self._theme.px(_WIDTH), self._room))
