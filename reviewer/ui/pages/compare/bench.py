"""The parts of the page and where they stand: the prompt above, the outputs side by side, the bar below, the drawer at the right."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.items import Item
from reviewer.ui.pages.compare.bar import ChoiceBar
from reviewer.ui.pages.compare.candidate import CandidatePane
from reviewer.ui.pages.compare.choosing import Choosing
from reviewer.ui.pages.compare.prompt import PromptCard
from reviewer.ui.pages.queue.bench import Bench
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.blocks import Transcript
from reviewer.ui.transcript.images import Ask
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.scrolling import scrolled

if TYPE_CHECKING:
    from reviewer.ui.pages.queue.drawer import Drawer

_LEAST_HEIGHT = 112  # of the outputs; where the page is too low for that, it scrolls
_LEAST_OUTPUTS = 440  # narrower, an open drawer takes their place


class ComparisonBench(Bench):
    """Prompt, outputs side by side, bar, drawer. Panes are kept and used again for the next comparison."""

    current_changed = Signal()
    """Another output is the current one."""
    save_wanted = Signal(object)
    """Somebody wants to save a medium of the prompt or of an output: its Part."""

    def __init__(self, theme: Theme, ask: Ask, choosing: Choosing, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._ask = ask
        self._choosing = choosing
        self.panes: list[CandidatePane] = []
        self._shown = 0
        self._current = 0
        self._ahead: tuple[Transcript, int] | None = None  # the prompt that was laid out to come next, and how high it will stand
        self.scrolls_together = False
        self._scrolling = False
        self.warning = Strip(theme, "warn")
        self.above = Strip(theme, "note")
        self.prompt = PromptCard(theme, ask)
        self.prompt.pane.view.save_wanted.connect(self.save_wanted)
        self.bar = ChoiceBar(theme, choosing)
        self.bars = QStackedWidget()
        self.bars.addWidget(self.bar)
        self.bar.arranged.connect(self._fit_soon)
        self._middle = QWidget()
        self._column = QVBoxLayout(self._middle)
        for part in (self.news, self.warning, self.above, self.prompt):
            self._column.addWidget(part)
        self._column.addWidget(self._make_outputs(), 1)
        self._column.addLayout(self._foot)
        self._column.addWidget(self.bars)
        self._page = scrolled(self._middle)
        self._row.addWidget(self._page, 1)
        self._row.addWidget(self._blank, 1)
        choosing.changed.connect(self.show_places)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def _make_outputs(self) -> QScrollArea:
        self._outputs = QScrollArea()
        self._outputs.setFrameShape(QFrame.Shape.NoFrame)
        self._outputs.setWidgetResizable(True)
        self._outputs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._outputs.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._outputs.setAccessibleName("Outputs")
        body = QWidget()
        body.setAutoFillBackground(False)
        self._outputs.setWidget(body)
        self._outputs.viewport().setAutoFillBackground(False)
        self._side_by_side = QHBoxLayout(body)
        self._side_by_side.setContentsMargins(0, 0, 0, 0)
        return self._outputs

    def _put_drawer(self, drawer: "Drawer") -> None:
        self._row.addWidget(drawer)

    def _make_way(self, writing: bool) -> None:
        """What is written needs the room of the bar, which waits until it is done."""
        self.bars.setVisible(not writing)
        self._fit_soon()

    def say_above(self, words: str) -> None:
        """Say above the comparison what its reviewer has to know of it."""
        self.above.say(words)

    def fit(self) -> None:
        """Give the drawer room beside the outputs, or where there is too little in their place."""
        room = self.width() - (self.drawer.width() if self.drawer_kind else 0)
        beside = not self._rests and (not self.drawer_kind or room >= self._theme.px(_LEAST_OUTPUTS))
        self._page.setVisible(beside)
        self._blank.setVisible(not beside)

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    def show_comparison(self, item: Item, prompt: Transcript, outputs: Mapping[str, Transcript], *, blind: bool) -> None:
        """Show the outputs in the order of the item, which is this reviewer's own."""
        ready = self._ahead is not None and self._ahead[0] is prompt
        if self._ahead is not None and ready:
            self._set_prompt_height(self._ahead[1])
        self._ahead = None
        self.prompt.show_prompt(prompt)
        models = {one.key: one.model for one in item.candidates}
        while len(self.panes) < len(outputs):
            self._add_pane()
        self._shown = len(outputs)
        for place, pane in enumerate(self.panes):
            pane.setVisible(place < self._shown)
        for place, (key, transcript) in enumerate(outputs.items()):
            model, several = models.get(key), len(outputs) > 2
            self.panes[place].show_candidate(key, place + 1, transcript, model=model, blind=blind and model is None, several=several)
        for pane in self.panes[self._shown :]:
            pane.clear()
        self._current = 0
        self.show_places()
        if not ready:
            self.fit_prompt()

    def lay_ahead(self, prompt: Transcript, outputs: Mapping[str, Transcript]) -> None:
        """While a comparison is read: lay out and paint the one that comes next, where it has as many outputs, as high as it will stand."""
        if len(outputs) != self._shown or self.prompt.large or not prompt.blocks or self.prompt.isHidden():
            return
        views = [pane.pane.view for pane in self.shown_panes]
        beside = [view.scene.lay_ahead(transcript) for view, transcript in zip(views, outputs.values(), strict=True)]
        height = self.prompt.height_in(self.height(), self._room, self.prompt.pane.view.scene.lay_ahead(prompt), beside)
        self.prompt.pane.view.lay_ahead(prompt, height=height, focused=False, at_last=True)
        rest = self._room - height
        for place, (view, transcript) in enumerate(zip(views, outputs.values(), strict=True)):
            view.lay_ahead(transcript, height=rest, focused=place == 0)
        self._ahead = (prompt, height)

    @property
    def _room(self) -> int:
        """What the text of the prompt and of an output have together; pixels. Less what the page is too low for all of it."""
        prompt = 0 if self.prompt.isHidden() else self.prompt.pane.view.height()
        over = max(0, self._column.minimumSize().height() - self._page.viewport().height())
        return prompt + self.panes[0].pane.view.height() - over

    def fit_prompt(self) -> None:
        """Give prompt and outputs their heights, once they have their widths."""
        if not self._shown or not self.isVisible():
            return
        outputs = [pane.pane.view.scene for pane in self.shown_panes]
        self._set_prompt_height(self.prompt.height_in(self.height(), self._room, self.prompt.pane.view.scene, outputs))
        self.prompt.show_last()
        if (note := self.open_note) is not None:
            self._page.ensureWidgetVisible(note)

    def _set_prompt_height(self, height: int) -> None:
        if self.prompt.set_height(height):
            self._column.activate()  # now, so that nothing is painted twice

    def _add_pane(self) -> None:
        pane = CandidatePane(self._theme, self._ask)
        pane.pressed.connect(self._choosing_pressed)
        pane.pane.view.save_wanted.connect(self.save_wanted)
        pane.pane.view.verticalScrollBar().valueChanged.connect(lambda value, pane=pane: self._scrolled(pane, value))
        self._side_by_side.addWidget(pane, 1)
        self.panes.append(pane)

    def _choosing_pressed(self, key: str) -> None:
        """The button of an output: of two, it is the better one; of more, it gets the next place."""
        if len(self._choosing.keys) == 2:
            self._choosing.choose("1" if key == self._choosing.keys[0] else "5")
        else:
            self._choosing.place(key)

    def show_places(self) -> None:
        """Which output has which place."""
        for pane in self.shown_panes:
            place = self._choosing.place_of(pane.key)
            best = place == 1 and self._choosing.decided and self._choosing.complete
            if place is None:
                words = ""
            elif self._choosing.both_bad:
                words = "bad"
            elif not self._choosing.decided and self._choosing.complete:
                words = "tie"
            elif len(self._choosing.keys) == 2:
                words = "preferred" if best else ""
            else:
                words = f"place {place}"
            pane.show_place(words, best=best)

    @property
    def shown_panes(self) -> Sequence[CandidatePane]:
        """The panes in use, from left to right."""
        return self.panes[: self._shown]

    @property
    def current(self) -> CandidatePane | None:
        """The pane of the current output; None where nothing is shown."""
        return self.panes[self._current] if self._shown else None

    @property
    def current_pane(self) -> TranscriptPane:
        """The transcript that keys of transcripts work in: the prompt where it has the focus, else the current output."""
        current = self.current
        return self.prompt.pane if current is None or self.prompt.pane.view.hasFocus() else current.pane

    def truncated_steps(self) -> Sequence[str]:
        """Steps that were not shown whole, of the prompt and of all outputs."""
        views = [self.prompt.pane.view, *(pane.pane.view for pane in self.shown_panes)]
        return [step for view in views for step in view.truncated_steps()]

    # -- moving about ------------------------------------------------------------------------------------------------------------

    def go_to(self, place: int) -> None:
        """Make an output the current one, and let the keys go there."""
        if not self._shown:
            return
        self._current = max(0, min(place, self._shown - 1))
        pane = self.panes[self._current]
        self._outputs.ensureWidgetVisible(pane)
        pane.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.current_changed.emit()

    def step(self, way: int) -> None:
        """Go to the output at the right (1) or left (-1)."""
        self.go_to(self._current + way)

    def take_keys(self) -> None:
        """Let the keys go to the current output, unless something is being written."""
        if self.open_note is None:
            self.go_to(self._current)

    def is_beside(self, widget: QWidget) -> bool:
        """Whether Esc leads from a widget back to the outputs: from the prompt, and from the bar."""
        return not any(pane.isAncestorOf(widget) for pane in self.shown_panes)

    def turn_prompt(self) -> None:
        """Read the prompt large with the keys in it, or go back to the outputs."""
        self.prompt.large = not self.prompt.large
        self.fit_prompt()
        if self.prompt.large:
            self.prompt.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.take_keys()

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.bars.isAncestorOf(new):
            self._page.ensureWidgetVisible(new)
        place = next((n for n, pane in enumerate(self.shown_panes) if new is not None and pane.isAncestorOf(new)), None)
        if place is not None and place != self._current:
            self._current = place
            self.current_changed.emit()

    def _scrolled(self, pane: CandidatePane, value: int) -> None:
        """Together: each output goes as far down as this one has, counted in its own height."""
        if not self.scrolls_together or self._scrolling:
            return
        here = pane.pane.view.verticalScrollBar()
        share = value / here.maximum() if here.maximum() else 0.0
        self._scrolling = True
        for other in self.shown_panes:
            if other is not pane:
                bar = other.pane.view.verticalScrollBar()
                bar.setValue(round(share * bar.maximum()))
        self._scrolling = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size: the prompt takes its share, once all have their widths."""
        super().resizeEvent(event)
        self._fit_soon()

    def showEvent(self, event: QShowEvent) -> None:
        """The same when the page comes up."""
        super().showEvent(event)
        self._fit_soon()

    def _fit_soon(self) -> None:
        """Once all parts have the places that follow from what was changed."""
        QTimer.singleShot(0, self, self.fit_prompt)

    def _take_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(14), px(16), px(14))
        self._column.setSpacing(px(10))
        self._side_by_side.setSpacing(px(14))
        self._outputs.setMinimumHeight(px(_LEAST_HEIGHT))
        self._fit_soon()
