"""ADWIN and Page-Hinkley, against the alarms of river and by simulation."""

import numpy as np
import pytest

from reviewer.domain.change_detectors import adwin, page_hinkley, rise_by_chance
from reviewer.domain.item_tree import Floats
from tests.domain.conftest import Reference


def test_adwin_alarms_where_river_does(reference: Reference) -> None:
    case = reference.cases["adwin"]
    found = adwin(np.array(case["inputs"]["x"], np.float64), delta=case["inputs"]["delta"])
    assert [one.at for one in found] == case["expected"]["alarms_0based"]


def test_page_hinkley_alarms_where_river_does(reference: Reference) -> None:
    case = reference.cases["page-hinkley"]
    given = case["inputs"]
    found = page_hinkley(
        np.array(given["x"], np.float64), given["threshold"], slack=given["delta"], fading=given["alpha"], least=given["min_instances"]
    )
    assert [one.at for one in found] == case["expected"]["alarms_0based"]


@pytest.fixture(scope="module")
def stream() -> Floats:
    """2,400 verdicts of four rates, 600 of each."""
    return (np.random.default_rng(11).random(2_400) < np.repeat([0.05, 0.3, 0.02, 0.2], 600)).astype(float)


def test_alarm_after_alarm_is_rivers_and_says_since_when(stream: Floats) -> None:
    """The places are those of river 0.26.0: ADWIN(), and PageHinkley(threshold=8, mode="up")."""
    found = adwin(stream)
    assert [one.at for one in found] == [639, 1_311, 1_887]
    assert [one.since for one in found] == pytest.approx([600, 1_200, 1_800], abs=40)
    assert [one.start for one in found] == [0, 640, 1_312]
    assert all(one.statistic > one.threshold for one in found)
    risen = page_hinkley(stream, 8)
    assert [one.at for one in risen] == [608, 1_099, 1_860]
    assert [risen[0].since, risen[2].since] == pytest.approx([600, 1_800], abs=40)
    assert all(one.start < one.since <= one.at for one in (*found, *risen))


def test_a_fall_is_seen_by_adwin_alone(stream: Floats) -> None:
    falls = np.concatenate((stream[600:1_200], stream[1_200:1_800]))
    [alarm] = adwin(falls)
    assert falls[alarm.since : alarm.at].mean() < falls[: alarm.since].mean()
    assert page_hinkley(falls, rise_by_chance(len(falls), 0.3)) == ()


@pytest.mark.parametrize("n", [150, 600])
def test_where_nothing_changes_about_one_chart_in_a_hundred_rises_above_what_chance_does(n: int) -> None:
    rng = np.random.default_rng(12)
    threshold = rise_by_chance(n, 0.2)
    alarms = sum(bool(page_hinkley((rng.random(n) < 0.2).astype(float), threshold)) for _ in range(300))
    assert alarms <= 8  # of 300; by chance more than that in 0.4 % of times, were it one in a hundred
    changed = sum(
        bool(page_hinkley((rng.random(n) < np.where(np.arange(n) < n // 2, 0.2, 0.6)).astype(float), threshold)) for _ in range(50)
    )
    assert changed >= 40


@pytest.mark.parametrize("y", [np.zeros(0), np.zeros(200), np.ones(200), np.tile([0.0, 1.0], 100)], ids=["none", "zeros", "ones", "turns"])
def test_verdicts_that_do_not_change_raise_no_alarm(y: Floats) -> None:
    assert adwin(y) == page_hinkley(y, 8) == ()
