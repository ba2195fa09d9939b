"""A room that scrolls up and down where there is too little height for it, and never sideways."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolling(QScrollArea):
    """Without a frame, on the paper that lies behind it."""

    def __init__(self, name: str = "", focus: Qt.FocusPolicy = Qt.FocusPolicy.NoFocus) -> None:
        """name: for a screen reader. focus: another policy where nothing in the room takes the focus, so that keys can scroll it."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(focus)
        self.setAccessibleName(name)
        self.viewport().setAutoFillBackground(False)

    def hold(self, room: QWidget) -> None:
        """Show this, in place of what was shown, which is deleted."""
        self.setWidget(room)
        room.setAutoFillBackground(False)  # setWidget turned it on


def scrolled(room: QWidget) -> Scrolling:
    """A room that scrolls where large text leaves too little of it, and follows the focus."""
    area = Scrolling()
    area.hold(room)
    return area
