"""Closed forms that hold at every look, against confseq."""

import numpy as np
import pytest

from reviewer.domain import boundaries, sequential
from tests.domain.conftest import Reference
from tests.domain.test_sequential import assert_at


def test_uniform_boundaries_are_those_of_the_authors(reference: Reference) -> None:
    case = reference.cases["uniform-boundaries"]
    v, alpha, tuned, c, g, h = (case["inputs"][name] for name in ("v", "alpha", "v_opt", "c", "g", "h"))
    found = {
        "normal_two_sided": boundaries.normal(v, tuned=tuned, alpha=alpha),
        "normal_one_sided": boundaries.normal(v, tuned=tuned, alpha=alpha, two_sided=False),
        "gamma_exponential": boundaries.gamma_exponential(v, tuned=tuned, c=c, alpha=alpha),
        "gamma_poisson": boundaries.gamma_poisson(v, tuned=tuned, c=c, alpha=alpha),
        "beta_binomial_two_sided": boundaries.beta_binomial(v, tuned=tuned, g=g, h=h, alpha=alpha),
        "beta_binomial_one_sided": boundaries.beta_binomial(v, tuned=tuned, g=g, h=h, alpha=alpha, two_sided=False),
    }
    assert found == pytest.approx(case["expected"], abs=case["tolerance"]["abs"])


@pytest.mark.parametrize("name", ["cs-betting", "cs-betting-zero"])
def test_predictable_plug_ins_are_those_of_confseq(reference: Reference, name: str) -> None:
    case = reference.cases[name]
    values = np.array(case["inputs"]["x"], np.float64)
    assert_at(boundaries.empirical_bernstein(values), case, "predmix_empbern")
    assert_at(boundaries.hoeffding(values), case, "predmix_hoeffding")


def test_betting_is_narrower_than_either_where_violations_are_rare() -> None:
    values = (np.random.default_rng(0).random(300) < 0.05).astype(np.float64)
    bets, bernstein, hoeffding = (
        float(one.high[-1] - one.low[-1])
        for one in (sequential.confidence_sequence(values), boundaries.empirical_bernstein(values), boundaries.hoeffding(values))
    )
    assert bets < bernstein < hoeffding


def test_a_sum_seldom_crosses_its_boundary_at_any_time() -> None:
    """400 sums of 300 deviations of a rate of 0.2: at most 5 % ever cross, by chance 7.6 % or fewer."""
    chance, p = np.random.default_rng(1), 0.2
    sums = np.cumsum((chance.random((400, 300)) < p) - p, axis=1)
    limit = np.array([boundaries.beta_binomial(p * (1 - p) * n, tuned=20.0, g=p, h=1 - p) for n in range(1, 301)])
    assert (np.abs(sums) >= limit).any(axis=1).sum() <= 30
