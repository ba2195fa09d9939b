"""A tree of items by what they say: which belong together, from pairs to all of them.

Up to a few thousand items the tree is Ward's of all of them; beyond, of the centroids of groups that a mini-batch k-means makes, since a
full tree of 100,000 items would take 40 GB of distances. A node is a stretch of one order of the items, so that sums over every node are
differences of running sums. Sources: Ward (1963); Sculley (2010), Web-scale k-means clustering; METHODS.md section 6.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Step: TypeAlias = Callable[[int, int], None]

DIRECT = 2_500  # items: a tree of all of them takes a second
_GROUPS = 1_000
_DIMENSIONS = 32  # of the space in which distances are measured
_BATCH = 4_096
_SAMPLE = 2_500  # items in which the main directions are found
_ROUNDS = 12
_ONE_THREAD = 200_000  # multiplications that OpenBLAS still does in the thread that asks


class ItemTree(NamedTuple):
    """order: shape (items,), a permutation. start, stop: shape (nodes,), the stretch of it that is a node's; leaves first, the root last.

    left, right: the two nodes that a node is made of, -1 for a leaf, which is an item or a group of them.
    """

    order: Ints
    start: Ints
    stop: Ints
    left: Ints
    right: Ints

    def items(self, node: int) -> Ints:
        """The items of a node."""
        return self.order[self.start[node] : self.stop[node]]

    @property
    def sizes(self) -> Ints:
        """How many items each node has."""
        return self.stop - self.start


def of_vectors(vectors: Singles, *, seed: int, step: Step = lambda _done, _total: None) -> ItemTree:
    """The tree of items with these vectors. vectors: shape (items, dimensions), rows of any length. The same seed gives the same tree.

    step: told how far it is; it may raise.
    """
    if len(vectors) < 2:
        whole = np.arange(len(vectors))
        return ItemTree(whole, np.zeros(1, np.int64), np.full(1, len(vectors), np.int64), np.full(1, -1), np.full(1, -1))
    rng = np.random.default_rng(seed)
    near = reduced(vectors, _DIMENSIONS, rng)
    if len(near) <= DIRECT:
        return _joined(hierarchy.ward(near.astype(np.float64)), np.arange(len(near)), len(near))
    centres, group = _grouped(near, _GROUPS, rng, step)
    used, group = np.unique(group, return_inverse=True)
    return _joined(hierarchy.ward(centres[used].astype(np.float64)), group, len(used))


def reduced(vectors: Singles, dimensions: int, rng: np.random.Generator) -> Singles:
    """The vectors along the directions in which they differ most, found in a sample of them: distances stay, at a fraction of the cost."""
    sample = vectors if len(vectors) <= _SAMPLE else vectors[np.sort(rng.choice(len(vectors), _SAMPLE, replace=False))]
    middle, main = directions_of(sample, dimensions)
    if vectors.shape[1] <= dimensions:
        whole: Singles = vectors - middle
        return whole
    return product(vectors - middle, main)


def directions_of(sample: Singles, dimensions: int) -> tuple[Singles, Singles]:
    """The middle of vectors, and the directions in which they differ most, shape (their dimensions, dimensions). The same vectors give the
    same directions, signs included."""
    middle = sample.mean(axis=0, dtype=np.float64).astype(np.float32)
    _, directions = np.linalg.eigh(_squares((sample - middle).astype(np.float64)))
    main = directions[:, ::-1][:, :dimensions]
    main *= np.where(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])] < 0, -1.0, 1.0)  # else the sign is the library's choice
    return middle, main.astype(np.float32)


def cut(tree: ItemTree, *, largest: int, keep: Ints) -> list[int]:
    """Nodes that hold every item once: those to keep, which do not overlap, and beside them nodes of at most `largest` items or leaves."""
    kept = set(keep.tolist())
    found, waiting = [], [len(tree.start) - 1]
    while waiting:
        node = waiting.pop()
        around = any(tree.start[node] <= tree.start[one] and tree.stop[one] <= tree.stop[node] for one in kept)
        if node in kept or tree.left[node] < 0 or (not around and tree.stop[node] - tree.start[node] <= largest):
            found.append(node)
        else:
            waiting += [int(tree.right[node]), int(tree.left[node])]
    return found


def _grouped(near: Singles, count: int, rng: np.random.Generator, step: Step) -> tuple[Singles, Ints]:
    """Centres of groups, and the group of each item: a mini-batch k-means whose centres move less the more items they have seen."""
    centres = near[rng.choice(len(near), count, replace=False)].copy()
    seen = np.ones(count, np.float32)
    for one in range(_ROUNDS):
        batch = near[rng.choice(len(near), min(_BATCH, len(near)), replace=False)]
        nearest = _nearest(batch, centres)
        came = np.bincount(nearest, minlength=count).astype(np.float32)
        sums = np.stack([np.bincount(nearest, weights=column, minlength=count) for column in batch.T], axis=1)
        seen += came
        centres += ((sums - came[:, None] * centres) / seen[:, None]).astype(np.float32)
        step(one + 1, _ROUNDS)
    return centres, _nearest(near, centres)


def _nearest(points: Singles, centres: Singles) -> Ints:
    turned, half = np.ascontiguousarray(centres.T), (centres**2).sum(axis=1) / 2
    found = np.empty(len(points), np.int64)
    for some in _slices(len(points), centres.size):
        found[some] = (points[some] @ turned - half).argmax(axis=1)
    return found


def product(points: Singles, directions: Singles) -> Singles:
    """The points along the directions, in slices that stay in one thread. directions: shape (dimensions, any number)."""
    found = np.empty((len(points), directions.shape[1]), np.float32)
    for some in _slices(len(points), directions.size):
        found[some] = points[some] @ directions
    return found


def _squares(points: Floats) -> Floats:
    """The sums of products of columns."""
    found = np.zeros((points.shape[1], points.shape[1]))
    for some in _slices(len(points), found.size):
        found += points[some].T @ points[some]
    return found


def _slices(rows: int, each: int) -> Iterator[slice]:
    """Rows some at a time, of which each takes so many multiplications.

    OpenBLAS gives larger products to threads that spin while they wait for each other: on two busy cores that was measured to take 20 times
    as long.
    """
    size = max(1, _ONE_THREAD // max(each, 1))
    return (slice(start, start + size) for start in range(0, rows, size))


def _joined(merges: Floats, group: Ints, leaves: int) -> ItemTree:
    """The tree of scipy's merges. group: shape (items,), the leaf of each item."""
    sizes = np.zeros(2 * leaves - 1, np.int64)
    sizes[:leaves] = np.bincount(group, minlength=leaves)
    left, right = np.full(len(sizes), -1), np.full(len(sizes), -1)
    left[leaves:], right[leaves:] = merges[:, 0].astype(np.int64), merges[:, 1].astype(np.int64)
    for node in range(leaves, len(sizes)):
        sizes[node] = sizes[left[node]] + sizes[right[node]]
    start = np.zeros(len(sizes), np.int64)
    for node in range(len(sizes) - 1, leaves - 1, -1):  # parents have higher numbers than their parts
        start[left[node]] = start[node]
        start[right[node]] = start[node] + sizes[left[node]]
    order = np.argsort(start[group], kind="stable").astype(np.int64)
    return ItemTree(order, start, start + sizes, left, right)
