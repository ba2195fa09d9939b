"""`reviewer agreement`: between reviewers, on each clause, each two of them; and how each of them does."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import one_line, table, without_empty_reason

if TYPE_CHECKING:
    from reviewer.domain.agreement import Coefficient
    from reviewer.operations.agreement import Agreement, PairAgreement, ReviewerResults
    from reviewer.operations.clause_agreement import ClauseAgreement


def _options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")


def _agreement(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.agreement.agreement_of_campaign(workspace, call.ticket, campaign=call.options.campaign).value
    call.out.answer(_document(found), _text(found))
    return 0


def _document(found: "Agreement") -> dict[str, Any]:
    return {
        "campaign": found.campaign,
        "id": found.id,
        **_interval(found.alpha, "alpha"),
        "ac1": found.ac1.value,
        "ac1_low": found.ac1.low,
        "ac1_high": found.ac1.high,
        "raw": found.raw.value,
        "raw_low": found.raw.low,
        "raw_high": found.raw.high,
        "brennan_prediger": _coefficient(found.brennan_prediger),
        "conger": _coefficient(found.conger),
        "prevalence": found.prevalence,
        "items": found.items,
        "labels": found.labels,
        "hidden": found.hidden,
        "weighted": found.weighted,
        "severity": {**_interval(found.severity, "alpha"), "items": found.severity.n},
        "by_clause": [_clause(one) for one in found.by_clause],
        "by_pair": [_pair(one) for one in found.by_pair],
        "by_reviewer": [without_empty_reason(one._asdict()) for one in found.by_reviewer],
    }


def _interval(found: "Coefficient", name: str) -> dict[str, Any]:
    return {name: found.value, "low": found.low, "high": found.high, **({} if found.reason is None else {"reason": found.reason})}


def _coefficient(found: "Coefficient") -> dict[str, Any]:
    return _interval(found, "value")


def _clause(one: "ClauseAgreement") -> dict[str, Any]:
    return {
        "clause": one.clause,
        "title": one.title,
        **_interval(one.alpha, "alpha"),
        "cited": one.cited,
        "reading": one.reading,
        "to_do": one.to_do,
        "items": one.items,
        "disagreement": one.disagreement.mean,
        "disagreement_low": one.disagreement.low,
        "ac1": None if one.ac1 is None else one.ac1.value,
        "old": one.old,
        "since": one.since,
        "entropy": one.entropy,
        "effect": one.effect,
        "effect_low": one.effect_low,
        "cause": one.cause,
    }


def _pair(one: "PairAgreement") -> dict[str, Any]:
    return {
        "a": one.a,
        "b": one.b,
        **_interval(one.kappa, "kappa"),
        "raw": one.raw,
        "items": one.items,
        "prevalence": one.prevalence,
        "severity": {**_interval(one.severity, "kappa"), "items": one.severity.n},
    }


OF_MARKS = (
    "The campaign asks for steps: where no verdict was given beside, it follows from their marks. On single steps nothing is measured."
)


def _text(found: "Agreement") -> str:
    name = one_line(found.campaign, 120)
    hidden = [f"{found.hidden:,} more items are left out: they wait for your own blind label."] if found.hidden else []
    if not found.items:
        from reviewer.operations.agreement import NOTHING

        return "\n".join((f"{name}: {NOTHING[found.question]}, so nothing can be said of agreement.", *hidden))
    lines = [
        *([OF_MARKS] if found.question == "steps" else []),
        f"{name}: {found.items:,} items with two labels or more, {found.labels:,} labels{', weighted by design' if found.weighted else ''}",
        f"Krippendorff's alpha {_figure(found.alpha)}; Gwet's AC1 {_figure(found.ac1)}; the same verdict in {_percent(found.raw.value)} of"
        f" pairs; {_percent(found.prevalence)} of labels are non-compliant",
        *hidden,
    ]
    if found.by_clause:
        clauses = [(one_line(one.clause, 40), f"{one.cited:,}", _figure(one.alpha), one.reading, one.to_do) for one in found.by_clause]
        lines.extend(("", table(clauses, heads=("clause", "cited", "alpha", "reading", "to do"))))
    if found.by_pair:
        pairs = [(one_line(f"{one.a}, {one.b}", 60), f"{one.items:,}", _figure(one.kappa), _percent(one.raw)) for one in found.by_pair]
        lines.extend(("", table(pairs, heads=("reviewers", "items", "kappa", "same verdict"))))
    if found.by_reviewer:
        rows = [_reviewer(one) for one in found.by_reviewer]
        lines.extend(("", table(rows, heads=("reviewer", "labels", "gold", "again", "median"))))
    return "\n".join(lines)


def _reviewer(one: "ReviewerResults") -> tuple[str, str, str, str, str]:
    seconds = "-" if one.median_seconds is None else f"{one.median_seconds:.0f} s"
    gold = "-" if one.gold_total is None else f"{one.gold_right} of {one.gold_total}"
    again = "-" if one.repeat_total is None else f"{one.repeat_same} of {one.repeat_total}"
    return one_line(one.reviewer, 40), f"{one.labels:,}", gold, again, seconds


def _figure(found: "Coefficient") -> str:
    if found.value is None:
        return f"not defined ({found.reason})"
    if found.low is None or found.high is None:
        return f"{found.value:.2f} ({found.reason})"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


COMMANDS = {"agreement": Command(_options, _agreement, "reviewer agreement refunds")}
