"""The map of items: where each lies along the two directions in which items differ most (PCA), the same from run to run.

Axes are found once and then kept: a new item finds its place by them, and no old one moves. Only when there are many times as many items as
the axes were found from are they found anew.
"""

from typing import NamedTuple

import numpy as np

from reviewer.domain.item_tree import Singles, directions_of, product

OUTGROWN = 4  # times as many items as the axes were found from
_SAMPLE = 6_000  # items that axes are found from, at most
_STEPS = 65_535  # of a coordinate as it is kept: finer than a screen at the closest look


class Axes(NamedTuple):
    """middle: shape (dimensions,); along: shape (2, dimensions), of length one each. items: how many they were found from."""

    middle: Singles
    along: Singles
    items: int


def axes_of(vectors: Singles) -> Axes:
    """The axes of items with these vectors, shape (items, dimensions). The same vectors give the same axes, signs included."""
    middle, main = directions_of(vectors[:: max(1, len(vectors) // _SAMPLE)], 2)
    return Axes(middle, np.ascontiguousarray(main.T), len(vectors))


def outgrown(axes: Axes, vectors: Singles) -> bool:
    """Whether these vectors need axes of their own: far more of them, or of another kind."""
    return axes.middle.shape != vectors.shape[1:] or len(vectors) > OUTGROWN * axes.items


def laid(axes: Axes, vectors: Singles) -> Singles:
    """The places of items, shape (items, 2)."""
    return product(vectors - axes.middle, axes.along.T)


def packed(points: Singles) -> tuple[bytes, tuple[float, float, float, float]]:
    """Places in four bytes each, and the box that they lie in: left, bottom, right, top."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.where(high > low, high - low, 1)
    steps = np.round((points - low) / room * _STEPS).astype("<u2")
    return steps.tobytes(), (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def unpacked(content: bytes, box: tuple[float, float, float, float]) -> Singles:
    """What was packed, to a 65,535th of the box."""
    low, high = np.array(box[:2], np.float32), np.array(box[2:], np.float32)
    steps = np.frombuffer(content, "<u2").reshape(-1, 2)
    return (low + steps / np.float32(_STEPS) * (high - low)).astype(np.float32)
