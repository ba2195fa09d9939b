"""The shortcut audit: it finds what was planted, is quiet where nothing is, and says what people preferred in hh-rlhf."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from reviewer.domain import shortcuts, surface
from reviewer.domain.items import Message, Part
from reviewer.domain.shortcuts import Features

_N = 400


def _noise(rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {f"noise {k}": rng.poisson(5, _N).astype(np.float64) for k in range(6)}


def test_a_planted_shortcut_is_the_strongest_and_is_warned_of() -> None:
    rng = np.random.default_rng(1)
    good = rng.random(_N) < 0.7
    audit = shortcuts.audit_labels(Features({**_noise(rng), "planted": rng.normal(size=_N) - 0.9 * good}), good, np.arange(_N))
    first, *others = audit.alone
    assert (first.feature, first.more, first.risky) == ("planted", False, True)
    assert 0.65 < first.auc.low < first.auc.value < 0.85
    assert not any(one.risky for one in others)
    assert audit.warns
    assert audit.together is not None
    assert audit.together.low > 0.6


def test_a_planted_reviewer_who_is_stricter_is_found_though_reviewers_have_no_order() -> None:
    rng = np.random.default_rng(2)
    reviewer = rng.integers(0, 4, _N)
    good = rng.random(_N) < np.array([0.9, 0.2, 0.9, 0.5])[reviewer]
    audit = shortcuts.audit_labels(Features(_noise(rng), {"reviewer": reviewer}), good, np.arange(_N))
    assert [(one.feature, one.more) for one in audit.risky] == [("reviewer", None)]


def test_what_only_together_predicts_is_warned_of() -> None:
    rng = np.random.default_rng(3)
    columns = {f"part {k}": rng.normal(size=_N) for k in range(24)}
    good = sum(columns.values()) + 3 * rng.normal(size=_N) > 0
    audit = shortcuts.audit_labels(Features(columns), good, np.arange(_N))
    assert audit.risky == ()
    assert audit.warns


@pytest.mark.parametrize("seed", range(4))
def test_labels_that_were_shuffled_give_no_warning(seed: int) -> None:
    rng = np.random.default_rng(seed)
    features = Features(_noise(rng), {"model": rng.integers(0, 5, _N)})
    audit = shortcuts.audit_labels(features, rng.random(_N) < 0.5, np.arange(_N) // 2)
    assert not audit.warns
    assert audit.together is not None
    assert audit.together.low < 0.5 < audit.together.high


def test_copies_of_rows_are_no_evidence() -> None:
    """Thirty rows ten times each: without their groups each chance likeness would look certain."""
    rng = np.random.default_rng(8)
    good = np.repeat(np.arange(60) % 2 == 0, 10)
    column = np.repeat(rng.normal(size=60) + 0.3 * (np.arange(60) % 2), 10)
    copies = np.repeat(np.arange(60), 10)
    apart, together = (shortcuts.audit_labels(Features({"column": column}), good, groups) for groups in (np.arange(600), copies))
    assert together.alone[0].auc.value == pytest.approx(apart.alone[0].auc.value)
    assert together.alone[0].auc.low < apart.alone[0].auc.low - 0.05


def test_features_that_predict_as_well_as_a_judge_who_reads_are_warned_of() -> None:
    rng = np.random.default_rng(4)
    good = rng.random(_N) < 0.5
    weak, judge = rng.normal(size=_N) + 0.4 * good, rng.normal(size=_N) + 0.4 * good
    alone = shortcuts.audit_labels(Features({"weak": weak}), good, np.arange(_N))
    beside = shortcuts.audit_labels(Features({"weak": weak}), good, np.arange(_N), judge=judge)
    better = shortcuts.audit_labels(Features({"weak": weak}), good, np.arange(_N), judge=judge + 3 * good)
    assert [one.warns for one in (alone, beside, better)] == [False, True, False]


def test_too_few_rows_say_so_in_words() -> None:
    audit = shortcuts.audit_labels(Features({"x": np.arange(50.0)}), np.arange(50) < 45, np.arange(50))
    assert audit.reason == "5 rows of the rarer kind are too few to tell: it takes 20."
    assert shortcuts.audit_pairs({"x": np.ones(19)}, np.arange(19)).reason == "19 pairs are too few to tell: it takes 20."
    assert not audit.warns


def test_what_is_the_same_in_all_rows_is_left_out() -> None:
    audit = shortcuts.audit_labels(
        Features({"same": np.ones(60)}, {"model": np.zeros(60, np.int64)}), np.arange(60) % 2 == 0, np.arange(60)
    )
    assert (audit.alone, audit.together, audit.reason) == ((), None, "")


def test_of_a_pair_it_counts_which_has_more() -> None:
    more = np.array([1.0] * 30 + [0.0] * 10 + [-1.0] * 10)
    (found,) = shortcuts.audit_pairs({"length": more}, np.arange(50)).alone
    assert (found.auc.value, found.more) == (0.7, True)
    assert 0.55 < found.auc.low < 0.6


def test_a_pair_that_always_goes_one_way_has_limits_too() -> None:
    (found,) = shortcuts.audit_pairs({"length": -np.ones(40)}, np.arange(40)).alone
    assert (found.auc.value, found.more) == (1, False)
    assert found.auc.low == pytest.approx(40 / (40 + 1.959964**2))
    assert found.risky


def test_what_people_preferred_in_hh_rlhf_is_the_shorter_answer_by_little(real_data: Path) -> None:
    """Of 1,632 pairs on harmlessness the shorter answer was chosen in 56 %: told apart from chance, and below what is warned of."""
    with gzip.open(real_data / "hh-rlhf" / "harmless-base" / "test.jsonl.gz", "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]

    def counted(text: str) -> surface.Surface:
        answer = text.rpartition("\n\nAssistant:")[2].strip()
        return surface.surface([Message(role="assistant", content=(Part(type="text", text=answer),))])

    over = [np.subtract(counted(pair["chosen"]), counted(pair["rejected"])) for pair in pairs]
    more = {name: np.array(column, np.float64) for name, column in zip(surface.Surface._fields, zip(*over, strict=True), strict=True)}
    audit = shortcuts.audit_pairs(more, np.arange(len(pairs)))
    first = audit.alone[0]
    assert (audit.items, first.feature, first.more) == (1_632, "words", False)
    assert (first.auc.value, first.auc.low, first.auc.high) == pytest.approx((0.563, 0.539, 0.587), abs=0.001)
    assert not audit.warns
    turned = np.random.default_rng(1).choice([-1.0, 1.0], len(pairs))
    shuffled = shortcuts.audit_pairs({name: column * turned for name, column in more.items()}, np.arange(len(pairs)))
    assert shuffled.alone[0].auc.low < 0.51
    assert shuffled.together is not None
    assert shuffled.together.low < 0.5 < shuffled.together.high
