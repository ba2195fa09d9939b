"""Tests of two shares against R, and of reviewers as strata against a table worked out by hand."""

from collections.abc import Callable
from fractions import Fraction
from math import comb

import pytest
from scipy import stats

from reviewer.domain import associations
from reviewer.domain.associations import Arm
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def test_changed_answers_weigh_as_r_weighs_them(reference: Reference) -> None:
    case = reference.cases["mcnemar"]
    found, expected = associations.mcnemar(case["inputs"]["b"], case["inputs"]["c"]), case["expected"]
    assert found == pytest.approx(tuple(expected[n] for n in ("chi2", "p", "chi2_cc", "p_cc", "p_exact")), abs=case["tolerance"]["abs"])


def test_two_arms_differ_as_r_says(reference: Reference) -> None:
    case = reference.cases["anchor-two-prop"]
    inputs, expected, close = case["inputs"], case["expected"], case["tolerance"]["abs"]
    shown, blind = Arm(inputs["x1"], inputs["n1"]), Arm(inputs["x2"], inputs["n2"])
    assert associations.pooled_test(shown, blind) == pytest.approx(expected["p"], abs=close)
    found = associations.fisher(shown, blind)
    assert found.p == pytest.approx(expected["fisher_p"], abs=close)
    # R looks for the odds ratio and its limits to one part in 8,000 (uniroot's own tolerance); what is found here is right to one part in
    # 10^6 and better: the test below finds the same by whole numbers alone, 5e-7 to 3e-5 from R's.
    assert found.odds_ratio == pytest.approx(expected["fisher_or"], rel=1 / 8_000)
    assert (found.low, found.high) == pytest.approx(tuple(expected["fisher_or_ci"]), rel=1 / 8_000)
    assert stats.nchypergeom_fisher.mean(200, 170, 100, found.odds_ratio) == pytest.approx(92, abs=1e-9)
    assert stats.nchypergeom_fisher.sf(91, 200, 170, 100, found.low) == pytest.approx(0.025, abs=1e-9)
    assert stats.nchypergeom_fisher.cdf(92, 200, 170, 100, found.high) == pytest.approx(0.025, abs=1e-9)


def test_the_odds_ratio_and_its_limits_are_those_that_whole_numbers_give(reference: Reference) -> None:
    """The chances of the table's first cell are C(100, k) C(100, 170 - k) odds^k over their sum: whole numbers, unrounded."""
    inputs = reference.cases["anchor-two-prop"]["inputs"]
    x, n, m = inputs["x1"], inputs["n1"], inputs["n2"]
    yes = x + inputs["x2"]
    cells = range(max(0, yes - m), min(n, yes) + 1)

    def weights(odds: Fraction) -> dict[int, Fraction]:
        return {k: comb(n, k) * comb(m, yes - k) * odds ** (k - cells.start) for k in cells}

    def where(rises: Callable[[dict[int, Fraction]], Fraction], reaches: Fraction) -> float:
        low, high = Fraction(1, 64), Fraction(64)
        for _halving in range(44):  # to 4e-12 of the range
            middle = Fraction(round((low + high) / 2 * 2**50), 2**50)
            chances = weights(middle)
            low, high = (middle, high) if rises(chances) < reaches * sum(chances.values()) else (low, middle)
        return float(low)

    found = associations.fisher(Arm(x, n), Arm(inputs["x2"], m))
    mean = where(lambda chances: sum((k * chance for k, chance in chances.items()), Fraction()), Fraction(x))
    above = where(lambda chances: sum((chances[k] for k in cells if k >= x), Fraction()), Fraction(25, 1000))
    below = where(lambda chances: sum((chances[k] for k in cells if k > x), Fraction()), Fraction(975, 1000))
    assert (found.odds_ratio, found.low, found.high) == pytest.approx((mean, above, below), rel=1e-9)


def test_where_nothing_differs_nothing_is_claimed() -> None:
    assert associations.mcnemar(0, 0) == (None, None, None, None, 1.0)
    assert associations.mcnemar(3, 3).p_exact == 1
    assert associations.pooled_test(Arm(0, 10), Arm(0, 20)) is None
    assert associations.mantel_haenszel([]) == (None, None, None, None, 0)
    assert associations.mantel_haenszel([(Arm(1, 2), Arm(0, 0))]).strata == 0


def test_one_stratum_gives_the_plain_odds_ratio() -> None:
    found = associations.mantel_haenszel([(Arm(92, 100), Arm(78, 100))])
    assert found.odds_ratio == pytest.approx(92 * 22 / (8 * 78))
    assert found.low is not None
    assert found.high is not None
    assert found.low < 3.244 < found.high


def test_strata_are_not_added_up() -> None:
    """The kidney stones of Charig et al. (1986): in both strata the first treatment is better, and in the sum the second seems so."""
    small, large = (Arm(81, 87), Arm(234, 270)), (Arm(192, 263), Arm(55, 80))
    found = associations.mantel_haenszel([small, large])
    added = associations.fisher(Arm(273, 350), Arm(289, 350))
    assert found.odds_ratio == pytest.approx((81 * 36 / 357 + 192 * 25 / 343) / (6 * 234 / 357 + 71 * 55 / 343))
    assert found.odds_ratio is not None
    assert found.odds_ratio > 1 > added.odds_ratio


def test_a_stratum_where_all_agree_tells_of_no_odds() -> None:
    found = associations.mantel_haenszel([(Arm(5, 5), Arm(7, 7))])
    assert (found.odds_ratio, found.p, found.strata) == (None, None, 1)


def test_how_many_tell_two_shares_apart() -> None:
    """METHODS.md section 9: 80 % for .78 against .92 takes about 99 an arm."""
    assert associations.size_per_arm(0.78, 0.92) == 99
    assert associations.size_per_arm(0.78, 0.92, power=0.9) > 99


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.0, 0.5), (0.5, 1.0)])
def test_shares_that_no_number_tells_apart_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(Refused):
        associations.size_per_arm(*shares)
    with pytest.raises(Refused):
        associations.mcnemar(-1, 2)
