"""Agent-as-a-Judge: tasks for coding agents with their requirements, and which of these a person, or an AI, found satisfied.

Shape: metauto-ai/agent-as-a-judge, `judgment/AGENT/human_as_a_judge/TASK.json` and `judgment/AGENT/agent_as_a_judge/gray_box/TASK.json`.
Which agent was judged, and by whom, is said by these folders only, and some files are the same byte for byte for two agents. The runs
themselves are not in the files: an item is the task. A person's and an AI's file on one task of one agent are one item.
"""

import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import shown
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.policies import Clause
from reviewer.domain.records import Record, Reject
from reviewer.formats import raw_records, strict_json
from reviewer.formats.format import Beside, Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.label_lines import LabelLine, SaidClause
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source
from reviewer.formats.suggestion_lines import SuggestionLine

_PERSON, _AI = "human_as_a_judge", "agent_as_a_judge"  # folders
_NUMBER = re.compile(r"(\d{1,3})_")
_TITLE_LENGTH = 120
_KEY_LENGTH = 60


class _Requirement(msgspec.Struct, frozen=True):
    requirement_id: int
    criteria: str
    prerequisites: tuple[int, ...] = ()
    satisfied: bool | None = None


class _Task(msgspec.Struct, frozen=True):
    name: str
    query: str
    requirements: tuple[_Requirement, ...]


class _Judge(msgspec.Struct, frozen=True):
    judge: str | None = None


class _Place(NamedTuple):
    """What the folders say."""

    agent: str | None
    judge: str | None


_task = msgspec.json.Decoder(_Task)
_judge = msgspec.json.Decoder(_Judge)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def sniff(head: Head, _options: Options) -> bool:
    """Tasks with a query and judged requirements."""
    return any({"name", "query"} <= set(sample) and _are_ours(sample.get("requirements")) for sample in head.samples)


def _are_ours(requirements: object) -> bool:
    return isinstance(requirements, list) and any(isinstance(one, dict) and "requirement_id" in one for one in requirements)


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a task and agent; the judgement goes to the metadata, and so does who judged, as `judge`."""
    place = _place(source.path)

    def record(counted: Counted) -> Record:
        task = strict_json.decode(_task, counted.raw)
        if not task.query.strip():
            raise strict_json.bad("The task has no words.")
        item = Item(
            kind="completion",
            messages=(Message(role="user", content=(Part(type="text", text=task.query),)),),
            agent=options.agent or place.agent,
            external_id=" ".join(one for one in (place.agent, _plain(task.name)) if one),
        )
        beside = {name: value for name, value in strict_json.decode(_members, counted.raw).items() if name not in ("name", "query")}
        if place.judge:
            beside["judge"] = msgspec.Raw(msgspec.json.encode(place.judge))
        return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside))

    yield from raw_records.read(source, record)


def _place(path: str) -> _Place:
    """Who was judged, and by whom; of the whole path, so that it is no matter from which folder a person names it."""
    parts = os.path.abspath(path).replace("\\", "/").split("/")
    for judge in (_PERSON, _AI):
        if judge in parts[1:-1]:
            at = parts.index(judge)
            return _Place(parts[at - 1] or None, "/".join(parts[at:-1]))
    return _Place(None, None)


def _plain(name: str) -> str:
    """One file bears its own ending in its name."""
    return name.removesuffix(".json")


def _clause(task: _Task, requirement: _Requirement) -> Clause:
    """A requirement as a clause: the number of the task and its own; those that it needs are in its text, and criteria only are judged."""
    name = _plain(task.name)
    numbered = _NUMBER.match(name)
    section = numbered[1] if numbered else name[:_KEY_LENGTH]
    needs = ", ".join(f"{section}.{number}" for number in requirement.prerequisites)
    title = " ".join(requirement.criteria.split())
    return Clause(
        f"{section}.{requirement.requirement_id}",
        title if len(title) <= _TITLE_LENGTH else f"{title[: _TITLE_LENGTH - 1]}…",
        requirement.criteria + (f"\n\nNeeds: {needs}." if needs else ""),
    )


def clauses(record: Record) -> Iterable[Clause]:
    """The requirements of a task."""
    task = strict_json.decode(_task, record.original)
    return [_clause(task, one) for one in task.requirements]


def labels(record: Record) -> Iterable[LabelLine]:
    """What a person found: non-compliant with each requirement that is not satisfied, in the words that they judged it by."""
    task = _judged(record, _PERSON)
    broken = [_clause(task, one) for one in task.requirements if not one.satisfied]
    cited = tuple(SaidClause(one.clause, text=sha256_hex(one.text.encode())) for one in broken)
    yield LabelLine(verdict="non_compliant" if broken else "compliant", clauses=cited)


def opinion(record: Record) -> SuggestionLine:
    """What an AI found."""
    task = _judged(record, _AI)
    broken = [_clause(task, one).clause for one in task.requirements if not one.satisfied]
    said = f"Not satisfied: {', '.join(broken)}." if broken else None
    return SuggestionLine(verdict="non_compliant" if broken else "compliant", rationale=said)


def _judged(record: Record, by: str) -> _Task:
    """The task. Raises BadRecord where somebody else judged, or not every requirement was judged."""
    judge = strict_json.decode(_judge, record.metadata.encode()).judge
    if judge is None or judge.split("/")[0] != by:
        raise strict_json.bad(f"It does not lie in a folder {by}, but in {shown(judge or 'another', 60)}: whose judgement it is decides.")
    task = strict_json.decode(_task, record.original)
    open_ones = [one.requirement_id for one in task.requirements if one.satisfied is None]
    if open_ones or not task.requirements:
        raise strict_json.bad(f"It is not said whether requirement {open_ones[0] if open_ones else 0} is satisfied.")
    return task


FORMAT = Format(
    "agent-as-a-judge",
    "Agent-as-a-Judge tasks (JSON), without the runs; brings clauses, labels of people and opinions of judges",
    1,
    sniff,
    read,
    beside=Beside(labels, opinion, clauses),
)
