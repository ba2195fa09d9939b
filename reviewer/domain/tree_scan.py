"""Which regions of a tree of items break the policy more often than chance allows: a Bernoulli scan over all nodes of the tree.

Every node is compared with what the largest node comes to when the verdicts are dealt out anew, so that the chance of any false alarm in
the whole tree is held. Verdicts are dealt out within cells only: strata, classes of inclusion probability, or a covariate such as the
model; what a node is expected to have follows from its cells. With one cell, the statistic is Kulldorff's for Bernoulli trials. His other
one, for counts that are expected by covariates, can be asked for. Sources: Kulldorff (1997), A spatial scan statistic; Kulldorff, Fang &
Walsh (2003), A tree-based scan statistic; Zhang, Assunção & Kulldorff (2010), for those that do not overlap; METHODS.md section 6.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.item_tree import Bools, Floats, Ints, ItemTree

Numbers: TypeAlias = NDArray[Any]

Statistic = Literal["bernoulli", "poisson"]

LEAST_ITEMS = 8
LEAST_LABELLED = 5
MOST_SHARE = 0.5  # of all items: a larger node is no region
REPLICATIONS = 999
_AT_ONCE = 2_000_000  # verdicts, or nodes, that are held at a time
_TIED = 1e-9


class Scan(NamedTuple):
    """What a scan found of the nodes that it looked at.

    node: places in the tree. size: items; n: labelled ones; c: non-compliant ones; expected: of these by the cells. llr: 0 where there are
    no more than expected. p: of the family of all nodes. All of shape (nodes looked at,). highest: shape (replications,), sorted.
    """

    node: Ints
    size: Ints
    n: Ints
    c: Ints
    expected: Floats
    llr: Floats
    p: Floats
    highest: Floats


def log_likelihood_ratio(c: Ints, n: Ints, expected: Floats, *, violations: int, labelled: int) -> Floats:
    """How much better two rates explain the verdicts than what was expected; 0 where a node has no more than that.

    c of n are non-compliant, violations of all that are labelled. With expected = n * violations / labelled it is the Bernoulli statistic
    of Kulldorff (1997); c = n and c = violations are the worst nodes, not errors (0 ln 0 = 0).
    """
    good, elsewhere = n - c, violations - c
    rest = labelled - n - elsewhere
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (
            special.xlogy(c, c / expected)
            + special.xlogy(good, good / (n - expected))
            + special.xlogy(elsewhere, elsewhere / (violations - expected))
            + special.xlogy(rest, rest / (labelled - n - violations + expected))
        )
    return np.where(c > expected + _TIED, found, 0.0)


def poisson_ratio(c: Ints, expected: Floats, *, violations: int) -> Floats:
    """The same of counts that are expected by covariates, in proportion to a rate of each: Kulldorff's statistic of the Poisson model.

    It is the one of programs that adjust for covariates, and comes to the same as the other where violations are rare. Where they are
    frequent it sees less, since a count has more room above it than verdicts have: of regions of 120 items where 1 in 10 break the policy
    at one model and 1 in 2 at the other, it found three where the other found four; of those with 1 in 20 and 3 in 10, as many.
    """
    elsewhere = violations - c
    with np.errstate(divide="ignore", invalid="ignore"):
        found = special.xlogy(c, c / expected) + special.xlogy(elsewhere, elsewhere / (violations - expected))
    return np.where(c > expected + _TIED, found, 0.0)


def unconditional(c: Ints, n: Ints, rate: float) -> Floats:
    """The statistic where the rate without any region is known: c of n, 0 where that is no more than the rate gives."""
    share = c / np.maximum(n, 1)
    found = special.xlogy(c, share / rate) + special.xlogy(n - c, (1 - share) / (1 - rate))
    return np.where(share > rate, found, 0.0)


def scan(
    tree: ItemTree,
    labelled: Ints,
    broken: Bools,
    *,
    rng: np.random.Generator,
    cell: Ints | None = None,
    replications: int = REPLICATIONS,
    least: int = LEAST_LABELLED,
    statistic: Statistic = "bernoulli",
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> Scan:
    """Look at every node of 8 items to half of all with at least `least` labelled ones.

    labelled: places of items; broken, cell: shape (labelled,), the verdicts and within what they are dealt out. statistic: of verdicts, or
    of counts (`poisson_ratio`). step: told how many replications are done, of how many; it may raise.
    """
    place = np.empty(len(tree.order), np.int64)
    place[tree.order] = np.arange(len(tree.order))
    along = np.argsort(place[labelled], kind="stable")
    at = place[labelled][along]
    y = broken[along].astype(np.int32)
    cells = np.zeros(len(y), np.int64) if cell is None else np.unique(cell[along], return_inverse=True)[1]
    first, last = np.searchsorted(at, tree.start), np.searchsorted(at, tree.stop)
    sizes = tree.stop - tree.start
    fits = (sizes >= LEAST_ITEMS) & (sizes <= MOST_SHARE * len(tree.order)) & (last - first >= least)
    node = np.flatnonzero(fits).astype(np.int64)
    first, last = first[node], last[node]
    n, violations = last - first, int(y.sum())
    rates = np.bincount(cells, weights=y) / np.maximum(np.bincount(cells), 1)
    expected = _between(rates[cells][None] if len(cells) else np.zeros((1, 0)), first, last)[0]

    def ratio(c: Ints) -> Floats:
        if statistic == "poisson":
            return poisson_ratio(c, expected, violations=violations)
        return log_likelihood_ratio(c, n, expected, violations=violations, labelled=len(y))

    c = _between(y[None], first, last)[0].astype(np.int64)
    llr = ratio(c)
    highest = np.zeros(replications)
    rows = max(1, _AT_ONCE // max(len(y), len(node), 1))
    for start in range(0, replications, rows):
        dealt = _dealt(y, cells, min(rows, replications - start), rng)
        found = ratio(_between(dealt, first, last).astype(np.int64))
        highest[start : start + len(dealt)] = found.max(axis=1, initial=0.0)
        step(start + len(dealt), replications)
    highest.sort()
    above = replications - np.searchsorted(highest, llr - _TIED, side="left")
    return Scan(node, sizes[node], n.astype(np.int64), c, expected, llr, (1 + above) / (replications + 1), highest)


def apart(tree: ItemTree, found: Scan, *, most: int, taken: Sequence[int] = ()) -> Ints:
    """The places in the scan of the best nodes that do not overlap, best first; those that have no more than expected are left out.

    taken: nodes that they may not overlap either.
    Of nodes that come to the same, the larger one: it says the same of more items.
    """
    chosen: list[int] = []
    for place in np.lexsort((-found.size, -np.round(found.llr, 9))):
        if len(chosen) == most or found.llr[place] <= 0:
            break
        one = found.node[place]
        others = (*taken, *found.node[chosen].tolist())
        if all(tree.stop[one] <= tree.start[other] or tree.stop[other] <= tree.start[one] for other in others):
            chosen.append(int(place))
    return np.array(chosen, np.int64)


def holm(p: Sequence[float]) -> list[float]:
    """p-values adjusted so that all that are below a level hold together at it. Source: Holm (1979)."""
    adjusted, worst = [0.0] * len(p), 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=lambda one: p[one])):
        worst = max(worst, min(1.0, (len(p) - rank) * p[place]))
        adjusted[place] = worst
    return adjusted


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """p-values adjusted for the share of false ones below a level: for lists to explore. Source: Benjamini & Hochberg (1995)."""
    adjusted, least = [1.0] * len(p), 1.0
    for rank, place in zip(range(len(p), 0, -1), sorted(range(len(p)), key=lambda one: -p[one]), strict=True):
        least = min(least, len(p) / rank * p[place])
        adjusted[place] = least
    return adjusted


def excess(c: int, n: int, violations: int, labelled: int) -> float:
    """The chance of c or more of n where both groups break the policy equally often: Fisher's exact test, one-sided.

    violations of labelled: the group beside it. Nothing to compare with gives 1.
    """
    from scipy import stats

    return float(stats.hypergeom.sf(c - 1, n + labelled, c + violations, n)) if n and labelled else 1.0


def _between(values: Numbers, first: Ints, last: Ints) -> Numbers:
    """The sums of stretches of each row: values of shape (rows, labelled), answer (rows, nodes)."""
    sums = np.zeros((len(values), values.shape[1] + 1), values.dtype)
    np.cumsum(values, axis=1, out=sums[:, 1:])
    found: Numbers = np.take(sums, last, axis=1) - np.take(sums, first, axis=1)
    return found


def _dealt(y: Numbers, cells: Ints, rows: int, rng: np.random.Generator) -> Numbers:
    """The verdicts dealt out anew within their cells, `rows` times."""
    dealt = np.empty((rows, len(y)), np.int32)
    order = np.argsort(cells, kind="stable")
    for some in np.split(order, np.flatnonzero(np.diff(cells[order])) + 1):
        dealt[:, some] = rng.permuted(np.broadcast_to(y[some], (rows, len(some))), axis=1)
    return dealt
