"""Clauses on which reviewers disagree are told from clauses that the agent breaks, and from clauses of which too little is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reviewer.domain import ambiguity
from reviewer.domain.agreement import Coefficient
from reviewer.domain.ambiguity import Cited, Disagreement, Prior


def alpha(value: float | None, low: float | None = None, high: float | None = None) -> Coefficient:
    return Coefficient(value, low, high, None, 40)


CLEAR, UNCLEAR, OPEN = alpha(0.81, 0.66, 0.93), alpha(0.22, -0.05, 0.49), alpha(0.5, -0.1, 0.9)


@pytest.mark.parametrize(
    ("cited", "d", "reading"),
    [
        (Cited(31, 0, 16, 1.0, CLEAR), Disagreement(0.1, 0.03), "clear, often broken"),
        (Cited(12, 0, 11, 9.0, UNCLEAR), Disagreement(0.7, 0.5), "reviewers disagree"),
        (Cited(12, 0, 11, 9.0, alpha(0.7, 0.4, 0.9)), Disagreement(0.7, 0.5), "reviewers disagree"),
        (Cited(12, 0, 11, 9.0, UNCLEAR), Disagreement(0.3, 0.1), "reviewers disagree"),
        (Cited(9, 9, 5, 0.0, CLEAR), Disagreement(0.1, 0.0), "superseded"),
        (Cited(9, 5, 5, 0.0, CLEAR), Disagreement(0.1, 0.0), "superseded"),
        (Cited(9, 4, 5, 0.0, CLEAR), Disagreement(0.1, 0.0), "clear, often broken"),
        (Cited(40, 0, 4, 4.0, UNCLEAR), Disagreement(0.7, 0.5), "too few to say"),
        (Cited(12, 0, 8, 3.0, OPEN), Disagreement(0.3, 0.1), "too few to say"),
        (Cited(50, 0, 20, 6.0, OPEN), Disagreement(0.3, 0.1), "reviewers disagree"),
        (Cited(50, 0, 20, 0.0, alpha(None)), Disagreement(0.1, 0.0), "clear, often broken"),
        (Cited(0, 0, 0, 0.0, alpha(None)), Disagreement(0.3, 0.1), "too few to say"),
    ],
)
def test_what_is_read_from_the_figures_of_a_clause(cited: Cited, d: Disagreement, reading: str) -> None:
    assert ambiguity.reading(cited, d, overall=0.2) == reading


def test_few_items_lean_on_the_other_clauses() -> None:
    prior = Prior(2.0, 8.0)
    few, many = ambiguity.disagreement(2, 2, prior), ambiguity.disagreement(200, 200, prior)
    assert few.mean == pytest.approx(4 / 12)
    assert many.mean > 0.95
    assert few.low < few.mean
    assert stats.beta(4, 8).cdf(few.low) == pytest.approx(0.10)


def test_the_prior_finds_how_clauses_differ() -> None:
    chance = np.random.default_rng(0)
    shares = chance.beta(3, 9, 400)
    found = ambiguity.prior([(float(chance.binomial(40, share)), 40) for share in shares])
    assert found.a / (found.a + found.b) == pytest.approx(0.25, abs=0.02)
    assert found.a + found.b == pytest.approx(12, rel=0.3)


def test_clauses_that_are_all_alike_pull_each_other_together_but_never_beyond_100_items() -> None:
    found = ambiguity.prior([(4.0, 20)] * 30)
    assert found.a + found.b == pytest.approx(100, rel=0.01)
    assert found.a / (found.a + found.b) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("clauses", [[], [(3.0, 10)], [(3.0, 10), (0.0, 0)]])
def test_of_one_clause_nothing_can_be_learnt(clauses: list[tuple[float, int]]) -> None:
    assert ambiguity.prior(clauses) == Prior(0.5, 0.5)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=12))
def test_every_prior_can_be_used(clauses: list[tuple[int, int]]) -> None:
    some = [(float(min(x, n)), n) for x, n in clauses]
    prior = ambiguity.prior(some)
    assert prior.a > 0
    assert prior.b > 0
    for x, n in some:
        found = ambiguity.disagreement(x, n, prior)
        assert 0 <= found.low <= 1
        assert 0 < found.mean < 1
