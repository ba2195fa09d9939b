"""The line above a transcript: what it says of a run, what it leaves out where there is little room, and how its id is taken along."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.domain.items import Item, Message, Part
from reviewer.ui.pages.review.meta import MetaLine
from reviewer.ui.theme import Theme

IDS = ("9f3ac1" + "0" * 58, "77aa10" + "0" * 58)


def _run(model: str | None = None) -> Item:
    said = (Message(role="user", content=(Part(type="text", text="Hello."),)),)
    return Item(kind="trajectory", agent="airline-agent", model=model, time="2026-05-12T14:02:00Z", messages=said)


@pytest.fixture
def line(qtbot: QtBot, theme: Theme) -> MetaLine:
    line = MetaLine(theme)
    qtbot.addWidget(line)
    line.resize(900, 40)
    with qtbot.waitExposed(line):
        line.show()
    line.show_item(_run(), IDS[0], blind=True, again=False, zone="utc")
    qtbot.wait(1)  # it fits itself once the labels have their size
    return line


def _said(line: MetaLine) -> list[str]:
    return [part.text() for part in (line._agent, line._model, line._time, line._id, line._again) if part.isVisible()]


def test_it_says_whose_run_it_is_when_and_which_and_that_the_model_is_hidden(line: MetaLine) -> None:
    assert _said(line) == ["airline-agent", "model hidden", "12 May 2026, 14:02 UTC", "item 9f3ac1…"]
    assert "hidden until you have labelled it" in line._model.toolTip()
    assert IDS[0] in line._id.toolTip()


def test_a_model_that_is_known_is_named_and_one_that_is_not_has_no_place(line: MetaLine) -> None:
    line.show_item(_run("model-a"), IDS[1], blind=False, again=True, zone="utc")
    assert _said(line) == ["airline-agent", "model-a", "12 May 2026, 14:02 UTC", "item 77aa10…", "put off before"]
    assert not line._model.toolTip()
    line.show_item(_run(), IDS[0], blind=False, again=False, zone="utc")
    assert _said(line) == ["airline-agent", "12 May 2026, 14:02 UTC", "item 9f3ac1…"]
    line.show_item(_run("model hidden"), IDS[0], blind=False, again=False, zone="utc")  # as it calls itself
    assert not line._model.toolTip()


def test_where_there_is_little_room_the_time_goes_before_the_id(line: MetaLine, qtbot: QtBot) -> None:
    line.resize(450, 40)
    qtbot.waitUntil(lambda: _said(line) == ["airline-agent", "model hidden", "item 9f3ac1…"])
    line.resize(330, 40)
    qtbot.waitUntil(lambda: _said(line) == ["airline-agent", "model hidden"])
    line.resize(900, 40)
    qtbot.waitUntil(lambda: len(_said(line)) == 4)


@pytest.mark.parametrize("stays", [True, False])
def test_the_id_can_be_marked_and_the_next_one_too_wherever_the_mouse_was(line: MetaLine, qtbot: QtBot, stays: bool) -> None:
    QTest.mouseMove(line, QPoint(1, 1))  # where it rests is kept from test to test
    for item in IDS:
        line.show_item(_run(), item, blind=True, again=False, zone="utc")
        QTest.mouseMove(line._id, line._id.rect().center())
        qtbot.waitUntil(lambda: bool(line._id.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse))
        end = QPoint(line._id.width() - 14, line._id.height() // 2)
        QTest.mouseDClick(line._id, Qt.MouseButton.LeftButton, pos=end)
        QTest.mouseRelease(line._id, Qt.MouseButton.LeftButton, pos=end)  # a double click holds the button
        assert line._id.selectedText() == f"{item[:6]}…"
        if not stays:
            QTest.mouseMove(line, QPoint(1, 1))
            qtbot.waitUntil(lambda: not line._id.underMouse())
