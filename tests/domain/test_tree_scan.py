"""The scan of a tree, against SpatialEpi, TreeMineR and R's p.adjust, and against worlds in which it is known what is wrong where."""

import numpy as np
import pytest

from reviewer.domain import item_tree, tree_scan
from reviewer.domain.item_tree import Ints, ItemTree
from reviewer.domain.tree_scan import log_likelihood_ratio, scan, unconditional
from tests.domain.conftest import Reference


def test_the_statistic_is_kulldorffs_and_the_worst_nodes_are_no_errors(reference: Reference) -> None:
    case = reference.cases["bernoulli-llr"]
    for (c, n, violations, labelled), wanted in zip(case["inputs"]["rows"], case["expected"]["llr"], strict=True):
        expected = np.array([n * violations / labelled])
        found = log_likelihood_ratio(np.array([c]), np.array([n]), expected, violations=violations, labelled=labelled)
        assert found[0] == pytest.approx(wanted, abs=case["tolerance"]["abs"]), (c, n)


def test_the_likeliest_zone_of_pennsylvania_is_the_published_one(reference: Reference) -> None:
    case, data = reference.cases["kulldorff-bernoulli-pennLC"], reference.datasets["pennLC"]
    x, y = np.array(data["x"]), np.array(data["y"])
    cases, population = (np.array(data[name], np.int64) for name in ("cases", "population"))
    best, where = 0.0, np.empty(0, np.int64)
    for centre in range(len(x)):
        order = np.argsort(np.hypot(x - x[centre], y - y[centre]), kind="stable")
        n, c = population[order].cumsum(), cases[order].cumsum()
        fits = n <= population.sum() / 2
        expected = n * cases.sum() / population.sum()
        llr = log_likelihood_ratio(c, n, expected, violations=int(cases.sum()), labelled=int(population.sum())) * fits
        if llr.max() > best:
            best, where = float(llr.max()), order[: int(llr.argmax()) + 1]
    assert best == pytest.approx(case["expected"]["llr"], rel=1e-5)
    assert set((where + 1).tolist()) == set(case["expected"]["location_ids_1based"])


def test_with_a_known_rate_nodes_have_the_statistic_of_treeminer(reference: Reference) -> None:
    case = reference.cases["treescan-bernoulli"]
    expected = case["expected"]
    c, n = np.array(expected["n1"]), np.array(expected["n1"]) + np.array(expected["n0"])
    assert unconditional(c, n, case["inputs"]["p"]) == pytest.approx(expected["llr"], abs=1e-8)


def test_holm_and_benjamini_hochberg_are_those_of_r(reference: Reference) -> None:
    case = reference.cases["bh-by-holm"]
    assert tree_scan.holm(case["inputs"]["p"]) == pytest.approx(case["expected"]["holm"], abs=1e-9)
    assert tree_scan.benjamini_hochberg(case["inputs"]["p"]) == pytest.approx(case["expected"]["BH"], abs=1e-9)
    assert tree_scan.holm([]) == tree_scan.benjamini_hochberg([]) == []


def test_the_excess_of_a_group_over_the_rest_is_fishers_test_of_r(reference: Reference) -> None:
    case = reference.cases["fisher-cluster"]
    found = [tree_scan.excess(c, n, violations - c, labelled - n) for c, n, violations, labelled in case["inputs"]["rows"]]
    assert found == pytest.approx(case["expected"]["p"], abs=case["tolerance"]["abs"])


def _world(seed: int = 1) -> tuple[ItemTree, Ints]:
    """300 items in six heaps of 50, and the heap of each."""
    rng = np.random.default_rng(seed)
    heap = np.repeat(np.arange(6), 50)
    vectors = 10 * rng.normal(size=(6, 8))[heap] + rng.normal(size=(300, 8))
    return item_tree.of_vectors(vectors.astype(np.float32), seed=seed), heap


def test_a_heap_that_goes_wrong_is_flagged_and_the_others_are_not() -> None:
    tree, heap = _world()
    rng = np.random.default_rng(2)
    broken = rng.random(300) < np.where(heap == 3, 0.5, 0.04)
    found = scan(tree, np.arange(300), broken, rng=rng)
    best = tree_scan.apart(tree, found, most=20)
    flagged = [place for place in best.tolist() if found.p[place] <= 0.05]
    assert len(flagged) == 1
    inside = heap[tree.items(int(found.node[flagged[0]]))]
    assert np.mean(inside == 3) > 0.9
    assert found.p[flagged[0]] == 1 / 1000
    assert found.c[flagged[0]] > 2 * found.expected[flagged[0]]


def test_a_heap_of_which_every_item_is_wrong_and_no_other_is_the_worst_of_all() -> None:
    tree, heap = _world()
    found = scan(tree, np.arange(300), heap == 3, rng=np.random.default_rng(2), replications=99)
    best = tree_scan.apart(tree, found, most=1)
    assert found.c[best[0]] == found.n[best[0]] == 50
    assert np.isfinite(found.llr).all()
    assert found.p[best[0]] == 0.01


def test_what_a_covariate_explains_is_no_finding() -> None:
    tree, heap = _world()
    rng = np.random.default_rng(3)
    model = (heap >= 3).astype(np.int64)
    broken = rng.random(300) < np.where(model == 1, 0.5, 0.02)
    assert scan(tree, np.arange(300), broken, rng=rng, replications=199).p.min() <= 0.05
    within = scan(tree, np.arange(300), broken, rng=rng, cell=model, replications=199)
    assert within.p.min() > 0.05
    whole = within.expected[within.size == within.size.max()]
    assert np.all(whole <= broken.sum())


def test_without_verdicts_or_with_one_kind_alone_nothing_stands_out() -> None:
    tree, _ = _world()
    rng = np.random.default_rng(4)
    whole = np.arange(300)
    for labelled, broken in ((whole[:0], whole[:0] > 0), (whole, whole >= 0), (whole, whole < 0)):
        found = scan(tree, labelled, broken, rng=rng, replications=19)
        assert not len(found.p) or found.p.min() == 1.0
        assert not len(tree_scan.apart(tree, found, most=3))


def test_nodes_that_are_too_small_or_hardly_labelled_are_not_looked_at() -> None:
    tree, _ = _world()
    found = scan(tree, np.arange(0, 300, 20), np.arange(15) % 2 == 0, rng=np.random.default_rng(5), replications=9)
    assert found.size.min() >= tree_scan.LEAST_ITEMS
    assert found.n.min() >= tree_scan.LEAST_LABELLED
    assert found.size.max() <= 150


def test_the_scan_can_be_stopped() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    tree, heap = _world()
    with pytest.raises(KeyboardInterrupt):
        scan(tree, np.arange(300), heap == 1, rng=np.random.default_rng(6), step=stop)
