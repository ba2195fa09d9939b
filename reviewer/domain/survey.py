"""Totals and shares of a population from a sample with known inclusion probabilities, and their design variances.

Arrays have shape (n,), one value for each drawn item. A mean, a ratio and a share of a domain are one thing: a weighted total of linearised
values (`linearised`), so that a variance is written once for each design.

Sources: Horvitz & Thompson (1952); Hájek (1971); Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 2.8, 3.7, 5.6; Rao &
Scott (1981, 1984); METHODS.md sections 1 and 6. Checked against the R package survey.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NOTHING = 1e-18  # a variance, of shares


class Ratio(NamedTuple):
    """A weighted mean, and what each item adds to its error: linearised values times weights, which sum to 0."""

    value: float
    parts: Floats


class RaoScott(NamedTuple):
    """Whether groups of a population differ in a share, by a weighted sample of it.

    f, ndf, ddf, p: Rao and Scott's second-order test, the one to report. chi2, p_chi2: Pearson's statistic of the weighted table, and its
    first-order p, which counts on a variance that is known.
    """

    f: float
    ndf: float
    ddf: float
    p: float
    chi2: float
    p_chi2: float


def total(weights: Floats, values: Floats) -> float:
    """The weighted total. Not by BLAS: above ten thousand items it wakes threads, which cost more than the sum on a machine at work."""
    return float((weights * values).sum())


def hajek(y: Floats, weights: Floats) -> Ratio:
    """The weighted mean of `y`, over the estimated size of the population. Source: Hájek (1971)."""
    whole = float(weights.sum())
    value = total(weights, y) / whole
    return Ratio(value, weights * (y - value) / whole)


def domain_mean(y: Floats, weights: Floats, inside: NDArray[np.bool_]) -> Ratio:
    """The weighted mean of a part of the population: items outside keep their place in the design with nothing to add."""
    within = hajek(y[inside], weights[inside])
    parts = np.zeros(len(y))
    parts[inside] = within.parts
    return Ratio(within.value, parts)


def stratified_variance(parts: Floats, stratum: Ints, *, population: Ints | None = None, cluster: Ints | None = None) -> float:
    """The variance of the sum of `parts`, drawn at random within strata; of whole clusters where items are near-duplicates.

    parts: weighted values. stratum: from 0. population: shape (strata,), how many items each stratum has; None: drawn from so many that no
    correction is due. A stratum with one unit adds nothing: collapse it first (`collapsed`).
    """
    strata = int(stratum.max()) + 1
    if cluster is not None:
        parts, stratum, drawn = _summed(parts, stratum, cluster, strata)
    else:
        drawn = np.bincount(stratum, minlength=strata)
    units = np.bincount(stratum, minlength=strata)
    means = sums(stratum, parts, strata) / np.maximum(units, 1)
    squares = sums(stratum, (parts - means[stratum]) ** 2, strata)
    left = np.ones(strata) if population is None else 1 - drawn / np.maximum(population, 1)
    scale = np.where(units > 1, units / np.maximum(units - 1, 1), 0.0)
    return float(left @ (scale * squares))


def _summed(parts: Floats, stratum: Ints, cluster: Ints, strata: int) -> tuple[Floats, Ints, Ints]:
    """Parts summed by stratum and cluster, the stratum of each sum, and how many items each stratum had."""
    drawn = np.bincount(stratum, minlength=strata)
    keys, place = np.unique(np.stack([stratum, cluster], axis=1), axis=0, return_inverse=True)
    return sums(place.ravel(), parts), keys[:, 0], drawn


def poisson_variance(parts: Floats, pi: Floats, *, cluster: Ints | None = None) -> float:
    """The variance of the sum of `parts`, each item having been taken or left for itself with probability pi.

    Items of one cluster stand or fall together in what they say, so their parts are added up before they are squared; that is never less
    than the sum of the squares where they agree.
    """
    parts = parts * np.sqrt(1 - pi)
    if cluster is not None:
        _, place = np.unique(cluster, return_inverse=True)
        parts = sums(place.ravel(), parts)
    return total(parts, parts)


def sums(place: Ints, values: Floats, size: int = 0) -> Floats:
    """Values added up by place, from 0; at least `size` places."""
    return np.bincount(place, values, minlength=size).astype(np.float64)


def kish_size(weights: Floats) -> float:
    """How many equally weighted items tell as much as these. Source: Kish (1965)."""
    return float(weights.sum()) ** 2 / total(weights, weights)


def collapsed(stratum: Ints, population: Ints, drawn: Ints) -> tuple[Ints, Ints, Ints]:
    """Join each stratum of which one item was drawn, or none, to the one nearest in size, until what is left can vary.

    stratum: shape (n,); population, drawn: shape (strata,). Returns the joined strata of the items, their sizes, and the joined stratum of
    each stratum, numbered from 0. One whose every item was drawn stays.
    """
    sizes, counts = population.astype(np.int64), drawn.astype(np.int64)
    group = np.arange(len(population))
    alive = [h for h in range(len(population)) if sizes[h] > 0]
    while len(alive) > 1:
        few = [h for h in alive if counts[h] < 2 and counts[h] < sizes[h]]
        if not few:
            break
        least = min(few, key=lambda h: (counts[h], sizes[h], h))
        nearest = min((h for h in alive if h != least), key=lambda h: (abs(int(sizes[h]) - int(sizes[least])), h))
        sizes[nearest] += sizes[least]
        counts[nearest] += counts[least]
        group[group == least] = nearest
        alive.remove(least)
    number = np.zeros(len(population), np.int64)
    number[alive] = np.arange(len(alive))
    return number[group][stratum], sizes[alive], number[group]


def rao_scott(
    group: Ints, yes: NDArray[np.bool_], weights: Floats, *, variance: Callable[[Floats], float], degrees: float
) -> RaoScott | None:
    """Whether groups of a population differ in a share, by Rao & Scott (1981, 1984). None of a single group, where all said the same, and
    where the variance leaves no error, as that of a census may.

    group, yes, weights: shape (n,). variance: of the sum of parts, shape (n,), under the design, weights included; degrees: its degrees of
    freedom. A number that no item has is no group.
    """
    group = np.unique(group, return_inverse=True)[1]
    groups = int(group.max(initial=0)) + 1
    if groups < 2 or yes.all() or not yes.any():
        return None
    n, cell, whole = len(group), 2 * group + yes, float(weights.sum())
    share = np.bincount(cell, weights, minlength=2 * groups) / whole
    among = np.repeat(np.eye(groups)[:, 1:] - 1 / groups, 2, axis=0)  # how groups can differ; each column sums to 0
    apart = among * np.tile([-1.0, 1.0], groups)[:, None]
    over = np.divide(apart, share[:, None], out=np.zeros_like(apart), where=share[:, None] > 0)
    spread = _covariance(over[cell] * (weights / whole)[:, None], variance)
    if float(np.trace(spread)) <= _NOTHING:
        return None
    effects = np.linalg.solve(apart.T @ over / n, spread)
    trace = float(np.trace(effects))
    table = share.reshape(groups, 2)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    chi2 = n * float(((table - expected) ** 2 / expected).sum())
    f, ndf = chi2 / trace, trace**2 / float(np.trace(effects @ effects))
    first = float(special.chdtrc(groups - 1, (groups - 1) * f))
    return RaoScott(f, ndf, ndf * degrees, float(special.fdtrc(ndf, ndf * degrees, f)), chi2, first)


def _covariance(parts: Floats, variance: Callable[[Floats], float]) -> Floats:
    """Of the sums of the columns, by what the design says of the sums of two."""
    alone = [variance(column) for column in parts.T]
    found = np.diag(alone)
    for one in range(len(alone)):
        for other in range(one):
            both = variance(parts[:, one] + parts[:, other])
            found[one, other] = found[other, one] = (both - alone[one] - alone[other]) / 2
    return found


def horvitz_thompson_variance(y: Floats, joint: Floats) -> float:
    """Horvitz and Thompson's own variance of the total of y / pi. joint: shape (n, n), probabilities of both, pi on the diagonal."""
    pi = np.diag(joint)
    expanded = y / pi
    return float(expanded @ (1 - np.outer(pi, pi) / joint) @ expanded)


def yates_grundy_variance(y: Floats, joint: Floats) -> float:
    """The variance of the total of y / pi in a design of fixed size. Source: Sen (1953), Yates & Grundy (1953)."""
    pi = np.diag(joint)
    expanded = y / pi
    apart = (expanded[:, None] - expanded[None, :]) ** 2
    return float(-0.5 * np.sum((1 - np.outer(pi, pi) / joint) * apart))


def brewer_variance(y: Floats, pi: Floats) -> float:
    """The variance of the total of y / pi in a design of fixed size, without joint probabilities. Source: Brewer (2002)."""
    n = len(y)
    expanded = y / pi
    return float(n / (n - 1) * np.sum((1 - pi) * (expanded - expanded.mean()) ** 2))


def overton_joint(pi: Floats) -> Floats:
    """About the joint inclusion probabilities of a design of fixed size. Source: Overton (1985)."""
    n = len(pi)
    return _with_diagonal(np.outer(pi, pi) * (n - 1) / (n - (pi[:, None] + pi[None, :]) / 2), pi)


def hartley_rao_joint(pi: Floats, mean_square: float | None = None) -> Floats:
    """About the joint inclusion probabilities of systematic sampling in random order.

    mean_square: the sum of pi² over the population, by n; estimated from the sample where it is None. Source: Hartley & Rao (1962).
    """
    n = len(pi)
    spread = float(pi.sum()) / n if mean_square is None else mean_square
    return _with_diagonal(np.outer(pi, pi) * (n - 1) / (n - pi[:, None] - pi[None, :] + spread), pi)


def _with_diagonal(joint: Floats, pi: Floats) -> Floats:
    np.fill_diagonal(joint, pi)
    return joint
