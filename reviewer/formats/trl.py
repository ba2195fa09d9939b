"""Items as the rows that TRL trains on: messages in the shape of OpenAI and of chat templates. Items in, rows out."""

import msgspec
import pyarrow as pa
import pyarrow.json as pa_json

from reviewer.domain.items import Item, Message, Part, answered_calls

_encoder = msgspec.json.Encoder()


class Function(msgspec.Struct, frozen=True):
    """What is called; arguments are JSON text, so that differing arguments fit one column."""

    name: str
    arguments: str


class ChatCall(msgspec.Struct, frozen=True):
    """A tool call of a message."""

    id: str
    function: Function
    type: str = "function"


class ChatMessage(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One message. reasoning_content: the model's own thinking, where the source holds it apart."""

    role: str
    content: str
    name: str | None = None
    tool_calls: tuple[ChatCall, ...] = ()
    tool_call_id: str | None = None
    reasoning_content: str | None = None


class KtoRow(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A row of an unpaired preference data set, and what it is traced by."""

    prompt: tuple[ChatMessage, ...]
    completion: tuple[ChatMessage, ...]
    label: bool
    reviewer_item: str
    reviewer_campaigns: tuple[str, ...]
    reviewer_labels: tuple[str, ...]
    reviewer_blind: bool
    tools: str | None = None


class Turn(msgspec.Struct, frozen=True):
    """An item cut in two. media_left_out: parts that are neither text nor JSON, which this format has no place for."""

    prompt: tuple[ChatMessage, ...]
    completion: tuple[ChatMessage, ...]
    media_left_out: int


_FUNCTION = pa.struct([("name", pa.string()), ("arguments", pa.string())])
_CALL = pa.struct([("id", pa.string()), ("function", _FUNCTION), ("type", pa.string())])
_MESSAGE = pa.struct(
    [
        ("role", pa.string()),
        ("content", pa.string()),
        ("name", pa.string()),
        ("tool_calls", pa.list_(_CALL)),
        ("tool_call_id", pa.string()),
        ("reasoning_content", pa.string()),
    ]
)
KTO_SCHEMA = pa.schema(
    [
        ("prompt", pa.list_(_MESSAGE)),
        ("completion", pa.list_(_MESSAGE)),
        ("label", pa.bool_()),
        ("tools", pa.string()),
        ("reviewer_item", pa.string()),
        ("reviewer_campaigns", pa.list_(pa.string())),
        ("reviewer_labels", pa.list_(pa.string())),
        ("reviewer_blind", pa.bool_()),
    ]
)


def turn(item: Item) -> Turn | None:
    """The prompt and completion of an item; None where it has no value for training.

    Prompt: everything before the first assistant message that answers something; a greeting that opens a run belongs to the prompt,
    since there must be one. Completion: the rest, up to the last assistant message; turns of tools and users in it stay.
    """
    if item.kind == "comparison":
        return None
    messages = item.messages
    assistant = [i for i, message in enumerate(messages) if message.role == "assistant"]
    asked = next((i for i, message in enumerate(messages) if message.role != "assistant"), len(messages))
    first = next((i for i in assistant if i > asked), None)
    if first is None:
        return None
    chat = chat_messages(messages[: assistant[-1] + 1])
    left_out = sum(part.type not in ("text", "json") for message in messages[: assistant[-1] + 1] for part in message.content)
    return Turn(chat[:first], chat[first:], left_out)


def kto_row(
    item: Item, cut: Turn, *, desirable: bool, item_id: str, campaigns: tuple[str, ...], labels: tuple[str, ...], blind: bool
) -> KtoRow:
    """The row of an item that has an answer; desirable: whether the answer is compliant."""
    return KtoRow(
        prompt=cut.prompt,
        completion=cut.completion,
        label=desirable,
        tools=item.tools,
        reviewer_item=item_id,
        reviewer_campaigns=campaigns,
        reviewer_labels=labels,
        reviewer_blind=blind,
    )


def chat_messages(messages: tuple[Message, ...]) -> tuple[ChatMessage, ...]:
    """Messages in chat shape. A call without an id gets one, and the tool's turn that answers a call names it."""
    answers = answered_calls(messages)
    ids = {(m, k): call.id or f"call_{m + 1}_{k + 1}" for m, message in enumerate(messages) for k, call in enumerate(message.tool_calls)}
    return tuple(_chat(message, m, ids, answers.get(m)) for m, message in enumerate(messages))


def _chat(message: Message, m: int, ids: dict[tuple[int, int], str], answers: tuple[int, int] | None) -> ChatMessage:
    content, thought = _said(message.content)
    return ChatMessage(
        role=message.role,
        content=content or message.error or "",
        name=message.name,
        tool_calls=tuple([ChatCall(ids[m, k], Function(call.name, call.arguments)) for k, call in enumerate(message.tool_calls)]),
        tool_call_id=ids[answers] if answers is not None else message.tool_call_id,
        reasoning_content=thought or None,
    )


def _said(content: tuple[Part, ...]) -> tuple[str, str]:
    """The text of a message, and the model's own thinking. Most messages are one text: a release asks this of every one."""
    if len(content) == 1 and content[0].type == "text" and content[0].name != "reasoning":
        return content[0].text or "", ""
    said = "\n".join(part.text or part.json or "" for part in content if part.name != "reasoning" and part.type in ("text", "json"))
    return said, "\n".join(part.text for part in content if part.name == "reasoning" and part.text)


def json_lines(rows: list[KtoRow]) -> bytes:
    """Rows as JSON lines."""
    return _encoder.encode_lines(rows)


def parquet_rows(lines: bytes) -> pa.Table:
    """JSON lines of rows as a table of KTO_SCHEMA. (A table made from Python objects takes five times as long, and loads pandas.)"""
    whole = pa_json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    return pa_json.read_json(pa.BufferReader(lines), whole, pa_json.ParseOptions(KTO_SCHEMA, unexpected_field_behavior="error"))
