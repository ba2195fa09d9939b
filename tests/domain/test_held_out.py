"""Predicting rows that were held out: whole groups, both kinds in each fold, and limits that are not too narrow."""

import numpy as np
import pytest

from reviewer.domain import held_out


def test_groups_stay_whole_and_each_fold_has_its_share_of_both_kinds() -> None:
    rng = np.random.default_rng(1)
    groups, good = rng.integers(0, 80, 400), rng.random(400) < 0.3
    fold = held_out.folds(good, groups)
    assert all(len(set(fold[groups == group].tolist())) == 1 for group in np.unique(groups))
    for held in range(held_out.FOLDS):
        assert 60 <= (fold == held).sum() <= 100
        assert 15 <= good[fold == held].sum() <= 33


def test_an_auc_under_weights_is_that_of_rows_repeated_as_often() -> None:
    rng = np.random.default_rng(2)
    scores, good, weights = rng.integers(0, 6, 50).astype(np.float64), rng.random(50) < 0.5, rng.integers(0, 4, 50)
    again = held_out.ranked_pairs(np.repeat(scores, weights), np.repeat(good, weights), np.ones(weights.sum()))
    assert held_out.ranked_pairs(scores, good, weights.astype(np.float64)) == pytest.approx(again)


def test_what_predicts_is_found_on_rows_that_were_held_out_and_the_same_each_time() -> None:
    rng = np.random.default_rng(3)
    columns, good, groups = rng.normal(size=(300, 4)), rng.random(300) < 0.5, np.arange(300)
    columns[:, 0] += 1.5 * good
    fold = held_out.folds(good, groups)
    found = held_out.predicted_labels(columns, good, fold, groups)
    assert found is not None
    assert 0.7 < found.low < found.value < found.high < 0.95
    assert held_out.predicted_labels(columns, good, fold, groups) == found


def test_limits_hold_what_is_true_where_nothing_predicts() -> None:
    """Of 20 sets without a signal at least 17 hold .5; limits with the fits held fixed do in about 15."""
    held = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        columns, good, groups = rng.normal(size=(150, 5)), rng.random(150) < 0.4, np.arange(150)
        found = held_out.predicted_labels(columns, good, held_out.folds(good, groups), groups)
        assert found is not None
        held += found.low <= 0.5 <= found.high
    assert held >= 17


def test_a_fold_without_both_kinds_gives_no_figure() -> None:
    good = np.arange(40) < 3
    groups = np.arange(40)
    assert held_out.predicted_labels(np.ones((40, 1)), good, held_out.folds(good, groups), groups) is None
    assert held_out.predicted_pairs(np.ones((4, 1)), np.arange(4), np.arange(4)) is None


def test_pairs_are_put_right_by_what_the_better_one_has_more_of() -> None:
    rng = np.random.default_rng(4)
    more = rng.normal(size=(200, 3))
    more[:, 1] += 1.0
    groups = np.arange(200)
    found = held_out.predicted_pairs(more, held_out.folds(np.ones(200, np.bool_), groups), groups)
    assert found is not None
    assert 0.75 < found.low < found.value < 0.92


def test_numbers_that_are_the_same_in_all_rows_are_no_columns() -> None:
    assert held_out.standardised([np.ones(5), np.array([0.1 + 0.2] * 5)], centred=True) == []
    assert len(held_out.standardised([np.arange(5.0)], centred=True)) == 2
