"""Whether reviewers follow a judge whose opinion they see: labels given with it in view beside labels given without.

Arrays are of shape (labels,): whether the label says what the judge says, and who gave it, from 0. Sources: Goddard, Roudsari & Wyatt
(2012), Automation bias; METHODS.md section 9.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain import associations, differences
from reviewer.domain.associations import Arm, CommonOdds, Exact, McNemar
from reviewer.domain.differences import Difference

Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]


class Labels(NamedTuple):
    """Labels of one arm: whether each says what the judge says, and its reviewer."""

    agrees: Bools
    reviewer: Ints

    @property
    def arm(self) -> Arm:
        """How many say so, of how many."""
        return Arm(int(self.agrees.sum()), len(self.agrees))

    def of(self, reviewer: int) -> Arm:
        """The same, of one reviewer's."""
        mine = self.reviewer == reviewer
        return Arm(int(self.agrees[mine].sum()), int(mine.sum()))


class Effect(NamedTuple):
    """Agreement with the judge, of labels with its opinion in view less that of blind ones. difference: Newcombe's limits; test: Fisher's.

    All but the counts are None where an arm is empty. by_reviewer: one odds ratio, reviewers as strata. per_arm: how many labels of each
    arm would tell these two shares apart in four of five trials; None where they are the same, or 0 or 1.
    """

    shown: Arm
    blind: Arm
    difference: Difference | None
    test: Exact | None
    by_reviewer: CommonOdds | None
    per_arm: int | None


def effect(shown: Labels, blind: Labels) -> Effect:
    """Compare the arms. Only where chance put each item into one of them is the difference the judge's doing."""
    one, other = shown.arm, blind.arm
    if not one.n or not other.n:
        return Effect(one, other, None, None, None, None)
    strata = [(shown.of(who), blind.of(who)) for who in np.union1d(shown.reviewer, blind.reviewer).tolist()]
    shares = one.yes / one.n, other.yes / other.n
    open_ = shares[0] != shares[1] and all(0 < share < 1 for share in shares)
    return Effect(
        one,
        other,
        differences.newcombe(one.yes, one.n, other.yes, other.n),
        associations.fisher(one, other),
        associations.mantel_haenszel(strata),
        associations.size_per_arm(*shares) if open_ else None,
    )


class Pairs(NamedTuple):
    """Items that have a label of each arm. n: how many; only_shown, only_blind: where that label alone says what the judge says."""

    n: int
    only_shown: int
    only_blind: int
    test: McNemar


def paired(shown: Bools, blind: Bools) -> Pairs:
    """Items that have a label of each arm: whether the one says what the judge says, and the other. shown, blind: shape (items,)."""
    counts = int((shown & ~blind).sum()), int((~shown & blind).sum())
    return Pairs(len(shown), *counts, associations.mcnemar(*counts))
