"""What of an item counts when items are compared as training data: not what all of them share, the instructions to the agent."""

from collections.abc import Iterable, Sequence

from reviewer.domain import shingles
from reviewer.domain.items import Item, Message, all_messages, answer_begins, text_of


def whole(item: Item) -> str:
    """All that users, agents and tools said and called."""
    return "\n".join(pieces(item))


def pieces(item: Item) -> list[str]:
    """The same, what each said and each call by itself."""
    return said_pieces(all_messages(item))


def prompt_key(item: Item) -> str | None:
    """What items of one prompt have in common, whatever the case, the spaces and the instructions; None where nobody asked anything."""
    return shingles.plain(said(item.messages[: first_answer(item)])) or None


def answers(item: Item) -> Sequence[Message]:
    """The messages of a run from the first that answers something."""
    return item.messages[first_answer(item) :]


def first_answer(item: Item) -> int:
    """Where the answer of an item begins; the end where it has none, and of a comparison, whose candidates come behind."""
    begins = None if item.candidates else answer_begins([message.role for message in item.messages])
    return len(item.messages) if begins is None else begins


def said(messages: Iterable[Message]) -> str:
    """The texts and calls of messages, one below the other; without instructions."""
    return "\n".join(said_pieces(messages))


def said_pieces(messages: Iterable[Message]) -> list[str]:
    """The texts and calls of messages; without instructions."""
    lines: list[str] = []
    for message in messages:
        if message.role == "system":
            continue
        lines += [text for text in (text_of(message), *(part.json for part in message.content)) if text]
        lines += [f"{call.name} {call.arguments}" for call in message.tool_calls]
    return lines
