"""A shown transcript."""

import pytest
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.transcript.pane import TranscriptPane
from tests.ui.transcript.runs import canary as canary


@pytest.fixture
def pane(qtbot: QtBot, theme: Theme) -> TranscriptPane:
    """A pane of 900 by 600 on the screen, with the focus in its transcript."""
    pane = TranscriptPane(theme, short_id=lambda: "9f3ac1")
    qtbot.addWidget(pane)
    pane.resize(900, 600)
    with qtbot.waitActive(pane):
        pane.show()
        pane.activateWindow()
    pane.view.setFocus()
    return pane
