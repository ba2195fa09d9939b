"""Mistral's chat records: fine-tuning and Studio data sets (`messages`, `properties`), and conversation histories (`entries`).

Shapes: mistralai/client-python and the Studio API. A data set record differs from OpenAI's only in details that the shared reader knows
(calls without a type, thinking pieces, an image as a bare address), so its items are the same.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from reviewer.domain.items import Item, Message
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import openai_chat, raw_records, strict_json, times
from reviewer.formats.chat_messages import CallIn, MessageIn, convert_one
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

Raw = msgspec.Raw

_CALL_ID = re.compile(r"[A-Za-z0-9]{9}")
_MARKS = frozenset({"properties", "nb_messages"})


class _Entry(msgspec.Struct):
    """One entry of a conversation history."""

    type: str = "message.input"
    role: str | None = None
    content: str | list[Raw] | None = None
    tool_call_id: str | None = None
    name: str | None = None
    arguments: Raw = Raw(b"{}")
    result: str | None = None
    model: str | None = None
    previous_agent_name: str | None = None
    next_agent_name: str | None = None
    created_at: str | None = None


class _History(msgspec.Struct):
    entries: list[_Entry]
    conversation_id: str | None = None
    agent: str | None = None


_history = msgspec.json.Decoder(_History)
_members = msgspec.json.Decoder(dict[str, Raw])


def sniff(head: Head, options: Options) -> bool:
    """A conversation history, or chat records with Mistral's marks."""
    if any(map(_is_history, head.samples)):
        return True
    return openai_chat.sniff(head, options) and any(openai_chat.is_chat(sample) and _has_marks(sample) for sample in head.samples)


def _is_history(sample: dict[str, Any]) -> bool:
    return sample.get("object") == "conversation.history" and isinstance(sample.get("entries"), list)


def _has_marks(sample: dict[str, Any]) -> bool:
    return bool(_MARKS & sample.keys()) or any(map(_is_mistral, sample["messages"]))


def _is_mistral(message: dict[str, Any]) -> bool:
    if "prefix" in message or "weight" in message:
        return True
    content = message.get("content")
    if isinstance(content, list) and any(isinstance(piece, dict) and _is_mistral_piece(piece) for piece in content):
        return True
    calls = message.get("tool_calls")
    return isinstance(calls, list) and any(
        isinstance(call, dict) and "type" not in call and _CALL_ID.fullmatch(str(call.get("id"))) for call in calls
    )


def _is_mistral_piece(piece: dict[str, Any]) -> bool:
    return piece.get("type") == "thinking" or (piece.get("type") == "image_url" and isinstance(piece.get("image_url"), str))


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a record."""
    yield from raw_records.read(source, lambda counted: _record(counted, options), openai_chat.PLAIN)


def _record(counted: Counted, options: Options) -> Record:
    members = {} if counted.plain is not None else strict_json.decode(_members, counted.raw)
    if "entries" not in members:
        return openai_chat.record(counted, options)
    history = strict_json.decode(_history, counted.raw)
    found: list[Medium] = []
    messages = tuple(message for entry in history.entries if (message := _message(entry, found)) is not None)
    if not messages:
        raise strict_json.bad("The record has no messages.")
    began = next((entry.created_at for entry in history.entries if entry.created_at), None)
    item = Item(
        kind="trajectory",
        messages=messages,
        agent=options.agent or history.agent,
        model=next((entry.model for entry in history.entries if entry.model), None),
        time=times.rfc3339(began) if began else None,
        external_id=history.conversation_id,
    )
    beside = {name: value for name, value in members.items() if name not in ("entries", "object", "conversation_id", "agent")}
    return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside), tuple(found))


def _message(entry: _Entry, found: list[Medium]) -> Message | None:
    """A message, a call or a result. A hand-over between agents is told as a system note; what is unknown is refused, not dropped."""
    if entry.type == "message.input":
        return convert_one(MessageIn(role=entry.role or "user", content=entry.content), found)
    if entry.type == "message.output":
        return convert_one(MessageIn(role=entry.role or "assistant", content=entry.content), found)
    if entry.type in ("function.call", "tool.execution"):
        call = CallIn(id=entry.tool_call_id, name=entry.name, arguments=entry.arguments)
        return convert_one(MessageIn(role="assistant", tool_calls=[call]), found)
    if entry.type == "function.result":
        return convert_one(MessageIn(role="tool", content=entry.result, tool_call_id=entry.tool_call_id), found)
    if entry.type == "agent.handoff":
        return convert_one(
            MessageIn(role="system", content=f"{entry.previous_agent_name} → {entry.next_agent_name}", name="handoff"), found
        )
    raise strict_json.bad(f"The entry type “{entry.type[:40]}” is not known.")


FORMAT = Format("mistral-chat", "Mistral chat records as JSONL (data sets with `properties`, conversation histories)", 1, sniff, read)
