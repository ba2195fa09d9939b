"""Of an oversight record: the violation rate with its limits, as a whole and by parts, and how far reviewers agree."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reviewer.domain.errors import Refused
from reviewer.domain.oversight import Block, Chart, Column, Facts, Mark, Paragraph, Section, Table
from reviewer.domain.oversight_words import MISSING, count, number, numbers, percent, percents
from reviewer.operations.agreement import NOTHING

if TYPE_CHECKING:
    from reviewer.domain.agreement import Coefficient
    from reviewer.operations.agreement import Agreement, PairAgreement
    from reviewer.operations.clause_agreement import ClauseAgreement
    from reviewer.operations.estimating import CampaignEstimate, Value

FIELDS = ("model", "agent", "clause")
_MOST, _DRAWN = 60, 30  # values of a field that are listed, and those that a chart has room for on a page


def rates(found: "CampaignEstimate", by: "Mapping[str, CampaignEstimate | Refused]") -> Section:
    """The rate of the population, and by each field of `by`, or why there is none."""
    blocks: list[Block] = [
        Paragraph(
            "The violation rate is the share of items in the population whose answer is non-compliant. The answer of an item is the "
            "adjudicator's ruling in force, else what all its blind labels say, once there are as many as the campaign asks. Items without "
            "an answer are not dropped silently: the last two lines give the rate with all of them compliant, and with all of them not."
        ),
        Facts(
            (
                ("Violation rate", _rate(found)),
                (f"{found.confidence:.0%} interval", _limits(found)),
                ("Basis", found.basis or MISSING),
                ("Population N", f"{found.population:,}"),
                ("Drawn", f"{found.sampled:,}"),
                ("Answered n", f"{found.n:,}"),
                ("Open, unsure", f"{found.open:,} open, {found.unsure:,} unsure"),
                ("Among the open", _among_open(found)),
                ("Rate if all open and unsure complied", percent(found.low_if)),
                ("Rate if none of them did", percent(found.high_if)),
                *([("Suggestions used", f"scores of {found.judge}, corrected by the labels")] if found.judge else []),
            )
        ),
    ]
    blocks.extend(Paragraph(note, "note") for note in found.notes)
    for field, one in by.items():
        blocks.extend([Paragraph(f"By {field}: {one.what}", "note")] if isinstance(one, Refused) else _by(field, one))
    return Section("Violation rate", tuple(blocks))


def without_basis(by: "Mapping[str, CampaignEstimate | Refused]") -> int:
    """How many values of fields have no rate."""
    return sum(value.estimate is None for one in by.values() if not isinstance(one, Refused) for value in one.by)


def no_rates(question: str) -> Section:
    """Where the campaign does not ask for verdicts."""
    return Section(
        "Violation rate", (Paragraph(f"This campaign asks for {question}, not for verdicts: it bounds no violation rate.", "warning"),)
    )


def agreement(found: "Agreement") -> Section:
    """Alpha, AC1 and raw agreement; each two reviewers; each clause."""
    if not found.items:
        why = NOTHING[found.question]
        return Section("Agreement between reviewers", (Paragraph(f"Nothing can be said of agreement: {why}.", "warning"),))
    return Section(
        "Agreement between reviewers",
        (
            Paragraph(
                f"Of {count(found.items, 'item')} with blind labels of two reviewers or more, {found.labels:,} labels in all; “unsure” "
                "is a "
                f"category of its own, and {percent(found.prevalence)} of these labels are non-compliant. For alpha and AC1, 0 is what "
                f"chance would give and 1 is full agreement.{' Items weigh by their inclusion probability.' if found.weighted else ''}"
            ),
            Table(
                "Of the whole campaign",
                (
                    Column("Measure", 3), Column("Value", 1, numbers=True), Column("95% limits", 2, numbers=True),
                    Column("Items", 1, numbers=True),
                ),
                (
                    _coefficient("Krippendorff's alpha", found.alpha),
                    _coefficient("Gwet's AC1", found.ac1),
                    _share("Same verdict, share of pairs", found.raw),
                    _coefficient("Krippendorff's alpha of severity (ordinal)", found.severity),
                ),
                "",
            ),
            Table(
                "Pairs of reviewers, in the order of their names",
                (
                    Column("Reviewers", 3), Column("Items", 1, numbers=True), Column("Cohen's kappa", 1.4, numbers=True),
                    Column("95% limits", 2, numbers=True), Column("Same verdict", 1.4, numbers=True),
                ),
                tuple(_pair(one) for one in found.by_pair),
                "No two reviewers have an item in common.",
            ),
            Table(
                "Clauses",
                (
                    Column("Clause", 4.4), Column("Labels", 0.9, numbers=True), Column("Items", 0.8, numbers=True),
                    Column("Alpha", 0.9, numbers=True), Column("95% limits", 1.8, numbers=True), Column("Reading", 1.6),
                ),
                tuple(_clause(one) for one in found.by_clause),
                "No label cites a clause.",
                "Alpha is that of “cited or not” over all items with two labels; items are those of which a label cites the clause.",
            ),
        ),
    )  # fmt: skip


def headline(found: "CampaignEstimate") -> tuple[str, str]:
    """The figure of the first page, and what it rests on."""
    if found.estimate is None and found.low is None:
        return "No violation rate", f"{found.reason or 'there is no basis for one'}."
    limits = percents(found.low, found.high)
    shown = f"Violation rate {limits}" if found.estimate is None else f"Violation rate {percent(found.estimate)} ({limits})"
    return shown, f"{found.confidence:.0%} interval; {found.basis}"


def _by(field: str, found: "CampaignEstimate") -> list[Block]:
    values = found.by[:_MOST]
    more = len(found.by) - len(values)
    note = f"{more:,} more: `reviewer estimate --by {field}` gives all." if more else ""
    note = f"n: drawn items with an answer; N: items in the population. {note}".strip()
    if field == "clause":
        note = f"The share of items that break the clause; an item may break several. {note}".strip()
    marks = tuple(Mark(one.value or "(none)", one.estimate, one.low, one.high, _said(one)) for one in values[:_DRAWN])
    chart = (
        [Chart(f"Violation rate by {field}, with {found.confidence:.0%} intervals", marks)]
        if any(_has_limits(one) for one in values)
        else []
    )
    table = Table(
        f"By {field}",
        (
            Column(field.capitalize(), 2.6), Column("n", 0.7, numbers=True), Column("N", 0.9, numbers=True),
            Column("Rate", 1, numbers=True), Column(f"{found.confidence:.0%} limits", 2.5, numbers=True), Column("Basis", 4.6),
        ),
        tuple(
            (
                one.value or "(none)", f"{one.n:,}", MISSING if one.population is None else f"{one.population:,}",
                percent(one.estimate), percents(one.low, one.high), one.reason or one.basis,
            )
            for one in values
        ),
        f"No item has a {field}.",
        note,
    )  # fmt: skip
    return [*chart, table]


def _has_limits(one: "Value") -> bool:
    return one.low is not None and one.high is not None


def _said(one: "Value") -> str:
    if not _has_limits(one):
        return one.reason or "no basis"
    limits = percents(one.low, one.high)
    return limits if one.estimate is None else f"{percent(one.estimate)} ({limits})"


def _rate(found: "CampaignEstimate") -> str:
    return f"none: {found.reason or 'there is no basis for one'}" if found.estimate is None else percent(found.estimate)


def _limits(found: "CampaignEstimate") -> str:
    return percents(found.low, found.high) if found.low is not None else f"none: {found.reason or 'there is no basis for one'}"


def _among_open(found: "CampaignEstimate") -> str:
    return (
        f"{found.policy_at_fault:,} where a ruling finds policy at fault, {found.not_blind:,} answered only by labels that were not blind, "
        f"{found.damaged:,} resting on records that do not verify"
    )


def _coefficient(name: str, found: "Coefficient") -> tuple[str, ...]:
    return (name, number(found.value), numbers(found.low, found.high) if found.low is not None else found.reason or MISSING, f"{found.n:,}")


def _share(name: str, found: "Coefficient") -> tuple[str, ...]:
    return (
        name,
        percent(found.value),
        percents(found.low, found.high) if found.low is not None else found.reason or MISSING,
        f"{found.n:,}",
    )


def _pair(one: "PairAgreement") -> tuple[str, ...]:
    _, value, limits, _ = _coefficient("", one.kappa)
    return (f"{one.a}, {one.b}", f"{one.items:,}", value, limits, percent(one.raw))


def _clause(one: "ClauseAgreement") -> tuple[str, ...]:
    _, value, limits, _ = _coefficient("", one.alpha)
    since = f" since {one.since}" if one.since else ""
    return (f"{one.clause} {one.title}".strip(), f"{one.cited:,}", f"{one.items:,}", value, limits, f"{one.reading}{since}")
