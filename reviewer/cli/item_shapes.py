"""An item and its labels as JSON and as text: the shapes that `show` and `next` share."""

from typing import TYPE_CHECKING, Any

import msgspec

from reviewer.cli.output import plain
from reviewer.domain.items import Item, Message

if TYPE_CHECKING:
    from reviewer.storage.labels import Said


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


def verdict_line(said: "Said") -> str:
    """A label on a line."""
    gone = "" if said.in_force else " (no longer in force)"
    why = f": {plain(said.rationale)}" if said.rationale else ""
    severity = f", {said.label.severity}" if said.label.severity else ""
    return f"{said.reviewer} in {said.campaign}: {said.label.verdict or 'preference'}{severity}{gone}{why}"
