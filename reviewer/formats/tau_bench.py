"""tau-bench result files: a JSON list of runs, each with its reward and the gold actions beside the chat messages.

Shape: sierra-research/tau-bench, tau_bench/types.py. The run's reward, gold actions and hidden brief go to the metadata.
"""

import re
from collections.abc import Iterator

import msgspec

from reviewer.domain.items import Item, Message
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import chat_messages, raw_records, strict_json
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

_POLICY_TITLE = re.compile(r"\s*#+\s*(\w[\w -]*?) agent policy\b", re.IGNORECASE)


class _Run(msgspec.Struct):
    traj: list[chat_messages.MessageIn]
    task_id: int | str | None = None
    trial: int | None = None


_decoder = msgspec.json.Decoder(_Run)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def sniff(head: Head, _options: Options) -> bool:
    """A list of objects with a `traj`."""
    return any("traj" in sample and "task_id" in sample for sample in head.samples)


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a run. The agent is the domain that the policy's title names."""

    def record(counted: Counted) -> Record:
        run = strict_json.decode(_decoder, counted.raw)
        found: list[Medium] = []
        messages = chat_messages.convert(run.traj, found)
        known = [f"{name} {value}" for name, value in (("task", run.task_id), ("trial", run.trial)) if value is not None]
        item = Item(
            kind="trajectory",
            messages=messages,
            agent=options.agent or _domain(messages),
            external_id=" ".join(known) or None,
        )
        beside = {name: value for name, value in strict_json.decode(_members, counted.raw).items() if name != "traj"}
        return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside), tuple(found))

    yield from raw_records.read(source, record)


def _domain(messages: tuple[Message, ...]) -> str | None:
    """`airline` of “# Airline Agent Policy”: the runs do not name their domain in any field."""
    found = _POLICY_TITLE.match(_system_text(messages) or "")
    return found[1].lower() if found else None


def _system_text(messages: tuple[Message, ...]) -> str | None:
    first = messages[0]
    return first.content[0].text if first.role == "system" and first.content else None


def policy(record: Record) -> str | None:
    """The policy is the system message."""
    return _system_text(record.item.messages)


FORMAT = Format("tau-bench", "tau-bench result files (JSON)", 1, sniff, read, policy=policy)
