"""Banners say what happened and what to do, and never more than three at a time."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from reviewer.domain.errors import NotSaved
from reviewer.ui.messages import Messages
from reviewer.ui.theme import Theme
from tests.ui import accessibility


def shown(qtbot: QtBot, theme: Theme) -> Messages:
    messages = Messages(theme)
    qtbot.addWidget(messages)
    return messages


def test_an_error_says_what_happened_and_what_to_do_and_can_be_tried_again(qtbot: QtBot, theme: Theme) -> None:
    messages, again = shown(qtbot, theme), []
    messages.show_error(NotSaved("Not saved: the disk is full.", "Free space, then try again."), retry=lambda: again.append(1))
    said = accessibility.names(messages)
    assert {"Not saved: the disk is full. [E101]", "Free space, then try again.", "Try again"} <= set(said)
    qtbot.mouseClick(messages.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert (again, messages.banners(), messages.isVisible()) == ([1], [], False)


def test_the_newest_three_are_shown_and_none_twice(qtbot: QtBot, theme: Theme) -> None:
    messages = shown(qtbot, theme)
    for word in ("one", "two", "three", "four", "three"):
        messages.note(word)
    assert [banner.says[1] for banner in messages.banners()] == ["three", "four", "two"]
    assert messages.dismiss()
    assert [banner.says[1] for banner in messages.banners()] == ["four", "two"]
    messages.clear()
    assert not messages.dismiss()


def test_what_stays_comes_back_when_newer_ones_have_gone_and_what_does_not_is_gone(qtbot: QtBot, theme: Theme) -> None:
    messages = shown(qtbot, theme)
    for word in ("a", "b", "c", "d"):
        messages.warn(word, stays=True)
    for word in ("one", "two"):
        messages.note(word)
    assert [banner.says[1] for banner in messages.banners()] == ["two", "one", "d"]
    seen = []
    while messages.banners():
        seen.append(messages.banners()[0].says[1])
        messages.dismiss()
    assert sorted(seen) == ["a", "b", "c", "d", "one", "two"]
    messages.warn("again", stays=True)
    for word in ("one", "two", "three"):
        messages.note(word)
    messages.clear()
    assert messages.banners() == []
    messages.note("last")
    assert [banner.says[1] for banner in messages.banners()] == ["last"]


def test_what_was_finished_before_goes_when_something_else_is_but_not_what_offers_a_way_on(qtbot: QtBot, theme: Theme) -> None:
    messages = shown(qtbot, theme)
    messages.good("eleven asked for again")
    messages.good("Eve was admitted", button="Make a bundle", act=lambda: None)
    messages.note("a note")
    messages.good("synced")
    assert [banner.says[1] for banner in messages.banners()] == ["synced", "a note", "Eve was admitted"]


def test_every_kind_says_its_kind_in_words(qtbot: QtBot, theme: Theme) -> None:
    messages = shown(qtbot, theme)
    kinds = [messages.warn("w").accessibleName(), messages.good("g").accessibleName(), messages.note("n").accessibleName()]
    assert kinds == ["Warning: w", "Done: g", "Note: n"]
    assert accessibility.nameless(messages) == []


def test_a_message_that_looks_like_html_is_shown_as_it_is(qtbot: QtBot, theme: Theme) -> None:
    messages = shown(qtbot, theme)
    messages.note('<img src="file:///etc/hostname">', "<b>x</b>")
    assert {'<img src="file:///etc/hostname">', "<b>x</b>"} <= set(accessibility.names(messages))
