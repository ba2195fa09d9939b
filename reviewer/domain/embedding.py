"""What of an item says what it is about, for a model that makes vectors of texts; and what such a model is.

Of a run, that is what the user wants, and what the agent does and answers: its words, the tools that it calls and what it calls them with.
Left out are system prompts, what tools send back, and lines that stand in the system prompt as well, such as a policy that is quoted: they
are the same in most runs of an agent and would make all of them alike.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from reviewer.domain.item_tree import Singles
from reviewer.domain.items import Item, Message, text_of

LENGTH = 4_000  # characters: what a run goes on about after that was seldom another thing, and it halves the time
_WISH = 1_500
_TURN = 500
_LINE = 25  # characters: shorter lines are never taken for a quotation
_ARGUMENT = 200


class Embedder(Protocol):
    """Makes vectors of texts. Vectors of different embedders, by `name`, cannot be compared."""

    @property
    def name(self) -> str:
        """Which model, and which version of it."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Singles:
        """A vector of length 1 for each text, in rows; zeros for one without any words that it knows."""
        ...


def text_to_embed(item: Item) -> str:
    """What the item is about: at most LENGTH characters. Of a comparison, the prompt and what each candidate says."""
    quoted = {line for message in item.messages if message.role == "system" for line in _lines(text_of(message))}
    wished = False
    pieces: list[str] = []
    for message in (*item.messages, *(turn for candidate in item.candidates for turn in candidate.messages)):
        if message.role == "user":
            pieces.append(_clipped("\n".join(_new(text_of(message), quoted)), _TURN if wished else _WISH))
            wished = wished or bool(pieces[-1])
        elif message.role == "assistant":
            pieces.append(_clipped("\n".join((*_new(_said(message), quoted), *_calls(message))), _TURN))
    return _middle_left_out([piece for piece in pieces if piece])


def wish_of(item: Item) -> str:
    """What the user asks for, whoever answers: the first message of theirs that says something."""
    quoted = {line for message in item.messages if message.role == "system" for line in _lines(text_of(message))}
    wishes = (_clipped("\n".join(_new(text_of(message), quoted)), _WISH) for message in item.messages if message.role == "user")
    return next(filter(None, wishes), "")


def _said(message: Message) -> str:
    """What an agent says, without its thinking."""
    return "\n".join(part.text for part in message.content if part.text and part.name != "reasoning")


def _lines(text: str) -> Iterator[str]:
    return (line for line in map(str.strip, text.splitlines()) if len(line) >= _LINE)


def _new(text: str, seen: set[str]) -> Iterator[str]:
    """The lines that were not seen before; from now on they were."""
    for line in map(str.strip, text.splitlines()):
        if line and line not in seen:
            if len(line) >= _LINE:
                seen.add(line)
            yield line


def _calls(message: Message) -> Iterator[str]:
    for call in message.tool_calls:
        try:
            given = json.loads(call.arguments)
        except ValueError:
            given = call.arguments
        yield f"{call.name.replace('_', ' ')}: {' '.join(_values(given))}"


def _values(value: Any) -> Iterator[str]:
    """The words and numbers of some JSON, without its keys."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _values(one)
    elif isinstance(value, list):
        for one in value:
            yield from _values(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)[:_ARGUMENT]


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0]


def _middle_left_out(pieces: Sequence[str]) -> str:
    """The pieces as far as there is room: the first ones, and of the rest the last, since that is where a run comes to."""
    if sum(map(len, pieces)) + len(pieces) <= LENGTH:
        return "\n".join(pieces)
    half, first, last = LENGTH // 2, 0, len(pieces)
    room = half
    while first < last and len(pieces[first]) < room:
        room -= len(pieces[first]) + 1
        first += 1
    room = LENGTH - half
    while last > first and len(pieces[last - 1]) < room:
        room -= len(pieces[last - 1]) + 1
        last -= 1
    return "\n".join((*pieces[:first], *pieces[last:])) or pieces[0][:LENGTH]
