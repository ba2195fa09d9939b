"""A person at a page of a real window, who works it by keys: what those at every page do alike."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from reviewer.domain.changes import Outcome
from reviewer.ui.page import Page
from reviewer.ui.window import Window

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LONG_MS = 30_000  # a machine that does much else beside the tests is slow
P = TypeVar("P", bound=Page)
_Dialog = TypeVar("_Dialog", bound=QDialog)


class Person(Generic[P]):
    """A person at a page."""

    patience_ms = LONG_MS

    def __init__(self, qtbot: QtBot, window: Window, page: P) -> None:
        self.qtbot, self.window, self.page = qtbot, window, page

    def wait(self, what: Callable[[], bool]) -> None:
        """Until something holds."""
        self.qtbot.waitUntil(what, timeout=self.patience_ms)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Press a key where the focus is."""
        self._activate()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type where the focus is."""
        self._activate()
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def _activate(self) -> None:
        if QApplication.activeWindow() is None:
            with self.qtbot.waitActive(self.window, timeout=self.patience_ms):  # a dialog has just gone
                self.window.activateWindow()

    def settle(self) -> None:
        """Wait for everything that was asked of the writer."""
        done: list[object] = []
        self.page.desk.jobs.run(lambda _w, _t: Outcome(None), owner=self.page, done=done.append, failed=done.append)
        self.wait(lambda: bool(done))

    def dialog(self, kind: type[_Dialog]) -> _Dialog:
        """The open dialog of a class."""
        self.wait(lambda: any(dialog.isVisible() for dialog in self.window.findChildren(kind)))
        [found] = [dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()]
        self.wait(found.isActiveWindow)
        return found

    def banners(self) -> list[str]:
        """What the banners say, the newest first."""
        return [banner.accessibleName() for banner in self.window.messages.banners()]
