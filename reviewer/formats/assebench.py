"""R-Judge and ASSEBench: a JSON list of labelled agent runs, each a list of rounds of turns.

What the human judges said (`label`, `risk_description`, `risk_type`, …) goes to the metadata. In ASSEBench most observations stand with
the role `user`; they stay so, since nothing tells them apart from the person.
"""

from collections.abc import Iterator

import msgspec

from reviewer.domain.errors import shown
from reviewer.domain.items import Item, Message, Part, Role
from reviewer.domain.records import Record, Reject
from reviewer.formats import raw_records, strict_json
from reviewer.formats.chat_messages import REASONING
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

R_JUDGE = "r-judge"
ASSEBENCH = "assebench"

_ROLES: dict[str, Role] = {"user": "user", "agent": "assistant", "environment": "tool"}


class _Turn(msgspec.Struct):
    role: str
    content: str | None = None
    thought: str | None = None
    action: str | None = None


class _Run(msgspec.Struct):
    contents: list[list[_Turn]]
    id: int | str | None = None
    profile: str | None = None
    application_scenario: str | None = None


_decoder = msgspec.json.Decoder(_Run)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def sniff(head: Head, _options: Options) -> bool:
    """Runs with rounds of `contents` and a `profile`."""
    return any(isinstance(sample.get("contents"), list) and "profile" in sample for sample in head.samples)


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a run, rounds in order. The agent is the data set, since ids are unique in one file only."""

    def record(counted: Counted) -> Record:
        run = strict_json.decode(_decoder, counted.raw)
        turns = tuple(_message(turn) for turns in run.contents for turn in turns)
        if not turns:
            raise strict_json.bad("The record has no messages.")
        profile = (Message(role="system", content=_text(run.profile)),) if run.profile else ()
        data_set = R_JUDGE if run.application_scenario is None else ASSEBENCH
        item = Item(
            kind="trajectory",
            messages=profile + turns,
            agent=options.agent or data_set,
            external_id=None if run.id is None else f"{data_set} {run.id}",
        )
        beside = {name: value for name, value in strict_json.decode(_members, counted.raw).items() if name not in ("contents", "profile")}
        return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside))

    yield from raw_records.read(source, record)


def _message(turn: _Turn) -> Message:
    """A turn; its thought comes first, marked as reasoning. Actions are free text in these sets and stay so."""
    role = _ROLES.get(turn.role)
    if role is None:
        raise strict_json.bad(f"The role “{shown(turn.role)}” is not known.")
    return Message(role=role, content=_text(turn.thought, REASONING) + _text(turn.action) + _text(turn.content))


def _text(text: str | None, name: str | None = None) -> tuple[Part, ...]:
    return (Part(type="text", text=text, name=name),) if text else ()


FORMAT = Format("assebench", "R-Judge and ASSEBench labelled runs (JSON)", 1, sniff, read)
