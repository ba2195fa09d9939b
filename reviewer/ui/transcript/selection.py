"""What is selected in a transcript, and how it reads on the clipboard."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QTextLayout

from reviewer.ui.transcript.blocks import Block, Run, Sort, Style
from reviewer.ui.transcript.layouts import LaidRun
from reviewer.ui.transcript.scene import Scene

_EVERYTHING = 1 << 30


class Place(NamedTuple):
    """A place between two characters: card, run, UTF-16 units of the run's layout."""

    block: int
    run: int
    at: int


class Marked(NamedTuple):
    """A stretch of one text of an item, as a label cites it. Code points of part `part`, or of the string at `pointer` in the arguments or
    the JSON of that part. words: what stands there. raw: where the whole value stands in the JSON text, for one that was laid out."""

    step: str
    part: int | None
    pointer: str | None
    start: int
    end: int
    words: str
    raw: tuple[int, int] | None = None


class Selection:
    """From an anchor to a caret; nothing while they are one."""

    def __init__(self) -> None:
        self.anchor: Place | None = None
        self.caret: Place | None = None

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = self.caret = None

    def put(self, anchor: Place, caret: Place) -> None:
        """Select from one place to another, in either order."""
        self.anchor, self.caret = anchor, caret

    @property
    def ends(self) -> tuple[Place, Place] | None:
        """(first, last), or None if nothing is selected."""
        if self.anchor is None or self.caret is None or self.anchor == self.caret:
            return None
        return min(self.anchor, self.caret), max(self.anchor, self.caret)

    def in_run(self, block: int, run: int, length: int) -> tuple[int, int] | None:
        """The selected stretch (start, length) of a run that is `length` units long, or None."""
        ends = self.ends
        if ends is None or not ends[0][:2] <= (block, run) <= ends[1][:2]:
            return None
        start = ends[0].at if ends[0][:2] == (block, run) else 0
        end = ends[1].at if ends[1][:2] == (block, run) else length
        return (start, min(end, length) - start) if end > start else None

    def marked(self, scene: Scene) -> list[Marked]:
        """The selected stretches in the item's own terms: one for each text, of a value that is no string all of it."""
        ends = self.ends
        found: list[Marked] = []
        for block in range(ends[0].block, ends[1].block + 1) if ends is not None else ():
            assert ends is not None
            for _run, laid, start, end in _pieces(scene, block, ends):
                one = _marked(scene.blocks[block], laid.run, start, min(end, len(laid.run.own)))
                if one is None:
                    continue
                before = found[-1] if found else None
                if before is not None and before[:3] == one[:3] and before.end == one.start:
                    found[-1] = before._replace(end=one.end, words=before.words + one.words)  # cut into runs only for the screen
                else:
                    found.append(one)
        return found

    def text(self, scene: Scene) -> str:
        """What goes to the clipboard: the item's own characters, rows as `key: value`."""
        ends = self.ends
        if ends is None:
            return ""
        return "\n\n".join(_block_text(scene, block, ends) for block in range(ends[0].block, ends[1].block + 1))


def quote(scene: Scene, selection: Selection, *, item: str, current: int) -> str:
    """The selection, or the current step where nothing is selected, as `> ` lines under the names of its steps, and the item's id."""
    ends = selection.ends or (Place(current, 0, 0), Place(current, _EVERYTHING, _EVERYTHING))
    pieces: list[str] = []
    for block in range(ends[0].block, min(ends[1].block, len(scene.blocks) - 1) + 1):
        about = scene.blocks[block]
        if about.sort is Sort.CANDIDATE:
            continue
        text = _block_text(scene, block, ends) if selection.ends else about.copied()
        lines = text.split("\n") if text else []
        pieces.append("\n".join([f"> Step {about.step}, {about.heading}:", *(f"> {line}" for line in lines)]))
    if item:
        pieces.append(f"Item {item}")
    return "\n\n".join(pieces)


def whole(block: int, about: Block, laid: Sequence[int]) -> tuple[Place, Place]:
    """The places that hold all of a card: its index, the card, the lengths of its runs."""
    del about
    last = max(0, len(laid) - 1)
    return Place(block, 0, 0), Place(block, last, laid[last] if laid else 0)


def word_at(layout: QTextLayout, at: int) -> tuple[int, int]:
    """The word at a place; from, to."""
    start = layout.previousCursorPosition(at + 1, QTextLayout.CursorMode.SkipWords) if at else 0
    end = layout.nextCursorPosition(start, QTextLayout.CursorMode.SkipWords)
    text = layout.text()[start:end]
    return start, max(start + len(text.rstrip(" \u2028")), start)


def _marked(block: Block, run: Run, start: int, end: int) -> Marked | None:
    if start >= end or not run.markable:
        return None
    if run.raw is not None and not run.quoted:
        return Marked(block.address, run.part, None, *run.raw, run.own, run.raw)
    pointer = run.pointer if run.quoted else None
    return Marked(block.address, run.part, pointer, run.start + start, run.start + end, run.text[start:end], run.raw)


def _pieces(scene: Scene, block: int, ends: tuple[Place, Place]) -> list[tuple[int, LaidRun, int, int]]:
    """(run index, run, from, to) of what is selected of a card; code points of the run's text."""
    about = scene.blocks[block]
    about.more(_EVERYTHING)
    first = ends[0].run if ends[0].block == block else 0
    last = ends[1].run if ends[1].block == block else len(about.runs) - 1
    found = []
    for run in range(first, min(last, len(about.runs) - 1) + 1):
        laid = scene.laid(block).laid_run(run)
        start = laid.to_offset(ends[0].at) if (block, run) == ends[0][:2] else 0
        end = laid.to_offset(ends[1].at) if (block, run) == ends[1][:2] else len(laid.run.text)
        found.append((run, laid, start, end))
    return found


def _block_text(scene: Scene, block: int, ends: tuple[Place, Place]) -> str:
    lines: list[str] = []
    before: Run | None = None
    for _index, laid, start, end in _pieces(scene, block, ends):
        run = laid.run
        text = run.text[start:end].removesuffix("\n")
        if run.style is Style.MEDIUM:
            text = laid.caption[0]
        whole_run = (start, end) == (0, len(run.text))
        if run.style is Style.ROW and run.key and whole_run:
            text = f"{'  ' * run.depth}{run.key}: {text}" if run.value_shown else f"{'  ' * run.depth}{run.key}"
        if before is not None and before.part == run.part and run.start and not before.text.endswith("\n"):
            lines[-1] += text  # one text, cut into runs in the middle of a line
        else:
            lines.append(text)
        before = run
    return "\n".join(lines)
