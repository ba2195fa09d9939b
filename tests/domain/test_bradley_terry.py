"""Worths against BradleyTerry2, PlackettLuce and choix, and what the place adds against a table worked out by hand."""

import math

import numpy as np
import pytest

from reviewer.domain import bradley_terry
from reviewer.domain.bradley_terry import Contest
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def test_journals_are_worth_what_r_says(reference: Reference) -> None:
    case = reference.cases["bradley-terry-citations"]
    expected, close = case["expected"], case["tolerance"]["abs"]
    number = {name: k for k, name in enumerate(expected["players"])}
    contests = [Contest(number[one["i"]], number[one["j"]], one["win_i"], one["win_j"]) for one in case["inputs"]["pairs"]]
    found = bradley_terry.fit(4, contests)
    assert [one.value for one in found.log_worths] == pytest.approx(expected["ability"], abs=close)
    assert [one.error for one in found.log_worths] == pytest.approx(expected["se"], abs=close)
    assert found.deviance == pytest.approx(expected["deviance"], abs=close)


def test_puddings_with_ties_are_worth_what_r_says(reference: Reference) -> None:
    case = reference.cases["davidson-ties-pudding"]
    expected, close = case["expected"], case["tolerance"]["abs"]
    contests = [Contest(i - 1, j - 1, won, lost, tied) for i, j, won, lost, tied in case["inputs"]["pairs"]]
    found = bradley_terry.fit(6, contests, ties=True)
    assert found.tie is not None
    assert [one.value for one in (*found.log_worths, found.tie)] == pytest.approx(expected["estimate"], abs=close)
    assert [one.error for one in (*found.log_worths[1:], found.tie)] == pytest.approx(expected["se"][1:], abs=close)
    worths = np.exp([one.value for one in found.log_worths])
    assert [*worths / worths.sum(), math.exp(found.tie.value)] == pytest.approx(expected["worth"], abs=close)


def test_worths_and_those_under_a_ridge_are_those_of_choix(reference: Reference) -> None:
    case = reference.cases["bt-choix"]
    contests = [Contest(winner, loser, 1, 0) for winner, loser in case["inputs"]["comparisons_winner_loser"]]
    plain = np.array([one.value for one in bradley_terry.fit(6, contests).log_worths])
    assert plain - plain.mean() == pytest.approx(case["expected"]["mle_centered"], abs=case["tolerance"]["abs"])
    ridge = [one.value for one in bradley_terry.fit(6, contests, ridge=0.1).log_worths]
    assert ridge == pytest.approx(case["expected"]["ridge"], abs=case["tolerance"]["abs"])


def test_what_being_seen_first_adds_is_told_from_worth() -> None:
    """Two equals of which the first seen won 30 of 40, whichever it was: ln 3, with the standard error of 40 coins' log odds."""
    found = bradley_terry.fit(2, [Contest(0, 1, 15, 5), Contest(1, 0, 15, 5)], place=True)
    assert found.log_worths[1].value == pytest.approx(0, abs=1e-9)
    assert found.place == pytest.approx((math.log(3), math.sqrt(1 / 30 + 1 / 10)))
    assert found.place_p is not None
    assert found.place_p < 0.005


def test_a_player_that_never_lost_has_no_worth_without_a_ridge() -> None:
    with pytest.raises(Refused, match="2 sets between which every win went one way"):
        bradley_terry.fit(3, [Contest(0, 1, 3, 0), Contest(0, 2, 2, 0), Contest(1, 2, 1, 1)])
    ridge = bradley_terry.fit(3, [Contest(0, 1, 3, 0), Contest(0, 2, 2, 0), Contest(1, 2, 1, 1)], ridge=0.1)
    assert ridge.log_worths[0].value == max(one.value for one in ridge.log_worths)


def test_ties_are_neither_forgotten_nor_made_up() -> None:
    with pytest.raises(Refused, match="were ties"):
        bradley_terry.fit(2, [Contest(0, 1, 1, 1, 1)])
    with pytest.raises(Refused, match="was a tie"):
        bradley_terry.fit(2, [Contest(0, 1, 1, 1)], ties=True)
