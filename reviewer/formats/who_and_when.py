"""Who&When: failed runs of teams of agents, one a file, each with the step that decided it, as a person found.

Shape: ag2ai/Agents_Failure_Attribution. An item is the `history` and nothing else, so that step N is its entry N - 1. The half made by
algorithms has the speaker in `name`, and `role` tells nothing; the half made by hand has it in `role`, `Orchestrator (-> WebSurfer)`.
"""

from collections.abc import Iterable, Iterator

import msgspec

from reviewer.domain.errors import shown
from reviewer.domain.events import Mark
from reviewer.domain.items import Item, Message, Part, Role
from reviewer.domain.records import Record, Reject
from reviewer.formats import raw_records, strict_json
from reviewer.formats.format import Beside, Format, Options
from reviewer.formats.heads import Head
from reviewer.formats.label_lines import LabelLine
from reviewer.formats.raw_records import Counted
from reviewer.formats.sources import Source

_BY_ALGORITHM, _BY_HAND = "Algorithm-Generated", "Hand-Crafted"  # as the data set calls its halves
_PERSON = "human"
_MACHINES = ("Computer_terminal", "ComputerTerminal")  # run what agents wrote, and say what came out


class _Turn(msgspec.Struct):
    content: str
    role: str
    name: str | None = None


class _Run(msgspec.Struct, rename={"question": "question_ID"}):
    history: list[_Turn]
    question: str | None = None


class _Judged(msgspec.Struct):
    history: list[msgspec.Raw]
    mistake_step: str | int
    mistake_reason: str | None = None


_run = msgspec.json.Decoder(_Run)
_judged = msgspec.json.Decoder(_Judged)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def sniff(head: Head, _options: Options) -> bool:
    """Runs with a history and the step of a mistake."""
    return any({"history", "mistake_step", "mistake_agent"} <= set(sample) for sample in head.samples) or (
        {"history", "mistake_step", "mistake_agent"} <= head.names
    )


def read(source: Source, options: Options) -> Iterator[Record | Reject]:
    """One item a run. The agent is the half of the data set: the teams are not named. What is known of the failure goes to the metadata."""

    def record(counted: Counted) -> Record:
        run = strict_json.decode(_run, counted.raw)
        if not run.history:
            raise strict_json.bad("The record has no messages.")
        half = _BY_ALGORITHM if any(turn.name for turn in run.history) else _BY_HAND
        item = Item(
            kind="trajectory",
            messages=tuple(_message(turn) for turn in run.history),
            agent=options.agent or half,
            external_id=f"{half} {run.question}" if run.question else None,  # both halves have the same questions
        )
        beside = {name: value for name, value in strict_json.decode(_members, counted.raw).items() if name != "history"}
        return Record(item, counted.raw, counted.number, counted.line, strict_json.members_text(beside))

    yield from raw_records.read(source, record)


def _message(turn: _Turn) -> Message:
    speaker = turn.name or turn.role
    role: Role = "user" if speaker == _PERSON else "tool" if speaker in _MACHINES else "assistant"
    return Message(role=role, name=speaker, content=(Part(type="text", text=turn.content),) if turn.content else ())


def labels(record: Record) -> Iterable[LabelLine]:
    """The label of a run: what agents did before the decisive step was good, that step bad; of later ones nothing is known."""
    said = strict_json.decode(_judged, record.original)
    step = str(said.mistake_step).strip()
    if not (step.isascii() and step.isdigit() and len(step) < 7) or int(step) >= len(said.history):
        raise strict_json.bad(f"The mistake is said to be in step “{shown(step, 20)}”, which is none of 0 to {len(said.history) - 1}.")
    decisive = int(step)
    marks: dict[str, Mark] = {
        str(number): "good" for number, message in enumerate(record.item.messages[:decisive], 1) if message.role == "assistant"
    }
    marks[str(decisive + 1)] = "bad"
    yield LabelLine(verdict="non_compliant", rationale=said.mistake_reason, steps=marks)


FORMAT = Format(
    "who-and-when",
    "Who&When failed runs with the step that decided them (JSON); brings labels",
    1,
    sniff,
    read,
    beside=Beside(labels=labels),
)
