"""Which items of some campaigns have an answer that is released, which it is and how sure, and what is left out for which reason."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain import releases
from reviewer.domain.errors import Refused, about, shown
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import Aggregation, Answer, Answers
from reviewer.domain.reward_weights import decimal
from reviewer.formats.release_shapes import SHAPES, Needs, Shape, names
from reviewer.storage import departures, golds, released
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading

if TYPE_CHECKING:
    from reviewer.operations import aggregating

AGGREGATES = ("answer", "majority", "dawid_skene")
_SURE_ENOUGH = 0.7  # METHODS.md 5: between 0.3 and 0.7 a recalibrated chance is for an adjudicator, not for training
FITTING = {"verdict": "trl-kto", "preference": "trl-preference", "steps": "trl-stepwise"}
"""The format that is offered first for what a campaign asks."""
_ASKED = {"verdict": "for verdicts", "preference": "which output is better", "steps": "for marks on steps"}
MADE_OF = {"runs": {"verdict", "steps"}, "outputs": {"verdict", "steps", "preference"}, "pairs": {"verdict", "steps", "preference"},
           "steps": {"verdict", "steps"}, "whole": {"verdict", "preference", "steps"}}  # fmt: skip


class Wanted(NamedTuple):
    """How labels become answers. least: the confidence that a row must have, None for the default of the aggregate."""

    aggregate: str
    least: float | None = None


@dataclass
class Chosen:
    """What goes in. answers: of items that were judged; p_right: how sure, where that was measured.

    disputed: answered differently in two campaigns; damaged: on entries that do not verify.
    """

    dropped: dict[str, int] = field(default_factory=lambda: dict.fromkeys(releases.DROPPED, 0))
    answers: Answers = field(default_factory=Answers)
    p_right: dict[ItemId, float] = field(default_factory=dict)
    aggregation: list[Aggregation] = field(default_factory=list)
    disputed: int = 0
    damaged: int = 0

    def drop(self, reason: str, n: int = 1) -> None:
        """Count what is left out."""
        self.dropped[reason] = self.dropped.get(reason, 0) + n


def wanted(aggregate: str, min_confidence: str | None) -> Wanted:
    """How labels become answers, as it was asked for. Raises Refused."""
    with about("aggregate"):
        if aggregate not in AGGREGATES:
            raise Refused(f"Labels are not aggregated by “{shown(aggregate, 40)}”.", f"Choose one of: {', '.join(AGGREGATES)}.")
    if min_confidence is None:
        return Wanted(aggregate)
    with about("min_confidence"):
        return Wanted(aggregate, _least(aggregate, min_confidence))


def _least(aggregate: str, min_confidence: str) -> float:
    try:
        least = float(min_confidence)
    except ValueError:
        least = -1.0
    if not 0.5 <= least <= 1:
        raise Refused(f"“{shown(min_confidence, 40)}” is not a confidence.", "Give a number from 0.5 (a coin's throw) to 1.")
    if aggregate == "answer":
        raise Refused("An answer is common to all labels and has no confidence.", "Add --aggregate majority or dawid_skene.")
    return least


def refuse_other_questions(stored: Sequence[Stored], shape: Shape, aggregate: str) -> None:
    """Raise Refused where a campaign asks for something that a format is not made of."""
    for one in stored:
        question = one.state.rules.question
        with about("format"):
            if question not in MADE_OF[shape.needs]:
                fit = names([other for other in SHAPES if question in MADE_OF[other.needs]])
                said = f"“{one.state.rules.name}” asks {_ASKED[question]}, of which {shape.name} is not made."
                raise Refused(said, f"Choose one of: {fit}.")
        with about("aggregate"):
            if question != "verdict" and aggregate != "answer":
                raise Refused(f"“{one.state.rules.name}” asks {_ASKED[question]}: only verdicts are weighed.", "Leave out --aggregate.")


def judged_by(needs: Needs) -> tuple[str, ...]:
    """What campaigns ask whose verdicts become rows: marks too, from which verdicts follow, unless rows are made of the marks."""
    return ("verdict",) if needs in ("steps", "whole") else ("verdict", "steps")


def choose(reading: Reading, ticket: Ticket, stored: Sequence[Stored], asked: Wanted, *, needs: Needs = "whole") -> Chosen:
    """The verdicts of all campaigns together. An item whose campaigns disagree has none, and counts as open.

    Gold is left out, drawn or not: what reviewers and judges are measured by shall not be trained on. needs: what rows are made of; where
    it is marks on steps, with a verdict or without, a missing verdict drops nothing.
    """
    chosen, damaged, told = Chosen(), set[bytes](), list[Iterable[Answer]]()
    for one in stored:
        if one.state.rules.question not in judged_by(needs):
            continue
        left_out = departures.left_out(reading, one)
        chosen.drop("gold", len(left_out.gold))
        chosen.drop("repeat", left_out.repeats)
        told.append(_answers(reading, ticket, one, asked, chosen, left_out.gold))
        damaged |= {bytes.fromhex(item) for item in departures.resting_on_damaged(reading, one)}
    for item, said in groupby(merge(*told, key=_item), key=_item):
        found = list(said)
        if len({one.answer for one in found}) > 1:
            chosen.disputed += 1
        elif item in damaged:
            chosen.damaged += 1
        else:
            chosen.answers.add(Answer(item, found[0].answer, tuple(name for one in found for name in one.campaigns)))
    chosen.drop("open", chosen.disputed + chosen.damaged)
    if needs == "steps":
        chosen.dropped.update(unsure=0, open=0)  # whoever reads the marks counts what has none
    return chosen


def _item(one: Answer) -> bytes:
    return one.item


def _answers(reading: Reading, ticket: Ticket, one: Stored, asked: Wanted, chosen: Chosen, gold: Set[ItemId]) -> Iterable[Answer]:
    """In order of ids."""
    if asked.aggregate != "answer":
        return _weighed(reading, ticket, one, asked, chosen, gold)
    lacking = departures.unanswered(reading, one)
    chosen.drop("unsure", lacking.unsure)
    chosen.drop("open", lacking.open)
    kept_out = {bytes.fromhex(item) for item in gold}
    return (answer for answer in departures.answers(reading, one) if answer.item not in kept_out)


def _weighed(reading: Reading, ticket: Ticket, one: Stored, asked: Wanted, chosen: Chosen, gold: Set[ItemId]) -> Iterable[Answer]:
    """Answers by the weight of blind labels, in order of ids. A resolution overrides them, and has no confidence of its own."""
    from reviewer.operations import aggregating  # loads pandas, which no other release needs

    weighed = aggregating.weigh(reading, ticket, one, asked.aggregate)
    least = asked.least if asked.least is not None else _SURE_ENOUGH if weighed.calibration else 0.5
    chosen.aggregation.append(_told(one, asked, weighed))
    found: list[Answer] = []
    alone = (one.state.hash,)
    by_item = {posterior.item: posterior for posterior in weighed.items}
    known = golds.known_answers(reading, one)
    for drawn in released.drawn(reading, one):
        posterior = by_item.get(drawn.item)
        if drawn.item in known:  # also where its labels have no common verdict, but a weight
            chosen.drop("gold", int(drawn.complete and drawn.item not in gold))
            continue
        if drawn.resolved:
            if drawn.answer is None:
                chosen.drop("open")
            else:
                found.append(Answer(bytes.fromhex(drawn.item), drawn.answer, alone))
        elif not drawn.complete or posterior is None:
            chosen.drop("open")
        elif posterior.p_non_compliant is None:
            chosen.drop("unsure")
        else:
            sure = max(posterior.p_non_compliant, 1 - posterior.p_non_compliant)
            if posterior.verdict is None or sure < least:
                chosen.drop("low_confidence")
                continue
            found.append(Answer(bytes.fromhex(drawn.item), posterior.verdict, alone))
            if weighed.calibration is not None:
                chosen.p_right[drawn.item] = min(sure, chosen.p_right.get(drawn.item, 1.0))
    return found


def _told(one: Stored, asked: Wanted, weighed: "aggregating.Weighed") -> Aggregation:
    least = None if asked.least is None else decimal(asked.least)
    if weighed.calibration is None:
        return Aggregation(one.state.hash, weighed.method, reason=weighed.reason, least=least)
    by = weighed.calibration
    least = least or decimal(_SURE_ENOUGH)
    return Aggregation(one.state.hash, weighed.method, decimal(by.temperature), decimal(by.cap), by.gold, least=least)
