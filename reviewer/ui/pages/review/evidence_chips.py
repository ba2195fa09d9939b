"""What was marked and what was missed, as chips under the form: walked by arrows, opened by Enter, taken away by Delete."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.ui.widgets.flow import Flow
from reviewer.ui.widgets.words import plain_label, plain_tooltip

_CROSS = "  ✕"


class EvidenceChips(QWidget):
    """Places count the spans first, then the omissions."""

    opened = Signal(int)
    removed = Signal(int)
    left = Signal()
    """Esc: back to the transcript."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Evidence")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._none = plain_label("H marks words, O what is missing.", tone="faint", wrap=True)
        column.addWidget(self._none)
        self._chips = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._chips.setSizePolicy(policy)
        self._flow = Flow(self._chips)
        self._flow.setSpacing(6)
        self._chips.hide()
        column.addWidget(self._chips)
        self._words: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What the chips say."""
        return self._words

    def show_chips(self, words: Sequence[str]) -> None:
        """Show a chip for each. The focus stays at the place where it was."""
        if tuple(words) == self._words:
            return
        here = self.place
        self._words = tuple(words)
        while (taken := self._flow.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for place, said in enumerate(words):
            self._flow.addWidget(self._chip(place, said))
        self._none.setVisible(not words)
        self._chips.setVisible(bool(words))
        self._flow.invalidate()
        self._chips.updateGeometry()
        if here is not None:
            self.go_to(min(here, len(words) - 1))

    @property
    def place(self) -> int | None:
        """The chip that has the focus."""
        return next((place for place in range(self._flow.count()) if self._button(place).hasFocus()), None)

    def go_to(self, place: int) -> bool:
        """Put the focus on a chip. False where there is none; then it goes back to the transcript."""
        if not 0 <= place < self._flow.count():
            self.left.emit()
            return False
        self._button(place).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk, Delete takes away."""
        here = self.place
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if here is not None and way:
            self.go_to((here + way) % self._flow.count())
        elif here is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(here)
        else:
            super().keyPressEvent(event)

    def _button(self, place: int) -> QWidget:
        item = self._flow.itemAt(place)
        widget = item.widget() if item is not None else None
        assert widget is not None
        return widget

    def _chip(self, place: int, words: str) -> "_Chip":
        chip = _Chip(words)
        chip.clicked.connect(lambda: self.opened.emit(place))
        chip.crossed.connect(lambda: self.removed.emit(place))
        return chip


class _Chip(QPushButton):
    """Its words and a cross. The cross is for the mouse; by keys, Delete."""

    crossed = Signal()

    def __init__(self, words: str) -> None:
        super().__init__(_escaped(words))
        self._words = self._fitting = words
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("kind", "chip")
        self.setProperty("tone", "warn")
        self.setAccessibleName(f"Evidence: {words}")
        self.setAccessibleDescription("Enter shows it, Delete takes it away.")
        plain_tooltip(self, f"{words}. Enter shows it, Delete takes it away.")

    def sizeHint(self) -> QSize:
        """As wide as all its words, whichever of them it shows."""
        hint, metrics = super().sizeHint(), self.fontMetrics()
        return QSize(hint.width() + metrics.horizontalAdvance(self._words) - metrics.horizontalAdvance(self._fitting), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Where there is little room, its middle is left out, so that step and clause stay; the tooltip has all."""
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text may leave another room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        metrics, lacking = self.fontMetrics(), self.sizeHint().width() - self.width()
        room = metrics.horizontalAdvance(self._words) - lacking
        fitting = metrics.elidedText(self._words, Qt.TextElideMode.ElideMiddle, room) if lacking > 0 else self._words
        if fitting != self._fitting:
            self._fitting = fitting
            self.setText(_escaped(fitting))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows are left to the row of chips."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on the cross takes the chip away."""
        if event.position().x() > self.width() - self.fontMetrics().horizontalAdvance(_CROSS) - 9 and self.rect().contains(event.pos()):
            self.setDown(False)
            self.crossed.emit()
            return
        super().mouseReleaseEvent(event)


def _escaped(words: str) -> str:
    return f"{words}{_CROSS}".replace("&", "&&")
