"""What a reviewer says of an item: what may be said, what replaces what, and what the answer of an item is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from reviewer.domain import preferences, step_marks
from reviewer.domain.campaigns import CampaignState, labels_asked
from reviewer.domain.chain import MAX_DEPS, EntryHash, MemberId, NoteRef
from reviewer.domain.corrections import Rewrite
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import (
    SEVERITIES,
    VERDICTS,
    Clause,
    Escalate,
    Event,
    Label,
    Mark,
    Omission,
    Preference,
    Retract,
    Ruling,
    Severity,
    Shown,
    Skip,
    Span,
    Verdict,
)
from reviewer.domain.items import ItemId
from reviewer.domain.merging import ruling

CONFIDENCE = {"low": "0.5", "medium": "0.75", "high": "0.95"}
_STEP = re.compile(r"(?:[A-Za-z0-9_-]{1,32}/)?[1-9]\d{0,6}(?:\.[1-9]\d{0,4})?")
_DECIMAL = re.compile(r"0|1|0\.\d{1,6}|1\.0{1,6}")


class Omitted(msgspec.Struct, frozen=True):
    """What should have happened and did not: in the reviewer's words, the step at which it should have, and the clause that asks for it."""

    text: str
    step: str | None = None
    clause: str | None = None


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer has put down: the words of a label before it is one. Drafts are kept in this shape too.

    rationale and omissions are the reviewer's own text; confidence is low, medium, high or a decimal from 0 to 1;
    steps: {"7.2": "bad"}; correction: what the output should have been, as text, or rewrites: the steps that should have been others;
    duration_ms: how long the item was worked on.
    """

    verdict: Verdict | None = None
    severity: Severity | None = None
    rationale: str = ""
    confidence: str | None = None
    steps: dict[str, Mark] = {}
    clauses: tuple[Clause, ...] = ()
    spans: tuple[Span, ...] = ()
    omissions: tuple[Omitted, ...] = ()
    preference: Preference | None = None
    correction: str | None = None
    rewrites: dict[str, Rewrite] = {}
    duration_ms: int | None = None


class Question(NamedTuple):
    """What a label answers, and what is known of it: (campaign, item, showing), and the asker's own labels in force.

    sampled: whether it was drawn, or is hidden among those that were; asked: the entries by which it was asked for again.
    candidates: of a comparison, how many messages each candidate has, by its key. agent: the steps of the agent (step_marks.agent_steps),
    where the campaign asks for marks on them.
    """

    campaign: CampaignState
    item: ItemId
    sampled: bool
    steps: int
    own: frozenset[EntryHash]
    showing: int = 1
    asked: tuple[EntryHash, ...] = ()
    candidates: Mapping[str, int] = MappingProxyType({})
    agent: tuple[str, ...] = ()

    @property
    def answers(self) -> frozenset[EntryHash]:
        """What a label names: those that it replaces and, as far as there is room, what it was asked by."""
        return self.own | set(self.asked[: max(MAX_DEPS - len(self.own), 0)])


class Given(NamedTuple):
    """A label in force, as far as the answer of an item needs it."""

    hash: EntryHash
    member: MemberId
    verdict: Verdict | None
    showing: int = 1


Answer = Literal["compliant", "non_compliant"]


def label(
    question: Question,
    opinion: Opinion,
    *,
    shown: Shown,
    blind: bool,
    rationale: NoteRef | None = None,
    omissions: tuple[Omission, ...] = (),
    correction: str | None = None,
    imported: str | None = None,
    claimed: str | None = None,
) -> Event:
    """Decide on a label: it replaces the member's own labels in force that are known here, and no other.

    Where a campaign asks for steps, a verdict that is not given follows from their marks.

    Raises Refused for an item outside the sample, a closed campaign, or an opinion that the campaign does not ask for.
    """
    campaign = question.campaign
    _require_open(campaign, question)
    opinion = with_verdict(campaign, opinion, question.agent)
    _check_opinion(campaign, opinion, question)
    value = Label(
        campaign=campaign.hash,
        item=question.item,
        showing=question.showing,
        verdict=opinion.verdict,
        severity=opinion.severity,
        clauses=opinion.clauses,
        spans=opinion.spans,
        omissions=omissions,
        steps=dict(sorted(opinion.steps.items())),
        preference=opinion.preference,
        correction=correction,
        confidence=CONFIDENCE.get(opinion.confidence or "", opinion.confidence),
        imported=imported,
        claimed=claimed,
        blind=blind,
        shown=shown,
    )
    return Event("label", value, deps=question.answers, note=rationale, dur_ms=opinion.duration_ms)


def with_verdict(campaign: CampaignState, opinion: Opinion, agent: Sequence[str]) -> Opinion:
    """The opinion with the verdict that follows from its marks, where a campaign asks for steps and none was given. agent: its steps."""
    if campaign.rules.question != "steps" or opinion.verdict is not None:
        return opinion
    return msgspec.structs.replace(opinion, verdict=step_marks.verdict_of(agent, opinion.steps))


def _require_open(campaign: CampaignState, question: Question) -> None:
    if campaign.closed:
        raise Refused(f"The campaign “{campaign.rules.name}” is closed.", "Ask its lead for a new campaign; nothing was written.")
    if not question.sampled:
        raise Refused(
            f"Item {question.item[:6]} is not in the sample of “{campaign.rules.name}”.",
            "Label an item of the campaign: `reviewer next` shows one.",
        )


def _check_opinion(campaign: CampaignState, opinion: Opinion, question: Question) -> None:
    if campaign.rules.question == "preference":
        _check_preference(opinion, question)
    elif opinion.preference is not None:
        raise Refused(f"“{campaign.rules.name}” does not ask which output is better.", "Give a verdict, as the campaign asks.")
    if campaign.rules.question == "verdict" and opinion.verdict is None:
        raise Refused("No verdict was given.", f"Choose one of: {', '.join(VERDICTS)}.")
    if opinion.verdict is not None and opinion.verdict not in VERDICTS:
        raise Refused(f"“{shown(opinion.verdict, 40)}” is not a verdict of this campaign.", f"Choose one of: {', '.join(VERDICTS)}.")
    if opinion.severity is not None and opinion.severity not in SEVERITIES:
        raise Refused(f"“{shown(opinion.severity, 40)}” is not a severity.", f"Choose one of: {', '.join(SEVERITIES)}.")
    if opinion.severity is not None and opinion.verdict != "non_compliant":
        raise Refused("Only a non-compliant item has a severity.", "Leave out the severity, or choose non_compliant.")
    if opinion.confidence is not None and opinion.confidence not in CONFIDENCE and not _DECIMAL.fullmatch(opinion.confidence):
        raise Refused(f"“{shown(opinion.confidence, 40)}” is not a confidence.", "Give low, medium, high, or a decimal from 0 to 1.")
    for step, mark in opinion.steps.items():
        if not _is_step(step, question):
            within = f"Name a message from 1 to {question.steps}, or a tool call as 7.2"
            raise Refused(
                f"“{shown(step, 40)}” is not a step of this item.", f"{within}{'; of a candidate, as A/1' if question.candidates else ''}."
            )
        if mark not in ("good", "bad", "neutral"):
            raise Refused(f"“{shown(mark, 40)}” is not a mark of a step.", "Mark it good, bad or neutral.")
    if campaign.rules.question == "steps":
        step_marks.check(campaign.rules.marks, question.agent, opinion.steps, opinion.verdict)


def _check_preference(opinion: Opinion, question: Question) -> None:
    if opinion.verdict is not None:
        raise Refused("This campaign asks which output is better, not for a verdict.", "Give --prefer or --rank instead.")
    if opinion.preference is None:
        raise Refused("No preference was given.", f"Name the better one of {', '.join(sorted(question.candidates))}, tie or both_bad.")
    preferences.check(opinion.preference, tuple(question.candidates))


def _is_step(step: str, question: Question) -> bool:
    """Whether a message of that number is there; the messages of a candidate are counted for themselves."""
    if not _STEP.fullmatch(step):
        return False
    key, slash, rest = step.rpartition("/")
    number = int(rest.split(".")[0])
    if slash and question.candidates:
        return number <= question.candidates.get(key, 0)
    return bool(slash) or number <= question.steps


def retract(mine: Given | None, *, campaign: EntryHash, item: ItemId, reason: str = "undo") -> Event:
    """Decide to take a label back. Raises Refused where there is none."""
    if mine is None:
        raise Refused("There is no label of yours to take back.", "Record one first.")
    return Event("retract", Retract(campaign, item), deps=frozenset({mine.hash}), reason=reason)


def skip(question: Question, *, note: NoteRef | None) -> Event:
    """Decide to put an item off."""
    _require_open(question.campaign, question)
    return Event("skip", Skip(question.campaign.hash, question.item), note=note)


def escalate(question: Question, *, note: NoteRef) -> Event:
    """Decide to ask the lead."""
    _require_open(question.campaign, question)
    return Event("escalate", Escalate(question.campaign.hash, question.item), note=note)


def answer(
    campaign: CampaignState, item: ItemId, given: Iterable[Given], rulings: Sequence[Ruling] = (), *, enough: int | None = None
) -> Answer | None:
    """The answer of an item, DESIGN.md 2.1: the resolution in force; else the common verdict of all labels in force from different
    members, once there are enough.

    A member with two labels in force that differ has no vote; with two that agree, one. rulings: of the resolutions in force; where they
    differ, or say that the policy is at fault, there is no answer. enough: how many labels make one, where that is not the overlap.
    """
    if rulings:
        ruled = ruling(rulings)
        return None if ruled == "policy_at_fault" else ruled
    votes: dict[MemberId, set[Verdict]] = {}
    for one in given:
        if one.showing == 1 and one.verdict is not None:
            votes.setdefault(one.member, set()).add(one.verdict)
    voices = [next(iter(verdicts)) for verdicts in votes.values() if len(verdicts) == 1]
    if enough is None:
        enough = labels_asked(campaign.rules, item)
    if len(voices) < enough or len(voices) < len(votes) or len(set(voices)) != 1:
        return None
    common = voices[0]
    return None if common == "unsure" else common


def complete(campaign: CampaignState, item: ItemId, given: Iterable[Given], rulings: Sequence[Ruling] = ()) -> bool:
    """Whether the queue is done with an item: it was resolved, or has labels of as many members as are asked for."""
    if rulings:
        return True
    members = {one.member for one in given if one.showing == 1}
    return len(members) >= labels_asked(campaign.rules, item)
