"""Joint inclusion probabilities, against the R packages pps and sampling, and against what any design of fixed size must hold."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reviewer.domain import joint_probabilities
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference

Design = Callable[[NDArray[np.float64]], NDArray[np.float64]]
DESIGNS: dict[str, Design] = {
    "joint-sampford": joint_probabilities.sampford,
    "joint-maxent": joint_probabilities.maximum_entropy,
    "joint-systematic": joint_probabilities.systematic,
}


@pytest.mark.parametrize("name", DESIGNS)
def test_joint_probabilities_are_what_r_gives(name: str, reference: Reference) -> None:
    case = reference.cases[name]
    found = DESIGNS[name](np.array(case["inputs"]["pi"]))
    np.testing.assert_allclose(found, case["expected"]["pi2"], rtol=0, atol=case["tolerance"]["abs"])


@pytest.mark.parametrize("name", DESIGNS)
@given(sizes=st.lists(st.floats(0.2, 5), min_size=3, max_size=8), data=st.data())
def test_each_row_sums_to_what_a_sample_of_fixed_size_asks(name: str, sizes: list[float], data: st.DataObject) -> None:
    n = data.draw(st.integers(1, len(sizes) - 1))
    pi = proportional(np.array(sizes), n)
    joint = DESIGNS[name](pi)
    np.testing.assert_allclose(joint, joint.T, atol=1e-9)
    np.testing.assert_allclose(joint.sum(axis=1), n * pi, atol=1e-6)
    assert joint.min() > -1e-9


def test_a_sample_of_one_takes_no_two_items_together() -> None:
    pi = np.array([0.5128, 0.4872])
    for design in DESIGNS.values():
        np.testing.assert_allclose(design(pi), np.diag(pi), atol=1e-9)


def test_an_item_that_is_almost_certain_is_no_hindrance() -> None:
    pi = np.array([0.99904702, 0.75387141, 0.6115443, 0.77752158, 0.76115035, 0.1264345, 0.97043083])
    pi *= 5 / pi.sum()
    for design in DESIGNS.values():
        np.testing.assert_allclose(design(pi).sum(axis=1), 5 * pi, atol=1e-9)


def proportional(sizes: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """pi in proportion to sizes, those that would pass 1 being certain."""
    certain = np.zeros(len(sizes), bool)
    while True:
        pi = np.where(certain, 1.0, 0.0)
        pi[~certain] = (n - certain.sum()) * sizes[~certain] / sizes[~certain].sum()
        if not np.any(pi[~certain] >= 1):
            return pi
        certain |= pi >= 1


def test_probabilities_that_are_none_or_sum_to_no_size_are_refused() -> None:
    with pytest.raises(Refused, match=r"sum to 1\.3000"):
        joint_probabilities.sampford(np.array([0.5, 0.8]))
    with pytest.raises(Refused, match="not above 0"):
        joint_probabilities.systematic(np.array([0.5, np.nan, 0.5]))
