"""Judges as charts and words: their errors against people, what their scores are worth, and the rate that they help to estimate."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import shown
from reviewer.ui.pages.insights.rates import points, sentence
from reviewer.ui.widgets.charts.interval_rows import IntervalRows
from reviewer.ui.widgets.charts.marks import Mark, limits, percent
from reviewer.ui.widgets.charts.reliability import ReliabilityCurve
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.domain.anchoring import Effect
    from reviewer.domain.differences import WeightedShare
    from reviewer.operations.estimating import CampaignEstimate
    from reviewer.operations.instruments import Checked, Measured

_NAME = 60  # characters of a judge's name that are shown
_MEASURES = (
    ("Sensitivity", "of what people call non-compliant, the share that it flags", "no item of these is non-compliant by people's answers"),
    ("Specificity", "of what people call compliant, the share that it passes", "no item of these is compliant by people's answers"),
    ("Precision (PPV)", "of what it flags, the share that people call non-compliant", "it flagged no item of these"),
)
"""Name, what it is, and why there may be none."""


class Judged(NamedTuple):
    """All judges of a campaign. mark: of when they were measured; as long as it is the same, nothing has moved."""

    checked: "Checked"
    mark: str


class Assisted(NamedTuple):
    """The rate of all with the help of a judge, by the campaign's id and the judge's name. reason: why there is no such estimate."""

    campaign: str
    judge: str
    estimate: "CampaignEstimate | None"
    reason: str


def first(found: "Checked") -> str:
    """The judge that is shown unasked, the one measured on most items; empty without any."""
    return max(found.judges, key=lambda one: (one.n, one.judged)).judge if found.judges else ""


def choices(found: "Checked") -> list[tuple[str, str]]:
    """The judges to choose from, words and name of each."""
    return [(shown(one.judge, _NAME), one.judge) for one in found.judges]


def hidden(found: "Checked") -> str:
    """What is said where the viewer may know of no judge yet."""
    return f"What judges say is hidden from you while {count(found.hidden, 'item waits', 'items wait')} for your own blind label."


def errors(found: "Checked", one: "Measured", query: str) -> IntervalRows:
    """Sensitivity, specificity and precision, the positive predictive value. query: finds the labels that it was measured by."""
    title = f"Judge {shown(one.judge, _NAME)} against people"
    if one.accuracy is None:
        return IntervalRows(title, (), "Measure")
    shares: tuple[WeightedShare, ...] = (one.accuracy.sensitivity, one.accuracy.specificity, one.accuracy.positive_value)
    marks = tuple(
        Mark(name, share.value, share.low, share.high, share.n, None, found.basis, without, query, what)
        for (name, what, without), share in zip(_MEASURES, shares, strict=True)
    )
    return IntervalRows(title, marks, "Measure", figure="share")


def below_errors(found: "Checked", one: "Measured") -> str:
    """What the errors rest on, what was left out, and whether reviewers follow the judge."""
    if one.accuracy is None:
        said = [f"No errors are measured: {one.reasons['accuracy']}."]
    else:
        weighed = ", weighted by the chance with which they were drawn" if found.weighted else ""
        said = [f"Measured on {count(one.n, 'item')} with an answer by blind labels{weighed}."]
    if one.silent:
        said.append(f"Of {count(one.silent, 'drawn item')} it gave no verdict.")
    if one.differing:
        said.append(f"{count(one.differing, 'item is', 'items are')} left out: it said different things of them.")
    if found.hidden:
        said.append(f"{count(found.hidden, 'item is', 'items are')} left out: they wait for your own blind label.")
    said.extend(_following(one))
    return " ".join(said)


def _following(one: "Measured") -> list[str]:
    """Whether reviewers go by what it says, as far as there are labels to compare."""
    found = one.following
    effect = found.all
    if effect.difference is None:
        return [f"Whether reviewers follow it cannot be said: {found.reasons['following']}."]
    chance = "Chance decided who saw it." if found.randomised else "Chance did not decide who saw it, so this need not be its doing."
    said = [
        f"Labels given with its suggestion in view agree with it in {effect.shown.yes:,} of {effect.shown.n:,} cases, blind ones in"
        f" {effect.blind.yes:,} of {effect.blind.n:,}: difference {_apart(effect)}. {chance}"
    ]
    if found.randomised and found.wrong.difference is not None:
        said.append(f"Where it is wrong by a known answer, the difference is {_apart(found.wrong)}.")
    return said


def _apart(effect: "Effect") -> str:
    assert effect.difference is not None
    return f"{points(effect.difference.value)} points ({points(effect.difference.low)} to {points(effect.difference.high)})"


def reliability(found: "Checked", one: "Measured") -> ReliabilityCurve:
    """Of items with about the same score, the share that people call non-compliant."""
    title = f"Reliability of the scores of {shown(one.judge, _NAME)}"
    bins = () if one.curve is None else one.curve.bins
    marks = tuple(
        Mark(f"mean score {each.score:.2f}", each.share.value, each.share.low, each.share.high, each.share.n, None, found.basis)
        for each in bins
    )
    return ReliabilityCurve(
        title, marks, tuple(each.score for each in bins), "mean score; upwards, the share that people call non-compliant"
    )


def below_reliability(one: "Measured") -> str:
    """By how much the scores are off; why there is no curve, where there is none."""
    if one.curve is None:
        return f"No reliability curve: {one.reasons['curve']}."
    curve = one.curve
    off = f"{points(curve.ece)} points ({points(curve.low)} to {points(curve.high)})"
    items = count(sum(each.share.n for each in curve.bins), "item")
    return f"Expected calibration error {off}: {items} in bins a tenth wide, limits by bootstrap over items."


def assisted(found: Assisted) -> str:
    """“Judge-assisted estimate 13.9% (11.2% to 16.7%), by gpt@2”; without a valid basis, the reason."""
    estimate = found.estimate
    if estimate is None:
        return f"No judge-assisted estimate. {found.reason}"
    if estimate.method != "ppi" or estimate.low is None:
        why = estimate.notes[0] if estimate.notes else sentence(estimate.reason or "no interval")
        return f"No judge-assisted estimate. {why}"
    figure = f"{percent(estimate.estimate)} ({limits(estimate.low, estimate.high)})"
    return f"Judge-assisted estimate {figure}, by {shown(found.judge, _NAME)}."


def basis(found: Assisted) -> str:
    """What the judge-assisted estimate rests on; empty where there is none."""
    estimate = found.estimate
    known = estimate is not None and estimate.method == "ppi" and estimate.low is not None
    return f"The judge-assisted estimate of the violation rate: {estimate.basis}." if estimate is not None and known else ""


def caption(found: "Checked", judge: str) -> str:
    """What the figures of a judge rest on, for a file."""
    return f"{shown(found.campaign, 80)}. Judge {shown(judge, _NAME)}. {sentence(found.basis)}"
