"""Charts of verdicts over time, against the R package surveillance and by simulation."""

import numpy as np
import pytest

from reviewer.domain import control_charts
from reviewer.domain.control_charts import cusum, e_detector, limit_for, steps
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def test_the_cusum_has_the_path_and_the_alarms_of_surveillance(reference: Reference) -> None:
    case = reference.cases["bernoulli-cusum"]
    given, expected = case["inputs"], case["expected"]
    found = cusum(steps(np.array(given["y"], np.float64), given["p0"], given["p1"]), given["h"])
    assert found.path == pytest.approx(expected["path"], abs=1e-8)
    assert [place + 1 for place in found.alarms] == expected["alarms_1based"]


def test_the_run_length_of_a_normal_cusum_is_the_published_one(reference: Reference) -> None:
    wanted = reference.cases["cusum-arl"]["expected"]["h4"]
    rng = np.random.default_rng(1)
    for shift, expected in zip((0.5, 1, 2), wanted[1:], strict=True):
        chart = cusum(rng.normal(size=150_000) + shift - 0.5, 4.0)
        assert np.diff(chart.alarms).mean() == pytest.approx(expected, rel=0.04)


def test_a_simulated_limit_has_the_run_length_that_was_asked_for() -> None:
    rng = np.random.default_rng(2)
    limit = limit_for(400, 0.05, 0.15, rng=rng)
    assert limit.run_length >= 400
    chart = cusum(steps((rng.random(200_000) < 0.05).astype(float), 0.05, 0.15), limit.limit)
    assert np.diff(chart.alarms).mean() == pytest.approx(limit.run_length, rel=0.15)


def test_weights_and_a_rate_that_was_only_estimated_raise_the_limit() -> None:
    weights = np.array([0.2, 0.2, 0.2, 3.4])
    plain = limit_for(400, 0.05, 0.15, rng=np.random.default_rng(3))
    weighted = limit_for(400, 0.05, 0.15, rng=np.random.default_rng(3), weights=weights)
    estimated = limit_for(400, 0.05, 0.15, rng=np.random.default_rng(3), reference=60)
    assert weighted.limit > plain.limit
    assert estimated.run_length >= 400


def test_the_detectors_alarm_after_a_change_and_say_since_when() -> None:
    rng = np.random.default_rng(4)
    y = (rng.random(600) < np.where(np.arange(600) < 300, 0.05, 0.4)).astype(float)
    added = steps(y, 0.05, 0.15)
    alarm = cusum(added, 5.0).alarms[-1]
    first = next(place for place in cusum(added, 5.0).alarms if place >= 300)
    assert first < 340 < alarm
    assert abs(control_charts.began(added, first) - 300) < 40
    assert any(300 <= place < 360 for place in e_detector(y, 0.05, 0.15, alpha=0.001).alarms)


def test_an_e_detector_has_hardly_a_false_alarm_even_where_verdicts_hang_together() -> None:
    rng = np.random.default_rng(5)
    verdicts = 0
    alarms = 0
    for _ in range(60):
        runs = np.repeat(rng.random(250) < 0.05, 4).astype(float)  # each verdict four times, at a rate of .05
        verdicts += len(runs[::4])
        alarms += len(e_detector(runs[::4], 0.05, 0.15, alpha=0.001).alarms)
    assert alarms <= 1.6 * verdicts * 0.001


@pytest.mark.parametrize(("p0", "p1"), [(0, 0.1), (0.2, 0.1), (0.1, 1.0)])
def test_no_change_can_be_watched_for_between_rates_that_are_none(p0: float, p1: float) -> None:
    with pytest.raises(Refused):
        steps(np.zeros(3), p0, p1)
