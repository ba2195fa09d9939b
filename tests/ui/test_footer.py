"""The footer shows the keys of the page, as many as there is room for, and always the way to all."""

from pytestqt.qtbot import QtBot

from reviewer.ui.footer import Footer, footer_words, joined
from reviewer.ui.pages.compare.words import footer_of
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import KeyCap
from tests.ui import accessibility


def test_neighbours_that_belong_together_share_a_cap() -> None:
    words = footer_words("review")
    assert ("C N U", "verdict") in words
    assert ("Alt 1 2 3", "severity") in words
    assert words[-1] == ("?", "all keys")


def test_a_page_says_in_its_own_words_what_its_keys_do_now() -> None:
    instead = footer_of(2)
    words = footer_words("compare", instead)
    assert words[:2] == [("1–5", "left clearly … right clearly"), ("0", "both bad")]
    assert not {"tie", "equal", "strength", "order"} & {word for _, word in words}
    assert footer_words("compare", footer_of(3))[0] == ("1 2 3", "order")
    assert footer_words("compare", footer_of(8))[:2] == [("1–8", "order"), ("0", "all bad")]


def test_keys_are_joined_only_where_the_same_keys_are_held_down() -> None:
    assert joined(["Alt 1", "Alt 2"]) == "Alt 1 2"
    assert joined(["Ctrl Shift C", "Ctrl Shift X"]) == "Ctrl Shift C X"
    assert joined(["J", "Ctrl K"]) == "J Ctrl K"
    assert joined(["Ctrl Z"]) == "Ctrl Z"


def test_a_narrow_window_keeps_the_first_and_the_last(qtbot: QtBot, theme: Theme) -> None:
    footer = Footer(theme)
    qtbot.addWidget(footer)
    footer.show_page("review")
    footer.resize(400, 28)
    footer.show()
    narrow = accessibility.names(footer)
    assert "verdict" in narrow
    assert "all keys" in narrow
    assert "undo" not in narrow
    footer.resize(1400, 28)
    assert "undo" in accessibility.names(footer)


def test_keys_for_which_there_was_never_room_are_not_made(qtbot: QtBot, theme: Theme) -> None:
    footer = Footer(theme)
    qtbot.addWidget(footer)
    footer.resize(400, 28)
    footer.show_page("review")
    few = len(footer.findChildren(KeyCap))
    footer.show()
    footer.resize(3000, 28)
    said = [word for _keys, word in footer_words("review")]
    assert few < 6 < len(said) == len(footer.findChildren(KeyCap))
    assert [name for name in accessibility.names(footer) if name in said] == said, "read out in the order in which they stand"


def test_a_remark_of_the_page_stands_at_the_end(qtbot: QtBot, theme: Theme) -> None:
    footer = Footer(theme)
    qtbot.addWidget(footer)
    footer.resize(1400, 28)
    footer.show_page("explore")
    footer.say("2,004 items in 6 ms")
    footer.show()
    assert "2,004 items in 6 ms" in accessibility.names(footer)


def test_what_is_told_stands_in_for_the_remark_until_the_remark_is_back(qtbot: QtBot, theme: Theme) -> None:
    footer = Footer(theme)
    qtbot.addWidget(footer)
    footer.show_page("explore")
    footer.say("2,004 items in 6 ms")
    footer.tell("“Skip” cannot be done now.")
    assert footer._remark.text() == "“Skip” cannot be done now."
    footer._back.setInterval(1)
    footer._back.start()
    qtbot.waitUntil(lambda: footer._remark.text() == "2,004 items in 6 ms")
    footer.tell("“Skip” cannot be done now.")
    footer.say("8 items")
    assert (footer._remark.text(), footer._back.isActive()) == ("8 items", False)
