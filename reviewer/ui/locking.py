"""When the window is covered: while its workspace is locked, which it does by itself when nobody has touched anything for a while."""

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from reviewer.catalogue.settings import LOCK_AFTER
from reviewer.domain.errors import ReviewerError

if TYPE_CHECKING:
    from reviewer.ui.lock_panel import LockPanel
    from reviewer.ui.window import Window

# The panel is imported when it is first needed: it has no part in the first paint of a plain workspace.

_WHILE_LOCKED = frozenset(
    {"app.quit", "app.theme", "app.theme_system", "app.larger", "app.smaller", "app.usual_size"}
)  # what shows nothing of the workspace
_SIGNS_OF_LIFE = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin}
)


class Locking(QObject):
    """Covers the window while its workspace is locked, and locks it when nobody has touched anything for a while."""

    uncovered = Signal()
    """The panel is gone, and the window is seen again."""

    def __init__(self, window: "Window", stack: QStackedLayout) -> None:
        """stack: the parts of the window, upon which the panel is laid."""
        super().__init__(window)
        self._window = window
        self._stack = stack
        self._panel: LockPanel | None = None
        self._hidden: list[QWidget] = []
        self._listens = False
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self._watched: QWindow | None = None
        opening = window.opening
        opening.locked.connect(self._ask)
        opening.unlocked.connect(self._uncover)
        opening.refused.connect(self._refuse)
        opening.moved.connect(lambda _folder: self.follow())
        opening.identified.connect(lambda _identity: None if opening.is_locked or not self.covered else self._uncover())

    @property
    def covered(self) -> bool:
        """Whether the panel hides everything."""
        return self._panel is not None and self._stack.currentWidget() is self._panel

    def follow(self) -> None:
        """Another workspace, or none: an encrypted one shows nothing before it is open."""
        opening = self._window.opening
        if opening.is_locked:
            self._ask()
        elif opening.folder is not None and opening.sealed:
            self._cover().wait(opening.folder.name)
        else:
            self._uncover()

    def lock(self) -> None:
        """Keep drafts, close the workspace, forget its key, and ask for the passphrase."""
        if self._window.opening.sealed and not self._window.opening.is_locked:
            self._window.save_drafts()
            self._window.opening.lock()

    def _ask(self) -> None:
        folder = self._window.opening.folder
        self._cover().ask(folder.name if folder is not None else "")

    def _refuse(self, error: ReviewerError) -> None:
        if self._panel is not None:
            self._panel.refuse(error, self._window.opening.wait_s)

    def _cover(self) -> "LockPanel":
        if self._panel is None:
            from reviewer.ui.lock_panel import LockPanel

            self._panel = LockPanel(self._window.theme)
            self._panel.tried.connect(self._window.opening.unlock)
            self._panel.left.connect(self._window.opening.leave)
            self._stack.addWidget(self._panel)
        if not self.covered:
            self._hidden = [dialog for dialog in QApplication.topLevelWidgets() if dialog.inherits("QDialog") and dialog.isVisible()]
            for dialog in self._hidden:
                dialog.hide()
            self._stack.setCurrentWidget(self._panel)
            self._window.actions_of_page.hold(_WHILE_LOCKED)
        self._watch(None)
        return self._panel

    def _uncover(self) -> None:
        if self.covered:
            self._window.messages.clear()  # what was met while it was locked
            self._stack.setCurrentIndex(0)
            self._window.actions_of_page.hold(None)
            self._window.show_again()
            for dialog in self._hidden:
                if shiboken6.isValid(dialog):
                    dialog.show()
            self._hidden = []
            self.uncovered.emit()
        self.start_clock()

    # -- the clock ---------------------------------------------------------------------------------------------------------------

    def start_clock(self) -> None:
        """Count anew from now, by the setting as it is."""
        minutes = self._window.settings[LOCK_AFTER]
        app = QApplication.instance()
        assert isinstance(app, QGuiApplication)
        if not self._window.opening.sealed or not minutes:
            self._watch(None)
            return
        self._idle.setInterval(minutes * 60_000)
        if not self._listens:
            self._listens = True
            app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow() or self._window.windowHandle())
        self._idle.start()

    def _watch(self, focus: QWindow | None) -> None:
        """See what the person does in the window with the keyboard: only there, a filter on the whole program slows every event."""
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = focus if self._window.opening.sealed and not self.covered else None
        if self._watched is not None:
            self._watched.installEventFilter(self)
        elif self.covered or not self._window.opening.sealed:
            self._idle.stop()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """Somebody is there: begin counting anew."""
        if event.type() in _SIGNS_OF_LIFE and self._idle.isActive():
            self._idle.start()
        return super().eventFilter(target, event)
