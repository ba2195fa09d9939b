"""Rooms that scroll: how wide what is read may be."""

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.scrolling import Reading


@pytest.mark.parametrize("size", [100, 200])
def test_no_line_of_a_room_that_is_read_is_longer_than_eyes_can_follow(qtbot: QtBot, theme: Theme, size: int) -> None:
    area, room, words = Reading(), QWidget(), QLabel("a clause that goes on and on " * 40)
    qtbot.addWidget(area)
    words.setWordWrap(True)
    QVBoxLayout(room).addWidget(words)
    area.hold(room)
    area.resize(3000, 400)
    area.show()
    theme.resize(size)
    char = area.fontMetrics().averageCharWidth()
    qtbot.waitUntil(lambda: 100 * char < room.width() < 140 * char)
    assert room.x() == 0
    area.resize(500, 400)
    qtbot.waitUntil(lambda: room.width() <= 500)
