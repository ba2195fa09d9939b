"""Whether regions that a scan pointed at hold on labels that it had not seen.

The regions are chosen by labels of a first stage; then some of their other items are drawn at random and labelled. Their violations are
compared with those of the first stage, by Fisher's exact test, and Holm's method holds the chance of any false one. The first stage as a
whole is what is compared with, not what lies outside of the regions: those were chosen for having many violations, so that what is left
has too few by chance. METHODS.md section 6 took the rest, and met false alarms of .06.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from reviewer.domain import tree_scan
from reviewer.domain.item_tree import Bools, Ints, ItemTree
from reviewer.domain.tree_scan import excess, holm

LEAST_LABELLED = 3  # labels of the first stage that a region needs to be looked at again: it is no test, and small regions have few
REGIONS = 4  # that are looked at a second time; measured: 2 to 5 find more the more they are, 4 nearly all that 5 do


class Counted(NamedTuple):
    """Labels, and how many of them are non-compliant."""

    c: int
    n: int


class Confirmed(NamedTuple):
    """p: of one region by itself; adjusted: Holm's, over all regions that are tested together."""

    p: float
    adjusted: float


def candidates(tree: ItemTree, labelled: Ints, broken: Bools, *, cell: Ints | None = None, taken: Sequence[int] = ()) -> list[int]:
    """The nodes that are worth a second look: those that stand out most and overlap neither each other nor what is `taken`.

    labelled, broken, cell: as `tree_scan.scan` has them. taken: nodes that are looked at again anyway; so many fewer are chosen.
    """
    most = max(0, REGIONS - len(taken))
    found = tree_scan.scan(tree, labelled, broken, rng=np.random.default_rng(0), cell=cell, replications=0, least=LEAST_LABELLED)
    return [int(found.node[one]) for one in tree_scan.apart(tree, found, most=most, taken=taken)]


def confirm(fresh: Sequence[Counted], first: Counted) -> list[Confirmed]:
    """Of each region, whether its fresh labels are more often non-compliant than those of the first stage.

    fresh: of items that the first stage did not label; a region without any counts with a p of 1.
    """
    alone = [excess(one.c, one.n, first.c, first.n) for one in fresh]
    return [Confirmed(p, adjusted) for p, adjusted in zip(alone, holm(alone), strict=True)]
