"""Marking words by keys: a caret in the current step, moved by arrows, with Shift from here to there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeyEvent

from reviewer.ui.transcript.carets import Carets
from reviewer.ui.transcript.selection import Place
from reviewer.ui.widgets.announcing import announce

if TYPE_CHECKING:
    from reviewer.ui.transcript.view import TranscriptView

_Key = Qt.Key
_SPOKEN_LIMIT = 400


class Marking:
    """The mode of one view. While it is on, arrows, Home, End, Enter and Esc belong to the caret; every other key keeps its meaning."""

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self.on = False

    @property
    def caret(self) -> Place | None:
        """Where it stands, while the mode is on."""
        return self._view.selection.caret if self.on else None

    def start(self) -> bool:
        """Put the caret at the start of the current step, unfolded. False if it has no words that a label can cite."""
        view = self._view
        if not view.scene.blocks:
            return False
        index = view.steps.index
        if view.scene.blocks[index].cut:
            view.folding.toggle(index)
        first = Carets(view.scene, markable=True).first(index)
        if first is None:
            return False
        view.selection.put(first, first)
        self._turn(on=True)
        self._reveal(first)
        return True

    def stop(self) -> None:
        """Leave the mode; nothing is selected any more."""
        if self.on:
            self._view.selection.clear()
            self._turn(on=False)
            self._view.viewport().update()

    def follow(self) -> None:
        """Another step became the current one: the caret goes there, or the mode ends where there is nothing to mark."""
        if self.on and not self.start():
            self.stop()

    def key(self, event: QKeyEvent) -> bool:
        """What a key does to the caret. False if nothing."""
        caret = self.caret
        if caret is None:
            return False
        if event.key() == _Key.Key_Escape:
            self.stop()
            return True
        if event.key() in (_Key.Key_Return, _Key.Key_Enter) and not event.modifiers():
            self._view.mark_wanted.emit()
            return True
        place = Carets(self._view.scene, markable=True).moved(caret, event)
        if place is None:
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        selection = self._view.selection
        selection.put(selection.anchor if shift and selection.anchor is not None else place, place)
        self._reveal(place)
        self._say(caret, place, extended=shift)
        return True

    def _turn(self, *, on: bool) -> None:
        self._view.setProperty("caret", on)  # action_set.py leaves the arrows to a widget that says so
        if self.on is not on:
            self.on = on
            self._view.marking_changed.emit(on)

    def _reveal(self, place: Place) -> None:
        top = Carets(self._view.scene).line_top(place)
        self._view.scene.reveal(place.block, top=top, bottom=top + 24)
        self._view.viewport().update()

    def _say(self, before: Place, now: Place, *, extended: bool) -> None:
        """Read out what is selected, or what the caret moved over, where somebody listens."""
        if not QAccessible.isActive():
            return
        view = self._view
        words = view.selection.text(view.scene) if extended else _between(view, before, now)
        announce(view, words[:_SPOKEN_LIMIT] or "nothing selected")


def _between(view: "TranscriptView", one: Place, other: Place) -> str:
    """What stands between two places of one run; where the runs differ, all of the second."""
    laid = view.scene.laid(other.block).laid_run(other.run)
    if one[:2] != other[:2]:
        return laid.run.own
    start, end = sorted((laid.to_offset(one.at), laid.to_offset(other.at)))
    return laid.run.text[start:end]
