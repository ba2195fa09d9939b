"""Circles among choices against R's eba and by trying all tournaments, and sets within which all is reachable."""

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewer.domain import tournaments
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def _round(n: int, won: tuple[bool, ...]) -> NDArray[np.int64]:
    beats = np.zeros((n, n), np.int64)
    for (a, b), first in zip(combinations(range(n), 2), won, strict=True):
        beats[(a, b) if first else (b, a)] = 1
    return beats


def test_circular_triads_are_those_of_eba(reference: Reference) -> None:
    case = reference.cases["circular-triads"]
    found, expected = tournaments.circles(np.array(case["inputs"]["matrix"])), case["expected"]
    assert (found.found, found.most, found.expected) == (expected["T"], expected["T_max"], expected["T_exp"])
    assert (found.zeta, found.p) == pytest.approx((expected["zeta"], expected["p"]), abs=case["tolerance"]["abs"])
    assert found.exact


def test_chances_are_those_of_all_tournaments_of_five() -> None:
    counts = [tournaments.circles(_round(5, won)).found for won in product((True, False), repeat=comb(5, 2))]
    for want in set(counts):
        found = next(one for won in product((True, False), repeat=10) if (one := tournaments.circles(_round(5, won))).found == want)
        assert found.as_few == sum(count <= want for count in counts) / len(counts)


def test_an_order_has_no_circle_and_a_rotation_has_the_most() -> None:
    order = tournaments.circles(np.triu(np.ones((7, 7), np.int64), 1))
    assert (order.found, order.zeta) == (0, 1)
    assert order.as_few is not None
    assert order.as_few < 0.01
    ahead = (np.arange(7)[None] - np.arange(7)[:, None]) % 7
    assert tournaments.circles(((ahead > 0) & (ahead <= 3)).astype(np.int64)).zeta == 0


def test_many_players_are_approximated_and_it_says_so() -> None:
    order = tournaments.circles(np.triu(np.ones((14, 14), np.int64), 1))
    assert not order.exact
    assert order.as_few is not None
    assert order.as_few < 1e-6


def test_two_players_can_have_no_circle() -> None:
    assert tournaments.circles(np.array([[0, 1], [0, 0]])) == (0, 0, 0, None, None, None, True)


def test_pairs_that_did_not_meet_once_are_refused() -> None:
    with pytest.raises(Refused, match="no complete round"):
        tournaments.circles(np.zeros((3, 3), np.int64))


def test_circles_are_found_where_not_all_met() -> None:
    assert tournaments.circles_among([("b", "c"), ("c", "a"), ("a", "b"), ("c", "d"), ("d", "e")]) == [("a", "b", "c")]
    assert tournaments.circles_among([("a", "b"), ("b", "c"), ("a", "c")]) == []


def test_sets_within_which_all_is_reachable_are_those_that_walking_finds() -> None:
    rng = np.random.default_rng(11)
    for _ in range(200):
        n = int(rng.integers(1, 9))
        edges = {a: [b for b in range(n) if a != b and rng.random() < 0.2] for a in range(n)}
        reach = np.eye(n, dtype=np.int64)
        for a, others in edges.items():
            reach[a, others] = 1
        both = np.linalg.matrix_power(reach, n) > 0
        wanted = {frozenset(np.flatnonzero(both[a] & both[:, a]).tolist()) for a in range(n)}
        assert set(tournaments.strong_components(edges)) == wanted


def test_a_chain_of_wins_may_be_as_long_as_it_likes() -> None:
    chain = {n: [n + 1] for n in range(20_000)}
    assert len(tournaments.strong_components(chain)) == 20_001
    assert len(tournaments.strong_components({**chain, 20_000: [0]})) == 1
