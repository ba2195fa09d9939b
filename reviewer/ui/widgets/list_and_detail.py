"""A list at the left, what is chosen in it beside that, and at the right what belongs to it; in a narrow window that stands below."""

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from reviewer.ui.theme import Theme

_LEAST_LIST = 160  # pixels, however narrow the window
_LIST_SHARE = 0.3  # of the window, at most


class ListAndDetail(QWidget):
    """Shares out the room; the page fits it again when its own size or the theme's has changed."""

    def __init__(self, theme: Theme, listed: QWidget, detail: QWidget, side: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._listed = listed
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row = QHBoxLayout(self)
        for each in (row, self._both):
            each.setContentsMargins(0, 0, 0, 0)
            each.setSpacing(0)
        row.addWidget(listed)
        row.addLayout(self._both, 1)
        for part, share in ((detail, 2), (side, 1)):
            self._both.addWidget(part, share)
        row.addStretch(0)  # the room of what is chosen, while nothing is

    def fit(self, width: int, *, listed: int, narrow: int, even: bool = False) -> bool:
        """Fit into a page of this width, pixels. listed: width of the list; narrow: of a page whose side stands below; in pixels
        of the design. even: it has as much height there as what is chosen. True if it stands below."""
        px = self._theme.px
        self._listed.setFixedWidth(min(px(listed), max(_LEAST_LIST, int(width * _LIST_SHARE))))
        below = width < px(narrow)
        self._both.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        self._both.setStretch(0, 1 if below and even else 2)
        return below
