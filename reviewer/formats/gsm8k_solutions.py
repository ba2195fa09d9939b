"""Solutions of several models to the questions of GSM8K: one comparison a question, each model's solution a candidate.

Which solutions are right, and the true one, go to the metadata.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from reviewer.domain.items import Item
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import outputs, raw_records, strict_json
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.outputs import Said
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

Raw = msgspec.Raw
_NOTHING = Raw(b"null")


class _Solution(msgspec.Struct):
    solution: Raw = _NOTHING
    is_correct: bool | None = None


_members = msgspec.json.Decoder(dict[str, Raw])
_solution = msgspec.json.Decoder(_Solution)


def sniff(head: Head, _options: Options) -> bool:
    """Questions with the solutions of models beside them."""
    return any(map(_is_ours, head.samples))


def _is_ours(sample: dict[str, Any]) -> bool:
    solved = [value for value in sample.values() if isinstance(value, dict) and {"solution", "is_correct"} <= set(value)]
    return {"question", "ground_truth"} <= set(sample) and bool(solved)


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One comparison a question; a member that is an object is the solution of the model that it is named by."""

    def record(counted: Counted) -> Record:
        members = strict_json.decode(_members, counted.raw)
        solved = {name: strict_json.decode(_solution, raw) for name, raw in members.items() if bytes(raw).startswith(b"{")}
        if "question" not in members:
            raise strict_json.bad("The record has no question.")
        found: list[Medium] = []
        said = [Said(one.solution, name, name) for name, one in solved.items()]
        these = outputs.compared(members["question"], said, found)
        item = Item(kind="comparison", messages=these.prompt, candidates=these.candidates, agent=options.agent)
        right = {key: one.is_correct for key, one in zip(these.keys, solved.values(), strict=True)}
        beside = {name: raw for name, raw in members.items() if name not in solved and name != "question"}
        beside["is_correct"] = Raw(msgspec.json.encode(dict(sorted(right.items()))))
        return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside))

    yield from raw_records.read(source, record)


FORMAT = Format("gsm8k-solutions", "solutions of several models to questions of GSM8K, right and wrong (JSONL)", 1, sniff, read)
