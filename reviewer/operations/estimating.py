"""How often the policy is broken: in the population of a campaign, in its parts, and over time; with what the figure rests on."""

from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

import numpy as np

from reviewer.domain import differences, estimates, sequential
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.estimates import Apart, Estimate
from reviewer.domain.members import refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.domain.proportions import Interval
from reviewer.operations.estimate_basis import Basis, basis, with_judge
from reviewer.operations.estimate_parts import NO_PARTS, How, Parts, rates_by, search_for
from reviewer.operations.estimate_parts import Value as Value
from reviewer.storage import samples
from reviewer.storage.workspace import Reading, Workspace

Unit = Literal["week", "month", "day"]
Method = Literal["auto", "exact", "hajek", "ppi", "anytime"]

_OF_THE_WHOLE = ("ppi", "anytime")  # methods that speak of the whole population; its parts have the usual one


class CampaignEstimate(NamedTuple):
    """The violation rate of the population of a campaign: the share of its items that break the policy, by DESIGN.md 2.1.

    n: answered drawn items that it rests on; sampled: drawn; answered + open + unsure = sampled. low_if, high_if: the rate if all open and
    unsure items were compliant, and if none were. policy_at_fault, not_blind, damaged: open items of which a resolution says that the
    policy is at fault, that have an answer only by labels that were not blind, or whose answer rests on records that do not verify.
    hidden: open items that wait for the viewer's own blind label. notes: what was left out, in sentences. judge: whose scores helped.
    by_test: whether the rates of the values of the field differ.
    """

    campaign: str
    id: EntryHash
    estimate: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    basis: str
    reason: str | None
    n: int
    population: int
    sampled: int
    answered: int
    open: int
    unsure: int
    low_if: float | None
    high_if: float | None
    judge: str | None
    by_field: str | None
    by: tuple[Value, ...]
    query: str
    design: str
    policy_at_fault: int
    not_blind: int
    damaged: int
    hidden: int
    notes: tuple[str, ...]
    by_test: Apart | None


class Difference(NamedTuple):
    """By how much the rates of two parts of a population differ: the first less the second, from -1 to 1; None with a reason.

    low, high: limits from those of the two rates. basis: what it rests on, in words.
    """

    campaign: str
    by_field: str
    a: Value
    b: Value
    difference: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    basis: str
    reason: str | None


def estimate_campaign(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaign: str,
    by: str | None = None,
    judge: str | None = None,
    confidence: float = 0.95,
    method: str = "auto",
    expected: float | None = None,
) -> Outcome[CampaignEstimate]:
    """Estimate how often the policy is broken, and by a field: agent, model, kind, clause, month, week, day, or one of the metadata.

    What a reviewer has still to judge blind counts as open. expected: of the method anytime, the rate that was thought likely before
    anything was reviewed. Raises NotFound, NotAllowed for whoever waits to be admitted or asks for a
    field that is hidden from them, Refused for a field, judge, confidence or method that is none.
    """
    refuse_waiting(workspace.me)
    how = _checked(confidence, method)
    bets = sequential.expecting(expected)
    if method == "ppi" and judge is None:
        raise Refused("The method ppi needs a judge.", "Name the one whose scores are to help.")
    with workspace.read() as reading:
        found = basis(reading, ticket, campaign=campaign, viewer=workspace.me)
        if judge is not None:
            found = with_judge(reading, ticket, found, judge)
        whole = _anytime(reading, found, confidence, bets) if method == "anytime" else estimates.estimate(found.drawn, *how)
        parts = How(confidence, "auto") if method in _OF_THE_WHOLE else how
        values = NO_PARTS if by is None else rates_by(reading, ticket, found, by, parts)
        return Outcome(estimated(found, whole, by, values, judge))


def compare(
    workspace: Workspace, ticket: Ticket, *, campaign: str, by: str, a: str, b: str, confidence: float = 0.95, method: str = "auto"
) -> Outcome[Difference]:
    """By how much the rates of two values of a field differ, such as those of two versions of a model. Raises as `estimate_campaign`, and
    NotFound for a value that the field does not take."""
    found = estimate_campaign(workspace, ticket, campaign=campaign, by=by, confidence=confidence, method=method).value
    return Outcome(difference_of(found, _named(found, by, a), _named(found, by, b)))


def difference_of(found: CampaignEstimate, first: Value, second: Value) -> Difference:
    """By how much two values of the estimate's field differ; for whoever has the estimate already."""
    by, confidence = found.by_field or "", found.confidence
    words = f"first: {first.basis}; second: {second.basis}; limits of the difference from those of both rates"
    apart = _apart(first, second)
    if apart is None:
        why = next((f"“{one.value}”: {one.reason}" for one in (first, second) if one.estimate is None), "one of the two has no limits")
        nothing = (None, None, None, confidence, "hybrid", words, why)
        return Difference(found.campaign, by, first, second, *nothing)
    return Difference(found.campaign, by, first, second, *apart, confidence, "hybrid", words, None)


def over_time(
    workspace: Workspace, ticket: Ticket, *, campaign: str, unit: Unit = "week", confidence: float = 0.95, method: str = "auto"
) -> Outcome[tuple[Value, ...]]:
    """The rate in each week (named by its Monday), month or day of the items' times, in their order. Raises as `estimate_campaign`."""
    if unit not in get_args(Unit):
        raise Refused(f"“{shown(unit, 40)}” is no unit of time here.", f"Choose one of: {', '.join(get_args(Unit))}.")
    return Outcome(estimate_campaign(workspace, ticket, campaign=campaign, by=unit, confidence=confidence, method=method).value.by)


def mark(workspace: Workspace, ticket: Ticket) -> Outcome[str]:
    """A text that is another one once anything moved that an estimate may rest on: whoever kept one need not estimate again before."""
    ticket.step(0, 1, "Looking for changes")
    with workspace.read() as reading:
        return Outcome(samples.mark(reading))


def _checked(confidence: float, method: str) -> How:
    if not 0 < confidence < 1:
        raise Refused(f"{confidence:g} cannot be a confidence.", "Give a number between 0 and 1, such as 0.95.")
    if method not in get_args(Method):
        raise Refused(f"There is no method “{shown(method, 40)}”.", f"Choose one of: {', '.join(get_args(Method))}.")
    return How(confidence, method)


def _named(found: CampaignEstimate, by: str, value: str) -> Value:
    for one in found.by:
        if one.value == value:
            return one
    known = ", ".join(shown(one.value, 40) for one in found.by[:20])
    raise NotFound(
        f"“{shown(value, 40)}” is no {shown(by, 40)} of {found.campaign}.", f"There are: {known}." if known else "There is none yet."
    )


def _apart(first: Value, second: Value) -> differences.Difference | None:
    """The first rate less the second; None where one is missing."""
    if None in (first.estimate, first.low, first.high, second.estimate, second.low, second.high):
        return None
    assert first.estimate is not None
    assert second.estimate is not None
    return differences.hybrid(first.estimate, _limits(first), second.estimate, _limits(second))


def _limits(one: Value) -> Interval:
    assert one.low is not None
    assert one.high is not None
    return Interval(one.low, one.high)


def _anytime(reading: Reading, found: Basis, confidence: float, bets: sequential.Bets) -> Estimate:
    """Limits that hold whenever one looks: of the random control stream, in the order of its numbers, up to the first open item."""
    if found.drawn.design == "stratified":
        raise Refused("A stratified sample has no limits that hold at any time.", "Choose auto, or draw a simple random sample.")
    population = len(found.population)
    values = samples.control_prefix(reading, found.stored, found.answers)
    words = (
        f"random control stream, its first {len(values):,} of {population:,} items, betting confidence sequence: it may be read at any time"
    )
    if not len(values) or bool(np.isnan(values).all()):
        reason = "the item that is first in the order of chance has no answer yet"
        return Estimate(None, None, None, confidence, "anytime", words, reason, 0, population)
    bounds = sequential.confidence_sequence(values, population=population, confidence=confidence, bets=bets)
    n = int((~np.isnan(values)).sum())
    return Estimate(
        float(np.nanmean(values)), float(bounds.low[-1]), float(bounds.high[-1]), confidence, "anytime", words, None, n, population
    )


def estimated(found: Basis, whole: Estimate, by: str | None, parts: Parts, judge: str | None) -> CampaignEstimate:
    """An estimate with all that is told of it. whole: of the population; by, parts: of a field and its values."""
    rules = found.stored.state.rules
    bounds = estimates.bounds_if(found.drawn)
    return CampaignEstimate(
        campaign=rules.name,
        id=found.stored.state.hash,
        estimate=whole.estimate,
        low=whole.low,
        high=whole.high,
        confidence=whole.confidence,
        method=whole.method,
        basis=whole.basis,
        reason=whole.reason,
        n=whole.n,
        population=len(found.population),
        sampled=len(found.item),
        answered=found.answered,
        open=found.open,
        unsure=len(found.answers.unsure),
        low_if=bounds.low_if,
        high_if=bounds.high_if,
        judge=judge,
        by_field=by,
        by=parts.values,
        query=search_for(found.stored),
        design=rules.design,
        policy_at_fault=len(found.answers.policy_at_fault),
        not_blind=len(found.answers.not_blind),
        damaged=len(found.answers.damaged),
        hidden=found.hidden,
        notes=tuple(_notes(found, whole, judge)),
        by_test=parts.apart,
    )


def _notes(found: Basis, whole: Estimate, judge: str | None) -> Iterator[str]:
    rules, answers = found.stored.state.rules, found.answers
    if judge is not None and whole.method != "ppi":
        yield f"The scores of {judge} are not used: {_useless(found)}."
    if rules.question == "steps":
        yield (
            "The campaign asks for steps: where no verdict was given beside, an item breaks the policy if a step is marked wrong, keeps to"
            " it if every step is marked and none is wrong, and is open otherwise."
        )
    elif rules.question != "verdict":
        yield f"The campaign asks for {rules.question}: only items to which somebody gave a verdict all the same have an answer."
    if len(answers.compared):
        yield (
            f"{_items(len(answers.compared))} answered by their blind labels, or a resolution: chance had others of their labels given with"
            f" the suggestion of {shown(rules.judge, 40)} in view, and those are left out."
        )
    if found.hidden:
        yield f"{_items(found.hidden)} left out: they wait for your own blind label."
    if len(answers.not_blind):
        yield f"{_items(len(answers.not_blind))} left out: they have an answer only by labels given with something leading in view."
    if len(answers.policy_at_fault):
        yield f"{_items(len(answers.policy_at_fault))} left out: a resolution says that the policy is at fault."
    if len(answers.damaged):
        yield f"{_items(len(answers.damaged))} left out: their answers rest on records that do not verify."


def _useless(found: Basis) -> str:
    """Why a judge's scores do not narrow the interval."""
    scored = found.drawn.f_population
    known = 0 if scored is None else int((~np.isnan(scored)).sum())
    if known < len(found.population):
        return f"they speak of {known:,} of {len(found.population):,} items, and all are needed"
    given = found.drawn.y[~np.isnan(found.drawn.y)]
    rarer = int(min(given.sum(), len(given) - given.sum()))
    if len(given) < estimates.PPI_ANSWERS or rarer < estimates.PPI_EVENTS:
        asked = f"it takes {estimates.PPI_ANSWERS} answers, {estimates.PPI_EVENTS} of them of either kind"
        return f"{asked}, and there are {len(given):,}, {rarer:,} of the rarer kind"
    return "strata that had to be joined, or the method that was asked for, do not go by them"


def _items(count: int) -> str:
    return "1 drawn item is" if count == 1 else f"{count:,} drawn items are"
