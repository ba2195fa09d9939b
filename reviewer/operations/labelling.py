"""Saying what an item is: recording a label, putting an item off, asking the lead, taking a label back."""

from collections.abc import Mapping
from typing import NamedTuple

from reviewer.domain import labels
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import Omission, Shown, Span
from reviewer.domain.items import Item, ItemId, text_of
from reviewer.domain.labels import Opinion, Question
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage.workspace import Reading, Work, Workspace

BLIND_ON_COMMAND_LINE = Shown(renderer="text")
MAX_NOTE_BYTES = 256 * 1024


class Recorded(NamedTuple):
    """A label that is on disk."""

    label: EntryHash
    item: ItemId
    campaign: EntryHash
    campaign_name: str


class Undone(NamedTuple):
    """A label that was taken back, and what it said, so that it can be put on screen again."""

    label: EntryHash
    item: ItemId
    campaign: EntryHash
    opinion: Opinion


def label_item(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaign: str,
    item: str,
    opinion: Opinion,
    shown: Shown = BLIND_ON_COMMAND_LINE,
    correction: bytes | None = None,
) -> Outcome[Recorded]:
    """Record your label on an item. campaign: name or id; item: id or its first digits.

    Raises Refused for what the campaign does not ask for, NotFound, NotAllowed, NotSaved; then nothing is written.
    """
    ticket.step(0, 1, "Recording")
    with workspace.begin(urgent=True) as work:
        require(workspace.me, "label", "label items")
        question, stored = _question(work, campaign, item)
        omissions = tuple(Omission(note=work.keep_note(_note(text))) for text in opinion.omissions)
        event = labels.label(
            question,
            opinion,
            shown=shown,
            blind=stored.state.rules.blind and not (shown.model or shown.suggestions or shown.labels or shown.source),
            rationale=work.keep_note(_note(opinion.rationale)) if opinion.rationale.strip() else None,
            omissions=omissions,
            correction=work.keep_blob(correction) if correction is not None else None,
        )
        name = work.record(event)
        label_rows.drop_draft(work, stored.state.hash, question.item)
        answer = Recorded(name, question.item, stored.state.hash, stored.state.rules.name)
    return Outcome(answer, work.changes)


def skip_item(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str, reason: str = "") -> Outcome[ItemId]:
    """Put an item off; it comes back at the end of your queue."""
    ticket.step(0, 1, "Recording")
    with workspace.begin(urgent=True) as work:
        require(workspace.me, "skip", "skip items")
        question, _ = _question(work, campaign, item)
        work.record(labels.skip(question, note=work.keep_note(_note(reason)) if reason.strip() else None))
    return Outcome(question.item, work.changes)


def escalate_item(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str, reason: str) -> Outcome[ItemId]:
    """Ask the lead about an item; it leaves your queue. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused("No reason was given.", "Say what the lead should look at.")
    ticket.step(0, 1, "Recording")
    with workspace.begin(urgent=True) as work:
        require(workspace.me, "escalate", "escalate items")
        question, _ = _question(work, campaign, item)
        work.record(labels.escalate(question, note=work.keep_note(_note(reason))))
    return Outcome(question.item, work.changes)


def undo_label(workspace: Workspace, ticket: Ticket, *, campaign: str | None = None) -> Outcome[Undone]:
    """Take back your newest label in force, of one campaign or of the one you labelled in last. It stays in the history."""
    ticket.step(0, 1, "Taking back")
    with workspace.begin(urgent=True) as work:
        name = campaign or label_rows.last_campaign(work, workspace.member)
        if name is None:
            raise Refused("There is no label of yours to take back.", "Record one first.")
        stored = campaign_rows.named(work, name)
        last = label_rows.last_own(work, stored, workspace.member)
        given, item = last if last is not None else (None, ItemId(""))
        event = labels.retract(given, campaign=stored.state.hash, item=item)
        assert given is not None  # retract refuses where there is none
        opinion = opinion_of(work, given.hash)
        work.record(event)
        label_rows.save_draft(work, stored.state.hash, item, opinion)
    return Outcome(Undone(given.hash, item, stored.state.hash, opinion), work.changes)


def save_draft(workspace: Workspace, ticket: Ticket, *, campaign: EntryHash, item: ItemId, opinion: Opinion) -> Outcome[None]:
    """Keep what has been begun on an item, so that a crash does not lose it. An empty opinion forgets the draft."""
    ticket.step(0, 1, "Keeping the draft")
    with workspace.begin(urgent=True) as work:
        if opinion == Opinion(duration_ms=opinion.duration_ms):
            label_rows.drop_draft(work, campaign, item)
        else:
            label_rows.save_draft(work, campaign, item, opinion)
    return Outcome(None, Changes.NONE)


def opinion_of(reading: Reading, label: EntryHash) -> Opinion:
    """What a label said, in the words that it was made of."""
    said = label_rows.one(reading, label)
    assert said is not None
    names = {decimal: word for word, decimal in labels.CONFIDENCE.items()}
    value = said.label
    return Opinion(
        verdict=value.verdict,
        severity=value.severity,
        rationale=said.rationale or "",
        confidence=names.get(value.confidence or "", value.confidence),
        steps=dict(value.steps),
        clauses=value.clauses,
        spans=value.spans,
        omissions=said.omissions,
        preference=value.preference,
        duration_ms=said.body.dur_ms,
    )


def span_of(
    item: Item, *, step: str, start: int, end: int, part: int | None = None, pointer: str | None = None, clause: str | None = None
) -> Span:
    """A marked passage, with the hash of its words. start and end: Unicode code points. Raises Refused where there are no such words."""
    text = _text_at(item, step, part, pointer)
    if not 0 <= start < end <= len(text):
        raise Refused(f"Step {step} has no characters {start} to {end}.", f"Its text has {len(text)} characters, counted from 0.")
    quote = sha256_hex(text[start:end].encode())
    return Span(step=step, part=part, pointer=pointer, start=start, end=end, clause=clause, quote=quote)


def _text_at(item: Item, step: str, part: int | None, pointer: str | None) -> str:
    number, _, call = step.partition(".")
    if not number.isdecimal() or not 1 <= int(number) <= len(item.messages):
        raise Refused(
            f"“{step[:20]}” is not a step of this item.", f"Name a message from 1 to {len(item.messages)}, or a tool call as 7.2."
        )
    message = item.messages[int(number) - 1]
    if call:
        if not call.isdecimal() or not 1 <= int(call) <= len(message.tool_calls):
            raise Refused(f"“{step[:20]}” is not a step of this item.", f"Step {number} has {len(message.tool_calls)} tool calls.")
        arguments = message.tool_calls[int(call) - 1].arguments
        return arguments if pointer is None else _string_at(arguments, pointer)
    if part is None:
        return text_of(message)
    if not 0 <= part < len(message.content):
        raise Refused(f"Step {number} has no part {part}.", f"It has {len(message.content)}, counted from 0.")
    return message.content[part].text or ""


def _string_at(arguments: str, pointer: str) -> str:
    import msgspec

    refusal = Refused(
        f"There is no text at “{pointer[:40]}”.", "Give a JSON pointer to a string of the call's arguments, such as /user/name."
    )
    try:
        place: object = msgspec.json.decode(arguments)
    except msgspec.DecodeError as error:
        raise refusal from error
    for key in pointer.split("/")[1:]:
        name = key.replace("~1", "/").replace("~0", "~")
        if isinstance(place, Mapping) and name in place:
            place = place[name]
        elif isinstance(place, list) and name.isdecimal() and int(name) < len(place):
            place = place[int(name)]
        else:
            raise refusal
    if not isinstance(place, str):
        raise refusal
    return place


def _note(text: str) -> str:
    if len(text.encode(errors="replace")) > MAX_NOTE_BYTES:
        raise Refused("The text is longer than 256 kB.", "Shorten it; the transcript need not be repeated.")
    return text


def _question(work: Work, campaign: str, item: str) -> tuple[Question, campaign_rows.Stored]:
    stored = campaign_rows.named(work, campaign)
    found = campaign_rows.look_up(work, stored, item) or campaign_rows.look_up(work, stored, item_rows.full_id(work, item))
    assert found is not None  # full_id raises where there is none
    own = label_rows.own_in_force(work, stored, work.workspace.member, found.item)
    return Question(stored.state, found.item, found.sampled, found.steps, own), stored
