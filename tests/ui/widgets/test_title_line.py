"""A title and a few words beside it, as they are shown and spoken."""

from pytestqt.qtbot import QtBot

from reviewer.ui.widgets.title_line import TitleLine


def test_it_says_what_it_is_told_and_only_the_title_where_that_is_nothing(qtbot: QtBot) -> None:
    line = TitleLine("Policies")
    qtbot.addWidget(line)
    assert line.words == line.accessibleName() == "Policies"
    line.say("version 2", title="Airline policy")
    assert line.words == line.accessibleName() == "Airline policy, version 2"
    line.say("version 3")
    assert line.words == "Airline policy, version 3"
