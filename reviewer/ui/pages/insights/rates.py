"""Rates as charts and words: of all items, of each value of a field, and over time with the policy versions that came meanwhile."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import shown
from reviewer.ui.widgets.charts.interval_rows import IntervalRows
from reviewer.ui.widgets.charts.marks import Mark, limits, percent
from reviewer.ui.widgets.charts.series import Across, Happened, Series
from reviewer.ui.widgets.times import count, day

if TYPE_CHECKING:
    from reviewer.operations.certainty import Certainty
    from reviewer.operations.estimating import CampaignEstimate, Difference, Value
    from reviewer.operations.policies import PolicyStanding

FIELDS = (("agent", "agent"), ("model", "model"), ("clause", "clause"), ("kind", "kind"))
"""What every item may have, words and name of each; fields of the metadata follow."""

_NAME = 60  # characters of a value that are shown
_MOST = 40  # rows of a chart; the rest is counted
_STEPS = {"day": 1, "week": 7, "month": 31}
_NO_VALUE = "none given"


class Rates(NamedTuple):
    """All rates of a campaign. by_reason, time_reason: why there are none by the field, or over time. unit: week or month.

    fields: of the metadata of its items. policies: those of the campaign, with their versions. mark: of when it was counted; as long as it
    is the same, nothing has moved.
    """

    whole: "CampaignEstimate"
    by: "tuple[Value, ...]"
    by_reason: str
    unit: str
    over_time: "tuple[Value, ...]"
    time_reason: str
    fields: tuple[str, ...]
    policies: "tuple[PolicyStanding, ...]"
    certainty: "Certainty"
    mark: str


def interval(found: "CampaignEstimate") -> str:
    """“95% interval 9.8% to 20.4%”; why there is none, where there is none."""
    between = limits(found.low, found.high)
    return f"{100 * found.confidence:g}% interval {between}" if between else sentence(found.reason or "no interval")


def basis(found: "CampaignEstimate") -> str:
    """What the figure rests on: the design, how many of how many, and how the interval was made."""
    return sentence(found.basis) if found.n and found.basis else ""


def besides(found: "CampaignEstimate") -> str:
    """What the items without an answer could do to it, and what was left out."""
    without = found.open + found.unsure
    said = list(found.notes)
    if found.reason and limits(found.low, found.high):
        said.insert(0, sentence(found.reason))
    if without and found.low_if is not None and found.high_if is not None:
        parts = " and ".join(f"{one:,} {word}" for one, word in ((found.open, "open"), (found.unsure, "unsure")) if one)
        said.append(f"Were the {parts} all compliant, {percent(found.low_if)}; were none, {percent(found.high_if)}.")
    return " ".join(said)


def choices(found: Rates) -> list[tuple[str, str]]:
    """The fields that there are, words and name of each."""
    return [*FIELDS, *((shown(name, _NAME), name) for name in found.fields if (name, name) not in FIELDS)]


def ordered(found: Rates) -> "list[Value]":
    """The values that have a row, the highest rate first, those without a figure last."""
    return sorted(found.by, key=lambda one: (one.estimate is None, -(one.estimate or 0), -(one.high or 0)))[:_MOST]


def pair_of_two(found: Rates) -> "tuple[Value, Value] | None":
    """The two values, the higher rate first, where just two have a figure: then nobody chose which to compare."""
    known = [one for one in ordered(found) if one.estimate is not None]
    return (known[0], known[1]) if len(known) == 2 and found.whole.by_field != "clause" else None


def difference(found: "Difference") -> str:
    """“gpt-4o-2024-05 is worse than gpt-4o-2024-08: difference 13.1 points (1.2 to 26.0)”; no more than the interval allows."""
    a, b = (shown(one.value, _NAME) or _NO_VALUE for one in (found.a, found.b))
    if found.difference is None or found.low is None or found.high is None:
        return f"{a} and {b} cannot be compared: {found.reason}."
    between = f"difference {points(found.difference)} points ({points(found.low)} to {points(found.high)})"
    if found.low > 0:
        return f"{a} is worse than {b}: {between}."
    if found.high < 0:
        return f"{a} is better than {b}: {between}."
    return f"Whether {a} or {b} is worse cannot be said: {between}."


def compare_with(value: str) -> str:
    """What is said once the first of two values is chosen."""
    return f"{shown(value, _NAME) or _NO_VALUE} is kept: go to another row and press D again to see the difference."


def points(share: float) -> str:
    """“13.1”, “−2.0”: a share of one in percentage points."""
    return f"{100 * share:.1f}".replace("-", "−")


def by_field(found: Rates) -> IntervalRows:
    """A row for each value, the highest rate first, those without a figure last."""
    field = found.whole.by_field or ""
    title = f"Violation rate by {shown(field, _NAME)}"
    heading = shown(field[:1].upper() + field[1:], _NAME)
    marks = tuple(_mark(one, shown(one.value, _NAME) or _NO_VALUE, found.whole) for one in ordered(found))
    return IntervalRows(title, marks, heading, found.whole.estimate)


def below_field(found: Rates) -> str:
    """What is said below the rows."""
    if found.by_reason:
        return found.by_reason
    if found.whole.by_field == "clause" and not found.by:
        return "No violation cites a clause yet."
    said = []
    if len(found.by) > _MOST:
        said.append(f"And {len(found.by) - _MOST:,} more: `reviewer estimate --by` lists all.")
    if found.whole.by_field == "clause":
        said.append("The share of all items that break each clause.")
    said.extend(_apart(found.whole))
    if found.whole.estimate is not None:
        said.append(f"The dashed line is the rate of all, {percent(found.whole.estimate)}.")
    return " ".join(said)


def _apart(whole: "CampaignEstimate") -> Iterator[str]:
    """Whether the rates of the values differ; nothing where that is not tested, for the reasons stand beside the values."""
    test = whole.by_test
    if test is not None and test.p is not None:
        p = f"p = {test.p:.3f}" if test.p >= 0.001 else "p < 0.001"
        so = "differ by more than chance explains" if test.p <= 1 - whole.confidence else "are not shown to differ"
        yield f"Taken together, the rates of the {test.parts:,} values with answers enough {so} ({p}, Rao and Scott)."


def over_time(found: Rates) -> Series:
    """A figure for each week or month that has items."""
    return series_of(found.over_time, found.unit, _versions(found.policies))


def series_of(values: "Sequence[Value]", unit: str, happened: Sequence[Happened] = ()) -> Series:
    """A figure for each day, week or month; what happened meanwhile is said of each. unit: day, week or month."""
    dated = [(one, _first_day(one.value)) for one in values]
    placed = [(one, first) for one, first in dated if first is not None]
    if all(one.estimate is None and one.low is None for one, _ in placed):
        placed = []  # an empty scale says less than words
    days = tuple(first for _, first in placed)
    marks = []
    for place, (one, first) in enumerate(placed):
        end = days[place + 1] if place + 1 < len(days) else first + timedelta(days=_STEPS[unit])
        meanwhile = [what.text for what in happened if first.toordinal() <= what.at < end.toordinal()]
        written = day(first.isoformat())
        name = {"week": f"week of {written}", "month": written.removeprefix("1 ")}.get(unit, written)
        marks.append(_mark(one, name, None)._replace(note="; ".join(meanwhile)))
    below = tuple(day(first.isoformat()).rpartition(" ")[0] for first in days)
    at = tuple(first.toordinal() for first in days)
    return Series(f"Violation rate by {unit}", tuple(marks), at, below, _STEPS[unit], tuple(happened))


def rows_of(values: "Sequence[Value]", field: str) -> IntervalRows:
    """A row for each value of a field, in their order."""
    marks = tuple(_mark(one, shown(one.value, _NAME) or _NO_VALUE, None) for one in values[:_MOST])
    return IntervalRows(f"Violation rate by {field}", marks, field[:1].upper() + field[1:])


def below_time(found: Rates) -> str:
    """What is said below the chart, or in its place."""
    if found.time_reason:
        return found.time_reason
    timeless = sum(one.population or 0 for one in found.over_time if _first_day(one.value) is None)
    if found.over_time and all(_first_day(one.value) is None for one in found.over_time):
        return "No item of the campaign has a time."
    if all(one.estimate is None and one.low is None for one in found.over_time):
        return f"No {found.unit} has a figure yet: no item with a time has an answer."
    return f"{count(timeless, 'item has', 'items have')} no time and {'is' if timeless == 1 else 'are'} not in it." if timeless else ""


def certainty(found: Rates, tolerable: float | None = None) -> Series:
    """The rate and its limits after each item of the random control stream. tolerable: a rate that has a line of its own, as a share."""
    sure = found.certainty
    steps = sure.steps
    marks = tuple(
        Mark(f"after {count(one.items, 'item')}", one.estimate, one.low, one.high, one.items, sure.population, sure.basis, None, sure.query)
        for one in steps
    )
    at = tuple(one.items for one in steps)
    across = () if tolerable is None else (Across(tolerable, f"tolerable {100 * tolerable:g}%"),)
    apart = max((later - sooner for sooner, later in pairwise(at)), default=1)
    return Series("How sure are we, item by item", marks, at, tuple(f"{one:,}" for one in at), apart, across=across, dots=False)


def below_certainty(found: Rates, tolerable: float | None = None) -> str:
    """What is said below the chart, or in its place. tolerable: a rate of which it says whether it is known to be kept."""
    sure = found.certainty
    if sure.reason:
        return sure.reason
    last = sure.steps[-1]
    said = f"After {count(last.items, 'item')}, as chance drew them: {limits(last.low, last.high)} holds whenever you stop."
    more = found.whole.answered + found.whole.unsure > last.items
    ends = " It ends at the first item in that order that is still open." if more else ""
    return said + ends + ("" if tolerable is None else f" {_settled(sure, tolerable)}")


def _settled(sure: "Certainty", tolerable: float) -> str:
    from reviewer import operations

    found = operations.certainty.settled(sure, tolerable)
    if found is None:
        return f"Whether that is below the tolerable {100 * tolerable:g}% is not known yet: go on."
    side = "below" if found.decision == "acceptable" else "above"
    return f"It was known to be {side} the tolerable {100 * tolerable:g}% after {count(found.items, 'item')}: you may stop."


def caption(found: Rates) -> str:
    """What all figures of a chart rest on, for a file."""
    of_all = f"Of all items: {percent(found.whole.estimate)}, {interval(found.whole)}."
    return f"{shown(found.whole.campaign, 80)}. {of_all} {basis(found.whole)} {besides(found.whole)}".strip()


def _mark(one: "Value", name: str, whole: "CampaignEstimate | None") -> Mark:
    note = ""
    if whole is not None and whole.estimate is not None and one.low is not None and one.high is not None:
        if one.low > whole.estimate:
            note = "its whole interval lies above the rate of all"
        elif one.high < whole.estimate:
            note = "its whole interval lies below the rate of all"
    return Mark(name, one.estimate, one.low, one.high, one.n, one.population, one.basis, one.reason, one.query, note)


def _first_day(value: str) -> date | None:
    """The first day of a week (named by its Monday) or a month, YYYY-MM."""
    try:
        return date.fromisoformat(value if len(value) > len("2026-05") else f"{value}-01")
    except ValueError:
        return None


def _versions(standings: "Sequence[PolicyStanding]") -> list[Happened]:
    """The versions that were ever put in force, each at its first day, in the order of these."""
    found = []
    for standing in standings:
        for version in standing.versions:
            if not version.activated:
                continue
            first = version.effective or datetime.fromtimestamp(version.published_ms / 1000, UTC).date().isoformat()
            word = f"v{version.number}" if len(standings) == 1 else f"{shown(standing.key, 20)} v{version.number}"
            text = f"version {version.number} of policy {shown(standing.key, 40)} holds from {day(first)}"
            found.append(Happened(date.fromisoformat(first).toordinal(), word, text))
    return sorted(found, key=lambda one: one.at)


def sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    capital = words[:1].upper() + words[1:]
    return capital if capital.endswith((".", "!", "?")) else f"{capital}."
