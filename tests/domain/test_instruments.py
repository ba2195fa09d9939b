"""A judge as an instrument: against epiR, with weights that undo what the judge itself selected."""

import numpy as np
import pytest

from reviewer.domain import instruments
from reviewer.domain.differences import WeightedShare, weighted_share
from reviewer.domain.errors import Refused
from reviewer.domain.instruments import Bools
from reviewer.domain.proportions import wilson
from tests.domain.conftest import Reference


def table(tp: int, fp: int, fn: int, tn: int) -> tuple[Bools, Bools]:
    """Truth, and what the judge said."""
    counts = [tp, fp, fn, tn]
    return np.repeat([True, False, True, False], counts), np.repeat([True, True, False, False], counts)


def test_a_judge_is_measured_as_epir_measures_it(reference: Reference) -> None:
    case = reference.cases["judge-2x2"]
    found = instruments.accuracy(*table(**case["inputs"]))
    shares = {
        "ap": found.flagged, "tp": found.rate, "se": found.sensitivity, "sp": found.specificity, "youden": found.youden,
        "pv.pos": found.positive_value, "pv.neg": found.negative_value,
    }  # fmt: skip
    assert shares.keys() == case["expected"].keys()
    for name, one in shares.items():
        assert one is not None
        assert (one.value, one.low, one.high) == pytest.approx(tuple(case["expected"][name]), abs=case["tolerance"]["abs"])


def test_the_rate_behind_what_is_flagged_is_that_of_epir(reference: Reference) -> None:
    case = reference.cases["rogan-gladen"]
    close = case["tolerance"]["abs"]
    for row, expected in zip(case["inputs"]["table"], case["expected"]["rows"], strict=True):
        part, whole, errors = row["pos"], row["n"], {"sensitivity": row["se"], "specificity": row["sp"]}
        limits = wilson(part, whole)
        assert (part / whole, limits.low, limits.high) == pytest.approx(tuple(expected["apparent"].values()), abs=close)
        assert instruments.rogan_gladen(part / whole, limits, **errors) == pytest.approx(tuple(expected["true"].values()), abs=close)
        blaker = instruments.rogan_gladen(part / whole, instruments.blaker(part, whole), **errors)
        assert blaker == pytest.approx(tuple(expected["blaker_true"].values()), abs=close)


def test_a_judge_that_is_no_better_than_a_coin_tells_no_rate() -> None:
    with pytest.raises(Refused):
        instruments.rogan_gladen(0.3, wilson(3, 10), sensitivity=0.5, specificity=0.5)
    coin = weighted_share(np.tile([True, False], 20))
    assert instruments.rogan_gladen_estimated(0.3, 100, coin, coin) is None
    nothing = weighted_share(np.zeros(0, np.bool_))
    assert instruments.rogan_gladen_estimated(0.3, 100, nothing, coin) is None


def test_errors_that_were_measured_widen_the_limits_and_these_hold() -> None:
    """1,000 samples of 300 judged items of which 200 were labelled, with a judge of sensitivity 0.85, specificity 0.9 and a rate of 0.2."""
    chance, held = np.random.default_rng(0), 0
    for _ in range(1_000):
        truth = chance.random(300) < 0.2
        said = np.where(truth, chance.random(300) < 0.85, chance.random(300) < 0.1)
        measured = instruments.accuracy(truth[:200], said[:200])
        found = instruments.rogan_gladen_estimated(float(said.mean()), 300, measured.sensitivity, measured.specificity)
        assert found is not None
        held += found.low <= 0.2 <= found.high
    assert held >= 930
    sure = instruments.rogan_gladen(0.25, wilson(75, 300), sensitivity=0.85, specificity=0.9)
    errors = WeightedShare(0.85, 0.7, 0.93, 40, 40), WeightedShare(0.9, 0.85, 0.93, 160, 160)
    unsure = instruments.rogan_gladen_estimated(0.25, 300, *errors)
    assert unsure is not None
    assert unsure.high - unsure.low > sure.high - sure.low


def test_errors_measured_on_what_the_judge_picked_are_right_only_with_weights() -> None:
    """What it flags is drawn ten times as often: without weights it seems to catch nearly everything."""
    chance = np.random.default_rng(1)
    truth = chance.random(60_000) < 0.2
    said = np.where(truth, chance.random(60_000) < 0.6, chance.random(60_000) < 0.1)
    pi = np.where(said, 0.3, 0.03)
    drawn = chance.random(60_000) < pi
    weighted = instruments.accuracy(truth[drawn], said[drawn], 1 / pi[drawn]).sensitivity
    plain = instruments.accuracy(truth[drawn], said[drawn]).sensitivity
    assert weighted.limits.low < 0.6 < weighted.limits.high
    assert plain.value is not None
    assert plain.value > 0.9


def test_what_nobody_can_be_right_about_has_no_value() -> None:
    found = instruments.accuracy(np.zeros(5, np.bool_), np.zeros(5, np.bool_))
    assert (found.sensitivity.value, found.positive_value.value, found.youden) == (None, None, None)
    assert found.specificity.value == 1


def test_the_curve_of_scores_that_mean_what_they_say_lies_on_the_diagonal() -> None:
    chance = np.random.default_rng(2)
    scores = chance.random(4_000)
    honest = instruments.reliability(scores, chance.random(4_000) < scores)
    boastful = instruments.reliability(scores, chance.random(4_000) < 0.5 + (scores - 0.5) / 3)
    assert len(honest.bins) == instruments.BINS
    assert sum(one.share.n for one in honest.bins) == 4_000
    assert sum(one.share.limits.low <= one.score <= one.share.limits.high for one in honest.bins) >= 8
    assert honest.ece < 0.03 < boastful.low <= boastful.ece <= boastful.high
    assert boastful.ece == pytest.approx(1 / 6, abs=0.02)


def test_weights_move_the_curve_as_repeating_the_items_does() -> None:
    scores, truth, times = np.array([0.05, 0.15, 0.15, 0.95]), np.array([False, True, False, True]), np.array([1, 3, 1, 2])
    weighted = instruments.reliability(scores, truth, times.astype(np.float64))
    repeated = instruments.reliability(np.repeat(scores, times), np.repeat(truth, times))
    assert weighted.ece == pytest.approx(repeated.ece)
    assert [one.share.value for one in weighted.bins] == pytest.approx([one.share.value for one in repeated.bins])


@pytest.mark.parametrize("scores", [[], [0.5, 1.5], [-0.1]])
def test_scores_that_are_no_chances_have_no_curve(scores: list[float]) -> None:
    with pytest.raises(Refused):
        instruments.reliability(np.array(scores), np.zeros(len(scores), np.bool_))


def test_discrimination_is_the_share_of_pairs_in_the_right_order() -> None:
    assert instruments.discrimination(np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True])) == pytest.approx(3.5 / 4)
    assert instruments.discrimination(np.array([0.1, 0.4]), np.array([True, True])) is None
