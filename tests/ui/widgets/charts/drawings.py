"""Drawings to test with: five models, six weeks of which one has no figure, items one by one, and the scores of a judge."""

from datetime import date, timedelta

from reviewer.ui.widgets.charts.interval_rows import IntervalRows
from reviewer.ui.widgets.charts.marks import Mark
from reviewer.ui.widgets.charts.reliability import ReliabilityCurve
from reviewer.ui.widgets.charts.series import Happened, Series

BASIS = "Simple random sample; exact hypergeometric limits, 95%"
MODELS = (
    Mark("gpt-4o-2024-05", 0.241, 0.15, 0.397, 41, 400, BASIS, query="model:gpt-4o-2024-05"),
    Mark("gpt-4o-2024-08", 0.11, 0.04, 0.23, 44, 500, BASIS, query="model:gpt-4o-2024-08"),
    Mark("sonnet", 0.01, 0.0, 0.05, 41, 500, BASIS, query="model:sonnet"),
    Mark("never drawn", None, None, None, 0, 20, "", "no item of it has an answer"),
    Mark("rare", None, 0.0, 0.2, 12, 20, BASIS, "fewer than 5 violations: the interval alone is shown", query="model:rare"),
)
ROWS = IntervalRows("Violation rate by model", MODELS, "Model", 0.146)
DAYS = tuple(date(2026, 10, 5) + timedelta(weeks=week) for week in range(6))
_RATES = (0.15, 0.18, None, 0.13, 0.12, 0.15)
WEEKS = Series(
    "Violation rate by week",
    tuple(
        Mark(f"week of {day}", None, None, None, 0, 200, reason="nothing was labelled")
        if rate is None
        else Mark(f"week of {day}", rate, rate - 0.08, rate + 0.1, 20, 200, BASIS, query=f"time>={day}")
        for day, rate in zip(DAYS, _RATES, strict=True)
    ),
    tuple(day.toordinal() for day in DAYS),
    tuple(f"{day:%d %b}" for day in DAYS),
    7,
    (Happened(date(2026, 11, 3).toordinal(), "airline v2", "policy airline, version 2"),),
)
ITEMS = Series(
    "How sure are we",
    tuple(Mark(f"after {n:,} items", 0.1, max(0.1 - 1 / n, 0.0), min(0.1 + 1 / n, 1.0), n, 200, BASIS, query="q") for n in range(1, 101)),
    tuple(range(1, 101)),
    tuple(f"{n:,}" for n in range(1, 101)),
    1,
    dots=False,
)
_SCORES = ((0.04, 0.0, 30), (0.15, 0.2, 20), (0.52, 0.4, 5), (0.97, 0.9, 40))
CURVE = ReliabilityCurve(
    "Reliability of the scores of gpt@2",
    tuple(
        Mark(f"mean score {score:.2f}", share, max(share - 0.1, 0.0), min(share + 0.1, 1.0), n, None, BASIS) for score, share, n in _SCORES
    ),
    tuple(score for score, _, _ in _SCORES),
    "mean score",
)
