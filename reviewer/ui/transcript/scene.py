"""Where every card stands: what is in sight is laid out, the rest is guessed, and what the reader looks at never jumps."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from reviewer.ui.transcript.blocks import Block, Sort, Transcript
from reviewer.ui.transcript.cited import Highlight, of_block
from reviewer.ui.transcript.heights import Heights
from reviewer.ui.transcript.images import Pictures
from reviewer.ui.transcript.layouts import LaidBlock
from reviewer.ui.transcript.looks import Look

_KEPT_BLOCKS = 120

EMPTY = Transcript.of(())


@dataclass(frozen=True, slots=True)
class Visible:
    """A card in sight: its index, where its top is in the viewport, and its layout."""

    index: int
    y: float
    laid: LaidBlock


class Scene:
    """The cards of one transcript in a viewport of some size. Its truth is the card at the top and how far that is scrolled."""

    def __init__(self, pictures: Pictures, look: Look) -> None:
        self.pictures = pictures
        self.look = look
        self.width = 600
        self.height = 400
        self.blocks: tuple[Block, ...] = ()
        self.steps: tuple[int, ...] = ()
        """Indices of the cards that are steps."""
        self.highlights: dict[str, tuple[Highlight, ...]] = {}
        self._heights = Heights(())
        self._laid: OrderedDict[int, LaidBlock] = OrderedDict()
        self._top = 0
        self._down = 0.0  # how much of the top card is above the viewport
        self._ahead: tuple[Transcript, Scene] | None = None
        self._past: object = None  # what was shown before: to let go of it takes a third of a millisecond, which nobody shall wait for

    def show(self, transcript: Transcript) -> None:
        """Another transcript, from its start. One that was laid out ahead, for this size and look, is taken as it is."""
        self._past = (self.blocks, self._laid)
        self.blocks, self.steps = transcript.blocks, transcript.steps
        self.highlights = {}
        self._top, self._down = 0, 0.0
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] is transcript and ahead[1].fits(self):
            self._laid, self._heights = ahead[1]._laid, ahead[1]._heights
        else:
            self._laid = OrderedDict()
            self._guess()

    def begin(self, *, at_last: bool = False) -> int:
        """Go to the first step, or the last one. Returns its index; 0 where there is none."""
        if not self.steps:
            return 0
        if not at_last:
            return self.steps[0]
        self.reveal(self.steps[-1])
        return self.steps[-1]

    def cite(self, highlights: Iterable[Highlight]) -> bool:
        """Let these stretches stand out, and no others. True if that changed a card: it is laid out anew, as numbers stand in its text."""
        before, self.highlights = self.highlights, {}
        for one in highlights:
            self.highlights[one.step] = (*self.highlights.get(one.step, ()), one)
        changed = {step for step in before.keys() | self.highlights.keys() if before.get(step) != self.highlights.get(step)}
        if changed:
            for index, block in enumerate(self.blocks):
                if index in self._laid and block.address in changed:
                    self.forget(index)
        return bool(changed)

    def lay_ahead(self, transcript: Transcript, height: int | None = None) -> "Scene":
        """Lay out the first screen of a transcript that will be shown next. Returns the scene that it will then be.

        height: of the viewport as it will be then, pixels; as it is now where nothing is said.
        """
        self._past = None
        ready = self._ahead is not None and self._ahead[0] is transcript and self._ahead[1].is_as_wide(self)
        if self._ahead is None or not ready:
            beside = Scene(self.pictures, self.look)
            beside.width = self.width
            beside.show(transcript)
            self._ahead = (transcript, beside)
        beside = self._ahead[1]
        beside.height = height or self.height
        beside.visible()
        return beside

    def drop_ahead(self) -> None:
        """What was laid out ahead no longer looks like that."""
        self._ahead = self._past = None

    def fits(self, other: "Scene") -> bool:
        """True if what was laid out here can be shown there."""
        return self.is_as_wide(other) and self.height == other.height

    def is_as_wide(self, other: "Scene") -> bool:
        """True if lines break at the same places here and there."""
        return self.look is other.look and self.width == other.width

    def resize(self, width: int, height: int) -> None:
        """The viewport has another size; the card at the top stays there."""
        self.height = max(1, height)
        if width != self.width:
            self.width = width
            self.renew(self.look)

    def renew(self, look: Look) -> None:
        """Lay out anew, after the width, the fonts or the colours changed."""
        share = self._down / max(1.0, self._heights[self._top]) if self.blocks else 0.0
        self.look = look
        self._guess()
        if self.blocks:
            self._down = share * self._measure(self._top).height

    def forget(self, index: int) -> None:
        """Lay one card out anew: it was folded, unfolded, or a picture came."""
        self._laid.pop(index, None)
        self._heights.put(index, self._guessed(self.blocks[index]))
        if index == self._top:
            self._down = min(self._down, max(0.0, self._measure(index).height - self.look.between))

    # -- reading -----------------------------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """Height of everything, as far as it is known; pixels."""
        return round(self._heights.top(len(self._heights)) + 2 * self.look.margin_top)

    def needed(self, most: int, *, from_last: bool = False) -> int:
        """Height of everything, measured from one end and no further than `most`; pixels."""
        y = 2.0 * self.look.margin_top
        places = range(len(self.blocks))
        for index in reversed(places) if from_last else places:
            laid = self._measure(index)
            laid.lay(0.0, most)
            self._heights.put(index, laid.height)
            y += laid.height
            if y > most:
                return most
        return ceil(y)

    @property
    def value(self) -> int:
        """How far it is scrolled; pixels."""
        return round(self._heights.top(self._top) + self._down) if self.blocks else 0

    def visible(self) -> list[Visible]:
        """The cards in sight, laid out. Guesses that come true move what is below, never what is above."""
        found: list[Visible] = []
        if not self.blocks:
            return found
        self._settle()
        y = self.look.margin_top - self._down
        for index in range(self._top, len(self.blocks)):
            if y >= self.height:
                break
            laid = self._measure(index)
            laid.lay(max(0.0, -y), self.height - y)
            self._heights.put(index, laid.height)
            found.append(Visible(index, y, laid))
            y += laid.height
        return found

    def laid(self, index: int) -> LaidBlock:
        """The layout of one card."""
        return self._measure(index)

    # -- moving ------------------------------------------------------------------------------------------------------------------

    def scroll_to(self, value: int) -> None:
        """Go to a place of the scroll bar. A short way is gone in measured pixels, a long one by the guesses."""
        if not self.blocks:
            return
        way = value - self.value
        if abs(way) <= 3 * self.height:
            self.scroll_by(way)
            return
        y = float(max(0, min(value, self.total - self.height)))
        self._top = self._heights.at(y)
        self._down = y - self._heights.top(self._top)

    def scroll_by(self, pixels: float) -> None:
        """Move by exact pixels."""
        if not self.blocks:
            return
        self._down += pixels
        while self._down < 0 and self._top > 0:
            self._top -= 1
            laid = self._measure(self._top)
            before = laid.height
            laid.lay(max(0.0, before + self._down - 2), before)
            self._heights.put(self._top, laid.height)
            self._down += laid.height
        if self._down < 0:
            self._down = 0.0
        laid = self._measure(self._top)
        self._down = laid.lay(self._down, self._down + self.height, self._down)
        self._heights.put(self._top, laid.height)
        while self._top < len(self.blocks) - 1 and self._down >= laid.height:
            self._down -= laid.height
            self._top += 1
            laid = self._measure(self._top)
            laid.lay(0.0, self.height)
            self._heights.put(self._top, laid.height)

    def reveal(self, index: int, *, top: float = 0.0, bottom: float | None = None) -> None:
        """Scroll no more than needed so that a stretch of a card is in sight (its whole, or its start where it is taller)."""
        if bottom is None:
            bottom = self._measure(index).height - self.look.between
        room = self.height - 2 * self.look.between
        bottom = min(bottom, top + room)
        for shown in self.visible():
            if shown.index == index:
                above = shown.y + top - self.look.between
                below = shown.y + bottom + self.look.between - self.height
                if below > 0:
                    self.scroll_by(min(below, above))
                elif above < 0:
                    self.scroll_by(above)
                return
        self._top, self._down = index, 0.0
        self.scroll_by(top - self.look.between - (self.height - room) / 2 if index else top)

    # -- measuring ---------------------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Never scroll past the end."""
        self._down = float(round(self._down))
        if not self._top and not self._down:
            return
        if self.total - self.height > self.value + 2 * self.height:
            return
        y = self.look.margin_top - self._down
        for index in range(self._top, len(self.blocks)):
            laid = self._measure(index)
            laid.lay(max(0.0, -y), self.height - y)
            self._heights.put(index, laid.height)
            y += laid.height
            if y >= self.height:
                return
        if self._top or self._down:
            self.scroll_by(y + self.look.margin_top - self.height)

    def _measure(self, index: int) -> LaidBlock:
        laid = self._laid.get(index)
        if laid is None:
            block = self.blocks[index]
            cited = of_block(block, self.highlights.get(block.address, ())) if self.highlights else ()
            laid = LaidBlock(block, width=self.width, look=self.look, pictures=self.pictures, cited=cited)
            self._laid[index] = laid
            self._heights.put(index, laid.height)
            if len(self._laid) > _KEPT_BLOCKS:
                self._laid.popitem(last=False)
        else:
            self._laid.move_to_end(index)
        return laid

    def _guess(self) -> None:
        self._laid.clear()
        self._heights = Heights([self._guessed(block) for block in self.blocks])

    def _guessed(self, block: Block) -> float:
        look = self.look
        if block.sort is Sort.CANDIDATE:
            return float(look.divider_height)
        lines = block.guess(look.chars_a_line(self.width))
        return look.pad_y * 2 + (0 if block.bare else look.heading_height) + lines * look.px_line + look.between
