"""A closed list shows as much of the chosen words as there is room for, and says the whole of them."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.lists import ChoiceList


def picture(choice: ChoiceList, words: str, width: int) -> QImage:
    choice.clear()
    choice.addItem(words)
    choice.resize(width, choice.sizeHint().height())
    return choice.grab().toImage()


def test_words_without_room_end_in_dots_and_the_tooltip_says_them_all(qtbot: QtBot, theme: Theme) -> None:
    choice = ChoiceList()
    qtbot.addWidget(choice)
    choice.show()
    picture(choice, "Airline refunds, <b>week 47</b>", 120)
    assert choice.toolTip() == "<span>Airline refunds, &lt;b&gt;week 47&lt;/b&gt;</span>"
    assert picture(choice, "Airline refunds and baggage", 120) == picture(choice, "Airline refunds and baggages", 120)  # both end in dots
    picture(choice, "Short", 120)
    assert choice.toolTip() == ""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # lists, offscreen
def test_an_open_list_has_the_colours_of_other_lists_in_every_box(qtbot: QtBot, theme: Theme) -> None:
    theme.choose("dark")
    for box in (QComboBox(), ChoiceList()):
        qtbot.addWidget(box)
        box.addItems(["none", "Refunds", "Claims"])
        box.show()
        box.showPopup()
        view = box.view()
        qtbot.waitUntil(view.isVisible)
        picture = view.viewport().grab(view.visualRect(view.model().index(0, 0))).toImage()
        assert picture.pixelColor(picture.width() - 3, 2).name() == theme.colours.accent_soft
        box.hidePopup()
