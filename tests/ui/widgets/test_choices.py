"""A choice can be made, changed and taken back, by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme, colours
from reviewer.ui.widgets.choices import Segment, SegmentedControl, VerdictButton
from reviewer.ui.widgets.words import PlainLabel
from tests.ui import accessibility

SEVERITIES = (Segment("minor", "Minor"), Segment("major", "Major", "Somebody pays.", "bad"), Segment("critical", "Critical"))


def test_pressing_a_segment_chooses_it_and_pressing_it_again_takes_it_back(qtbot: QtBot, theme: Theme) -> None:
    control = SegmentedControl("Severity", SEVERITIES)
    told: list[str] = []
    qtbot.addWidget(control)
    control.chosen.connect(told.append)
    for value in ("major", "minor", "minor"):
        qtbot.mouseClick(control.button(value), Qt.MouseButton.LeftButton)
    assert (told, control.value) == (["major", "minor", ""], "")


def test_what_the_program_chooses_is_not_told(qtbot: QtBot, theme: Theme) -> None:
    control = SegmentedControl("Severity", SEVERITIES)
    told: list[str] = []
    qtbot.addWidget(control)
    control.chosen.connect(told.append)
    control.choose("critical")
    assert (control.value, [control.button(each.value).isChecked() for each in SEVERITIES]) == ("critical", [False, False, True])
    control.choose("")
    assert (control.value, told) == ("", [])


def test_arrows_go_from_segment_to_segment_and_space_chooses(qtbot: QtBot, theme: Theme) -> None:
    control = SegmentedControl("Severity", SEVERITIES)
    qtbot.addWidget(control)
    with qtbot.waitActive(control):
        control.show()
        control.activateWindow()
    control.button("minor").setFocus()
    qtbot.keyClick(control.button("minor"), Qt.Key.Key_Left)
    assert control.button("critical").hasFocus()
    qtbot.keyClick(control.button("critical"), Qt.Key.Key_Right)
    qtbot.keyClick(control.button("minor"), Qt.Key.Key_Space)
    assert control.value == "minor"


def test_every_choice_has_a_name_that_says_what_is_chosen(qtbot: QtBot, theme: Theme) -> None:
    control = SegmentedControl("Severity", SEVERITIES)
    qtbot.addWidget(control)
    control.show()
    assert accessibility.nameless(control) == []
    assert "Severity: Major" in accessibility.names(control)


def test_a_verdict_says_its_word_and_key_and_grows_with_them(qtbot: QtBot, theme: Theme) -> None:
    button = VerdictButton("Non-compliant", "N", tone="bad")
    qtbot.addWidget(button)
    button.show()
    small = button.sizeHint()
    assert (button.accessibleName(), button.accessibleDescription()) == ("Non-compliant", "Key: N")
    theme.resize(200)
    assert button.sizeHint().width() > 1.5 * small.width()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.isChecked()


@pytest.mark.parametrize("tone", ["ok", "bad", "warn", "accent"])
def test_the_word_of_a_chosen_verdict_has_its_tone_and_nothing_moves(qtbot: QtBot, theme: Theme, tone: str) -> None:
    button = VerdictButton("Verdict", "V", tone=tone)
    qtbot.addWidget(button)
    with qtbot.waitExposed(button):
        button.show()
    word, look = button.findChildren(PlainLabel)[0], colours("light")
    seen = [_inks(word, look.ink, getattr(look, tone))]
    with qtbot.assertNotEmitted(_Layouts(button).asked):
        for _ in range(2):
            button.click()
            QApplication.sendPostedEvents()
            seen.append(_inks(word, look.ink, getattr(look, tone)))
    assert seen == [(True, False), (False, True), (True, False)]


class _Layouts(QObject):
    """Tells when anything in a widget asks to be laid out anew."""

    asked = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        for each in (widget, *widget.findChildren(QWidget)):
            each.installEventFilter(self)

    def eventFilter(self, _target: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
        if event.type() == QEvent.Type.LayoutRequest:
            self.asked.emit()
        return False


def _inks(label: QWidget, *inks: str) -> tuple[bool, ...]:
    """Whether each of these colours is in the picture of a label."""
    picture = label.grab().toImage()
    found = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    return tuple(ink in found for ink in inks)
