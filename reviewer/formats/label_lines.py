"""Labels that come in as JSON lines: the fields of `labels export`, or those of the `label` command. Lines in, what they say out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Literal, cast

import msgspec

from reviewer.domain import passages, preferences
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Mark, Preference, Severity, Verdict
from reviewer.domain.passages import Passage
from reviewer.domain.preferences import Choice
from reviewer.formats import json_lines, strict_json
from reviewer.formats.json_lines import FIX, Line


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


class SaidClause(msgspec.Struct, frozen=True):
    """A clause that was cited; policy: None where the campaign has one. version: hash of the policy's version; text: hash of its words."""

    clause: str
    policy: str | None = None
    version: str | None = None
    text: str | None = None


class SaidPreference(msgspec.Struct, frozen=True):
    """An order of the candidates of a comparison, as `labels export` writes it."""

    ranking: tuple[tuple[str, ...], ...]
    strength: Literal["slight", "clear"] = "clear"
    both_bad: bool = False
    order_shown: tuple[str, ...] = ()


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
    clauses: tuple[SaidClause | str, ...] | None = None
    clause: tuple[SaidClause | str, ...] | str | None = None
    correction: str | None = None
    duration_ms: int | None = None
    prefer: str | None = None
    rank: str | None = None
    strength: Literal["slight", "clear"] | None = None
    preference: SaidPreference | None = None
    in_force: bool = True


_decoder = msgspec.json.Decoder(LabelLine)


def read(stream: IO[bytes]) -> Iterator[Line[LabelLine]]:
    """The lines of a stream that are not blank."""
    return json_lines.read(stream, _decoder, _check)


def decode(raw: bytes) -> LabelLine:
    """The label that a JSON object says, wherever it stood. Raises BadRecord or Refused with what is wrong with it."""
    strict_json.check(raw)
    said = strict_json.decode(_decoder, raw)
    _check(said)
    return said


def _check(said: LabelLine) -> None:
    json_lines.require_item(said.item, said.external_id)
    if sum(one is not None for one in (said.prefer, said.rank, said.preference)) > 1:
        raise Refused("The line says more than one preference: prefer, rank or preference.", FIX)
    if said.strength is not None and said.prefer is None and said.rank is None:
        raise Refused("The line says a strength and no preference.", FIX)
    if said.showing not in (1, 2):
        raise Refused(f"{said.showing} is not a showing: 1, or 2 for a repeat.", FIX)
    if said.duration_ms is not None and not 0 <= said.duration_ms < 2**53:
        raise Refused(f"{said.duration_ms} is not a duration in milliseconds.", FIX)
    if said.time is not None and instant(said.time) is None:
        raise Refused(f"“{shown(said.time, 40)}” is not a time of RFC 3339 with its zone.", FIX)


def instant(text: str) -> datetime | None:
    """The moment that an RFC 3339 time names; None where it names none."""
    if len(text) < 20 or not text[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def preference(said: LabelLine, keys: Sequence[str]) -> Preference | None:
    """Which candidate is better. keys: those of the comparison. Raises Refused for what names no order of them."""
    if said.preference is not None:
        whole = Preference(**msgspec.structs.asdict(said.preference))
        preferences.check(whole, keys)
        return whole
    if said.prefer is None and said.rank is None:
        return None
    return preferences.chosen(Choice(said.prefer, said.rank, said.strength), keys, ())


def steps(said: LabelLine) -> dict[str, Mark]:
    """The marks of steps. Raises Refused for what marks none."""
    given = said.steps or said.step or {}
    if isinstance(given, Mapping):
        return dict(given)
    marks: dict[str, Mark] = {}
    for text in given:
        step, _, mark = text.partition("=")
        if mark not in ("good", "bad", "neutral"):
            raise Refused(f"“{shown(text, 40)}” marks no step.", FIX)
        marks[step] = cast(Mark, mark)
    return marks


def spans(said: LabelLine) -> list[Passage]:
    """The marked words. Raises Refused for what names none."""
    found = []
    for one in said.spans or said.span or ():
        passage = passages.parse(one) if isinstance(one, str) else Passage(one.step, one.start, one.end, one.part, one.pointer, one.clause)
        found.append(passage)
    return found


def clauses(said: LabelLine) -> list[SaidClause | str]:
    """The clauses that are cited, whole or by their names."""
    given = said.clauses or said.clause or ()
    return [given] if isinstance(given, str) else list(given)


def omissions(said: LabelLine) -> list[SaidOmission]:
    """What was left out, in words."""
    given = said.omissions or said.omission or ()
    return [SaidOmission(one) if isinstance(one, str) else one for one in ((given,) if isinstance(given, str) else given)]


def confidence(said: LabelLine) -> str | None:
    """The confidence as the `label` command takes it."""
    given = said.confidence
    return given if given is None or isinstance(given, str) else repr(given)
