"""Whether preferences can be learned from: what the place of an output did to them, and choices that go in circles.

Sources: METHODS.md section 8. Circles and sets are those of `tournaments`.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from reviewer.domain import associations, proportions, tournaments
from reviewer.domain.associations import McNemar
from reviewer.domain.preferences import Ranking
from reviewer.domain.proportions import Interval

T = TypeVar("T", bound=Hashable)


class Position(NamedTuple):
    """How often the better of two stood before the worse one, of answers that tell two apart. Where the order is drawn by chance one half

    is expected; p is of the exact two-sided test of that. All but the counts are None where there is no answer.
    """

    first: int
    n: int
    share: float | None
    interval: Interval | None
    p: float | None


class Swapped(NamedTuple):
    """Pairs of answers to the same outputs, seen both ways round. same: in so many the same output won; first, last: in so many the one
    that stood first won both times, or the one that stood last; test: of these two by chance."""

    same: int
    first: int
    last: int
    test: McNemar


class Contradictions(NamedTuple):
    """circles: of three outputs on one prompt, each better than the next. opposed: pairs that were answered both ways.

    sets: how many sets of outputs have no order among themselves, since each is better than each along some way.
    """

    circles: int
    opposed: int
    sets: int

    @property
    def any(self) -> bool:
        """Whether the pairs contradict each other."""
        return bool(self.opposed or self.sets)


def stood_first(ranking: Ranking, order_shown: Sequence[str]) -> bool | None:
    """Whether a best output stood before a worst one. None where a label tells none apart, or the order is not known."""
    if len(ranking) < 2 or not order_shown:
        return None
    return order_shown.index(ranking[0][0]) < order_shown.index(ranking[-1][0])


def position(stood: Iterable[bool]) -> Position:
    """The share of answers in which the better output stood first."""
    answers = list(stood)
    first, n = sum(answers), len(answers)
    if not n:
        return Position(0, 0, None, None, None)
    from scipy import stats  # here: it takes 0.3 s to load, and every release audits

    return Position(first, n, first / n, proportions.wilson(first, n), float(stats.binomtest(first, n).pvalue))


def both_ways(told: Sequence[tuple[Ranking, Sequence[str]]]) -> Iterator[tuple[bool, bool]]:
    """Of the answers to one comparison of two outputs, those that saw them one way round beside those that saw them the other: whether the
    output that stood first won, once and once turned. told: rankings, with the order that each was given in. Each answer counts once."""
    turned: dict[str, list[bool]] = {}
    for ranking, order in told:
        if len(order) == 2 and (won := stood_first(ranking, order)) is not None:
            turned.setdefault(order[0], []).append(won)
    if len(turned) == 2:
        yield from zip(*turned.values(), strict=False)


def swapped(pairs: Iterable[tuple[bool, bool]]) -> Swapped:
    """Pairs that were shown both ways round: whether the output that stood first won, once and once turned.

    Of who judges outputs, and not places, the winner turns with them. Where the same place won both times, the first place and the second
    are as likely if no place is favoured: these are the two counts of McNemar's test.
    """
    every = list(pairs)
    place = [first for first, turned in every if first == turned]
    first = sum(place)
    return Swapped(len(every) - len(place), first, len(place) - first, associations.mcnemar(first, len(place) - first))


def contradictions(won: Iterable[tuple[T, T]]) -> Contradictions:
    """What contradicts itself among pairs (better, worse)."""
    pairs = set(won)
    beaten: dict[T, set[T]] = {}
    for better, worse in pairs:
        beaten.setdefault(better, set()).add(worse)
    opposed = sum((worse, better) in pairs for better, worse in pairs) // 2
    sets = [found for found in tournaments.strong_components(beaten) if len(found) > 1]
    return Contradictions(len(tournaments.circles_among(pairs)), opposed, len(sets))
