"""AUCs against pROC, at their edges, and with items that are not independent."""

import numpy as np
import pytest
from scipy import stats

from reviewer.domain import roc
from reviewer.domain.errors import Refused
from tests.domain.conftest import Reference


def test_auc_and_its_limits_are_those_of_proc(reference: Reference) -> None:
    case, data = reference.cases["delong-auc"], reference.datasets["aSAH"]
    positive = np.array(data["poor"]) == 1
    scores = {name: np.array(data[name], np.float64) for name in ("s100b", "wfns")}
    for name, values in scores.items():
        found, expected = roc.auc(values, positive), case["expected"][name]
        wanted = [expected[key] for key in ("auc", "lo", "hi", "var")]
        assert [found.value, found.low, found.high, found.variance] == pytest.approx(wanted, abs=case["tolerance"]["abs"])
    paired = roc.compare(scores["s100b"], scores["wfns"], positive)
    assert paired == pytest.approx(tuple(case["expected"]["paired_s100b_vs_wfns"].values()), abs=case["tolerance"]["abs"])


def test_ties_count_one_half() -> None:
    found = roc.auc(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, False, True, True]))
    assert found.value == (1 + 0.5 + 1 + 1) / 4
    assert roc.auc(np.ones(4), np.array([False, False, True, True])).value == 0.5


def test_the_auc_is_mann_whitneys_u() -> None:
    rng = np.random.default_rng(3)
    scores, positive = rng.integers(0, 9, 200).astype(np.float64), rng.random(200) < 0.3
    u = stats.mannwhitneyu(scores[positive], scores[~positive]).statistic
    assert roc.auc(scores, positive).value == pytest.approx(u / (positive.sum() * (~positive).sum()))


def test_kinds_that_do_not_overlap_still_have_limits() -> None:
    found = roc.auc(np.arange(10.0), np.arange(10) >= 5)
    assert (found.value, found.high, found.variance) == (1, 1, 0)
    assert found.low == pytest.approx(0.025 ** (1 / 5))
    assert found.turned == pytest.approx((0, 0, 1 - 0.025 ** (1 / 5), 0, 5, 5))


def test_one_kind_alone_is_refused() -> None:
    with pytest.raises(Refused, match="0 items of one kind and 3 of the other"):
        roc.auc(np.arange(3.0), np.zeros(3, np.bool_))


def test_the_same_number_twice_does_not_differ() -> None:
    scores, positive = np.arange(8.0), np.array([0, 1, 0, 1, 0, 1, 0, 1], np.bool_)
    assert roc.compare(scores, 2 * scores, positive) == (None, None)


def test_copies_of_items_do_not_narrow_the_limits() -> None:
    """Each item ten times says no more than once, if it is said that they belong together."""
    rng = np.random.default_rng(5)
    positive = np.arange(120) % 2 == 0
    scores = rng.normal(size=120) + positive
    once = roc.auc(scores, positive)
    tenfold = roc.auc(np.repeat(scores, 10), np.repeat(positive, 10), groups=np.repeat(np.arange(120), 10))
    assert tenfold.value == pytest.approx(once.value)
    assert tenfold.variance == pytest.approx(once.variance, rel=0.02)
    blind_to_it = roc.auc(np.repeat(scores, 10), np.repeat(positive, 10))
    assert blind_to_it.variance < once.variance / 9
