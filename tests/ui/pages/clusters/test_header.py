"""What was grouped, in the top bar: where there is little room, less is said, and nothing is cut."""

import pytest
from pytestqt.qtbot import QtBot

from reviewer.ui.pages.clusters.header import Header
from reviewer.ui.theme import Theme


@pytest.mark.parametrize(("width", "pill"), [(1200, "2 flagged at 5% false-alarm rate"), (900, "2 flagged"), (480, ""), (380, "")])
def test_the_way_to_drift_stays_whole_and_the_pill_says_less_or_nothing(qtbot: QtBot, theme: Theme, width: int, pill: str) -> None:
    theme.resize(200)
    header = Header()
    qtbot.addWidget(header)
    header.say("1,814 items, 24 clusters", ("2 flagged at 5% false-alarm rate", "bad"), "of Agentdojo by model")
    header.resize(width, header.sizeHint().height())
    with qtbot.waitExposed(header):
        header.show()
    wanted = header.sizeHint().width()
    header.resize(200, header.height())  # as layouts do before they know better
    assert header.sizeHint().width() >= header.pill.sizeHint().width() + header.view.sizeHint().width()
    header.resize(width, header.height())
    assert (header.width(), header.sizeHint().width()) == (width, wanted)
    assert header.view.width() >= header.view.sizeHint().width()
    assert header.view.geometry().right() < width
    assert header.pill.isVisible() == bool(pill)
    if pill:
        assert header.pill.text().endswith(pill)
        qtbot.waitUntil(lambda: header.pill.width() >= header.pill.sizeHint().width())  # once the row is laid out
