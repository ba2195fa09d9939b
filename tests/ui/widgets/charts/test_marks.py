"""What is said of a figure: its value, what it rests on, or why there is none."""

import pytest

from reviewer.ui.widgets.charts.axis import axis_for, ticked
from reviewer.ui.widgets.charts.marks import told, value
from tests.ui.widgets.charts.drawings import MODELS


def test_a_figure_is_told_with_its_interval_its_number_and_its_basis() -> None:
    note = MODELS[0]._replace(note="above the rate of all")
    assert told(note) == (
        "24.1% (15.0% to 39.7%), 41 of 400 items. Above the rate of all. Simple random sample; exact hypergeometric limits, 95%."
    )


def test_where_there_is_no_figure_the_reason_stands_in_its_place() -> None:
    assert told(MODELS[3]) == "No item of it has an answer, 0 of 20 items."
    assert value(MODELS[4]) == "0.0% to 20.0%"
    assert "Fewer than 5 violations: the interval alone is shown." in told(MODELS[4])
    assert value(MODELS[0]._replace(low=None, high=None, reason="one item has no interval")) == "24.1% (one item has no interval)"


@pytest.mark.parametrize(
    ("highest", "top", "lines"),
    [
        (0.0, 0.01, ["0%", "0.5%", "1%"]),
        (0.397, 0.4, ["0%", "10%", "20%", "30%", "40%"]),
        (0.4, 0.4, ["0%", "10%", "20%", "30%", "40%"]),
        (0.41, 0.5, ["0%", "10%", "20%", "30%", "40%", "50%"]),
        (1.0, 1.0, ["0%", "25%", "50%", "75%", "100%"]),
    ],
)
def test_the_scale_ends_at_the_next_round_share(highest: float, top: float, lines: list[str]) -> None:
    axis = axis_for(highest)
    assert axis.top == top
    assert [ticked(round(share, 6)) for share in axis.lines()] == lines
