"""How much of a transcript is laid out, and in which form: cards folded or open, texts laid out or exactly as recorded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewer.ui.transcript.blocks import Sort

if TYPE_CHECKING:
    from reviewer.ui.transcript.view import TranscriptView

_NEVER_FOLDED = (Sort.USER, Sort.ASSISTANT, Sort.CANDIDATE)


class Folding:
    """Of one view. What was selected is let go of: its places are others now."""

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self.raw = False
        """True while texts are shown exactly as recorded."""

    def toggle(self, index: int | None = None) -> None:
        """Open or close a card; the current one, if none is named."""
        scene = self._view.scene
        index = self._view.steps.index if index is None else index
        if scene.blocks and scene.blocks[index].foldable:
            self._fold([index], not scene.blocks[index].folded)
            scene.reveal(index, bottom=60)
            self._view.renew()

    def open(self, index: int) -> None:
        """Open a card."""
        self._fold([index], False)

    def fold_all(self) -> None:
        """Close all long tool calls, results and instructions."""
        self._fold(range(len(self._view.scene.blocks)), True)

    def unfold_all(self) -> None:
        """Open them all."""
        self._fold(range(len(self._view.scene.blocks)), False)

    def toggle_raw(self) -> None:
        """Show all text exactly as recorded, or laid out again."""
        self._set_raw(not self.raw)
        self._view.lay_out_again()

    def begin(self) -> None:
        """Another item comes up; the one before is laid out again, for when it comes back."""
        if self.raw:
            self._set_raw(False)

    def _set_raw(self, on: bool) -> None:
        self.raw = on
        for block in self._view.scene.blocks:
            block.raw = on
            block.restart()

    def _fold(self, indices: Sequence[int], folded: bool) -> None:
        scene = self._view.scene
        for index in indices:
            block = scene.blocks[index]
            if block.folded is not folded and block.sort not in _NEVER_FOLDED:
                block.folded = folded
                block.restart()
                scene.forget(index)
        self._view.deselect()
        self._view.renew()
