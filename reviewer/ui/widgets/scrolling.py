"""A room that scrolls up and down where there is too little height for it, and never sideways."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_MEASURE = 135  # characters; about as many as the design has in a window of 1440


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


class Reading(Scrolling):
    """One whose lines can be followed by eyes: its room grows no wider than that, and stays at the left."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._limit()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._limit()

    def _limit(self) -> None:
        room = self.widget()
        if room is not None:
            room.setMaximumWidth(self.fontMetrics().averageCharWidth() * _MEASURE)


def scrolled(room: QWidget) -> Scrolling:
    """A room that scrolls where large text leaves too little of it, and follows the focus."""
    area = Scrolling()
    area.hold(room)
    return area
