"""What the rows of a release are made of: material from an item and what was said of it. `release check` makes the same anew."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import corrections, items, step_rewards
from reviewer.domain.events import Mark
from reviewer.formats import turns
from reviewer.formats.release_shapes import Judged, Material, Shape, Whole
from reviewer.formats.turns import Image, Media, Pair, Turn

_encode = msgspec.json.encode


class Made(NamedTuple):
    """What a row is made of, as columns will show it."""

    material: Material
    prompt: bytes
    media_left_out: int = 0


def judged(content: bytes, good: bool, shape: Shape) -> Made | None:
    """A run with its answer; None where it has no value for training."""
    cut = turns.turn(content, shape.dialect)
    return None if cut is None else Made(Judged(cut, good), bytes(cut.prompt), cut.media_left_out)


def output(content: bytes, corrected: str | None, shape: Shape, media: Media) -> Made | None:
    """An output to imitate: of the item itself, the text that stands for it, or its twin in which a message was put right."""
    twin = None if corrected is None else _twin(content, corrected)
    cut = None if twin == b"" else turns.turn(twin or content, shape.dialect, media)
    if cut is None:
        return None
    return _imitated(cut, corrected if twin is None else None)


def better_output(content: bytes, written: str, shape: Shape, media: Media) -> Made | None:
    """An output to imitate that a reviewer wrote as better than all of a comparison; None for what is no comparison."""
    cut = turns.question(content, shape.dialect, media)
    return None if cut is None else _imitated(cut, written)


def _imitated(cut: Turn, instead: str | None) -> Made:
    """A turn to imitate. instead: the text that stands for its completion, where one does."""
    if instead is not None:
        said = turns.answer(instead)
        as_text = None if cut.as_text is None else (cut.as_text[0], said)
        cut = Turn(cut.prompt, said, cut.tools, cut.media_left_out, cut.images, as_text)
    return Made(cut, bytes(cut.prompt), cut.media_left_out)


def pair_of_runs(better: bytes, worse: bytes, corrected: str | None, shape: Shape) -> Made | None:
    """Two runs on one prompt, or a run and the text that stands for a better one; better is then the run itself.

    Where a message of it was put right, the pair is of that message, on all that came before; it goes with the prompt of the whole run.
    """
    good, bad = turns.turn(better, shape.dialect), turns.turn(worse, shape.dialect)
    if good is None or bad is None:
        return None
    twin = None if corrected is None else _twin(worse, corrected)
    if twin is not None:
        right = turns.put_right(worse, twin, shape.dialect) if twin else None
        return None if right is None else Made(right, bytes(bad.prompt), right.media_left_out)
    chosen = good.completion if corrected is None else turns.answer(corrected)
    left_out = good.media_left_out + bad.media_left_out
    return Made(Pair(bad.prompt, chosen, bad.completion, bad.tools, left_out, bad.images), bytes(bad.prompt), left_out)


def mended_run(content: bytes, corrected: str, shape: Shape) -> Made | None:
    """A run and what a reviewer made of it."""
    return pair_of_runs(content, content, corrected, shape)


def pair_of_candidates(content: bytes, better: str, worse: str, shape: Shape) -> Made:
    """Two outputs of a comparison. Raises KeyError for a key that it has not."""
    (pair,) = turns.pairs(content, [(better, worse)], shape.dialect)
    return Made(pair, bytes(pair.prompt), pair.media_left_out)


def corrected_candidate(content: bytes, worse: str, corrected: str, shape: Shape) -> Made:
    """A reviewer's own output and a candidate of the comparison that it is better than. Raises KeyError for a key that it has not."""
    pair = turns.corrected_candidate(content, worse, corrected, shape.dialect)
    return Made(pair, bytes(pair.prompt), pair.media_left_out)


def _twin(content: bytes, corrected: str) -> bytes | None:
    """The run with the message put right that a correction rewrites; None for a correction of all, empty for one that does not fit."""
    rewrites = corrections.decode(corrected)
    if rewrites is None:
        return None
    twin = corrections.twin(items.decode(content), rewrites)
    return b"" if twin is None else items.encode(twin)


def steps(content: bytes, marks: Mapping[str, Mark]) -> Made | None:
    """The steps of a run that were judged."""
    item = items.decode(content)
    found = step_rewards.rewards(item, marks)
    left_out = sum(part.type not in ("text", "json") for message in item.messages for part in message.content)
    return None if found is None else Made(found, bytes(turns.prompt_of(content)), left_out)


def images_of(material: Material) -> tuple[Image, ...]:
    """The images that stand apart from the words of a row."""
    if isinstance(material, Judged):
        return material.turn.images
    return material.images if isinstance(material, Turn | Pair) else ()


def whole(content: bytes, answer: object, told: Sequence[Mapping[str, object]]) -> Made:
    """An item, its answer, and its labels as `exporting.told` has them."""
    return Made(Whole(content, _encode(answer), _encode(told)), bytes(turns.prompt_of(content)))
