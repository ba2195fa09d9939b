"""A list, what is chosen in it and its side: beside each other where there is room."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.list_and_detail import ListAndDetail


@pytest.mark.parametrize(("width", "below", "listed"), [(1200, False, 280), (900, True, 270), (400, True, 160)])
def test_in_a_narrow_window_the_side_stands_below_and_the_list_gives_way(
    qtbot: QtBot, theme: Theme, width: int, below: bool, listed: int
) -> None:
    parts = [QWidget() for _ in range(3)]
    view = ListAndDetail(theme, *parts)
    qtbot.addWidget(view)
    view.resize(width, 600)
    assert view.fit(width, listed=280, narrow=960, even=True) is below
    view.show()
    rows, detail, side = parts
    assert rows.width() == listed
    assert (side.y() >= detail.y() + detail.height()) is below
    assert (side.x() >= detail.x() + detail.width()) is not below
    if below:
        assert abs(side.height() - detail.height()) <= 1


def test_the_list_grows_with_the_text(qtbot: QtBot, theme: Theme) -> None:
    rows = QWidget()
    view = ListAndDetail(theme, rows, QWidget(), QWidget())
    qtbot.addWidget(view)
    theme.resize(200)
    view.fit(3000, listed=280, narrow=960)
    assert rows.width() == theme.px(280) > 280
