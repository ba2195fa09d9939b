"""Sizes and limits against jfa and R's hypergeometric distribution, and against the samples that they are about."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reviewer.domain import acceptance
from reviewer.domain.acceptance import Recall
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def test_sizes_are_those_of_jfa(reference: Reference) -> None:
    for name in ("acceptance-n-binomial", "acceptance-n-hyper"):
        case = reference.cases[name]
        for confidence, tolerable, errors, n in case["expected"]["table"]:
            population = case["inputs"].get("N")
            found = acceptance.least_size(tolerable=tolerable, confidence=confidence, errors=errors, population=population)
            assert found == n, (name, tolerable, errors)


def test_upper_limits_are_those_of_jfa(reference: Reference) -> None:
    case = reference.cases["elusion-upper"]
    for errors, n, expected in case["expected"]["binomial"]:
        found = acceptance.upper_limit(errors, n, confidence=case["inputs"]["conf"])
        assert found == pytest.approx(expected, abs=case["tolerance"]["abs"])


def test_the_most_that_may_have_slipped_through_is_what_r_finds(reference: Reference) -> None:
    case = reference.cases["elusion-hyper"]
    found = [acceptance.most_violations(*row, confidence=case["inputs"]["conf"]) for row in case["inputs"]["rows"]]
    assert found == case["expected"]["D"]


@settings(deadline=None)
@given(
    st.floats(0.005, 0.5), st.floats(0.6, 0.99), st.integers(0, 4), st.integers(1, 3_000).map(lambda n: n if n > 30 else None)
)  # None: not known
def test_a_plan_is_enough_and_one_item_less_is_not(tolerable: float, confidence: float, errors: int, population: int | None) -> None:
    try:
        n = acceptance.least_size(tolerable=tolerable, confidence=confidence, errors=errors, population=population)
    except Refused:
        assert population is not None
        assert errors >= tolerable * population - 1e-6
        return
    there = 0 if population is None else max(int(tolerable * population + 1e-9), errors + 1)

    def chance(size: int) -> float:
        if population is None:
            return float(stats.binom.cdf(errors, size, tolerable))
        return float(stats.hypergeom.cdf(errors, population, there, size))

    assert chance(n) <= 1 - confidence + 1e-12
    assert n == errors + 1 or chance(n - 1) > 1 - confidence - 1e-12


def test_where_the_population_is_known_fewer_will_do() -> None:
    unknown = acceptance.least_size(tolerable=0.02)
    assert [acceptance.least_size(tolerable=0.02, population=n) for n in (200, 2_000, 10**9)] == [105, 143, unknown]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"tolerable": 0.0}, "tolerable rate of 0 "),
        ({"tolerable": 1.0}, "tolerable rate of 1 "),
        ({"tolerable": float("nan")}, "tolerable rate of nan "),
        ({"tolerable": 0.05, "confidence": 1.0}, "confidence of 1 "),
        ({"tolerable": 0.05, "errors": -1}, "-1 violations"),
        ({"tolerable": 0.05, "errors": 50, "population": 50}, "all that 50 items can hold"),
        ({"tolerable": 0.05, "errors": 5, "population": 100}, "no longer below a rate of 0.05"),
        ({"tolerable": 0.05, "population": 0}, "population of 0 items"),
        ({"tolerable": 1e-12}, "more than 1,000,000,000 items"),
    ],
)
def test_what_no_sample_can_show_is_refused_in_words(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as refused:
        acceptance.least_size(**asked)
    assert said in refused.value.what


@pytest.mark.parametrize(("missed", "reviewed", "passed"), [(3, 2, 10), (-1, 2, 10), (0, 0, 10), (0, 11, 10)])
def test_counts_that_cannot_be_are_refused(missed: int, reviewed: int, passed: int) -> None:
    with pytest.raises(Refused):
        acceptance.elusion(missed, reviewed, passed)


def test_limits_of_what_slipped_through_hold_as_often_as_they_say() -> None:
    """2,000 samples of 150 of 900 passed items, 30 of them violations: each limit holds in 95 %, by chance in 93.8 % or more."""
    chance = np.random.default_rng(0)
    held = {"most": 0, "least": 0}
    for missed, times in zip(*np.unique(chance.hypergeometric(30, 870, 150, 2_000), return_counts=True), strict=True):
        found = acceptance.elusion(int(missed), 150, 900)
        held["most"] += int(times) * (found.most >= 30)
        held["least"] += int(times) * (found.least <= 30)
    assert min(held.values()) >= 1_876, held


def test_recall_says_how_much_was_found_and_how_sure_that_is() -> None:
    sample = acceptance.elusion(1, 300, 2_000)
    assert (sample.least, sample.most, sample.high) == (1, 29, 29 / 2_000)
    found = acceptance.recall(40, sample)
    assert found == pytest.approx((40, 40 / (40 + 2_000 / 300), 40 / 69, 40 / 41))


def test_where_all_that_was_passed_was_reviewed_nothing_is_left_open() -> None:
    all_good = acceptance.elusion(0, 50, 50)
    assert (all_good.least, all_good.most) == (0, 0)
    assert acceptance.recall(7, all_good) == Recall(7, 1.0, 1.0, 1.0)
    assert acceptance.recall(0, all_good) == Recall(0, None, None, None)


def test_where_nothing_was_found_recall_can_be_anything_but_is_known_to_be_nought_once_one_was_missed() -> None:
    assert acceptance.recall(0, acceptance.elusion(0, 20, 200)) == Recall(0, None, 0.0, None)
    assert acceptance.recall(0, acceptance.elusion(2, 20, 200)) == Recall(0, 0.0, 0.0, 0.0)
