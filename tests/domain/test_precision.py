"""Widths that are to be expected, before anything is labelled."""

from math import inf, sqrt

import numpy as np
import pytest

from reviewer.domain import precision
from reviewer.domain.proportions import clopper_pearson


def test_the_width_of_a_simple_random_sample_is_that_of_its_share() -> None:
    found = clopper_pearson(10, 100)
    assert found is not None
    assert precision.half_width(0.1, sqrt(0.1 * 0.9 / 100)) == pytest.approx((found.high - found.low) / 2)


def test_a_census_has_no_width_and_a_part_without_picks_no_bound() -> None:
    assert precision.half_width(0.1, 0.0) == 0
    assert precision.half_width(0.1, inf) is None


def test_equal_probabilities_err_as_a_bernoulli_sample_does() -> None:
    assert precision.poisson_error(0.2, np.full(400, 0.25)) == pytest.approx(sqrt(0.2 * 0.8 * 0.75 / 100))
    assert precision.poisson_error(0.2, np.ones(400)) == 0


def test_the_error_of_a_poisson_sample_is_what_its_hajek_means_vary_by() -> None:
    rng = np.random.default_rng(5)
    pi = rng.uniform(0.1, 0.6, 600)
    y = (rng.random(600) < 0.2).astype(float)
    taken = rng.random((4_000, 600)) < pi
    means = (taken * y / pi).sum(axis=1) / (taken / pi).sum(axis=1)
    assert float(means.std()) == pytest.approx(precision.poisson_error(float(y.mean()), pi), rel=0.1)
