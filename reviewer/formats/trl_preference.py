"""Preference data as TRL reads it, and hh-rlhf with it: `chosen` and `rejected`, with a `prompt` or with what both begin with.

Texts or messages; hh-rlhf's are flat dialogues. Which one was chosen goes to the metadata.
"""

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

_OURS = frozenset({"prompt", "chosen", "rejected", "tools", "id", "agent", "metadata"})
_members = msgspec.json.Decoder(dict[str, Raw])


def sniff(head: Head, _options: Options) -> bool:
    """Objects with `chosen` and `rejected`, each a text or messages."""
    return bool(head.samples) and 2 * sum(map(_is_pair, head.samples)) >= len(head.samples)


def _is_pair(sample: dict[str, Any]) -> bool:
    return {"chosen", "rejected"} <= set(sample) and all(isinstance(sample[side], str | list | None) for side in ("chosen", "rejected"))


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One comparison a record."""
    yield from raw_records.read(source, lambda counted: record(counted, options))


def record(counted: Counted, options: Options) -> Record:
    """The comparison of one record. Raises BadRecord."""
    members = strict_json.decode(_members, counted.raw)
    for side in ("chosen", "rejected"):
        if side not in members:
            raise strict_json.bad(f"The record has no “{side}”.")
    found: list[Medium] = []
    both = [Said(members[side], side) for side in ("chosen", "rejected")]
    pair = outputs.compared(members.get("prompt"), both, found)
    item = outputs.pair_of(pair, members, options, tools=members.get("tools"))
    beside = outputs.with_keys(openai_chat.metadata(members, _OURS), chosen=pair.keys[0], rejected=pair.keys[1])
    return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside), tuple(found))


FORMAT = Format("trl-preference", "preference pairs (`chosen`, `rejected`): TRL with or without a prompt, hh-rlhf", 1, sniff, read)
