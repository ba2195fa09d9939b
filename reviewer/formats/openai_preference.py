"""Preference data as OpenAI's fine-tuning takes it: `input`, `preferred_output`, `non_preferred_output`."""

from collections.abc import Iterator
from typing import Any

import msgspec

from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import openai_chat, outputs, raw_records, strict_json
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.outputs import Said
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

Raw = msgspec.Raw

_SIDES = ("preferred_output", "non_preferred_output")
_OURS = frozenset({"input", "id", "agent", "metadata", *_SIDES})
_members = msgspec.json.Decoder(dict[str, Raw])


def sniff(head: Head, _options: Options) -> bool:
    """Objects with an input and both outputs."""
    return any(_is_pair(sample) for sample in head.samples)


def _is_pair(sample: dict[str, Any]) -> bool:
    return isinstance(sample.get("input"), dict) and set(_SIDES) <= set(sample)


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One comparison a record."""
    yield from raw_records.read(source, lambda counted: record(counted, options))


def record(counted: Counted, options: Options) -> Record:
    """The comparison of one record. Raises BadRecord."""
    members = strict_json.decode(_members, counted.raw)
    missing = next((name for name in ("input", *_SIDES) if name not in members), None)
    if missing is not None:
        raise strict_json.bad(f"The record has no “{missing}”.")
    asked = strict_json.decode(_members, members["input"])
    if "messages" not in asked:
        raise strict_json.bad("The input has no messages.")
    found: list[Medium] = []
    pair = outputs.compared(asked["messages"], [Said(members[side], side) for side in _SIDES], found)
    item = outputs.pair_of(pair, members, options, tools=asked.get("tools"))
    beside = openai_chat.metadata(members, _OURS)
    beside |= {f"input.{name}": value for name, value in asked.items() if name not in ("messages", "tools")}
    beside = outputs.with_keys(beside, preferred_output=pair.keys[0], non_preferred_output=pair.keys[1])
    return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside), tuple(found))


FORMAT = Format("openai-preference", "preference pairs as OpenAI's fine-tuning takes them (JSONL)", 1, sniff, read)
