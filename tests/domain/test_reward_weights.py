"""How much a row weighs."""

import pytest

from reviewer.domain import reward_weights


@pytest.mark.parametrize(("p_right", "noise", "weight"), [(1.0, 0.0, 1.0), (0.9, 0.1, 0.8), (0.65, 0.35, 0.3), (0.5, 0.5, 0.0)])
def test_a_label_that_is_as_good_as_a_coin_weighs_nothing(p_right: float, noise: float, weight: float) -> None:
    assert (reward_weights.label_noise(p_right), reward_weights.row_weight(p_right)) == (noise, weight)


@pytest.mark.parametrize(
    ("good", "bad", "weights"),
    [
        (90, 10, {"desirable": "1", "undesirable": "9"}),
        (10, 30, {"desirable": "3", "undesirable": "1"}),
        (3, 7, {"desirable": "2.333333", "undesirable": "1"}),
        (5, 5, {"desirable": "1", "undesirable": "1"}),
        (0, 5, {}),
    ],
)
def test_kto_weights_make_the_weighted_counts_equal(good: int, bad: int, weights: dict[str, str]) -> None:
    assert reward_weights.kto_weights(good, bad) == weights


def test_figures_of_a_manifest_have_no_exponent_and_no_tail() -> None:
    assert [reward_weights.decimal(value) for value in (1.0, 0.1, 1e-7, 1234567.0, 2 / 3)] == ["1", "0.1", "0", "1234567", "0.666667"]
