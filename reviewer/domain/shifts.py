"""Whether two sets of items differ in what they are about: by their vectors, and by the words that tell one from the other.

Energy distance and MMD say that they differ, by dealing the items out anew; a classifier that is asked about items it was not fitted on
says how well they can be told apart, and by what. An item is a whole conversation, so that what is dealt out are never turns of one.
Sources: Székely & Rizzo (2004); Gretton et al. (2012), A kernel two-sample test; Lopez-Paz & Oquab (2017), Revisiting classifier
two-sample tests; METHODS.md section 7.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import special, stats
from scipy.spatial import distance

from reviewer.domain.item_tree import Bools, Floats, Ints
from reviewer.domain.terms import Vocabulary, counted, vocabulary

REPLICATIONS = 499
_FOLDS = 5
_WORDS = 2_000
_STEPS = 200
_RIDGE = 4.0


class Shift(NamedTuple):
    """A distance between two sets, the one that `level` of the sets that chance makes stay below, and the chance of one as large."""

    statistic: float
    threshold: float
    p: float


def energy_statistic(first: Floats, second: Floats) -> float:
    """nm / (n + m) (2 E|X - Y| - E|X - X'| - E|Y - Y'|), of vectors in rows."""
    return float(_energy(distance.squareform(distance.pdist(np.vstack((first, second)))), _signs(len(first), len(second))[None])[0])


def mmd(first: Floats, second: Floats, *, sigma: float) -> tuple[float, float]:
    """The biased MMD (root of the V-statistic) under exp(-sigma |x - y|²), and the unbiased square, Gretton's, of sets of equal size.

    The second is NaN for sets of unequal size.
    """
    kernel = [np.exp(-sigma * distance.cdist(a, b, "sqeuclidean")) for a, b in ((first, first), (second, second), (first, second))]
    biased = math.sqrt(max(0.0, float(kernel[0].mean() + kernel[1].mean() - 2 * kernel[2].mean())))
    n = len(first)
    if n != len(second) or n < 2:
        return biased, math.nan
    paired = kernel[0] + kernel[1] - kernel[2] - kernel[2].T
    return biased, float((paired.sum() - np.trace(paired)) / (n * (n - 1)))


def energy_shift(
    vectors: Floats,
    new: Bools,
    *,
    rng: np.random.Generator,
    block: Ints | None = None,
    level: float = 0.95,
    replications: int = REPLICATIONS,
) -> Shift:
    """The energy statistic of the new items against the others, and its p by dealing out anew who is new.

    block: items that belong together and are dealt out together, one number each; None: each stands for itself.
    """
    apart = distance.squareform(distance.pdist(vectors))
    _, of = np.unique(np.arange(len(new)) if block is None else block, return_inverse=True)
    found = float(_energy(apart, np.where(new, 1.0, -1.0)[None])[0])
    first = np.zeros(int(of.max()) + 1, np.bool_)
    first[of] = new  # of a block that is in both, whichever comes last
    dealt = np.stack([np.where(rng.permutation(first)[of], 1.0, -1.0) for _ in range(replications)])
    by_chance = _energy(apart, dealt)
    p = (1 + int((by_chance >= found - 1e-12).sum())) / (replications + 1)
    return Shift(found, float(np.quantile(by_chance, level, method="higher")), p)


def _signs(first: int, second: int) -> Floats:
    return np.concatenate((np.ones(first), -np.ones(second)))


def _energy(apart: Floats, signs: Floats) -> Floats:
    """The energy statistic for each row of signs, 1 for the one set and -1 for the other."""
    one = (signs > 0).astype(np.float64)
    other = 1 - one
    n, m = one.sum(axis=1), other.sum(axis=1)
    to_one, to_other = one @ apart, other @ apart
    with np.errstate(divide="ignore", invalid="ignore"):
        across = (to_one * other).sum(axis=1) / (n * m)
        within = (to_one * one).sum(axis=1) / n**2 + (to_other * other).sum(axis=1) / m**2
        found = n * m / (n + m) * (2 * across - within)
    return np.where((n > 0) & (m > 0), found, 0.0)


class ToldApart(NamedTuple):
    """How a classifier did on held-out items, as many new as old: right of n, the exact chance of that many, and the words that tell.

    newer, older: words that speak for either, the strongest first.
    """

    right: int
    n: int
    p: float
    newer: tuple[str, ...]
    older: tuple[str, ...]


def chance_of(right: int, n: int) -> float:
    """The chance of that many right or more, where nothing tells the two apart: the exact binomial tail."""
    return float(stats.binomtest(right, n, 0.5, alternative="greater").pvalue) if n else 1.0


def told_apart(
    texts: Sequence[str], new: Bools, *, rng: np.random.Generator, most: int = 6, step: Callable[[], None] = lambda: None
) -> ToldApart:
    """Ask a logistic regression on words which items are new, five folds, as many of either kind; the words are those of a fit to all."""
    size = int(min(new.sum(), (~new).sum()))
    if size < _FOLDS:
        return ToldApart(0, 0, 1.0, (), ())
    chosen = np.concatenate([rng.permutation(np.flatnonzero(kind))[:size] for kind in (new, ~new)])
    outcome = new[chosen].astype(np.float64)
    words = vocabulary((texts[place] for place in chosen.tolist()), most=_WORDS)
    rows = _weighed(words, [texts[place] for place in chosen.tolist()])
    fold = np.concatenate([np.arange(size) % _FOLDS] * 2)
    right = 0
    for held in range(_FOLDS):
        fitted = _fitted(rows[fold != held], outcome[fold != held])
        right += int(((rows[fold == held] @ fitted > 0) == (outcome[fold == held] > 0)).sum())
        step()
    whole = _fitted(rows, outcome)
    order = np.argsort(whole)
    newer = tuple(words.terms[place] for place in order[::-1][:most] if whole[place] > 0)
    older = tuple(words.terms[place] for place in order[:most] if whole[place] < 0)
    return ToldApart(right, len(chosen), chance_of(right, len(chosen)), newer, older)


def _weighed(words: Vocabulary, texts: Sequence[str]) -> Floats:
    """Whether each word occurs, rare ones weighing more, rows of length 1."""
    rows = counted(words, texts) * words.rarity
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    found: Floats = rows / np.where(length > 0, length, 1)
    return found


def _fitted(rows: Floats, outcome: Floats) -> Floats:
    """Weights of a ridge logistic regression without a constant, by accelerated gradient steps: there are more words than items."""
    found = ahead = np.zeros(rows.shape[1])
    pace = 1 / (len(rows) / 4 + _RIDGE)  # rows have length 1, so this never overshoots
    centred = rows - rows.mean(axis=0)
    for turn in range(_STEPS):
        slope = centred.T @ (special.expit(centred @ ahead) - outcome) + _RIDGE / 4 * ahead
        moved = ahead - pace * slope
        ahead, found = moved + turn / (turn + 3) * (moved - found), moved
    return found
