"""Limits of differences against statsmodels and R, and that they hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import differences
from reviewer.domain.differences import weighted_share
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def test_limits_are_those_of_statsmodels(reference: Reference) -> None:
    case = reference.cases["newcombe-diff"]
    for row, newcombe, caffo in zip(case["inputs"]["rows"], *(case["expected"][n] for n in ("newcomb", "agresti_caffo")), strict=True):
        for found, expected in ((differences.newcombe(*row), newcombe), (differences.agresti_caffo(*row), caffo)):
            assert (found.low, found.high) == pytest.approx(tuple(expected), abs=case["tolerance"]["abs"])
            assert found.value == pytest.approx(row[0] / row[1] - row[2] / row[3])


def test_walds_limits_are_those_of_r(reference: Reference) -> None:
    case = reference.cases["anchor-two-prop"]
    inputs = case["inputs"]
    found = differences.wald(inputs["x1"], inputs["n1"], inputs["x2"], inputs["n2"])
    assert (found.low, found.high) == pytest.approx(tuple(case["expected"]["wald_ci"]), abs=case["tolerance"]["abs"])


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_turned_round_a_difference_changes_its_sign(whole: int, other: int, data: st.DataObject) -> None:
    part, rest = data.draw(st.integers(0, whole)), data.draw(st.integers(0, other))
    for way in (differences.newcombe, differences.agresti_caffo):
        one, back = way(part, whole, rest, other), way(rest, other, part, whole)
        assert (one.value, one.low, one.high) == pytest.approx((-back.value, -back.high, -back.low), abs=1e-9)
        assert -1.2 <= one.low <= one.value <= one.high <= 1.2 or way is differences.agresti_caffo


def test_newcombes_limits_hold_as_often_as_they_say() -> None:
    """4,000 pairs of small samples: 95 % hold; by chance, 94 % or more."""
    chance = np.random.default_rng(0)
    parts = zip(chance.binomial(40, 0.1, 4_000).tolist(), chance.binomial(60, 0.3, 4_000).tolist(), strict=True)
    held = sum(one.low <= -0.2 <= one.high for one in (differences.newcombe(a, 40, b, 60) for a, b in parts))
    assert held >= 3_760


def test_items_that_stand_for_equally_many_are_counted() -> None:
    true = np.arange(40) < 7
    assert weighted_share(true, np.full(40, 3.0)) == pytest.approx(weighted_share(true))
    none = weighted_share(np.zeros(10, np.bool_), np.full(10, 2.0))
    assert (none.value, none.low) == (0, 0)
    assert none.worth == pytest.approx(10)
    assert weighted_share(np.zeros(0, np.bool_)) == (None, None, None, 0, 0.0)


def test_weights_make_a_share_what_it_is_of_the_population_and_its_limits_wider() -> None:
    """Half of the drawn items stand for one item each, the other half for nine."""
    true = np.tile([True, False, False, False, False], 20)
    weights = np.where(np.arange(100) < 50, 1.0, 9.0)
    found, plain = weighted_share(true, weights), weighted_share(true)
    assert found.value == pytest.approx(0.2)
    assert found.low is not None
    assert plain.low is not None
    assert found.low < plain.low
    assert found.worth < 70


def test_the_limits_of_a_weighted_share_hold_where_a_risk_sample_is_drawn() -> None:
    """400 draws in which violations are four times as likely to be picked: with weights 90 % or more hold, without them hardly any."""
    chance = np.random.default_rng(2)
    bad = np.arange(3_000) < 450
    pi = np.where(bad, 0.12, 0.03)
    held = plain = 0
    for _ in range(400):
        drawn = chance.random(3_000) < pi
        for weights in (1 / pi[drawn], None):
            found = weighted_share(bad[drawn], weights)
            inside = found.limits.low <= 0.15 <= found.limits.high
            held, plain = (held + inside, plain) if weights is not None else (held, plain + inside)
    assert held >= 360
    assert plain <= 20


def test_two_weighted_shares_differ_as_two_counted_ones_where_weights_are_equal() -> None:
    first, second = np.arange(100) < 92, np.arange(100) < 78
    found = differences.weighted(weighted_share(first, np.full(100, 4.0)), weighted_share(second, np.full(100, 2.0)))
    assert found == pytest.approx(differences.newcombe(92, 100, 78, 100))
    assert differences.weighted(weighted_share(first), weighted_share(first[:0])) is None


@pytest.mark.parametrize("counts", [(3, 2, 1, 5), (-1, 2, 1, 5), (0, 0, 1, 5), (1, 5, 6, 5)])
def test_counts_that_are_no_shares_are_refused(counts: tuple[int, int, int, int]) -> None:
    for way in (differences.newcombe, differences.agresti_caffo, differences.wald):
        with pytest.raises(Refused):
            way(*counts)
