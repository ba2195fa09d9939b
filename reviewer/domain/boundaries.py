"""Limits in closed form that hold however often one looks: beside the betting ones of `sequential`, which are narrower.

`empirical_bernstein` and `hoeffding` give confidence sequences of a mean in [0, 1], values of shape (n,) in the order in which chance
brought them. The boundaries are of a sum of deviations from the mean: with chance 1 - alpha it never crosses the boundary, where v is its
variance so far in the sense of Howard et al., and `tuned` the v at which the boundary is narrowest. Each is the root of a mixture of
exponential martingales.

Sources: Waudby-Smith & Ramdas (2024), section 3; Howard, Ramdas, McAuliffe & Sekhon (2021), Time-uniform, nonparametric, nonasymptotic
confidence sequences, section 3.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from reviewer.domain.sequential import Bounds

Floats: TypeAlias = NDArray[np.float64]
Mixture: TypeAlias = Callable[[float], float]  # ln of the martingale at a sum of deviations

_MOST_STAKE = 0.5


def empirical_bernstein(values: Floats, *, confidence: float = 0.95) -> Bounds:
    """The predictable plug-in, whose width follows the variance seen."""
    below, above = _bernstein(values, confidence), _bernstein(1 - values, confidence)
    return Bounds(np.maximum(below, 0.0), np.minimum(1 - above, 1.0))


def hoeffding(values: Floats, *, confidence: float = 0.95) -> Bounds:
    """As wide as if the variance were the greatest there can be."""
    place = np.arange(1, len(values) + 1)
    doubt = np.log(2 / (1 - confidence))
    stakes = np.minimum(np.sqrt(8 * doubt / (place * np.log(place + 1))), 1.0)
    staked = np.cumsum(stakes)
    centre, half = np.cumsum(stakes * values) / staked, (doubt + np.cumsum(stakes**2) / 8) / staked
    return Bounds(np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0))


def normal(v: float, *, tuned: float, alpha: float = 0.05, two_sided: bool = True) -> float:
    """Of a sum with tails as light as a normal one's."""
    rho = _rho(tuned, alpha if two_sided else 2 * alpha)

    def mixture(s: float) -> float:
        held = (np.log(rho) - np.log(v + rho)) / 2 + s**2 / (2 * (v + rho))
        return float(held if two_sided else held + np.log(2) + special.log_ndtr(s / np.sqrt(v + rho)))

    return _crossed(mixture, alpha)


def gamma_exponential(v: float, *, tuned: float, c: float, alpha: float = 0.05) -> float:
    """One-sided, of a sum with exponential tails of scale c."""
    rho = _rho(tuned, 2 * alpha) / c**2
    lead = rho * np.log(rho) - special.gammaln(rho) - np.log(special.gammainc(rho, rho))

    def mixture(s: float) -> float:
        shape, place = v / c**2 + rho, (c * s + v) / c**2
        tail = special.gammaln(shape) + np.log(special.gammainc(shape, place + rho))
        return float(lead + tail - shape * np.log(place + rho) + place)

    return _crossed(mixture, alpha)


def gamma_poisson(v: float, *, tuned: float, c: float, alpha: float = 0.05) -> float:
    """One-sided, of a sum with the tails of Poisson jumps of size c."""
    rho = _rho(tuned, 2 * alpha) / c**2
    lead = rho * np.log(rho) - special.gammaln(rho) - np.log(special.gammaincc(rho, rho))

    def mixture(s: float) -> float:
        rate = v / c**2 + rho
        shape = s / c + rate
        tail = special.gammaln(shape) + np.log(special.gammaincc(shape, rate))
        return float(lead + tail - shape * np.log(rate) + v / c**2)

    return _crossed(mixture, alpha)


def beta_binomial(v: float, *, tuned: float, g: float, h: float, alpha: float = 0.05, two_sided: bool = True) -> float:
    """Of a sum of deviations that lie between -g and h."""
    r = _rho(tuned, alpha if two_sided else 2 * alpha) - g * h
    upto = 1.0 if two_sided else h / (g + h)

    def log_beta(a: float, b: float) -> float:
        return float(special.betaln(a, b) + np.log(special.betainc(a, b, upto)))

    lead = log_beta(r / (g * (g + h)), r / (h * (g + h)))

    def mixture(s: float) -> float:
        below, above = (r + v - g * s) / (g * (g + h)), (r + v + h * s) / (h * (g + h))
        held = v / (g * h) * np.log(g + h) - (v + h * s) / (h * (g + h)) * np.log(g) - (v - g * s) / (g * (g + h)) * np.log(h)
        return float(held + log_beta(below, above) - lead)

    return _crossed(mixture, alpha, most=(r + v) / g)


def _bernstein(values: Floats, confidence: float) -> Floats:
    """The lower limit. Each value is compared with the mean of those before it; the first with 0, as the authors' program does."""
    place = np.arange(1, len(values) + 1)
    mean = (0.5 + np.cumsum(values)) / (place + 1)
    variance = (0.25 + np.cumsum((values - mean) ** 2)) / (place + 1)
    spread = np.concatenate(([0.25], variance[:-1]))
    doubt = np.log(2 / (1 - confidence))
    stakes = np.minimum(np.sqrt(2 * doubt / (spread * place * np.log(place + 1))), _MOST_STAKE)
    before = np.concatenate(([0.0], (np.cumsum(values) / place)[:-1]))
    cost = (values - before) ** 2 * (-np.log1p(-stakes) - stakes)
    limit: Floats = (np.cumsum(stakes * values) - doubt - np.cumsum(cost)) / np.cumsum(stakes)
    return limit


def _rho(tuned: float, alpha: float) -> float:
    """The parameter of the mixture with which the boundary is narrowest at `tuned`. Source: Howard et al. (2021), proposition 3."""
    doubt = 2 * np.log(1 / alpha)
    return float(tuned / (doubt + np.log1p(doubt)))


def _crossed(mixture: Mixture, alpha: float, most: float = np.inf) -> float:
    """Where the martingale reaches 1 / alpha. most: the sum cannot be greater."""
    high = min(1.0, most / 2)
    while mixture(high) < np.log(1 / alpha):
        if high >= most * (1 - 1e-9):
            return most
        high = min(2 * high, (high + most) / 2) if np.isfinite(most) else 2 * high
    return float(optimize.brentq(lambda s: mixture(s) - np.log(1 / alpha), 0.0, high, xtol=1e-10))
