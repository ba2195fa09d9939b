"""Whether regions that a scan pointed at hold on labels that it had not seen.

The regions are chosen by labels of a first stage; then some of their other items are drawn at random and labelled. Their violations are
compared with those of the first stage, by Fisher's exact test, and Holm's method holds the chance of any false one. The first stage as a
whole is what is compared with, not what lies outside of the regions: those were chosen for having many violations, so that what is left
has too few by chance. METHODS.md section 6 took the rest, and met false alarms of .06.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from reviewer.domain.item_tree import Ints
from reviewer.domain.tree_scan import excess, holm

REGIONS = 4  # that are looked at a second time; measured: 2 to 5 find more the more they are, 4 nearly all that 5 do


class Counted(NamedTuple):
    """Labels, and how many of them are non-compliant."""

    c: int
    n: int


class Confirmed(NamedTuple):
    """p: of one region by itself; adjusted: Holm's, over all regions that are tested together."""

    p: float
    adjusted: float


def confirm(fresh: Sequence[Counted], first: Counted) -> list[Confirmed]:
    """Of each region, whether its fresh labels are more often non-compliant than those of the first stage.

    fresh: of items that the first stage did not label; a region without any counts with a p of 1.
    """
    alone = [excess(one.c, one.n, first.c, first.n) for one in fresh]
    return [Confirmed(p, adjusted) for p, adjusted in zip(alone, holm(alone), strict=True)]


def shared_out(size: int, room: Ints) -> Ints:
    """How many of `size` fresh labels each region gets: the same for all, and what one has no room for goes to the others."""
    given = np.zeros(len(room), np.int64)
    left = min(size, int(room.sum()))
    while left > 0:
        open_ = np.flatnonzero(given < room)
        more = np.minimum(room[open_] - given[open_], max(1, left // len(open_)))
        more = np.where(np.cumsum(more) <= left, more, 0)
        given[open_] += more
        left -= int(more.sum())
    return given
