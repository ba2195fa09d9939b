"""Words for what takes longer than a moment, and none for what does not."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from reviewer.ui.widgets.waiting import Waiting


def test_it_says_what_is_waited_for_after_a_moment_and_begins_anew_when_shown_again(qtbot: QtBot) -> None:
    waiting = Waiting("Counting")
    qtbot.addWidget(waiting)
    said = waiting.findChildren(QLabel)[0]
    waiting.show()
    assert not said.isVisible()
    qtbot.waitUntil(said.isVisible)
    assert (said.text(), waiting.accessibleName()) == ("Counting …", "Counting")
    waiting.hide()
    waiting.show()
    assert not said.isVisible()
