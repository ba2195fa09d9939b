"""What a judge is told of an item: the instructions, the clauses in force, and the item itself between fences that its text cannot know.

Only what was said and done goes: neither the agent's model nor its name, source, metadata or scores, so that the judge is as blind as a
reviewer is. Media are named and not sent.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from reviewer.domain import redaction
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.citable import Citable
from reviewer.domain.errors import Refused
from reviewer.domain.items import Item, Message, ToolCall
from reviewer.domain.judges import Question

LONGEST = 300_000
"""Characters of an item that is still sent. Of a longer one the judge would see a part and speak of the whole."""

_CHARACTERS_A_TOKEN = 3.5  # of English and JSON about 4, of other languages less: an estimate is better too high
_ANSWER_TOKENS = 250


class Prompt(NamedTuple):
    """A version of the instructions, as a file of its own that never changes. schema: JSON text of what is to be answered."""

    name: str
    text: str
    schema: str

    @property
    def hash(self) -> str:
        """Which words and which schema these are."""
        return sha256_hex(f"{self.text}\n{self.schema}".encode())

    @property
    def shape(self) -> dict[str, Any]:
        """The schema, decoded."""
        decoded: dict[str, Any] = json.loads(self.schema)
        return decoded


class Sent(NamedTuple):
    """An item as it is sent. private: how many details of each kind were taken out of it."""

    text: str
    private: dict[str, int]


def sent(item: Item) -> Sent:
    """The item as text without private details. Raises Refused for one that a judge cannot be asked about."""
    if item.kind == "comparison":
        raise Refused("It is a comparison: a judge is asked for verdicts.", "Ask about runs and completions.")
    text = "\n\n".join(_steps(item.messages))
    if len(text) > LONGEST:
        raise Refused(f"It has {len(text):,} characters, more than the {LONGEST:,} that are sent.", "Have people review it.")
    found = redaction.redact(text)
    return Sent(found.text, found.counts)


def why_left_out(reasons: Sequence[str]) -> str:
    """Why items are left out, in a sentence or two: the commonest reason, and how many have another."""
    ((reason, often),) = Counter(reasons).most_common(1)
    others = f" {len(reasons) - often:,} for other reasons." if often < len(reasons) else ""
    return f"{often:,}: {reason[:1].lower()}{reason[1:]}{others}"


def question(prompt: Prompt, item: Sent, clauses: Sequence[Citable], *, nonce: str, samples: int) -> Question:
    """What to ask. nonce: fresh and unforeseeable; it may not stand in the item."""
    policy = "\n\n".join(f"{one.name} {one.title}\n{one.text}" for one in clauses)
    # The policy comes from a lead, and the first message is the same for item after item: a service that remembers it asks less for it.
    system = f"{prompt.text}\n<<policy>>\n{policy}\n<<end of policy>>"
    user = f"<<item {nonce}>>\n{item.text}\n<<end of item {nonce}>>"
    return Question(system, user, nonce, prompt.shape, samples)


def estimated_tokens(asked: Question) -> tuple[int, int]:
    """About how many tokens go out and come back, before anybody counted them."""
    return tokens_in(len(asked.system) + len(asked.user)), _ANSWER_TOKENS * asked.samples


def tokens_in(characters: int) -> int:
    """About how many tokens so many characters of text are."""
    return math.ceil(characters / _CHARACTERS_A_TOKEN)


def _steps(messages: Sequence[Message]) -> Iterable[str]:
    for number, message in enumerate(messages, 1):
        said = [part for part in _parts(message) if part]
        failed = [f"(error: {message.error})"] if message.error else []
        yield "\n".join([f"[{number}] {message.role}:", *said, *failed, *_calls(number, message.tool_calls)])


def _parts(message: Message) -> Iterable[str]:
    for part in message.content:
        yield part.text or part.json or ("" if part.type in ("text", "json") else f"({part.type} that is not sent: {part.media_type})")


def _calls(number: int, calls: Sequence[ToolCall]) -> Iterable[str]:
    for place, call in enumerate(calls, 1):
        yield f"[{number}.{place}] call of {call.name}: {call.arguments}"
