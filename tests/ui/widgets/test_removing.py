"""What is taken out of a layout is seen no more, at once, and what was not named stays."""

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.widgets.removing import remove, remove_all


@pytest.fixture
def room(qtbot: QtBot) -> QWidget:
    room = QWidget()
    qtbot.addWidget(room)
    room.show()
    return room


def _delete() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_everything_is_taken_out_with_what_stands_in_layouts_within(room: QWidget) -> None:
    column, grid = QVBoxLayout(room), QGridLayout()
    outer, inner = QLabel("outer"), QLabel("inner")
    column.addWidget(outer)
    column.addStretch(1)
    column.addLayout(grid)
    grid.addWidget(inner, 1, 1)
    remove_all(column)
    assert (column.count(), outer.isVisible(), inner.isVisible()) == (0, False, False)
    _delete()
    assert not shiboken6.isValid(outer)
    assert not shiboken6.isValid(inner)


def test_only_what_is_named_is_taken_out(room: QWidget) -> None:
    column = QVBoxLayout(room)
    first, second, third = (QLabel(words) for words in ("first", "second", "third"))
    for label in (first, second, third):
        column.addWidget(label)
        label.show()
    remove(column, [first, third])
    assert [label.isVisible() for label in (first, second, third)] == [False, True, False]
    assert column.count() == 1
    _delete()
    assert [shiboken6.isValid(label) for label in (first, second, third)] == [False, True, False]
