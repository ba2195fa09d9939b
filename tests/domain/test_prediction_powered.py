"""Prediction-powered means, against ppi-python and the R package survey."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewer.domain import prediction_powered as ppi
from reviewer.domain import survey
from tests.domain.conftest import Reference

Floats = NDArray[np.float64]
LAM: dict[str, float | None] = {"lam_0": 0.0, "lam_1": 1.0, "lam_tuned": None}


@pytest.mark.parametrize("name", ["ppi-mean-1", "ppi-mean-weak-judge", "ppi-weighted", "ppi-forest-badmodel"])
def test_means_and_intervals_are_what_ppi_python_gives(name: str, reference: Reference) -> None:
    case = reference.cases[name]
    y, f, rest = (np.array(case["inputs"][key], float) for key in ("Y", "Yhat", "Yhat_unlabeled"))
    weights = np.array(case["inputs"]["w"]) if "w" in case["inputs"] else None
    for kind, expected in case["expected"].items():
        lam = LAM[kind]
        found = ppi.mean(y, f, rest, lam=lam, weights=weights)
        free = found if lam is not None else ppi.mean(y, f, rest, lam=ppi.tuned(y, f, rest, weights), weights=weights)
        every = figures(found, free, tuned=lam is None)
        for figure, value in expected.items():
            assert every[figure] == pytest.approx(value, abs=case["tolerance"]["abs"]), (kind, figure)


def figures(found: ppi.Powered, free: ppi.Powered, *, tuned: bool) -> dict[str, Any]:
    """What the program was asked for. It forgets that one side was asked for once it has tuned lam, and does not cut lam for p values."""
    one_sided = found.normal_interval(0.9 if tuned else 0.8)
    return {
        "estimate": found.value,
        "ci95": list(found.normal_interval(0.95)),
        "ci90": list(found.normal_interval(0.9)),
        "lower90": one_sided.low,
        "upper90": one_sided.high,
        "pval_H1_greater_than_0p1": free.chance_beyond(0.1),
    }


def test_estimates_of_a_poisson_sample_are_what_survey_gives(reference: Reference) -> None:
    case = reference.cases["ppi-unequal-prob"]
    inputs, expected = case["inputs"], case["expected"]
    y, f, pi = (np.array(inputs[key], float) for key in ("y", "f", "pi"))
    everybody = np.full(inputs["N"], inputs["sum_f_population"] / inputs["N"])  # only their sum counts
    plain = ppi.difference(y, f, pi, f_population=everybody, lam=0.0)
    whole = ppi.difference(y, f, pi, f_population=everybody)
    greg = ppi.greg(y, f, pi, f_population=everybody)
    usual = survey.hajek(y, 1 / pi)
    found = {
        "ht_mean": plain.value,
        "ht_se": plain.variance**0.5,
        "hajek_mean": usual.value,
        "hajek_se": survey.poisson_variance(usual.parts, pi) ** 0.5,
        "diff_mean": whole.value,
        "diff_se": whole.variance**0.5,
        "greg_mean": greg.value,
    }
    wide = case["tolerance"]["greg_se"]["rel"]
    assert greg.variance**0.5 == pytest.approx(expected["greg_se"], rel=wide)
    assert found == pytest.approx({key: expected[key] for key in found}, rel=case["tolerance"]["rel"])
    assert set(found) | {"greg_se", "true_mean"} == set(expected)


def test_scores_that_say_nothing_are_not_followed() -> None:
    y, f = np.tile([1.0, 0, 0, 0], 30), np.tile([0.5, 0.5, 0.2, 0.8], 30)
    assert ppi.regression_slope(y, f, np.ones(120)) == 0
    assert ppi.regression_slope(y, np.full(120, 0.3), np.ones(120)) == 0
    assert ppi.tuned(y, np.full(120, 0.3), np.full(500, 0.3)) == 0
    assert ppi.mean(y, f, np.tile([0.2, 0.8], 200)).value == pytest.approx(0.25)


def test_no_label_has_a_part_in_the_lam_that_corrects_it() -> None:
    y, f, fold = np.tile([1.0, 0, 0, 1, 0], 20), np.tile([0.9, 0.2, 0.1, 0.6, 0.4], 20), np.arange(100) % 4
    one = np.zeros(100, np.int64)
    usual = ppi.cross_fitted(y, f, np.ones(100), fold, one)
    changed = y.copy()
    changed[fold == 2] = 1 - changed[fold == 2]
    after = ppi.cross_fitted(changed, f, np.ones(100), fold, one)
    assert np.array_equal(usual[fold == 2], after[fold == 2])
    assert not np.array_equal(usual[fold != 2], after[fold != 2])


def test_a_stratum_with_few_labels_takes_the_lam_of_all() -> None:
    stratum = np.repeat([0, 1], [40, 6])
    y = np.where(np.arange(46) % 2, 1.0, 0.0)
    f = np.where(stratum == 0, y * 0.8 + 0.1, 0.5)
    lams = ppi.stratified_lam(y, f, stratum, np.ones(46), 2)
    assert lams[0] == 1.0  # its slope is 1.25, cut
    assert lams[1] == ppi.regression_slope(y, f, np.ones(46))
