"""Chat JSONL as OpenAI and many others write it: `messages`, and beside them what CLI.md names.

`id`, `agent`, `model`, `time`, `tools` are the item's; `metadata` and every other key go to the metadata.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from reviewer.domain.items import Item
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import plain_chats, raw_records, strict_json, times
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

Raw = msgspec.Raw

_OURS = frozenset({"messages", "id", "agent", "model", "time", "tools", "metadata"})


class _Plain(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A chat of which nothing has to be kept as it was written."""

    messages: list[plain_chats.PlainMessage]
    id: plain_chats.Text = UNSET
    agent: plain_chats.Text = UNSET
    model: plain_chats.Text = UNSET
    time: plain_chats.Text = UNSET
    metadata: UnsetType | None = UNSET


PLAIN = msgspec.json.Decoder(_Plain)
_members = msgspec.json.Decoder(dict[str, Raw])
_scalar = msgspec.json.Decoder(str | int | float | None)
_NULL = b"null"


def sniff(head: Head, _options: Options) -> bool:
    """Objects with a list of `messages`; also where every line is broken but speaks of messages."""
    if head.samples:
        return 2 * sum(map(is_chat, head.samples)) >= len(head.samples)
    speaks_of_it = "messages" in head.names or (head.problem is not None and b'"messages"' in head.text)
    return speaks_of_it and head.suffix in ("jsonl", "ndjson", "json")


def is_chat(sample: dict[str, Any]) -> bool:
    """Whether an object has a list of messages with roles; an empty list counts."""
    messages = sample.get("messages")
    return isinstance(messages, list) and all(isinstance(message, dict) and "role" in message for message in messages)


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a record."""
    yield from raw_records.read(source, lambda counted: record(counted, options), PLAIN)


def record(counted: Counted, options: Options) -> Record:
    """The item of one chat record, read by PLAIN where it is plain. Raises BadRecord."""
    if counted.plain is not None:
        return Record(_plain_item(counted.plain, options), counted.raw, counted.number, counted.line)
    members = strict_json.decode(_members, counted.raw)
    if "messages" not in members:
        raise strict_json.bad("The record has no messages.")
    found: list[Medium] = []
    tools = members.get("tools")
    time = _value(members, "time")
    item = Item(
        kind="trajectory",
        messages=plain_chats.messages_of(members["messages"], found),
        agent=options.agent or _text(members, "agent"),
        model=_text(members, "model"),
        time=None if time is None else times.rfc3339(time),
        external_id=_text(members, "id"),
        tools=None if tools is None or bytes(tools) in (_NULL, b"[]") else strict_json.free_json(tools),
    )
    return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(metadata(members, _OURS)), tuple(found))


def _plain_item(chat: _Plain, options: Options) -> Item:
    time = chat.time
    return Item(
        kind="trajectory",
        messages=plain_chats.convert(chat.messages),
        agent=options.agent or chat.agent or None,
        model=chat.model or None,
        time=times.rfc3339(time) if isinstance(time, str) else None,
        external_id=chat.id or None,
    )


def metadata(members: dict[str, Raw], ours: frozenset[str]) -> dict[str, Raw]:
    """What is kept beside the item: the members of `metadata`, and every key that is not ours.

    A key that stands in both keeps its outer value; the inner one is kept as `metadata.KEY`.
    """
    beside = {name: value for name, value in members.items() if name not in ours}
    given = members.get("metadata")
    if given is None or bytes(given) == _NULL:
        return beside
    if not bytes(given).startswith(b"{"):
        return {"metadata": given, **beside}
    inner = strict_json.decode(_members, given)
    return {(f"metadata.{name}" if name in beside else name): value for name, value in inner.items()} | beside


def _value(members: dict[str, Raw], name: str) -> str | int | float | None:
    raw = members.get(name)
    return None if raw is None else strict_json.decode(_scalar, raw)


def _text(members: dict[str, Raw], name: str) -> str | None:
    """A name or id; a number is written as it stands."""
    raw = members.get(name)
    if raw is None or bytes(raw) in (_NULL, b'""'):
        return None
    value = strict_json.decode(_scalar, raw)
    return value if isinstance(value, str) else bytes(raw).decode()


FORMAT = Format("openai-chat", "chat messages as JSONL, as OpenAI writes them (`messages`, `tools`)", 1, sniff, read)
