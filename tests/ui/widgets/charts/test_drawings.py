"""Drawings: every figure has its place, wherever it is painted, and shapes say what colours say."""

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from reviewer.ui.widgets.charts.drawing import Drawing
from reviewer.ui.widgets.charts.look import Look, on_paper
from reviewer.ui.widgets.charts.series import Across
from tests.ui.widgets.charts.drawings import CURVE, ITEMS, MODELS, ROWS, WEEKS

ONE_WEEK = replace(WEEKS, marks=WEEKS.marks[:1], at=WEEKS.at[:1], written=WEEKS.written[:1])


@pytest.mark.parametrize("drawing", [ROWS, WEEKS, ITEMS, CURVE], ids=["rows", "weeks", "items", "curve"])
@pytest.mark.parametrize(("width", "text_size"), [(200, 100), (560, 100), (560, 200), (1600, 150)])
@pytest.mark.usefixtures("qapp")
def test_each_figure_has_a_place_of_its_own_inside(drawing: Drawing, width: int, text_size: int) -> None:
    look = replace(on_paper(), text_size=text_size)
    size = QSizeF(width, drawing.height(look, width))
    places = drawing.places(look, size)
    assert len(places) == len(drawing.marks)
    assert all(place.width() > 0 and place.height() > 0 for place in places)
    assert all(place.bottom() <= size.height() + 0.5 and place.right() <= size.width() + 0.5 for place in places)
    assert not any(a.adjusted(1, 1, -1, -1).intersects(b.adjusted(1, 1, -1, -1)) for a, b in itertools.pairwise(places))


@pytest.mark.parametrize(("names", "apart"), [(("claude-3-opus-20240229", "claude-3-sonnet-20240229"), True), (("opus", "sonnet"), False)])
@pytest.mark.usefixtures("qapp")
def test_names_that_would_look_alike_have_a_line_of_their_own(names: tuple[str, str], apart: bool) -> None:
    look, width = on_paper(), 380
    rows = replace(ROWS, marks=tuple(mark._replace(name=name) for mark, name in zip(ROWS.marks, names, strict=False)))
    row = rows.places(look, QSizeF(width, rows.height(look, width)))[0].height()
    usual = ROWS.places(look, QSizeF(width, ROWS.height(look, width)))[0].height()
    assert (row > usual) is apart


def test_one_figure_alone_is_seen_though_it_makes_no_band(qapp: QApplication) -> None:
    one = replace(ITEMS, marks=ITEMS.marks[9:10], at=(10,), written=("10",))
    none = replace(one, marks=(one.marks[0]._replace(estimate=None, low=None, high=None),))
    look, size = on_paper(), QSizeF(300, 190)
    seen = []
    for drawing in (one, none):
        image = QImage(300, 190, QImage.Format.Format_RGB32)
        image.fill(look.colour("panel"))
        painter = QPainter(image)
        drawing.paint(painter, look, size)
        painter.end()
        accent = look.colour("accent").rgb()
        seen.append(sum(image.pixel(x, y) == accent for x in range(300) for y in range(190)))
    assert seen[0] > 100
    assert seen[1] == 0


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_a_line_across_reaches_from_side_to_side_with_its_words_beside_it(share: float, qapp: QApplication) -> None:
    later = replace(ITEMS, marks=ITEMS.marks[50:], at=ITEMS.at[50:], written=ITEMS.written[50:])
    held = replace(later, across=(Across(share, "tolerable"),))
    assert held.axis.top == max(later.axis.top, share)
    look, size = on_paper(), QSizeF(400, 190)
    image = QImage(400, 190, QImage.Format.Format_RGB32)
    image.fill(look.colour("panel"))
    painter = QPainter(image)
    held.paint(painter, look, size)
    painter.end()
    bad = look.colour("bad").rgb()
    rows = [sum(image.pixel(x, y) == bad for x in range(400)) for y in range(190)]
    assert max(rows) > 150  # dashes over all of the chart
    line = rows.index(max(rows))
    last = held.places(look, size)[-1]
    assert abs(line - (last.bottom() - share / held.axis.top * last.height())) < 3
    words = [y for y, count in enumerate(rows) if count and abs(y - line) > 2]
    assert words
    assert all(abs(y - line) <= 18 for y in words)


def test_shapes_tell_what_lies_wholly_above_or_below_the_rate_of_all() -> None:
    assert [ROWS.shape(mark) for mark in MODELS[:3]] == [("up", "bad"), ("round", "accent"), ("down", "accent")]
    assert ROWS.shape(MODELS[0]._replace(low=0.1)) == ("round", "accent")
    assert replace(ROWS, whole=None).shape(MODELS[0]) == ("round", "accent")


@pytest.mark.parametrize("drawing", [ROWS, WEEKS, ITEMS, CURVE], ids=["rows", "weeks", "items", "curve"])
def test_larger_text_and_narrow_rooms_ask_for_more_height(drawing: Drawing, qapp: QApplication) -> None:
    assert drawing.height(Look(on_paper().colours, 200), 900) == 2 * drawing.height(on_paper(), 900)
    assert ROWS.height(on_paper(), 300) > ROWS.height(on_paper(), 600)


@pytest.mark.parametrize(
    "drawing",
    [replace(WEEKS, marks=WEEKS.marks[:1], at=WEEKS.at[:1], written=WEEKS.written[:1]), replace(ROWS, marks=()), ROWS, WEEKS, ITEMS, CURVE],
)
def test_painting_leaves_no_painter_in_disorder(drawing: Drawing, qapp: QApplication) -> None:
    image = QImage(300, 400, QImage.Format.Format_RGB32)
    image.fill(0)
    before = image.copy()
    painter = QPainter(image)
    drawing.paint(painter, on_paper(), QSizeF(300, drawing.height(on_paper(), 300)))
    assert painter.end()
    assert image != before
