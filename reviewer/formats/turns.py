"""Items cut into what is trained on: messages in the shape of OpenAI and of chat templates. Canonical bytes in, pieces of JSON out.

What was said is not decoded: a string of canonical JSON stands in a row as it is, so that a release of many rows is a matter of copying.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import msgspec

from reviewer.domain.items import Kind, PartType, Role, answer_begins, answered_calls

Raw = msgspec.Raw

_WRITTEN = ("text", "json")
_NOTHING = Raw(b'""')
_SHORT_ID = re.compile(r"[a-zA-Z0-9]{9}", re.ASCII)
_encoder = msgspec.json.Encoder()


# gc=False, here and in domain.items: these hold bytes and tuples of one another, so no cycle can arise, and the collector that would look
# for one takes half as long again as making them.


class _Part(msgspec.Struct, frozen=True, gc=False):
    """domain.items.Part, its strings as JSON; nothing where there is none."""

    type: PartType
    text: Raw = Raw()
    json: Raw = Raw()
    name: str | None = None
    sha256: str | None = None
    media_type: str | None = None


class _Call(msgspec.Struct, frozen=True, gc=False):
    name: Raw
    id: str | None = None
    arguments: Raw = Raw(b'"{}"')


class _Message(msgspec.Struct, frozen=True, gc=False):
    role: Role
    name: Raw = Raw()
    content: tuple[_Part, ...] = ()
    tool_calls: tuple[_Call, ...] = ()
    tool_call_id: str | None = None
    error: Raw = Raw()


class _Candidate(msgspec.Struct, frozen=True, gc=False):
    key: str
    messages: tuple[_Message, ...]


class _Item(msgspec.Struct, frozen=True, gc=False):
    kind: Kind
    messages: tuple[_Message, ...]
    candidates: tuple[_Candidate, ...] = ()
    tools: Raw = Raw()


_decoder = msgspec.json.Decoder(_Item)


class _Function(msgspec.Struct, gc=False):
    name: Raw
    arguments: Raw


class _ToldCall(msgspec.Struct, gc=False):
    id: str
    function: _Function
    type: Literal["function"] = "function"


class _Told(msgspec.Struct, omit_defaults=True, gc=False):
    """A message in chat shape, its keys in the order in which they are written."""

    role: Role
    content: Raw
    name: Raw | None = None
    tool_calls: list[_ToldCall] | None = None
    tool_call_id: str | None = None
    reasoning_content: Raw | None = None


class Dialect(NamedTuple):
    """What differs between those who read chat messages.

    thoughts: whether a model's own thinking stands beside what it said; names: whether messages bear names; short_ids: whether the id of
    a call must be nine letters and digits. images: nowhere; apart, those of the first question, in a column of their own; or inline, in any
    message of a user.
    """

    thoughts: bool = True
    names: bool = True
    short_ids: bool = False
    images: Literal["nowhere", "apart", "inline"] = "nowhere"


Media = Callable[[str], bytes]  # the bytes of a medium by its SHA-256; raises NotFound

TEMPLATES = Dialect()  # chat templates, as TRL uses them
SEEING = Dialect(images="apart")  # TRL puts the images of a row before the words of its first question
OPENAI = Dialect(thoughts=False)
OPENAI_CHAT = Dialect(thoughts=False, images="inline")
MISTRAL = Dialect(thoughts=False, names=False, short_ids=True, images="inline")


class Image(NamedTuple):
    """An image that a row carries apart."""

    sha256: str
    media_type: str


class Turn(msgspec.Struct, frozen=True, gc=False):
    """An item cut in two JSON lists of messages. tools: a JSON string.

    media_left_out: parts that are neither text nor JSON, and for which the dialect has no place. images: those that stand apart.
    as_text: of a turn with images inline, the same two lists with a string for the content of each message, as it takes in a table.
    """

    prompt: Raw
    completion: Raw
    tools: Raw | None
    media_left_out: int
    images: tuple[Image, ...] = ()
    as_text: tuple[Raw, Raw] | None = None


class Pair(msgspec.Struct, frozen=True, gc=False):
    """Two outputs on one prompt as JSON lists of messages, the better and the worse. tools, media_left_out: as in `Turn`."""

    prompt: Raw
    chosen: Raw
    rejected: Raw
    tools: Raw | None
    media_left_out: int
    images: tuple[Image, ...] = ()


def turn(canonical: bytes, dialect: Dialect = TEMPLATES, media: Media | None = None) -> Turn | None:
    """The prompt and completion of an item; None where it has no value for training. Raises msgspec.ValidationError for what is no item.

    Prompt: everything before the first assistant message that answers something (`items.answer_begins`). Completion: the rest, up
    to the last assistant message; turns of tools and users in it stay. media: for images inline; raises what it raises.
    """
    item = _decoder.decode(canonical)
    if item.kind == "comparison":
        return None
    roles = [message.role for message in item.messages]
    first = answer_begins(roles)
    if first is None:
        return None
    messages = item.messages[: len(roles) - roles[::-1].index("assistant")]
    chat = _Chat(messages, dialect, media)
    cut = (chat.between(0, first), chat.between(first, len(messages)))
    beside = sum([part.type not in _WRITTEN for message in messages for part in message.content])
    if not beside:
        return Turn(*cut, item.tools or None, 0)
    carried = _carried(messages, first, dialect)
    left_out = beside - len(carried)
    if dialect.images != "inline":
        return Turn(*cut, item.tools or None, left_out, carried)
    text = _Chat(messages, dialect, media, as_text=True)
    return Turn(*cut, item.tools or None, left_out, as_text=(text.between(0, first), text.between(first, len(messages))))


def question(canonical: bytes, dialect: Dialect = TEMPLATES, media: Media | None = None) -> Turn | None:
    """What the candidates of a comparison answer, as a turn without a completion; None for what is no comparison. media: as of `turn`."""
    item = _decoder.decode(canonical)
    if item.kind != "comparison":
        return None
    asked, nothing = len(item.messages), Raw(b"[]")
    prompt = _Chat(item.messages, dialect, media).between(0, asked)
    beside = sum([part.type not in _WRITTEN for message in item.messages for part in message.content])
    carried = _carried(item.messages, asked, dialect) if beside else ()
    if not beside or dialect.images != "inline":
        return Turn(prompt, nothing, item.tools or None, beside - len(carried), carried)
    as_text = _Chat(item.messages, dialect, media, as_text=True).between(0, asked)
    return Turn(prompt, nothing, item.tools or None, beside - len(carried), as_text=(as_text, nothing))


def _carried(messages: Sequence[_Message], first: int, dialect: Dialect) -> tuple[Image, ...]:
    """The images for which a dialect has a place. first: where the answer begins."""
    if dialect.images == "nowhere":
        return ()
    asking = [message for message in messages if message.role == "user"]
    if dialect.images == "apart":
        asking = [message for message in messages[:first] if message.role == "user"][:1]
    parts = [part for message in asking for part in message.content if part.type == "image"]
    return tuple(Image(part.sha256, part.media_type or "") for part in parts if part.sha256 is not None)


def prompt_of(canonical: bytes) -> Raw:
    """The prompt of any item as a JSON list of messages: of a comparison what its candidates answer, of a run what its turn has."""
    item = _decoder.decode(canonical)
    if item.kind == "comparison":
        return _Chat(item.messages, TEMPLATES).between(0, len(item.messages))
    cut = turn(canonical)
    return _Chat(item.messages, TEMPLATES).between(0, len(item.messages)) if cut is None else cut.prompt


def pairs(canonical: bytes, wanted: Sequence[tuple[str, str]], dialect: Dialect = TEMPLATES) -> list[Pair]:
    """Some pairs of candidates of a comparison, each named by their keys, (better, worse). Raises KeyError for a key that it has not."""
    item = _decoder.decode(canonical)
    whole = {one.key: (*item.messages, *one.messages) for one in item.candidates}
    asked = len(item.messages)
    prompt = _Chat(item.messages, dialect).between(0, asked)
    said = {key: _Chat(messages, dialect).between(asked, len(messages)) for key, messages in whole.items()}
    media = {key: sum([part.type not in _WRITTEN for message in one for part in message.content]) for key, one in whole.items()}
    images = _carried(item.messages, asked, dialect) if any(media.values()) else ()
    return [Pair(prompt, said[a], said[b], item.tools or None, media[a] + media[b] - 2 * len(images), images) for a, b in wanted]


def put_right(canonical: bytes, twin: bytes, dialect: Dialect = TEMPLATES) -> Pair | None:
    """A message that was put right, and what it was, on all that came before it. twin: the run up to that message, which is its last.

    None where nothing came before it.
    """
    item, better = _decoder.decode(canonical), _decoder.decode(twin)
    at = len(better.messages) - 1
    if not at:
        return None
    chat = _Chat(item.messages, dialect)
    media = sum([part.type not in _WRITTEN for message in (*item.messages[: at + 1], better.messages[at]) for part in message.content])
    images = _carried(item.messages[:at], at, dialect)
    right = _Chat(better.messages, dialect).between(at, at + 1)
    return Pair(chat.between(0, at), right, chat.between(at, at + 1), item.tools or None, media - len(images), images)


def corrected_candidate(canonical: bytes, key: str, text: str, dialect: Dialect = TEMPLATES) -> Pair:
    """A text that is better than a candidate of a comparison, and that one. Raises KeyError for a key that it has not."""
    (pair,) = pairs(canonical, [(key, key)], dialect)
    return Pair(pair.prompt, answer(text), pair.rejected, pair.tools, pair.media_left_out // 2, pair.images)


class _Chat:
    """Messages in chat shape. A call without an id gets one, and the tool's turn that answers a call names it."""

    def __init__(self, messages: tuple[_Message, ...], dialect: Dialect, media: Media | None = None, *, as_text: bool = False) -> None:
        """media: for images inline; as_text: a message that has one says its parts as a string."""
        self._messages = messages
        self._dialect = dialect
        self._media = media
        self._as_text = as_text
        self._inline = dialect.images == "inline" and media is not None
        self._answers = answered_calls(messages)

    def between(self, start: int, stop: int) -> Raw:
        """A JSON list of some of them; encoded all at once, since Python's own steps are what takes time here."""
        return Raw(_encoder.encode([self._told(m, message) for m, message in enumerate(self._messages[start:stop], start)]))

    def _told(self, m: int, message: _Message) -> _Told:
        content, thought = message.content, None
        if len(content) == 1 and content[0].type == "text" and content[0].name is None and not message.error:
            told = _Told(message.role, content[0].text or _NOTHING)  # as most are: no step more than that
        elif not content:
            told = _Told(message.role, message.error or _NOTHING)
        else:
            said, thought = _said(message)
            told = _Told(message.role, said)
        if self._inline and message.role == "user":
            told.content = self._with_images(message, told.content)
        if message.name and self._dialect.names:
            told.name = message.name
        if message.tool_calls:
            calls = enumerate(message.tool_calls)
            told.tool_calls = [_ToldCall(self._call_id(m, k, call), _Function(call.name, call.arguments)) for k, call in calls]
        if message.role == "tool" and m in self._answers:
            asking, k = self._answers[m]
            told.tool_call_id = self._call_id(asking, k, self._messages[asking].tool_calls[k])
        elif message.tool_call_id is not None:
            told.tool_call_id = self._written(message.tool_call_id)
        if thought is not None and self._dialect.thoughts:
            told.reasoning_content = thought
        return told

    def _with_images(self, message: _Message, content: Raw) -> Raw:
        """A message as a list of its parts, where one of them is an image; else its text."""
        if not any(part.type == "image" and part.sha256 is not None for part in message.content):
            return content
        assert self._media is not None  # whoever asks looked
        parts: list[dict[str, object]] = []
        for part in message.content:
            if part.type == "image" and part.sha256 is not None:
                told = base64.b64encode(self._media(part.sha256)).decode()
                parts.append({"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{told}"}})
            elif part.type in _WRITTEN and part.name != "reasoning":
                parts.append({"type": "text", "text": part.text if _inside(part.text) else part.json})
        listed = _encoder.encode(parts)
        return Raw(_encoder.encode(listed.decode()) if self._as_text else listed)

    def _call_id(self, m: int, k: int, call: _Call) -> str:
        return self._written(call.id or f"call_{m + 1}_{k + 1}")

    def _written(self, name: str) -> str:
        """The id of a call. Where it has to be short, one that has another shape goes in by its hash."""
        if self._dialect.short_ids and not _SHORT_ID.fullmatch(name):
            return hashlib.sha256(name.encode()).hexdigest()[:9]
        return name


def _said(message: _Message) -> tuple[Raw, Raw | None]:
    """The text of a message of several parts, or what a tool said went wrong, and the model's own thinking; nothing where there is none."""
    content = message.content
    said = _joined(
        [part.text if _inside(part.text) else part.json for part in content if part.name != "reasoning" and part.type in _WRITTEN]
    )
    thought = _joined([part.text for part in content if part.name == "reasoning" and _inside(part.text)])
    return said if said != _NOTHING else message.error or said, thought if thought != _NOTHING else None


def _joined(texts: Sequence[Raw]) -> Raw:
    """JSON strings as one, with line ends between."""
    return Raw(b'"%b"' % b"\\n".join(map(_inside, texts)))


def _inside(text: Raw) -> bytes:
    return bytes(text)[1:-1]


def answer(text: str) -> Raw:
    """A text as the one assistant message of a completion."""
    return Raw(b'[{"role":"assistant","content":%b}]' % _encoder.encode(text))


def joined_lists(first: Raw, second: Raw) -> Raw:
    """Two JSON lists as one."""
    head, tail = bytes(first)[:-1], bytes(second)[1:]
    return Raw(head + (b"" if head == b"[" or tail == b"]" else b",") + tail)
