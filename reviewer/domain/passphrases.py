"""How hard a passphrase is to guess: a rough lower bound for advice while it is typed, and no more than that."""

import math
import re
from itertools import pairwise
from typing import Literal, NamedTuple

Strength = Literal["short", "weak", "fair", "strong"]

_FAIR_BITS, _STRONG_BITS = 45, 64
_WORD_BITS = 11  # of a word taken by chance from two thousand
_ALPHABETS = ((re.compile(r"[a-z]"), 26), (re.compile(r"[A-Z]"), 26), (re.compile(r"[0-9]"), 10), (re.compile(r"[^a-zA-Z0-9 ]"), 33))
_WORDS = re.compile(r"[^\W\d_]{3,}")
_ADVICE = "Four or five words that have nothing to do with each other are easy to remember and hard to guess."


class Judgement(NamedTuple):
    """What is said of a passphrase. bits: at most so many yes-or-no guesses; advice: empty where none is needed."""

    strength: Strength
    bits: float
    advice: str


def judge(passphrase: str, *, least: int) -> Judgement:
    """How a passphrase looks to somebody who tries words and patterns first. least: characters that it must have."""
    text = passphrase.strip()
    if len(text) < least:
        return Judgement("short", 0.0, f"{least} characters or more.")
    bits = min(_bits_of_characters(text), _bits_of_words(text))
    if bits < _FAIR_BITS:
        return Judgement("weak", bits, _ADVICE)
    return Judgement("fair", bits, _ADVICE) if bits < _STRONG_BITS else Judgement("strong", bits, "")


def _bits_of_characters(text: str) -> float:
    """Each character as one of those of its kinds; a run (aaa, abc, 321) counts as little more than its first."""
    alphabet = sum(size for kind, size in _ALPHABETS if kind.search(text)) or 26
    new = 1 + sum(abs(ord(one) - ord(before)) > 1 for before, one in pairwise(text))
    return min(new, 2 * len(set(text))) * math.log2(alphabet)


def _bits_of_words(text: str) -> float:
    """Each different word as one of a list, and what stands between as characters."""
    words = {word.lower() for word in _WORDS.findall(text)}
    rest = _WORDS.sub("", text).replace(" ", "")
    return len(words) * _WORD_BITS + len(set(rest)) * math.log2(43)
