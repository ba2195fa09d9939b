"""The bar at the top shares its room between the words of the page and the search."""

from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.topbar import TopBar
from reviewer.ui.widgets.words import OneLine


def test_the_search_gives_way_to_the_words_of_the_header(qtbot: QtBot, theme: Theme) -> None:
    bar, words = TopBar(theme), OneLine("Refunds", role="title")
    qtbot.addWidget(bar)
    bar.add_page("review", "Review", words)
    bar.show_page("review")
    bar.resize(700, 48)
    bar.show()
    qtbot.waitUntil(lambda: bar._search.width() == 300)
    words.setText("A campaign whose name takes much of the room there is")
    qtbot.waitUntil(lambda: bar._search.width() < 300 and words.width() >= words.sizeHint().width())
    words.setText("A name that is longer than the whole of the bar " * 4)
    qtbot.waitUntil(lambda: bar._search.width() == bar._search.minimumSizeHint().width())
    words.setText("Refunds")
    qtbot.waitUntil(lambda: bar._search.width() == 300)
