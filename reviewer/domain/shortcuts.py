"""What predicts a label by itself, without being what the label is about: a model that is trained on such rows may learn that instead.

Each feature alone has its AUC; all of them together predict rows of groups that they were not fitted on. Among pairs of outputs on one
prompt an AUC is the share of pairs in which the better one has more. Sources: Singhal et al. (2023), A Long Way to Go: Investigating Length
Correlations in RLHF; Geirhos et al. (2020), Shortcut learning; METHODS.md section 8, whose rule of warning this is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain import held_out, proportions, roc
from reviewer.domain.held_out import Predicted
from reviewer.domain.roc import Auc

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

RISK = 0.6  # the lower limit of an AUC above which a feature is warned of
OF_A_JUDGE = 0.8  # of what a judge has over chance: as much by features alone is warned of
ENOUGH = 20  # rows of each kind, or pairs: below, nothing is said


class Shortcut(NamedTuple):
    """A feature and the AUC by which it predicts, of the direction that it has, so 0.5 or above.

    more: whether more of it goes with what is good: compliant or chosen. None for a feature whose values have no order: there the AUC is
    that of guessing by the share of each value among the rows of other groups.
    """

    feature: str
    auc: Auc
    more: bool | None

    @property
    def risky(self) -> bool:
        """Whether even the lower limit is above what is warned of."""
        return self.auc.low > RISK


class Audit(NamedTuple):
    """alone: by how surely each predicts, the strongest first; features that are the same in all rows are left out. together: None where
    there are too few groups of either kind. items: rows, or pairs. judge: the AUC of a judge's scores, where there are any.

    reason: why there is nothing; else empty.
    """

    alone: tuple[Shortcut, ...]
    together: Predicted | None
    items: int
    positive: int
    judge: Auc | None = None
    reason: str = ""

    @property
    def risky(self) -> tuple[Shortcut, ...]:
        """The features that are warned of."""
        return tuple(one for one in self.alone if one.risky)

    @property
    def as_good_as_a_judge(self) -> bool:
        """Whether features alone have most of what a judge, who reads, has over chance."""
        if self.judge is None or self.together is None:
            return False
        return self.together.low > 0.5 and self.together.value > OF_A_JUDGE * (self.judge.value - 0.5) + 0.5

    @property
    def warns(self) -> bool:
        """Whether a model could learn a shortcut: one feature, all of them, or as much of them as a judge has."""
        return bool(self.risky) or (self.together is not None and self.together.low > RISK) or self.as_good_as_a_judge


class Features(NamedTuple):
    """Columns by name, each of shape (rows,). measured: numbers. named: codes of values without an order, from 0."""

    measured: Mapping[str, Floats]
    named: Mapping[str, Ints] = {}

    def of(self, rows: Bools) -> "Features":
        """The same of some rows."""
        return Features(
            {name: values[rows] for name, values in self.measured.items()}, {name: codes[rows] for name, codes in self.named.items()}
        )


def audit_labels(
    features: Features, good: Bools, groups: Ints, *, judge: Floats | None = None, step: Callable[[], None] = lambda: None
) -> Audit:
    """Audit rows that are good or not. groups: which rows are near-duplicates or otherwise not independent; step: called now and then."""
    rarer = int(min(good.sum(), (~good).sum()))
    if rarer < ENOUGH:
        return Audit(
            (), None, len(good), int(good.sum()), reason=f"{rarer:,} rows of the rarer kind are too few to tell: it takes {ENOUGH}."
        )
    shared, fold = _if_shared(groups), held_out.folds(good, groups)
    alone = [_directed(name, roc.auc(values, good, groups=shared)) for name, values in features.measured.items() if np.ptp(values)]
    for name, codes in features.named.items():
        if np.ptp(codes):
            alone.append(Shortcut(name, roc.auc(_by_share(codes, good, fold), good, groups=shared), None))
    columns = held_out.standardised([*features.measured.values()], centred=True)
    columns += [(codes == value).astype(np.float64) for codes in features.named.values() for value in np.unique(codes)[1:]]
    together = held_out.predicted_labels(np.stack(columns, axis=1), good, fold, groups, step=step) if columns else None
    measured = None if judge is None else roc.auc(judge, good, groups=shared)
    return Audit(_ordered(alone), together, len(good), int(good.sum()), measured)


def audit_pairs(more: Mapping[str, Floats], groups: Ints, *, step: Callable[[], None] = lambda: None) -> Audit:
    """Audit pairs of outputs. more: of each feature, what the chosen one has over the rejected one; shape (pairs,)."""
    n = len(groups)
    if n < ENOUGH:
        return Audit((), None, n, n, reason=f"{n:,} pairs are too few to tell: it takes {ENOUGH}.")
    alone = [_directed(name, _share((np.sign(values) + 1) / 2, groups)) for name, values in more.items() if values.any()]
    columns = held_out.standardised([*more.values()], centred=False)
    fold = held_out.folds(np.ones(n, np.bool_), groups)
    together = held_out.predicted_pairs(np.stack(columns, axis=1), fold, groups, step=step) if columns else None
    return Audit(_ordered(alone), together, n, n)


def _ordered(alone: Sequence[Shortcut]) -> tuple[Shortcut, ...]:
    return tuple(sorted(alone, key=lambda one: (-one.auc.low, -one.auc.value, one.feature)))


def _directed(name: str, auc: Auc) -> Shortcut:
    more = auc.value >= 0.5
    return Shortcut(name, auc if more else auc.turned, more)


def _if_shared(groups: Ints) -> Ints | None:
    """Groups, where any has several rows; DeLong's own variance serves where none has."""
    return None if len(np.unique(groups)) == len(groups) else groups


def _share(right: Floats, groups: Ints) -> Auc:
    """The mean of 0, one half and 1 with Wilson's limits, for as many pairs as would give it its variance over groups."""
    value, n = float(right.mean()), len(right)
    _, place = np.unique(groups, return_inverse=True)
    together = np.bincount(place, weights=(right - value) / n)
    variance = float(together @ together) * len(together) / max(len(together) - 1, 1)
    worth = value * (1 - value) / variance if variance else float(len(together))  # no variance: all went the same way
    low, high = proportions.wilson(value * worth, worth)
    return Auc(value, low, high, variance, n, n)


def _by_share(codes: Ints, good: Bools, fold: Ints) -> Floats:
    """How good the rows of each value are among other folds, over their mean, and drawn to it where they are few."""
    scores = np.empty(len(codes))
    values = int(codes.max()) + 1
    for held in np.unique(fold):
        out = fold == held
        n, hits = np.bincount(codes[~out], minlength=values), np.bincount(codes[~out], weights=good[~out], minlength=values)
        middle = float(good[~out].mean()) if not out.all() else 0.5
        scores[out] = ((hits + middle) / (n + 1) - middle)[codes[out]]
    return scores
