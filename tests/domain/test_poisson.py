"""Risk-weighted samples: probabilities that follow the weights, sum to the size and never fall, and how often an item is drawn."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain import poisson
from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId
from reviewer.domain.poisson import Arms
from tests.domain.conftest import Reference

ITEMS = [ItemId(f"{n * 7919:064x}") for n in range(200)]
weights_of = st.lists(st.floats(0, 1e6) | st.just(0.0) | st.just(1.0), min_size=5, max_size=60).filter(any)
shares = st.sampled_from([0.0, 0.3, 0.5, 1.0])


def numbers(*given: float) -> poisson.Floats:
    return np.array(given, dtype=np.float64)


def test_the_reference_case_with_certainty_units(reference: Reference) -> None:
    case = reference.cases["pips-certainty"]
    found = poisson.inclusion_probabilities(numbers(*case["inputs"]["x"]), case["inputs"]["n"])
    assert found == pytest.approx(case["expected"]["pi"], abs=case["tolerance"]["abs"])


@settings(max_examples=40, deadline=None)
@given(weights_of, st.floats(0.01, 1))
def test_probabilities_sum_to_the_size_and_follow_the_weights(weights: list[float], share: float) -> None:
    x = numbers(*weights)
    size = share * len(x)
    pi = poisson.inclusion_probabilities(x, size)
    assert pi.sum() == pytest.approx(size)
    assert ((pi >= 0) & (pi <= 1)).all()
    order = np.argsort(x, kind="stable")
    assert (np.diff(pi[order]) >= -1e-9).all()


@settings(max_examples=40, deadline=None)
@given(weights_of, shares, st.data())
def test_both_arms_together_sum_to_the_size_and_no_item_is_left_without_a_chance(
    weights: list[float], control: float, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(weights)))
    made = poisson.arms(numbers(*weights), size=size, control=control)
    pi = made.inclusion()
    assert pi.sum() == pytest.approx(size)
    assert (pi >= 0.2 * size / len(weights) - 1e-9).all()
    assert made.control == pytest.approx(control * size / len(weights))


@settings(max_examples=40, deadline=None)
@given(weights_of, st.lists(st.floats(0, 10), max_size=30), shares, st.integers(0, 100), st.data())
def test_growing_keeps_every_pick_and_raises_every_probability(
    weights: list[float], more: list[float], control: float, added: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(weights)))
    items = [ItemId(f"{n:064x}") for n in range(len(weights) + len(more))]
    first = poisson.arms(numbers(*weights), size=size, control=control)
    held = Arms(first.control, np.concatenate([first.risk, np.zeros(len(more))]))
    grown = numbers(*weights, *more)
    wanted = min(size + added, len(grown))
    least = poisson.least_size(held, wanted, control=control)
    assert wanted <= least <= len(grown)
    if least > wanted:
        with pytest.raises(Refused, match="would fall"):
            poisson.arms(grown, size=wanted, control=control, before=held)
    second = poisson.arms(grown, size=least, control=control, before=held)
    assert second.control >= first.control
    assert (second.risk[: len(weights)] >= first.risk).all()
    before = {pick.item: pick for pick in poisson.poisson(items[: len(weights)], "s", first).picks}
    after = {pick.item: pick for pick in poisson.poisson(items, "s", second).picks}
    assert set(before) <= set(after)
    assert all(float(after[item].pi) >= float(before[item].pi) for item in before)
    assert all(after[item].stream == "control" for item, pick in before.items() if pick.stream == "control")


def test_the_least_size_of_a_grown_sample_is_the_least() -> None:
    rng = np.random.default_rng(1)
    first = poisson.arms(rng.random(100), size=30, control=0.3)
    held = Arms(first.control, np.concatenate([first.risk, np.zeros(100)]))
    grown = rng.random(200)
    least = poisson.least_size(held, 30, control=0.3)
    assert poisson.arms(grown, size=least, control=0.3, before=held).inclusion().sum() == pytest.approx(least)
    with pytest.raises(Refused):
        poisson.arms(grown, size=least - 1, control=0.3, before=held)


@pytest.mark.parametrize(
    ("weights", "size", "says"),
    [
        ([1.0, -2.0, 3.0], 2, "1 weights are below 0, the least -2"),
        ([1.0, float("nan"), 3.0], 2, "1 weights are no finite numbers"),
        ([1.0, float("inf"), 3.0], 2, "no finite"),
        ([0.0, 0.0, 0.0], 2, "All weights are 0"),
        ([1.0, 2.0, 3.0], 4, "cannot be drawn from 3"),
    ],
)
def test_weights_that_lead_nowhere_are_refused(weights: list[float], size: int, says: str) -> None:
    with pytest.raises(Refused, match=says):
        poisson.arms(numbers(*weights), size=size, control=0.3)


def test_items_are_drawn_about_as_often_as_their_probability_says_by_each_arm_and_by_both() -> None:
    made = poisson.arms(numbers(*range(1, 21)), size=8, control=0.4)
    items, draws = ITEMS[:20], 1_500
    drawn, controls = Counter[ItemId](), Counter[ItemId]()
    for n in range(draws):
        for pick in poisson.poisson(items, str(n), made).picks:
            drawn[pick.item] += 1
            controls[pick.item] += pick.stream == "control"
    for counted, chances in ((drawn, made.inclusion()), (controls, np.full(20, made.control))):
        z = [(counted[item] - draws * p) / max(1e-9, (draws * p * (1 - p)) ** 0.5) for item, p in zip(items, chances, strict=True) if p < 1]
        assert max(map(abs, z)) < 4.5
        assert sum(one * one for one in z) < 52.4  # chi square, 20 degrees of freedom, 0.01 %


def test_a_frame_gives_back_the_probabilities_of_the_risk_arm_and_with_the_seed_the_picks() -> None:
    made = poisson.arms(numbers(*range(1, 101)), size=20, control=0.3)
    sample = poisson.poisson(ITEMS[:100], "s", made)
    read = Arms(float(sample.facts["control_pi"]), poisson.unpacked(sample.frame))
    assert poisson.poisson(ITEMS[:100], "s", read) == sample
    with pytest.raises(ValueError):
        poisson.unpacked(np.array([2.0]).tobytes())


def test_the_effective_size_is_whole_for_equal_probabilities_and_falls_with_uneven_ones() -> None:
    assert poisson.kish_share(np.full(50, 0.2)) == pytest.approx(1)
    assert poisson.kish_share(np.array([0.01] * 50 + [0.9] * 50)) < 0.1
