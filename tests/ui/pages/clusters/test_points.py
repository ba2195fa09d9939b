"""The map as arrays: shapes that differ without their colours, frames of 100,000 items, what is near, what a line goes around."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF
from PySide6.QtWidgets import QApplication

from reviewer.ui.pages.clusters.points import Points
from reviewer.ui.pages.clusters.space import CLOSEST, Space, whole
from reviewer.ui.pages.clusters.stamps import DOT, EDGE, REACH, ROUND, SQUARE, TRIANGLE, Sheet, draw, stamp
from reviewer.ui.theme import Theme
from tests.ui.pages.clusters.maps import scattered

SIZE = QSize(800, 600)
BLUE = QColor("blue")


def _space(points: Points) -> Space:
    return whole(points.box, QSizeF(SIZE), edge=20, foot=30)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_hundred_thousand_items_are_painted_well_before_a_call_each_would_be_done(theme: Theme, ratio: float) -> None:
    points = Points(theme, scattered(100_000))
    points.colour_by("verdict")
    space, took = _space(points), []
    for step in range(6):  # the best of them, by the time of this thread: a machine may do much else beside the tests
        space = space.zoomed(1.05, QPointF(300, 200)) if step < 3 else space.moved(QPointF(9, 4))
        start = time.thread_time()
        image = points.image(space, SIZE, ratio)
        took.append(time.thread_time() - start)
        assert image.size() == SIZE * ratio
    called = _painted_by_calls(points, space, ratio)
    assert min(took) < called / 5
    start = time.thread_time()
    assert points.nearest(space, QPointF(300, 200)) is not None
    assert time.thread_time() - start < called / 5


def _painted_by_calls(points: Points, space: Space, ratio: float) -> float:
    """Seconds of this thread for the same frame made the usual way: one call of a painter for each item."""
    image = QImage(SIZE * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    start = time.thread_time()
    across, down = space.across(points.seen.points[:, 0]).tolist(), space.down(points.seen.points[:, 1]).tolist()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    for at in zip(across, down, strict=True):
        draw(painter, ROUND, BLUE, QPointF(*at), 2.0)
    painter.end()
    return time.thread_time() - start


def test_shapes_are_told_apart_without_their_colours(qapp: QApplication) -> None:
    del qapp
    masks = {}
    for shape in (ROUND, TRIANGLE, SQUARE):
        made = stamp(shape, BLUE, 5)
        masks[shape] = set(zip(made.down.tolist(), made.right.tolist(), strict=True))
    for one, other in ((ROUND, TRIANGLE), (ROUND, SQUARE), (TRIANGLE, SQUARE)):
        apart = masks[one] ^ masks[other]
        assert len(apart) > 0.2 * len(masks[one] | masks[other])


def test_the_largest_shape_fits_the_edge_and_one_over_the_side_does_not_come_in_at_the_other(qapp: QApplication) -> None:
    del qapp
    large = stamp(SQUARE, BLUE, 99)
    assert max(np.abs(large.down).max(), np.abs(large.right).max()) <= EDGE / 2
    assert stamp(DOT, BLUE, REACH).down.max() < EDGE / 2
    sheet = Sheet(100, 60)
    x, y = np.array([-2, 101, 50, 5000], np.float32), np.array([30, 30, -3, 7], np.float32)
    assert sheet.put(stamp(ROUND, BLUE, 6), x, y) == 3
    image = sheet.image(1)
    there = {(left, top) for left in range(100) for top in range(60) if image.pixelColor(left, top).alpha()}
    assert {(0, 30), (99, 30), (50, 0)} <= there
    assert all(left < 6 or left > 93 or top < 6 for left, top in there)


def test_items_are_found_by_pixel_by_direction_and_by_id(theme: Theme) -> None:
    seen = scattered(50)
    points = Points(theme, seen)
    space = _space(points)
    for place in (0, 17, 49):
        assert points.nearest(space, space.pixel(points.at(place)), within=1) is not None
        assert points.place_of(points.id_of(place)) == place
    assert points.nearest(space, QPointF(-500, -500), within=10) is None
    assert points.place_of("00" * 32) is None
    right = points.next_to(0, 1, 0)
    assert right == 0 or seen.points[right, 0] > seen.points[0, 0]
    most_right = int(seen.points[:, 0].argmax())
    assert points.next_to(most_right, 1, 0) == most_right
    with_ids = {points.id_of(place) for place in range(50)}
    assert len(with_ids) == 50
    assert all(len(name) == 64 for name in with_ids)


def test_a_line_chooses_what_is_inside_it_and_nothing_else(theme: Theme) -> None:
    seen = scattered(3_000)
    points = Points(theme, seen)
    space = _space(points)
    corners = [QPointF(200, 150), QPointF(500, 150), QPointF(500, 400), QPointF(200, 400)]
    points.mark_within(space, QPolygonF(corners), SIZE)
    x, y = space.across(seen.points[:, 0]), space.down(seen.points[:, 1])
    inside = set(np.flatnonzero((x > 201) & (x < 499) & (y > 151) & (y < 399)).tolist())
    near = set(np.flatnonzero((x > 198) & (x < 502) & (y > 148) & (y < 402)).tolist())
    assert inside <= set(points.marked.tolist()) <= near
    assert len(inside) > 50
    reviewed = int(np.isin(seen.verdict[points.marked], (1, 2)).sum())
    assert points.told_of_marked().startswith(f"{len(points.marked):,} items chosen: {reviewed:,} reviewed")
    points.mark_none()
    assert points.told_of_marked() == ""


def test_zooming_holds_what_is_under_the_pointer_and_ends_where_all_is_seen() -> None:
    space = whole(QRectF(-4, -2, 8, 6), QSizeF(SIZE), edge=10, foot=20)
    at = QPointF(333, 210)
    closer = space.zoomed(3, at)
    assert closer.place(at).toTuple() == pytest.approx(space.place(at).toTuple(), abs=1e-6)
    assert closer.zoomed(1e9, at).zoom == CLOSEST
    assert closer.zoomed(1e-9, at) == space
    far = closer.showing(QPointF(4, 4))
    assert closer.room.adjusted(-1, -1, 1, 1).contains(far.pixel(QPointF(4, 4)))
    assert space.pixel(QPointF(0, 1)).y() < space.pixel(QPointF(0, 0)).y()
