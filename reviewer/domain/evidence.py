"""Marked words: where they stand in an item, and whether they stand there.

Offsets are Unicode code points, from 0, of a text that the item's own bytes fix, so they mean the same for as long as the item exists:
the text of a message or of one part of it; the string at a JSON pointer in a call's arguments or in a part that holds JSON; or those
arguments, or that part, as the JSON text that came. Numbers and other values that are no string are marked in the last way.
"""

from collections.abc import Iterable, Mapping

import msgspec

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Span
from reviewer.domain.items import Item, Message, Part, ToolCall, text_of


def span_of(
    item: Item, *, step: str, start: int, end: int, part: int | None = None, pointer: str | None = None, clause: str | None = None
) -> Span:
    """A marked passage, with the hash of its words. Raises Refused where there are no such words."""
    text = text_at(item, step, part, pointer)
    if not 0 <= start < end <= len(text):
        raise Refused(f"Step {step} has no characters {start} to {end}.", f"Its text has {len(text)} characters, counted from 0.")
    quote = sha256_hex(text[start:end].encode())
    return Span(step=step, part=part, pointer=pointer, start=start, end=end, clause=clause, quote=quote)


def check(item: Item, spans: Iterable[Span], steps: Iterable[str] = ()) -> None:
    """Raise Refused unless each span stands in the item with the words that it commits to, and each step is one of the item's."""
    for span in spans:
        there = span_of(item, step=span.step, start=span.start, end=span.end, part=span.part, pointer=span.pointer)
        if there.quote != span.quote:
            raise Refused(f"The words marked in step {span.step} are others in this item.", "Mark them again; nothing was written.")
    for step in steps:
        _place(item, step)


def text_at(item: Item, step: str, part: int | None = None, pointer: str | None = None) -> str:
    """The text that offsets count in. Raises Refused where there is none."""
    message, call = _place(item, step)
    if call is not None:
        return call.arguments if pointer is None else _string_at(call.arguments, pointer)
    if part is None and pointer is None:
        return text_of(message)
    if part is not None and not 0 <= part < len(message.content):
        raise Refused(f"Step {step} has no part {part}.", f"It has {len(message.content)}, counted from 0.")
    found = message.content[part] if part is not None else _only_part(message, step)
    text = found.text or found.json or ""
    return text if pointer is None else _string_at(text, pointer)


def _place(item: Item, step: str) -> tuple[Message, ToolCall | None]:
    """The message of a step, and the call if it names one. In a comparison a step of a candidate starts with its key: `A/2`."""
    key, slash, rest = step.rpartition("/")
    messages = item.messages
    if slash:
        messages = next((one.messages for one in item.candidates if one.key == key), ())
    number, dot, call = rest.partition(".")
    if not number.isdecimal() or not 1 <= int(number) <= len(messages):
        raise Refused(
            f"“{shown(step, 20)}” is not a step of this item.", f"Name a message from 1 to {len(messages)}, or a tool call as 7.2."
        )
    message = messages[int(number) - 1]
    if not dot:
        return message, None
    if not call.isdecimal() or not 1 <= int(call) <= len(message.tool_calls):
        raise Refused(f"“{shown(step, 20)}” is not a step of this item.", f"Step {number} has {len(message.tool_calls)} tool calls.")
    return message, message.tool_calls[int(call) - 1]


def _only_part(message: Message, step: str) -> Part:
    worded = [part for part in message.content if part.text or part.json]
    if len(worded) != 1:
        raise Refused(f"Step {step} has {len(worded)} parts with text.", "Say which one, counted from 0.")
    return worded[0]


def _string_at(text: str, pointer: str) -> str:
    refusal = Refused(f"There is no text at “{shown(pointer, 40)}”.", "Give a JSON pointer to a string there, such as /user/name.")
    try:
        place: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
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
