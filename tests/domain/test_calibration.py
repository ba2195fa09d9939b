"""Posteriors that are too sure become as sure as they are right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from reviewer.domain import calibration
from reviewer.domain.calibration import Floats
from reviewer.domain.errors import Refused


def too_sure(n: int, *, seed: int = 0) -> tuple[Floats, Floats]:
    """Chances whose logits are four times what they should be, and what was true."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 1.5, n)
    truth = (chance.random(n) < 1 / (1 + np.exp(-logits))).astype(np.float64)
    return 1 / (1 + np.exp(-4 * logits)), truth


def test_the_temperature_that_was_put_in_comes_out() -> None:
    chances, truth = too_sure(20_000)
    assert calibration.calibrate(chances, truth).temperature == pytest.approx(4, rel=0.05)


def test_calibrated_chances_are_nearer_to_the_truth_than_raw_ones() -> None:
    chances, truth = too_sure(400)
    found = calibration.calibrate(chances, truth)
    assert found.brier.value < calibration.brier(chances, truth)
    assert found.ece.value < calibration.ece(chances, truth) / 2
    assert found.ece.low <= found.ece.high
    assert found.brier.low < found.brier.value < found.brier.high
    assert found.gold == 400


def test_no_chance_claims_more_than_the_share_that_was_right() -> None:
    chances, truth = too_sure(400)
    found = calibration.calibrate(chances, truth)
    right = ((chances > 0.5) == (truth > 0.5)).mean()
    assert found.cap == pytest.approx(right)
    assert calibration.recalibrated(np.array([0.0, 1.0]), found.temperature, found.cap).tolist() == pytest.approx([1 - right, right])


def test_99_known_items_are_too_few() -> None:
    chances, truth = too_sure(99)
    with pytest.raises(Refused, match="99 items"):
        calibration.calibrate(chances, truth)


def test_the_same_labels_give_the_same_report() -> None:
    assert calibration.calibrate(*too_sure(150)) == calibration.calibrate(*too_sure(150))


def test_a_perfect_posterior_stays_one() -> None:
    truth = np.array([0.0, 1.0] * 60)
    found = calibration.calibrate(truth.copy(), truth)
    assert found.cap == 1
    assert found.brier.value == pytest.approx(0, abs=1e-6)


def test_errors_of_a_known_case() -> None:
    """Four at 0.8 of which three are right: 0.05 apart. Mean squared distance: (3 * 0.04 + 0.64) / 4."""
    chances, truth = np.full(4, 0.8), np.array([1.0, 1.0, 1.0, 0.0])
    assert calibration.ece(chances, truth) == pytest.approx(0.05)
    assert calibration.brier(chances, truth) == pytest.approx(0.19)


@given(arrays.arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1)), st.floats(0.1, 50), st.floats(0.5, 1))
def test_a_chance_never_changes_sides_and_half_stays_half(chances: Floats, temperature: float, cap: float) -> None:
    after = calibration.recalibrated(chances, temperature, cap)
    assert ((after - 0.5) * (chances - 0.5) >= 0).all()
    assert (np.abs(after - 0.5) <= cap - 0.5 + 1e-12).all()
    assert calibration.recalibrated(np.array([0.5]), temperature, cap)[0] == pytest.approx(0.5)
