"""Whether choices between two at a time hang together: circles among three, and sets of which each can be reached from each.

Sources: Kendall & Babington Smith (1940), On the method of paired comparisons; Tarjan (1972); METHODS.md section 8.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.errors import Refused

T = TypeVar("T", bound=Hashable)

EXACT_UP_TO = 10  # players: 2^45 tournaments, counted by the scores they end with


class Circles(NamedTuple):
    """Circular triads among players each of whom met each other once.

    zeta: 1 - found / most, so 1 where there is none. expected: of choices by chance. p: how likely those are to be as far
    from that as this one; as_few: to have at most this one, so that a small one speaks for choices that hang together. exact: counted, not
    approximated by chi squared. All three are None of two players or fewer, who can have none.
    """

    found: int
    most: int
    expected: float
    zeta: float | None
    p: float | None
    as_few: float | None
    exact: bool


def circles(beats: NDArray[np.int64]) -> Circles:
    """Circular triads of a complete tournament. beats: shape (players, players), 1 where the row won over the column, each pair once.

    Raises Refused for anything else.
    """
    n = len(beats)
    if beats.shape != (n, n) or not np.array_equal(beats + beats.T, 1 - np.eye(n, dtype=np.int64)):
        raise Refused("These choices are no complete round of pairs.", "Give each pair exactly one winner.")
    wins = beats.sum(axis=1)
    count = _triads(n, wins.tolist())
    most, expected = _most(n), math.comb(n, 3) / 4
    if most == 0:
        return Circles(count, most, expected, None, None, None, exact=True)
    exact = n <= EXACT_UP_TO
    p, as_few = _exact(n, count) if exact else _chi_squared(n, count)
    return Circles(count, most, expected, 1 - count / most, p, as_few, exact)


def circles_among(won: Iterable[tuple[T, T]]) -> list[tuple[T, T, T]]:
    """The circular triads of pairs (better, worse) of which not all need be there: each once, by its least player first."""
    beaten: dict[T, set[T]] = {}
    for better, worse in won:
        beaten.setdefault(better, set()).add(worse)
    found = {
        _turned((a, b, c)) for a, worse in beaten.items() for b in worse for c in beaten.get(b, ()) if c != a and a in beaten.get(c, ())
    }
    return sorted(found, key=repr)


def _turned(triad: tuple[T, T, T]) -> tuple[T, T, T]:
    start = min(range(3), key=lambda place: repr(triad[place]))
    return triad[start], triad[(start + 1) % 3], triad[(start + 2) % 3]


def strong_components(beaten: Mapping[T, Iterable[T]]) -> list[frozenset[T]]:
    """The sets of players of which each can be reached from each along wins, the largest first. beaten: whom each has won over.

    Only one set: every player has lost to the rest, in the end, and a finite worth of each is defined (Ford 1957).
    """
    edges = {player: list(worse) for player, worse in beaten.items()}
    for worse in list(edges.values()):
        for player in worse:
            edges.setdefault(player, [])
    found: list[frozenset[T]] = []
    index: dict[T, int] = {}
    lowest: dict[T, int] = {}
    path: list[T] = []
    for start in edges:
        if start not in index:
            _walk(start, edges, index, lowest, path, found)
    return sorted(found, key=len, reverse=True)


def _walk(start: T, edges: dict[T, list[T]], index: dict[T, int], lowest: dict[T, int], path: list[T], found: list[frozenset[T]]) -> None:
    """Tarjan's search from one player, without recursion: chains of wins may be long. A player that is done has an infinite place."""
    work = [(start, 0)]
    while work:
        player, place = work.pop()
        if place == 0:
            index[player] = lowest[player] = len(index)
            path.append(player)
        elif (after := edges[player][place - 1]) in lowest:
            lowest[player] = min(lowest[player], lowest[after])
        following = next((k for k in range(place, len(edges[player])) if edges[player][k] not in index), None)
        for seen in edges[player][place:following]:
            if seen in lowest:
                lowest[player] = min(lowest[player], index[seen])
        if following is not None:
            work += [(player, following + 1), (edges[player][following], 0)]
        elif lowest[player] == index[player]:
            members: list[T] = []
            while not members or members[-1] != player:
                members.append(path.pop())
                del lowest[members[-1]]
            found.append(frozenset(members))


def _triads(n: int, wins: Sequence[int]) -> int:
    return math.comb(n, 3) - sum(math.comb(won, 2) for won in wins)


def _most(n: int) -> int:
    return n * (n * n - 1) // 24 if n % 2 else n * (n * n - 4) // 24


@lru_cache(maxsize=EXACT_UP_TO + 1)
def _scores(n: int) -> dict[tuple[int, ...], int]:
    """How many of the 2^C(n,2) tournaments end with each list of wins, sorted."""
    if n == 1:
        return {(0,): 1}
    counted: Counter[tuple[int, ...]] = Counter()
    for before, ways in _scores(n - 1).items():
        for after, more in _with_one_more(before).items():
            counted[after] += ways * more
    return dict(counted)


def _with_one_more(wins: tuple[int, ...]) -> Counter[tuple[int, ...]]:
    """A player joins and meets all others: of those with equally many wins it matters only how many beat the newcomer."""
    grown: list[tuple[tuple[int, ...], int, int]] = [((), 0, 1)]  # wins of the others, wins of the newcomer, ways
    for score, n in sorted(Counter(wins).items()):
        grown = [
            ((*others, *[score] * (n - lost), *[score + 1] * lost), mine + n - lost, ways * math.comb(n, lost))
            for others, mine, ways in grown
            for lost in range(n + 1)
        ]
    counted: Counter[tuple[int, ...]] = Counter()
    for others, mine, ways in grown:
        counted[tuple(sorted((*others, mine)))] += ways
    return counted


def _exact(n: int, count: int) -> tuple[float, float]:
    """p and as_few, from the number of tournaments with each number of circular triads."""
    ways: Counter[int] = Counter()
    for wins, many in _scores(n).items():
        ways[_triads(n, wins)] += many
    whole = 2 ** math.comb(n, 2)
    expected = math.comb(n, 3) / 4
    as_far = sum(many for other, many in ways.items() if abs(other - expected) >= abs(count - expected))
    return as_far / whole, sum(many for other, many in ways.items() if other <= count) / whole


def _chi_squared(n: int, count: int) -> tuple[float, float]:
    """The same by Kendall's approximation: the fewer triads, the larger its chi squared."""
    degrees = n * (n - 1) * (n - 2) / (n - 4) ** 2
    fewer = float(special.chdtrc(degrees, 8 / (n - 4) * (math.comb(n, 3) / 4 - count - 0.5) + degrees))
    more = float(special.chdtr(degrees, 8 / (n - 4) * (math.comb(n, 3) / 4 - count + 0.5) + degrees))
    return min(1.0, 2 * min(fewer, more)), fewer
