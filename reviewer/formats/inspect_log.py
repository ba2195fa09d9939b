"""Inspect logs: `.eval` (a zip of samples) and `.json` (one object), read without Inspect.

Long texts and pictures stand in `attachments` (`transcript.content` in older logs) and are put back where messages refer to them.
Scores, target and the sample's metadata go to the metadata. Shape: UKGovernmentBEIS/inspect_ai, log/_log.py.
"""

import re
from collections.abc import Iterator

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.domain.items import Item, Message
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import chat_messages, raw_records, strict_json, times
from reviewer.formats.archives import Zip
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.json_walk import RawRecord
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

Raw = msgspec.Raw

MAX_SAMPLE_BYTES = 64 << 20  # a sample carries every event of its run
MAX_RESOLVED_BYTES = 64 << 20

_ATTACHMENT = re.compile(rb"attachment://([0-9A-Za-z]{1,64})")
_SAMPLE_NAME = re.compile(r"samples/[^/]+\.json")
_HEADER = ("version", "status", "eval")


class _MessageIn(chat_messages.MessageIn):
    """A tool's reply names its tool in `function`."""

    function: str | None = None


class _Dataset(msgspec.Struct, frozen=True):
    name: str | None = None


class _Eval(msgspec.Struct, frozen=True):
    task: str | None = None
    model: str | None = None
    run_id: str | None = None
    created: str | None = None
    dataset: _Dataset = _Dataset()


class _Header(msgspec.Struct):
    eval: _Eval
    version: int | None = None
    status: str | None = None


class _Transcript(msgspec.Struct):
    content: dict[str, str] = {}
    events: Raw = Raw(b"[]")


class _Sample(msgspec.Struct):
    id: int | str
    epoch: int = 1
    messages: Raw = Raw(b"[]")
    input: Raw = Raw(b"null")
    output: Raw = Raw(b"{}")
    attachments: dict[str, str] = {}
    transcript: _Transcript | None = None
    events: Raw = Raw(b"[]")
    message_pool: list[Raw] = []
    events_data: Raw = Raw(b"null")
    uuid: str | None = None
    started_at: str | None = None


class _Pool(msgspec.Struct):
    messages: list[Raw] = []


class _Choice(msgspec.Struct):
    message: Raw


class _Output(msgspec.Struct):
    choices: list[_Choice] = []


class _Event(msgspec.Struct):
    event: str = ""
    input: list[Raw] | None = None
    input_refs: list[tuple[int, int]] | None = None
    output: _Output = msgspec.field(default_factory=_Output)


_NOT_BESIDE = frozenset(
    {"messages", "input", "output", "events", "transcript", "attachments", "message_pool", "call_pool", "events_data", "store", "uuid"}
)
_header_decoder = msgspec.json.Decoder(_Header)
_sample_decoder = msgspec.json.Decoder(_Sample)
_messages_decoder = msgspec.json.Decoder(list[_MessageIn])
_raw_list = msgspec.json.Decoder(list[Raw])
_pool_decoder = msgspec.json.Decoder(_Pool | None)
_output_decoder = msgspec.json.Decoder(_Output | None)
_event_decoder = msgspec.json.Decoder(_Event)
_members = msgspec.json.Decoder(dict[str, Raw])


def sniff(head: Head, _options: Options) -> bool:
    """A zip with a header, or an object with `eval` and `status`."""
    if head.shape == "zip":
        return "header.json" in head.names or "_journal/start.json" in head.names
    return {"eval", "status"} <= head.names and ("plan" in head.names or "samples" in head.names)


def empty(head: Head) -> str | None:
    """A log of a run that was cancelled, or written without its samples."""
    if head.shape == "zip":
        held = any(_SAMPLE_NAME.fullmatch(name) for name in head.names)
    else:
        held = "samples" in head.names and not (head.samples and not head.samples[0].get("samples"))
    return None if held else "This Inspect log holds no samples."


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a sample. The agent is the task; the time is that of the sample, else of the run."""
    try:
        if source.container == "zip":
            archive = Zip(source.disk.open(), source.disk.size_bytes)
            header, samples = _zip_header(archive), _zip_samples(archive)
        else:
            header = _json_header(source)
            samples = raw_records.elements_of(source, "samples", MAX_SAMPLE_BYTES)
    except BadRecord as error:
        yield Reject(1, None, error.what, b"", error.code)
        return
    yield from raw_records.convert(samples, lambda counted: _record(counted, header, options))


def _zip_header(archive: Zip) -> _Header:
    """From `header.json`; a run that was killed has only the journal's start."""
    name = "header.json" if "header.json" in archive.names() else "_journal/start.json"
    raw = archive.read(name, strict_json.MAX_RECORD_BYTES)
    strict_json.check(raw)
    return strict_json.decode(_header_decoder, raw)


def _zip_samples(archive: Zip) -> Iterator[RawRecord]:
    for member in archive.members():
        if not _SAMPLE_NAME.fullmatch(member.name):
            continue
        try:
            yield RawRecord(archive.read(member.name, MAX_SAMPLE_BYTES), 1)
        except BadRecord as error:
            yield RawRecord(b"", 1, error.what, error.code)


def _json_header(source: Source) -> _Header:
    found = raw_records.members(source, _HEADER)
    for raw in found.values():
        strict_json.check(raw)
    return strict_json.decode(_header_decoder, msgspec.json.encode({name: Raw(value) for name, value in found.items()}))


def _record(counted: Counted, header: _Header, options: Options) -> Record:
    sample = strict_json.decode(_sample_decoder, counted.raw)
    found: list[Medium] = []
    about = header.eval
    began = sample.started_at or about.created
    item = Item(
        kind="trajectory",
        messages=_messages(sample, found),
        agent=options.agent or about.task,
        model=about.model,
        time=times.rfc3339(began) if began else None,
        external_id=sample.uuid or f"{about.run_id or about.task or 'run'} sample {sample.id} epoch {sample.epoch}",
    )
    return Record(item, counted.raw, counted.number, counted.line, _metadata(counted.raw, header), tuple(found))


def _messages(sample: _Sample, found: list[Medium]) -> tuple[Message, ...]:
    raw = _with_attachments(_raw_messages(sample), sample)
    messages = strict_json.decode(_messages_decoder, raw)
    for message in messages:
        if message.role == "tool" and not message.name:
            message.name = message.function
    return chat_messages.convert(messages, found)


def _raw_messages(sample: _Sample) -> bytes:
    """The conversation as it stood at the end: kept whole, else as the last call of the model saw it, else input and output."""
    kept = bytes(sample.messages)
    if kept not in (b"[]", b"null") and strict_json.compact(kept) != b"[]":
        return kept
    output = strict_json.decode(_output_decoder, sample.output) or _Output()
    messages = _pooled(sample)
    if not messages:
        given = bytes(sample.input)
        if given.startswith(b"["):
            messages = strict_json.decode(_raw_list, given)
        elif given.startswith(b'"'):
            messages = [Raw(b'{"role":"user","content":' + given + b"}")]
        messages = messages + [choice.message for choice in output.choices[:1]]
    return msgspec.json.encode(messages)


def _pooled(sample: _Sample) -> list[Raw]:
    """Newer logs keep each message once in a pool; an event names ranges of it."""
    nested = strict_json.decode(_pool_decoder, sample.events_data)
    pool = sample.message_pool or (nested.messages if nested else [])
    events: list[Raw] = strict_json.decode(_raw_list, sample.events)
    for raw in reversed(events):
        if b'"model"' not in bytes(raw):
            continue
        event = strict_json.decode(_event_decoder, raw)
        if event.event == "model":
            seen = event.input or [message for start, end in event.input_refs or [] for message in pool[max(start, 0) : end]]
            return seen + [choice.message for choice in event.output.choices[:1]]
    return []


def _with_attachments(raw: bytes, sample: _Sample) -> bytes:
    """References replaced by what they name. One that names nothing stays as text. Raises BadRecord where the whole grows too large."""
    if b"attachment://" not in raw:
        return raw
    known = sample.attachments | (sample.transcript.content if sample.transcript else {})
    written: dict[bytes, bytes] = {}
    size = len(raw)

    def put_back(match: re.Match[bytes]) -> bytes:
        nonlocal size
        name = match[1]
        if name not in written:
            text = known.get(name.decode())
            written[name] = match[0] if text is None else msgspec.json.encode(text)[1:-1]
        size += len(written[name])
        if size > MAX_RESOLVED_BYTES:
            raise strict_json.bad(f"With its attachments the record is longer than {MAX_RESOLVED_BYTES >> 20} MB.", "E302")
        return written[name]

    return _ATTACHMENT.sub(put_back, raw)


def _metadata(raw: bytes, header: _Header) -> str:
    """Scores and the sample's other fields, then those of the run."""
    members = {
        name: value
        for name, value in strict_json.decode(_members, raw).items()
        if name not in _NOT_BESIDE and bytes(value) not in (b"null", b"{}", b"[]")
    }
    about = header.eval
    run = {"task": about.task, "run_id": about.run_id, "created": about.created, "dataset": about.dataset.name, "status": header.status}
    for name, text in run.items():
        if text:
            members.setdefault(name, Raw(msgspec.json.encode(text)))
    return strict_json.members_text(members)


FORMAT = Format("inspect", "Inspect logs (.eval and .json)", 1, sniff, read, empty)
