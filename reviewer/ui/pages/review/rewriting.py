"""From a key to a step that is put right: the current step in the panel, checked beside the window, kept with the evidence."""

from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from reviewer.domain import corrections
from reviewer.domain.corrections import Rewrite
from reviewer.domain.errors import Refused, ReviewerError
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue import fetching
from reviewer.ui.pages.queue.evidence import Evidence
from reviewer.ui.pages.queue.fetching import Fetched
from reviewer.ui.pages.review.workbench import Workbench


class Rewriting(QObject):
    """What was rewritten lies in `evidence.rewrites`, by the whole names of steps."""

    told = Signal(str)

    def __init__(self, parent: QObject, desk: Desk, bench: Workbench, evidence: Evidence) -> None:
        super().__init__(parent)
        self._desk, self._bench, self._evidence = desk, bench, evidence

    def ask(self, fetched: Fetched, step: str, card: str) -> None:
        """Write a step anew, or go on with what was written. step: its whole name; card: what its card calls it."""
        item = fetched.showing.item
        try:
            step = corrections.address(item, step)
        except Refused as refusal:
            self.told.emit(f"{refusal.what} {refusal.hint}")
            return
        now = corrections.current(item, step)
        begun = self._evidence.rewrites.get(step, now)
        self._bench.rewrite.ask_rewrite(card, _spread(begun), keep=partial(self._keep, fetched, step, card))

    def _keep(self, fetched: Fetched, step: str, card: str, one: Rewrite) -> None:
        """Check it on another thread: a schema that came with the item says how long that takes."""
        item = fetched.showing.item
        if step in self._evidence.rewrites and _spread(corrections.current(item, step)) == one:
            self._bench.rewrite.close_panel()
            self._evidence.put_rewrites({name: other for name, other in self._evidence.rewrites.items() if name != step})
            self.told.emit(f"Step {card} is as it was.")
            return
        rewrites = {**self._evidence.rewrites, step: one}
        work = partial(fetching.put_right, item=item, rewrites=rewrites)
        self._desk.jobs.read(work, owner=self, slot="check", done=partial(self._kept, card), failed=self._refused)

    def _kept(self, card: str, rewrites: dict[str, Rewrite]) -> None:
        if self._bench.open_note is not self._bench.rewrite:
            return  # left meanwhile: what was written there is not wanted
        self._bench.rewrite.close_panel()
        self._evidence.put_rewrites(rewrites)
        self.told.emit(f"Rewritten: step {card}")

    def _refused(self, error: ReviewerError) -> None:
        if self._bench.open_note is self._bench.rewrite:
            self._bench.rewrite.complain(f"{error.what} {error.hint}")


def _spread(one: Rewrite) -> Rewrite:
    """Arguments a value a line, for writing in them; what is no JSON as it is."""
    if one.tool is None:
        return one
    try:
        return Rewrite(msgspec.json.format(one.text, indent=2), one.tool)
    except msgspec.DecodeError:
        return one
