"""Where cited words stand among the runs of a card, laid out or raw."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewer.ui.transcript import json_rows
from reviewer.ui.transcript.blocks import Block, Run, Sort


class Highlight(NamedTuple):
    """A stretch that was cited: code points `start` to `end` of the text of a step, of its content part `part`, or of the string at a JSON
    pointer in its arguments or JSON. tag: a small word behind it, `4.2`; tone: its colours, by their name in `Formats.tones`."""

    step: str
    start: int
    end: int
    part: int | None = 0
    pointer: str | None = None
    tag: str = ""
    tone: str = "mark"


class Stretch(NamedTuple):
    """A part of a run that is cited: code points of its text. whole: up to the quotes of a string; ends: the cited words end here."""

    start: int
    end: int
    whole: bool
    ends: bool


def of_block(block: Block, highlights: Iterable[Highlight]) -> tuple[Highlight, ...]:
    """The highlights of a card in the terms of its runs: each in one part, and in the raw view counted in the JSON text."""
    return tuple(found for highlight in highlights for found in _placed(block, highlight))


def find(block: Block, highlight: Highlight) -> tuple[int, int] | None:
    """The run in which a highlight begins, and where in it; None where the card does not show it."""
    for cited in of_block(block, [highlight]):
        run = 0
        while block.more(run + 1) or run < len(block.runs):
            found = stretch(cited, block.runs[run])
            if found is not None:
                return run, found.start
            run += 1
    return None


def stretch(cited: Highlight, run: Run) -> Stretch | None:
    """What of a run is cited, if anything."""
    if run.part != cited.part or not run.markable:
        return None
    if run.raw is not None and cited.pointer is None:  # marked in the JSON text, as numbers always are: the whole value stands out
        if max(cited.start, run.raw[0]) >= min(cited.end, run.raw[1]):
            return None
        return Stretch(0, len(run.own), True, cited.end <= run.raw[1] and (run.closes or not run.quoted))
    if cited.pointer != (run.pointer if run.quoted else None):
        return None
    length = len(run.own)
    start, end = max(0, cited.start - run.start), min(cited.end - run.start, length)
    if start >= end:
        return None
    whole = (run.opens and start == 0 and cited.start == 0) and (run.closes and end == length)
    return Stretch(start, end, whole, cited.end <= run.start + length)


def _placed(block: Block, highlight: Highlight) -> Iterator[Highlight]:
    if block.sort is not Sort.CALL and highlight.part is None:
        if highlight.pointer is None:
            yield from _over_parts(block, highlight)
            return
        part = next((source.part for source in block.sources if source.part is not None and source.text), None)
        highlight = highlight._replace(part=part)
    if not block.raw or highlight.pointer is None:
        yield highlight
        return
    source = next((one for one in block.sources if one.part == highlight.part), None)
    found = json_rows.in_text(source.text, highlight.pointer, highlight.start, highlight.end) if source is not None else None
    if source is not None and found is not None:
        yield highlight._replace(start=found[0] + source.from_, end=found[1] + source.from_, pointer=None)


def _over_parts(block: Block, highlight: Highlight) -> Iterator[Highlight]:
    """Words of a message as a whole, whose text is that of its parts with a line end between them."""
    at = 0
    for source in block.sources:
        if not source.said or not source.text:
            continue
        start, end = max(highlight.start - at, 0), min(highlight.end - at, len(source.text))
        if start < end:
            last = highlight.end <= at + len(source.text) + 1
            yield highlight._replace(start=start, end=end, part=source.part, pointer=None, tag=highlight.tag if last else "")
        at += len(source.text) + 1
