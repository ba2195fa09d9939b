"""Pills: one with longer words says all of them, in a second line if need be."""

import pytest
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


@pytest.mark.parametrize("size", [100, 110, 125, 150, 175, 200])
@pytest.mark.parametrize("words", ["Non-compliant", "clause 4.2 in 7 of 9", WORDS])
def test_a_chip_asks_for_as_much_as_a_pill_and_needs_one_line_there(qtbot: QtBot, theme: Theme, size: int, words: str) -> None:
    theme.resize(size)
    chip, pill = Chip(words, "bad"), Pill(words, "bad")
    for one in (chip, pill):
        qtbot.addWidget(one)
        one.ensurePolished()
    assert chip.sizeHint() == pill.sizeHint()
    assert chip.heightForWidth(chip.sizeHint().width()) == pill.sizeHint().height()
