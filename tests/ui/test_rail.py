"""The rail has room for every page at every size of text: nothing lies over anything else."""

import itertools

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.pages.registry import PAGES
from reviewer.ui.rail import Rail
from reviewer.ui.theme import Theme

_UNDER, _WORDS = Qt.ToolButtonStyle.ToolButtonTextUnderIcon, Qt.ToolButtonStyle.ToolButtonTextOnly


@pytest.mark.parametrize(
    ("text", "height", "look"), [(100, 560, _UNDER), (150, 760, _UNDER), (200, 1000, _UNDER), (200, 760, _UNDER), (200, 560, _WORDS)]
)
def test_no_button_lies_over_another_one_or_over_who_is_working(
    qtbot: QtBot, theme: Theme, text: int, height: int, look: Qt.ToolButtonStyle
) -> None:
    theme.resize(text)
    rail = Rail(theme, [(one.name, one.title, one.icon) for one in PAGES])
    qtbot.addWidget(rail)
    rail.show_member("Ada")
    rail.resize(rail.width(), height)
    with qtbot.waitExposed(rail):
        rail.show()
    buttons = [rail.button(one.name) for one in PAGES if one.icon]
    parts: list[QWidget] = [*buttons, rail._who]
    places = [part.geometry() for part in parts]
    assert [one.bottom() < other.top() for one, other in itertools.pairwise(places)] == [True] * len(buttons)
    assert QRect(0, 0, rail.width(), height).contains(places[-1])
    assert {button.toolButtonStyle() for button in buttons} == {look}
    needed = buttons[0].fontMetrics().height() + (theme.px(20) if look == _UNDER else 0)
    assert min(button.height() for button in buttons) >= needed
