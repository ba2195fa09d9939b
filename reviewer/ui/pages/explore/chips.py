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
        self._chips: Sequence[Chip] = ()
        self._buttons: list[QPushButton] = []  # kept from search to search: a new one has to be styled before it can be shown
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show the conditions of a search."""
        self._chips = tuple(chips)
        while len(self._buttons) < len(chips):
            self._buttons.append(self._button(len(self._buttons)))
        for button, chip in zip(self._buttons, chips, strict=False):
            words = shown(chip.words, _LENGTH)
            button.setText(words.replace("&", "&&"))
            button.setAccessibleName(f"Take out: {words}")
            plain_tooltip(button, f"Take “{shown(chip.words, 400)}” out of the search")
        self._lay(len(chips))

    def _lay(self, wanted: int) -> None:
        while self._flow.count() > wanted:
            place = self._flow.count() - 1
            self._flow.takeAt(place)
            self._buttons[place].hide()
        while self._flow.count() < wanted:
            button = self._buttons[self._flow.count()]
            self._flow.addWidget(button)
            button.show()
        self._flow.invalidate()
        self.updateGeometry()

    def _button(self, place: int) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "chip")
        button.setProperty("tone", "accent" if place == 0 else "")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.changed.emit(self._chips[place].without))
        return button
