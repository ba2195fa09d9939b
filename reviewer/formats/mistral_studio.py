"""What Mistral Studio keeps, as its API gives it: records of data sets (`payload`, `properties`), and traces with their spans.

A trace is many spans, and each call of a model repeats the conversation so far: the span that holds most of it is read, and of tools what
came after it. Shapes: mistralai/client-python, `DatasetRecord` and `GetSpan`; messages by the OpenTelemetry conventions (`parts`), or as
chat (`content`), as JSON in a string.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from reviewer.domain.items import Item, Message
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import chat_messages, raw_records, strict_json, times
from reviewer.formats.chat_messages import CallIn, MessageIn
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

Raw = msgspec.Raw

RECORD, TRACE = "dataset.record", "trace"
"""What the `object` of a line is."""

_members = msgspec.json.Decoder(dict[str, Raw])
_text = msgspec.json.Decoder(str | None)
_NULLS = (b"null", b'""', b"[]")


class _Part(msgspec.Struct):
    """A part of a message of OpenTelemetry's."""

    type: str = ""
    content: str | None = None
    id: str | None = None
    name: str | None = None
    arguments: Raw = Raw(b"{}")
    response: Raw = Raw(b"null")


class _Said(msgspec.Struct):
    """A message in parts, or as chat."""

    role: str
    parts: list[_Part] | None = None
    content: str | list[Raw] | dict[str, Raw] | None = None
    tool_calls: list[CallIn] | None = None
    tool_call_id: str | int | None = None
    name: str | None = None


class _Span(msgspec.Struct):
    """A span; what is empty may be left out."""

    start_time: str | None = None
    end_time: str | None = None
    operation_name: str = ""
    request_model: str = ""
    response_model: str = ""
    conversation_id: str = ""
    agent_name: str = ""
    tool_name: str = ""
    tool_call_id: str = ""
    tool_call_result: str = ""
    error_type: str = ""
    input_messages: str = ""
    output_messages: str = ""
    system_instructions: str = ""
    tool_definitions: str = ""


_spans = msgspec.json.Decoder(list[_Span])
_messages = msgspec.json.Decoder(list[_Said] | _Said)
_parts = msgspec.json.Decoder(list[_Part | str] | str)


def _sniffs(kind: str) -> Any:
    def sniff(head: Head, _options: Options) -> bool:
        return bool(head.samples) and all(sample.get("object") == kind for sample in head.samples)

    return sniff


# --- records of data sets


def _read_records(source: Source, options: Options) -> Iterator[Record | Reject]:
    yield from raw_records.read(source, lambda counted: _record(counted, options))


def _record(counted: Counted, options: Options) -> Record:
    members = strict_json.decode(_members, counted.raw)
    payload = strict_json.decode(_members, members.get("payload", Raw(b"{}")))
    if "messages" not in payload:
        raise strict_json.bad("The payload of the record has no messages.")
    found: list[Medium] = []
    item = Item(
        kind="trajectory",
        messages=chat_messages.messages_of(payload["messages"], found),
        agent=options.agent,
        model=_word(payload, "model"),
        external_id=_word(members, "id"),
        tools=_tools(payload.get("tools")),
    )
    beside = {name: value for name, value in members.items() if name not in ("object", "id", "payload")}
    beside |= {f"payload.{name}": value for name, value in payload.items() if name not in ("messages", "model", "tools")}
    return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside), tuple(found))


def _word(members: dict[str, Raw], name: str) -> str | None:
    return strict_json.decode(_text, members.get(name, Raw(b"null"))) or None


def _tools(raw: Raw | None) -> str | None:
    return None if raw is None or bytes(raw) in _NULLS else strict_json.free_json(raw)


# --- traces


def _read_traces(source: Source, options: Options) -> Iterator[Record | Reject]:
    yield from raw_records.read(source, lambda counted: _trace(counted, options))


def _trace(counted: Counted, options: Options) -> Record:
    members = strict_json.decode(_members, counted.raw)
    decoded: list[_Span] = strict_json.decode(_spans, members.get("spans", Raw(b"[]")))
    spans = sorted(decoded, key=lambda span: span.start_time or "")
    fullest, said = _conversation(spans)
    found: list[Medium] = []
    messages = [chat_messages.convert_one(one, found) for one in (*_instructions(fullest, said), *said)]
    messages += [chat_messages.convert_one(one, found) for one in _results(spans, messages)]
    began = next((span.start_time for span in spans if span.start_time), None)
    item = Item(
        kind="trajectory",
        messages=tuple(messages),
        agent=options.agent or next((span.agent_name for span in (fullest, *spans) if span.agent_name), None),
        model=fullest.response_model or fullest.request_model or None,
        time=times.rfc3339(began) if began else None,
        external_id=_word(members, "trace_id"),
        tools=_tools(Raw(fullest.tool_definitions.encode())) if fullest.tool_definitions else None,
    )
    beside = {name: value for name, value in members.items() if name not in ("object", "trace_id", "spans")}
    return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside), tuple(found))


def _conversation(spans: Sequence[_Span]) -> tuple[_Span, list[MessageIn]]:
    """The span that holds most messages, of several the latest, and these. Raises BadRecord where none holds any."""
    best: tuple[_Span, list[MessageIn]] | None = None
    for span in spans:
        said = [one for text in (span.input_messages, span.output_messages) for one in _said(text)]
        if said and (best is None or len(said) >= len(best[1])):
            best = span, said
    if best is None:
        raise strict_json.bad("No span of the trace holds messages.")
    return best


def _said(text: str) -> Iterator[MessageIn]:
    if not text.strip():
        return
    found = strict_json.decode(_messages, text.encode())
    for one in found if isinstance(found, list) else [found]:
        if one.parts is None:
            yield MessageIn(one.role, one.content, one.tool_calls, one.tool_call_id, one.name)
        else:
            yield from _of_parts(one, one.parts)


def _of_parts(said: _Said, parts: Sequence[_Part]) -> Iterator[MessageIn]:
    """A message for what is said and called, and one for each result. A part of an unknown kind is refused, not dropped."""
    texts = [part.content or "" for part in parts if part.type == "text"]
    thoughts = [part.content or "" for part in parts if part.type == "reasoning"]
    calls = [CallIn(id=part.id, name=part.name, arguments=part.arguments) for part in parts if part.type == "tool_call"]
    for part in parts:
        if part.type not in ("text", "reasoning", "tool_call", "tool_call_response"):
            raise strict_json.bad(f"The message part “{part.type[:40]}” is not known.")
    if texts or thoughts or calls:
        yield MessageIn(said.role, "\n".join(texts) or None, calls or None, name=said.name, reasoning_content="\n".join(thoughts) or None)
    for part in parts:
        if part.type == "tool_call_response":
            yield MessageIn("tool", strict_json.free_json(part.response), tool_call_id=part.id)


def _instructions(span: _Span, said: Sequence[MessageIn]) -> Iterator[MessageIn]:
    """What the system was told, where the messages do not begin with it."""
    text = span.system_instructions.strip()
    if not text or said[0].role in ("system", "developer"):
        return
    if text[0] in '["':
        found = strict_json.decode(_parts, text.encode())
        text = found if isinstance(found, str) else "\n".join(one if isinstance(one, str) else one.content or "" for one in found)
    yield MessageIn("system", text)


def _results(spans: Sequence[_Span], messages: Sequence[Message]) -> Iterator[MessageIn]:
    """What tools answered to the last calls, where no model was asked any more."""
    answered = {one.tool_call_id for one in messages if one.tool_call_id}
    waiting = {call.id for one in messages for call in one.tool_calls if call.id} - answered
    for span in spans:
        if span.tool_call_id in waiting and (span.tool_call_result or span.error_type):
            waiting.discard(span.tool_call_id)
            error = span.error_type or None
            yield MessageIn("tool", span.tool_call_result, tool_call_id=span.tool_call_id, name=span.tool_name or None, error=error)


RECORDS = Format("mistral-record", "records of data sets of Mistral Studio, as its API gives them", 1, _sniffs(RECORD), _read_records)
TRACES = Format("mistral-trace", "traces of Mistral Studio with their spans, as its API gives them", 1, _sniffs(TRACE), _read_traces)
FORMATS = (RECORDS, TRACES)
