"""Chat messages of texts alone, as most are: read in one step, where `chat_messages` keeps pieces of the source and looks at each.

The shapes know every name that may stand in them, so that `strict_json.exactly` can say whether a record is one of these.
"""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from reviewer.domain.items import Message, Part, ToolCall
from reviewer.domain.records import Medium
from reviewer.formats import chat_messages, strict_json

Text = str | UnsetType | None


class _Function(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    name: str
    arguments: str


class _Call(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    function: _Function
    id: Text = UNSET
    type: Text = UNSET


class PlainMessage(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A message with a text, calls whose arguments are texts, or neither."""

    role: str
    content: Text = UNSET
    tool_calls: list[_Call] | UnsetType | None = UNSET
    tool_call_id: Text = UNSET
    name: Text = UNSET
    refusal: UnsetType | None = UNSET
    function_call: UnsetType | None = UNSET


_messages = msgspec.json.Decoder(list[PlainMessage])


def messages_of(raw: msgspec.Raw, found_media: list[Medium]) -> tuple[Message, ...]:
    """As `chat_messages.messages_of`, of JSON that was checked."""
    try:
        plain = _messages.decode(raw)
    except msgspec.ValidationError:
        return chat_messages.messages_of(raw, found_media)
    return convert(plain)


def convert(messages: Sequence[PlainMessage]) -> tuple[Message, ...]:
    """The canonical messages, as `chat_messages.convert` would give them. Raises BadRecord as it does."""
    if not messages:
        raise strict_json.bad("The record has no messages.")
    return tuple([_message(message) for message in messages])


def _message(message: PlainMessage) -> Message:
    role = chat_messages.ROLES.get(message.role) or chat_messages.role_of(message.role)
    content, calls = message.content, message.tool_calls
    parts = (Part(type="text", text=content),) if content else ()
    if not calls and not message.tool_call_id and not message.name:
        return Message(role=role, content=parts)
    return Message(
        role=role,
        name=message.name or None,
        content=parts,
        tool_calls=tuple([_call(call.id or None, call.function) for call in calls]) if calls else (),
        tool_call_id=message.tool_call_id or None,
    )


def _call(call_id: str | None, function: _Function) -> ToolCall:
    return chat_messages.named_call(call_id, function.name, strict_json.json_in_text(function.arguments))
