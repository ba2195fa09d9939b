"""The tree of items: every node is a stretch of one order, and what is alike stands together."""

import numpy as np
import pytest

from reviewer.domain import item_tree
from reviewer.domain.item_tree import Ints, ItemTree, Singles, cut, of_vectors


def _heaps(count: int, size: int, seed: int = 0) -> tuple[Singles, Ints]:
    rng = np.random.default_rng(seed)
    heap = np.repeat(np.arange(count), size)
    return (10 * rng.normal(size=(count, 40))[heap] + rng.normal(size=(len(heap), 40))).astype(np.float32), heap


def _is_whole(tree: ItemTree, items: int) -> None:
    assert sorted(tree.order.tolist()) == list(range(items))
    assert (tree.start[-1], tree.stop[-1]) == (0, items)
    parts = tree.left >= 0
    assert np.array_equal(tree.sizes[parts], tree.sizes[tree.left[parts]] + tree.sizes[tree.right[parts]])
    assert np.array_equal(tree.start[parts], tree.start[tree.left[parts]])
    assert np.array_equal(tree.stop[parts], tree.stop[tree.right[parts]])


@pytest.mark.parametrize(("count", "size"), [(5, 20), (30, 100)])
def test_each_heap_is_a_node_whether_the_tree_is_of_items_or_of_groups(count: int, size: int) -> None:
    vectors, heap = _heaps(count, size)
    tree = of_vectors(vectors, seed=1)
    _is_whole(tree, len(heap))
    for one in range(count):
        place = np.flatnonzero(heap[tree.order] == one)
        assert place[-1] - place[0] == size - 1
        assert np.any((tree.start == place[0]) & (tree.stop == place[-1] + 1))


def test_the_same_seed_gives_the_same_tree() -> None:
    vectors, _ = _heaps(30, 100)
    first, second = of_vectors(vectors[:2600], seed=3), of_vectors(vectors[:2600], seed=3)
    assert np.array_equal(first.order, second.order)
    assert np.array_equal(first.start, second.start)


@pytest.mark.parametrize("items", [0, 1, 2, 5])
def test_a_few_items_or_none_make_a_tree_too(items: int) -> None:
    tree = of_vectors(np.ones((items, 4), np.float32), seed=1)
    if items > 1:
        _is_whole(tree, items)
    assert len(tree.order) == items
    assert sorted(item for node in cut(tree, largest=1, keep=np.empty(0, np.int64)) for item in tree.items(node).tolist()) == list(
        range(items)
    )


def test_a_cut_holds_every_item_once_and_the_nodes_that_are_to_stay() -> None:
    vectors, heap = _heaps(6, 30)
    tree = of_vectors(vectors, seed=1)
    kept = np.flatnonzero(tree.sizes == 30)[:2]
    nodes = cut(tree, largest=70, keep=kept)
    assert set(kept.tolist()) <= set(nodes)
    assert sorted(item for node in nodes for item in tree.items(node).tolist()) == list(range(len(heap)))
    assert all(tree.sizes[node] <= 70 for node in nodes)


def test_distances_stay_where_only_the_main_directions_are_kept() -> None:
    vectors, heap = _heaps(4, 25)
    near = item_tree.reduced(vectors, 3, np.random.default_rng(0))
    assert near.shape == (100, 3)
    apart = np.linalg.norm(near[heap == 0].mean(axis=0) - near[heap == 1].mean(axis=0))
    assert apart == pytest.approx(np.linalg.norm(vectors[heap == 0].mean(axis=0) - vectors[heap == 1].mean(axis=0)), rel=0.1)
