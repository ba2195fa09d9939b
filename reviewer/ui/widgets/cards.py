"""Papers: a quiet card, and a card that is one big button."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.ui.widgets.caps import KeyCap
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label


class Card(QFrame):
    """A paper with a thin edge. `column` takes what stands on it."""

    def __init__(self, parent: QWidget | None = None, *, paper: str = "card") -> None:
        """paper: card (white, round), row (an outline) or chosen (an outline in the accent, filled)."""
        super().__init__(parent)
        self.setProperty("paper", paper)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(6)


class PaperButton(QPushButton):
    """A button that carries a layout of labels. Arrow keys are left to the page; Enter presses it."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        """kind: its look in reviewer.qss."""
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setAutoDefault(True)

    def take_clicks(self) -> None:
        """Have a click on what lies on the button be one on the button. Call it once all of that is made."""
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """As its words need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's button would move the focus by itself, in the order in which buttons were made."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class WrappingButton(PaperButton):
    """One whose words wrap: its height follows from its width."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """A narrower button is a taller one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What its words need at a width, pixels."""
        layout = self.layout()
        if layout is None:
            return 0
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its longest word."""
        layout = self.layout()
        return layout.totalMinimumSize() if layout is not None else super().minimumSizeHint()


class RowButton(WrappingButton):
    """One of a column of rows."""

    stepped = Signal(int)
    """Down (1) or Up (-1) was pressed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go to other rows."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


def focused_row(rows: Sequence[QWidget]) -> int | None:
    """The place of the row with the focus."""
    return next((place for place, row in enumerate(rows) if row.hasFocus()), None)


def focus_row(rows: Sequence[QWidget], place: int | None, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> bool:
    """Go to the row at a place; beyond the ends to the first or the last. False where there is no row, or no place."""
    if place is None or not rows:
        return False
    rows[min(max(place, 0), len(rows) - 1)].setFocus(reason)
    return True


def as_wide_as_its_share(part: QWidget) -> None:
    """Make a cell of a row as wide as its share of it, whatever stands in the cell."""
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, part.sizePolicy().verticalPolicy())
    policy.setHeightForWidth(part.hasHeightForWidth())
    part.setSizePolicy(policy)


class ChoiceCard(WrappingButton):
    """A card to press: what it does, a few lines, and its key at the foot."""

    def __init__(self, title: str, text: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{text} Key: {keys}." if keys else text)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(6)
        for label in (plain_label(title, role="heading", wrap=True), Paragraph(text, tone="muted")):
            column.addWidget(label)
        column.addStretch(1)
        foot = QHBoxLayout()
        if keys:
            foot.addWidget(KeyCap(keys))
        foot.addStretch(1)
        column.addLayout(foot)
        self.take_clicks()

    def minimumSizeHint(self) -> QSize:
        """Room for a few words; its height follows from its width."""
        return QSize(160, 80)
