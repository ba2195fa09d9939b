"""The current step of a transcript: which it is, how it reads, and how one goes on from it."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from typing import TYPE_CHECKING

from reviewer.ui.transcript import accessible
from reviewer.ui.transcript.blocks import Sort

if TYPE_CHECKING:
    from reviewer.ui.transcript.view import TranscriptView

_MARKED = {"bad": ", marked wrong", "good": ", marked right", "neutral": ", marked neutral"}
_PEEPS = 24  # pixels of a card that is still seen to be there


class Steps:
    """Of one view. A step that becomes current is brought into sight and told to whoever listens."""

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self.index = 0
        """The card of the current step."""

    @property
    def count(self) -> int:
        """How many steps the item has."""
        return len(self._view.scene.steps)

    @property
    def current(self) -> str:
        """The current step, `6` or `6.1`; empty where there is none."""
        blocks = self._view.scene.blocks
        return blocks[self.index].step if blocks else ""

    @property
    def words(self) -> str:
        """The current step in words: number, sort, mark and text."""
        scene = self._view.scene
        if not scene.blocks:
            return ""
        block = scene.blocks[self.index]
        mark = _MARKED.get(self._view.marks.get(block.step, ""), "")
        error = ", error" if block.failed else ""
        cited = len(scene.highlights.get(block.address, ()))
        evidence = f", {cited} marked as evidence" if cited else ""
        return f"Step {block.step}, {block.heading}{error}{mark}{evidence}. {block.copied()}"

    def next(self) -> None:
        """Make the step after the current one current."""
        self.go_on(1)

    def previous(self) -> None:
        """The same, backwards."""
        self.go_on(-1)

    def go_to(self, step: str) -> bool:
        """Make a step current. False if the item has none of that name."""
        scene = self._view.scene
        index = next((i for i in scene.steps if scene.blocks[i].step == step), None)
        if index is not None:
            self.take(index)
        return index is not None

    def go_on(self, way: int, among: Collection[Sort] | None = None) -> None:
        """Make the next step (1) or the one before (-1) current; among: only cards of these sorts."""
        scene = self._view.scene
        steps = [i for i in scene.steps if among is None or scene.blocks[i].sort in among]
        if not steps:
            return
        seen = [shown.index for shown in scene.visible() if shown.y + shown.laid.height > _PEEPS]
        if seen and not seen[0] <= self.index <= seen[-1]:  # it was scrolled away: go on where the eyes are
            target = next((i for i in (seen if way > 0 else reversed(seen)) if i in steps), self.index)
        else:
            at = bisect_right(steps, self.index) if way > 0 else bisect_left(steps, self.index) - 1
            target = steps[max(0, min(at, len(steps) - 1))]
        self.take(target)

    def take(self, index: int, *, reveal: bool = True) -> None:
        """Make the card at an index current. reveal: and bring it into sight."""
        view = self._view
        if reveal:
            view.scene.reveal(index)
        if index != self.index:
            self.index = index
            view.current_changed.emit(self.current)
            accessible.announce_step(view)
            view.marking.follow()
        view.renew()
