"""Taking out of a layout what other things are to stand in place of. What is removed is seen no more, even before Qt has deleted it."""

from collections.abc import Iterable

from PySide6.QtWidgets import QLayout, QWidget


def remove(layout: QLayout, widgets: Iterable[QWidget]) -> None:
    """Take some widgets out."""
    for widget in widgets:
        layout.removeWidget(widget)
        _drop(widget)


def remove_all(layout: QLayout) -> None:
    """Take out everything: widgets, spaces, and layouts with what stands in them."""
    while (taken := layout.takeAt(0)) is not None:
        inside, widget = taken.layout(), taken.widget()
        if inside is not None:
            remove_all(inside)
        if widget is not None:
            _drop(widget)


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
