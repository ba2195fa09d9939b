"""Walks the tree that a screen reader sees. Tests of every page use it: no control may be without a name."""

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

_ROLE = QAccessible.Role
CONTROLS = frozenset(
    (
        _ROLE.Button,
        _ROLE.ButtonMenu,
        _ROLE.ButtonDropDown,
        _ROLE.PushButton,
        _ROLE.CheckBox,
        _ROLE.RadioButton,
        _ROLE.ComboBox,
        _ROLE.EditableText,
        _ROLE.SpinBox,
        _ROLE.Slider,
        _ROLE.List,
        _ROLE.Table,
        _ROLE.Tree,
        _ROLE.ProgressBar,
        _ROLE.PageTab,
        _ROLE.Link,
        _ROLE.Graphic,
        _ROLE.Dialog,
    )
)
"""Roles that a person works with or reads a state from: each needs a name."""


def tree(interface: QAccessibleInterface, depth: int = 0) -> Iterator[tuple[int, QAccessibleInterface]]:
    """The visible part of the tree below an interface, itself first, with its depth."""
    if depth and interface.state().invisible:
        return
    yield depth, interface
    if interface.role() in (_ROLE.Table, _ROLE.List, _ROLE.Tree, _ROLE.EditableText):
        return  # rows are named by their data, and there may be a million
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child is not None and child.isValid():
            yield from tree(child, depth + 1)


def nameless(root: QWidget) -> list[str]:
    """Every control below a shown widget that has no name, with what it is; empty is right."""
    return [_what(interface) for _depth, interface in _walk(root) if interface.role() in CONTROLS and not _name(interface)]


def out_of_reach(root: QWidget) -> list[str]:
    """Every enabled control that a mouse can press and the keyboard cannot reach; empty is right."""
    found = []
    for _depth, interface in _walk(root):
        widget = interface.object()
        pressed = interface.role() in (
            _ROLE.Button,
            _ROLE.PushButton,
            _ROLE.CheckBox,
            _ROLE.RadioButton,
            _ROLE.EditableText,
            _ROLE.ComboBox,
        )
        if pressed and isinstance(widget, QWidget) and widget.isEnabled() and not interface.state().focusable:
            found.append(_what(interface))
    return found


def names(root: QWidget) -> list[str]:
    """All names below a shown widget, in order: what a screen reader would read."""
    return [name for _depth, interface in _walk(root) if (name := _name(interface))]


def _walk(root: QWidget) -> Iterator[tuple[int, QAccessibleInterface]]:
    interface = QAccessible.queryAccessibleInterface(root)
    assert interface is not None, f"{root} has no accessible interface"
    return tree(interface)


def _name(interface: QAccessibleInterface) -> str:
    return interface.text(QAccessible.Text.Name).strip()


def _what(interface: QAccessibleInterface) -> str:
    widget = interface.object()
    words = (interface.role().name, type(widget).__name__, widget.objectName() if widget else "", _name(interface))
    return " ".join(word for word in words if word)
