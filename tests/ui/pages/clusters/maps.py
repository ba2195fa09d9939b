"""Maps of many items for tests and for the bench."""

import numpy as np

from reviewer.operations.cluster_overview import ItemMap


def scattered(items: int, *, seed: int = 1) -> ItemMap:
    """Items in 20 heaps, one in ten of them reviewed."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 20, items)
    points = (rng.normal(0, 4, (20, 2))[group] + rng.normal(0, 0.5, (items, 2))).astype(np.float32)
    verdict = np.where(rng.random(items) < 0.1, rng.integers(1, 4, items), 0).astype(np.uint8)
    ids = np.sort(np.frombuffer(rng.bytes(32 * items), "S32"))
    none = np.zeros(items, np.int64)
    return ItemMap(ids, points, group, verdict, none > 0, none, ("m",), "", none, ("2026-05-01", "2026-05-02"))
