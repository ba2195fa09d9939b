"""The one entry to estimates: which method serves, what it says of itself, and what it refuses."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from reviewer.domain import estimates, proportions, sequential, survey
from reviewer.domain.errors import Refused
from reviewer.domain.estimates import Drawn
from tests.domain.conftest import Reference
from tests.domain.test_survey import apistrat

NONE = math.nan


def answers(broken: int, kept: int, open_: int = 0) -> NDArray[np.float64]:
    return np.array([1.0] * broken + [0.0] * kept + [NONE] * open_)


def simple(y: NDArray[np.float64], population: int, **more: Any) -> Drawn:
    design: estimates.Design = "all" if len(y) == population else "srs"
    return Drawn(design, np.full(len(y), len(y) / population), y, np.zeros(len(y), np.int64), np.array([population]), **more)


def stratified(counts: list[tuple[int, int]], population: list[int], **more: Any) -> Drawn:
    """counts: non-compliant and compliant, by stratum."""
    y = np.concatenate([answers(*pair) for pair in counts])
    drawn = [sum(pair) for pair in counts]
    stratum = np.repeat(np.arange(len(counts)), drawn)
    pi = np.array([n / size for n, size in zip(drawn, population, strict=True)])[stratum]
    return Drawn("stratified", pi, y, stratum, np.array(population), **more)


def poisson(y: NDArray[np.float64], pi: NDArray[np.float64], population: int, **more: Any) -> Drawn:
    return Drawn("poisson", pi, y, np.zeros(len(y), np.int64), np.array([population]), **more)


def test_a_simple_random_sample_has_the_exact_interval_of_its_population() -> None:
    found = estimates.estimate(simple(answers(15, 185), 1500))
    assert found.estimate == pytest.approx(0.075)
    assert (found.low, found.high) == pytest.approx((0.044, 0.118), abs=1e-9)
    assert (found.method, found.n, found.population, found.reason) == ("exact", 200, 1500, None)
    assert found.basis == "simple random sample, 200 of 1,500 items answered; exact hypergeometric interval"


def test_a_census_with_every_answer_has_no_error() -> None:
    found = estimates.estimate(simple(answers(3, 7), 10))
    assert (found.low, found.estimate, found.high) == (0.3, 0.3, 0.3)
    assert found.basis == "census, 10 of 10 items answered; no sampling error"


def test_open_and_unsure_items_are_counted_and_what_they_could_change_is_said() -> None:
    drawn = simple(answers(10, 80, 10), 1000)
    found = estimates.estimate(drawn)
    assert found.estimate == pytest.approx(10 / 90)
    assert found.n == 90
    assert "10 of 100 drawn without an answer, taken to be like the rest" in found.basis
    assert estimates.bounds_if(drawn) == pytest.approx((0.1, 0.2))


def test_without_an_answer_there_is_no_figure_but_a_reason() -> None:
    for drawn in (simple(answers(0, 0, 5), 50), simple(answers(0, 0), 50)):
        found = estimates.estimate(drawn)
        assert (found.estimate, found.low, found.high) == (None, None, None)
        assert found.reason == "no drawn item has an answer yet"
    assert estimates.bounds_if(simple(answers(0, 0), 50)) == (None, None)
    assert estimates.bounds_if(simple(answers(0, 0, 5), 50)) == (0.0, 1.0)


def test_a_stratified_sample_is_weighted_as_survey_does(reference: Reference) -> None:
    case, schools = reference.cases["strat-prop-nofpc"], apistrat(reference)
    drawn = Drawn("stratified", 1 / schools.weights, schools.failed, schools.stratum, schools.population)
    found = estimates.estimate(drawn)
    assert found.estimate == pytest.approx(case["expected"]["p"], rel=1e-6)
    assert (found.low, found.high) == pytest.approx((0.1266, 0.2258), abs=0.004)  # Korn and Graubard's: weights differ little here
    within = estimates.domain_estimate(drawn, ~schools.awarded, None)
    assert within.estimate == pytest.approx(reference.cases["strat-domain"]["expected"]["awards_No"]["p"], rel=1e-6)


def test_a_heavy_stratum_without_a_violation_widens_the_interval_where_korn_and_graubards_forgets_it() -> None:
    drawn = stratified([(0, 20), (40, 10)], [2000, 50])
    found = estimates.estimate(drawn)
    usual = proportions.korn_graubard(40 / 2050, 1e-9, n=70, degrees=68)
    assert usual.high < 0.03
    assert found.high is not None
    assert found.high > 0.1  # none of 20 leaves up to 17 % of 2,000
    assert found.low == pytest.approx(40 / 2050, abs=0.005)


def test_items_drawn_by_risk_are_weighted_by_what_they_stand_for() -> None:
    y, pi = answers(8, 12), np.array([0.8] * 8 + [0.1] * 12)
    found = estimates.estimate(poisson(y, pi, 130))
    assert found.estimate == pytest.approx(10 / 130)
    assert found.method == "hajek"
    assert found.low is not None
    assert found.high is not None
    assert found.low < 10 / 130 < found.high
    equal = estimates.estimate(poisson(y, np.full(20, 0.2), 100))
    exact = proportions.hypergeometric(8, 20, 100)
    assert (equal.low, equal.high) == pytest.approx(exact, abs=0.03)


def test_with_few_violations_by_weight_only_the_interval_is_shown() -> None:
    found = estimates.estimate(stratified([(2, 48), (1, 9)], [900, 100]))
    assert found.estimate is None
    assert found.low is not None
    assert found.reason == "fewer than 5 violations by weight: only the interval is shown"
    assert estimates.estimate(stratified([(2, 48), (1, 9)], [500, 100])).estimate == pytest.approx(0.05)  # equal weights: a count


def test_a_stratum_with_one_answer_is_joined_and_that_is_said() -> None:
    found = estimates.estimate(stratified([(10, 30), (0, 1), (8, 12)], [400, 35, 100]))
    assert "1 stratum with fewer than two answers joined to the nearest" in found.basis
    assert found.estimate == pytest.approx((0.25 * 400 + 0 * 35 + 0.4 * 100) / 535)  # it keeps its own weight
    two = estimates.estimate(stratified([(10, 30), (0, 0), (8, 12)], [400, 35, 100]))
    assert two.estimate == pytest.approx((0.25 * 400 + 0.4 * 135) / 535)  # nobody speaks for it but its neighbour


def test_near_duplicates_never_make_an_estimate_look_surer() -> None:
    drawn = simple(np.repeat(answers(6, 24), 5), 3000)
    together = estimates.estimate(drawn._replace(cluster=np.repeat(np.arange(30), 5)))
    apart = estimates.estimate(drawn)
    assert together.estimate == apart.estimate
    assert None not in (together.low, together.high, apart.low, apart.high)
    assert (together.high or 0) - (together.low or 0) > 1.5 * ((apart.high or 0) - (apart.low or 0))
    assert "near-duplicates counted together" in together.basis


def test_a_part_is_exact_where_its_size_is_known_and_has_no_estimate_where_nothing_was_drawn() -> None:
    drawn = simple(answers(15, 185), 1500)
    inside = np.arange(200) % 2 == 0
    known = estimates.domain_estimate(drawn, inside, 700)
    assert (known.low, known.high) == pytest.approx(proportions.hypergeometric(8, 100, 700))
    unknown = estimates.domain_estimate(drawn, inside, None)
    assert (unknown.low, unknown.high) == pytest.approx(proportions.clopper_pearson(8, 100))
    nothing = estimates.domain_estimate(drawn, np.zeros(200, bool), 40)
    assert (nothing.estimate, nothing.low, nothing.reason, nothing.population) == (None, None, "no item of it was drawn", 40)
    strata = stratified([(5, 45), (20, 30)], [500, 100])
    whole = estimates.domain_estimate(strata, strata.stratum == 1, 100)
    assert (whole.method, whole.low, whole.high) == ("exact", *proportions.hypergeometric(20, 50, 100))
    mixed = estimates.domain_estimate(strata, np.arange(100) % 2 == 0, None)
    assert mixed.method == "hajek"


def scored(n: int, broken: int, population: int, *, noise: float) -> tuple[Drawn, float]:
    """A simple random sample with a judge's scores, and the rate of its population."""
    chance = np.random.default_rng(4)
    y = np.zeros(population)
    y[:broken] = 1
    f = np.clip(y * (1 - noise) + noise * chance.random(population), 0, 1)
    at = chance.choice(population, n, replace=False)
    return simple(y[at], population, f=f[at], f_population=f), broken / population


def test_a_judge_narrows_the_interval_where_enough_was_answered() -> None:
    drawn, rate = scored(200, 600, 3000, noise=0.3)
    by_itself = estimates.estimate(drawn)
    without = estimates.estimate(drawn._replace(f=None, f_population=None))
    assert by_itself.method == "ppi"
    assert by_itself.low is not None
    assert by_itself.high is not None
    assert by_itself.low <= rate <= by_itself.high
    assert by_itself.high - by_itself.low < 0.6 * ((without.high or 0) - (without.low or 0))


def test_a_judge_narrows_nothing_where_too_little_was_answered_and_gives_a_point_when_asked() -> None:
    drawn, _ = scored(60, 600, 3000, noise=0.3)
    assert estimates.estimate(drawn).method == "exact"
    asked = estimates.estimate(drawn, method="ppi")
    assert asked.estimate is not None
    assert (asked.low, asked.high) == (None, None)
    assert asked.reason == "an interval by the judge's scores asks for 100 answers, and 15 of them of either kind"


def test_a_judge_that_left_items_out_is_not_followed() -> None:
    drawn, _ = scored(200, 600, 3000, noise=0.3)
    assert drawn.f_population is not None
    holes = drawn.f_population.copy()
    holes[7] = NONE
    assert estimates.estimate(drawn._replace(f_population=holes)).method == "exact"
    with pytest.raises(Refused, match="has not scored every item"):
        estimates.estimate(drawn._replace(f_population=holes), method="ppi")
    with pytest.raises(Refused, match="no judge has scored"):
        estimates.estimate(drawn._replace(f=None), method="ppi")


def test_a_confidence_sequence_reads_in_the_order_of_chance_and_counts_gaps_for_either_limit() -> None:
    y = answers(6, 54)[np.random.default_rng(1).permutation(60)]
    y[50:] = NONE  # not reached
    u = np.linspace(0.0, 0.06, 60)
    shuffled = np.random.default_rng(2).permutation(60)
    found = estimates.estimate(simple(y[shuffled], 1000, u=u[shuffled]), method="anytime")
    expected = sequential.confidence_sequence(y[:50], population=1000)
    assert (found.low, found.high) == (expected.low[-1], expected.high[-1])
    assert found.basis == "simple random sample, 50 of 1,000 items answered; betting confidence sequence, valid at every look"
    at_once = estimates.estimate(simple(y[:50], 1000))
    assert (found.high or 0) - (found.low or 0) > (at_once.high or 0) - (at_once.low or 0)
    y[20:25] = NONE
    gaps = estimates.estimate(simple(y, 1000, u=u), method="anytime")
    assert (gaps.low or 0) <= (found.low or 0) < (found.high or 0) < (gaps.high or 0)
    assert "5 of 50 drawn without an answer, counted for either limit" in gaps.basis


GOOD = simple(answers(5, 15), 100)


@pytest.mark.parametrize(
    ("drawn", "asked", "what"),
    [
        (GOOD, {"confidence": 1.0}, "1.0 is not a confidence."),
        (GOOD, {"confidence": 0.0}, "0.0 is not a confidence."),
        (GOOD, {"confidence": NONE}, "nan is not a confidence."),
        (GOOD, {"method": "wald"}, "“wald” is not a method of estimation."),
        (stratified([(5, 5), (5, 5)], [50, 50]), {"method": "exact"}, "The method exact does not hold for the design stratified."),
        (stratified([(5, 5), (5, 5)], [50, 50]), {"method": "anytime"}, "The method anytime does not hold for the design stratified."),
        (GOOD, {"method": "anytime"}, "A confidence sequence needs the permanent random numbers of what was drawn."),
        (GOOD._replace(pi=np.full(20, 1.2)), {}, "1.2 is not an inclusion probability."),
        (GOOD._replace(pi=np.full(20, NONE)), {}, "nan is not an inclusion probability."),
        (GOOD._replace(pi=np.full(20, -0.1)), {}, "-0.1 is not an inclusion probability."),
        (GOOD._replace(pi=np.full(19, 0.2)), {}, "19 values of pi came for 20 drawn items."),
        (GOOD._replace(y=np.full(20, 2.0)), {}, "An answer is neither 0 nor 1."),
        (GOOD._replace(population=np.array([19])), {}, "20 items were drawn of the 19 of stratum 0."),
        (GOOD._replace(population=np.array([-1])), {}, "The size of a stratum is below 0, or there is none."),
        (GOOD._replace(stratum=np.full(20, 1)), {}, "A drawn item lies in a stratum that the population does not have."),
        (GOOD._replace(f=np.full(20, math.inf)), {}, "A score of the judge is infinite."),
        (GOOD._replace(f_population=np.zeros(7)), {}, "7 scores came for a population of 100."),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wrong(drawn: Drawn, asked: dict[str, Any], what: str) -> None:
    with pytest.raises(Refused) as refused:
        estimates.estimate(drawn, **asked)
    assert refused.value.what == what
    assert refused.value.hint


def test_the_weights_of_a_stratified_sample_sum_to_its_population() -> None:
    from reviewer.domain.weighing import weigh

    weighed = weigh(stratified([(1, 9), (1, 0), (0, 0), (3, 17)], [200, 30, 20, 50]))
    assert weighed.weights.sum() == pytest.approx(300)
    assert survey.kish_size(weighed.weights) < 31


def test_whether_parts_differ_is_told_by_the_design_and_untold_with_its_reason() -> None:
    y, part = answers(20, 60), np.repeat([0, 1], [40, 40])
    one = estimates.differ(simple(y, 1_000), part)
    assert (one.parts, one.reason) == (2, None)
    assert one.p is not None
    assert one.p < 1e-6
    alike = estimates.differ(simple(y, 1_000), np.arange(80) % 2)
    assert alike.p is not None
    assert alike.p > 0.9
    assert estimates.differ(simple(y, 80), part) == one  # of a census as of a sample: both show what made the items
    reasons = {
        estimates.differ(simple(y, 1_000), np.where(np.arange(80) < 4, 1, 0)).reason,
        estimates.differ(simple(answers(4, 76), 1_000), part).reason,
        estimates.differ(simple(answers(200, 200), 10_000), np.arange(400) % 21).reason,
    }
    assert reasons == {
        "two values with 5 answers or more are needed",
        "5 answers of either kind are needed",
        "21 values are too many to be told apart together; 20 can be",
    }


@pytest.mark.parametrize("design", ["poisson", "stratified"])
def test_parts_that_do_not_differ_are_rarely_said_to_and_a_test_that_forgets_the_weights_says_so_often(design: str) -> None:
    """4,000 items in three parts with one rate each, drawn by a risk that goes with the part and with what is wrong."""
    rng = np.random.default_rng(11)
    n, held, forgot, runs = 4_000, 0, 0, 300
    part = rng.integers(0, 3, n)
    for _ in range(runs):
        broken = rng.random(n) < 0.2
        risky = rng.random(n) < np.where(broken, 0.6, 0.2) * np.array([0.3, 1.0, 1.6])[part]
        pi = np.where(risky, 0.3, 0.05)
        if design == "poisson":
            taken = rng.random(n) < pi
            drawn = poisson(broken[taken].astype(float), pi[taken], n)
        else:
            taken = np.zeros(n, np.bool_)
            for stratum, share in ((risky, 0.3), (~risky, 0.05)):
                taken[rng.choice(np.flatnonzero(stratum), int(share * stratum.sum()), replace=False)] = True
            sizes = np.array([(~risky).sum(), risky.sum()])
            drawn = Drawn("stratified", pi[taken], broken[taken].astype(float), risky[taken].astype(np.int64), sizes)
        found = estimates.differ(drawn, part[taken])
        assert found.p is not None
        held += found.p <= 0.05
        table = [np.bincount(part[taken][drawn.y == kind], minlength=3) for kind in (0, 1)]
        forgot += stats.chi2_contingency(table, correction=False).pvalue <= 0.05
    assert held / runs <= 0.08
    assert forgot / runs >= 0.2
