"""Keys do what the catalogue says, where it says, and never while somebody is typing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.catalogue import actions
from reviewer.ui.action_set import ActionSet, Disagreement, check_handlers
from reviewer.ui.theme import Theme

_CTRL = Qt.KeyboardModifier.ControlModifier


class Pad:
    """A window with one of each kind of control, on which the actions of Review write down their ids."""

    def __init__(self, qtbot: QtBot) -> None:
        self.fired: list[str] = []
        self.window = QWidget()
        qtbot.addWidget(self.window)
        column = QVBoxLayout(self.window)
        self.line, self.text, self.list, self.button = QLineEdit(), QPlainTextEdit(), QListWidget(), QPushButton("Press")
        self.list.addItems(["one", "two", "three"])
        for part in (self.line, self.text, self.list, self.button):
            column.addWidget(part)
        self.set = ActionSet(self.window, {"app.palette": self._write("app.palette")})
        self.set.add_page("review", {name: self._write(name) for name in actions.owed_by("review")})
        self.set.add_page("explore", {name: self._write(f"{name} on explore") for name in actions.owed_by("explore")})
        self.set.show_page("review")
        self.set.watch_typing()
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.window.setFocus()

    def _write(self, name: str) -> Callable[[], None]:
        return lambda: self.fired.append(name)


@pytest.fixture
def pad(qtbot: QtBot, theme: Theme) -> Pad:
    return Pad(qtbot)


def test_a_key_fires_the_action_of_the_page_that_is_shown(qtbot: QtBot, pad: Pad) -> None:
    qtbot.keyClick(pad.window, Qt.Key.Key_N)
    qtbot.keyClick(pad.window, Qt.Key.Key_J)
    pad.set.show_page("explore")
    qtbot.keyClick(pad.window, Qt.Key.Key_N)
    qtbot.keyClick(pad.window, Qt.Key.Key_J)
    qtbot.keyClick(pad.window, Qt.Key.Key_F, _CTRL)
    assert pad.fired == ["review.non_compliant", "review.next_step", "explore.next on explore", "transcript.find on explore"]


def test_an_action_of_a_page_that_is_not_made_yet_cannot_fire(pad: Pad) -> None:
    assert "sync.now" in actions.BY_ID
    assert not pad.set.can_fire("sync.now")
    pad.set.fire("sync.now")
    assert pad.fired == []
    pad.set.add_page("sync", {name: pad._write(name) for name in actions.owed_by("sync")})
    assert not pad.set.can_fire("sync.now")
    pad.set.show_page("sync")
    pad.set.fire("sync.now")
    assert pad.fired == ["sync.now"]


def test_an_action_of_the_program_fires_on_every_page(qtbot: QtBot, pad: Pad) -> None:
    for page in ("review", "explore"):
        pad.set.show_page(page)
        qtbot.keyClick(pad.window, Qt.Key.Key_K, _CTRL)
    assert pad.fired == ["app.palette", "app.palette"]


def test_letters_are_typed_while_a_text_field_has_the_focus(qtbot: QtBot, pad: Pad) -> None:
    for field in (pad.line, pad.text):
        field.setFocus()
        qtbot.keyClicks(field, "cnux/?")
    assert (pad.line.text(), pad.text.toPlainText(), pad.fired) == ("cnux/?", "cnux/?", [])


def test_ctrl_enter_records_from_inside_the_rationale(qtbot: QtBot, pad: Pad) -> None:
    pad.text.setFocus()
    qtbot.keyClicks(pad.text, "why")
    qtbot.keyClick(pad.text, Qt.Key.Key_Return, _CTRL)
    assert (pad.text.toPlainText(), pad.fired) == ("why", ["review.record"])


def test_ctrl_z_undoes_typing_first_and_then_the_label(qtbot: QtBot, pad: Pad) -> None:
    for field in (pad.line, pad.text):
        pad.fired.clear()
        field.setFocus()
        qtbot.keyClicks(field, "why")
        qtbot.keyClick(field, Qt.Key.Key_Z, _CTRL)
        assert pad.fired == []
        assert not field.document().isUndoAvailable() if isinstance(field, QPlainTextEdit) else field.text() == ""
        qtbot.keyClick(field, Qt.Key.Key_Z, _CTRL)
        assert pad.fired == ["review.undo"]


def test_ctrl_z_in_a_text_that_cannot_be_changed_undoes_the_label(qtbot: QtBot, pad: Pad) -> None:
    pad.text.setReadOnly(True)
    pad.text.setFocus()
    qtbot.keyClick(pad.text, Qt.Key.Key_Z, _CTRL)
    assert pad.fired == ["review.undo"]


def test_arrows_move_in_a_list_and_go_from_step_to_step_elsewhere(qtbot: QtBot, pad: Pad) -> None:
    pad.list.setFocus()
    pad.list.setCurrentRow(0)
    qtbot.keyClick(pad.list, Qt.Key.Key_Down)
    assert (pad.list.currentRow(), pad.fired) == (1, [])
    pad.window.setFocus()
    qtbot.keyClick(pad.window, Qt.Key.Key_Down)
    assert pad.fired == ["review.next_step"]


def test_space_presses_a_button_though_it_is_a_key_of_the_page(qtbot: QtBot, pad: Pad) -> None:
    pad.set.show_page("explore")
    pressed: list[bool] = []
    pad.button.clicked.connect(lambda: pressed.append(True))
    pad.button.setFocus()
    qtbot.keyClick(pad.button, Qt.Key.Key_Space)
    assert (pressed, pad.fired) == ([True], [])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_focus_on_any_desktop(qtbot: QtBot, pad: Pad, key: Qt.Key) -> None:
    pressed: list[bool] = []
    pad.button.clicked.connect(lambda: pressed.append(True))
    pad.button.setFocus()
    qtbot.keyClick(pad.button, key)
    assert (pressed, pad.fired) == ([True], [])


def test_a_key_whose_action_is_greyed_is_told_and_typing_is_not(qtbot: QtBot, pad: Pad) -> None:
    told: list[str] = []
    pad.set.vain.connect(told.append)
    pad.set.allow("review", {"review.record", "review.compliant"}, False)
    pad.text.setFocus()
    qtbot.keyClick(pad.text, Qt.Key.Key_C)
    assert (pad.text.toPlainText(), told) == ("c", [])
    qtbot.keyClick(pad.text, Qt.Key.Key_Return, _CTRL)
    pad.button.setFocus()
    qtbot.keyClick(pad.button, Qt.Key.Key_C)
    qtbot.keyClick(pad.button, Qt.Key.Key_Y)
    assert (told, pad.fired) == (["review.record", "review.compliant"], [])


def test_a_key_whose_action_is_greyed_scrolls_what_has_the_focus(qtbot: QtBot, pad: Pad) -> None:
    area, tall = QScrollArea(pad.window), QWidget()
    tall.setFixedHeight(5_000)
    area.setWidget(tall)
    area.show()
    area.setFocus()
    qtbot.keyClick(area, Qt.Key.Key_Down)
    assert (area.verticalScrollBar().value(), pad.fired) == (0, ["review.next_step"])
    pad.set.allow("review", {"review.next_step"}, False)
    qtbot.keyClick(area, Qt.Key.Key_Down)
    assert area.verticalScrollBar().value() > 0
    assert pad.fired == ["review.next_step"]


def test_what_one_page_greys_fires_on_another(qtbot: QtBot, pad: Pad) -> None:
    pad.set.allow("review", {"transcript.find"}, False)
    assert not pad.set.can_fire("transcript.find")
    qtbot.keyClick(pad.window, Qt.Key.Key_F, _CTRL)
    pad.set.show_page("explore")
    assert pad.set.can_fire("transcript.find")
    qtbot.keyClick(pad.window, Qt.Key.Key_F, _CTRL)
    assert pad.fired == ["transcript.find on explore"]


def test_a_greyed_action_does_not_fire_until_it_is_allowed_again(qtbot: QtBot, pad: Pad) -> None:
    pad.set.allow("review", {"review.record", "review.compliant"}, False)
    qtbot.keyClick(pad.window, Qt.Key.Key_C)
    qtbot.keyClick(pad.window, Qt.Key.Key_Return, _CTRL)
    assert (pad.fired, pad.set.can_fire("review.record")) == ([], False)
    pad.set.allow("review", {"review.record"}, True)
    qtbot.keyClick(pad.window, Qt.Key.Key_C)
    qtbot.keyClick(pad.window, Qt.Key.Key_Return, _CTRL)
    assert pad.fired == ["review.record"]


def test_a_key_that_is_held_down_labels_once_and_moves_on(pad: Pad) -> None:
    assert not pad.set.qt_action("review.compliant").autoRepeat()
    assert not pad.set.qt_action("review.record").autoRepeat()
    assert pad.set.qt_action("review.next_step").autoRepeat()


def test_a_page_whose_handlers_are_not_those_of_the_catalogue_is_refused() -> None:
    owed = actions.owed_by("review")
    check_handlers("review", owed)
    check_handlers("explore", actions.owed_by("explore") | {"app.import"}, ["app.import"])
    with pytest.raises(Disagreement, match=r"no handler for \['review.record'\], no declaration of \[\]"):
        check_handlers("review", owed - {"review.record"})
    with pytest.raises(Disagreement, match=r"no declaration of \['review.recrod'\]"):
        check_handlers("review", owed | {"review.recrod"})
    with pytest.raises(Disagreement, match=r"no handler for \['app.import'\]"):
        check_handlers("explore", actions.owed_by("explore"), ["app.import"])


def test_a_key_that_is_greyed_in_one_window_fires_in_another(qtbot: QtBot, theme: Theme) -> None:
    other, here = Pad(qtbot), Pad(qtbot)
    other.set.allow("review", ["review.non_compliant"], False)
    vain: list[str] = []
    other.set.vain.connect(vain.append)
    qtbot.keyClick(here.window, Qt.Key.Key_N)
    assert (here.fired, other.fired, vain) == (["review.non_compliant"], [], [])
