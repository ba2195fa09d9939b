"""The bar at the top shares its room between the words of the page and the search."""

from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.topbar import TopBar
from reviewer.ui.widgets.words import OneLine, plain_label
from tests.ui.cuts import cut


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


def test_in_a_narrow_bar_first_the_pill_then_the_search_gives_way_and_no_word_is_cut(qtbot: QtBot, theme: Theme) -> None:
    window, bar, header = QWidget(), TopBar(theme), QWidget()
    qtbot.addWidget(window)
    bar.setParent(window)  # as in the window, which may be smaller than the bar would like
    row = QHBoxLayout(header)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(OneLine("A campaign whose name takes much of the room there is", role="title"))
    row.addWidget(plain_label("14 of 40"))
    bar.add_page("review", "Review", header)
    bar.add_page("wide", "Wide", plain_label("A page of which the header takes more than all of the bar " * 3))
    bar.show_page("review")
    bar.say_state("Saved here, not synced", "Nothing was sent.")
    bar.resize(900, 48)
    window.show()
    qtbot.waitUntil(lambda: bar._state.text() == "● Saved here, not synced" and not cut(bar))
    whole = bar._state.width()
    theme.resize(200)
    qtbot.waitUntil(lambda: bar._state.text().endswith("…") and not cut(bar))
    bar.resize(520, 96)
    qtbot.waitUntil(lambda: bar._state.text() == "●" and bar._search.width() < bar._search.minimumSizeHint().width() and not cut(bar))
    assert bar._state.accessibleName() == "Saved here, not synced"
    theme.resize(100)
    bar.resize(900, 48)
    qtbot.waitUntil(lambda: bar._state.text() == "● Saved here, not synced" and bar._state.width() == whole)
