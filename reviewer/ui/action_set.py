"""The catalogue's actions as Qt's: who may fire now, and which key is the typing of a person in a text field."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.ui.widgets.keys import MODIFIERS
from reviewer.ui.widgets.words import plain_tooltip

Handlers = Mapping[str, Callable[[], None]]

_OVERRIDE, _PRESS = QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress


class Disagreement(Exception):
    """Catalogue and handlers differ: the page is not to be opened."""


def check_handlers(page: str, handlers: Iterable[str], carries: Iterable[str] = ()) -> None:
    """Raise Disagreement unless a page handles exactly what its places declare, and those of the whole program that it carries out."""
    have, owed = frozenset(handlers), actions.owed_by(page) | frozenset(carries)
    if have != owed:
        missing, extra = sorted(owed - have), sorted(have - owed)
        raise Disagreement(f"page “{page}”: no handler for {missing}, no declaration of {extra}")


class ActionSet(QObject):
    """All actions of one window. Those of the page that is shown can fire, unless the page has greyed them."""

    vain = Signal(str)
    """The id of a greyed action whose key was pressed: nothing happened, and somebody should say so."""

    def __init__(self, window: QWidget, own: Handlers) -> None:
        """own: the handlers of the window itself, for actions of the whole program."""
        super().__init__(window)
        self._own = dict(own)
        self._pages: dict[str, Handlers] = {}
        self._grey: dict[str, set[str]] = {}
        self._grey_everywhere: set[str] = set()
        self._only: frozenset[str] | None = None
        self._page = ""
        self._window = window
        self._qt: dict[str, QAction] = {}
        self._make(own)
        self._update()

    def watch_typing(self) -> None:
        """From now on, leave to the focused widget the keys it lives by. Called after the first paint: the first event that Python sees
        makes PySide load every class of event there is, 40 ms. Only the focused widget is watched: a filter on all would slow every event.
        """
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._watch)
        self._watch(None, app.focusWidget())

    def _watch(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def add_page(self, page: str, handlers: Handlers, carries: Iterable[str] = ()) -> None:
        """Take a page's handlers. Raises Disagreement when they are not what the catalogue declares for it."""
        check_handlers(page, handlers, carries)
        self._pages[page] = dict(handlers)
        self._make(handlers)
        if page == self._page:
            self._update()

    def _make(self, names: Iterable[str]) -> None:
        """Make Qt's actions of these ids, unless they are there. A page's come with it: the first paint waits for one page only."""
        for name in names:
            if name in self._qt:
                continue
            declared = actions.BY_ID[name]
            self._qt[name] = action = QAction(declared.title, self._window)
            action.setEnabled(False)
            action.setObjectName(name)
            action.setShortcuts([QKeySequence(key) for key in declared.keys])
            action.setAutoRepeat(declared.repeats)
            plain_tooltip(action, declared.text)
            action.triggered.connect(lambda _on=False, name=name: self._fire(name))
            self._window.addAction(action)

    def show_page(self, page: str) -> None:
        """From now on, this page's actions can fire."""
        self._page = page
        self._update()

    def allow(self, page: str, names: Iterable[str], on: bool) -> None:
        """Grey actions of a page, or let them fire again. That is asked when one fires and not told to Qt's actions: a label greys thirty
        and lets them fire again, and the next item would wait for each."""
        grey = self._grey.setdefault(page, set())
        grey.difference_update(names) if on else grey.update(names)

    def allow_everywhere(self, names: Iterable[str], on: bool) -> None:
        """Grey actions of the whole program on every page, or let them fire again."""
        names = frozenset(names)
        self._grey_everywhere.difference_update(names) if on else self._grey_everywhere.update(names)
        self._update(names)

    def hold(self, only: frozenset[str] | None) -> None:
        """Let these alone fire, whatever page is shown; None: as usual again."""
        self._only = only
        self._update()

    def can_fire(self, name: str) -> bool:
        """True if the action would do something now."""
        return name in self._qt and self._qt[name].isEnabled() and name not in self._grey.get(self._page, ())

    def qt_action(self, name: str) -> QAction:
        """Qt's action of that id, of the whole program or of a page that was made."""
        return self._qt[name]

    def fire(self, name: str) -> None:
        """Do it, as if its key had been pressed; nothing if it cannot fire now."""
        if name in self._qt:
            self._qt[name].trigger()

    def _fire(self, name: str) -> None:
        handler = self._pages.get(self._page, {}).get(name) or self._own.get(name)
        if handler is not None and self.can_fire(name):
            handler()

    def _update(self, names: Iterable[str] | None = None) -> None:
        """Tell Qt which actions are of the page that is shown or of the whole program: of those named, or of all."""
        here = self._pages.get(self._page, {})
        for name in self._qt if names is None else self._qt.keys() & names:
            handled = name in here or (actions.BY_ID[name].where is Where.APP and name in self._own)
            self._qt[name].setEnabled(handled and name not in self._grey_everywhere and (self._only is None or name in self._only))

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """Before a key becomes a shortcut: leave to a focused widget the keys it lives by and those whose action is greyed, and take the
        one it has no use for. Of a key whose action is greyed, tell that nothing came of it.
        """
        if not isinstance(event, QKeyEvent) or not isinstance(target, QWidget) or event.key() in MODIFIERS:
            return False
        kind = event.type()  # asked once: PySide makes a member of its enumeration anew each time
        if kind == _OVERRIDE:
            if self._greyed(target, event):
                event.accept()
                return True
            if _nothing_to_undo(target, event):
                event.ignore()
                return True  # a text field claims Ctrl+Z even when nothing was typed: then it is the label's undo
            if _lives_by(target, event):
                event.accept()
                return True
        elif kind == _PRESS:
            if _pressed_by_enter(target, event):
                return True
            self._tell_vain(target, event)
        return False

    def _tell_vain(self, target: QWidget, event: QKeyEvent) -> None:
        name = self._greyed(target, event)
        if name and not (event.isAutoRepeat() or _is_typed(target, event) or _lives_by(target, event)):
            self.vain.emit(name)

    def _greyed(self, target: QWidget, event: QKeyEvent) -> str:
        """The id of the page's action that a key would fire, had it not been greyed; empty where there is none, and in another window."""
        grey = self._grey.get(self._page, set()) & self._pages.get(self._page, {}).keys()
        if not grey or (target is not self._window and not self._window.isAncestorOf(target)):
            return ""
        pressed = QKeySequence(event.keyCombination())
        return next((name for name in grey if pressed in self._qt[name].shortcuts()), "")


def _is_typed(target: QWidget, event: QKeyEvent) -> bool:
    """True where the key is the typing of a person, or the way about in a list."""
    writes = any(target.inherits(kind) for kind in ("QLineEdit", "QTextEdit", "QPlainTextEdit", *_WORKED_BY_ARROWS))
    return writes and not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)


def _nothing_to_undo(target: QWidget, event: QKeyEvent) -> bool:
    if not event.matches(QKeySequence.StandardKey.Undo):
        return False
    if target.inherits("QLineEdit"):
        return not target.property("undoAvailable")
    if target.inherits("QTextEdit") or target.inherits("QPlainTextEdit"):
        return bool(target.property("readOnly")) or not target.document().isUndoAvailable()  # type: ignore[attr-defined] # both have one
    return False


def _pressed_by_enter(target: QWidget, event: QKeyEvent) -> bool:
    """Enter presses a button that has the focus. Qt leaves that to the desktop, and on some only the space bar does; in a dialog Enter is
    for the button that the dialog names, which Qt sees to.
    """
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    if not (target.inherits("QPushButton") or target.inherits("QToolButton")) or target.window().inherits("QDialog"):
        return False
    if not event.isAutoRepeat():
        target.click()  # type: ignore[attr-defined] # every button has one
    return True


_WORKED_BY_ARROWS = ("QAbstractItemView", "QComboBox", "QAbstractSpinBox", "QAbstractSlider")
# Named, not imported: each class of Qt that is touched before the first paint costs a millisecond or two.


def _lives_by(target: QWidget, event: QKeyEvent) -> bool:
    """True for the keys by which a focused button, list or box is worked: a shortcut on them would take the keyboard away from it."""
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    key = event.key()
    if not plain:
        return False
    if target.inherits("QAbstractButton"):
        return key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
        if target.property("caret"):  # a caret is moved in it just now
            return True
        return any(target.inherits(kind) for kind in _WORKED_BY_ARROWS)
    return False
