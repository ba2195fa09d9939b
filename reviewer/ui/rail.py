"""The rail on the left: one button a page, the current one in the accent; at its foot who is working."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_label, plain_tooltip, restyle

_AROUND, _BETWEEN = 10, 4  # pixels
_WIDTH, _BUTTON, _ICON, _WHO = 76, (60, 54), 20, 28  # pixels of the design


class Rail(QFrame):
    """Icons with words, in the order of the registry. Where there is too little height they move together, and then words stand alone."""

    chosen = Signal(str)
    """The name of the page that was pressed."""

    def __init__(self, theme: Theme, pages: Iterable[tuple[str, str, str]]) -> None:
        """pages: name, word, icon; a page without an icon is not on the rail."""
        super().__init__()
        self._theme = theme
        self.setObjectName("rail")
        self.setAccessibleName("Pages")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, _AROUND, 8, _AROUND)
        self._column.setSpacing(_BETWEEN)
        self._buttons: dict[str, tuple[QToolButton, str]] = {}
        self._dense = False
        self._placed = False
        for name, word, icon in pages:
            if icon:
                self._add(name, word, icon)
        self._column.addStretch(1)
        self._who = plain_label(role="initials")
        self._who.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(self._who, 0, Qt.AlignmentFlag.AlignHCenter)
        self.show_member("")
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_page(self, name: str) -> None:
        """Mark the current page; an unknown name marks none. (No QButtonGroup: it would take all but one button out of the Tab order.)"""
        for each, (button, _icon) in self._buttons.items():
            button.setChecked(each == name)
            self._colour(each)

    def show_member(self, name: str) -> None:
        """Show the initials of who is working; nothing for nobody."""
        self._who.setText(initials(name))
        self._who.setAccessibleName(f"You are {name}" if name else "Nobody has opened a workspace")
        plain_tooltip(self._who, name)
        self._who.setVisible(bool(name))
        self._fit()

    def allow(self, on: bool) -> None:
        """Pages can be chosen; without a workspace they cannot."""
        for name, (button, _icon) in self._buttons.items():
            button.setEnabled(on)
            plain_tooltip(button, _tip(name) if on else "Open a workspace, import files or try the sample first.")

    def button(self, name: str) -> QToolButton:
        """The button of a page."""
        return self._buttons[name][0]

    def _add(self, name: str, word: str, icon: str) -> None:
        button = QToolButton()
        button.setText(word)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setProperty("kind", "rail")
        button.setAccessibleName(word)
        plain_tooltip(button, _tip(name))
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._buttons[name] = (button, icon)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _take_theme(self) -> None:
        px = self._theme.px
        self.setFixedWidth(px(_WIDTH))
        for name, (button, _icon) in self._buttons.items():
            self._colour(name)
            button.setIconSize(QSize(px(_ICON), px(_ICON)))
        self._who.setFixedSize(px(_WHO), px(_WHO))
        self._fit()

    def _colour(self, name: str) -> None:
        button, icon = self._buttons[name]
        button.setIcon(self._theme.icon(icon, "accent" if button.isChecked() else "ink2"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height there is now."""
        super().resizeEvent(event)
        self._placed = True
        self._fit()

    def _fit(self) -> None:
        """No button over another one, nor over who is working."""
        px, buttons = self._theme.px, [button for button, _icon in self._buttons.values()]
        if not buttons:
            return
        whole = px(_BUTTON[1])
        room = self.height() - 2 * _AROUND - (px(_WHO) + _BETWEEN if not self._who.isHidden() else 0)
        each = min(whole, room // len(buttons) - _BETWEEN)
        dense = each < whole
        wordy = dense and each < px(_ICON) + buttons[0].fontMetrics().height() + _BETWEEN
        look = Qt.ToolButtonStyle.ToolButtonTextOnly if wordy else Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        for button in buttons:
            button.setFixedSize(px(_BUTTON[0]), max(each, 1))
            button.setToolButtonStyle(look)
            if dense != self._dense and self._placed:
                button.setProperty("dense", dense)
                restyle(button)
        if self._placed:  # before, the height is none that was given, and to style the buttons again takes 10 ms of the first paint
            self._dense = dense


def initials(name: str) -> str:
    """Two letters of a name: “Reviewer A” gives RA, “ada” gives AD."""
    words = name.split()
    letters = "".join(word[0] for word in (words[0], words[-1])) if len(words) > 1 else name.strip()[:2]
    return letters.upper()


def _tip(name: str) -> str:
    action = BY_ID.get(f"app.{name}")
    return f"{action.text} ({key_words(action.keys[0])})" if action and action.keys else ""
