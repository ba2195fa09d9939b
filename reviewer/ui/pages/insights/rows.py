"""The rows of the page's tables: how a clause, a pair and a reviewer are written, and which labels are behind each."""

from typing import TYPE_CHECKING

from reviewer.domain.errors import shown
from reviewer.domain.query import Field
from reviewer.ui.pages.insights import words
from reviewer.ui.pages.insights.tables import Cell, Column, FigureRow
from reviewer.ui.widgets.charts.marks import percent

if TYPE_CHECKING:
    from reviewer.operations.agreement import Agreement, PairAgreement, ReviewerResults
    from reviewer.operations.clause_agreement import ClauseAgreement

CLAUSES = (Column("Clause", 21), Column("Cited", 7, True), Column("Agreement", 18, True), Column("Reading", 31), Column("To do", 23))
PAIRS = (Column("Reviewers", 34), Column("Items", 13, True), Column("Same", 18, True), Column("Agreement", 35, True))
REVIEWERS = (
    Column("Reviewer", 27), Column("Labels", 14, True), Column("Gold", 25, True), Column("Again", 18, True), Column("Median", 16, True),
)  # fmt: skip
_NAME = 60  # characters of a name that are shown


def clauses(found: "Agreement", sample: Field) -> list[FigureRow]:
    """The clause that most labels cite first."""
    return [_clause(one, sample) for one in sorted(found.by_clause, key=lambda one: -one.cited)]


def pairs(found: "Agreement", sample: Field) -> list[FigureRow]:
    """In the order of names."""
    return [_pair(one, sample) for one in found.by_pair]


def reviewers(found: "Agreement", sample: Field) -> list[FigureRow]:
    """In the order of names: counts with their limits, no ranks."""
    return [_reviewer(one, sample) for one in found.by_reviewer]


def _clause(one: "ClauseAgreement", sample: Field) -> FigureRow:
    cells = (
        Cell(shown(f"{one.clause} {one.title}".strip(), _NAME)),
        Cell(f"{one.cited:,}"),
        Cell(words.number(one.alpha.value), note=words.interval(one.alpha)),
        Cell(words.reading(one), pill=words.PILLS[one.reading]),
        Cell(one.to_do.replace("re-review", "re\u2011review"), tone="muted"),  # not broken between lines
    )
    return FigureRow(cells, words.behind_clause(sample, one))


def _pair(one: "PairAgreement", sample: Field) -> FigureRow:
    cells = (
        Cell(f"{shown(one.a, _NAME)}, {shown(one.b, _NAME)}"),
        Cell(f"{one.items:,}"),
        Cell(percent(one.raw)),
        Cell(words.number(one.kappa.value), note=words.interval(one.kappa)),
    )
    return FigureRow(cells, words.behind_pair(sample, one))


def _reviewer(one: "ReviewerResults", sample: Field) -> FigureRow:
    right, note = words.gold(one)
    cells = (
        Cell(shown(one.reviewer, _NAME)),
        Cell(f"{one.labels:,}"),
        Cell(right, note=note),
        Cell(words.again(one)),
        Cell(words.seconds(one)),
    )
    return FigureRow(cells, words.behind_reviewer(sample, one))
