"""Axes of the map: along which items differ, kept from run to run; and places in four bytes."""

import numpy as np
import pytest

from reviewer.domain import item_map

RNG = np.random.default_rng(7)
TURNED = np.linalg.svd(RNG.normal(size=(6, 6))).U
VECTORS = (RNG.normal(size=(400, 6)) * (9, 4, 1, 0.5, 0.2, 0.1) @ TURNED.T + 3).astype(np.float32)


def test_items_lie_along_the_directions_in_which_they_differ_most() -> None:
    axes = item_map.axes_of(VECTORS)
    points = item_map.laid(axes, VECTORS)
    assert points.mean(axis=0) == pytest.approx((0, 0), abs=1e-3)
    assert points.std(axis=0) == pytest.approx((9, 4), rel=0.1)
    assert np.abs(axes.along @ TURNED[:, :2]) == pytest.approx(np.eye(2), abs=0.1)
    assert float((points[:, 0] * points[:, 1]).mean()) == pytest.approx(0, abs=1e-2)


def test_neither_the_order_of_items_nor_the_sign_of_a_direction_is_left_to_chance() -> None:
    axes, again = item_map.axes_of(VECTORS), item_map.axes_of(VECTORS[::-1])
    assert again.along == pytest.approx(axes.along, abs=1e-4)
    assert (np.take_along_axis(axes.along, np.abs(axes.along).argmax(axis=1)[:, None], axis=1) > 0).all()


@pytest.mark.parametrize(("items", "dimensions", "needs"), [(400, 6, False), (1_600, 6, False), (1_601, 6, True), (400, 5, True)])
def test_axes_are_found_anew_for_far_more_items_or_another_embedder(items: int, dimensions: int, needs: bool) -> None:
    assert item_map.outgrown(item_map.axes_of(VECTORS), np.zeros((items, dimensions), np.float32)) is needs


def test_places_are_kept_to_a_part_of_the_box_that_no_screen_shows() -> None:
    points = item_map.laid(item_map.axes_of(VECTORS), VECTORS)
    content, box = item_map.packed(points)
    assert len(content) == 4 * len(points)
    room = points.max(axis=0) - points.min(axis=0)
    assert np.abs(item_map.unpacked(content, box) - points).max(axis=0) == pytest.approx((0, 0), abs=float(room.max()) / 60_000)


def test_items_at_one_place_have_a_box_without_room() -> None:
    points = np.full((3, 2), 2.5, np.float32)
    assert item_map.unpacked(*item_map.packed(points)).tolist() == points.tolist()
