"""The banners at the top of the page: what happened, what to do, and a button where one helps. Esc takes the newest away."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.buttons import CloseButton
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.words import plain_label

_MOST = 3
_ICONS = {"bad": "circle-alert", "warn": "triangle-alert", "ok": "circle-check", "note": "info"}


class Messages(QWidget):
    """Up to three banners, the newest on top. One that stays and finds no room comes back when there is. Empty, it takes no room."""

    emptied = Signal()
    """The last banner has gone; the window gives the focus back to the page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._later: list[Banner] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName("Messages")
        self.hide()

    def show_error(self, error: ReviewerError, *, retry: Callable[[], None] | None = None) -> "Banner":
        """Say what failed and what to do now. retry: what a button “Try again” does."""
        return self._show("bad", f"{error.what} [{error.code}]", error.hint, "Try again", retry)

    def warn(self, what: str, hint: str = "", *, button: str = "", act: Callable[[], None] | None = None, stays: bool = False) -> "Banner":
        """Say what needs care. button, act: a way to deal with it. stays: no newer message takes it away for good, only a person."""
        return self._show("warn", what, hint, button, act, stays=stays)

    def note(self, what: str, hint: str = "", *, button: str = "", act: Callable[[], None] | None = None) -> "Banner":
        """Say what is worth knowing."""
        return self._show("note", what, hint, button, act)

    def good(self, what: str, hint: str = "", *, button: str = "", act: Callable[[], None] | None = None) -> "Banner":
        """Say what was finished. What was finished before goes, unless it has a button."""
        for old in self.banners():
            if old.says[0] == "ok" and not old.has_button:
                self.take(old)
        return self._show("ok", what, hint, button, act)

    def dismiss(self) -> bool:
        """Take the newest banner away. False if there was none."""
        shown = self.banners()
        if shown:
            self.take(shown[0])
        return bool(shown)

    def clear(self) -> None:
        """Take all banners away."""
        self._drop_later(self._later)
        for banner in self.banners():
            self.take(banner)

    def banners(self) -> list["Banner"]:
        """What is shown, the newest first."""
        rows = (self._column.itemAt(row) for row in range(self._column.count()))
        return [row.widget() for row in rows if row is not None and isinstance(row.widget(), Banner)]  # type: ignore[misc] # narrowed above

    def take(self, banner: "Banner") -> None:
        """Take one banner away; nothing if it has gone already."""
        if banner in self._later:
            self._drop_later([banner])
        if banner in self.banners():
            remove(self._column, [banner])
            self._bring_back()
        if not self.banners():
            self.hide()
            self.emptied.emit()

    def _bring_back(self) -> None:
        while self._later and len(self.banners()) < _MOST:
            banner = self._later.pop(0)
            self._column.addWidget(banner)
            banner.show()

    def _drop_later(self, banners: "list[Banner]") -> None:
        for banner in banners:
            banner.deleteLater()
        self._later = [banner for banner in self._later if banner not in banners]

    def _make_room(self) -> None:
        for old in self.banners()[_MOST:]:
            if old.stays:
                self._column.removeWidget(old)
                old.hide()
                self._later.insert(0, old)
            else:
                self.take(old)

    def _show(self, kind: str, what: str, hint: str, button: str, act: Callable[[], None] | None, *, stays: bool = False) -> "Banner":
        for same in [*self.banners(), *self._later]:
            if same.says == (kind, what, hint):
                self.take(same)
        banner = Banner(self._theme, kind, what, hint, button, act)
        banner.stays = stays
        banner.closed.connect(lambda: self.take(banner))
        self._column.insertWidget(0, banner)
        self._make_room()
        self.show()
        announce(self, f"{what} {hint}".strip())
        return banner


class Banner(QFrame):
    """One message. Its kind is told by icon and word as well as by colour."""

    closed = Signal()
    stays = False
    """Whether it comes back after newer ones took its room."""

    def __init__(self, theme: Theme, kind: str, what: str, hint: str, button: str, act: Callable[[], None] | None) -> None:
        super().__init__()
        self.says = (kind, what, hint)
        self.has_button = bool(button)
        self._theme = theme
        self._kind = kind
        self.setObjectName("banner")
        self.setProperty("kind", kind)
        self.setAccessibleName(f"{_WORDS[kind]}: {what}")
        self.setAccessibleDescription(hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(10)
        self._icon = QLabel()
        self._icon.setTextFormat(Qt.TextFormat.PlainText)
        self._icon.setAccessibleName(_WORDS[kind])
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(plain_label(what, role="strong", wrap=True, selectable=True))
        if hint:
            words.addWidget(plain_label(hint, tone="muted", wrap=True, selectable=True))
        row.addLayout(words, 1)
        if act is not None:
            push = QPushButton(button)
            push.clicked.connect(self.closed)
            push.clicked.connect(act)
            row.addWidget(push, 0, Qt.AlignmentFlag.AlignTop)
        close = CloseButton(theme, "Close message")
        close.clicked.connect(self.closed)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def _paint_icon(self) -> None:
        colour = {"note": "accent"}.get(self._kind, self._kind)
        self._icon.setPixmap(self._theme.icon(_ICONS[self._kind], colour, 18).pixmap(self._theme.px(18)))


_WORDS = {"bad": "Error", "warn": "Warning", "ok": "Done", "note": "Note"}
