"""Limits that may be looked at any time: against confseq, R's SPRT, and simulated campaigns that stop at their worst moment."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain import sequential
from reviewer.domain.errors import Refused
from reviewer.domain.sequential import Bounds, Floats
from tests.domain.conftest import Reference

GRID = np.arange(1_001) / 1_000


def limits(values: Floats, population: int | None, *, running: bool) -> Bounds:
    """As confseq reads them off the capital: candidates not left out, a step wider."""
    capital = sequential.capital(values, GRID, population=population)
    if running:
        capital = np.maximum.accumulate(capital, axis=0)
    left = [GRID[row < 20] for row in capital]
    return Bounds(np.array([max(one[0] - 0.001, 0) for one in left]), np.array([min(one[-1] + 0.001, 1) for one in left]))


def assert_at(found: Bounds, case: dict[str, Any], name: str) -> None:
    at = np.array(case["inputs"]["report_at_n"]) - 1
    for side in ("low", "high"):
        expected = case["expected"][name][{"low": "lower", "high": "upper"}[side]]
        np.testing.assert_allclose(getattr(found, side)[at], expected, rtol=0, atol=case["tolerance"]["abs"])


@pytest.mark.parametrize("name", ["cs-betting", "cs-betting-zero"])
def test_limits_are_those_of_confseq(reference: Reference, name: str) -> None:
    case = reference.cases[name]
    values, population = np.array(case["inputs"]["x"], np.float64), case["inputs"]["N"]
    assert_at(limits(values, None, running=False), case, "betting")
    assert_at(limits(values, None, running=True), case, "hedged")
    assert_at(limits(values, population, running=False), case, "betting_wor")


def test_the_capital_is_that_of_confseq(reference: Reference) -> None:
    case = reference.cases["betting-capital"]
    inputs = case["inputs"]
    capital = sequential.capital(np.array(inputs["x"], np.float64), np.array(inputs["m"]))
    for place, mean in enumerate(inputs["m"]):
        found = capital[np.array(inputs["report_at_n"]) - 1, place]
        assert found == pytest.approx(case["expected"][str(mean)], rel=case["tolerance"]["rel"])


def test_walds_test_stops_where_r_stops(reference: Reference) -> None:
    case = reference.cases["sprt-bernoulli"]
    inputs, expected, close = case["inputs"], case["expected"], case["tolerance"]["abs"]
    found = sequential.sprt(np.array(inputs["x"], np.float64), p0=inputs["p0"], p1=inputs["p1"], alpha=inputs["alpha"], beta=inputs["beta"])
    assert (found.reject, found.accept) == pytest.approx((expected["A"], expected["B"]), abs=close)
    assert found.log_ratio == pytest.approx(expected["logL"], abs=close)
    assert (found.decision, found.n, found.truncated) == ("not acceptable", expected["n"], False)
    assert expected["decision"] == "Reject H0"


@pytest.mark.parametrize("name", ["cs-betting", "cs-betting-zero"])
@pytest.mark.parametrize("population", [None, 1_000])
def test_the_products_limits_are_at_least_as_narrow_as_the_reference(reference: Reference, name: str, population: int | None) -> None:
    values = np.array(reference.cases[name]["inputs"]["x"], np.float64)
    ours, theirs = sequential.confidence_sequence(values, population=population), limits(values, population, running=True)
    assert (ours.low >= theirs.low - 1e-9).all()
    assert (ours.high <= theirs.high + 1e-9).all()


def drawn(chance: np.random.Generator, population: int, violations: int, n: int) -> Floats:
    values = np.zeros(population)
    values[:violations] = 1
    return chance.permutation(values)[:n]


def times_held(campaigns: int, violations: int, *, expected: float | None = None, n: int = 200) -> int:
    """Of campaigns of 500 items that are looked at after each of n labels: those in which every look held the rate."""
    chance, rate = np.random.default_rng(violations), violations / 500
    bets = sequential.expecting(expected)
    held = 0
    for _ in range(campaigns):
        found = sequential.confidence_sequence(drawn(chance, 500, violations, n), population=500, bets=bets)
        held += bool((found.low <= rate).all() and (found.high >= rate).all())
    return held


@pytest.mark.parametrize(("violations", "expected"), [(5, 0.01), (25, None), (100, 0.2)])
def test_the_limits_hold_at_every_look_at_once(violations: int, expected: float | None) -> None:
    """60 campaigns: 95 % hold to the end; by chance, in all but one run of a hundred, 53 or more."""
    assert times_held(60, violations, expected=expected, n=150) >= 53


@pytest.mark.long
@pytest.mark.parametrize("violations", [0, 5, 25, 100, 250])
@pytest.mark.parametrize("expected", [None, 0.01, 0.1])
def test_the_limits_hold_at_every_look_at_once_in_many_campaigns(violations: int, expected: float | None) -> None:
    """1,000 campaigns: pytest -m long tests/domain/test_sequential.py. By chance 928 or more hold in all but one run of a thousand."""
    assert times_held(1_000, violations, expected=expected) >= 928


def test_exact_limits_of_one_look_do_not_hold_at_every_look() -> None:
    """The control: were Clopper and Pearson's limits looked at after each label, they would miss far more often than they say."""
    from reviewer.domain.proportions import clopper_pearson

    chance, held = np.random.default_rng(0), 0
    for _ in range(60):
        counts = np.cumsum(chance.random(150) < 0.2)
        looks = [clopper_pearson(float(counts[n - 1]), n) for n in range(5, 151, 5)]
        held += all(one is not None and one.low <= 0.2 <= one.high for one in looks)
    assert held <= 52


def test_whoever_expects_few_violations_is_rewarded_for_finding_few() -> None:
    none = np.zeros(150)
    usual, told = sequential.confidence_sequence(none), sequential.confidence_sequence(none, bets=sequential.expecting(0.01))
    assert usual.high[-1] == pytest.approx(0.048, abs=0.002)
    assert told.high[-1] < 0.034


def test_a_census_leaves_nothing_open_but_what_nobody_could_say() -> None:
    values = np.array([0.0, 1, 0, 0, np.nan, 0, 0, 1, 0, 0])
    found = sequential.confidence_sequence(values, population=10)
    assert (found.low[-1], found.high[-1]) == (0.2, pytest.approx(0.3))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=1, max_size=60), st.sampled_from([None, 60, 400]))
def test_unsure_items_lie_between_all_of_them_good_and_all_of_them_bad(values: list[float], population: int | None) -> None:
    given_ = np.array(values)
    found = sequential.confidence_sequence(given_, population=population)
    good, bad = (sequential.confidence_sequence(np.nan_to_num(given_, nan=one), population=population) for one in (0.0, 1.0))
    assert (found.low <= good.high + 1e-12).all()
    assert (found.high >= bad.low - 1e-12).all()
    assert (np.diff(found.low) >= 0).all()
    assert (np.diff(found.high) <= 0).all()
    assert (found.low >= 0).all()
    assert (found.high <= 1).all()


def test_what_is_bad_and_what_is_good_may_change_places() -> None:
    values = drawn(np.random.default_rng(4), 300, 40, 120)
    one, other = (sequential.confidence_sequence(each, population=300) for each in (values, 1 - values))
    np.testing.assert_allclose(one.low, 1 - other.high, atol=1e-9)


def test_looking_in_pieces_finds_the_same_as_looking_at_the_end() -> None:
    values = drawn(np.random.default_rng(5), 2_000, 60, 700)
    whole, piece = (sequential.confidence_sequence(values[:n], population=2_000) for n in (700, 300))
    np.testing.assert_array_equal(whole.low[:300], piece.low)
    np.testing.assert_array_equal(whole.high[:300], piece.high)


def test_a_decision_falls_with_the_first_item_that_settles_it() -> None:
    clean = sequential.confidence_sequence(np.zeros(400), population=4_000)
    settled = sequential.decide(clean, 0.05)
    assert settled is not None
    decision, at = settled
    assert decision == "acceptable"
    assert clean.high[at - 1] < 0.05 <= clean.high[at - 2]
    foul = sequential.decide(sequential.confidence_sequence(np.ones(40)), 0.05)
    assert foul is not None
    assert foul[0] == "not acceptable"
    assert sequential.decide(sequential.confidence_sequence(np.zeros(10)), 0.05) is None


def test_walds_test_is_forced_where_it_may_go_on_no_longer_and_says_so() -> None:
    values = np.tile([0.0, 0, 0, 0, 0, 0, 0, 0, 1, 0], 20)
    free = sequential.sprt(values, p0=0.05, p1=0.2)
    forced = sequential.sprt(values, p0=0.05, p1=0.2, most=9)
    assert (forced.decision, forced.n, forced.truncated) == ("not acceptable" if forced.log_ratio[-1] > 0 else "acceptable", 9, True)
    assert (free.n, free.truncated) == (len(free.log_ratio), False)
    short = sequential.sprt(values[:5], p0=0.05, p1=0.2, most=9)
    assert (short.decision, short.n, short.truncated) == (None, 5, False)


def test_walds_test_errs_as_seldom_as_it_promises() -> None:
    runs = (np.random.default_rng(2).random((400, 400)) < 0.05).astype(np.float64)
    wrong = sum(sequential.sprt(one, p0=0.05, p1=0.2).decision == "not acceptable" for one in runs)
    assert wrong <= 33  # 5 % of 400, and what chance adds in one of a hundred runs


@pytest.mark.parametrize(
    ("values", "asked", "said"),
    [
        ([0.0] * 5, {"population": 4}, "5 items cannot have been drawn from 4"),
        ([0.0, 2.0], {}, "Values from 0 to 2"),
        ([0.0], {"confidence": 1.0}, "confidence of 1"),
    ],
)
def test_what_gives_no_limits_is_refused_in_words(values: list[float], asked: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as refused:
        sequential.confidence_sequence(np.array(values), **asked)
    assert said in refused.value.what


@pytest.mark.parametrize("asked", [{"p0": 0.2, "p1": 0.1}, {"p0": 0.0, "p1": 0.1}, {"p0": 0.1, "p1": 0.2, "alpha": 0.6, "beta": 0.5}])
def test_a_test_that_is_none_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(Refused):
        sequential.sprt(np.zeros(3), **asked)  # type: ignore[arg-type] # its numbers
