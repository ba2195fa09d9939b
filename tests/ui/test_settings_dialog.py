"""Settings in the window: all of them by keys, kept together, refused beside their field."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from reviewer.catalogue import settings
from reviewer.catalogue.settings import BACKUP_HOURS, JUDGE_MODEL, KEEP_IN_SYNC, LOCK_AFTER, TEXT_SIZE, THEME
from reviewer.storage import preferences
from reviewer.ui.settings_dialog import SettingsDialog
from reviewer.ui.window import Window
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: QtBot, window: Window) -> SettingsDialog:
    qtbot.keyClick(window, Qt.Key.Key_Comma, CTRL)
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    qtbot.waitUntil(lambda: dialog.isActiveWindow() and dialog.focusWidget() is not None)
    return dialog


def field(dialog: SettingsDialog, key: str) -> object:
    return next(one.part for one in dialog._fields if one.setting.key == key)


@pytest.mark.usefixtures("own_home")
def test_every_setting_of_a_person_is_offered_with_a_name_and_reached_by_keys(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    for size in (100, 200):
        window.theme.resize(size)
        dialog = opened(qtbot, window)
        offered = {one.setting.key for one in dialog._fields}
        assert offered == {one.key for one in settings.ALL if not one.ours} - {KEEP_IN_SYNC.key}
        assert accessibility.nameless(dialog) == []
        assert accessibility.out_of_reach(dialog) == []
        assert dialog.width() <= window.width()
        dialog.reject()
        qtbot.waitUntil(lambda: window.findChild(SettingsDialog) is None)


def test_what_is_changed_holds_at_once_and_is_in_the_file(qtbot: QtBot, make_window: MakeWindow, own_home: Path) -> None:
    window = make_window()
    dialog = opened(qtbot, window)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):  # from “as the system” to “dark”
        qtbot.keyClick(dialog.focusWidget(), key)
    lock = field(dialog, LOCK_AFTER.key)
    assert isinstance(lock, QSpinBox)
    lock.setValue(3)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert (window.settings[THEME], window.settings[LOCK_AFTER], window.theme.name) == ("dark", 3, "dark")
    qtbot.waitUntil(lambda: preferences.read() == {THEME.key: "dark", LOCK_AFTER.key: 3})
    assert own_home in preferences.file().parents


@pytest.mark.usefixtures("own_home")
def test_a_value_that_cannot_be_is_said_beside_its_field_and_nothing_is_kept(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    dialog = opened(qtbot, window)
    model, hours = field(dialog, JUDGE_MODEL.key), field(dialog, BACKUP_HOURS.key)
    assert isinstance(model, QLineEdit)
    assert isinstance(hours, QSpinBox)
    model.setText("two words")
    hours.setValue(5)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert dialog.isVisible()
    assert dialog.rows.wrong == "⚠ This cannot be kept. Give the name of a model, without spaces."
    assert model.hasFocus()
    assert window.settings[BACKUP_HOURS] == BACKUP_HOURS.default
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.settings[TEXT_SIZE] == TEXT_SIZE.default
    assert preferences.read() == {}
