"""Design-based totals, shares and their variances, against the R package survey."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from reviewer.domain import survey
from tests.domain.conftest import Reference

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Schools(NamedTuple):
    """The 200 schools of apistrat: strata by type, and their sizes in the population."""

    stratum: Ints
    population: Ints
    weights: Floats
    api00: Floats
    enroll: Floats
    failed: Floats
    awarded: NDArray[np.bool_]

    def share_failed(self) -> float:
        return survey.hajek(self.failed, self.weights).value

    def variance_of_share(self) -> float:
        return survey.stratified_variance(survey.hajek(self.failed, self.weights).parts, self.stratum, population=self.population)


def apistrat(reference: Reference) -> Schools:
    rows = reference.datasets["apistrat"]
    names, stratum = np.unique(rows["stype"], return_inverse=True)
    sizes = np.array([rows["fpc"][int(np.flatnonzero(stratum == h)[0])] for h in range(len(names))], np.int64)
    weights, api00, enroll, passed = (np.array(rows[name], float) for name in ("pw", "api00", "enroll", "sch_wide"))
    return Schools(stratum.astype(np.int64), sizes, weights, api00, enroll, 1 - passed, np.array(rows["awards"]) == 1)


def test_a_stratified_mean_has_the_error_that_survey_gives_it(reference: Reference) -> None:
    case, schools = reference.cases["strat-mean-fpc"], apistrat(reference)
    found = survey.hajek(schools.api00, schools.weights)
    variance = survey.stratified_variance(found.parts, schools.stratum, population=schools.population)
    assert (found.value, variance**0.5) == pytest.approx((case["expected"]["mean"], case["expected"]["se"]), rel=case["tolerance"]["rel"])


def test_a_stratified_total_has_the_error_that_survey_gives_it(reference: Reference) -> None:
    case, schools = reference.cases["strat-total-fpc"], apistrat(reference)
    expanded = schools.weights * schools.enroll
    variance = survey.stratified_variance(expanded, schools.stratum, population=schools.population)
    expected = (case["expected"]["total"], case["expected"]["se"])
    assert (float(expanded.sum()), variance**0.5) == pytest.approx(expected, rel=case["tolerance"]["rel"])


def test_a_stratified_share_has_the_errors_that_survey_gives_it_with_and_without_the_size_of_the_strata(reference: Reference) -> None:
    case, schools = reference.cases["strat-prop-nofpc"], apistrat(reference)
    expected, rel = case["expected"], case["tolerance"]["rel"]
    share = survey.hajek(schools.failed, schools.weights)
    open_ended = survey.stratified_variance(share.parts, schools.stratum)
    assert share.value == pytest.approx(expected["p"], rel=rel)
    assert open_ended**0.5 == pytest.approx(expected["se"], rel=rel)
    assert schools.variance_of_share() ** 0.5 == pytest.approx(expected["se_with_fpc"], rel=rel)
    assert open_ended / (share.value * (1 - share.value) / 199) == pytest.approx(expected["deff_replace"], rel=rel)


def test_a_part_of_the_population_has_the_error_that_survey_gives_it(reference: Reference) -> None:
    case, schools = reference.cases["strat-domain"], apistrat(reference)
    for name, inside in (("awards_No", ~schools.awarded), ("awards_Yes", schools.awarded)):
        found = survey.domain_mean(schools.failed, schools.weights, inside)
        variance = survey.stratified_variance(found.parts, schools.stratum, population=schools.population)
        expected = case["expected"][name]
        assert (found.value, variance**0.5) == pytest.approx((expected["p"], expected["se"]), rel=case["tolerance"]["rel"], abs=1e-12)


def test_the_errors_of_a_total_with_unequal_probabilities_are_those_that_survey_gives(reference: Reference) -> None:
    case, rows = reference.cases["pps-ht-bush"], reference.datasets["election_pps"]
    votes, pi, joint = (np.array(rows[name], float) for name in ("Bush", "p", "jointprob"))
    given = case["inputs"]["HR_arg"]
    found = {
        "ht": survey.horvitz_thompson_variance(votes, joint),
        "yg": survey.yates_grundy_variance(votes, joint),
        "brewer": survey.brewer_variance(votes, pi),
        "overton": survey.horvitz_thompson_variance(votes, survey.overton_joint(pi)),
        "HR": survey.horvitz_thompson_variance(votes, survey.hartley_rao_joint(pi, given)),
        "HR1": survey.horvitz_thompson_variance(votes, survey.hartley_rao_joint(pi)),
    }
    assert set(found) == set(case["expected"])
    for kind, expected in case["expected"].items():
        total = float((votes / pi).sum())
        assert (total, found[kind] ** 0.5) == pytest.approx((expected["total"], expected["se"]), rel=case["tolerance"]["rel"]), kind


def test_a_poisson_sample_has_the_errors_that_survey_gives(reference: Reference) -> None:
    case = reference.cases["poisson-ht-hajek"]
    pi, y = np.array(case["inputs"]["pi"]), np.array(case["inputs"]["y"], float)
    mean = survey.hajek(y, 1 / pi)
    found = {
        "ht_total": float((y / pi).sum()),
        "ht_se": survey.poisson_variance(y / pi, pi) ** 0.5,
        "hajek_mean": mean.value,
        "hajek_se": survey.poisson_variance(mean.parts, pi) ** 0.5,
    }
    assert found == pytest.approx(case["expected"], rel=case["tolerance"]["rel"])


def test_near_duplicates_that_agree_make_the_error_larger_as_fewer_units_would() -> None:
    y = np.array([1.0, 0, 0, 1, 0, 0, 1, 0])
    twice, cluster = np.repeat(y, 2), np.repeat(np.arange(8), 2)
    one = np.zeros(16, np.int64)
    parts = survey.hajek(twice, np.ones(16)).parts
    single = survey.stratified_variance(survey.hajek(y, np.ones(8)).parts, np.zeros(8, np.int64))
    assert survey.stratified_variance(parts, one, cluster=cluster) == pytest.approx(single)
    assert survey.stratified_variance(parts, one) < single
    pi = np.full(16, 0.5)
    assert survey.poisson_variance(parts, pi, cluster=cluster) == pytest.approx(2 * survey.poisson_variance(parts, pi))


def test_a_stratum_with_one_item_is_joined_to_the_one_nearest_in_size_and_a_census_of_one_is_not() -> None:
    stratum = np.array([0, 0, 1, 2, 2, 3])
    joined, sizes, group = survey.collapsed(stratum, np.array([100, 45, 70, 1, 47]), np.array([2, 1, 2, 1, 0]))
    assert sizes.tolist() == [192, 70, 1]  # 47 went to 45, and both to 100
    assert group.tolist() == [0, 0, 1, 2, 0]
    assert joined.tolist() == [0, 0, 0, 1, 1, 2]


def test_kish_counts_equal_weights_as_they_are_and_uneven_ones_as_fewer() -> None:
    assert survey.kish_size(np.full(7, 3.0)) == pytest.approx(7)
    assert survey.kish_size(np.array([9.0, 1, 1, 1])) == pytest.approx(144 / 84)


def test_two_things_of_a_stratified_sample_go_together_as_survey_says(reference: Reference) -> None:
    case, schools = reference.cases["rao-scott"], apistrat(reference)
    expected, rel = case["expected"], case["tolerance"]["rel"]
    assert case["inputs"]["vars"] == ["sch_wide", "awards"]

    def variance(parts: Floats) -> float:
        return survey.stratified_variance(parts, schools.stratum, population=schools.population)

    for group, yes in ((1 - schools.failed, schools.awarded), (schools.awarded, schools.failed == 1)):
        found = survey.rao_scott(group.astype(np.int64), yes, schools.weights, variance=variance, degrees=197)
        assert found is not None
        names = ("F", "ndf", "ddf", "p", "chisq", "p_chisq")
        assert tuple(found) == pytest.approx([expected[name] for name in names], rel=rel)


def test_of_a_simple_random_sample_it_is_pearsons_test_and_of_doubled_items_no_more_sure() -> None:
    group, yes = np.repeat(np.arange(3), 40), np.tile(np.arange(40), 3) < np.repeat([8, 16, 20], 40)
    one, weights = np.zeros(120, np.int64), np.full(120, 5.0)
    found = survey.rao_scott(group, yes, weights, variance=lambda parts: survey.stratified_variance(parts, one), degrees=119)
    assert found is not None
    pearson = stats.chi2_contingency([[8, 16, 20], [32, 24, 20]], correction=False)
    assert found.chi2 == pytest.approx(pearson.statistic)
    assert (found.ndf, found.ddf) == pytest.approx((2, 238), rel=0.02)
    assert found.p == pytest.approx(pearson.pvalue, abs=0.01)
    twice, cluster = np.repeat(np.arange(120), 2), np.repeat(np.arange(120), 2)
    doubled = survey.rao_scott(
        group[twice], yes[twice], weights[twice],
        variance=lambda parts: survey.stratified_variance(parts, one[twice], cluster=cluster), degrees=119,
    )  # fmt: skip
    assert doubled is not None
    assert doubled.f == pytest.approx(found.f, rel=0.02)
    assert doubled.chi2 == pytest.approx(2 * found.chi2)


@pytest.mark.parametrize(
    ("group", "yes"), [([0] * 6, [1, 0] * 3), ([0, 1] * 3, [0] * 6), ([0, 1] * 3, [1] * 6)], ids=["one group", "none", "all"]
)
def test_where_nothing_can_differ_there_is_no_test(group: list[int], yes: list[int]) -> None:
    said = np.array(yes) == 1
    assert survey.rao_scott(np.array(group), said, np.ones(6), variance=lambda parts: float(parts @ parts), degrees=5) is None
    census = survey.rao_scott(np.array([0, 0, 0, 1, 1, 1]), np.arange(6) < 4, np.ones(6), variance=lambda _parts: 0.0, degrees=5)
    assert census is None
