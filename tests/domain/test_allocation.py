"""Picks are allotted to strata as asked, within their limits, and add up."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain import allocation
from tests.domain.conftest import Reference

NORMAL_95 = 1.959963984540054


def test_the_reference_case_of_neyman_and_proportional_allocation(reference: Reference) -> None:
    case = reference.cases["neyman"]
    given, expected, within = case["inputs"], case["expected"], case["tolerance"]["abs"]
    n, sizes, spreads = given["n"], given["Nh"], given["Sh"]
    least = [0] * len(sizes)
    neyman = allocation.allocate(n, [size * spread for size, spread in zip(sizes, spreads, strict=True)], least=least, most=sizes)
    proportional = allocation.allocate(n, sizes, least=least, most=sizes)
    assert sum(neyman) == sum(proportional) == n
    assert neyman == pytest.approx(expected["opt"], abs=within)
    assert proportional == pytest.approx(expected["prop"], abs=within)
    needed = allocation.size_for_precision(given["e"], sizes, spreads, z=NORMAL_95)
    assert needed == pytest.approx(expected["n_for_e_opt"], abs=within)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_picks_add_up_and_keep_within_floor_and_population(data: st.DataObject) -> None:
    most = data.draw(st.lists(st.integers(1, 500), min_size=1, max_size=12))
    least = [data.draw(st.integers(0, top)) for top in most]
    measures = [data.draw(st.floats(1e-3, 1e3)) for _ in most]
    size = data.draw(st.integers(sum(least), sum(most)))
    picked = allocation.allocate(size, measures, least=least, most=most)
    assert sum(picked) == size
    assert all(low <= count <= high for low, count, high in zip(least, picked, most, strict=True))


def test_what_limits_leave_no_way_for_is_an_error() -> None:
    with pytest.raises(ValueError):
        allocation.allocate(3, [1.0, 1.0], least=[2, 2], most=[5, 5])
    with pytest.raises(ValueError):
        allocation.allocate(11, [1.0, 1.0], least=[0, 0], most=[5, 5])


def test_a_spread_is_never_none() -> None:
    assert allocation.rate_spread(0, 0) == 0.5
    assert 0 < allocation.rate_spread(0, 1_000) < allocation.rate_spread(500, 1_000) == 0.5
    assert allocation.number_spreads([[5.0] * 10, [1.0, 9.0]])[0] > 0
    assert allocation.number_spreads([[5.0], [5.0]]) == (1.0, 1.0)


def test_the_expected_error_is_that_of_the_stratified_mean() -> None:
    assert allocation.expected_error([100], [25], [0.5]) == pytest.approx(math.sqrt(0.75 * 0.25 / 25))
    assert allocation.expected_error([100, 50], [100, 50], [0.5, 0.5]) == 0
    assert allocation.expected_error([100, 50], [5, 0], [0.5, 0.5]) == math.inf
