"""Whether reviewers agree: in a campaign, on each clause, each two of them; and how each of them does."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewer.domain import agreement
from reviewer.domain.agreement import Coefficient, Floats
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.events import SEVERITIES, VERDICTS
from reviewer.domain.members import Member, refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations.clause_agreement import ClauseAgreement, Doubled, by_clause
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import reviewer_results as result_rows
from reviewer.storage import votes as vote_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.reviewer_results import ReviewerResult
from reviewer.storage.workspace import Reading, Workspace

NOT_TOLD = "the campaign does not show reviewers how they did"


class PairAgreement(NamedTuple):
    """How two reviewers agree, a before b by name. items: labelled by both. prevalence: the share of non-compliant among their labels.

    severity: linear kappa of the severities, of items to which both gave one.
    """

    a: str
    b: str
    kappa: Coefficient
    raw: float
    items: int
    prevalence: float
    severity: Coefficient


class ReviewerResults(NamedTuple):
    """How a reviewer does. labels: in force. gold_right of gold_total items with a known answer, with the exact 95 % limits
    of that share; repeat_same of repeat_total items that were shown twice. median_seconds: None where no label says how long it took.
    reason: why results are not shown (all None).
    """

    reviewer: str
    labels: int
    gold_right: int | None
    gold_total: int | None
    repeat_same: int | None
    repeat_total: int | None
    median_seconds: float | None
    gold_low: float | None = None
    gold_high: float | None = None
    reason: str | None = None


NOTHING = {
    "verdict": "no item has two labels yet",
    "steps": "no item has two labels yet from whose marks a verdict follows",
    "preference": "the campaign asks for preferences, not for verdicts",
}
"""Why a campaign has no figures, by what it asks."""


class Agreement(NamedTuple):
    """How the reviewers of a campaign agree, by the verdicts of blind labels; `unsure` is a category of its own.

    question: what the campaign asks for; one that asks for steps has the verdicts that follow from their marks, one that asks for
    preferences has none.
    items: with labels of two members or more; labels: on those; hidden: items with labels that are left out of every figure, since the
    viewer, a reviewer, has still to judge them blind. prevalence: the share of non-compliant among them. severity: ordinal alpha
    of items to which two members gave one. weighted: items count by the inverse of the probability with which they were drawn.
    by_reviewer and by_pair hold what the viewer may see: a reviewer sees themselves.
    """

    campaign: str
    id: EntryHash
    question: str
    alpha: Coefficient
    ac1: Coefficient
    raw: Coefficient
    prevalence: float | None
    severity: Coefficient
    items: int
    labels: int
    hidden: int
    weighted: bool
    by_clause: tuple[ClauseAgreement, ...]
    by_pair: tuple[PairAgreement, ...]
    by_reviewer: tuple[ReviewerResults, ...]
    brennan_prediger: Coefficient
    conger: Coefficient


def agreement_of_campaign(workspace: Workspace, ticket: Ticket, *, campaign: str) -> Outcome[Agreement]:
    """Compare what the members of a campaign said. Raises NotFound, and NotAllowed for whoever waits to be admitted.

    A reviewer's figures leave out what they have still to judge blind: of few items, an agreement and a prevalence tell each verdict.
    """
    refuse_waiting(workspace.me)
    ticket.step(0, 0, "Reading labels")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        votes = vote_rows.votes(reading, stored, lambda done: ticket.step(done, stored.labels, "Reading labels"))
        unseen = frozenset() if _sees_all(workspace.me) else vote_rows.unseen(reading, stored, workspace.me.id)
        hidden = votes.loc[votes["item"].isin(unseen), "item"].nunique()
        votes = votes[votes["pi"].notna() & ~votes["item"].isin(unseen)]  # gold that was not drawn stands for no other item
        labels = votes[votes.groupby("item")["member"].transform("size") >= 2]
        both = _doubled(labels)
        given = both.verdicts.sum(axis=0)
        return Outcome(
            Agreement(
                campaign=stored.state.rules.name,
                id=stored.state.hash,
                question=stored.state.rules.question,
                alpha=agreement.alpha(both.verdicts, weights=both.weights),
                ac1=agreement.ac1(both.verdicts, weights=both.weights),
                raw=agreement.raw(both.verdicts, weights=both.weights),
                prevalence=float(given[VERDICTS.index("non_compliant")] / given.sum()) if len(labels) else None,
                severity=_severity(labels),
                items=len(both.verdicts),
                labels=len(labels),
                hidden=hidden,
                weighted=both.weights is not None,
                by_clause=by_clause(reading, ticket, stored, votes, both),
                by_pair=_by_pair(reading, ticket, labels, workspace.me),
                by_reviewer=_by_reviewer(reading, stored, workspace.me),
                brennan_prediger=agreement.brennan_prediger(both.verdicts, weights=both.weights),
                conger=_conger(labels),
            )
        )


def _doubled(labels: pd.DataFrame) -> Doubled:
    unit, items = vote_rows.numbered(labels)
    counts = agreement.tallies(unit, vote_rows.coded(labels["verdict"], VERDICTS), units=len(items), categories=len(VERDICTS))
    return Doubled(labels["label"], unit, counts, _weights(labels))


def _conger(labels: pd.DataFrame) -> Coefficient:
    """Items count alike here: the coefficient knows each reviewer by what they labelled, not by what that stands for."""
    unit, items = vote_rows.numbered(labels)
    members = sorted(labels["member"].unique())
    ratings = np.full((len(items), len(members)), -1, np.int64)
    ratings[unit, vote_rows.coded(labels["member"], members)] = vote_rows.coded(labels["verdict"], VERDICTS)
    return agreement.conger(ratings, categories=len(VERDICTS))


def _severity(labels: pd.DataFrame) -> Coefficient:
    graded = labels[labels["severity"].notna()]
    unit, items = vote_rows.numbered(graded)
    counts = agreement.tallies(unit, vote_rows.coded(graded["severity"], SEVERITIES), units=len(items), categories=len(SEVERITIES))
    return agreement.alpha(counts, "ordinal", weights=_weights(graded))


def _weights(labels: pd.DataFrame) -> Floats | None:
    """One over the probability of each item, in the order of their ids; None where all are the same."""
    drawn: Floats = labels.groupby("item", sort=True)["pi"].first().to_numpy(np.float64)
    return None if len(drawn) == 0 or np.ptp(drawn) == 0 else 1 / drawn


def _by_pair(reading: Reading, ticket: Ticket, votes: pd.DataFrame, me: Member) -> tuple[PairAgreement, ...]:
    """Every two members with an item in common, in the order of their names."""
    called = vote_rows.names(reading)
    members = sorted(votes["member"].unique(), key=lambda one: (called[one], one))
    said = votes[["item"]].assign(
        place=vote_rows.coded(votes["member"], members),
        code=vote_rows.coded(votes["verdict"], VERDICTS),
        grade=vote_rows.coded(votes["severity"], SEVERITIES),
    )
    pairs = said.assign(weight=1 / votes["pi"]).merge(said, on="item", suffixes=("_a", "_b"))
    pairs = pairs[pairs["place_a"] < pairs["place_b"]]
    if not _sees_all(me):
        own = members.index(me.id) if me.id in members else -1
        pairs = pairs[(pairs["place_a"] == own) | (pairs["place_b"] == own)]
    found = []
    groups = pairs.groupby(pairs["place_a"] * len(members) + pairs["place_b"])
    for done, (place, both) in enumerate(groups):
        ticket.step(done, len(groups), "Comparing reviewers")
        first, second = divmod(int(str(place)), len(members))
        found.append(_pair(called[members[first]], called[members[second]], both))
    return tuple(found)


def _pair(a: str, b: str, both: pd.DataFrame) -> PairAgreement:
    first, second = (both[column].to_numpy(np.int64) for column in ("code_a", "code_b"))
    weights: Floats = both["weight"].to_numpy(np.float64)
    same, broken = first == second, VERDICTS.index("non_compliant")
    prevalence = float(np.mean([first == broken, second == broken]))
    kappa = agreement.cohen(first, second, categories=len(VERDICTS), weights=weights)
    grades = np.stack([both[column].to_numpy(np.int64) for column in ("grade_a", "grade_b")])
    graded = (grades >= 0).all(axis=0)
    severity = agreement.cohen(grades[0, graded], grades[1, graded], categories=len(SEVERITIES), weights=weights[graded], linear=True)
    return PairAgreement(a, b, kappa, float(np.average(same, weights=weights)), len(both), prevalence, severity)


def _by_reviewer(reading: Reading, stored: Stored, me: Member) -> tuple[ReviewerResults, ...]:
    """Of everyone who has labelled, in the order of their names."""
    every = [one for one in result_rows.results(reading, stored) if one.labels and (_sees_all(me) or one.member == me.id)]
    return tuple(_shown(one, told=_sees_all(me) or stored.state.rules.feedback) for one in every)


def _shown(one: ReviewerResult, *, told: bool) -> ReviewerResults:
    if not told:
        return ReviewerResults(one.reviewer, one.labels, None, None, None, None, one.median_seconds, reason=NOT_TOLD)
    low, high = one.gold_interval or (None, None)
    return ReviewerResults(
        one.reviewer, one.labels, one.gold_right, one.gold_total, one.repeat_same, one.repeat_total, one.median_seconds, low, high
    )


def _sees_all(me: Member) -> bool:
    """Whether results by name are for this member's eyes: not for a reviewer's."""
    return me.role != "reviewer"
