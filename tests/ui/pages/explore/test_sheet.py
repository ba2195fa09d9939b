"""What Enter does in a dialog of a page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.theme import Theme


def test_enter_presses_the_button_with_the_focus_and_nothing_from_a_field(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    pressed: list[str] = []
    dialog = SheetDialog(parent, theme, "A dialog")
    field, choose = QLineEdit(), QPushButton("Choose a file …")
    choose.setAutoDefault(False)
    choose.clicked.connect(lambda: pressed.append("choose"))
    for part in (field, choose):
        dialog.body.addWidget(part)
    dialog.set_buttons(("Go on", lambda: pressed.append("main")), ("Cancel", dialog.reject))
    dialog.show()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert pressed == []
    choose.setFocus()
    qtbot.keyClick(choose, Qt.Key.Key_Return)
    assert pressed == ["choose"]
    assert dialog.isVisible()
