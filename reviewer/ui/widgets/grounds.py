"""Widgets that paint what they lie on themselves."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget


def lie_on(widget: QWidget, ground: QPalette.ColorRole) -> None:
    """Let a widget fill its own ground, of one colour with what it lies on. When something on it changes, Qt then asks nothing behind it
    to paint anew: a page's parts are nested eight deep.

    ground: Window on a page, Base on a panel or a card, AlternateBase on soft paper.
    """
    widget.setBackgroundRole(ground)
    widget.setAutoFillBackground(True)
