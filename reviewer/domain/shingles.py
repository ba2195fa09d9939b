"""A text as the set of its short stretches, by which two texts are compared: hashes, sorted, each once."""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]

# A character of a script without spaces is a word of its own: else a whole sentence of it would be one.
_ALONE = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}]+")
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that a product with it loses nothing


def plain(text: str) -> str:
    """A text without what two copies of it may differ in and still say the same: case, kinds of spaces, composed characters."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def of_characters(text: str, length: int) -> Hashes:
    """The stretches of so many characters of a text as it is; the whole text where it is shorter; nothing of an empty one."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    return _stretches(codes, length)


def of_words(text: str, length: int) -> Hashes:
    """The stretches of so many words of a text, whatever stands between the words."""
    words = _WORD.findall(text.casefold())
    return _stretches(np.fromiter(map(_hash, words), np.uint64, len(words)), length)


def word_count(text: str) -> int:
    """How many words a text has."""
    return sum(1 for _ in _WORD.finditer(text))


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    """The same in every process, which Python's own hash is not."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _stretches(codes: Hashes, length: int) -> Hashes:
    if not len(codes):
        return codes
    length = min(length, len(codes))
    joined = np.zeros(len(codes) - length + 1, np.uint64)
    for place in range(length):
        joined = _mixed(joined * np.uint64(_FACTOR) + codes[place : place + len(joined)])
    return np.unique(joined)


def _mixed(values: Hashes) -> Hashes:
    """Every bit of the value bears on every bit of the result (the finisher of MurmurHash3)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(factor)
    return values ^ (values >> np.uint64(33))


def jaccard(first: Hashes, second: Hashes) -> float:
    """What two sets have in common, as a share of what either has; two empty ones are the same."""
    if not len(first) and not len(second):
        return 1.0
    common = _common(first, second)
    return common / (len(first) + len(second) - common)


def contained(part: Hashes, whole: Hashes) -> float:
    """Which share of the first set is in the second, 0 to 1; nothing of an empty one."""
    return _common(part, whole) / len(part) if len(part) else 0.0


def _common(first: Hashes, second: Hashes) -> int:
    if len(first) > len(second):
        first, second = second, first
    if not len(first):
        return 0
    place = np.searchsorted(second, first)
    return int((second[np.minimum(place, len(second) - 1)] == first).sum())
