"""How wide an interval will be, before anything is labelled: what a design is worth at a rate that is only assumed.

As the Korn-Graubard interval does it afterwards: the variance of the design gives an effective size, and that the interval of a share.
Source: Korn & Graubard (1998); METHODS.md section 1.
"""

from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.proportions import Interval, clopper_pearson


def expected(rate: float, error: float, *, confidence: float = 0.95) -> Interval | None:
    """The interval that is to be expected at a rate, from 0 to 1. error: the standard error of the estimate there.

    None where a part of the population has no pick, so that nothing bounds it.
    """
    if error == inf:
        return None
    if error == 0:
        return Interval(rate, rate)
    effective = rate * (1 - rate) / error**2
    return clopper_pearson(rate * effective, effective, confidence=confidence)


def half_width(rate: float, error: float, *, confidence: float = 0.95) -> float | None:
    """Half the width of the interval that is to be expected; None where nothing bounds it."""
    found = expected(rate, error, confidence=confidence)
    return None if found is None else (found.high - found.low) / 2


def poisson_error(rate: float, inclusion: NDArray[np.float64]) -> float:
    """The standard error of the Hajek mean of a Poisson sample where violations have nothing to do with the weights: the cautious case.

    inclusion: shape (N,), all above 0. sqrt(p (1 - p) sum (1 - pi) / pi) / N.
    """
    return sqrt(rate * (1 - rate) * float(((1 - inclusion) / inclusion).sum())) / len(inclusion)
