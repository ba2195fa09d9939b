"""How the picks of a stratified sample are allotted to its strata.

Source: Neyman (1934); Cochran (1977), Sampling Techniques, 5.5 to 5.9; METHODS.md section 1.
"""

from collections.abc import Sequence
from math import ceil, floor, sqrt


def allocate(size: int, measures: Sequence[float], *, least: Sequence[int], most: Sequence[int]) -> tuple[int, ...]:
    """Picks of each stratum, `size` in all, in proportion to the measures as far as least and most let them.

    measures: above 0; sizes N_h for proportional allocation, N_h S_h for Neyman's. Rounded by largest remainder, of equal ones the first.
    Raises ValueError where least and most leave no way.
    """
    if not sum(least) <= size <= sum(most) or any(low > high for low, high in zip(least, most, strict=True)):
        raise ValueError(f"{size} picks do not fit between {sum(least)} and {sum(most)}")
    wanted = _within(size, measures, least, most)
    whole = [min(max(floor(part), low), high) for part, low, high in zip(wanted, least, most, strict=True)]
    by_remainder = sorted(range(len(whole)), key=lambda h: whole[h] - wanted[h])
    while (left := size - sum(whole)) > 0:
        for h in [h for h in by_remainder if whole[h] < most[h]][:left]:
            whole[h] += 1
    while (over := sum(whole) - size) > 0:  # a floor may stand a hair above what was wanted
        for h in [h for h in reversed(by_remainder) if whole[h] > least[h]][:over]:
            whole[h] -= 1
    return tuple(whole)


def _within(size: int, measures: Sequence[float], least: Sequence[int], most: Sequence[int]) -> list[float]:
    """min(most, max(least, rate · measure)), with the one rate at which they come to `size`."""

    def at(rate: float) -> list[float]:
        return [min(float(high), max(float(low), rate * m)) for m, low, high in zip(measures, least, most, strict=True)]

    low, high = 0.0, max(top / measure for top, measure in zip(most, measures, strict=True))
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(at(middle)) < size else (low, middle)
    return at(high)


def rate_spread(violations: float, judged: float) -> float:
    """The standard deviation of compliance in a stratum, from opinions on it: sqrt(p (1 - p)) with Laplace's p = (x + 1) / (n + 2).

    So it is never 0, and one half where nothing is known. violations: their number, or the sum of scores from 0 to 1.
    """
    p = (violations + 1) / (judged + 2)
    return sqrt(p * (1 - p))


def expected_error(sizes: Sequence[int], picks: Sequence[int], spreads: Sequence[float]) -> float:
    """The standard error of the stratified mean: sqrt(sum W_h² (1 - n_h / N_h) S_h² / n_h). Infinite where a stratum has no pick."""
    whole = sum(sizes)
    variance = 0.0
    for size, picked, spread in zip(sizes, picks, spreads, strict=True):
        if picked == 0:
            return float("inf")
        variance += (size / whole) ** 2 * (1 - picked / size) * spread**2 / picked
    return sqrt(variance)


def size_for_precision(half_width: float, sizes: Sequence[int], spreads: Sequence[float], *, z: float) -> int:
    """How many picks, allotted by Neyman, bring the half-width of the interval down to the one asked. Cochran (1977), 5.25."""
    whole = sum(sizes)
    reach = sum(size * spread for size, spread in zip(sizes, spreads, strict=True))
    within = sum(size * spread**2 for size, spread in zip(sizes, spreads, strict=True))
    return ceil(reach**2 / ((whole * half_width / z) ** 2 + within))


def number_spreads(strata: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The standard deviation of a number in each stratum, drawn towards that of all together as if by one more value; 1 where none varies.

    So a stratum of one value, or of equal ones, is not taken for one that never varies.
    """
    everything = [number for part in strata for number in part]
    mean = sum(everything) / len(everything) if everything else 0.0
    whole = sum((number - mean) ** 2 for number in everything) / max(1, len(everything))
    if whole == 0:
        return tuple([1.0] * len(strata))
    found = []
    for part in strata:
        middle = sum(part) / len(part) if part else 0.0
        found.append(sqrt((sum((number - middle) ** 2 for number in part) + whole) / (len(part) + 1)))
    return tuple(found)
