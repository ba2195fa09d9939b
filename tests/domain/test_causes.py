"""Clauses that are hard are told from reviewers who differ from everybody."""

import numpy as np
from scipy import special

from reviewer.domain import causes
from reviewer.domain.causes import Pairs


def simulated(clause_effects: list[float], reviewer_effects: list[float], *, pairs: int = 800, seed: int = 0) -> Pairs:
    """Pairs of two reviewers on one clause each, with the odds that the model has."""
    chance = np.random.default_rng(seed)
    clause = chance.integers(0, len(clause_effects), pairs)
    who = np.array([chance.choice(len(reviewer_effects), 2, replace=False) for _ in range(pairs)])
    odds = -1.5 + np.array(clause_effects)[clause] + np.array(reviewer_effects)[who].sum(axis=1)
    differ = chance.random(pairs) < special.expit(odds)
    return Pairs(differ, who, np.arange(pairs), clause, len(clause_effects), len(reviewer_effects))


def test_a_hard_clause_is_found_where_reviewers_are_alike() -> None:
    found = causes.separate(simulated([2.0, 0, 0, 0, 0], [0.0] * 5))
    assert found is not None
    assert found.of_clause.argmax() == 0
    assert found.of_clause[0] - 2 * found.se[0] > 0
    assert found.spread_clause > 3 * found.spread_reviewer


def test_a_reviewer_who_differs_from_everybody_is_not_taken_for_a_hard_clause() -> None:
    found = causes.separate(simulated([0.0] * 5, [2.0, 0, 0, 0, 0]))
    assert found is not None
    assert found.of_reviewer.argmax() == 0
    assert np.abs(found.of_clause).max() < 0.4
    assert found.spread_reviewer > 3 * found.spread_clause


def test_a_clause_that_only_a_differing_reviewer_labels_is_laid_to_them() -> None:
    """Clause 0 is as easy as the others, and nearly all of its pairs are reviewer 0's."""
    whole = simulated([0.0] * 4, [2.5, 0, 0, 0, 0], pairs=1_500)
    theirs = (whole.reviewers == 0).any(axis=1)
    clause = np.where(theirs & (np.arange(1_500) % 3 > 0), 0, 1 + whole.clause % 3)
    found = causes.separate(whole._replace(clause=clause))
    assert found is not None
    raw = [float(whole.differ[clause == one].mean()) for one in range(4)]
    assert raw[0] > 1.5 * max(raw[1:])
    assert found.by_reviewers[0] > found.of_clause[0]
    assert found.of_clause[0] < 0.5


def test_where_nothing_can_be_told_apart_nothing_is_said() -> None:
    few = simulated([0.0, 0.0], [0.0, 0.0], pairs=10)
    assert causes.separate(few) is None
    many = simulated([0.0], [0.0, 0.0], pairs=100)
    assert causes.separate(many) is None
    all_alike = simulated([0.0, 0.0], [0.0, 0.0, 0.0], pairs=100)
    assert causes.separate(all_alike._replace(differ=np.zeros(100, np.bool_))) is None


def test_order_has_no_part_in_it() -> None:
    pairs = simulated([1.0, 0, 0], [1.0, 0, 0, 0], pairs=200)
    mixed = np.random.default_rng(1).permutation(200)
    one = causes.separate(pairs)
    other = causes.separate(
        pairs._replace(differ=pairs.differ[mixed], reviewers=pairs.reviewers[mixed][:, ::-1], clause=pairs.clause[mixed])
    )
    assert one is not None
    assert other is not None
    np.testing.assert_allclose(one.of_clause, other.of_clause, atol=1e-3)
