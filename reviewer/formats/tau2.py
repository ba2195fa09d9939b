"""tau2-bench results: one object with the domain's policy and tasks, and a list of simulations.

Shape: sierra-research/tau2-bench, data_model/simulation.py. There is no system message: the policy goes to the metadata, not into the
conversation. Both sides can call tools: a user's calls stay with the user's message, and replies point to calls through `id`.
"""

from collections.abc import Iterator

import msgspec

from reviewer.domain.errors import BadRecord
from reviewer.domain.items import Item
from reviewer.domain.records import Medium, Record, Reject
from reviewer.formats import chat_messages, raw_records, strict_json, times
from reviewer.formats.format import Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

Raw = msgspec.Raw
_NULL = Raw(b"null")


class _MessageIn(chat_messages.MessageIn):
    """A tool's reply names its call in `id`."""

    id: str | None = None


class _Simulation(msgspec.Struct):
    messages: list[_MessageIn]
    id: str | None = None
    task_id: str | int | None = None
    start_time: str | None = None
    timestamp: str | None = None


class _Agent(msgspec.Struct, frozen=True):
    llm: str | None = None


class _Environment(msgspec.Struct, frozen=True):
    domain_name: str | None = None
    policy: Raw = _NULL
    tool_defs: Raw = _NULL


class _Info(msgspec.Struct, frozen=True):
    agent_info: _Agent = _Agent()
    user_info: _Agent = _Agent()
    environment_info: _Environment = _Environment()
    git_commit: str | None = None


class _Reward(msgspec.Struct):
    reward: Raw = _NULL


class _Rewarded(msgspec.Struct):
    reward_info: _Reward | None = None


class _Task(msgspec.Struct):
    id: str | int


class _Header(msgspec.Struct):
    info: _Info
    tasks: dict[str, Raw]


_info = msgspec.json.Decoder(_Info)
_task_list = msgspec.json.Decoder(list[Raw])
_task = msgspec.json.Decoder(_Task)
_simulation = msgspec.json.Decoder(_Simulation)
_rewarded = msgspec.json.Decoder(_Rewarded)
_members = msgspec.json.Decoder(dict[str, Raw])


def sniff(head: Head, _options: Options) -> bool:
    """An object with `info`, `tasks` and `simulations`."""
    return {"info", "simulations"} <= head.names


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a simulation. The agent is the domain; times without a zone are taken as UTC."""
    try:
        header = _header(raw_records.members(source, ("info", "tasks")))
    except BadRecord as error:
        yield Reject(1, None, error.what, b"", error.code)
        return

    def record(counted: Counted) -> Record:
        run = strict_json.decode(_simulation, counted.raw)
        found: list[Medium] = []
        for message in run.messages:
            if message.role == "tool" and not message.tool_call_id:
                message.tool_call_id = message.id
        environment = header.info.environment_info
        began = run.start_time or run.timestamp
        item = Item(
            kind="trajectory",
            messages=chat_messages.convert(run.messages, found),
            agent=options.agent or environment.domain_name,
            model=header.info.agent_info.llm,
            time=times.rfc3339(began) if began else None,
            external_id=run.id,
            tools=strict_json.compact_text(environment.tool_defs) if _given(environment.tool_defs) else None,
        )
        return Record(item, counted.raw, counted.number, counted.line, _metadata(counted.raw, run, header), tuple(found))

    yield from raw_records.convert(raw_records.elements_of(source, "simulations"), record)


def _header(found: dict[str, bytes]) -> _Header:
    """What is said once a file. Raises BadRecord where it is not strict JSON or of another shape."""
    for raw in found.values():
        strict_json.check(raw)
    tasks = strict_json.decode(_task_list, found.get("tasks", b"[]"))
    info = strict_json.decode(_info, found.get("info", b"{}"))
    return _Header(info, {str(strict_json.decode(_task, task).id): task for task in tasks})


def _given(value: Raw) -> bool:
    return bytes(value) != b"null"


def _metadata(raw: bytes, run: _Simulation, header: _Header) -> str:
    """Reward first, then the simulation's own fields, then the task and the policy it was run under."""
    members: dict[str, Raw] = {}
    rewarded = strict_json.decode(_rewarded, raw).reward_info
    if rewarded and _given(rewarded.reward):
        members["reward"] = rewarded.reward
    for name, value in strict_json.decode(_members, raw).items():
        if name != "messages" and _given(value):
            members.setdefault(name, value)
    task = header.tasks.get(str(run.task_id))
    if task is not None:
        members.setdefault("task", task)
    info = header.info
    if _given(info.environment_info.policy):
        members.setdefault("policy", info.environment_info.policy)
    for name, text in (("user_model", info.user_info.llm), ("git_commit", info.git_commit)):
        if text:
            members.setdefault(name, Raw(msgspec.json.encode(text)))
    return strict_json.members_text(members)


class _Carried(msgspec.Struct):
    policy: str | None = None


_carried = msgspec.json.Decoder(_Carried)


def policy(record: Record) -> str | None:
    """The policy that the header names; `read` keeps it with every run."""
    try:
        return _carried.decode(record.metadata).policy
    except msgspec.ValidationError:
        return None  # a policy that is no text


FORMAT = Format("tau2", "tau2-bench results (JSON)", 1, sniff, read, policy=policy)
