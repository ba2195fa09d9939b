"""Intervals of shares, against published figures and the R packages binom, samplingbook, survey and tern."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reviewer.domain import proportions
from reviewer.domain.proportions import Interval, clopper_pearson, hypergeometric, korn_graubard, unseen_event
from tests.domain.conftest import Reference

Floats = NDArray[np.float64]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 60, 0, 0.05962949229),
        (1, 100, 0.000253146033, 0.05445938539),
        (10, 10, 0.6915028921, 1),
        (8, 10, 0.4439045377, 0.9747892737),
        (50, 100, 0.3983211295, 0.6016788705),
    ],
)
def test_the_limits_are_those_of_clopper_and_pearson(part: int, whole: int, low: float, high: float) -> None:
    assert clopper_pearson(part, whole) == pytest.approx((low, high), abs=1e-9)


def test_of_nothing_there_is_no_interval_and_more_confidence_widens_it() -> None:
    assert clopper_pearson(0, 0) is None
    usual, sure = clopper_pearson(3, 12), clopper_pearson(3, 12, confidence=0.99)
    assert usual is not None
    assert sure is not None
    assert sure.low < usual.low < 0.25 < usual.high < sure.high


BINOMIAL: dict[str, Callable[[float, float], Interval | None]] = {
    "exact": clopper_pearson,
    "wilson": proportions.wilson,
    "agresti-coull": proportions.agresti_coull,
    "jeffreys": lambda x, n: _with_edges(proportions.jeffreys(x, n), x, n),
    "logit": proportions.logit_wald,
    "profile": lambda x, n: profiled(x, n),
}


def test_binomial_intervals_are_what_binom_gives(reference: Reference) -> None:
    case = reference.cases["binom-ci"]
    seen = set()
    for row in case["expected"]["table"]:
        for kind, expected in row.items():
            if kind in ("x", "n"):
                continue
            seen.add(kind)
            assert BINOMIAL[kind](row["x"], row["n"]) == pytest.approx(expected, abs=case["tolerance"]["abs"]), (kind, row["x"], row["n"])
    assert seen == set(BINOMIAL)


def _with_edges(limits: Interval, part: float, whole: float) -> Interval:
    """The program puts all of the tail on one side of an interval that starts at 0: its central limit is then the 95 % point."""
    if part == 0:
        return Interval(0.0, proportions.jeffreys(part, whole, confidence=0.9).high)
    return limits


def profiled(part: float, whole: float) -> Interval:
    """What binom.profile makes of our signed root: it walks in steps on the log odds and reads the limits off a spline through them.

    So its lower limit for 1 of 100 is .000904, where the deviance is 3.0 and not 3.84; ours is .000573 (`test_the_limits_of_...`).
    """
    z = proportions.normal_quantile(0.95)
    edge = part == 0
    if edge:
        part, whole = part + 0.5, whole + 1
    furthest = float(proportions.normal_quantile(1 - 0.05 / whole))
    share = part / whole
    error = 1 / np.sqrt(whole * share * (1 - share)) * min(2 / np.log(whole), 0.5 if edge else 1.0)
    shares, roots = [], []
    for sign in (1,) if edge else (-1, 1):
        root, step = 0.0, 0
        while step < 50 and abs(root) < furthest:
            step += 1
            odds = np.log(share / (1 - share)) + sign * step * furthest / 5 * error
            shares.append(float(1 / (1 + np.exp(-odds))))
            root = proportions.signed_root(part, whole, shares[-1])
            roots.append(root)
    order = np.argsort(shares)
    x, y = np.array(shares)[order], np.array(roots)[order]
    grid = np.linspace(x[0], x[-1], 3 * len(x))
    curve = forsythe_malcolm_moler(x, y, grid)
    low, high = (float(np.interp(q, curve, grid)) for q in (-z, z))
    return Interval(0.0 if edge else low, high)


def forsythe_malcolm_moler(x: Floats, y: Floats, at: Floats) -> Floats:
    """R's spline(method = "fmm"): the ends have the third derivative of the cubic through the last four points."""
    n = len(x)
    h, slope = np.diff(x), np.diff(y) / np.diff(x)
    matrix, right = np.zeros((n, n)), np.zeros(n)
    for i in range(1, n - 1):
        matrix[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        right[i] = slope[i] - slope[i - 1]

    def third(first: int) -> float:
        bend = [(slope[k + 1] - slope[k]) / (x[k + 2] - x[k]) for k in (first, first + 1)]
        return float((bend[1] - bend[0]) / (x[first + 3] - x[first]))

    matrix[0, :2], right[0] = (-h[0], h[0]), h[0] ** 2 * third(0)
    matrix[-1, -2:], right[-1] = (h[-1], -h[-1]), -(h[-1] ** 2) * third(n - 4)
    c = np.linalg.solve(matrix, right)
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    d = at - x[k]
    b = slope[k] - h[k] * (c[k + 1] + 2 * c[k])
    curve: Floats = y[k] + d * (b + d * (3 * c[k] + d * (c[k + 1] - c[k]) / h[k]))
    return curve


@given(st.integers(1, 400), st.data())
def test_the_limits_of_the_likelihood_have_the_deviance_that_chi_squared_asks(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    limits, z = proportions.likelihood_ratio(part, whole), proportions.normal_quantile(0.95)
    if part > 0:
        assert proportions.signed_root(part, whole, limits.low) == pytest.approx(-z, abs=1e-6)
    if part < whole:
        assert proportions.signed_root(part, whole, limits.high) == pytest.approx(z, abs=1e-6)


def test_the_interval_of_a_finite_population_is_what_samplingbook_gives(reference: Reference) -> None:
    case = reference.cases["hyper-ci"]
    x, n, size = (case["inputs"][name] for name in ("x", "n", "N"))
    found = hypergeometric(x, n, size, confidence=case["inputs"]["level"])
    assert x / n == pytest.approx(case["expected"]["p"])
    assert found == pytest.approx(case["expected"]["ci"]["exact"], abs=case["tolerance"]["abs"])
    assert [limit * size for limit in found] == pytest.approx(case["expected"]["nr"]["exact"], abs=case["tolerance"]["abs"])
    half = proportions.normal_quantile(0.95) * (0.075 * 0.925 / (n - 1) * (size - n) / size) ** 0.5
    assert (0.075 - half, 0.075 + half) == pytest.approx(case["expected"]["ci"]["approx"], abs=case["tolerance"]["abs"])


@given(st.integers(1, 60), st.data())
def test_limits_of_a_finite_population_hold_what_was_drawn_and_a_census_has_no_error(size: int, data: st.DataObject) -> None:
    whole = data.draw(st.integers(1, size))
    part = data.draw(st.integers(0, whole))
    low, high = hypergeometric(part, whole, size)
    nothing = 1e-12
    assert part / size - nothing <= low <= part / whole <= high <= 1 - (whole - part) / size + nothing
    if whole == size:
        assert low == high


@pytest.mark.parametrize(("whole", "size"), [(5, 12), (20, 60), (30, 31), (1, 40)])
def test_the_interval_of_a_finite_population_covers_whatever_its_rate(whole: int, size: int) -> None:
    from scipy.stats import hypergeom

    limits = [hypergeometric(part, whole, size) for part in range(whole + 1)]
    for count in range(size + 1):
        chances = hypergeom.pmf(np.arange(whole + 1), size, count, whole)
        held = [low <= count / size + 1e-12 and count / size - 1e-12 <= high for low, high in limits]
        assert float(chances @ held) >= 0.95


def test_wilson_over_strata_is_what_tern_gives(reference: Reference) -> None:
    case = reference.cases["strat-wilson"]
    part, whole, weights = (np.array(case["inputs"][name], float) for name in ("x", "n", "weights"))
    tolerance = case["tolerance"]["abs"]
    assert proportions.stratified_wilson(part, whole, weights) == pytest.approx(case["expected"]["ci_given"], abs=tolerance)
    assert proportions.stratified_wilson(part, whole) == pytest.approx(case["expected"]["ci_opt"], abs=tolerance)


DESIGN: dict[str, Callable[..., Any]] = {
    "beta": lambda p, v, n, degrees: korn_graubard(p, v, n=n, degrees=degrees),
    "logit": lambda p, v, n, degrees: proportions.design_logit(p, v, degrees=degrees),
    "xlogit": lambda p, v, n, degrees: proportions.design_logit(p, v, degrees=degrees),
    "likelihood": lambda p, v, n, degrees: proportions.design_likelihood(p, v, n=n, degrees=degrees),
    "asin": lambda p, v, n, degrees: proportions.design_arcsine(p, v, degrees=degrees),
    "mean": lambda p, v, n, degrees: proportions.design_wald(p, v, degrees=degrees),
}


def test_intervals_of_a_weighted_share_are_what_survey_gives(reference: Reference) -> None:
    from tests.domain.test_survey import apistrat

    case = reference.cases["strat-prop-ci"]
    sample = apistrat(reference)
    share, variance = sample.share_failed(), sample.variance_of_share()
    assert set(DESIGN) == set(case["expected"])
    for kind, expected in case["expected"].items():
        found = DESIGN[kind](share, variance, n=200, degrees=case["inputs"]["df"])
        assert found == pytest.approx(expected, abs=case["tolerance"]["abs"]), kind


@given(st.integers(3, 500), st.data())
def test_where_all_weigh_the_same_an_unseen_event_leaves_clopper_and_pearsons_interval(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    share = x / n
    found = unseen_event(share, share * (1 - share) / n, unseen=1 / n, n=n, degrees=n - 1)
    exact = clopper_pearson(x, n)
    assert exact is not None
    assert found == pytest.approx(exact, abs=0.12 / n)
    if x == 0:
        assert found == pytest.approx(exact, abs=1e-9)


def test_an_unseen_event_that_weighs_more_lies_further_off_and_nothing_unseen_leaves_no_error() -> None:
    light = unseen_event(0.1, 0.001, unseen=0.01, n=100, degrees=99)
    heavy = unseen_event(0.1, 0.001, unseen=0.05, n=100, degrees=99)
    assert heavy.high > light.high > 0.1 > light.low
    assert unseen_event(0.3, 0.0, unseen=0.0, n=100, degrees=99) == pytest.approx((0.3, 0.3))
