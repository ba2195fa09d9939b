"""The conditions of a search as chips; pressing one takes it out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from reviewer.domain.chips import Chip
from reviewer.domain.errors import shown
from reviewer.ui.widgets.flow import Flow
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
