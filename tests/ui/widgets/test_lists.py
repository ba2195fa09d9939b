"""A closed list shows as much of the chosen words as there is room for, and says the whole of them."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QWidget
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


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # lists, offscreen
def test_an_open_list_shows_words_whole_that_the_box_has_no_room_for(qtbot: QtBot, theme: Theme) -> None:
    theme.resize(200)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 400)
    choice = ChoiceList(window)
    choice.addItems(["none", "1.3 Explicit confirmation of every detail by the user"])
    choice.resize(200, choice.sizeHint().height())
    window.show()
    choice.showPopup()
    view = choice.view()
    qtbot.waitUntil(lambda: view.isVisible() and view.sizeHintForColumn(0) <= view.viewport().width() <= window.width())
    choice.hidePopup()
