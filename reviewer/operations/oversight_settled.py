"""Of an oversight record: on what reviewers differed and how it was settled, how they did on known answers, and what is stale."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.oversight import Block, Column, Paragraph, Section, Table
from reviewer.domain.oversight_words import MISSING, count, minute, percents, short, verdict
from reviewer.storage import citations, conflicts, searches
from reviewer.storage import oversight as rows_of
from reviewer.storage import policies as policy_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading

if TYPE_CHECKING:
    from reviewer.operations.agreement import Agreement, ReviewerResults

_MOST = 200  # rulings that are listed one by one
_WHY = {
    "stale": "the words of a clause changed",
    "sent_back": "sent back by an adjudicator", "disputed": "disputed", "asked": "asked for again",
}  # fmt: skip


class Stale(NamedTuple):
    """Labels that rest on words which hold no more, and of how many items they speak."""

    labels: int
    items: int


def disagreements(reading: Reading, stored: Stored) -> Section:
    """What reviewers differed on, and every ruling. Items that whoever asks has still to judge blind are counted and not listed."""
    waiting = sum(1 for _ in conflicts.disagreements(reading, stored.row))
    rulings = rows_of.settled(reading, stored)
    unseen = searches.hidden_among(reading, [one.item for one in rulings], viewer=reading.workspace.member)
    listed = [one for one in rulings if one.item not in unseen]
    kinds = Counter(one.verdict for one in rulings)
    said = ", ".join(
        f"{kinds[kind]:,} {verdict(kind).lower()}" for kind in ("compliant", "non_compliant", "policy_at_fault") if kinds[kind]
    )
    blocks: list[Block] = [
        Paragraph(
            f"On {count(rows_of.differing(reading, stored), 'item')} labels in force say different things. An adjudicator gave "
            f"{count(len(rulings), 'ruling')} that {'holds' if len(rulings) == 1 else 'hold'}{f': {said}' if said else ''}. "
            f"{count(waiting, 'item')} {'waits' if waiting == 1 else 'wait'} for a ruling and {'has' if waiting == 1 else 'have'} no "
            "answer. "
            "An item whose ruling says that policy is at fault has no answer either: it is counted, and it is in no rate."
        ),
        Table(
            "Rulings, the oldest first",
            (
                Column("Item", 1.5, code=True), Column("Labels in force", 2.8), Column("Ruling", 1.9), Column("By", 1.2),
                Column("Given", 1.6), Column("Clauses", 3),
            ),
            tuple(
                (
                    short(one.item), ", ".join(f"{n} {verdict(word).lower()}" for word, n in one.said) or "none", verdict(one.verdict),
                    one.by, minute(one.wall_ms), ", ".join(one.clauses) or MISSING,
                )
                for one in listed[:_MOST]
            ),
            "No ruling was given." if not rulings else "None may be listed here.",
            _left_out(len(rulings) - len(listed), len(listed) - _MOST),
        ),
    ]  # fmt: skip
    again = rows_of.asked_again(reading, stored)
    if again:
        blocks.append(_asked_again(again))
    return Section("Disagreements, and how they were settled", tuple(blocks))


def quality(found: "Agreement") -> Section:
    """How reviewers did on items of known answer and on items that they saw twice."""
    return Section(
        "Known answers and repeated items",
        (
            Paragraph(
                "Among their items, reviewers may be shown some whose right answer is known, and some a second time, without being told "
                "which. The counts are small; their limits say how little or how much they show. They are in the order of names, and no "
                "rank follows from them."
            ),
            Table(
                "Results, in the order of names",
                (
                    Column("Reviewer", 2), Column("Labels", 1, numbers=True), Column("Known answers right", 1.6, numbers=True),
                    Column("95% limits", 2, numbers=True), Column("Same answer again", 1.6, numbers=True),
                    Column("Median time", 1.2, numbers=True),
                ),
                tuple(_result(one) for one in found.by_reviewer),
                "Nobody has a label in force.",
                "Limits are exact (Clopper and Pearson). Known answers and repeats count in no rate.",
            ),
        ),
    )  # fmt: skip


def staleness(reading: Reading, stored: Stored) -> tuple[Section, Stale]:
    """What rests on words that hold no more, clause by clause."""
    rows: list[tuple[str, ...]] = []
    labels: set[str] = set()
    items: set[str] = set()
    for key in policy_rows.keys(reading):
        by_clause: Counter[str] = Counter()
        for one in citations.stale(reading, key, campaign=stored.row):
            by_clause[one.clause] += 1
            labels.add(one.label)
            items.add(one.item)
        rows.extend((f"{key}:{clause}", f"{n:,}") for clause, n in sorted(by_clause.items()))
    section = Section(
        "Labels that rest on words which hold no more",
        (
            Paragraph(
                f"{count(len(labels), 'label')} on {count(len(items), 'item')} {'cites' if len(labels) == 1 else 'cite'} a clause in words "
                "that were replaced since, and whose reviewer has not looked at it again. They still count in the figures above, as they "
                "were given under the words of their time."
            ),
            Table(
                "Stale labels by clause",
                (Column("Clause", 4), Column("Labels", 1, numbers=True)),
                tuple(rows),
                "No label in force cites words that hold no more.",
            ),
        ),
    )
    return section, Stale(len(labels), len(items))


def _left_out(hidden: int, more: int) -> str:
    said = []
    if hidden:
        said.append(f"{count(hidden, 'ruling')} not listed: whoever made this record has still to judge these items blind.")
    if more > 0:
        said.append(f"{more:,} more: `reviewer labels export --history` and the journal hold all.")
    return " ".join(said)


def _asked_again(again: list[rows_of.AskedAgain]) -> Table:
    return Table(
        "Asked for again",
        (Column("When", 2), Column("Items", 1, numbers=True), Column("Why", 3), Column("Clause", 3)),
        tuple((minute(one.wall_ms), f"{one.items:,}", _WHY.get(one.why, one.why), one.clause or MISSING) for one in again),
        "Nothing was.",
    )


def _result(one: "ReviewerResults") -> tuple[str, ...]:
    seconds = MISSING if one.median_seconds is None else f"{one.median_seconds:.0f} s"
    if one.gold_total is None:
        return (one.reviewer, f"{one.labels:,}", "not shown", one.reason or "", "not shown", seconds)
    return (
        one.reviewer,
        f"{one.labels:,}",
        f"{one.gold_right} of {one.gold_total}" if one.gold_total else "none given",
        percents(one.gold_low, one.gold_high),
        f"{one.repeat_same} of {one.repeat_total}" if one.repeat_total else "none given",
        seconds,
    )
