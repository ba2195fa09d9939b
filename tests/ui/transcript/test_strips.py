"""Strips above a transcript."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.transcript.strips import Strip


def test_words_that_need_three_lines_have_room_for_three(qtbot: QtBot, theme: Theme) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    column = QVBoxLayout(room)
    strip = Strip(theme, "note")
    column.addWidget(strip)
    column.addWidget(QWidget(), 1)
    theme.resize(200)
    strip.say("Clause airline:airline-agent-policy.3 has changed since you answered: please look again.")
    room.resize(480, 600)
    room.show()
    qtbot.waitUntil(lambda: strip.height() >= strip.heightForWidth(strip.width()))
    assert strip.height() <= strip.heightForWidth(strip.width()) + 1
