"""The figures of a chart as values: each with its interval, what it rests on, and the way to the labels behind it."""

from typing import NamedTuple


class Mark(NamedTuple):
    """One figure. estimate, low and high are shares, 0 to 1; None where there is none, and `reason` says why.

    n: items with an answer; of: all that they stand for, None where nobody knows. basis: the design and how the interval was made, in
    words. note: what is said beside it: “above the rate of all”. query finds the items behind it; empty, where there are none to open.
    """

    name: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    of: int | None = None
    basis: str = ""
    reason: str | None = None
    query: str = ""
    note: str = ""

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return self.estimate is not None or (self.low is not None and self.high is not None)


def percent(share: float | None) -> str:
    """“78.3%”; a dash for what is not known."""
    return "–" if share is None else f"{share:.1%}"


def limits(low: float | None, high: float | None) -> str:
    """“67.3% to 88.7%”; empty where there are none."""
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def value(mark: Mark) -> str:
    """“24.1% (12.6% to 39.7%)”; the reason where there is no figure."""
    between = limits(mark.low, mark.high)
    if mark.estimate is None:
        return between or mark.reason or "no figure"
    return f"{percent(mark.estimate)} ({between or mark.reason or 'no interval'})"


def counted(mark: Mark) -> str:
    """“41 of 400 items”, “41 items”."""
    return f"{mark.n:,} items" if mark.of is None else f"{mark.n:,} of {mark.of:,} items"


def told(mark: Mark) -> str:
    """All that is known of a figure, in sentences: its value, how many items, what it rests on and what is said beside it."""
    parts = [f"{value(mark)}, {counted(mark)}"]
    if mark.estimate is None and mark.reason and limits(mark.low, mark.high):
        parts.append(mark.reason)
    parts += [part for part in (mark.note, mark.basis) if part]
    return " ".join(_sentence(part) for part in parts)


def _sentence(words: str) -> str:
    capital = words[0].upper() + words[1:]
    return capital if capital.endswith((".", "!", "?")) else f"{capital}."
