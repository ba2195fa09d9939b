"""A few letters find an action; Enter does it."""

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.palette import Hit, Palette, best, rank
from reviewer.ui.theme import Theme
from tests.ui import accessibility

TITLES = ("Record and go to next", "Go to Explore", "Light or dark", "Larger text", "Export labels", "Escalate")


ALSO = {"Light or dark": "Change to the bright or the dim theme."}


def hits(done: list[str]) -> list[Hit]:
    return [Hit(title, "Reviewer", "", lambda title=title: done.append(title), ALSO.get(title, "")) for title in TITLES]  # type: ignore[misc] # bound


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("rec", "Record and go to next"),
        ("explore", "Go to Explore"),
        ("go expl", "Go to Explore"),
        ("dark", "Light or dark"),
        ("lrg", "Larger text"),
        ("exp lab", "Export labels"),
        ("ESC", "Escalate"),
        ("bright", "Light or dark"),
    ],
)
def test_letters_find_the_action_that_a_person_means(typed: str, first: str) -> None:
    assert best(typed, hits([]))[0].title == first


def test_nothing_typed_lists_everything_in_order() -> None:
    assert [hit.title for hit in best("", hits([]))] == list(TITLES)


def test_what_fits_nothing_finds_nothing() -> None:
    assert best("zzz", hits([])) == []
    assert rank("zzz", "Escalate") is None


def test_enter_does_the_chosen_row_and_closes(qtbot: QtBot, theme: Theme) -> None:
    done: list[str] = []
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    palette = Palette(theme, window, hits(done))
    with qtbot.waitExposed(palette):
        palette.open()
    qtbot.keyClicks(palette.field, "ex")
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == ["Export labels"]
    assert not palette.isVisible()


def test_items_come_after_the_actions_and_late_answers_to_old_letters_are_dropped(qtbot: QtBot, theme: Theme) -> None:
    asked: list[tuple[str, Callable[[Sequence[Hit]], None]]] = []
    opened: list[str] = []
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    palette = Palette(theme, window, hits([]), lambda text, take: asked.append((text, take)))
    with qtbot.waitExposed(palette):
        palette.open()
    qtbot.keyClicks(palette.field, "refund")
    qtbot.waitUntil(lambda: len(asked) == 1)
    qtbot.keyClicks(palette.field, "s")
    qtbot.waitUntil(lambda: len(asked) == 2)
    asked[0][1]([Hit("old", "item", "", nothing)])
    assert palette.list.model().rowCount() == 0
    asked[1][1]([Hit("Refunds against the record", "item 9f3ac1", "", lambda: opened.append("9f3ac1"))])
    assert [text for text, _take in asked] == ["refund", "refunds"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert opened == ["9f3ac1"]


def test_every_part_has_a_name(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    palette = Palette(theme, window, hits([]))
    with qtbot.waitExposed(palette):
        palette.open()
    assert accessibility.nameless(palette) == []
    palette.reject()


def nothing() -> None:
    """Opens nothing."""
