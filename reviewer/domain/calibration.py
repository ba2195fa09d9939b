"""How far a posterior can be believed, measured on items whose right answer is known, and made to say no more than that.

Chances are of the class 1, shape (items,); truths are 0 or 1. Sources: Guo et al. (2017), On Calibration of Modern Neural Networks
(temperature, expected calibration error); Brier (1950); METHODS.md section 5.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from reviewer.domain.errors import Refused

Floats: TypeAlias = NDArray[np.float64]

ENOUGH_GOLD = 100  # items
_BINS = 10
_FOLDS = 5
_RESAMPLES = 1_000
_SURE = 1e-9  # of a chance of 1, as far as a logarithm bears it
_SEED = 20_260_101  # the resamples are the same each time: the same labels give the same report


class Measured(NamedTuple):
    """A figure with its 95 % bootstrap limits, over items."""

    value: float
    low: float
    high: float


class Calibration(NamedTuple):
    """Logits are divided by `temperature`, then no class is given more than `cap`, the share of known items that were right.

    gold: how many known items it rests on. ece and brier are of items that the fit did not see (5 folds).
    """

    temperature: float
    cap: float
    gold: int
    ece: Measured
    brier: Measured


def calibrate(chances: Floats, truth: Floats) -> Calibration:
    """Fit on known items. Raises Refused below 100 of them."""
    if len(truth) < ENOUGH_GOLD:
        raise Refused(
            f"{len(truth):,} items with a known answer are too few to calibrate on.", f"Bring in gold for {ENOUGH_GOLD} or more items."
        )
    unseen = np.empty_like(chances)
    fold = np.arange(len(truth)) % _FOLDS
    for held in range(_FOLDS):
        out = fold == held
        unseen[out] = recalibrated(chances[out], *_fitted(chances[~out], truth[~out]))
    temperature, cap = _fitted(chances, truth)
    return Calibration(temperature, cap, len(truth), _resampled(ece, unseen, truth), _resampled(brier, unseen, truth))


def recalibrated(chances: Floats, temperature: float, cap: float) -> Floats:
    """Chances that claim no more than was measured. 0.5 stays 0.5, and no chance changes sides."""
    cooled = special.expit(special.logit(np.clip(chances, _SURE, 1 - _SURE)) / temperature)
    most = max(cap, 0.5)
    capped: Floats = np.clip(cooled, 1 - most, most)
    return capped


def ece(chances: Floats, truth: Floats) -> float:
    """The expected calibration error of the more likely class: mean distance between chance and share right, in 10 bins of equal width."""
    believed = np.maximum(chances, 1 - chances)
    right = ((chances > 0.5) == (truth > 0.5)).astype(np.float64)
    right[chances == 0.5] = 0.5
    place = np.minimum((believed * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(place, weights=right - believed, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(chances))


def brier(chances: Floats, truth: Floats) -> float:
    """The mean squared distance between chance and truth."""
    return float(np.mean((chances - truth) ** 2))


def _fitted(chances: Floats, truth: Floats) -> tuple[float, float]:
    """The temperature with the greatest likelihood, and the share right."""
    logits = special.logit(np.clip(chances, _SURE, 1 - _SURE))
    signed = np.where(truth > 0.5, logits, -logits)

    def loss(log_temperature: float) -> float:
        return float(-special.log_expit(signed / np.exp(log_temperature)).sum())

    found = optimize.minimize_scalar(loss, bounds=(np.log(0.05), np.log(100.0)), method="bounded")
    right = np.where(signed == 0, 0.5, signed > 0)
    return float(np.exp(found.x)), float(right.mean())


def _resampled(figure: Callable[[Floats, Floats], float], chances: Floats, truth: Floats) -> Measured:
    chance = np.random.default_rng(_SEED)
    drawn = chance.integers(0, len(truth), size=(_RESAMPLES, len(truth)))
    low, high = np.quantile([figure(chances[some], truth[some]) for some in drawn], (0.025, 0.975))
    return Measured(figure(chances, truth), float(low), float(high))
