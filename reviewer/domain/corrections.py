"""What an agent should have done instead: one message of a run rewritten in place, and the compliant twin of the run that comes of it.

A label's correction is a blob: the better output as text, or, where steps of a run were rewritten, a tag and the steps as JSON. So whatever
keeps, sends or erases corrections need not tell the two apart.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from reviewer.domain import canonical
from reviewer.domain.errors import Refused, shown
from reviewer.domain.items import Item, Message, Part, ToolCall, text_of

TAG = "review/rewrites/v1\n"
TOOL_LENGTH = 128


class Rewrite(msgspec.Struct, frozen=True, omit_defaults=True):
    """A step as it should have been. tool: what should have been called there, and then `text` is its arguments, JSON; else what
    should have been said, and nothing where something was said too much."""

    text: str
    tool: str | None = None


_decoder = msgspec.json.Decoder(dict[str, Rewrite])


def encode(rewrites: Mapping[str, Rewrite]) -> bytes:
    """The bytes that are kept with a label."""
    return TAG.encode() + canonical.encode(msgspec.to_builtins(dict(rewrites)))


def decode(correction: str) -> dict[str, Rewrite] | None:
    """The steps that a correction rewrites; None for one that is an output as a whole. Of what cannot be read, no step."""
    if not correction.startswith(TAG):
        return None
    try:
        return _decoder.decode(correction[len(TAG) :])
    except (msgspec.DecodeError, UnicodeEncodeError):
        return {}


def addresses(item: Item) -> tuple[str, ...]:
    """What can be rewritten of a run: what the agent says, `M`, and each of its calls, `M.K`."""
    found: list[str] = []
    for m, message in enumerate(item.messages, 1):
        if message.role == "assistant":
            found += [str(m)] if message.content or not message.tool_calls else []
            found += [f"{m}.{k}" for k in range(1, len(message.tool_calls) + 1)]
    return tuple(found)


def address(item: Item, step: str) -> str:
    """The step under its whole name: a call is `M.K`, also where its message is that call alone.

    Raises Refused for what cannot be rewritten.
    """
    if item.candidates:
        raise Refused("Of a comparison no step is rewritten.", "Write the better output as a whole.")
    known = addresses(item)
    found = next((one for one in (step, f"{step}.1") if one in known), None)
    if found is None:
        raise Refused(f"“{shown(step, 40)}” is no step of the agent in this item.", "Rewrite what the agent said, as 7, or called, as 7.2.")
    return found


def current(item: Item, step: str) -> Rewrite:
    """A step as it is. Raises Refused for what cannot be rewritten."""
    number, _, call = address(item, step).partition(".")
    message = item.messages[int(number) - 1]
    if not call:
        return Rewrite(_words(message))
    made = message.tool_calls[int(call) - 1]
    return Rewrite(made.arguments, made.name)


def check(item: Item, rewrites: Mapping[str, Rewrite]) -> None:
    """Raise Refused for rewrites that cannot be made of an item, change nothing, or leave nothing. Steps bear their whole names.

    One message is rewritten: what came after it followed from what was wrong.
    """
    numbers = sorted({int(address(item, step).partition(".")[0]) for step in rewrites})
    if len(numbers) > 1:
        raise Refused(
            f"Messages {numbers[0]} and {numbers[1]} are rewritten, and what came after message {numbers[0]} followed from it.",
            "Rewrite one of them, the first that is wrong.",
        )
    for step, one in rewrites.items():
        if one.tool is not None and not (one.tool.strip() and one.tool.isprintable() and len(one.tool) <= TOOL_LENGTH):
            raise Refused(f"A tool cannot be called “{shown(one.tool, 40)}”.", f"Give it a name of 1 to {TOOL_LENGTH} plain characters.")
        if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in one.text):
            raise Refused(f"What is written for step {step} holds U+0000 or half a character.", "Take it out.")
        if _same(one, current(item, step)):
            raise Refused(f"Nothing changed: step {step} says the same as before.", "Change it, or leave it as it is.")
    if rewrites and twin(item, rewrites) is None:
        raise Refused(f"Nothing is left of message {numbers[0]}.", "Say what the agent should have said there, or should have called.")


def twin(item: Item, rewrites: Mapping[str, Rewrite]) -> Item | None:
    """The run as it should have been: as it was up to the message that is rewritten, with that put right, and nothing after it.

    None where the rewrites do not fit the item or leave nothing of the message. What the model thought before it did what was wrong is
    left out with it.
    """
    numbers = {step.partition(".")[0] for step in rewrites}
    if len(numbers) != 1 or item.candidates or not set(rewrites) <= set(addresses(item)):
        return None
    number = int(numbers.pop())
    message = _put_right(item.messages[number - 1], number, rewrites)
    if not message.content and not message.tool_calls:
        return None
    return msgspec.structs.replace(item, messages=(*item.messages[: number - 1], message))


def _put_right(message: Message, number: int, rewrites: Mapping[str, Rewrite]) -> Message:
    parts = [part for part in message.content if part.name != "reasoning"]
    calls: list[ToolCall] = []
    said = rewrites.get(str(number))
    if said is not None:
        parts = [*([] if said.tool is not None else _text(said.text)), *(part for part in parts if part.type != "text")]
        calls += [] if said.tool is None else [ToolCall(name=said.tool, arguments=said.text)]
    for k, call in enumerate(message.tool_calls, 1):
        one = rewrites.get(f"{number}.{k}")
        if one is None:
            calls.append(call)
        elif one.tool is None:
            parts += _text(one.text)
        else:
            calls.append(msgspec.structs.replace(call, name=one.tool, arguments=one.text))
    return msgspec.structs.replace(message, content=tuple(parts), tool_calls=tuple(calls))


def _text(words: str) -> list[Part]:
    return [Part(type="text", text=words)] if words.strip() else []


def _words(message: Message) -> str:
    """What a message says, without what the model thought."""
    return text_of(msgspec.structs.replace(message, content=tuple(part for part in message.content if part.name != "reasoning")))


def _same(one: Rewrite, other: Rewrite) -> bool:
    if one.tool != other.tool:
        return False
    return one.text.strip() == other.text.strip() or (one.tool is not None and _value(one.text) == _value(other.text) is not None)


def _value(text: str) -> Any:
    """JSON as a value that two spellings of it share; None for what is no JSON, and for null."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
