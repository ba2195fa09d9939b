"""Words that tell some texts from others: the names of clusters, and what is new in new traffic."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from reviewer.domain.item_tree import Floats

_WORD = re.compile(r"[^\W\d_][\w'’\-]{1,38}[^\W_]")
_NUMBERED = re.compile(r"\d{3}")  # accounts, orders, hashes: they name one thing and no kind of thing
_LONGEST = 20_000  # characters of a text that are looked at
_SURE = 10.0  # how many texts' worth of evidence a word needs to stand out
_EVERYWHERE = (
    "about after again also and any are been before but can could did does for from get got had has have her here him his how into its "
    "just let like may more most need not now off one only other our out over own please same she should some such than thank thanks that "
    "the their them then there these they this those too under until use very want was were what when where which while who will with "
    "would yes you your i'm i've i'll i'd it's don't can't you're that's we're true false null none name type string value result content "
    "text role user assistant tool function arguments message"
)
_COMMON = frozenset(_EVERYWHERE.split())


def words_of(text: str) -> list[str]:
    """The words of a text, lower case, 3 to 40 letters; without those that stand in every text, and without numbers of accounts."""
    return [word for word in _WORD.findall(text[:_LONGEST].lower()) if word not in _COMMON and not _NUMBERED.search(word)]


class Vocabulary(NamedTuple):
    """Words, and how much more a rare one says: shape (terms,)."""

    terms: tuple[str, ...]
    rarity: Floats


def vocabulary(texts: Iterable[str], *, most: int) -> Vocabulary:
    """The words that stand in two texts or more, the commonest `most` of them."""
    standing: Counter[str] = Counter()
    whole = 0
    for text in texts:
        standing.update(set(words_of(text)))
        whole += 1
    kept = sorted((word for word, count in standing.items() if count > 1), key=lambda word: (-standing[word], word))[:most]
    return Vocabulary(tuple(kept), np.log((1 + whole) / (1 + np.array([standing[word] for word in kept], np.float64))) + 1)


def counted(words: Vocabulary, texts: Sequence[str]) -> Floats:
    """Whether each word stands in each text: shape (texts, terms), 0 or 1."""
    place = {word: at for at, word in enumerate(words.terms)}
    rows = np.zeros((len(texts), len(place)))
    for row, text in enumerate(texts):
        rows[row, [place[word] for word in set(words_of(text)) if word in place]] = 1.0
    return rows


def distinctive(inside: Sequence[str], outside: Sequence[str], *, most: int = 3) -> tuple[str, ...]:
    """The words that stand in these texts more often than in those, the most telling first.

    By the log odds that a text holds the word, drawn towards how often all texts do, over their standard error: rare words and single
    texts do not decide. Source: Monroe, Colaresi & Quinn (2008), Fightin' words.
    """
    here, there = (Counter(word for text in texts for word in set(words_of(text))) for texts in (inside, outside))
    whole = len(inside) + len(outside)
    found = []
    for word, count in here.items():
        if count < 2 and len(inside) > 2:
            continue
        share = (count + there[word] + 0.5) / (whole + 1)
        a, b = count + _SURE * share, there[word] + _SURE * share
        not_a, not_b = len(inside) + _SURE - a, len(outside) + _SURE - b
        apart = np.log(a / not_a) - np.log(b / not_b)
        found.append((float(apart / np.sqrt(1 / a + 1 / not_a + 1 / b + 1 / not_b)), word))
    chosen: list[str] = []
    for score, word in sorted(found, key=lambda one: (-one[0], one[1])):
        if score <= 0 or len(chosen) == most:
            break
        if not any(word.startswith(other[:5]) and other.startswith(word[:5]) for other in chosen if len(other) > 4 and len(word) > 4):
            chosen.append(word)
    return tuple(chosen)
