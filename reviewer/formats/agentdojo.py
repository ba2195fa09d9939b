"""AgentDojo runs as JSONL: one run a line, after a header line that names the benchmark.

Whether a run was attacked and how it ended (`success`, `security`, the injection task) would lead a reviewer, so the external id is the
suite and the place in the export, and all else goes to the metadata.
"""

from collections.abc import Iterator

import msgspec

from reviewer.domain.items import Item
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import chat_messages, raw_records, strict_json
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source


class _About(msgspec.Struct, frozen=True):
    suite_name: str | None = None
    model: str | None = None
    benchmark: str | None = None


class _Run(msgspec.Struct):
    messages: list[chat_messages.MessageIn] | None = None
    index: int | None = None
    metadata: _About = _About()


class _Beside(msgspec.Struct):
    index: msgspec.Raw = msgspec.Raw(b"")
    metadata: dict[str, msgspec.Raw] = {}
    annotations: msgspec.Raw = msgspec.Raw(b"")


_decoder = msgspec.json.Decoder(_Run)
_beside = msgspec.json.Decoder(_Beside)


def sniff(head: Head, _options: Options) -> bool:
    """Runs with a suite, or the header line."""
    return any(_is_ours(sample.get("metadata")) for sample in head.samples)


def _is_ours(about: object) -> bool:
    return isinstance(about, dict) and (about.get("benchmark") == "agent-dojo" or ("suite_name" in about and "user_task_id" in about))


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a run; a run without messages is rejected. The agent is the suite."""

    def record(counted: Counted) -> Record | None:
        run = strict_json.decode(_decoder, counted.raw)
        about = run.metadata
        if run.messages is None and about.benchmark is not None:
            return None
        found: list[Medium] = []
        name = [text for text in (about.suite_name, None if run.index is None else str(run.index)) if text]
        item = Item(
            kind="trajectory",
            messages=chat_messages.convert(run.messages or (), found),
            agent=options.agent or about.suite_name,
            model=about.model,
            external_id=" ".join(name) or None,
        )
        return Record(item, counted.raw, counted.number, counted.line, _metadata(counted.raw), tuple(found))

    yield from raw_records.read(source, record)


def _metadata(raw: bytes) -> str:
    """The run's own metadata, with its index and annotations beside."""
    beside = strict_json.decode(_beside, raw)
    members = dict(beside.metadata)
    for name, value in (("index", beside.index), ("annotations", beside.annotations)):
        if bytes(value) not in (b"", b"[]"):
            members.setdefault(name, value)
    return strict_json.members_text(members)


FORMAT = Format("agentdojo", "AgentDojo runs (JSONL)", 1, sniff, read)
