"""Labels that come in as JSON lines: the fields of `labels export`, or those of the `label` command. Lines in, what they say out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any, NamedTuple, cast

import msgspec

from reviewer.domain import passages
from reviewer.domain.errors import BadRecord, Refused, shown
from reviewer.domain.events import Mark, Severity, Verdict
from reviewer.domain.passages import Passage
from reviewer.formats import raw_records, strict_json

_FIX = "Correct the line and import the file again."


class SaidOmission(msgspec.Struct, frozen=True):
    """What should have happened and did not."""

    text: str
    step: str | None = None
    clause: str | None = None


class SaidSpan(msgspec.Struct, frozen=True):
    """Marked words."""

    step: str
    start: int
    end: int
    part: int | None = None
    pointer: str | None = None
    clause: str | None = None


class LabelLine(msgspec.Struct, frozen=True, kw_only=True):
    """One label as its line says it. Unknown fields are left alone; the singular names are those of the command's options."""

    item: str | None = None
    external_id: str | None = None
    reviewer: str | None = None
    time: str | None = None
    blind: bool = True
    showing: int = 1
    verdict: Verdict | None = None
    severity: Severity | None = None
    rationale: str | None = None
    confidence: str | float | int | None = None
    spans: tuple[SaidSpan | str, ...] | None = None
    span: tuple[SaidSpan | str, ...] | None = None
    omissions: tuple[SaidOmission | str, ...] | None = None
    omission: tuple[SaidOmission | str, ...] | str | None = None
    steps: dict[str, Mark] | tuple[str, ...] | None = None
    step: dict[str, Mark] | tuple[str, ...] | None = None
    clauses: tuple[Any, ...] | None = None
    clause: tuple[Any, ...] | str | None = None
    correction: str | None = None
    duration_ms: int | None = None
    prefer: str | None = None
    rank: Any = None
    preference: Any = None
    in_force: bool = True


class Line(NamedTuple):
    """A line of the file, from 1: what it says, or why it cannot be read."""

    number: int
    raw: bytes
    said: LabelLine | None
    problem: str = ""


_decoder = msgspec.json.Decoder(LabelLine)


def read(stream: IO[bytes]) -> Iterator[Line]:
    """The lines of a stream that are not blank."""
    for found in raw_records.lines(stream):
        if found.problem:
            yield Line(found.line, found.raw, None, found.problem)
            continue
        try:
            strict_json.check(found.raw)
            said = strict_json.decode(_decoder, found.raw)
            _check(said)
        except (BadRecord, Refused) as error:
            yield Line(found.line, found.raw, None, error.what)
            continue
        yield Line(found.line, found.raw, said)


def _check(said: LabelLine) -> None:
    if said.item is None and said.external_id is None:
        raise Refused("Neither item nor external_id is given.", _FIX)
    if said.prefer or said.rank or said.preference:
        raise Refused("Preferences are not in this version: campaigns ask for verdicts.", _FIX)
    if said.clauses or said.clause:
        raise Refused("Clauses cannot be cited: no policy is published here.", _FIX)
    if said.showing not in (1, 2):
        raise Refused(f"{said.showing} is not a showing: 1, or 2 for a repeat.", _FIX)
    if said.duration_ms is not None and not 0 <= said.duration_ms < 2**53:
        raise Refused(f"{said.duration_ms} is not a duration in milliseconds.", _FIX)
    if said.time is not None and instant(said.time) is None:
        raise Refused(f"“{shown(said.time, 40)}” is not a time of RFC 3339 with its zone.", _FIX)


def instant(text: str) -> datetime | None:
    """The moment that an RFC 3339 time names; None where it names none."""
    if len(text) < 20 or not text[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def steps(said: LabelLine) -> dict[str, Mark]:
    """The marks of steps. Raises Refused for what marks none."""
    given = said.steps or said.step or {}
    if isinstance(given, Mapping):
        return dict(given)
    marks: dict[str, Mark] = {}
    for text in given:
        step, _, mark = text.partition("=")
        if mark not in ("good", "bad", "neutral"):
            raise Refused(f"“{shown(text, 40)}” marks no step.", _FIX)
        marks[step] = cast(Mark, mark)
    return marks


def spans(said: LabelLine) -> list[Passage]:
    """The marked words. Raises Refused for what names none."""
    found = []
    for one in said.spans or said.span or ():
        passage = passages.parse(one) if isinstance(one, str) else Passage(one.step, one.start, one.end, one.part, one.pointer, one.clause)
        if passage.clause:
            raise Refused("Clauses cannot be cited: no policy is published here.", _FIX)
        found.append(passage)
    return found


def omissions(said: LabelLine) -> list[SaidOmission]:
    """What was left out, in words."""
    given = said.omissions or said.omission or ()
    return [SaidOmission(one) if isinstance(one, str) else one for one in ((given,) if isinstance(given, str) else given)]


def confidence(said: LabelLine) -> str | None:
    """The confidence as the `label` command takes it."""
    given = said.confidence
    return given if given is None or isinstance(given, str) else repr(given)
