"""The viewer of one item: scrolls, folds, selects, finds and marks; one widget however long the transcript is."""

import time
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from reviewer.domain.items import Item
from reviewer.ui.theme import Theme
from reviewer.ui.transcript import accessible
from reviewer.ui.transcript.ahead import Painted, Standing, draw, paint_ahead
from reviewer.ui.transcript.blocks import Sort, Style, Transcript, prepare
from reviewer.ui.transcript.cited import Highlight, find
from reviewer.ui.transcript.finding import Finder, Hit
from reviewer.ui.transcript.folding import Folding
from reviewer.ui.transcript.images import Ask, Pictures
from reviewer.ui.transcript.looks import PAGE, Ground, Look
from reviewer.ui.transcript.marking import Marking
from reviewer.ui.transcript.painting import State, fold_note
from reviewer.ui.transcript.pointing import Pointing
from reviewer.ui.transcript.scene import EMPTY, Scene, Visible
from reviewer.ui.transcript.seen import Seen
from reviewer.ui.transcript.selection import Marked, Selection, quote
from reviewer.ui.transcript.steps import Steps
from reviewer.ui.transcript.tints import tints_of
from reviewer.ui.widgets.grounds import lie_on

_FILL_S = 0.005


class TranscriptView(QAbstractScrollArea):
    """Shows one item. Its text is painted as plain text only, whatever it holds."""

    current_changed = Signal(str)
    """Another step is the current one."""
    save_wanted = Signal(object)
    """Somebody wants to save a medium: its Part."""
    marking_changed = Signal(bool)
    """Words are being marked by keys, or no longer."""
    mark_wanted = Signal()
    """The person is done marking: what is selected shall be kept."""
    painted = Signal()
    """The first screen of an item is on the screen: once for each item."""

    def __init__(self, theme: Theme, ask: Ask | None = None, parent: QWidget | None = None, *, ground: Ground = PAGE) -> None:
        """ask: how images are read; without it they stay placeholders."""
        super().__init__(parent)
        accessible.install()
        self._theme = theme
        self._pictures = Pictures(ask, self)
        self._pictures.arrived.connect(self._picture_arrived)
        self._ground = ground
        self._look = Look(theme, ground)
        self.scene = Scene(self._pictures, self._look)
        self.selection = Selection()
        self.finder = Finder(self)
        self.finder.changed.connect(self.renew)
        self._pointing = Pointing(self)
        self.marking = Marking(self)
        self._transcript = EMPTY
        self.steps = Steps(self)
        self.folding = Folding(self)
        self.marks: Mapping[str, str] = {}
        """What each step is marked with: good, bad or neutral."""
        self._seen = Seen(self._pictures)
        self._ahead: Painted | None = None
        self._used: Painted | None = None  # what was copied to the screen last; let go of while nobody waits
        self._moving = False
        self._fresh = False
        self._filler = QTimer(self)
        self._filler.setInterval(0)
        self._filler.timeout.connect(self._fill_in)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Transcript")
        self.setViewport(QWidget())  # Qt's own would make PySide load every class of widget to find out what it is, 20 ms
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().setSingleStep(48)
        lie_on(self, ground.role)
        theme.changed.connect(self._theme_changed)

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    def show_item(self, item: Item) -> None:
        """Show an item from its start."""
        self.show_transcript(prepare(item))

    def show_transcript(self, transcript: Transcript, *, at_last: bool = False) -> None:
        """Show an item that was prepared before, perhaps on another thread. The first screen is laid out when it is painted.

        at_last: from its last step, else from its start.
        """
        self.folding.begin()
        self._transcript = transcript
        self.marks = {}
        self._seen.clear()
        self.deselect()
        self._fresh = True
        self.scene.show(transcript)
        self.steps.index = self.scene.begin(at_last=at_last)
        self.finder.start(self.finder.words, transcript.blocks)  # changed in any case: all is painted

    def lay_ahead(self, transcript: Transcript, *, height: int | None = None, focused: bool = True, at_last: bool = False) -> None:
        """Lay out and paint the first screen of what will be shown next, while nobody waits.

        height: of the viewport as it will be then. focused: whoever shows it gives it the focus. at_last: as in `show_transcript`.
        """
        if transcript is not self._transcript:
            self._used = None
            beside = self.scene.lay_ahead(transcript, height)
            current = beside.begin(at_last=at_last)
            shown = beside.visible()
            self._ahead = paint_ahead(self._standing(transcript, beside, shown, State(current, focused, {}, {})), shown)

    def _standing(self, transcript: Transcript, scene: Scene, shown: Sequence[Visible], state: State) -> Standing:
        places = tuple((card.laid, card.y) for card in shown)
        return Standing(transcript, self._look, QSize(scene.width, scene.height), self.devicePixelRatioF(), places, state)

    def lay_out_again(self) -> None:
        """The texts of the same item read otherwise now: what was selected is gone, what was looked for is looked for again."""
        self.deselect()
        self.scene.renew(self._look)
        self.finder.start(self.finder.words, self.scene.blocks)  # changed in any case: all is painted

    def deselect(self) -> None:
        """Select nothing, and mark nothing by keys."""
        self.marking.stop()
        self.selection.clear()

    def clear(self) -> None:
        """Show nothing, and keep nothing of what was shown."""
        self.show_transcript(EMPTY)
        self._drop_ahead()

    @property
    def transcript(self) -> Transcript:
        """What is shown."""
        return self._transcript

    def set_marks(self, marks: Mapping[str, str]) -> None:
        """Marks of steps: {step: good, bad or neutral}."""
        if marks != self.marks:
            self.marks = dict(marks)
            self.renew()

    def set_highlights(self, highlights: Sequence[Highlight]) -> None:
        """Stretches of text to stand out, each with a small word behind it."""
        if self.scene.cite(highlights):  # numbers stand in the text: places that were selected are others now
            self.deselect()
            self.renew()

    def show_highlight(self, highlight: Highlight) -> bool:
        """Go to a stretch that was cited, opening its step if it is folded. False if the item has none such."""
        index = next((i for i in self.scene.steps if self.scene.blocks[i].address == highlight.step), None)
        if index is None:
            return False
        if self.scene.blocks[index].cut:
            self.folding.open(index)
        laid = self.scene.laid(index)
        place = find(self.scene.blocks[index], highlight)
        if place is not None:
            run, offset = place
            line = laid.laid_run(run)
            top = laid.top_of(run) + line.line_top(offset)
            self.scene.reveal(index, top=max(0.0, top - 24), bottom=top + 48)
        self.steps.take(index, reveal=place is None)
        return True

    def truncated_steps(self) -> list[str]:
        """Steps that were not shown whole: folded, their end never in view, or with a medium that is not drawn."""
        return self._seen.truncated(self.scene)

    # -- finding and copying -----------------------------------------------------------------------------------------------------

    def find_words(self, words: str) -> None:
        """Look for words; every place found is tinted."""
        self.finder.start(words, self.scene.blocks)

    def find_step(self, way: int) -> None:
        """Go to the next (1) or previous (-1) place found, opening its step if it is folded."""
        hit = self.finder.go(way, self.steps.index)
        if hit is not None:
            self._show_hit(hit)

    def _show_hit(self, hit: Hit) -> None:
        block = self.scene.blocks[hit.block]
        block.more(hit.run + 1)
        if block.cut and (hit.run >= len(block.runs) - 1 or not hit.in_key):
            self.folding.open(hit.block)
        laid = self.scene.laid(hit.block)
        run = laid.laid_run(hit.run)
        top = laid.top_of(hit.run) + (0.0 if hit.in_key else run.line_top(hit.start))
        self.scene.reveal(hit.block, top=max(0.0, top - 24), bottom=top + 48)
        if self.scene.blocks[hit.block].sort is not Sort.CANDIDATE:
            self.steps.take(hit.block, reveal=False)
        self.renew()

    def copy(self) -> None:
        """Put the selection, or the current step where nothing is selected, on the clipboard."""
        text = self.selection.text(self.scene)
        if not text and self.scene.blocks:
            text = self.scene.blocks[self.steps.index].copied()
        if text:
            QGuiApplication.clipboard().setText(text)

    def copy_quote(self, item: str) -> None:
        """The same as `> ` lines with step numbers and the item's id."""
        if self.scene.blocks:
            QGuiApplication.clipboard().setText(quote(self.scene, self.selection, item=item, current=self.steps.index))

    def marked(self) -> list[Marked]:
        """The selected stretches, in code points of the item's own texts."""
        return self.selection.marked(self.scene)

    # -- painting ----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight; what was not laid out yet is laid out now."""
        shown = self.scene.visible()
        tints = tints_of(self.scene, shown, self._look, self.selection, self.finder)
        state = State(self.steps.index, self.hasFocus(), self.marks, tints, self.marking.caret)
        standing = self._standing(self._transcript, self.scene, shown, state)
        painter = QPainter(self.viewport())
        if self._ahead is not None and self._ahead.standing.is_same(standing):
            painter.drawPixmap(0, 0, self._ahead.picture)
        else:
            painter.setBackground(self._look.paper)
            painter.eraseRect(event.rect())
            draw(painter, standing, shown, event.rect())
        painter.end()
        if self._ahead is not None and self._ahead.standing.transcript is self._transcript:
            self._used, self._ahead = self._ahead, None
        self._seen.note(shown, self.scene)
        self._sync_bar()
        if self._fresh:
            self._fresh = False
            self.painted.emit()
        if shown and not self._filler.isActive() and any(card.laid.unmade for card in shown):
            self._filler.start()

    def _fill_in(self) -> None:
        """Between two paints: make the rest of the long cards in sight, a little at a time."""
        until = time.perf_counter() + _FILL_S
        for card in self.scene.visible():
            while card.laid.unmade:
                if time.perf_counter() > until:
                    self._sync_bar()
                    return
                card.laid.fill()
        self._filler.stop()
        self._sync_bar()

    def renew(self) -> None:
        """Paint anew, with the scroll bar where it belongs."""
        self._sync_bar()
        self.viewport().update()

    def _sync_bar(self) -> None:
        bar = self.verticalScrollBar()
        self._moving = True
        most, value = max(0, self.scene.total - self.scene.height), self.scene.value
        if bar.maximum() != most or bar.pageStep() != self.scene.height:
            bar.setPageStep(self.scene.height)
            bar.setRange(0, max(most, value))
            bar.setEnabled(bar.maximum() > 0)
        bar.setValue(value)
        self._moving = False

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002 - as Qt calls it
        """The scroll bar was moved."""
        if not self._moving:
            self.scene.scroll_to(self.verticalScrollBar().value())
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002 - as Qt calls it
        """Another size: lines break elsewhere."""
        self.scene.resize(self.viewport().width(), self.viewport().height())
        self._sync_bar()

    def changeEvent(self, event: QEvent) -> None:
        """A move to a screen of another scale needs a new layout."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._theme_changed()
        super().changeEvent(event)

    def _theme_changed(self) -> None:
        self._look = Look(self._theme, self._ground)
        self.scene.renew(self._look)
        self.renew()

    def _drop_ahead(self) -> None:
        self.scene.drop_ahead()
        self._ahead = self._used = None

    def _picture_arrived(self, sha256: str) -> None:
        self._drop_ahead()
        for index, block in enumerate(self.scene.blocks):
            if any(source.medium is not None and source.medium.sha256 == sha256 for source in block.sources):
                self.scene.forget(index)
        self.renew()

    # -- mouse and keys (pointing.py) --------------------------------------------------------------------------------------------

    def heading_rect(self, card: Visible) -> QRect:
        """Where “show all” stands in a card; empty where it does not."""
        if not fold_note(card.laid.block):
            return QRect()
        look = self._look
        right = look.card_right(self.viewport().width()) - look.pad_x
        wide = int(len(fold_note(card.laid.block)) * look.heading.char * 1.1) + 16
        return QRect(right - wide, int(card.y) + look.pad_y - 4, wide + 8, int(look.heading.line) + 8)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a selection, make a step current, or press what can be pressed."""
        self._pointing.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on selecting."""
        self._pointing.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The selection stands."""
        self._pointing.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        self._pointing.double(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, select, copy, fold."""
        if not self._pointing.key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:  # noqa: ARG002 - as Qt calls it
        """Show which step is current."""
        self.renew()

    def focusOutEvent(self, event: QEvent) -> None:  # noqa: ARG002 - as Qt calls it
        """Show it less."""
        self.renew()


__all__ = ["Highlight", "Style", "TranscriptView"]
