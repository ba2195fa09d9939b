"""The page on which outputs are compared: side by side, in an order of one's own, all of it by keyboard."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.domain.labels import Opinion
from reviewer.ui.page import Desk
from reviewer.ui.pages.compare.bench import ComparisonBench
from reviewer.ui.pages.compare.choosing import Choosing
from reviewer.ui.pages.compare.correcting import Correcting
from reviewer.ui.pages.compare.reading import Reading
from reviewer.ui.pages.compare.words import footer_of, in_sentence, missing, said_before
from reviewer.ui.pages.queue.fetching import Fetched, Past
from reviewer.ui.pages.queue.gate import TRANSCRIPT, Gate
from reviewer.ui.pages.queue.page import QueuePage
from reviewer.ui.pages.queue.words import said_above, short
from reviewer.ui.widgets.announcing import announce

if TYPE_CHECKING:
    from reviewer.ui.pages.compare.bar import SaidBar

_OWN = frozenset(action.id for action in actions.ALL if action.where is Where.COMPARE)
_READING = frozenset(
    f"compare.{name}" for name in ("next_output", "previous_output", "next_step", "previous_step", "differences", "together", "prompt")
)
_CHANGE = frozenset({"compare.change"})
_ALWAYS = frozenset(f"compare.{name}" for name in ("undo", "back", "next", "campaign", "my_work", "guidelines"))


class ComparePage(QueuePage):
    """Works the queue of a campaign that asks which output is better."""

    name = "compare"
    title = "Review"
    compares = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._choosing = Choosing(self)
        self._bench = ComparisonBench(desk.theme, self._media.ask, self._choosing, self._stack)
        self._reading = Reading(desk, self, self._bench)
        self._correcting = Correcting(self, self._bench)
        self._work_at(self._bench, Gate(self, judge=_OWN - _READING - _ALWAYS - _CHANGE, read=_READING | TRANSCRIPT, change=_CHANGE))
        self._connect()

    @cached_property
    def _said(self) -> "SaidBar":
        from reviewer.ui.pages.compare.bar import SaidBar

        said = SaidBar(change=self._back.change, forward=partial(self._back.look, -1))
        self._bench.bars.addWidget(said)
        return said

    def _connect(self) -> None:
        bar, drafts = self._bench.bar, self._drafts
        bar.changed.connect(drafts.touch)
        bar.left.connect(drafts.keep)
        bar.record.clicked.connect(self._answering.record)
        self._bench.save_wanted.connect(self._media.save)
        self._reading.marked.connect(drafts.touch)
        self._reading.told.connect(self._tell)
        self._correcting.changed.connect(drafts.touch)

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """All actions of comparing, and of the transcript that has the keys."""
        bench, choosing = self._bench, self._choosing
        own: dict[str, Callable[[], None]] = {f"choose_{n}": partial(self._press, n) for n in range(1, 9)}
        own |= self._reading.handlers()
        own |= {
            "both_bad": partial(self._press, 0),
            "tie": lambda: choosing.all_alike(bad=False),
            "equal": choosing.join,
            "strength": choosing.turn_strength,
            "clear": choosing.clear,
            "edit": self._correcting.edit,
            "change": self._back.change,
        }
        in_transcript = {name: partial(self._in_transcript, name) for name in bench.prompt.pane.handlers()}
        return {f"compare.{name}": act for name, act in own.items()} | self.queue_handlers() | bench.bar.handlers() | in_transcript

    def _in_transcript(self, name: str) -> None:
        self._bench.current_pane.handlers()[name]()

    def forget_workspace(self) -> None:
        """Nothing of the old workspace stays."""
        super().forget_workspace()
        self._reading.forget()

    # -- showing -----------------------------------------------------------------------------------------------------------------

    def show_item(self, fetched: Fetched) -> str:
        """The outputs, and what was begun on them in the bar."""
        kept, bench = self._drafts.kept, self._bench
        self._show_outputs(fetched, kept)
        bench.bar.put(kept)
        bench.bars.setCurrentWidget(bench.bar)
        return f"Item {short(fetched.id)}, {len(self._choosing.keys)} outputs. {said_above(fetched.showing)}".strip()

    def show_past(self, past: Past) -> None:
        """The outputs, with what was said of them in the bar's place."""
        self._show_outputs(past.fetched, past.opinion)
        place = f"Your label {past.total - past.place:,} of {past.total:,}" if past.place else "Your last label"
        self._said.show_said(place, said_before(past.opinion), past.opinion.rationale)
        self._bench.bars.setCurrentWidget(self._said)
        self._said.forward.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_outputs(self, fetched: Fetched, opinion: Opinion) -> None:
        self._choosing.put([one.key for one in fetched.showing.item.candidates], opinion.preference)
        self._correcting.put(opinion.correction)
        self.say_keys(footer_of(len(self._choosing.keys)))
        blind = self._flow.standing.blind if self._flow.standing is not None else True
        self._reading.show(fetched, opinion, blind=blind)

    def lay_ahead(self, following: Fetched) -> None:
        """While this comparison is read: lay out the one that comes next."""
        self._reading.lay_ahead(following)

    # -- what is said ------------------------------------------------------------------------------------------------------------

    def _press(self, number: int) -> None:
        choosing = self._choosing
        if not choosing.press(number):
            self.said.emit(f"There is no choice {number} here.")
            return
        announce(self, in_sentence(choosing.preference()) if choosing.complete else f"Chosen: {', '.join(choosing.placed)}")

    def opinion(self) -> Opinion:
        """What bar, marks and a better answer say."""
        said = self._bench.bar.opinion(duration_ms=self._clock.ms, kept=self._drafts.kept)
        return msgspec.structs.replace(said, steps=self._reading.marks, correction=self._correcting.text)

    def whole_opinion(self) -> Opinion | None:
        """The same, once every output has its place."""
        if self._choosing.complete:
            return self.opinion()
        self._bench.bar.complain(missing(self._choosing))
        announce(self, missing(self._choosing))
        return None

    def called(self, opinion: Opinion) -> str:
        """“B clearly better than A”."""
        return in_sentence(opinion.preference)

    def _tell(self, words: str) -> None:
        self.said.emit(words)
        announce(self, words)
