"""The outputs of one comparison on the screen: what is laid out, what is marked in them, and which words they do not share."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.events import Mark
from reviewer.domain.labels import Opinion
from reviewer.ui.page import Desk
from reviewer.ui.pages.compare.bench import ComparisonBench
from reviewer.ui.pages.compare.differences import Differences, Found
from reviewer.ui.pages.queue.evidence import Evidence
from reviewer.ui.pages.queue.fetching import Fetched
from reviewer.ui.transcript.blocks import Transcript, parts
from reviewer.ui.transcript.strips import warning

Parts = tuple[Transcript, dict[str, Transcript]]


class Reading(QObject):
    """Binds what is read to the bench."""

    marked = Signal()
    """A person changed the marks of steps."""
    told = Signal(str)
    """A short remark on what is shown now."""

    def __init__(self, desk: Desk, parent: QObject, bench: ComparisonBench) -> None:
        super().__init__(parent)
        self._bench = bench
        self._steps = Evidence(self)
        self._steps.changed.connect(self._show_marks)
        self._steps.changed.connect(self.marked)
        self._differences = Differences(desk, self, show=self._show_differences)
        self._parts: dict[int, tuple[Transcript, Parts]] = {}
        bench.current_changed.connect(self._follow_differences)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions of moving about and marking do, by their names without the page's."""
        bench = self._bench
        return {
            "next_output": partial(bench.step, 1),
            "previous_output": partial(bench.step, -1),
            "next_step": lambda: bench.current_pane.view.steps.next(),
            "previous_step": lambda: bench.current_pane.view.steps.previous(),
            "mark_bad": partial(self._mark, "bad"),
            "mark_good": partial(self._mark, "good"),
            "mark_clear": partial(self._mark, None),
            "differences": self._turn_differences,
            "together": self._turn_together,
            "prompt": bench.turn_prompt,
        }

    @property
    def marks(self) -> dict[str, Mark]:
        """The marks of steps."""
        return dict(self._steps.marks)

    def show(self, fetched: Fetched, opinion: Opinion, *, blind: bool) -> None:
        """Show a comparison with what was marked in it."""
        prompt, outputs = self._parts_of(fetched.transcript)
        self._steps.put(opinion)
        self._bench.show_comparison(fetched.showing.item, prompt, outputs, blind=blind)
        raw_key = key_words(BY_ID["transcript.raw"].keys[0])
        self._bench.warning.say(warning(fetched.transcript.hidden, fetched.transcript.references, raw_key))
        self._show_marks()
        self._follow_differences()

    def lay_ahead(self, fetched: Fetched) -> None:
        """While a comparison is read: lay out the one that comes next, where it has as many outputs."""
        self._bench.lay_ahead(*self._parts_of(fetched.transcript))

    def forget(self) -> None:
        """Nothing of the old workspace stays."""
        self._parts.clear()

    def _parts_of(self, whole: Transcript) -> Parts:
        """The prompt and the outputs; of those cut last the same ones again, so that what was laid out ahead is taken as it is."""
        known = self._parts.pop(id(whole), None)
        found = known[1] if known is not None else parts(whole)
        self._parts[id(whole)] = (whole, found)
        while len(self._parts) > 2:
            self._parts.pop(next(iter(self._parts)))
        return found

    def _mark(self, mark: Mark | None) -> None:
        """Mark the current step of the current output; the same mark again takes it off."""
        current = self._bench.current
        step = current.pane.view.steps.current if current is not None else ""
        if step:
            self._steps.mark(step, mark)

    def _show_marks(self) -> None:
        for pane in self._bench.shown_panes:
            pane.pane.view.set_marks(self._steps.marks)

    def _turn_differences(self) -> None:
        self._differences.turn(*self._compared())
        self.told.emit("Words that the outputs do not share stand out" if self._differences.on else "All words alike again")

    def _follow_differences(self) -> None:
        if self._differences.on:
            self._differences.follow(*self._compared())

    def _compared(self) -> tuple[dict[str, Transcript], str]:
        current = self._bench.current
        outputs = {pane.key: pane.pane.view.transcript for pane in self._bench.shown_panes}
        return outputs, current.key if current is not None else ""

    def _show_differences(self, found: Found) -> None:
        for pane in self._bench.shown_panes:
            pane.pane.view.set_highlights(found.get(pane.key, ()))

    def _turn_together(self) -> None:
        bench = self._bench
        bench.scrolls_together = not bench.scrolls_together
        self.told.emit("All outputs scroll as one" if bench.scrolls_together else "Each output scrolls by itself")
