"""What has too little room for its words, at the size of text and of the window that a test chose."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import OneLine


def cut(root: QWidget) -> list[str]:
    """Every visible label and button whose words are cut, and every room that is wider than its view and cannot be scrolled sideways."""
    return [f"{type(one).__name__}: {_said(one)}" for one in root.findChildren(QWidget) if one.isVisible() and _is_cut(one)]


def _said(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QPushButton) else ""
    return f"“{words or widget.accessibleName()}”, {widget.width()} by {widget.height()}"


def _is_cut(widget: QWidget) -> bool:
    if isinstance(widget, QScrollArea):
        room = widget.widget()
        fixed = widget.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        return fixed and room is not None and room.width() > widget.viewport().width()
    if isinstance(widget, QPushButton):
        least = widget.minimumSizeHint()
        narrow = widget.width() < least.width() and not isinstance(widget, KeyButton)  # which ends its words before the key
        return bool(widget.text()) and (narrow or widget.height() < least.height())
    if not isinstance(widget, QLabel) or not widget.text():
        return False
    if isinstance(widget, Paragraph) or widget.wordWrap():
        return widget.height() < widget.heightForWidth(widget.width())
    inside, words = widget.contentsRect(), widget.fontMetrics().size(0, widget.text())
    return inside.height() < widget.fontMetrics().height() or (inside.width() < words.width() and not isinstance(widget, OneLine))
