"""The evidence of several opinions over one transcript, each in its own colour with the word “first” or “second” behind it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.ui.pages.adjudicate.words import ordinal
from reviewer.ui.transcript.blocks import Transcript
from reviewer.ui.transcript.cited import Highlight

if TYPE_CHECKING:
    from reviewer.operations.adjudicating import OpinionGiven

TONES = ("accent_soft", "mark", "ok_soft", "bad_soft")
"""By place of the opinion; from the fifth on they begin anew, and the word tells them apart."""


def highlights(opinions: "tuple[OpinionGiven, ...]", only: int | None) -> list[Highlight]:
    """The marked words of all opinions, or of the one at a place."""
    return [
        Highlight(span.step, span.start, span.end, span.part, span.pointer, ordinal(place), TONES[place % len(TONES)])
        for place, opinion in enumerate(opinions)
        if only in (None, place)
        for span in opinion.spans
    ]


def marks(opinions: "tuple[OpinionGiven, ...]", transcript: Transcript, only: int | None) -> dict[str, str]:
    """The steps that an opinion marked, as the transcript numbers them; of all opinions together, those that nobody marked otherwise."""
    numbers = {block.address: block.step for block in transcript.blocks}
    found: dict[str, set[str]] = {}
    for place, opinion in enumerate(opinions):
        if only in (None, place):
            for step, mark in opinion.steps.items():
                found.setdefault(numbers.get(step, step), set()).add(mark)
    return {step: said.pop() for step, said in found.items() if len(said) == 1}


def steps(opinions: "tuple[OpinionGiven, ...]", transcript: Transcript) -> list[str]:
    """The steps, as the transcript numbers them, that any opinion marked, took words from, or missed something at; in their order."""
    spoken_of = set(_spoken_of(opinions))
    return [block.step for block in transcript.blocks if block.step in spoken_of or block.address in spoken_of]


def _spoken_of(opinions: "tuple[OpinionGiven, ...]") -> Iterator[str]:
    for opinion in opinions:
        yield from (span.step for span in opinion.spans)
        yield from opinion.steps
        yield from (one.step for one in opinion.omissions if one.step is not None)
