"""A wide button that carries its key at its right end: “Record and go to next    Ctrl ↵”; and the cross that closes something."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyleOptionButton, QToolButton, QWidget

from reviewer.catalogue.actions import Action, key_words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.words import plain_tooltip

_CROSS = 16  # pixels of the design


class KeyButton(QPushButton):
    """A button made from an action of the catalogue: words left, first key right, the action's sentence as tooltip.

    short: what it says where there is no room for the title.
    """

    def __init__(self, action: Action, *, primary: bool = False, short: str = "", parent: QWidget | None = None) -> None:
        super().__init__(action.title, parent)
        self._short = short
        self.setProperty("kind", "primary" if primary else "plain")
        self.setAccessibleName(action.title)
        self._keys = key_words(action.keys[0]) if action.keys else ""
        self.setAccessibleDescription(f"{action.text} Key: {self._keys}." if self._keys else action.text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("text-align: left")
        plain_tooltip(self, action.text)

    def sizeHint(self) -> QSize:
        """Room for the words and the key."""
        hint = super().sizeHint()
        return QSize(hint.width() + self.fontMetrics().horizontalAdvance(self._keys) + 24, hint.height())

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Words that would run under the key are shorter or end in dots."""
        super().initStyleOption(option)
        if self._keys:
            metrics = self.fontMetrics()
            room = self._inside().width() - metrics.horizontalAdvance(self._keys) - metrics.height() // 4
            words = self._short if self._short and metrics.horizontalAdvance(self.text()) > room else self.text()
            option.text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button as the style draws it, then the key in the same ink."""
        super().paintEvent(event)
        if not self._keys:
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.ButtonText))
        painter.drawText(self._inside(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._keys)
        painter.end()

    def _inside(self) -> QRect:
        edge = self.fontMetrics().height()  # as wide as the padding of the words; QStyle would know, but costs the first paint 15 ms
        return self.rect().adjusted(edge, 0, -edge, 0)


def beside_primary(*buttons: QPushButton) -> None:
    """Make buttons as high as the primary one that they stand beside. Call it before they are shown."""
    for button in buttons:
        button.setProperty("beside", "primary")


class CloseButton(QToolButton):
    """A cross in the colours and at the size of the theme in force; Esc does the same."""

    def __init__(self, theme: Theme, name: str) -> None:
        """name: what a screen reader says, “Close message”."""
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        plain_tooltip(self, "Close (Esc)")
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def _take_theme(self) -> None:
        self.setIcon(self._theme.icon("x", "ink2", _CROSS))
        self.setIconSize(QSize(self._theme.px(_CROSS), self._theme.px(_CROSS)))
