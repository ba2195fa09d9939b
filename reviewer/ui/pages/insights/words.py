"""How figures are written on the Insights page, and the searches that lead to the labels behind them."""

from typing import TYPE_CHECKING

from reviewer.domain.query import Field, Or, Query, all_of, to_text
from reviewer.ui.widgets.charts.marks import percent
from reviewer.ui.widgets.times import count, day_of

if TYPE_CHECKING:
    from reviewer.domain.agreement import Coefficient
    from reviewer.operations.agreement import Agreement, PairAgreement, ReviewerResults
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.clause_agreement import ClauseAgreement

_MOST_PAIRS = 12  # that one search names
PILLS = {"clear, often broken": "ok", "reviewers disagree": "warn", "superseded": "bad", "too few to say": "plain"}
"""The kind of pill of each reading of a clause."""

NOTHING_TWICE = (
    "No item has two labels yet, so nothing can be said of agreement. Ask for two labels an item when you make a campaign, or for a second "
    "opinion on a share of them."
)
NO_VERDICTS = "This campaign does not ask for verdicts; agreement is counted of verdicts alone."


def number(value: float | None) -> str:
    """“0.81”, “−0.05”; a dash for what is not known."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def interval(found: "Coefficient") -> str:
    """“0.66 to 0.93”; why there is none, where there is none."""
    if found.low is None or found.high is None:
        return found.reason or ""
    return f"{number(found.low)} to {number(found.high)}"


def figure(found: "Coefficient") -> str:
    """“0.81 (0.66 to 0.93)”."""
    return f"{number(found.value)} ({interval(found)})"


def percents(found: "Coefficient") -> str:
    """“67.3% to 88.7%”."""
    return interval(found) if found.low is None else f"{percent(found.low)} to {percent(found.high)}"


def heading(standing: "CampaignStanding") -> str:
    """“126 labels on 4,812 items, 3 reviewers”."""
    return f"{count(standing.labels, 'label')} on {count(standing.sampled, 'item')}, {count(len(standing.by_reviewer), 'reviewer')}"


def basis(found: "Agreement") -> str:
    """What the figures of a campaign rest on; without any, what is needed."""
    waits = f" {count(found.hidden, 'more item')} with labels will count once you have labelled them." if found.hidden else ""
    if not found.items:
        return (NO_VERDICTS if found.question == "preference" else NOTHING_TWICE) + waits
    said = f"{count(found.items, 'item')} with two labels or more, {count(found.labels, 'label')}; {percent(found.prevalence)} of these "
    said += "are non-compliant."
    if found.question == "steps":
        said += " Verdicts follow from the marks on steps, where none was given beside; on single steps nothing is measured."
    if found.weighted:
        said += " Items count by the chance with which they were drawn."
    if found.severity.value is not None:
        said += f" Of severity, on {count(found.severity.n, 'item')}, alpha is {figure(found.severity)}."
    return said + waits


def reading(clause: "ClauseAgreement") -> str:
    """“superseded 3 Nov”, and the other readings as they are."""
    return f"{clause.reading} {day_of(clause.since, 'utc')}" if clause.since else clause.reading


def gold(one: "ReviewerResults") -> tuple[str, str]:
    """“9 of 9” and “66 to 100%”: no share without its limits."""
    if one.gold_total is None:
        return "not shown", ""
    if one.gold_low is None or one.gold_high is None:
        return "none yet", ""
    return f"{one.gold_right} of {one.gold_total}", f"{100 * one.gold_low:.0f} to {100 * one.gold_high:.0f}%"


def again(one: "ReviewerResults") -> str:
    """“3 of 4”: the same answer when an item was shown again."""
    if one.repeat_total is None:
        return "not shown"
    return f"{one.repeat_same} of {one.repeat_total}" if one.repeat_total else "none yet"


def seconds(one: "ReviewerResults") -> str:
    """“41 s”."""
    return "–" if one.median_seconds is None else f"{one.median_seconds:.0f} s"


# -- searches ----------------------------------------------------------------------------------------------------------------------------


def sample_of(standing: "CampaignStanding", *, alone: bool) -> Field:
    """The items of a campaign. alone: no other bears its name."""
    name = standing.campaign
    return Field("campaign", ":", name if alone and "*" not in name else standing.id[:12])


def behind_agreement(sample: Field, found: "Agreement") -> str:
    """The items that two reviewers labelled; every item with a label, where not all pairs are known here or they are very many."""
    pairs, seen = found.by_pair, {one.reviewer for one in found.by_reviewer}
    if not 0 < len(pairs) <= _MOST_PAIRS or not all({one.a, one.b} <= seen for one in pairs):
        return to_text(all_of([sample, Field("has", ":", "label")]))
    both: list[Query] = [_both(one) for one in pairs]
    return to_text(all_of([sample, both[0] if len(both) == 1 else Or(tuple(both))]))


def behind_clause(sample: Field, clause: "ClauseAgreement") -> str:
    """The items with a label that cites a clause."""
    return to_text(all_of([sample, Field("clause", ":", clause.query)]))


def behind_pair(sample: Field, pair: "PairAgreement") -> str:
    """The items that both labelled."""
    return to_text(all_of([sample, _both(pair)]))


def behind_reviewer(sample: Field, one: "ReviewerResults") -> str:
    """The items that a reviewer labelled."""
    return to_text(all_of([sample, Field("reviewer", ":", one.reviewer)]))


def _both(pair: "PairAgreement") -> Query:
    return all_of([Field("reviewer", ":", pair.a), Field("reviewer", ":", pair.b)])
