"""Samples drawn again and again from populations whose rate is known, and how often an interval holds it.

The draws here are plain ones by numpy, not those of `reviewer.domain.sampling`: what is measured is the interval, given the design.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain import survey
from reviewer.domain.estimates import Drawn, Estimate
from reviewer.domain.weighing import weigh
from tests.domain.labelled_populations import Labelled, judged

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Limits = tuple[Floats, Floats]

CONFIDENCE = 0.95
SCORE_BINS = (0.5, 0.8, 0.95)  # strata of a judge's scores: shares of the population below
FLOOR = 0.2  # of the mean inclusion probability


class Cell(NamedTuple):
    """A way to draw. judge: whose scores make strata or probabilities, or are handed to the estimate; "" where none do."""

    design: str
    judge: str

    @property
    def drawing(self) -> str:
        """The design alone, whether scores are handed on or not."""
        return self.design.removesuffix(" with scores")

    def __str__(self) -> str:
        return f"{self.design} {self.judge}".strip()


CELLS = (
    Cell("srs", ""),
    Cell("proportional", ""),
    *(Cell(design, judge) for design in ("neyman", "poisson") for judge in ("good", "weak", "binary", "missing")),
    *(Cell(design, judge) for design in ("srs with scores", "neyman with scores", "poisson with scores") for judge in ("good", "weak")),
)


class Measured(NamedTuple):
    """How often an interval held the rate, and how wide it was on average. below: how often the rate lay below it."""

    coverage: float
    width: float
    below: float


def samples(population: Labelled, cell: Cell, n: int, draws: int, seed: int) -> Iterator[Drawn]:
    """Samples of about `n` items."""
    chance = np.random.default_rng(seed)
    y, size = population.y, len(population.y)
    n = min(n, size // 2)
    f = judged(y, cell.judge, seed=1) if cell.judge else None
    match cell.drawing:
        case "srs":
            yield from _simple(y, n, draws, chance, f)
        case "proportional":
            yield from _stratified(y, population.group, _proportional(population.group, n), draws, chance, None)
        case "neyman":
            assert f is not None
            stratum = np.searchsorted(SCORE_BINS, np.argsort(np.argsort(f, kind="stable")) / size, side="right").astype(np.int64)
            yield from _stratified(y, stratum, _neyman(stratum, f, n), draws, chance, f if cell.design != cell.drawing else None)
        case "poisson":
            assert f is not None
            pi = _by_risk(f, n)
            yield from _poisson(y, pi, draws, chance, f if cell.design != cell.drawing else None)


def _simple(y: Floats, n: int, draws: int, chance: np.random.Generator, f: Floats | None) -> Iterator[Drawn]:
    size = np.array([len(y)])
    for _ in range(draws):
        at = chance.choice(len(y), n, replace=False)
        scores = None if f is None else f[at]
        yield Drawn("srs", np.full(n, n / len(y)), y[at], np.zeros(n, np.int64), size, f=scores, f_population=f)


def _stratified(y: Floats, stratum: Ints, counts: Ints, draws: int, chance: np.random.Generator, f: Floats | None) -> Iterator[Drawn]:
    sizes = np.bincount(stratum)
    of = np.repeat(np.arange(len(sizes)), counts)
    members = [np.flatnonzero(stratum == h) for h in range(len(sizes))]
    for _ in range(draws):
        at = np.concatenate([chance.choice(those, int(k), replace=False) for those, k in zip(members, counts, strict=True)])
        scores = None if f is None else f[at]
        yield Drawn("stratified", (counts / sizes)[of], y[at], of, sizes, f=scores, f_population=f, f_stratum=stratum)


def _poisson(y: Floats, pi: Floats, draws: int, chance: np.random.Generator, f: Floats | None) -> Iterator[Drawn]:
    size = np.array([len(y)])
    for _ in range(draws):
        at = np.flatnonzero(chance.random(len(y)) < pi)
        scores = None if f is None else f[at]
        yield Drawn("poisson", pi[at], y[at], np.zeros(len(at), np.int64), size, f=scores, f_population=f)


def _proportional(stratum: Ints, n: int) -> Ints:
    sizes = np.bincount(stratum)
    return np.minimum(np.maximum(np.round(n * sizes / len(stratum)), 2), sizes).astype(np.int64)


def _neyman(stratum: Ints, f: Floats, n: int) -> Ints:
    """By the spread that the scores lead one to expect, at least 10 in each stratum."""
    sizes = np.bincount(stratum)
    rates = (np.bincount(stratum, f) + 1) / (sizes + 2)
    shares = sizes * np.sqrt(rates * (1 - rates))
    wanted = np.maximum(np.round(n * shares / shares.sum()), min(10, n // len(sizes)))
    counts: Ints = np.minimum(wanted, sizes).astype(np.int64)
    return counts


def _by_risk(f: Floats, n: int) -> Floats:
    risk, certain = f + 1e-3, np.zeros(len(f), bool)
    while True:
        pi = np.where(certain, 1.0, (n - certain.sum()) * risk / risk[~certain].sum())
        if not np.any(pi[~certain] > 1):
            return np.clip(pi, FLOOR * n / len(f), 1.0)
        certain |= pi > 1


def measure(
    population: Labelled, cell: Cell, n: int, draws: int, interval: Callable[[Drawn], Estimate], seed: int = 5
) -> dict[str, Measured]:
    """Coverage and width of `interval`, under its own name "ours", and of its rivals on the same samples."""
    rate = float(population.y.mean())
    ours: list[tuple[float, float]] = []
    seen: list[tuple[float, ...]] = []
    for drawn in samples(population, cell, n, draws, seed):
        found = interval(drawn)
        assert found.low is not None
        assert found.high is not None
        ours.append((found.low, found.high))
        seen.append(_seen(drawn))
    every = {"ours": (np.array([low for low, _ in ours]), np.array([high for _, high in ours])), **_rivals(np.array(seen).T)}
    return {name: _measured(limits, rate) for name, limits in every.items()}


def _measured(limits: Limits, rate: float) -> Measured:
    low, high = limits
    rounding = 1e-12
    held = (low <= rate + rounding) & (rate <= high + rounding)
    return Measured(float(held.mean()), float(np.mean(high - low)), float(np.mean(rate < low - rounding)))


def _seen(drawn: Drawn) -> tuple[float, ...]:
    weighed = weigh(drawn)
    mean = survey.hajek(weighed.y, weighed.weights)
    degrees = len(weighed.y) - len(np.unique(weighed.stratum))
    return (mean.value, weighed.variance(mean.parts), len(weighed.y), degrees, survey.kish_size(weighed.weights))


def _rivals(seen: Floats) -> dict[str, Limits]:
    """Other intervals of a weighted share. seen: rows of share, variance, n, degrees of freedom, Kish's size."""
    share, variance, n, degrees, kish = seen
    t = special.stdtrit(degrees, (1 + CONFIDENCE) / 2)
    narrower = (special.stdtrit(n - 1, (1 + CONFIDENCE) / 2) / t) ** 2
    flat = (variance <= 0) | (share <= 0) | (share >= 1)
    most = 1e9  # beyond it quantiles of the beta distribution are lost in rounding
    trials = np.minimum(np.where(flat, kish, share * (1 - share) / np.where(flat, 1.0, variance)) * narrower, most)
    inner = np.where(flat, 0.5, share)
    half = t * np.sqrt(variance) / (inner * (1 - inner))
    usual = _exact(share, trials)
    odds = special.expit(special.logit(inner) - half), special.expit(special.logit(inner) + half)
    return {
        "Korn-Graubard": usual,
        "Korn-Graubard, at most n": _exact(share, np.minimum(trials, n)),
        "Korn-Graubard, at most Kish": _exact(share, np.minimum(trials, kish)),
        "logit": (np.where(flat, usual[0], odds[0]), np.where(flat, usual[1], odds[1])),
        "Wald": (share - t * np.sqrt(variance), share + t * np.sqrt(variance)),
    }


def _exact(share: Floats, trials: Floats) -> Limits:
    tail, part = (1 - CONFIDENCE) / 2, share * trials
    low = np.where(share <= 0, 0.0, special.betaincinv(np.maximum(part, 1e-12), trials - part + 1, tail))
    high = np.where(share >= 1, 1.0, special.betaincinv(part + 1, np.maximum(trials - part, 1e-12), 1 - tail))
    return low, high
