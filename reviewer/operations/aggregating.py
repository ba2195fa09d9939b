"""From the labels of a campaign to one posterior an item, and what that says of each reviewer."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from reviewer.domain import aggregation, calibration, label_models
from reviewer.domain.aggregation import ENOUGH_OVERLAP, Floats, Ints, Said
from reviewer.domain.calibration import ENOUGH_GOLD, Calibration
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import VERDICTS
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Answer
from reviewer.domain.members import Member, NotAllowed, refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations.agreement import NOT_TOLD
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import golds
from reviewer.storage import votes as vote_rows
from reviewer.storage.workspace import Reading, Workspace

Method = Literal["majority", "dawid_skene", "single_expert", "one_coin", "glad", "mace"]
METHODS: tuple[Method, ...] = ("majority", "dawid_skene", "single_expert", "one_coin", "glad", "mace")
CLASSES: tuple[Answer, Answer] = ("compliant", "non_compliant")
_TIE = 1e-9  # nearer to one half is a tie, whichever way the last bit fell
NO_LABEL = "no blind label with a verdict yet"
NO_BASIS = "no label of theirs can be compared with gold or with another's"


class Posterior(NamedTuple):
    """What the labels of an item come to. p_non_compliant: None where nobody was sure; verdict: None there, and in a tie.

    labels: how many.
    """

    item: ItemId
    p_non_compliant: float | None
    verdict: Answer | None
    labels: int


class ReviewerErrors(NamedTuple):
    """How often a reviewer says non-compliant of what is, and compliant of what is that. reason: why there is no value.

    By the model of their errors, or against what one makes of the items; for the majority, against that of the others; for a single
    expert, against gold.
    """

    reviewer: str
    sensitivity: float | None
    specificity: float | None
    reason: str | None


class Aggregated(NamedTuple):
    """A campaign's labels, aggregated. calibration: None with a reason; with one, all posteriors are recalibrated by it.

    items: those that were drawn, without those that the viewer has still to judge blind; hidden: how many those are. A reviewer sees
    calibration, and how they do, where the campaign shows reviewers how they did.
    """

    campaign: str
    id: EntryHash
    method: Method
    items: tuple[Posterior, ...]
    hidden: int
    reviewers: tuple[ReviewerErrors, ...]
    calibration: Calibration | None
    reason: str | None


class Weighed(NamedTuple):
    """What a release needs of a campaign's labels: a posterior for every drawn item that has one, and how these were recalibrated."""

    method: Method
    items: tuple[Posterior, ...]
    calibration: Calibration | None
    reason: str | None


class _Voted(NamedTuple):
    """Votes as numbers, the items and members of those, and the items among them that were drawn."""

    labels: Said
    items: list[bytes]
    members: list[str]
    drawn: frozenset[bytes]


class _Fitted(NamedTuple):
    """By item: the chance of non-compliant, NaN where there is none. By reviewer: sensitivity and specificity, NaN likewise."""

    chances: Floats
    sensitivity: Floats
    specificity: Floats


def aggregate_labels(workspace: Workspace, ticket: Ticket, *, campaign: str, method: str | None = None) -> Outcome[Aggregated]:
    """Weigh the blind labels of a campaign. method None: Dawid and Skene's where each reviewer shares 20 items or more with others; else
    the majority; where no item has two labels, a single expert's, if their errors were measured on gold.

    Raises Refused for another method or, for a single expert, without gold; NotFound; NotAllowed for whoever waits to be admitted, and for
    a reviewer who asks for what gold shows where the campaign does not.
    """
    refuse_waiting(workspace.me)
    if method is not None and method not in METHODS:
        raise Refused(f"“{shown(method, 40)}” aggregates nothing.", f"Choose one of: {', '.join(METHODS)}.")
    asked = next((one for one in METHODS if one == method), None)
    ticket.step(0, 0, "Reading labels")
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        told = workspace.me.role != "reviewer" or stored.state.rules.feedback
        if asked == "single_expert" and not told:
            raise NotAllowed(
                f"“{stored.state.rules.name}” does not show reviewers how they did, and that is how single labels are weighed.",
                "Choose majority or dawid_skene, or ask a lead.",
            )
        votes = vote_rows.votes(reading, stored, lambda done: ticket.step(done, stored.labels, "Reading labels"))
        if votes.empty:
            return Outcome(Aggregated(stored.state.rules.name, stored.state.hash, asked or "majority", (), 0, (), None, NO_LABEL))
        voted = _numbered(votes)
        # To a reviewer, what changes with a label of theirs would tell whether its item is gold: then none is asked.
        truth = _truth(voted, golds.known_answers(reading, stored) if told else {})
        chosen = asked or _method(voted.labels, truth)
        fitted = _fit(voted.labels, truth, chosen, ticket)
        calibrated, reason = _calibrated(fitted.chances, truth) if told else (None, NOT_TOLD)
        unseen = vote_rows.unseen(reading, stored, workspace.me.id) & voted.drawn
        return Outcome(
            Aggregated(
                campaign=stored.state.rules.name,
                id=stored.state.hash,
                method=chosen,
                items=_posteriors(voted, fitted.chances, calibrated, voted.drawn - unseen),
                hidden=len(unseen),
                reviewers=_reviewers(voted, fitted, vote_rows.names(reading), workspace.me) if told else (),
                calibration=calibrated,
                reason=reason,
            )
        )


def weigh(reading: Reading, ticket: Ticket, stored: campaign_rows.Stored, method: str) -> Weighed:
    """Weigh the blind labels of a campaign for whoever may see all of them. method: one of METHODS."""
    asked = next(one for one in METHODS if one == method)
    votes = vote_rows.votes(reading, stored, lambda done: ticket.step(done, stored.labels, "Reading labels"))
    if votes.empty:
        return Weighed(asked, (), None, NO_LABEL)
    voted = _numbered(votes)
    truth = _truth(voted, golds.known_answers(reading, stored))
    fitted = _fit(voted.labels, truth, asked, ticket)
    calibrated, reason = _calibrated(fitted.chances, truth)
    return Weighed(asked, _posteriors(voted, fitted.chances, calibrated, voted.drawn), calibrated, reason)


def _numbered(votes: pd.DataFrame) -> _Voted:
    item, items = vote_rows.numbered(votes)
    members = sorted(votes["member"].unique())
    member, said = vote_rows.coded(votes["member"], members), vote_rows.coded(votes["verdict"], VERDICTS)
    labels = Said(item, member, said, len(items), len(members), len(CLASSES), len(VERDICTS))
    return _Voted(labels, items, members, frozenset(votes.loc[votes["pi"].notna(), "item"]))


def _truth(voted: _Voted, known: Mapping[ItemId, str]) -> Ints:
    """The right answers as numbers, by item; -1 where none is known."""
    return vote_rows.coded(pd.Series([known.get(ItemId(one.hex())) for one in voted.items], dtype=object), CLASSES)


def _method(labels: Said, truth: Ints) -> Method:
    """What METHODS.md section 5 chooses."""
    shared = aggregation.overlaps(labels)
    if (shared >= ENOUGH_OVERLAP).all() and len(shared) > 1:
        return "dawid_skene"
    return "majority" if shared.any() or not (truth >= 0).any() else "single_expert"


def _fit(labels: Said, truth: Ints, method: Method, ticket: Ticket) -> _Fitted:
    match method:
        case "dawid_skene":
            model = aggregation.dawid_skene(labels, pool=True, ticket=ticket)
            return _Fitted(model.posterior[:, 1], model.errors[:, 1, 1], model.errors[:, 0, 0])
        case "single_expert":
            counts = aggregation.errors_given(labels, truth)
            if not counts.any():
                raise Refused(
                    "No item with a known answer was labelled: how far a single label can be believed was never measured.",
                    "Bring in gold with `reviewer gold import`, or choose another method.",
                )
            return _Fitted(aggregation.expert(labels, counts).posterior[:, 1], *_rates(counts))
        case "one_coin" | "glad" | "mace":
            posterior = {"one_coin": label_models.one_coin, "glad": label_models.glad, "mace": label_models.mace}[method](
                labels, ticket=ticket
            ).posterior
            known = np.bincount(labels.item, weights=labels.said < labels.classes, minlength=labels.items) > 0
            chances = np.where(known, posterior[:, 1], np.nan)  # where nobody was sure, these models say nothing
            return _Fitted(chances, *_rates(_against(labels, posterior)))
        case "majority":
            return _Fitted(aggregation.majority(labels)[:, 1], *_rates(aggregation.against_others(labels)))


def _against(labels: Said, posterior: Floats) -> Floats:
    """What each reviewer said of items, by how likely these are in each class: counts as `aggregation.errors_given` gives them."""
    place = labels.reviewer * labels.sayings + labels.said
    size = labels.reviewers * labels.sayings
    counts = [np.bincount(place, weights=posterior[labels.item, k], minlength=size) for k in range(labels.classes)]
    return np.stack(counts).reshape(labels.classes, labels.reviewers, labels.sayings).transpose(1, 0, 2).astype(np.float64)


def _rates(counts: Floats) -> tuple[Floats, Floats]:
    """Sensitivity and specificity of counts by (reviewer, class, what was said); NaN where there was nothing to be right about."""
    with np.errstate(invalid="ignore"):
        shares = counts / counts.sum(axis=2, keepdims=True)
    return shares[:, 1, 1], shares[:, 0, 0]


def _calibrated(chances: Floats, truth: Ints) -> tuple[Calibration | None, str | None]:
    known = (truth >= 0) & ~np.isnan(chances)
    if known.sum() < ENOUGH_GOLD:
        return None, f"{known.sum():,} items have a known answer; it takes {ENOUGH_GOLD} to calibrate"
    return calibration.calibrate(chances[known], truth[known].astype(np.float64)), None


def _posteriors(voted: _Voted, chances: Floats, calibrated: Calibration | None, told: frozenset[bytes]) -> tuple[Posterior, ...]:
    """Of the items that may be told, in the order of their ids."""
    if calibrated is not None:
        chances = calibration.recalibrated(chances, calibrated.temperature, calibrated.cap)
    found = []
    for name, chance, given in zip(voted.items, chances.tolist(), np.bincount(voted.labels.item).tolist(), strict=True):
        if name not in told:
            continue
        if np.isnan(chance):
            found.append(Posterior(ItemId(name.hex()), None, None, given))
        else:
            verdict = None if abs(chance - 0.5) < _TIE else CLASSES[chance > 0.5]
            found.append(Posterior(ItemId(name.hex()), chance, verdict, given))
    return tuple(found)


def _reviewers(voted: _Voted, fitted: _Fitted, names: dict[str, str], me: Member) -> tuple[ReviewerErrors, ...]:
    """In the order of their names; a reviewer sees themselves."""
    found = []
    for member, *rates in zip(voted.members, fitted.sensitivity.tolist(), fitted.specificity.tolist(), strict=True):
        if me.role != "reviewer" or member == me.id:
            sensitivity, specificity = (None if np.isnan(rate) else rate for rate in rates)
            reason = NO_BASIS if None in (sensitivity, specificity) else None
            found.append(ReviewerErrors(names[member], sensitivity, specificity, reason))
    return tuple(sorted(found, key=lambda one: one.reviewer))
