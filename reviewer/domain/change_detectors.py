"""Two detectors that ask for no usual rate beforehand: ADWIN and the test of Page and Hinkley, over verdicts in the order of their times.

Both are for exploring. ADWIN's bound is, as published for practice, that of a normal approximation, and it is asked again and again; the
limit of Page and Hinkley is one that somebody chose. So neither promises how rarely it alarms without cause, where control_charts does.
They give the alarms of river 0.26 (drift.ADWIN, drift.PageHinkley), which cannot be imported on Python 3.11. Sources: Bifet & Gavaldà
(2007), Learning from time-changing data with adaptive windowing, section 4; Page (1954); METHODS.md section 7.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from scipy import special

from reviewer.domain.item_tree import Floats

DELTA = 0.002
_CLOCK = 32  # verdicts from one look at the window to the next
_BUCKETS = 5  # of one size; with one more, the two oldest become one of twice the size
_LEAST_PART = 5
_GRACE = 10
_SLACK = 0.005
_FADING = 0.9999
_LEAST = 30
_HIGH_BY_CHANCE = 0.01


class Change(NamedTuple):
    """at: the place of the verdict that raised the alarm; since: that from which on verdicts differ most from those before it.

    start: the place of the first verdict that the detector still knew. statistic, threshold: what was compared.
    """

    at: int
    since: int
    start: int
    statistic: float
    threshold: float


class _Cut(NamedTuple):
    """older: how many verdicts of the window lie before it. apart: the means' difference, and bound: what chance allows."""

    older: int
    apart: float
    bound: float


class _Window:
    """The verdicts since the last change, as buckets: rows[i] has those of 2^i verdicts, oldest first, as (sum, squares about the mean)."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[float, float]]] = [[]]
        self.width = 0
        self.total = self.squares = 0.0

    def add(self, value: float) -> None:
        """Put a verdict in, and join buckets where there are too many of a size."""
        if self.width:
            self.squares += self.width * (value - self.total / self.width) ** 2 / (self.width + 1)
        self.width += 1
        self.total += value
        self.rows[0].append((value, 0.0))
        row = 0
        while len(self.rows[row]) > _BUCKETS:
            if row + 1 == len(self.rows):
                self.rows.append([])
            (first, a), (second, b) = self.rows[row][:2]
            del self.rows[row][:2]
            self.rows[row + 1].append((first + second, a + b + (first - second) ** 2 / 2 ** (row + 1)))
            row += 1

    def best(self, delta: float) -> _Cut | None:
        """The cut whose sides differ most, in terms of what chance allows; None where no side is long enough."""
        found, most, older, total = None, -1.0, 0, 0.0
        allowed = math.log(2 * math.log(self.width) / delta)
        for row in range(len(self.rows) - 1, -1, -1):
            for said, _ in self.rows[row]:
                older, total = older + 2**row, total + said
                newer = self.width - older
                if min(older, newer) < _LEAST_PART:
                    continue
                apart = abs(total / older - (self.total - total) / newer)
                few = 1 / (older - _LEAST_PART + 1) + 1 / (newer - _LEAST_PART + 1)
                bound = math.sqrt(2 * few * max(0.0, self.squares) / self.width * allowed) + 2 / 3 * allowed * few
                if apart / bound > most:
                    found, most = _Cut(older, apart, bound), apart / bound
        return found


def adwin(y: Floats, *, delta: float = DELTA) -> tuple[Change, ...]:
    """The alarms of ADWIN: a window of the newest verdicts, looked at every 32, alarms where a part of it has another mean than the rest.

    y: shape (n,), from 0 to 1. After an alarm it begins anew. Higher and lower means alarm alike.
    """
    return tuple(_alarms(y, delta))


def _alarms(y: Floats, delta: float) -> Iterator[Change]:
    window, start = _Window(), 0
    for place, value in enumerate(y.tolist()):
        window.add(value)
        if window.width % _CLOCK or window.width <= _GRACE:
            continue
        cut = window.best(delta)
        if cut is not None and cut.apart > cut.bound:
            yield Change(place, start + cut.older, start, cut.apart, cut.bound)
            window, start = _Window(), place + 1


def page_hinkley(y: Floats, threshold: float, *, slack: float = _SLACK, fading: float = _FADING, least: int = _LEAST) -> tuple[Change, ...]:
    """The alarms of Page and Hinkley, upward: how far the sum of what verdicts have above their mean so far has risen from its lowest.

    y: shape (n,). slack: what a verdict may have above the mean; fading: what the sum keeps at each verdict; least: verdicts before which
    there is no alarm. It alarms above the threshold, and then begins anew.
    """
    alarms: list[Change] = []
    start, seen, mean, now, lowest, since = 0, 0, 0.0, 0.0, math.inf, 0
    for place, value in enumerate(y.tolist()):
        seen += 1
        mean += (value - mean) / seen
        now = fading * now + value - mean - slack
        if now < lowest:
            lowest, since = now, place + 1
        if seen >= least and now - lowest > threshold:
            alarms.append(Change(place, since, start, now - lowest, threshold))
            start, seen, mean, now, lowest, since = place + 1, 0, 0.0, 0.0, math.inf, place + 1
    return tuple(alarms)


def rise_by_chance(n: int, rate: float) -> float:
    """A threshold for `page_hinkley` that n verdicts of one rate pass in about one chart in a hundred.

    What is added up is then a walk of n steps of variance rate (1 - rate); its rise from the lowest is distributed as how far it gets from
    where it began (Lévy), and that is above c standard deviations in at most 4 (1 - Φ(c)) of walks (the reflection principle).
    """
    return float(special.ndtri(1 - _HIGH_BY_CHANCE / 4)) * math.sqrt(n * rate * (1 - rate))
