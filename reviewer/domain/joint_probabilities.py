"""How probable it is that a design of fixed size takes two given items together: what Yates and Grundy's variance asks for.

pi: shape (N,), inclusion probabilities, above 0 and at most 1, which sum to the size of the sample, a whole number. Returns shape
(N, N), pi on the diagonal. Items with pi = 1 are always there. Every design here but the systematic one gives each two items a chance,
without which no variance is unbiased.

Sources: Sampford (1967); Chen, Dempster & Liu (1994) and Deville (2000) for maximum entropy; Madow (1949) for the systematic one;
Tillé (2006), Sampling Algorithms, chapters 5, 6 and 7.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.errors import Refused

Floats = NDArray[np.float64]
ROUNDS = 10_000


def sampford(pi: Floats) -> Floats:
    """Of Sampford's design: one item with chances as pi, the rest with as pi / (1 - pi), until all differ."""
    return _beside_certain(pi, _sampford)


def maximum_entropy(pi: Floats) -> Floats:
    """Of conditional Poisson sampling: the design that says least beyond pi."""
    return _beside_certain(pi, _maximum_entropy)


def systematic(pi: Floats) -> Floats:
    """Of systematic sampling in the order given: the share of random starts that take both. Many are 0, so that no variance is unbiased."""
    _whole_size(pi)
    ends = np.cumsum(pi)
    starts = np.unique(np.concatenate([[0.0], np.round(ends % 1, 12) % 1, [1.0]]))
    joint = np.zeros((len(pi), len(pi)))
    for low, high in pairwise(starts):
        middle = (low + high) / 2
        taken = np.floor(ends - middle) > np.floor(np.concatenate([[0.0], ends[:-1]]) - middle)
        joint += (high - low) * np.outer(taken, taken)
    return joint


def _whole_size(pi: Floats) -> int:
    if len(pi) == 0 or not np.all((pi > 0) & (pi <= 1)):
        raise Refused("An inclusion probability is not above 0 and at most 1.", "Give one for each item of the population.")
    size = round(float(pi.sum()))
    if abs(float(pi.sum()) - size) > 1e-6:
        raise Refused(f"The inclusion probabilities sum to {pi.sum():.4f}, which is no size of a sample.", "Scale them to a whole number.")
    return size


def _beside_certain(pi: Floats, design: Callable[[Floats, int], Floats]) -> Floats:
    size = _whole_size(pi)
    open_ = pi < 1 - 1e-12
    joint = np.outer(pi, pi)
    if open_.any():
        joint[np.ix_(open_, open_)] = design(pi[open_], size - int((~open_).sum()))
    np.fill_diagonal(joint, pi)
    return joint


def _symmetric(odds: Floats, size: int) -> Floats:
    """Sums over all sets of 0, 1, …, `size` of the first 0, 1, …, N items of the product of their odds: shape (N + 1, size + 1)."""
    sums = np.zeros((len(odds) + 1, size + 1))
    sums[:, 0] = 1
    for place, chance in enumerate(odds):
        sums[place + 1, 1:] = sums[place, 1:] + chance * sums[place, :-1]
    return sums


def _symmetric_without_pairs(odds: Floats, size: int) -> Floats:
    """The same of all items but each two: shape (N, N, size + 1)."""
    n = len(odds)
    sums = np.zeros((n, n, size + 1))
    sums[:, :, 0] = 1
    for item, chance in enumerate(odds):
        kept = np.full((n, n, 1), chance)
        kept[item, :] = kept[:, item] = 0
        sums[:, :, 1:] += kept * sums[:, :, :-1]
    return sums


def _sampford(pi: Floats, size: int) -> Floats:
    odds = pi / size / (1 - pi)
    among = _symmetric(odds, size)[-1]
    t = np.arange(1, size + 1)
    scale = 1 / float(np.sum(t * among[size - t] / float(size) ** t))
    without = _symmetric_without_pairs(odds, size)
    both = pi[:, None] + pi[None, :]
    sums = sum(((k - both) * without[:, :, size - k] / float(size) ** (k - 2) for k in range(2, size + 1)), np.zeros_like(both))
    return scale * np.outer(odds, odds) * sums


def _maximum_entropy(pi: Floats, size: int) -> Floats:
    if size < 2:
        return np.zeros((len(pi), len(pi)))
    working = pi.copy()
    for _ in range(ROUNDS):
        reached = _conditional(working / (1 - working), size)
        working = working + pi - reached
        if np.abs(pi - reached).max() < 1e-12:
            break
    else:
        raise Refused("No design of maximum entropy was found for these inclusion probabilities.", "Draw by another design.")
    odds = working / (1 - working)
    among = float(_symmetric(odds, size)[-1, size])
    return np.outer(odds, odds) * _symmetric_without_pairs(odds, size)[:, :, size - 2] / among


def _conditional(odds: Floats, size: int) -> Floats:
    """Inclusion probabilities of Poisson sampling, given its size. Source: Chen, Dempster & Liu (1994).

    For each item the sums over sets of those before it meet the sums over sets of those behind: nothing is subtracted. A recursion over
    the size would subtract from 1 what is nearly 1, and come no nearer than 1e-9 where an item is almost certain.
    """
    before, behind = _symmetric(odds, size), _symmetric(odds[::-1], size)[::-1]
    without = np.einsum("ik,ik->i", before[:-1, :size], behind[1:, size - 1 :: -1])
    reached: Floats = odds * without / before[-1, size]
    return reached
