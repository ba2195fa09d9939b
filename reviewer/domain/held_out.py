"""How well a logistic regression predicts rows that it was not fitted on, and how sure that is: five folds of whole groups.

Arrays are of shape (rows, columns) and (rows,). The limits come from a bootstrap over groups in which each fit is made anew, by one step of
Newton's from the fit to all rows. With the fits held fixed, limits were too narrow: among 60 sets of 400 rows with nothing to find, 95 %
limits held .5 in 78 % of them; so made, in 98 %. Sources: Efron & Tibshirani (1997), Improvements on cross-validation: the .632+ bootstrap
method; METHODS.md section 8.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.proportions import normal_quantile

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

FOLDS = 5
_RESAMPLES = 200
_RIDGE = 1.0  # on standardised columns, of a likelihood that is a sum over rows
_NO_RIDGE = 1e-9
_ONE_THREAD = 200_000  # multiplications that OpenBLAS still does in the thread that asks
_SEED = 20_260_103  # the same rows give the same figures


class Predicted(NamedTuple):
    """An AUC on rows that were held out, or the share of pairs that were put right, with 95 % limits; groups: how many are independent."""

    value: float
    low: float
    high: float
    groups: int


def folds(good: Bools, groups: Ints) -> Ints:
    """The fold of each row: whole groups, large ones first, each to where rows of its kinds are missed most."""
    _, place = np.unique(groups, return_inverse=True)
    kinds = np.stack((np.bincount(place, weights=good), np.bincount(place, weights=~good)), axis=1)
    wanted = kinds.sum(axis=0) / FOLDS
    missing = np.tile(wanted, (FOLDS, 1)) / np.where(wanted > 0, wanted, 1)
    share = kinds / np.where(wanted > 0, wanted, 1)
    shuffled = np.random.default_rng(_SEED).permutation(len(kinds))
    fold_of = np.empty(len(kinds), np.int64)
    for group in shuffled[np.argsort(-kinds.sum(axis=1)[shuffled], kind="stable")]:
        fold_of[group] = np.argmax(missing @ (kinds[group] > 0))
        missing[fold_of[group]] -= share[group]
    fold: Ints = fold_of[place]
    return fold


def predicted_labels(
    columns: Floats, good: Bools, fold: Ints, groups: Ints, *, step: Callable[[], None] = lambda: None
) -> Predicted | None:
    """The mean AUC within folds, each weighing as its pairs of rows do: scores of different folds come from different fits.

    None where a fold lacks good rows or bad ones. step: called after each resample.
    """
    if not all(0 < good[fold == held].sum() < (fold == held).sum() for held in range(FOLDS)):
        return None
    _, place = np.unique(groups, return_inverse=True)
    parts = [_Part(np.column_stack((columns, np.ones(len(columns)))), good.astype(np.float64), fold != held, 1) for held in range(FOLDS)]

    def auc(weights: Floats) -> float:
        found = [ranked_pairs(part.scores(weights), good[part.out], weights[part.out]) for part in parts]
        right, whole = (sum(values) for values in zip(*found, strict=True))
        return right / whole if whole else 0.5

    return _resampled(auc, place, step)


def predicted_pairs(more: Floats, fold: Ints, groups: Ints, *, step: Callable[[], None] = lambda: None) -> Predicted | None:
    """The share of pairs that are put right, ties one half; None where a fold is empty. more: what the better one has over the other."""
    if len(np.unique(fold)) < FOLDS:
        return None
    _, place = np.unique(groups, return_inverse=True)
    parts = [_Part(more, np.ones(len(more)), fold != held, 0) for held in range(FOLDS)]

    def share(weights: Floats) -> float:
        right = sum(float(weights[part.out] @ (np.sign(part.scores(weights)) + 1)) / 2 for part in parts)
        return right / float(weights.sum())

    return _resampled(share, place, step)


def _resampled(figure: Callable[[Floats], float], place: Ints, step: Callable[[], None]) -> Predicted:
    """The figure of all rows, and limits by its spread over resamples of groups."""
    count = int(place.max()) + 1
    rng = np.random.default_rng(_SEED)
    value = figure(np.ones(len(place)))
    drawn = []
    for _ in range(_RESAMPLES):
        drawn.append(figure(rng.multinomial(count, np.full(count, 1 / count)).astype(np.float64)[place]))
        step()
    half = normal_quantile(0.95) * math.sqrt(float(np.var(drawn, ddof=1)))
    return Predicted(value, max(0.0, value - half), min(1.0, value + half), count)


class _Part:
    """A fit on some rows, and the rows that it is asked about. free: how many of the last columns have no ridge."""

    def __init__(self, columns: Floats, outcome: Floats, among: Bools, free: int) -> None:
        self.out = ~among
        self._asked, self._columns, self._among = columns[~among], columns[among], among
        self._free = free
        self._penalty = np.full(columns.shape[1], _RIDGE)
        self._penalty[columns.shape[1] - free :] = _NO_RIDGE
        self._found = self._fitted(outcome[among])
        chance = special.expit(np.einsum("rc,c->r", self._columns, self._found))
        self._missed, self._spread = outcome[among] - chance, np.maximum(chance * (1 - chance), 1e-9)

    def scores(self, weights: Floats) -> Floats:
        """Log odds of the rows that were held out, under a fit that weighs rows so, less the part that is the same for all."""
        mine = weights[self._among]
        found = self._found + self._step(mine * self._missed, mine * self._spread, self._found)
        used = len(found) - self._free
        scores: Floats = np.einsum("rc,c->r", self._asked[:, :used], found[:used])
        return scores

    def _fitted(self, outcome: Floats) -> Floats:
        found = np.zeros(self._columns.shape[1])
        for _ in range(50):
            chance = special.expit(np.einsum("rc,c->r", self._columns, found))
            step = self._step(outcome - chance, np.maximum(chance * (1 - chance), 1e-9), found)
            longest = float(np.abs(step).max())
            found = found + step * min(1.0, 5.0 / max(longest, 1e-12))  # from afar a whole step may go too far
            if longest < 1e-8:
                break
        return found

    def _step(self, missed: Floats, spread: Floats, found: Floats) -> Floats:
        information = _products(self._columns, spread) + np.diag(self._penalty)
        step: Floats = np.linalg.solve(information, np.einsum("rc,r->c", self._columns, missed) - self._penalty * found)
        return step


def _products(columns: Floats, weights: Floats) -> Floats:
    """The weighted sums of products of columns, some rows at a time.

    OpenBLAS gives larger products to threads that spin while they wait for each other: on two busy cores that takes forty times as long.
    """
    total = np.zeros((columns.shape[1], columns.shape[1]))
    rows = max(1, _ONE_THREAD // columns.shape[1] ** 2)
    for start in range(0, len(columns), rows):
        some = columns[start : start + rows]
        total += some.T @ (some * weights[start : start + rows, None])
    return total


def ranked_pairs(scores: Floats, good: Bools, weights: Floats) -> tuple[float, float]:
    """Of pairs of a good row and a bad one, how many have the good one higher, ties one half, and how many there are."""
    _, level = np.unique(scores, return_inverse=True)
    higher = np.bincount(level, weights=weights * good)
    lower = np.bincount(level, weights=weights * ~good)
    return float(higher @ (np.cumsum(lower) - lower / 2)), float(higher.sum() * lower.sum())


def standardised(measured: Sequence[Floats], *, centred: bool) -> list[Floats]:
    """Numbers and their signed logarithms, since counts have long tails, each over its spread; what is the same in all rows is left out."""
    columns = []
    for values in measured:
        for one in (values, np.sign(values) * np.log1p(np.abs(values))):
            middle = float(one.mean()) if centred else 0.0
            spread = float(np.sqrt(((one - middle) ** 2).mean()))
            if spread > 1e-12:  # of what is the same in all rows only rounding is left
                columns.append((one - middle) / spread)
    return columns
