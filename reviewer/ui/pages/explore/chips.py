"""The conditions of a search as chips; pressing one takes it out."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from reviewer.domain.chips import Chip
from reviewer.domain.errors import shown
from reviewer.ui.widgets.words import plain_tooltip

_LENGTH = 48


class ChipRow(QWidget):
    """A row of chips that wraps. Without a search it has none and takes no room."""

    changed = Signal(str)
    """The search that is left after a chip was taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Conditions of the search")
        self._flow = Flow(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show the conditions of a search."""
        while (taken := self._flow.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for place, chip in enumerate(chips):
            self._flow.addWidget(self._button(chip, first=place == 0))
        self._flow.invalidate()
        self.updateGeometry()

    def _button(self, chip: Chip, *, first: bool) -> QPushButton:
        words = shown(chip.words, _LENGTH)
        button = QPushButton(words.replace("&", "&&"))
        button.setProperty("kind", "chip")
        button.setProperty("tone", "accent" if first else "")
        button.setAccessibleName(f"Take out: {words}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        plain_tooltip(button, f"Take “{shown(chip.words, 400)}” out of the search")
        button.clicked.connect(lambda: self.changed.emit(chip.without))
        return button


class Flow(QLayout):
    """Widgets beside each other, in as many lines as they need."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(8)

    def addItem(self, item: QLayoutItem) -> None:
        """As Qt calls it."""
        self._items.append(item)

    def count(self) -> int:
        """As Qt calls it."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """As Qt calls it."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """As Qt calls it."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """A narrower row is a taller one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What its lines need at a width."""
        return self._lay(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        """All in one line."""
        width = sum(item.sizeHint().width() + self.spacing() for item in self._items)
        return QSize(width, max((item.sizeHint().height() for item in self._items), default=0))

    def minimumSize(self) -> QSize:
        """The widest alone."""
        width = max((item.minimumSize().width() for item in self._items), default=0)
        return QSize(width, max((item.sizeHint().height() for item in self._items), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Put each in its place."""
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def _lay(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, line = x + size.width() + self.spacing(), max(line, size.height())
        return y + line - rect.y()
