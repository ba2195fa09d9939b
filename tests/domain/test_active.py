"""Picks that were not left to chance: against active-testing and buscarpy, and without bias."""

import numpy as np
import pytest

from reviewer.domain import active
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def test_levelled_and_plain_estimates_are_those_of_active_testing(reference: Reference) -> None:
    case = reference.cases["lure"]
    values, chances = np.array(case["inputs"]["y"]), np.array(case["inputs"]["q"])
    population, close = case["inputs"]["N"], case["tolerance"]["abs"]
    assert active.lure(values, chances, population) == pytest.approx(case["expected"]["lure"], abs=close)
    assert active.pure(values, chances, population) == pytest.approx(case["expected"]["pure"], abs=close)


def test_the_chance_of_having_missed_too_much_is_that_of_buscarpy(reference: Reference) -> None:
    case = reference.cases["cal-stop"]
    found = np.array(case["inputs"]["labels_seen"], np.float64)
    for recall, name in ((0.9, "p_recall90"), (0.95, "p_recall95")):
        p = active.chance_of_missing(found, case["inputs"]["N"], recall=recall)
        assert p == pytest.approx(case["expected"][name], rel=case["tolerance"]["rel"])


def test_picks_for_what_they_were_thought_to_be_leave_no_bias() -> None:
    """3,000 times 15 of 60 items, the bad ones thrice as likely: the weighted mean is right, the plain one is far off."""
    chance = np.random.default_rng(0)
    bad = (np.arange(60) < 12).astype(np.float64)
    levelled, plain = [], []
    for _ in range(3_000):
        weights = 1 + 2 * bad
        order = np.argsort(chance.exponential(size=60) / weights)[:15]  # one at a time, in proportion to the weights of those left
        left = weights.sum() - np.concatenate(([0], np.cumsum(weights[order])[:-1]))
        levelled.append(active.lure(bad[order], weights[order] / left, 60))
        plain.append(bad[order].mean())
    assert np.mean(levelled) == pytest.approx(0.2, abs=0.008)
    assert np.mean(plain) > 0.35


def test_whoever_picks_everything_weighs_everything_alike() -> None:
    assert active.lure_weights(1 / np.arange(10, 0, -1.0), 10).tolist() == [1.0] * 10


def test_a_ranking_that_has_run_dry_may_be_left_and_one_that_has_not_may_not() -> None:
    dry, wet = np.r_[np.ones(40), np.zeros(260)], np.r_[np.ones(40), np.tile([0.0, 0, 0, 1], 65)]
    assert active.chance_of_missing(dry, 400, recall=0.9) < 0.05
    assert active.chance_of_missing(wet, 400, recall=0.9) > 0.5
    assert active.chance_of_missing(wet, 300, recall=0.9) == 0  # all were screened


@pytest.mark.parametrize("recall", [0.0, 1.0, float("nan")])
def test_what_cannot_be_tested_is_refused(recall: float) -> None:
    with pytest.raises(Refused):
        active.chance_of_missing(np.zeros(3), 10, recall=recall)
    for found, population in ((np.zeros(0), 10), (np.zeros(11), 10)):
        with pytest.raises(Refused):
            active.chance_of_missing(found, population, recall=0.9)
    for chances, population in ((np.array([0.0]), 10), (np.array([0.5, 1.5]), 10), (np.array([0.5] * 3), 2), (np.zeros(0), 4)):
        with pytest.raises(Refused):
            active.lure_weights(chances, population)
