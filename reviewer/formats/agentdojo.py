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

Raw = msgspec.Raw
_NOTHING = Raw(b"null")


class _About(msgspec.Struct):
    suite_name: str | None = None
    model: str | None = None
    benchmark: str | None = None


class _Run(msgspec.Struct):
    messages: list[chat_messages.MessageIn] | None = None
    index: Raw = _NOTHING
    metadata: Raw = Raw(b"{}")
    annotations: Raw = _NOTHING


_decoder = msgspec.json.Decoder(_Run)
_about = msgspec.json.Decoder(_About)
_members = msgspec.json.Decoder(dict[str, Raw])


def sniff(head: Head, _options: Options) -> bool:
    """Runs with a suite, or the header line."""
    return any(_is_ours(sample.get("metadata")) for sample in head.samples)


def _is_ours(about: object) -> bool:
    return isinstance(about, dict) and (about.get("benchmark") == "agent-dojo" or ("suite_name" in about and "user_task_id" in about))


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a run; a run without messages is rejected. The agent is the suite."""

    def record(counted: Counted) -> Record | None:
        run = strict_json.decode(_decoder, counted.raw)
        about = strict_json.decode(_about, run.metadata)
        if run.messages is None and about.benchmark is not None:
            return None
        found: list[Medium] = []
        index = bytes(run.index)
        name = [text for text in (about.suite_name, index.decode() if index.isdigit() else "") if text]
        item = Item(
            kind="trajectory",
            messages=chat_messages.convert(run.messages or (), found),
            agent=options.agent or about.suite_name,
            model=about.model,
            external_id=" ".join(name) or None,
        )
        return Record(item, counted.raw, counted.number, counted.line, _metadata(run), tuple(found))

    yield from raw_records.read(source, record)


def _metadata(run: _Run) -> str:
    """The run's own metadata, with its index and annotations beside."""
    members = strict_json.decode(_members, run.metadata)
    for name, value in (("index", run.index), ("annotations", run.annotations)):
        if bytes(value) not in (b"null", b"[]"):
            members.setdefault(name, value)
    return strict_json.members_text(members)


FORMAT = Format("agentdojo", "AgentDojo runs (JSONL)", 1, sniff, read)
