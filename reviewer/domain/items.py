"""One thing to be reviewed: its canonical shape, its bytes, its id. An item never changes."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, NewType, Protocol

import msgspec

ItemId = NewType("ItemId", str)  # 64 lower-case hex digits

Kind = Literal["trajectory", "completion", "comparison"]
Role = Literal["system", "user", "assistant", "tool"]
PartType = Literal["text", "image", "audio", "file", "json"]

_TAG = b"review/item/v1\n"
TITLE_LENGTH = 120


# The fields of what an item is made of stand in the order of their names: they are written so, as RFC 8785 asks, with nothing to sort.


class Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One piece of a message.

    text: `text`. json: `json`, JSON text as it came, compact. image, audio, file: `sha256` names the bytes,
    which are kept beside the item; `media_type` is what their header says, `size_bytes` their length.
    `name` tells apart what the source told apart: a file name, or `reasoning` for a model's own thinking.
    """

    json: str | None = None
    media_type: str | None = None
    name: str | None = None
    sha256: str | None = None
    size_bytes: int | None = None
    text: str | None = None
    type: PartType


class ToolCall(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """A call by its message. `arguments` is JSON text as it came, or free text where the source holds no JSON."""

    arguments: str = "{}"
    id: str | None = None
    name: str


class Message(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One turn. A tool's turn names the call that it answers where the source does; `error` is the tool's own."""

    content: tuple[Part, ...] = ()
    error: str | None = None
    name: str | None = None
    role: Role
    tool_call_id: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One of the outputs of a comparison."""

    key: str
    messages: tuple[Message, ...]
    model: str | None = None


class Item(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """The canonical item of DESIGN.md 4. `time` is RFC 3339 UTC with milliseconds; `tools` is JSON text as it came."""

    agent: str | None = None
    candidates: tuple[Candidate, ...] = ()
    external_id: str | None = None
    kind: Kind
    messages: tuple[Message, ...]
    model: str | None = None
    time: str | None = None
    tools: str | None = None


_TEXTUAL = frozenset({"text", "json"})
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Item)


def encode(item: Item) -> bytes:
    """RFC 8785 bytes of an item. All keys are ASCII and in order, there are no floats, so msgspec's output is RFC 8785 (a test proves it).

    Raises UnicodeEncodeError for a lone surrogate.
    """
    return _encoder.encode(item)


def decode(canonical: bytes) -> Item:
    """The item of its canonical bytes. Raises msgspec.ValidationError for anything else."""
    return _decoder.decode(canonical)


def item_id(canonical: bytes) -> ItemId:
    """The content address of an item, from its canonical bytes."""
    return ItemId(hashlib.sha256(_TAG + canonical).hexdigest())


def all_messages(item: Item) -> Iterator[Message]:
    """The shared messages, then those of each candidate in order."""
    yield from item.messages
    for candidate in item.candidates:
        yield from candidate.messages


def text_of(message: Message) -> str:
    """The text parts of a message, joined by line ends."""
    return "\n".join(part.text for part in message.content if part.text)


class Facts(NamedTuple):
    """What lists and searches need of an item.

    title: what it is about, in one line: the first thing that a user said, else the first thing said at all.
    steps: messages, those of candidates too. tools: names of the tools called; media: part types other than text and json,
    and `error` where a tool reported one; each once, in order of first use.
    """

    title: str
    steps: int
    tools: tuple[str, ...]
    media: tuple[str, ...]


def facts(item: Item) -> Facts:
    """All of it in one walk: an import asks this of every item."""
    messages = tuple(all_messages(item)) if item.candidates else item.messages
    tools: dict[str, None] = {}
    media: dict[str, None] = {}
    first = first_of_user = ""
    for message in messages:
        for part in message.content:
            if part.type not in _TEXTUAL:
                media[part.type] = None
            elif not first_of_user and (text := part.text) and (message.role == "user" or not first) and not text.isspace():
                first = first or text
                first_of_user = text if message.role == "user" else ""
        if message.error:
            media["error"] = None
        if message.tool_calls:
            for call in message.tool_calls:
                tools[call.name] = None
    return Facts(_line(first_of_user or first), len(messages), tuple(tools), tuple(media))


def all_text(item: Item) -> str:
    """Every text, JSON text, tool name and its arguments, with line ends between."""
    pieces: list[str] = []
    for message in tuple(all_messages(item)) if item.candidates else item.messages:
        pieces += [part.text or part.json or part.name or "" for part in message.content]
        if message.tool_calls:
            for call in message.tool_calls:
                pieces += (call.name, call.arguments)
    return "\n".join(pieces)


def _line(text: str) -> str:
    """The beginning of a text as one line of at most TITLE_LENGTH characters."""
    line = ""
    for looked_at in (TITLE_LENGTH + 10, 2 * TITLE_LENGTH, 20 * TITLE_LENGTH):  # mostly the first is enough; white space may ask for more
        line = " ".join(text[:looked_at].split())
        if len(line) > TITLE_LENGTH:
            return line[: TITLE_LENGTH - 1].rstrip() + "…"
    return line


class _Call(Protocol):
    @property
    def id(self) -> str | None: ...


class Turn(Protocol):
    """As much of a message as tells which calls are answered."""

    @property
    def role(self) -> Role: ...

    @property
    def tool_calls(self) -> Sequence[_Call]: ...

    @property
    def tool_call_id(self) -> str | None: ...


def answer_begins(roles: Sequence[str]) -> int | None:
    """The place of the first assistant message that answers something; None where none does.

    A greeting that opens a run answers nothing, behind instructions neither: there must be a question in what it answers. Where nobody but
    the instructions spoke, the answer is to these.
    """
    asked = next((place for place, role in enumerate(roles) if role not in ("system", "assistant")), None)
    if asked is None:
        asked = next((place for place, role in enumerate(roles) if role != "assistant"), len(roles))
    return roles.index("assistant", asked) if "assistant" in roles[asked:] else None


def answered_calls(messages: Sequence[Turn]) -> dict[int, tuple[int, int]]:
    """Which call each tool message answers: {message index: (message index of the call, call index)}, all from 0.

    By id where both sides have one that was not answered yet, else by order: some sources leave ids empty or repeat them.
    """
    open_calls: list[tuple[int, int, str | None]] = []
    answers: dict[int, tuple[int, int]] = {}
    for m, message in enumerate(messages):
        if message.tool_calls:
            open_calls += [(m, k, call.id) for k, call in enumerate(message.tool_calls)]
        if open_calls and message.role == "tool":
            wanted = message.tool_call_id
            found = 0 if wanted and open_calls[0][2] == wanted else _answered(open_calls, wanted)
            if found is not None:
                at, k, _ = open_calls.pop(found)
                answers[m] = (at, k)
    return answers


def _answered(open_calls: Sequence[tuple[int, int, str | None]], wanted: str | None) -> int | None:
    if wanted:
        for i, (_, _, known) in enumerate(open_calls):
            if known == wanted:
                return i
    for i, (_, _, known) in enumerate(open_calls):
        if not (wanted and known):
            return i
    return None
