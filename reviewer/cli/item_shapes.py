"""An item and its labels as JSON and as text: the shapes that `show` and `next` share."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from reviewer.cli.output import plain
from reviewer.domain.items import Item, Message
from reviewer.domain.preferences import in_words

if TYPE_CHECKING:
    from reviewer.domain.chain import EntryHash
    from reviewer.domain.histories import Happening
    from reviewer.domain.stories import Act, Told
    from reviewer.operations.staleness import Mismatch
    from reviewer.storage.labels import Said
    from reviewer.storage.suggestions import Suggestion


def messages(said: tuple[Message, ...], *, before: str = "") -> list[dict[str, Any]]:
    """The messages of an item; before: `KEY/` for those of a candidate."""
    return [_message(message, f"{before}{number}") for number, message in enumerate(said, 1)]


def _message(message: Message, step: str) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "step": step,
        "role": message.role,
        "name": message.name,
        "content": msgspec.to_builtins(message.content),
        "tool_calls": [{"id": call.id, "name": call.name, "arguments": call.arguments} for call in message.tool_calls],
        "tool_call_id": message.tool_call_id,
    }
    return shape if message.error is None else {**shape, "error": message.error}


def candidates(item: Item, *, with_model: bool) -> list[dict[str, Any]]:
    """The outputs of a comparison."""
    return [
        {
            "key": one.key,
            **({"model": one.model} if with_model else {}),
            "messages": messages(one.messages, before=f"{one.key}/"),
        }
        for one in item.candidates
    ]


def label(said: "Said") -> dict[str, Any]:
    """A label and who gave it."""
    from reviewer import operations

    return {
        "label": said.hash,
        "campaign": said.campaign,
        "reviewer": said.reviewer,
        **operations.exporting.said_fields(said.label, said.rationale, said.omissions),
        "blind": said.label.blind,
        "showing": said.label.showing,
        "time": said.label.claimed or operations.exporting.rfc3339(said.body.wall_ms),
        "duration_ms": said.body.dur_ms,
        "imported": said.label.imported is not None,
        "in_force": said.in_force,
    }


def past_label(said: "Said", after: "Sequence[Act]") -> dict[str, Any]:
    """A label in a history: also which device gave it, when by its clock, and what took its place or took it back."""
    from reviewer import operations

    moves = [
        {"entry": one.entry, "kind": one.kind, "reviewer": one.by.name, "time": one.time, "reason": one.reason, "verdict": one.verdict}
        for one in after
    ]
    body = said.body
    when = operations.stories.local_time(body)
    return {**label(said), "device": body.device, "seq": body.seq, "device_time": when, "clock": body.clock, "after": moves}


def history(happened: "Sequence[Happening]", said: "Sequence[Said]", after: "Mapping[EntryHash, Sequence[Act]]") -> list[dict[str, Any]]:
    """What happened to an item, in order, each with a sentence; what took a label back stands with the label."""
    labels = {one.hash: past_label(one, after[one.hash]) for one in said}
    return [_happened(one, labels.get(one.entry) if one.entry is not None else None) for one in happened if one.kind != "retract"]


def _happened(one: "Happening", label: dict[str, Any] | None) -> dict[str, Any]:
    from reviewer import operations

    clauses = [clause_name(clause.policy, clause.clause, clause.number) for clause in one.clauses]
    words = {"kind": one.kind, "words": operations.recounting.sentence(one), "clause_versions": clauses}
    if label is not None:
        return {**label, **words}
    return {
        **words,
        "entry": one.entry,
        "campaign": one.campaign or None,
        "reviewer": one.by or None,
        "verdict": one.verdict,
        "why": one.why,
        "clauses": clauses,
        "rationale": one.note,
        "device_time": one.time,
    }


def suggestion(said: "Suggestion") -> dict[str, Any]:
    """What a judge says of an item."""
    return {"judge": said.judge, "verdict": said.verdict, "score": said.score, "rationale": said.rationale}


def suggested(said: "Suggestion") -> str:
    """The same in words, for whoever is shown it before their label."""
    score = f", score {said.score}" if said.score is not None else ""
    lines = [f"{plain(said.judge)} suggests: {said.verdict or 'no verdict'}{score}", *([plain(said.rationale)] if said.rationale else [])]
    return "\n".join([*lines, "It was shown to you by chance; your label will not count as blind."])


def clause_name(policy: str, clause: str, number: int | None) -> str:
    """KEY@N:CLAUSE, as a command takes it; KEY:CLAUSE where the version is not known."""
    return f"{policy}:{clause}" if number is None else f"{policy}@{number}:{clause}"


def uncounted(told: "Told") -> dict[str, Any]:
    """A label that is kept and makes no state; `reviewer story` says why."""
    return {"label": told.entry, "campaign": told.campaign, "reviewer": told.by, "verdict": told.verdict, "device_time": told.time}


def transcript(item: Item) -> str:
    """All messages as text, each under its step and role; nothing in it can act on a terminal."""
    parts = [_told(message, str(number)) for number, message in enumerate(item.messages, 1)]
    for one in item.candidates:
        parts.append(f"=== {plain(one.key)}")
        parts.extend(_told(message, f"{one.key}/{number}") for number, message in enumerate(one.messages, 1))
    return "\n\n".join(parts)


def _told(message: Message, step: str) -> str:
    head = f"--- {plain(step)} {message.role}" + (f" ({plain(message.name)})" if message.name else "")
    lines = [head]
    for part in message.content:
        if part.type in ("text", "json"):
            lines.append(plain(part.text or part.json or ""))
        else:
            lines.append(f"[{part.type}: {plain(part.name or part.media_type or 'medium')}, {part.size_bytes or 0:,} bytes]")
    lines.extend(f"calls {step}.{k} {plain(call.name)} {plain(call.arguments)}" for k, call in enumerate(message.tool_calls, 1))
    if message.error:
        lines.append(f"error: {plain(message.error)}")
    return "\n".join(lines)


def mismatch_line(one: "Mismatch") -> str:
    """That a label cites another version than the one that held at the item's time."""
    cited = "another version" if one.cited is None else f"version {one.cited}"
    held = " and ".join(map(str, one.held))
    return f"note: {plain(one.policy)}:{plain(one.clause)} is cited from {cited}; version {held} was in force at the item's time"


def _said(said: "Said") -> str:
    """The verdict, or what was preferred, as `--rank` takes it."""
    preference = said.label.preference
    if said.label.verdict is not None or preference is None:
        return said.label.verdict or "steps"
    return in_words(preference) + (f" ({preference.strength})" if len(preference.ranking) > 1 else "")


def verdict_line(said: "Said") -> str:
    """A label on a line."""
    gone = "" if said.in_force else " (no longer in force)"
    why = f": {plain(said.rationale)}" if said.rationale else ""
    severity = f", {said.label.severity}" if said.label.severity else ""
    clauses = "".join(f", {plain(one.policy)}:{plain(one.clause)}" for one in said.label.clauses)
    return f"{said.reviewer} in {said.campaign}: {_said(said)}{severity}{clauses}{gone}{why}"
