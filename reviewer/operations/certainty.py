"""How sure a campaign is of its rate, item by item: limits that hold whenever somebody looks, and stops."""

from typing import NamedTuple

import numpy as np

from reviewer.domain import sequential
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.members import refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations.estimate_basis import Basis, basis
from reviewer.operations.estimate_parts import search_for
from reviewer.storage import samples
from reviewer.storage.workspace import Reading, Workspace

MOST_STEPS = 120  # that are told of a longer run; the first and the last always are


class Step(NamedTuple):
    """After so many items: the rate so far and its limits. estimate: None while only unsure items came."""

    items: int
    estimate: float | None
    low: float
    high: float


class Certainty(NamedTuple):
    """A confidence sequence over the random control stream, in the order of its permanent random numbers, up to the first open item.

    steps: empty, where `reason` says why. population: what the limits speak of. query: the labels behind it.
    """

    id: EntryHash
    steps: tuple[Step, ...]
    population: int
    confidence: float
    basis: str
    reason: str | None
    query: str


class Settled(NamedTuple):
    """Whether a rate is known to be below a tolerable one, acceptable, or above it. items: after how many of those that are told."""

    decision: sequential.Decision
    items: int


def settled(found: Certainty, tolerable: float) -> Settled | None:
    """What the limits say of a tolerable rate, a share: they hold at every look, so whoever stops once they lie on one side of it is right
    with their confidence. None while they do not. Raises Refused for a rate that can be neither kept nor broken."""
    if not 0 < tolerable < 1:
        raise Refused(f"A tolerable rate of {tolerable:g} can be neither kept nor broken.", "Give a share between 0 and 1, such as 0.05.")
    limits = sequential.Bounds(np.array([step.low for step in found.steps]), np.array([step.high for step in found.steps]))
    decided = sequential.decide(limits, tolerable)
    return None if decided is None else Settled(decided[0], found.steps[decided[1] - 1].items)


def certainty_of_campaign(
    workspace: Workspace, ticket: Ticket, *, campaign: str, confidence: float = 0.95, expected: float | None = None
) -> Outcome[Certainty]:
    """The limits after each item. What a reviewer has still to judge blind counts as open. expected: the rate that was thought likely
    before anything was reviewed, which makes the limits narrower where it is about right. Raises NotFound, Refused for an expected rate
    that is none, and NotAllowed for whoever waits to be admitted. Source of the limits: `domain.sequential.confidence_sequence`; an unsure
    item counts against both of them.
    """
    refuse_waiting(workspace.me)
    with workspace.read() as reading:
        found = basis(reading, ticket, campaign=campaign, viewer=workspace.me)
        return Outcome(certainty_of(reading, ticket, found, confidence, sequential.expecting(expected)))


def certainty_of(
    reading: Reading, ticket: Ticket, found: Basis, confidence: float = 0.95, bets: sequential.Bets = sequential.USUAL
) -> Certainty:
    """The same of a basis that was read already."""
    query, population = search_for(found.stored), len(found.population)
    words = "random control stream, betting confidence sequence: it may be read at any time"

    def without(reason: str) -> Certainty:
        return Certainty(found.stored.state.hash, (), population, confidence, words, reason, query)

    if found.drawn.design == "stratified":
        return without("A stratified sample has no limits that hold at any time.")
    values = samples.control_prefix(reading, found.stored, found.answers)
    if not len(values):
        return without("The item that is first in the order of chance has no answer yet.")
    ticket.step(0, 1, "Laying bets")
    bounds = sequential.confidence_sequence(values, population=population, confidence=confidence, bets=bets)
    known = np.cumsum(~np.isnan(values))
    broken = np.cumsum(np.nan_to_num(values))
    steps = tuple(
        Step(at + 1, float(broken[at] / known[at]) if known[at] else None, float(bounds.low[at]), float(bounds.high[at]))
        for at in _told(len(values))
    )
    return Certainty(found.stored.state.hash, steps, population, confidence, words, None, query)


def _told(count: int) -> list[int]:
    """The places that are told of so many."""
    return sorted(set(np.linspace(0, count - 1, min(count, MOST_STEPS)).round().astype(int).tolist()))
