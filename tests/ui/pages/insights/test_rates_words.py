"""Rates as charts: in which order, at which day, with which policy version, and what is said where there is no figure."""

from datetime import date
from typing import Any

import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.estimates import Apart
from reviewer.operations.certainty import Certainty, Step
from reviewer.operations.estimating import CampaignEstimate, Difference, Value
from reviewer.operations.policies import PolicyStanding
from reviewer.storage.policies import Version
from reviewer.ui.pages.insights import rates
from reviewer.ui.pages.insights.rates import Rates

HASH = EntryHash("0" * 64)
DAY_MS = 1_790_000_000_000  # 21 September 2026


def whole(**more: Any) -> CampaignEstimate:
    """20 of 100 broken, of 1,000."""
    usual: dict[str, Any] = {
        "campaign": "C", "id": HASH, "estimate": 0.2, "low": 0.14, "high": 0.28, "confidence": 0.95, "method": "exact",
        "basis": "simple random sample, 100 of 1,000 items, exact hypergeometric", "reason": None, "n": 100, "population": 1_000,
        "sampled": 110, "answered": 100, "open": 8, "unsure": 2, "low_if": 0.18, "high_if": 0.27, "judge": None, "by_field": "model",
        "by": (), "query": "q", "design": "srs", "policy_at_fault": 0, "not_blind": 0, "damaged": 0, "hidden": 0, "notes": (),
        "by_test": None,
    }  # fmt: skip
    fields = {**usual, **more}
    return CampaignEstimate(**{name: fields[name] for name in CampaignEstimate._fields if name in fields})


def value(name: str, estimate: float | None, low: float | None = None, high: float | None = None, reason: str | None = None) -> Value:
    return Value(name, estimate, low, high, 10, 50, "exact", "basis", reason, f"model:{name}")


def version(number: int, effective: str | None, *, activated: bool = True) -> Version:
    return Version(HASH, number, "Airline", effective, 1, "", "", DAY_MS, frozenset(), False, activated)


def found(**more: Any) -> Rates:
    fields: dict[str, Any] = {
        "whole": whole(), "by": (), "by_reason": "", "unit": "week", "over_time": (), "time_reason": "", "fields": (), "policies": (),
        "certainty": Certainty(HASH, (), 1_000, 0.95, "b", "No item yet.", "q"), "mark": "",
    }  # fmt: skip
    return Rates(**{**fields, **more})


def test_the_highest_rate_comes_first_and_what_lies_apart_from_the_rate_of_all_is_said() -> None:
    by = (
        value("b", 0.1, 0.0, 0.15),
        value("none", None, reason="no item with an answer"),
        value("a", 0.5, 0.3, 0.7),
        value("", 0.2, 0.1, 0.3),
    )
    drawing = rates.by_field(found(by=by))
    assert [(mark.name, mark.note) for mark in drawing.marks] == [
        ("a", "its whole interval lies above the rate of all"),
        ("none given", ""),
        ("b", "its whole interval lies below the rate of all"),
        ("none", ""),
    ]
    assert drawing.whole == 0.2
    assert rates.below_field(found(by=by)) == "The dashed line is the rate of all, 20.0%."
    assert rates.below_field(found(by_reason="Hidden. Ask a lead.")) == "Hidden. Ask a lead."


def test_whether_the_values_differ_is_said_where_it_was_tested() -> None:
    def said(p: float | None) -> str:
        return rates.below_field(found(whole=whole(by_test=Apart(3, 4.2, 1.9, 97.0, p, None))))

    assert said(0.0164).startswith(
        "Taken together, the rates of the 3 values with answers enough differ by more than chance explains (p = 0.016, Rao and Scott). The"
    )
    assert "are not shown to differ (p = 0.412," in said(0.412)
    assert "p < 0.001" in said(1e-9)
    assert said(None) == "The dashed line is the rate of all, 20.0%."


def test_many_values_are_counted_beyond_those_that_are_shown() -> None:
    many = found(by=tuple(value(f"model {n}", n / 1_000, 0.0, 0.5) for n in range(300)))
    assert len(rates.by_field(many).marks) == 40
    assert rates.below_field(many).startswith("And 260 more: `reviewer estimate --by` lists all.")


def test_a_policy_version_stands_at_its_first_day_and_is_told_with_its_week() -> None:
    weeks = (value("2026-10-26", 0.2, 0.1, 0.3), value("2026-11-02", 0.1, 0.0, 0.2), value("", 0.3, 0.1, 0.5))
    policies = (PolicyStanding("airline", (version(1, None), version(2, "2026-11-03"), version(3, "2026-11-04", activated=False))),)
    drawing = rates.over_time(found(over_time=weeks, policies=policies))
    assert [mark.name for mark in drawing.marks] == ["week of 26 Oct 2026", "week of 2 Nov 2026"]
    assert [mark.note for mark in drawing.marks] == ["", "version 2 of policy airline holds from 3 Nov 2026"]
    assert [(one.word, date.fromordinal(one.at).isoformat()) for one in drawing.happened] == [("v1", "2026-09-21"), ("v2", "2026-11-03")]
    assert rates.below_time(found(over_time=weeks)) == "50 items have no time and are not in it."


def test_months_are_named_by_themselves_and_items_without_a_time_are_no_chart() -> None:
    months = (value("2026-05", 0.2, 0.1, 0.3), value("2026-06", None, reason="no item with an answer"))
    assert [mark.name for mark in rates.over_time(found(over_time=months, unit="month")).marks] == ["May 2026", "Jun 2026"]
    timeless = found(over_time=(value("", 0.2, 0.1, 0.3),))
    assert rates.over_time(timeless).marks == ()
    assert rates.below_time(timeless) == "No item of the campaign has a time."


def test_limits_item_by_item_end_with_what_holds_whenever_one_stops() -> None:
    steps = (Step(1, None, 0.0, 1.0), Step(5, 0.2, 0.05, 0.8), Step(9, 0.25, 0.1, 0.6))
    sure = found(certainty=Certainty(HASH, steps, 1_000, 0.95, "betting", None, "q"))
    drawing = rates.certainty(sure)
    assert [(mark.name, mark.estimate, mark.high) for mark in drawing.marks][:2] == [
        ("after 1 item", None, 1.0),
        ("after 5 items", 0.2, 0.8),
    ]
    assert (drawing.at, drawing.step, drawing.dots) == ((1, 5, 9), 4, False)
    assert rates.below_certainty(sure) == (
        "After 9 items, as chance drew them: 10.0% to 60.0% holds whenever you stop. "
        "It ends at the first item in that order that is still open."
    )
    assert rates.below_certainty(found()) == "No item yet."


@pytest.mark.parametrize(
    ("tolerable", "said"),
    [
        (0.85, "It was known to be below the tolerable 85% after 5 items: you may stop."),
        (0.07, "It was known to be above the tolerable 7% after 9 items: you may stop."),
        (0.3, "Whether that is below the tolerable 30% is not known yet: go on."),
    ],
)
def test_a_tolerable_rate_has_its_line_and_words_that_say_whether_one_may_stop(tolerable: float, said: str) -> None:
    steps = (Step(1, None, 0.0, 1.0), Step(5, 0.2, 0.05, 0.8), Step(9, 0.25, 0.1, 0.6))
    sure = found(certainty=Certainty(HASH, steps, 1_000, 0.95, "betting", None, "q"))
    assert rates.below_certainty(sure, tolerable).endswith(f"is still open. {said}")
    drawing = rates.certainty(sure, tolerable)
    assert drawing.across == ((tolerable, f"tolerable {100 * tolerable:g}%"),)
    assert drawing.axis.top >= tolerable


@pytest.mark.parametrize(
    ("difference", "low", "high", "words"),
    [
        (0.131, 0.012, 0.26, "a is worse than b: difference 13.1 points (1.2 to 26.0)."),
        (-0.131, -0.26, -0.012, "a is better than b: difference −13.1 points (−26.0 to −1.2)."),
        (0.1, -0.02, 0.22, "Whether a or b is worse cannot be said: difference 10.0 points (−2.0 to 22.0)."),
        (None, None, None, "a and b cannot be compared: “b”: no answer."),
    ],
)
def test_a_difference_says_no_more_than_its_interval_allows(
    difference: float | None, low: float | None, high: float | None, words: str
) -> None:
    two = (value("a", 0.3, 0.2, 0.4), value("b", 0.2, 0.1, 0.3))
    assert rates.difference(Difference("C", "model", *two, difference, low, high, 0.95, "hybrid", "", "“b”: no answer")) == words
    assert rates.pair_of_two(found(by=two)) == two
    assert rates.pair_of_two(found(by=(*two, value("c", 0.1, 0.0, 0.2)))) is None


def test_without_a_figure_its_reason_stands_in_its_place() -> None:
    none = whole(estimate=None, low=None, high=None, reason="no drawn item has an answer yet", basis="", n=0, low_if=None, high_if=None)
    assert (rates.interval(none), rates.basis(none), rates.besides(none)) == ("No drawn item has an answer yet.", "", "")
    assert "8 open and 2 unsure all compliant, 18.0%; were none, 27.0%." in rates.besides(whole())
    assert rates.caption(found()).startswith("C. Of all items: 20.0%, 95% interval 14.0% to 28.0%. Simple random sample, 100 of 1,000")
