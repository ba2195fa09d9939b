"""The scan of a tree, against SpatialEpi, TreeMineR and R's p.adjust, and against worlds in which it is known what is wrong where."""

from typing import NamedTuple

import numpy as np
import pytest

from reviewer.domain import item_tree, tree_scan
from reviewer.domain.item_tree import Bools, Floats, Ints, ItemTree
from reviewer.domain.tree_scan import log_likelihood_ratio, poisson_ratio, scan, unconditional
from tests.domain.conftest import Reference


def test_the_statistic_is_kulldorffs_and_the_worst_nodes_are_no_errors(reference: Reference) -> None:
    case = reference.cases["bernoulli-llr"]
    for (c, n, violations, labelled), wanted in zip(case["inputs"]["rows"], case["expected"]["llr"], strict=True):
        expected = np.array([n * violations / labelled])
        found = log_likelihood_ratio(np.array([c]), np.array([n]), expected, violations=violations, labelled=labelled)
        assert found[0] == pytest.approx(wanted, abs=case["tolerance"]["abs"]), (c, n)


class Counties(NamedTuple):
    """Lung cancer in Pennsylvania. near: shape (counties, counties), from each county the others by their distance."""

    cases: Ints
    population: Ints
    near: Ints

    def zones(self, cases: Ints, statistic: tree_scan.Statistic) -> Floats:
        """The statistic of the circles round each county, 0 where one holds more than half of the people: shape (counties, counties)."""
        n, c = self.population[self.near].cumsum(axis=1), cases[self.near].cumsum(axis=1)
        violations, labelled = int(cases.sum()), int(self.population.sum())
        expected = n * violations / labelled
        if statistic == "poisson":
            found = poisson_ratio(c, expected, violations=violations)
        else:
            found = log_likelihood_ratio(c, n, expected, violations=violations, labelled=labelled)
        return np.where(n <= labelled / 2, found, 0.0)


@pytest.fixture
def counties(reference: Reference) -> Counties:
    data = reference.datasets["pennLC"]
    x, y = np.array(data["x"]), np.array(data["y"])
    near = np.array([np.argsort(np.hypot(x - x[one], y - y[one]), kind="stable") for one in range(len(x))])
    return Counties(np.array(data["cases"], np.int64), np.array(data["population"], np.int64), near)


@pytest.mark.parametrize("statistic", ["bernoulli", "poisson"])
def test_the_likeliest_zone_of_pennsylvania_is_the_published_one(
    reference: Reference, counties: Counties, statistic: tree_scan.Statistic
) -> None:
    case = reference.cases[{"bernoulli": "kulldorff-bernoulli-pennLC", "poisson": "kulldorff-poisson-pennLC"}[statistic]]
    found = counties.zones(counties.cases, statistic)
    centre, reach = np.unravel_index(found.argmax(), found.shape)
    zone = counties.near[centre, : reach + 1]
    if statistic == "bernoulli":
        assert found.max() == pytest.approx(case["expected"]["llr"], rel=case["tolerance"]["llr"]["rel"])
    assert set((zone + 1).tolist()) == set(case["expected"]["location_ids_1based"])
    whole = counties.population.sum()
    assert counties.population[zone].sum() * counties.cases.sum() / whole == pytest.approx(case["expected"]["expected"], rel=1e-5)
    dealt = np.random.default_rng(1).multinomial(counties.cases.sum(), counties.population / whole, size=199)
    higher = sum(counties.zones(cases, statistic).max() >= found.max() for cases in dealt)
    assert (1 + higher) / 200 == pytest.approx(case["expected"]["p_value_999"], abs=case["tolerance"]["p_value"]["abs"])


def test_the_statistic_of_counts_is_spatialepis_but_for_a_sum_that_it_cuts_off(reference: Reference, counties: Counties) -> None:
    """SpatialEpi keeps the sum of the expected counts in a whole number: 10,279 less an error of rounding becomes 10,278. A greater share
    of a smaller sum is expected in the zone then."""
    case = reference.cases["kulldorff-poisson-pennLC"]
    zone = np.array(case["expected"]["location_ids_1based"]) - 1
    c, violations = counties.cases[[zone]].sum(axis=1), int(counties.cases.sum())
    expected = counties.population[[zone]].sum(axis=1) * violations / counties.population.sum()
    cut = poisson_ratio(c, expected * violations / (violations - 1), violations=violations)
    assert cut[0] == pytest.approx(case["expected"]["llr"], rel=case["tolerance"]["llr"]["rel"])
    assert poisson_ratio(c, expected, violations=violations)[0] == pytest.approx(36.538616, rel=1e-7)


def test_counts_expected_by_a_covariate_find_the_heap_that_it_does_not_explain_and_no_other() -> None:
    tree, heap = _world()
    rng = np.random.default_rng(3)
    model = (heap >= 3).astype(np.int64)
    explained = rng.random(300) < np.where(model == 1, 0.4, 0.02)
    beyond = np.where(heap == 1, rng.random(300) < 0.3, explained)

    def found(broken: Bools, cell: Ints | None) -> tree_scan.Scan:
        return scan(tree, np.arange(300), broken, rng=np.random.default_rng(4), cell=cell, replications=199, statistic="poisson")

    assert found(explained, None).p.min() <= 0.05
    assert found(explained, model).p.min() > 0.05
    flagged = found(beyond, model)
    best = int(tree_scan.apart(tree, flagged, most=1)[0])
    assert flagged.p[best] == 0.005
    assert np.mean(heap[tree.items(int(flagged.node[best]))] == 1) > 0.9
    same = scan(tree, np.arange(300), beyond, rng=np.random.default_rng(4), cell=model, replications=19)
    assert same.expected == pytest.approx(flagged.expected)
    assert same.llr.max() > flagged.llr.max()  # a count has more room above it than verdicts have


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
