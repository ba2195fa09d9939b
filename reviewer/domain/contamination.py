"""Whether texts that measure what a model learned stand in what it learns from: by stretches of thirteen words.

Sources: Brown et al. (2020), Language Models are Few-Shot Learners, appendix C, for the thirteen words; METHODS.md section 8.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from reviewer.domain import shingles
from reviewer.domain.proportions import Interval, wilson
from reviewer.domain.shingles import Hashes

WORDS = 13
# A single stretch in common is what agents' runs have by their tools and greetings; most of a text in common is not.
MOST = 0.8


class Seen(NamedTuple):
    """A text that stands in the others, by its place, and which share of its stretches does."""

    place: int
    share: float


class Contamination(NamedTuple):
    """seen: texts of which at least `MOST` stands in the others, most first. any: how many share one stretch or more.

    share: of the texts that are seen; with Wilson's limits; None where no text was asked for.
    """

    texts: int
    seen: tuple[Seen, ...]
    any: int
    share: float | None
    interval: Interval | None


def library(texts: Iterable[Sequence[str]]) -> Hashes:
    """The stretches of many texts, sorted, each once; eight bytes each. A text comes in pieces, as its messages: stretches cross none."""
    found = [shingles.of_words(piece, WORDS) for text in texts for piece in text]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.uint64)


def _asked(text: Sequence[str]) -> Hashes:
    """The stretches of a text. Pieces that are shorter than one tell little, and count only, whole, where all of them are so short."""
    pieces = [shingles.of_words(piece, WORDS) for piece in text]
    long = [hashes for hashes, piece in zip(pieces, text, strict=True) if shingles.word_count(piece) >= WORDS]
    return np.unique(np.concatenate(long or pieces)) if pieces else np.empty(0, np.uint64)


def contamination(texts: Iterable[Sequence[str]], within: Hashes) -> Contamination:
    """Which of the texts, each in pieces, stand in the library. A text without a word is in nothing."""
    shares = [shingles.contained(_asked(text), within) for text in texts]
    seen = sorted((Seen(place, share) for place, share in enumerate(shares) if share >= MOST), key=lambda one: (-one.share, one.place))
    n = len(shares)
    return Contamination(
        n, tuple(seen), sum(share > 0 for share in shares), len(seen) / n if n else None, wilson(len(seen), n) if n else None
    )
