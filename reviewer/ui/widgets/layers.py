"""What takes up a whole page: one of several layers at a time."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget


class Layers(QStackedWidget):
    """Lies over all of a page; the first layer is shown first."""

    def __init__(self, page: QWidget, *layers: QWidget) -> None:
        super().__init__(page)
        for layer in layers:
            self.addWidget(layer)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self)

    def focus_one_of(self, *parts: QWidget) -> None:
        """Give the keys to a part of the layer that is shown. parts: of each layer, in their order."""
        parts[self.currentIndex()].setFocus(Qt.FocusReason.OtherFocusReason)
