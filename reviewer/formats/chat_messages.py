"""Chat messages as they are spelled in the wild, to the canonical ones. Most formats hand over to this."""

from collections.abc import Sequence
from typing import Any

import msgspec

from reviewer.domain.errors import shown
from reviewer.domain.items import Message, Part, Role, ToolCall
from reviewer.domain.records import Medium
from reviewer.formats import media, strict_json
from reviewer.formats.strict_json import bad, compact_text, free_json

Raw = msgspec.Raw

REASONING = "reasoning"

ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "developer": "system",
    "function": "tool",
    "model": "assistant",
    "human": "user",
    "gpt": "assistant",
    "ai": "assistant",
}
_NO_ARGUMENTS = Raw(b"{}")


class FunctionIn(msgspec.Struct):
    """`function` of a call: `arguments` is an object, or text that holds one."""

    name: str = ""
    arguments: Raw = _NO_ARGUMENTS


class CallIn(msgspec.Struct):
    """A call, nested (`function.name`), flat (`name`), or with the name as `function`; some say `args` for `arguments`."""

    id: str | int | None = None
    function: FunctionIn | str | None = None
    name: str | None = None
    arguments: Raw = _NO_ARGUMENTS
    args: Raw = _NO_ARGUMENTS


class MessageIn(msgspec.Struct):
    """A message of any of the chat formats."""

    role: str
    content: str | list[Raw] | dict[str, Raw] | None = None
    tool_calls: list[CallIn] | None = None
    tool_call_id: str | int | None = None
    name: str | None = None
    error: str | bool | dict[str, Any] | None = None
    function_call: FunctionIn | None = None
    refusal: str | None = None
    reasoning_content: str | None = None


messages_decoder = msgspec.json.Decoder(list[MessageIn])
_any = msgspec.json.Decoder()


def messages_of(raw: Raw | bytes, found_media: list[Medium]) -> tuple[Message, ...]:
    """The canonical messages of a JSON list. Media go to `found_media`. Raises BadRecord for an empty list or an unknown shape."""
    messages: list[MessageIn] = strict_json.decode(messages_decoder, raw)
    return convert(messages, found_media)


def convert(messages: Sequence[MessageIn], found_media: list[Medium]) -> tuple[Message, ...]:
    """As `messages_of`, from messages that were decoded."""
    if not messages:
        raise bad("The record has no messages.")
    return tuple([convert_one(message, found_media) for message in messages])


def convert_one(message: MessageIn, found_media: list[Medium]) -> Message:
    """One message; empty texts and nulls are left out."""
    content = message.content
    parts: tuple[Part, ...] = ()
    if isinstance(content, str):
        if content:
            parts = (Part(type="text", text=content),)
    elif content:
        parts = tuple(parts_of(content, found_media))
    if message.reasoning_content:
        parts = (Part(type="text", text=message.reasoning_content, name=REASONING), *parts)
    if message.refusal:
        parts = (*parts, Part(type="text", text=message.refusal, name="refusal"))
    # Most fields of most messages are empty, and this runs for every message: nothing is called for what is not there.
    role = ROLES.get(message.role) or role_of(message.role)
    call_id, error = message.tool_call_id, message.error
    if message.tool_calls is None and message.function_call is None and message.name is None and call_id is None and error is None:
        return Message(role=role, content=parts)
    calls: tuple[ToolCall, ...] = ()
    if message.tool_calls:
        calls = tuple([call_of(call) for call in message.tool_calls])
    if message.function_call:
        calls = (*calls, _call(None, message.function_call.name, message.function_call.arguments))
    return Message(
        role=role,
        name=message.name or None,
        content=parts,
        tool_calls=calls,
        tool_call_id=None if call_id is None else text_of_id(call_id),
        error=None if error is None else error_text(error),
    )


def role_of(role: str) -> Role:
    """The canonical role. Raises BadRecord for one that is not known."""
    known = ROLES.get(role)
    if known is None:
        raise bad(f"The role “{shown(role)}” is not known.")
    return known


def call_of(call: CallIn) -> ToolCall:
    """A call with its arguments as JSON text."""
    function = call.function
    if isinstance(function, FunctionIn):
        return _call(call.id, function.name, function.arguments)
    return _call(call.id, call.name or function or "", call.args if call.arguments is _NO_ARGUMENTS else call.arguments)


def _call(call_id: str | int | None, name: str, arguments: Raw) -> ToolCall:
    return named_call(text_of_id(call_id), name, free_json(arguments))


def named_call(call_id: str | None, name: str, arguments: str) -> ToolCall:
    """A call with its arguments as text, compact where they are JSON; nothing at all is an empty object. Raises BadRecord for no name."""
    if not name:
        raise bad("A tool call has no name.")
    return ToolCall(name=name, id=call_id, arguments="{}" if arguments in ("", "null") else arguments)


def text_of_id(found: str | int | None) -> str | None:
    """An id; an empty one is none."""
    return None if found is None or found == "" else str(found)


def error_text(error: str | bool | dict[str, Any] | None) -> str | None:
    """What a tool said went wrong; sources that give only a flag get the word `error`."""
    if error is None or error is False or error == "":
        return None
    if error is True:
        return "error"
    if isinstance(error, dict):
        said = [str(error[key]) for key in ("type", "message") if error.get(key)]
        return ": ".join(said) or msgspec.json.encode(error).decode()
    return error


def parts_of(content: list[Raw] | dict[str, Raw], found_media: list[Medium]) -> list[Part]:
    """The parts of a message's content. What is not known is kept as JSON."""
    if isinstance(content, dict):
        return [Part(type="json", json=strict_json.members_text(content))]
    parts: list[Part] = []
    for raw in content:
        value = _any.decode(raw)
        if isinstance(value, str):
            parts.extend(_text(value))
        elif isinstance(value, dict):
            parts.extend(_typed(value, raw, found_media))
        else:
            parts.append(Part(type="json", json=compact_text(raw)))
    return parts


def _text(value: str, name: str | None = None) -> list[Part]:
    return [Part(type="text", text=value, name=name)] if value else []


def _typed(value: dict[str, Any], raw: Raw, found_media: list[Medium]) -> list[Part]:
    """One typed piece of content, by its `type`."""
    kind = value.get("type")
    if kind in ("text", "input_text", "output_text"):
        text = value.get("text", value.get("content"))
        if isinstance(text, str):
            return _text(text)
    if kind == "refusal" and isinstance(value.get("refusal"), str):
        return _text(value["refusal"], "refusal")
    if kind in ("thinking", "reasoning") and not value.get("redacted"):
        thought = _thought(value.get("thinking") or value.get("reasoning"))
        if thought:
            return _text(thought, REASONING)
    found = _medium(kind, value)
    if found is None:
        return [Part(type="json", json=compact_text(raw), name=shown(kind) if isinstance(kind, str) else None)]
    if found.medium is not None:
        found_media.append(found.medium)
    return [found.part]


def _thought(value: Any) -> str:
    """Thinking is text, or a list of text pieces."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(piece["text"] for piece in value if isinstance(piece, dict) and isinstance(piece.get("text"), str))
    return ""


def _medium(kind: Any, value: dict[str, Any]) -> media.Found | None:
    """The medium of an image, sound or file piece; None where it holds no bytes and no address."""
    inner = value.get(kind) if isinstance(kind, str) else None
    if kind in ("image_url", "input_image"):
        address = inner.get("url") if isinstance(inner, dict) else inner
        return _address(address or value.get("image_url"))
    if kind in ("image", "video", "audio", "document"):
        name = value.get("filename")
        return _address(inner, name if isinstance(name, str) else None)
    if kind == "input_audio":
        data = inner.get("data") if isinstance(inner, dict) else inner
        return media.from_base64(data) if isinstance(data, str) else None
    if kind == "file" and isinstance(inner, dict):
        name = inner.get("filename")
        return _address(inner.get("file_data"), name if isinstance(name, str) else None)
    if kind == "document_url":
        return _address(inner)
    return None


def _address(address: Any, name: str | None = None) -> media.Found | None:
    return media.from_address(address, name) if isinstance(address, str) and address else None
