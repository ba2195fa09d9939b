"""Clusters that are planted, and how often they are found: `python -m tests.bench.planted_clusters --runs 1000 [--seed S]`.

A world is 2,000 items in 25 heaps of 16 dimensions, of which 5 % break the policy; beside one heap a small one is planted that breaks it
more often. A hit is a flagged node with half of its items planted and half of the planted items in it; a false alarm any flag where nothing
is planted. METHODS.md section 6. The same worlds stand behind every run with one seed; `tests/bench/test_planted_clusters.py` is the short
form.
"""

import argparse
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from reviewer.domain import confirming, item_tree, tree_scan
from reviewer.domain.confirming import Counted
from reviewer.domain.item_tree import Bools, Ints, ItemTree, Singles
from reviewer.domain.proportions import clopper_pearson

ITEMS, HEAPS, DIMENSIONS, USUAL = 2_000, 25, 16, 0.05
FIRST, FRESH = 400, 200  # labels of the first stage, and of the second
ALPHA = 0.05
_REPLICATIONS = 199


class Setting(NamedTuple):
    """What is planted and how it is looked for. wanted: the least share of hits, or the largest of false alarms, that the limit of a full
    run must keep to."""

    name: str
    planted: int
    rate: float
    find: "Callable[[World, np.random.Generator], list[int]]"
    wanted: float


class World(NamedTuple):
    """vectors: shape (items, dimensions); planted, broken: of each item."""

    vectors: Singles
    planted: Bools
    broken: Bools
    tree: ItemTree


def world(planted: int, rate: float, rng: np.random.Generator) -> World:
    """A world by chance."""
    centres = 4 * rng.normal(size=(HEAPS, DIMENSIONS))
    vectors = centres[rng.integers(HEAPS, size=ITEMS)] + rng.normal(size=(ITEMS, DIMENSIONS))
    of_them = np.zeros(ITEMS, np.bool_)
    of_them[rng.choice(ITEMS, planted, replace=False)] = True
    beside = centres[0] + 1.5 * rng.normal(size=DIMENSIONS)
    vectors[of_them] = beside + 0.7 * rng.normal(size=(planted, DIMENSIONS))
    broken = rng.random(ITEMS) < np.where(of_them, rate, USUAL)
    near = vectors.astype(np.float32)
    return World(near, of_them, broken, item_tree.of_vectors(near, seed=int(rng.integers(1 << 30))))


def by_scan(given: World, rng: np.random.Generator, labels: int = ITEMS) -> list[int]:
    """The nodes that the scan flags, with that many labels."""
    labelled = np.sort(rng.choice(ITEMS, labels, replace=False))
    found = tree_scan.scan(given.tree, labelled, given.broken[labelled], rng=rng, replications=_REPLICATIONS)
    return [int(found.node[one]) for one in tree_scan.apart(given.tree, found, most=20) if found.p[one] <= ALPHA]


def by_second_look(given: World, rng: np.random.Generator) -> list[int]:
    """The nodes that fresh labels confirm: FIRST labels choose them, FRESH decide."""
    labelled = np.sort(rng.choice(ITEMS, FIRST, replace=False))
    best = confirming.candidates(given.tree, labelled, given.broken[labelled])
    left = [np.setdiff1d(given.tree.items(node), labelled) for node in best]
    shares = _shared_out(FRESH, np.array([len(items) for items in left], np.int64))
    drawn = [rng.choice(items, share, replace=False) for items, share in zip(left, shares, strict=True)]
    fresh = [Counted(int(given.broken[items].sum()), len(items)) for items in drawn]
    held = confirming.confirm(fresh, Counted(int(given.broken[labelled].sum()), FIRST))
    return [node for node, said in zip(best, held, strict=True) if said.adjusted <= ALPHA]


def _shared_out(size: int, room: Ints) -> Ints:
    """How many of `size` fresh labels each region gets: the same for all, and what one has no room for goes to the others."""
    given = np.zeros(len(room), np.int64)
    left = min(size, int(room.sum()))
    while left > 0:
        open_ = np.flatnonzero(given < room)
        more = np.minimum(room[open_] - given[open_], max(1, left // len(open_)))
        more = np.where(np.cumsum(more) <= left, more, 0)
        given[open_] += more
        left -= int(more.sum())
    return given


SETTINGS = (
    Setting("60 planted at .30, second look", 60, 0.30, by_second_look, 0.45),
    Setting("30 planted at .50, second look", 30, 0.50, by_second_look, 0.60),
    Setting("60 planted at .30, all labelled", 60, 0.30, by_scan, 0.87),
    Setting("nothing planted, second look", 0, USUAL, by_second_look, 0.07),
    Setting("nothing planted, scan of 600 labels", 0, USUAL, lambda given, rng: by_scan(given, rng, 600), 0.07),
)


class Found(NamedTuple):
    """Of `runs` worlds, how many had a flag, and how many a hit."""

    runs: int
    flags: int
    hits: int


def measured(setting: Setting, runs: int, seed: int) -> Found:
    """Look at that many worlds."""
    flags = hits = 0
    for run in range(runs):
        rng = np.random.default_rng([seed, setting.planted, run])
        given = world(setting.planted, setting.rate, rng)
        nodes = setting.find(given, rng)
        flags += bool(nodes)
        hits += any(_is_hit(given, node) for node in nodes)
    return Found(runs, flags, hits)


def _is_hit(given: World, node: int) -> bool:
    items = given.tree.items(node)
    inside = int(given.planted[items].sum())
    return 0 < len(items) <= 2 * inside and int(given.planted.sum()) <= 2 * inside


def keeps(setting: Setting, found: Found) -> tuple[bool, float]:
    """Whether the 95 % limit keeps to what is wanted, and that limit: the lower one of hits, the upper one of false alarms."""
    limits = clopper_pearson(found.hits if setting.planted else found.flags, found.runs)
    assert limits is not None
    limit = limits.low if setting.planted else limits.high
    return (limit >= setting.wanted if setting.planted else limit <= setting.wanted), limit


def main() -> int:
    """Measure every setting and print a line of each. Returns 1 where one does not keep to what is wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.planted_clusters", description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the worlds; fresh ones by default")
    wanted = parser.parse_args()
    print(f"{wanted.runs:,} worlds each, seed {wanted.seed}")
    failed = 0
    for setting in SETTINGS:
        found = measured(setting, wanted.runs, wanted.seed)
        good, limit = keeps(setting, found)
        failed += not good
        side = f"lower limit {limit:.3f}, wanted >= " if setting.planted else f"upper limit {limit:.3f}, wanted <= "
        print(
            f"{setting.name}: flagged {found.flags / found.runs:.3f}, hit {found.hits / found.runs:.3f}; {side}{setting.wanted:.2f}",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
