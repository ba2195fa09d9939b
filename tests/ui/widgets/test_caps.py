"""Pills: one with longer words says all of them, in a second line if need be."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import Chip, Pill
from reviewer.ui.widgets.flow import Flow

WORDS = "model-b 6 of 7, +31 points (+2 to +60)"


def test_a_chip_without_room_goes_on_in_a_second_line_and_is_a_pill_else(qtbot: QtBot, theme: Theme) -> None:
    theme.resize(200)
    room, chip, pill = QWidget(), Chip(WORDS), Pill(WORDS)
    Flow(room).addWidget(chip)
    for one in (room, pill):
        qtbot.addWidget(one)
    room.resize(1200, 200)
    with qtbot.waitExposed(room):
        room.show()
    pill.ensurePolished()
    whole = pill.sizeHint()
    assert chip.size() == whole
    room.resize(whole.width() * 2 // 3, 200)
    qtbot.waitUntil(lambda: chip.width() <= room.width())
    assert whole.height() < chip.heightForWidth(chip.width()) <= chip.height()
