"""The panel for a reason has room for two lines, however large the text, and from the first time on."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.pages.queue.note import NotePanel
from reviewer.ui.theme import Theme


@pytest.mark.parametrize("size", [100, 150, 200])
def test_two_lines_are_whole_when_it_is_first_opened(qtbot: QtBot, theme: Theme, size: int) -> None:
    theme.resize(size)
    side, panel = QWidget(), NotePanel()
    QVBoxLayout(side).addWidget(panel)
    qtbot.addWidget(side)
    with qtbot.waitExposed(side):
        side.show()
    panel.ask_escalate(lambda _words: None)
    field = panel.field
    edges = 2 * round(field.document().documentMargin())
    qtbot.waitUntil(lambda: field.viewport().height() >= 2 * field.fontMetrics().lineSpacing() + edges)
