"""A second look at regions, on labels that had no part in choosing them."""

import numpy as np
import pytest

from reviewer.domain import item_tree
from reviewer.domain.confirming import REGIONS, Counted, candidates, confirm


def test_fresh_violations_confirm_a_region_and_few_do_not() -> None:
    sure, unsure, empty = confirm([Counted(12, 40), Counted(3, 40), Counted(0, 0)], Counted(20, 400))
    assert sure.p == pytest.approx(7.5e-06, rel=0.5)
    assert sure.adjusted == pytest.approx(3 * sure.p)
    assert unsure.adjusted > 0.05
    assert (empty.p, empty.adjusted) == (1.0, 1.0)


def test_nothing_to_compare_with_confirms_nothing() -> None:
    assert confirm([Counted(5, 5)], Counted(0, 0))[0].adjusted == 1.0
    assert confirm([], Counted(3, 30)) == []


def test_false_confirmations_are_as_rare_as_promised() -> None:
    """The first stage chose the regions for their violations; what it is compared with is all of it."""
    rng = np.random.default_rng(1)
    false = 0
    for _ in range(400):
        first = rng.random((20, 20)) < 0.05
        chosen = np.argsort(-first.sum(axis=1))[:3]
        fresh = [Counted(int((rng.random(66) < 0.05).sum()), 66) for _ in chosen]
        false += any(one.adjusted <= 0.05 for one in confirm(fresh, Counted(int(first.sum()), first.size)))
    assert false <= 20


def test_small_regions_with_a_few_labels_are_candidates_and_overlap_nothing() -> None:
    rng = np.random.default_rng(4)
    heap = np.repeat(np.arange(8), 12)
    tree = item_tree.of_vectors((10 * rng.normal(size=(8, 6))[heap] + rng.normal(size=(96, 6))).astype(np.float32), seed=1)
    labelled = np.sort(np.concatenate([np.flatnonzero(heap == one)[:3] for one in range(8)]))
    broken = heap[labelled] == 5
    best = candidates(tree, labelled, broken)
    assert set(heap[tree.items(best[0])].tolist()) == {5}
    again = candidates(tree, labelled, broken, taken=[best[0]])
    assert len(again) <= REGIONS - 1
    assert not any(np.isin(tree.items(node), tree.items(best[0])).any() for node in again)
    assert candidates(tree, labelled, np.zeros(24, np.bool_)) == []
