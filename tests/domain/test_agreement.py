"""Agreement beyond chance, against published tables and irrCAC, irr and vcd."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from reviewer.domain import agreement
from reviewer.domain.agreement import Coefficient, Floats, Ints, Metric
from tests.domain.conftest import Reference

# Krippendorff (2011), the table of section C: 4 observers by 12 units; 0 is missing.
KRIPPENDORFF = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 0),
    (0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0),
)
PARADOX = ((90, 4), (5, 1))  # Feinstein & Cicchetti's: high agreement, kappa near 0


def tallied(rows: Sequence[Sequence[int | None]], categories: int) -> Floats:
    """Rows of units; categories from 1, None or 0 where nothing was said."""
    unit = [n for n, row in enumerate(rows) for value in row if value]
    category = [value - 1 for row in rows for value in row if value]
    return agreement.tallies(np.array(unit, np.int64), np.array(category, np.int64), units=len(rows), categories=categories)


def spread(table: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """A contingency table of two reviewers as the categories that each chose, by unit."""
    counts = np.array(table)
    first, second = np.nonzero(counts)
    return np.repeat(first, counts[first, second]), np.repeat(second, counts[first, second])


def of_pair(first: Ints, second: Ints, categories: int) -> Floats:
    n = len(first)
    return agreement.tallies(np.concatenate([np.arange(n)] * 2), np.concatenate([first, second]), units=n, categories=categories)


def assert_is(found: Coefficient, expected: dict[str, Any], tolerance: float) -> None:
    assert found.value == pytest.approx(expected["coeff"], abs=tolerance)
    assert found.se == pytest.approx(expected["se"], abs=tolerance)
    assert (found.low, found.high) == pytest.approx(tuple(expected["ci_rounded3"]), abs=0.00051)


@pytest.mark.parametrize(("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_alpha_is_what_krippendorff_published(metric: Metric, published: float) -> None:
    found = agreement.alpha(tallied(tuple(zip(*KRIPPENDORFF, strict=True)), 5), metric)
    assert found.value == pytest.approx(published, abs=0.0005)
    assert found.n == 11


def test_alpha_is_what_irr_gives(reference: Reference) -> None:
    case = reference.cases["kripp-2011-table"]
    counts = tallied(tuple(zip(*case["inputs"]["rows"], strict=True)), 5)
    for metric, expected in case["expected"].items():
        assert agreement.alpha(counts, metric).value == pytest.approx(expected, abs=case["tolerance"]["abs"])


def test_coefficients_with_intervals_are_what_irrcac_gives_for_fleiss_diagnoses(reference: Reference) -> None:
    case = reference.cases["gwet-fleiss1971"]
    counts = tallied(reference.datasets["fleiss_diagnoses"]["rows"], 5)
    tolerance = case["tolerance"]["abs"]
    assert_is(agreement.ac1(counts), case["expected"]["ac1"], tolerance)
    assert_is(agreement.fleiss(counts), case["expected"]["fleiss"], tolerance)
    assert_is(agreement.alpha(counts), case["expected"]["alpha"], tolerance)
    assert_is(agreement.brennan_prediger(counts), case["expected"]["bp"], tolerance)
    assert agreement.raw(counts).value == pytest.approx(case["expected"]["ac1"]["pa"], abs=1e-9)


def test_coefficients_with_missing_ratings_are_what_irrcac_gives(reference: Reference) -> None:
    case = reference.cases["kripp-4raters"]
    counts = tallied(reference.datasets["gwet_4raters"]["rows"], 5)
    tolerance = case["tolerance"]["abs"]
    assert_is(agreement.alpha(counts), case["expected"]["nominal"], tolerance)
    assert_is(agreement.alpha(counts, "interval"), case["expected"]["interval_quadratic"], tolerance)
    assert_is(agreement.ac1(counts), case["expected"]["gwet_ac1"], tolerance)
    assert_is(agreement.fleiss(counts), case["expected"]["fleiss"], tolerance)
    assert_is(agreement.brennan_prediger(counts), case["expected"]["bp"], tolerance)
    rows = reference.datasets["gwet_4raters"]["rows"]
    ratings = np.array([[value - 1 if value else -1 for value in row] for row in rows])
    assert_is(agreement.conger(ratings, categories=5), case["expected"]["conger"], tolerance)


def test_fleiss_kappa_and_its_z_are_those_of_1971(reference: Reference) -> None:
    case = reference.cases["fleiss-kappa-1971"]
    found = agreement.fleiss_test(tallied(reference.datasets["fleiss_diagnoses"]["rows"], 5))
    assert found.kappa == pytest.approx(case["expected"]["kappa"], abs=case["tolerance"]["abs"])
    assert found.z == pytest.approx(case["expected"]["z"], abs=1e-5)


@pytest.mark.parametrize("name", ["cohen-3x3", "kappa-paradox"])
def test_kappa_and_ac1_of_two_reviewers_are_what_irrcac_and_vcd_give(reference: Reference, name: str) -> None:
    case = reference.cases[name]
    table = case["inputs"]["table"]
    first, second = spread(table)
    per_unit = (1 - 1 / len(first)) ** 0.5  # for tables irrCAC and vcd divide by n; for units irrCAC, and this program, by n - 1
    kappa = agreement.cohen(first, second, categories=len(table))
    assert kappa.value == pytest.approx(case["expected"]["cohen"]["kappa"], abs=1e-5)
    assert kappa.se is not None
    assert kappa.se * per_unit == pytest.approx(case["expected"]["cohen"]["se"], abs=1e-5)
    linear = agreement.cohen(first, second, categories=len(table), linear=True)
    assert linear.value == pytest.approx(case["expected"]["vcd"]["weighted_linear"], abs=1e-5)
    assert linear.se is not None
    assert linear.se * per_unit == pytest.approx(case["expected"]["vcd"]["weighted_linear_ase"], abs=1e-5)
    ac1 = agreement.ac1(of_pair(first, second, len(table)))
    assert ac1.value == pytest.approx(case["expected"]["ac1"]["ac1"], abs=1e-5)
    assert ac1.se is not None
    assert ac1.se * per_unit == pytest.approx(case["expected"]["ac1"]["se"], abs=1e-5)


def test_where_nearly_all_is_compliant_kappa_says_chance_and_ac1_does_not() -> None:
    first, second = spread(PARADOX)
    kappa, ac1 = agreement.cohen(first, second, categories=2).value, agreement.ac1(of_pair(first, second, 2)).value
    assert kappa == pytest.approx(0.134615, abs=1e-6)
    assert ac1 == pytest.approx(0.899559, abs=1e-6)


def test_of_two_reviewers_who_label_everything_congers_kappa_is_cohens() -> None:
    first, second = spread(((13, 0, 0), (0, 20, 7), (0, 4, 56)))
    conger = agreement.conger(np.stack((first, second), axis=1), categories=3)
    cohen = agreement.cohen(first, second, categories=3)
    assert conger[:4] == pytest.approx(cohen[:4], abs=1e-9)


def test_congers_kappa_says_why_there_is_none() -> None:
    assert agreement.conger(np.array([[0, -1], [-1, 1]]), categories=2).reason == agreement.NO_PAIRS
    assert agreement.conger(np.zeros((5, 2), np.int64), categories=2).reason == agreement.NO_VARIATION


def test_labels_that_are_all_the_same_leave_alpha_undefined_and_say_so() -> None:
    counts = tallied([(1, 1)] * 8, 2)
    assert agreement.alpha(counts) == Coefficient(None, None, None, None, 8, agreement.NO_VARIATION)
    assert agreement.ac1(counts).value == 1
    assert agreement.cohen(np.zeros(8, np.int64), np.zeros(8, np.int64), categories=2).reason == agreement.NO_VARIATION


def test_without_a_second_label_nothing_is_said() -> None:
    counts = tallied([(1,), (2,)], 2)
    for found in (agreement.alpha(counts), agreement.ac1(counts), agreement.fleiss(counts), agreement.raw(counts)):
        assert found == Coefficient(None, None, None, None, 0, agreement.NO_PAIRS)


def test_one_item_gives_a_figure_and_no_interval() -> None:
    found = agreement.alpha(tallied([(1, 2)], 2))
    assert found.value == 0
    assert (found.low, found.high, found.reason) == (None, None, agreement.ONE_ITEM)


def test_items_with_one_label_change_nothing_in_alpha() -> None:
    assert agreement.alpha(tallied([(1, 1), (2, 2), (1, 2), (1,)], 2)) == agreement.alpha(tallied([(1, 1), (2, 2), (1, 2)], 2))


def test_ac1_counts_the_categories_that_could_be_chosen() -> None:
    rows = [(1, 1), (2, 2), (1, 2), (1, 1)]
    assert agreement.ac1(tallied(rows, 3)).value != agreement.ac1(tallied(rows, 2)).value


def test_perfect_agreement_on_few_items_is_not_called_certain() -> None:
    few, many = (agreement.alpha(tallied([(1, 1), (2, 2)] * n, 2)) for n in (3, 300))
    assert (few.value, few.high) == (many.value, many.high) == (1, 1)
    assert few.low is not None
    assert many.low is not None
    assert few.low < 0.5 < 0.97 < many.low
    # 0 of 6: the exact upper limit of disagreement is 0.4593, and half of all pairs disagree by chance.
    assert few.low == pytest.approx(1 - 0.4593 / 0.5, abs=1e-4)


def test_raw_agreement_of_pairs_has_the_exact_binomial_limits() -> None:
    """15 of 20 items: Clopper & Pearson give 0.5090 to 0.9134; n - 1 in the variance leaves worth of 19."""
    found = agreement.raw(tallied([(1, 1)] * 15 + [(1, 2)] * 5, 2))
    assert found.value == 0.75
    assert found.low == pytest.approx(stats.beta(0.75 * 19, 0.25 * 19 + 1).ppf(0.025))
    assert found.high == pytest.approx(stats.beta(0.75 * 19 + 1, 0.25 * 19).ppf(0.975))
    assert (found.low, found.high) == pytest.approx((0.5090, 0.9134), abs=0.01)
    never = agreement.raw(tallied([(1, 2)] * 10, 2))
    assert (never.value, never.low) == (0, 0)
    assert never.high == pytest.approx(0.3085, abs=1e-4)


def test_an_interval_never_goes_beyond_1() -> None:
    found = agreement.alpha(tallied([(1, 1)] * 5 + [(2, 2)] * 5 + [(1, 2)], 2))
    assert found.high == 1


def test_a_weight_counts_an_item_as_often_as_it_stands_for_others() -> None:
    rows = [(1, 1), (2, 2), (1, 2), (1, 1), (2, 1)]
    times = np.array([1.0, 3.0, 2.0, 1.0, 1.0])
    weighted, repeated = tallied(rows, 2), tallied([row for row, n in zip(rows, times, strict=True) for _ in range(int(n))], 2)
    assert agreement.raw(weighted, weights=times).value == pytest.approx(agreement.raw(repeated).value)
    assert agreement.ac1(weighted, weights=times).value == pytest.approx(agreement.ac1(repeated).value)
    first, second = np.array([row[0] - 1 for row in rows]), np.array([row[1] - 1 for row in rows])
    many = np.repeat(np.arange(5), times.astype(int))
    kappa = agreement.cohen(first, second, categories=2, weights=times)
    assert kappa.value == pytest.approx(agreement.cohen(first[many], second[many], categories=2).value)
    alphas = agreement.alpha(weighted, weights=times).value, agreement.alpha(repeated).value
    assert alphas[0] == pytest.approx(alphas[1], abs=0.05)  # alpha's correction for few ratings counts ratings given, not stood for


def test_equal_weights_are_no_weights() -> None:
    counts = tallied([(1, 1), (2, 2), (1, 2), (1, 1), (2, 1)], 2)
    assert agreement.alpha(counts, weights=np.full(5, 7.0))[:4] == pytest.approx(agreement.alpha(counts)[:4])
    assert agreement.ac1(counts, weights=np.full(5, 7.0))[:4] == pytest.approx(agreement.ac1(counts)[:4])


@st.composite
def ratings(draw: st.DrawFn) -> list[list[int | None]]:
    """3 to 20 units by 2 to 5 reviewers in 3 categories; None where nothing was said."""
    reviewers = draw(st.integers(2, 5))
    return draw(st.lists(st.lists(st.sampled_from([None, 1, 2, 3]), min_size=reviewers, max_size=reviewers), min_size=3, max_size=20))


@given(ratings(), st.randoms(use_true_random=False))
def test_no_coefficient_depends_on_the_order_of_reviewers_or_items(rows: list[list[int | None]], chance: Any) -> None:
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    turned = [[row[place] for place in order] for row in rows]
    chance.shuffle(turned)
    for coefficient in (agreement.alpha, agreement.ac1, agreement.fleiss, agreement.brennan_prediger):
        one, other = coefficient(tallied(rows, 3)), coefficient(tallied(turned, 3))
        assert (one.n, one.reason) == (other.n, other.reason)
        for mine, theirs in zip(one[:4], other[:4], strict=True):
            assert mine == pytest.approx(theirs, abs=1e-9)


@given(ratings())
def test_nominal_and_interval_agree_where_there_are_two_categories(rows: list[list[int | None]]) -> None:
    two = tallied([[min(value, 2) if value else None for value in row] for row in rows], 2)
    nominal = agreement.alpha(two)
    for metric in ("ordinal", "interval"):
        assert agreement.alpha(two, metric).value == pytest.approx(nominal.value, abs=1e-9)


@given(ratings())
def test_names_of_categories_carry_no_meaning(rows: list[list[int | None]]) -> None:
    renamed = [[{1: 3, 2: 1, 3: 2}[value] if value else None for value in row] for row in rows]
    for coefficient in (agreement.alpha, agreement.ac1, agreement.fleiss, agreement.brennan_prediger):
        for mine, theirs in zip(coefficient(tallied(rows, 3))[:4], coefficient(tallied(renamed, 3))[:4], strict=True):
            assert mine == pytest.approx(theirs, abs=1e-9)


def test_the_interval_covers_as_often_as_it_says() -> None:
    """500 samples of 60 items from a population with a known alpha: 95 % of the intervals should hold it, and 91 to 98 % do by chance."""
    chance = np.random.default_rng(1)

    def sample(n: int) -> Floats:
        truth = chance.random(n) < 0.3
        said = np.where(chance.random((2, n)) < 0.9, truth, ~truth).astype(np.int64)
        return of_pair(said[0], said[1], 2)

    true_alpha, true_ac1 = agreement.alpha(sample(400_000)).value, agreement.ac1(sample(400_000)).value
    held = {"alpha": 0, "ac1": 0}
    for _ in range(500):
        counts = sample(60)
        for name, found, true in (("alpha", agreement.alpha(counts), true_alpha), ("ac1", agreement.ac1(counts), true_ac1)):
            assert true is not None
            held[name] += _holds(found, true)
    assert all(455 <= times <= 490 for times in held.values()), held


def test_the_interval_covers_where_hard_items_were_drawn_more_often() -> None:
    """300 samples in which hard items are five times as likely to be drawn: with weights 92 to 98 % hold, without them hardly half."""
    chance = np.random.default_rng(3)

    def population(n: int) -> tuple[NDArray[np.bool_], Floats]:
        hard = chance.random(n) < 0.2
        truth = chance.random(n) < np.where(hard, 0.6, 0.2)
        said = np.where(chance.random((2, n)) < np.where(hard, 0.75, 0.95), truth, ~truth).astype(np.int64)
        return hard, of_pair(said[0], said[1], 2)

    true = agreement.alpha(population(400_000)[1]).value
    assert true is not None
    weighted = plain = 0
    for _ in range(300):
        hard, counts = population(1_500)
        probability = np.where(hard, 0.2, 0.04)
        drawn = chance.random(1_500) < probability
        weighted += _holds(agreement.alpha(counts[drawn], weights=1 / probability[drawn]), true)
        plain += _holds(agreement.alpha(counts[drawn]), true)
    assert 276 <= weighted <= 294, weighted
    assert plain < 225, plain


def _holds(found: Coefficient, true: float) -> bool:
    assert found.low is not None
    assert found.high is not None
    return found.low <= true <= found.high
