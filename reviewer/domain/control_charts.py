"""Since when violations are more frequent than they were: two charts over verdicts in the order of their items' times.

The Bernoulli CUSUM adds up how much better a higher rate explains each verdict; its limit is simulated, since the values are few and no
normal formula holds. The e-detector asks no more than that the mean was at most p0: whoever looks after every verdict meets a false alarm
once in 1 / alpha verdicts or more rarely. Sources: Page (1954); Reynolds & Stoumbos (1999), A CUSUM chart for monitoring a proportion;
Shin, Ramdas & Rinaldo (2023), E-detectors; METHODS.md section 7.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.errors import Refused

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

_PATHS = 1_000
_MOST_CELLS = 20_000_000
_HALVINGS = 40


class Chart(NamedTuple):
    """path: shape (n,), the statistic after each verdict, before it begins anew. alarms: places at which it reached the limit."""

    path: Floats
    alarms: tuple[int, ...]


def steps(y: Floats, p0: float, p1: float, weights: Floats | None = None) -> Floats:
    """What each verdict adds: the log ratio of p1 to p0, times its weight over the mean weight. y: 1 non-compliant, 0 compliant."""
    if not 0 < p0 < p1 < 1:
        raise Refused(f"A change from {p0:g} to {p1:g} cannot be watched for.", "Give two shares, the second one higher.")
    ratio: Floats = np.where(y > 0, math.log(p1 / p0), math.log((1 - p1) / (1 - p0)))
    return ratio if weights is None or not len(weights) else ratio * (weights / weights.mean())


def cusum(added: Floats, limit: float) -> Chart:
    """The CUSUM of what each verdict adds; it alarms at the limit or above, and then begins anew at 0."""
    path = np.empty(len(added))
    alarms, now = [], 0.0
    for place, step in enumerate(added.tolist()):
        now = max(0.0, now + step)
        path[place] = now
        if now >= limit:
            alarms.append(place)
            now = 0.0
    return Chart(path, tuple(alarms))


class Limit(NamedTuple):
    """The limit of a CUSUM, and how many verdicts it lets pass on average until a false alarm, simulated."""

    limit: float
    run_length: float


def limit_for(
    run_length: float,
    p0: float,
    p1: float,
    *,
    rng: np.random.Generator,
    weights: Floats | None = None,
    reference: int | None = None,
    horizon: int | None = None,
) -> Limit:
    """The lowest limit whose false alarms come once in `run_length` verdicts or more rarely, where the rate is p0 all along.

    weights: of the verdicts, drawn again for the simulation. reference: of how many verdicts p0 is an estimate; the simulation then makes
    the same error. horizon: verdicts that a simulated path has. Times beyond it are taken from the rate of alarms until then.
    """
    length = horizon or min(int(2 * run_length), 20_000)
    paths = max(50, min(_PATHS, _MOST_CELLS // length))
    taken: Floats = np.full(paths, p0) if reference is None else (rng.binomial(reference, p0, paths) + 1) / (reference + 2)
    taken = np.clip(taken, 1e-4, p1 - 1e-4)
    up, down = np.log(p1 / taken), np.log((1 - p1) / (1 - taken))
    now, most = np.zeros(paths), np.empty((length, paths), np.float32)
    highest = np.zeros(paths)
    for place in range(length):
        added = np.where(rng.random(paths) < p0, up, down)
        if weights is not None and len(weights):
            added *= rng.choice(weights, paths) / weights.mean()
        now = np.maximum(0.0, now + added)
        highest = np.maximum(highest, now)
        most[place] = highest
    low, high = 0.0, float(most.max()) + 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _run_length(most, middle) >= run_length else (middle, high)
    return Limit(high, min(_run_length(most, high), 100 * run_length))


def _run_length(most: NDArray[np.float32], limit: float) -> float:
    """Verdicts for each alarm, of paths of which some had none yet."""
    before = (most < limit).sum(axis=0)
    alarms = int((before < len(most)).sum())
    return float(before.sum() + alarms) / alarms if alarms else math.inf


def e_detector(y: Floats, p0: float, p1: float, *, alpha: float) -> Chart:
    """The Shiryaev-Roberts e-detector of a mean above p0, staked for a change to p1; it alarms at 1 / alpha, and begins anew.

    y: from 0 to 1. For any verdicts whose mean, whatever came before, is at most p0, the mean time until an alarm is 1 / alpha or more.
    """
    stake = (p1 - p0) / (p0 * (1 - p0))  # the likelihood ratio of p1 to p0, as a bet: 1 + stake (y - p0)
    path = np.empty(len(y))
    alarms, now = [], 0.0
    for place, value in enumerate(y.tolist()):
        now = (now + 1.0) * (1.0 + stake * (value - p0))
        path[place] = now
        if now >= 1 / alpha:
            alarms.append(place)
            now = 0.0
    return Chart(path, tuple(alarms))


def began(added: Floats, alarm: int) -> int:
    """The place behind the last zero of the CUSUM before an alarm: where the change is most likely to have begun."""
    now, since = 0.0, 0
    for place, step in enumerate(added[: alarm + 1].tolist()):
        now = max(0.0, now + step)
        if now == 0.0:
            since = place + 1
    return min(since, alarm)
