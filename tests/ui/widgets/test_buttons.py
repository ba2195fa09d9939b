"""A button that carries its key: the key is always whole, and the words never run under it. The cross grows with the text."""

import pytest
from pytestqt.qtbot import QtBot

from reviewer.catalogue.actions import BY_ID
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.ask import Question
from reviewer.ui.widgets.buttons import CloseButton, KeyButton


def test_words_that_have_no_room_end_before_the_key(qtbot: QtBot, theme: Theme) -> None:
    theme.resize(200)
    button, nameless = KeyButton(BY_ID["clusters.queue"]), KeyButton(BY_ID["clusters.queue"])
    nameless.setText("")
    for one in (button, nameless):
        qtbot.addWidget(one)
        one.resize(button.sizeHint().width() - 80, button.sizeHint().height())
    key = button.fontMetrics().horizontalAdvance("Q") + button.fontMetrics().height()
    whole, only_key = (one.grab().toImage() for one in (button, nameless))
    rest = whole.width() - key
    assert whole.copy(rest, 0, key, whole.height()) == only_key.copy(rest, 0, key, whole.height())
    assert whole.copy(0, 0, rest, whole.height()) != only_key.copy(0, 0, rest, whole.height())
    assert button.text() == BY_ID["clusters.queue"].title


def test_a_button_with_a_short_word_says_that_where_the_title_has_no_room(qtbot: QtBot, theme: Theme) -> None:
    long, short = KeyButton(BY_ID["clusters.queue"], short="Queue"), KeyButton(BY_ID["clusters.queue"])
    short.setText("Queue")
    for one in (long, short):
        qtbot.addWidget(one)
        one.resize(short.sizeHint())
    assert long.grab().toImage() == short.grab().toImage()
    long.resize(long.sizeHint())
    short.resize(long.sizeHint())
    assert long.grab().toImage() != short.grab().toImage()


@pytest.mark.parametrize("size", [100, 150, 200])
def test_a_button_beside_a_primary_one_is_as_high_as_it(qtbot: QtBot, theme: Theme, size: int) -> None:
    question = Question(None, "Leave?", "What you wrote here is kept nowhere else.", yes="Leave", no="Go on")
    qtbot.addWidget(question)
    theme.resize(size)
    with qtbot.waitActive(question):
        question.show()
        question.activateWindow()
    assert question.no.hasFocus()  # whose ring takes no room of its own
    assert question.no.height() == question.yes.height()


def test_the_cross_has_the_size_of_the_text_and_the_colour_of_the_theme(qtbot: QtBot, theme: Theme) -> None:
    close = CloseButton(theme, "Close panel")
    qtbot.addWidget(close)
    for look, size in (("light", 100), ("dark", 200)):
        theme.choose(look)
        theme.resize(size)
        assert close.iconSize().width() == 16 * size // 100
        picture = close.icon().pixmap(close.iconSize()).toImage()
        assert picture.width() == close.iconSize().width()
        assert picture == theme.icon("x", "ink2", 16).pixmap(close.iconSize()).toImage()
