"""Mouse and keys in a transcript: select by dragging or with Shift, fold, save, copy, scroll."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QTextLayout

from reviewer.ui.transcript.blocks import Sort
from reviewer.ui.transcript.carets import Carets
from reviewer.ui.transcript.layouts import LaidRun
from reviewer.ui.transcript.offsets import utf16_length
from reviewer.ui.transcript.selection import Place, word_at
from reviewer.ui.widgets.keys import MODIFIERS

if TYPE_CHECKING:
    from reviewer.ui.transcript.view import TranscriptView

_Key = Qt.Key


class Pointing:
    """Turns events of one view into what they mean."""

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self._dragging = False

    # -- mouse -------------------------------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """Press a fold note or a “Save as…”, else start a selection there."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._pressed_something(event.position()):
            return
        found = self.place_at(event.position())
        if found is None:
            return
        place, _run = found
        self._view.marking.stop()
        selection = self._view.selection
        extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and selection.anchor is not None
        selection.put(selection.anchor if extend and selection.anchor else place, place)
        self._dragging = True
        if self._view.scene.blocks[place.block].sort is not Sort.CANDIDATE:
            self._view.steps.take(place.block, reveal=False)

    def move(self, event: QMouseEvent) -> None:
        """Select up to here; past the edge, scroll."""
        view = self._view
        if not self._dragging:
            over = self._target(event.position())
            view.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)
            return
        y = event.position().y()
        if y < 0 or y > view.viewport().height():
            view.scene.scroll_by(y if y < 0 else y - view.viewport().height())
        found = self.place_at(event.position())
        if found is not None and view.selection.anchor is not None:
            view.selection.put(view.selection.anchor, found[0])
        view.viewport().update()

    def release(self, event: QMouseEvent) -> None:
        """The selection is done; on X11 it is the primary selection too."""
        del event
        self._dragging = False

    def double(self, event: QMouseEvent) -> None:
        """Select the word under the mouse."""
        found = self.place_at(event.position())
        if found is None or found[1].layout is None or self._target(event.position()):
            return
        place, run = found
        assert run.layout is not None
        start, end = word_at(run.layout, place.at)
        self._view.selection.put(place._replace(at=start), place._replace(at=end))
        self._view.viewport().update()

    def _target(self, point: QPointF) -> "tuple[int, object] | None":
        """(card, None) over a fold note, (card, part) over a “Save as…”, else None."""
        for card in self._view.scene.visible():
            if self._view.heading_rect(card).contains(point.toPoint()):
                return card.index, None
            for _index, _top, run in card.laid.visible(max(0.0, -card.y), self._view.scene.height - card.y):
                if run.save_box is not None and run.save_box.contains(point):
                    return card.index, run.run.medium
        return None

    def _pressed_something(self, point: QPointF) -> bool:
        target = self._target(point)
        if target is None:
            return False
        index, medium = target
        self._view.steps.take(index, reveal=False)
        if medium is None:
            self._view.folding.toggle(index)
        else:
            self._view.save_wanted.emit(medium)
        return True

    # -- keys --------------------------------------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """What a key means here. False if nothing."""
        if event.key() in MODIFIERS:
            return False
        view = self._view
        if view.marking.key(event):
            return True
        if event.matches(QKeySequence.StandardKey.Copy):
            view.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_step()
        elif event.key() == _Key.Key_Escape and view.selection.ends is not None:
            view.selection.clear()
            view.viewport().update()
        elif event.key() in (_Key.Key_Return, _Key.Key_Enter) and not event.modifiers():
            self._enter()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._extend(event):
            pass
        else:
            return self._scroll(event)
        return True

    def _enter(self) -> None:
        """Open or close the current step; on one that holds a medium, save that."""
        view = self._view
        if not view.scene.blocks:
            return
        block = view.scene.blocks[view.steps.index]
        medium = next((source.medium for source in block.sources if source.medium is not None), None)
        if medium is not None and not block.foldable:
            view.save_wanted.emit(medium)
        else:
            view.folding.toggle()

    def _scroll(self, event: QKeyEvent) -> bool:
        bar = self._view.verticalScrollBar()
        page = max(40, bar.pageStep() - 60)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = event.key()
        if key == _Key.Key_Home:
            bar.setValue(0)
        elif key == _Key.Key_End:
            self._view.scene.scroll_to(bar.maximum())
            self._view.viewport().update()
        elif key in (_Key.Key_PageDown, _Key.Key_PageUp, _Key.Key_Space):
            up = key == _Key.Key_PageUp or (key == _Key.Key_Space and shift)
            bar.setValue(bar.value() + (-page if up else page))
        elif key in (_Key.Key_Down, _Key.Key_Up):
            bar.setValue(bar.value() + (bar.singleStep() if key == _Key.Key_Down else -bar.singleStep()))
        else:
            return False
        return True

    def _select_step(self) -> None:
        view = self._view
        if not view.scene.blocks:
            return
        index = view.steps.index
        block = view.scene.blocks[index]
        block.more(1 << 30)
        last = len(block.runs) - 1
        end = utf16_length(view.scene.laid(index).laid_run(last).text)
        view.selection.put(Place(index, 0, 0), Place(index, last, end))
        view.viewport().update()

    def _extend(self, event: QKeyEvent) -> bool:
        """Shift and an arrow: move the end of the selection. It starts at the current step."""
        view = self._view
        if not view.scene.blocks:
            return False
        selection = view.selection
        if selection.anchor is None or selection.caret is None:
            start = Place(view.steps.index, 0, 0)
            selection.put(start, start)
        assert selection.anchor is not None
        assert selection.caret is not None
        carets = Carets(view.scene)
        caret = carets.moved(selection.caret, event)
        if caret is None:
            return False
        selection.put(selection.anchor, caret)
        top = carets.line_top(caret)
        view.scene.reveal(caret.block, top=top, bottom=top + 24)
        view.viewport().update()
        return True

    # -- places ------------------------------------------------------------------------------------------------------------------

    def place_at(self, point: QPointF) -> tuple[Place, LaidRun] | None:
        """The place in the text nearest to a point of the viewport."""
        scene = self._view.scene
        cards = scene.visible()
        card = next((c for c in cards if point.y() < c.y + c.laid.height), cards[-1] if cards else None)
        found = card.laid.run_at(point.y() - card.y) if card is not None else None
        if card is None or found is None:
            return None
        index, top, run = found
        at = 0
        if run.layout is not None:
            look = scene.look
            x = point.x() - look.margin_left - look.gutter - look.pad_x - run.x
            at = _unit_at(run.layout, x, point.y() - card.y - top - run.gap)
        return Place(card.index, index, at), run


def _unit_at(layout: QTextLayout, x: float, y: float) -> int:
    for i in range(layout.lineCount()):
        line = layout.lineAt(i)
        if y < line.y() + line.height() + 2 or i == layout.lineCount() - 1:
            return int(line.xToCursor(x))
    return 0
