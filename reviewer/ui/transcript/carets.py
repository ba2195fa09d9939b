"""Where a caret goes in a transcript: by characters, words and lines, from run to run and from card to card."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextLayout

from reviewer.ui.transcript.layouts import x_of
from reviewer.ui.transcript.offsets import utf16_length
from reviewer.ui.transcript.scene import Scene
from reviewer.ui.transcript.selection import Place

_Key = Qt.Key


class Carets:
    """The moves of one scene. Right and Down go on in reading order, whichever way the script runs."""

    def __init__(self, scene: Scene, *, markable: bool = False) -> None:
        """markable: stay in the card, and stop only at text that a label can cite."""
        self._scene = scene
        self._markable = markable

    def moved(self, caret: Place, event: QKeyEvent) -> Place | None:
        """Where a key leads from a place; None for a key that moves nothing."""
        words = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        moves: dict[Qt.Key, Callable[[Place], Place]] = {
            _Key.Key_Right: lambda place: self._sideways(place, 1, words=words),
            _Key.Key_Left: lambda place: self._sideways(place, -1, words=words),
            _Key.Key_Down: lambda place: self._line(place, 1),
            _Key.Key_Up: lambda place: self._line(place, -1),
            _Key.Key_End: self._line_end,
            _Key.Key_Home: self._line_start,
        }
        move = moves.get(_Key(event.key()))
        return move(caret) if move is not None else None

    def first(self, block: int) -> Place | None:
        """The first place of a card at which a caret may stand."""
        run = self._next_run(block, -1, 1)
        return None if run is None else Place(block, run, self._ends(block, run)[0])

    def line_top(self, place: Place) -> float:
        """Where the line of a place starts in its card, pixels."""
        top = self._scene.laid(place.block).top_of(place.run)
        layout = self._layout(place)
        line = layout.lineForTextPosition(place.at) if layout is not None else None
        return top + (line.y() if line is not None and line.isValid() else 0.0)

    def _layout(self, place: Place) -> QTextLayout | None:
        return self._scene.laid(place.block).laid_run(place.run).layout

    def _ends(self, block: int, run: int) -> tuple[int, int]:
        """The first and the last place of a run."""
        laid = self._scene.laid(block).laid_run(run)
        return laid.inner if self._markable else (0, utf16_length(laid.text))

    def _sideways(self, place: Place, way: int, *, words: bool) -> Place:
        layout = self._layout(place)
        mode = QTextLayout.CursorMode.SkipWords if words else QTextLayout.CursorMode.SkipCharacters
        if layout is not None:
            move = layout.nextCursorPosition if way > 0 else layout.previousCursorPosition
            at = move(place.at, mode)
            if self._markable:
                at = self._scene.laid(place.block).laid_run(place.run).snap(at, way)
            if at != place.at:
                return place._replace(at=at)
        return self._neighbour(place, way, at_end=way < 0)

    def _line(self, place: Place, way: int) -> Place:
        layout = self._layout(place)
        if layout is None:
            return self._neighbour(place, way, at_end=False)
        line = layout.lineForTextPosition(place.at)
        number = line.lineNumber() + way if line.isValid() else -1
        if not 0 <= number < layout.lineCount():
            return self._neighbour(place, way, at_end=way < 0)
        return self._snapped(place._replace(at=int(layout.lineAt(number).xToCursor(x_of(line.cursorToX(place.at))))), way)

    def _line_end(self, place: Place) -> Place:
        layout = self._layout(place)
        line = layout.lineForTextPosition(place.at) if layout is not None else None
        if layout is None or line is None or not line.isValid():
            return place
        at = line.textStart() + line.textLength()
        if line.lineNumber() < layout.lineCount() - 1:
            at = layout.previousCursorPosition(at)  # behind the space or line end at which it was broken, the next line begins
        return self._snapped(place._replace(at=at), 1)

    def _line_start(self, place: Place) -> Place:
        layout = self._layout(place)
        line = layout.lineForTextPosition(place.at) if layout is not None else None
        return self._snapped(place._replace(at=line.textStart()), -1) if line is not None and line.isValid() else place

    def _snapped(self, place: Place, way: int) -> Place:
        if not self._markable:
            return place
        return place._replace(at=self._scene.laid(place.block).laid_run(place.run).snap(place.at, way))

    def _neighbour(self, place: Place, way: int, *, at_end: bool) -> Place:
        """The run before or after, on the next card if need be; the same place at the ends of the transcript, or of the card."""
        scene, block = self._scene, place.block
        run = self._next_run(block, place.run, way)
        while run is None:
            block += way
            if self._markable or not 0 <= block < len(scene.blocks):
                return place
            scene.blocks[block].more(1 << 30 if way < 0 else 1)
            run = self._next_run(block, len(scene.blocks[block].runs) if way < 0 else -1, way)
        return Place(block, run, self._ends(block, run)[at_end])

    def _next_run(self, block: int, run: int, way: int) -> int | None:
        """The next run of a card at which a caret may stand."""
        while True:
            run += way
            self._scene.blocks[block].more(run + 1)
            if not 0 <= run < len(runs := self._scene.blocks[block].runs):
                return None
            if not self._markable or runs[run].markable:
                return run
