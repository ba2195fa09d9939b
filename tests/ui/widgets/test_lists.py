"""A closed list shows as much of the chosen words as there is room for, and says the whole of them."""

from PySide6.QtGui import QImage
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
