"""Risk-weighted Poisson samples by permanent random numbers, in two arms that know nothing of each other: random control, and risk.

An item is taken by an arm if its number there is below its probability there; so a sample grows by raising probabilities, and the union
of two draws is again a Poisson sample, with the larger probability of each item.
Source: Brewer, Early & Joyce (1972); Ohlsson (1995); METHODS.md sections 1 and 10.
"""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT, Ticket
from reviewer.domain.sampling import Pick, Sample, decimal, permanent_random_numbers, refuse_beyond

_FLOOR = 0.2  # of the mean probability: so no item weighs more than five times as much as the mean one
_HAIR = 1e-6  # picks; what is lost in adding up many probabilities
_SMALLEST = 1e-9
_HALVINGS = 64  # of the logarithm of the rate, over 27 decades: to one part in 10^17
Floats = NDArray[np.float64]


class Arms(NamedTuple):
    """The probabilities of a population of N items. control: of every one in the control arm; risk: shape (N,), of each in the risk arm."""

    control: float
    risk: Floats

    def inclusion(self) -> Floats:
        """The probability that one arm or both take an item: 1 - (1 - pi_c)(1 - pi_r)."""
        return np.asarray(1 - (1 - self.control) * (1 - self.risk), dtype=np.float64)


def inclusion_probabilities(x: Floats, size: float, *, least: Floats | None = None) -> Floats:
    """Probabilities proportional to x that sum to `size`: pi_i = min(1, max(least_i, rate · x_i)).

    x: shape (N,), 0 or more; least: shape (N,), from 0 to 1; both finite. What units with x = 0 must take, since the others are certain,
    is shared equally among them. Without `least` this is n x / sum x with certainty units taken out until none is left.
    Raises ValueError for a size beyond N or below the sum of `least`.
    """
    low = np.zeros_like(x) if least is None else least
    if not low.sum() - _HAIR <= size <= len(x) + _HAIR:
        raise ValueError(f"{size} picks of {len(x)} with {low.sum()} at least")
    if size >= len(x):
        return np.ones_like(x)
    weighted = x > 0
    attainable = float(np.where(weighted, 1.0, low).sum())
    if size > attainable:
        return _raised((~weighted).astype(np.float64), size, np.where(weighted, 1.0, low))
    return _raised(x, size, low)


def _raised(x: Floats, size: float, low: Floats) -> Floats:
    if low.sum() >= size or not x.any():
        return low.copy()
    # The rate is looked for over all scales, which must be finite: a weight under a billionth of the largest counts as a billionth.
    scaled = np.where(x > 0, np.maximum(x / x.max(), _SMALLEST), 0.0)

    def at(rate: float) -> Floats:
        return np.asarray(np.minimum(1.0, np.maximum(low, rate * scaled)), dtype=np.float64)

    below, above = _SMALLEST**2, 1 / _SMALLEST
    for _ in range(_HALVINGS):
        middle = sqrt(below * above)
        below, above = (middle, above) if at(middle).sum() < size else (below, middle)
    found = at(above)
    free = (found > low) & (found < 1)
    if free.any():  # the rate itself, now that it is known who is free
        found[free] = np.clip(scaled[free] * (size - found[~free].sum()) / scaled[free].sum(), low[free], 1.0)
    return found


def arms(weights: Floats, *, size: int, control: float, before: Arms | None = None) -> Arms:
    """The probabilities of a draw of `size` picks on average. control: share of them that the control arm takes, 0 for none.

    before: those of earlier draws, 0 for new items; none falls. Raises Refused for weights that lead nowhere, a size beyond the population,
    or one that would lower a probability.
    """
    n = len(weights)
    refuse_beyond(size, n)
    _check(weights)
    held = before or Arms(0.0, np.zeros(n))
    level, least = _least(held, size, control)
    if level >= 1:
        return Arms(1.0, held.risk)
    wanted = (size - level * n) / (1 - level)
    if float(least.sum()) > wanted + _HAIR:
        enough = least_size(held, size, control=control)
        raise Refused(
            f"With {size:,} of {n:,} items on average the chance of some drawn earlier would fall.", f"Ask for {enough:,} or more."
        )
    return Arms(level, inclusion_probabilities(weights, max(wanted, float(least.sum())), least=least))


def _least(before: Arms, size: int, control: float) -> tuple[float, Floats]:
    """The control arm's probability, and the least of each item in the risk arm: what it had, and what keeps it above the floor."""
    n = len(before.risk)
    level = max(before.control, control * size / n)
    floor = (_FLOOR * size / n - level) / (1 - level) if level < 1 else 0.0
    return level, np.maximum(before.risk, max(0.0, floor))


def least_size(before: Arms, size: int, *, control: float) -> int:
    """The smallest size from `size` on at which no probability of an earlier draw falls."""
    while True:
        level, least = _least(before, size, control)
        needed = level * len(least) + (1 - level) * float(least.sum())
        if needed <= size + _HAIR:
            return size
        size = ceil(needed - _HAIR)  # what is needed grows more slowly than the size does


def _check(weights: Floats) -> None:
    lost = int((~np.isfinite(weights)).sum())
    if lost:
        raise Refused(f"{lost:,} weights are no finite numbers.", "Choose a field that holds numbers.")
    negative = int((weights < 0).sum())
    if negative:
        raise Refused(f"{negative:,} weights are below 0, the least {weights.min():g}.", "Choose a field that is 0 or more.")
    if not weights.any():
        raise Refused("All weights are 0.", "Choose a field that tells items apart, or a simple random sample.")


def poisson(population: Sequence[ItemId], seed: str, probabilities: Arms, *, ticket: Ticket = SILENT) -> Sample:
    """Every item whose number is below its probability in one arm; by the control arm's number where that took it, else by the risk arm's.

    population: sorted. The number of picks is itself a matter of chance; its mean is the sum of the probabilities.
    """
    picks = []
    inclusion = probabilities.inclusion()
    numbers = zip(permanent_random_numbers(seed, population, ticket), permanent_random_numbers(f"{seed}/risk", population), strict=True)
    chances = zip(probabilities.risk.tolist(), inclusion.tolist(), strict=True)
    for item, (u_control, u_risk), (risk, pi) in zip(population, numbers, chances, strict=True):
        if u_control < probabilities.control:
            picks.append(Pick(item, "", "control", decimal(pi), repr(u_control)))
        elif u_risk < risk:
            picks.append(Pick(item, "", "risk", decimal(pi), repr(u_risk)))
    level = repr(probabilities.control)
    frame = probabilities.risk.astype("<f8").tobytes()
    return Sample(tuple(sorted(picks, key=lambda p: (p.stream, float(p.u)))), level, {"control_pi": level}, frame=frame)


def unpacked(frame: bytes) -> Floats:
    """The risk arm's probabilities of a draw. Raises ValueError for what is none."""
    read = np.frombuffer(frame, dtype="<f8").astype(np.float64)
    if not bool(((read >= 0) & (read <= 1)).all()):
        raise ValueError("a probability beyond 0 to 1")
    return read


def kish_share(inclusion: Floats) -> float:
    """The effective size of a sample over its size, as expected over draws: N² / (n · sum 1/pi), after Kish. Shape (N,); all above 0."""
    return float(len(inclusion) ** 2 / (inclusion.sum() * (1 / inclusion).sum()))
