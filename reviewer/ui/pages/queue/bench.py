"""What the benches of the pages that work a queue have in common: a drawer at the side, notes at the foot, and what is said above."""

from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.ui.theme import Theme
from reviewer.ui.transcript.strips import Strip

if TYPE_CHECKING:
    from reviewer.ui.pages.queue.drawer import Drawer
    from reviewer.ui.pages.queue.note import NotePanel

Note = TypeVar("Note", bound="NotePanel")

HIDDEN = "hidden"
"""The kind of drawer that says what is hidden of the item on screen."""


class Bench(QWidget):
    """Holds the widgets; the page decides what they show. Drawer and notes are made when they are first wanted: no first screen waits
    for them."""

    drawer_closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.news = Strip(theme, "note")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._blank = QWidget()  # keeps the drawer at its side while nothing is up
        self._blank.hide()
        self._foot = QVBoxLayout()
        self._notes: list[NotePanel] = []
        self._rests = False

    # -- what each bench is asked for --------------------------------------------------------------------------------------------

    def take_keys(self) -> None:
        """Give the keys to what is read, unless something is being written."""
        raise NotImplementedError

    def is_beside(self, widget: QWidget) -> bool:
        """Whether Esc leads from a widget back to what is read."""
        raise NotImplementedError

    def say_above(self, words: str) -> None:
        """Say above the item what its reviewer has to know of it."""
        raise NotImplementedError

    def truncated_steps(self) -> Sequence[str]:
        """Steps that were not shown whole."""
        raise NotImplementedError

    def fit(self) -> None:
        """Give the drawer its room, or where there is too little the place of what is read."""
        raise NotImplementedError

    def _put_drawer(self, drawer: "Drawer") -> None:
        """Give the drawer its place in the row."""
        raise NotImplementedError

    def _make_way(self, writing: bool) -> None:
        """Something is being written in a note, or no longer: Ctrl+Enter is the note's meanwhile."""
        raise NotImplementedError

    # -- the drawer --------------------------------------------------------------------------------------------------------------

    @cached_property
    def drawer(self) -> "Drawer":
        """The panel at the side."""
        from reviewer.ui.pages.queue.drawer import Drawer

        drawer = Drawer(self._theme)
        drawer.closed.connect(self.fit)
        drawer.closed.connect(self.drawer_closed)
        self._put_drawer(drawer)
        return drawer

    @property
    def drawer_kind(self) -> str:
        """What the drawer shows; empty while it is closed."""
        return self.drawer.kind if "drawer" in self.__dict__ else ""

    def close_drawer(self) -> bool:
        """Close the drawer. False if it is not open."""
        opened = bool(self.drawer_kind)
        if opened:
            self.drawer.close_drawer()
        return opened

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another arrangement."""
        super().resizeEvent(event)
        self.fit()

    def rest(self, rests: bool) -> None:
        """While nothing is up: show the drawer alone, not what was there before it; or show all again."""
        if rests != self._rests or self.drawer_kind:  # a drawer may have opened just now
            self._rests = rests
            self.fit()

    # -- notes -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def note(self) -> "NotePanel":
        """The panel for a reason."""
        from reviewer.ui.pages.queue.note import NotePanel

        return self._at_foot(NotePanel())

    @property
    def open_note(self) -> "NotePanel | None":
        """The panel in which something is being written, if one is open."""
        return next((panel for panel in self._notes if not panel.isHidden()), None)

    def close_note(self) -> bool:
        """Close the panel in which something is being written. False if none is open."""
        note = self.open_note
        if note is not None:
            note.close_panel()
        return note is not None

    def close_what_was_asked(self) -> None:
        """Another item is up, or none: a note and what was shown as hidden were of the one before."""
        self.close_note()
        if self.drawer_kind == HIDDEN:
            self.drawer.close_drawer()

    def _at_foot(self, note: Note) -> Note:
        note.opened.connect(partial(self._note_opened, note))
        self._notes.append(note)
        self._foot.insertWidget(0, note)
        return note

    def _note_opened(self, note: "NotePanel", opened: bool) -> None:
        """One at a time."""
        other = next((panel for panel in self._notes if panel is not note and not panel.isHidden()), None)
        if opened and other is not None:
            other.close_panel()
        self._make_way(self.open_note is not None)
