"""Samples as Inspect's `json_dataset` reads them with its own field names: id, input, target, metadata. Out, and back in.

The last member of each line's metadata names the whole set: a hash over all lines, so that a set that was changed shows.
Shape: UKGovernmentBEIS/inspect_ai, dataset/_util.py and model/_chat_message.py.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from reviewer.domain.errors import Damaged, Refused, shown
from reviewer.domain.items import Item, Message, ToolCall, answer_begins, answered_calls

_TAG = b"review/regression-set/v1\n"
_SET = b',"reviewer_set":"'
_END = b'"}}'
_WRITTEN = ("text", "json")
_encode = msgspec.json.encode


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a sample, as its metadata. reviewer_task: what it is matched by; reviewer_by: of which fields that is made."""

    reviewer_item: str
    reviewer_campaign: str
    reviewer_campaign_id: str
    reviewer_verdict: str
    reviewer_task: str
    reviewer_by: tuple[str, ...]
    reviewer_title: str
    reviewer_blind: bool
    reviewer_labels: tuple[str, ...]
    reviewer_resolutions: tuple[str, ...] = ()
    reviewer_clauses: tuple[str, ...] = ()
    reviewer_severity: str | None = None
    agent: str | None = None
    model: str | None = None
    external_id: str | None = None
    tools: str | None = None


class _Line(msgspec.Struct):
    id: str
    target: str
    metadata: Told


_line = msgspec.json.Decoder(_Line)


def head(item: Item, told: Told) -> bytes | None:
    """A sample up to the name of its set: what was asked before the first answer, and what people said of the answer as its target.

    None for an item without a question, and for one that asks with an image or the like.
    """
    first = answer_begins([message.role for message in item.messages])
    asked = item.messages[: first or 0]
    if not asked or item.kind == "comparison" or any(part.type not in _WRITTEN for message in asked for part in message.content):
        return None
    line = {"id": told.reviewer_item, "input": _messages(asked), "target": told.reviewer_verdict, "metadata": told}
    return _encode(line)[:-2]


def _messages(asked: Sequence[Message]) -> list[dict[str, Any]]:
    answers = answered_calls(asked)
    found = []
    for place, message in enumerate(asked):
        text = "\n".join(said for part in message.content if (said := part.text or part.json))
        one: dict[str, Any] = {"role": message.role, "content": text}
        if message.role == "assistant" and message.tool_calls:
            one["tool_calls"] = [_call(place, k, call) for k, call in enumerate(message.tool_calls)]
        if message.role == "tool":
            at = answers.get(place)
            if at is not None:
                one |= {"tool_call_id": _call_id(*at, asked[at[0]].tool_calls[at[1]]), "function": asked[at[0]].tool_calls[at[1]].name}
        found.append(one)
    return found


def _call(m: int, k: int, call: ToolCall) -> dict[str, Any]:
    """A call; arguments that are no object go where Inspect keeps what could not be read."""
    try:
        arguments = msgspec.json.decode(call.arguments or "{}", type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        wrong = {"arguments": {}, "parse_error": call.arguments}
    else:
        wrong = {"arguments": arguments}
    return {"id": _call_id(m, k, call), "function": call.name, "type": "function", **wrong}


def _call_id(m: int, k: int, call: ToolCall) -> str:
    return call.id or f"call_{m + 1}_{k + 1}"


def set_id(heads: Iterable[bytes]) -> str:
    """The name of a set, from all of its samples in order."""
    digest = hashlib.sha256(_TAG)
    for one in heads:
        digest.update(one + b"\n")
    return digest.hexdigest()


def write(stream: IO[bytes], heads: Sequence[bytes]) -> str:
    """Write a set. Returns its name."""
    name = set_id(heads)
    for one in heads:
        stream.write(one + _SET + name.encode() + _END + b"\n")
    return name


def read(path: Path) -> tuple[str, list[Told]]:
    """A set and its name. Raises Refused for a file that is none, Damaged for one that was changed since."""
    heads: list[bytes] = []
    names: set[bytes] = set()
    found: list[Told] = []
    for one, name, told in _lines(path):
        heads.append(one)
        names.add(name)
        found.append(told)
    if not found:
        raise _no_set(path)
    if names != {set_id(heads).encode()}:
        raise Damaged(f"{shown(str(path), 200)} is not the set that was exported.", "Export it again, or use the file as it was.")
    return names.pop().decode(), found


def _lines(path: Path) -> Iterator[tuple[bytes, bytes, Told]]:
    try:
        with path.open("rb") as stream:
            for raw in stream:
                one, mark, name = raw.rstrip(b"\n").rpartition(_SET)
                if not mark or not name.endswith(_END):
                    raise _no_set(path)
                yield one, name.removesuffix(_END), _line.decode(raw).metadata
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _no_set(path) from error


def _no_set(path: Path) -> Refused:
    return Refused(f"{shown(str(path), 200)} is not a regression set.", "Name a file that `reviewer regression export` wrote.")
