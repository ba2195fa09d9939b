"""A row of a release in plain words: what stands in it, column by column, and its story, step by step back to the record it came from."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from reviewer.domain.errors import shown
from reviewer.domain.stories import Citation, LabelStory
from reviewer.operations.release_browsing import RowItem, ShownRow
from reviewer.operations.telling import Tone, time_words

_LONG = 1_200  # characters of a text that are shown
_MOST = 12  # messages of a column, of which the first and the last few are shown
_VERDICTS = {"compliant": "compliant", "non_compliant": "non-compliant", "policy_at_fault": "policy at fault"}


class Column(NamedTuple):
    """A column. said: who and what, of a list of messages; else one text without a name. short: the value fits on a line."""

    name: str
    said: tuple[tuple[str, str], ...]
    short: bool


class Link(NamedTuple):
    """A step of the story: what, and what is to be said of it. item: what can be opened there."""

    title: str
    text: str
    tone: Tone = ""
    item: str = ""


def columns(line: bytes) -> tuple[Column, ...]:
    """What a row holds for training, without what it is traced by. line: its JSON; empty for what is none."""
    try:
        told = msgspec.json.decode(line, type=dict[str, msgspec.Raw]) if line else {}
        return tuple(_column(shown(name, 60), value) for name, value in told.items() if not name.startswith("reviewer_"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()  # the story says that it is no row


def as_lines(told: Sequence[Column]) -> list[str]:
    """Columns as lines of text."""
    pieces = [(column.name, who, said) for column in told for who, said in column.said]
    return [f"  {' '.join(part for part in (name, who) if part)}: {' '.join(said.split())}" for name, who, said in pieces]


def measures(line: bytes) -> tuple[Column, ...]:
    """How sure its label is, and what follows for training, where that was measured."""
    try:
        told = msgspec.json.decode(line, type=dict[str, msgspec.Raw]) if line else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
    wanted = {"reviewer_weight": "weight", "reviewer_p_right": "chance that it is right"}
    return tuple(Column(word, (("", str(bytes(told[name]), "utf-8")),), short=True) for name, word in wanted.items() if name in told)


def story(row: ShownRow) -> tuple[Link, ...]:
    """From the row back to the record: what it is, its labels, the clauses they cite, resolutions, items, sources; at last if it traces."""
    if row.hidden:
        return (Link("Not shown yet", "It stands on an item that you have still to judge blind."),)
    return tuple(_story(row))


def _story(row: ShownRow) -> Iterator[Link]:
    if row.trace is not None:
        trace = row.trace
        n = len(trace.reviewer_labels)
        behind = f"from {n} label{'' if n == 1 else 's'}" + (", all blind" if trace.reviewer_blind else ", not all blind")
        sure = "" if trace.reviewer_p_right is None else f"; right with a chance of {trace.reviewer_p_right:.2f}, recalibrated"
        better = "" if not trace.reviewer_better else f"{shown(trace.reviewer_better, 20)} over {shown(trace.reviewer_worse or '', 20)}, "
        corrected = "" if trace.reviewer_correction is None else f"; corrected in label {trace.reviewer_correction[:8]}"
        yield Link(f"Row {trace.reviewer_row[:12]}", f"{better}{behind}{sure}{corrected}", "" if trace.reviewer_blind else "warn")
    yield from (_ruling(name, says) for name, says in row.rulings)
    for label in row.labels:
        yield _label(label)
    for name in row.lacking:
        yield Link(f"Label {shown(name, 12)}", "It is not in this workspace.", "bad")
    for one in _cited(row.labels):
        yield _clause(one)
    for item in row.items:
        yield from _item(item)
    if row.problem is None:
        yield Link("It traces", "Made anew from these, the row is the same.", "ok")
    else:
        yield Link("It does not trace", row.problem, "bad")


def _ruling(name: str, says: str | None) -> Link:
    if says is None:
        return Link(f"Resolution {shown(name, 8)}", "It is not in force here.", "bad")
    return Link(f"Resolution: {_VERDICTS.get(says, shown(says, 20))}", f"entry {name[:8]}; it overrides the labels")


def _label(label: LabelStory) -> Link:
    said = "preference" if label.verdict is None else _VERDICTS.get(label.verdict, label.verdict)
    if label.verdict is None and label.preference is None:
        said = "marks"
    severity = f", {label.severity}" if label.severity else ""
    words = [time_words(label.time), "blind" if label.blind else "not blind", f"entry {label.entry[:8]}"]
    tone: Tone = ""
    if not label.in_force:
        words.append("no longer in force")
        tone = "bad"
    why = f". “{_cut(' '.join(label.rationale.split()), 240)}”" if label.rationale else ""
    return Link(f"{shown(label.by.name, 40)}: {said}{severity}", f"{', '.join(words)}{why}", tone, label.item)


def _cited(labels: tuple[LabelStory, ...]) -> list[Citation]:
    """Each clause once."""
    found = {(one.policy, one.clause, one.version): one for label in labels for one in label.citations}
    return list(found.values())


def _clause(one: Citation) -> Link:
    version = "" if one.number is None else f", version {one.number}"
    title = f"Clause {shown(one.policy, 40)}:{shown(one.clause, 40)}{version}"
    if one.text is None:
        return Link(title, "Its words are not on this machine.", "warn")
    if not one.as_cited:
        return Link(title, "These are not the words that the label commits to.", "bad")
    stale = "" if one.in_force else " This version is not in force now."
    return Link(title, f"“{_cut(' '.join(one.text.split()), 240)}”{stale}", "" if one.in_force else "warn")


def _item(one: RowItem) -> Iterator[Link]:
    if one.title is None:
        yield Link(f"Item {shown(one.item, 12)}", "It is not whole on this machine.", "bad")
        return
    yield Link(f"Item {one.item[:12]}", shown(one.title, 200) or "without words", item=one.item)
    if one.origin is None:
        yield Link("Source", "This machine does not know the record that it was made from.", "warn")
    else:
        line = "" if one.origin.line is None else f", line {one.origin.line:,}"
        yield Link(
            f"Record {one.origin.position:,} of {shown(one.origin.file, 80)}", f"{shown(one.origin.format, 40)}{line}", item=one.item
        )


def _column(name: str, raw: msgspec.Raw) -> Column:
    value = msgspec.json.decode(raw)
    if isinstance(value, list) and value and all(isinstance(one, dict) and "role" in one for one in value):
        return Column(name, tuple(_messages(value)), short=False)
    if isinstance(value, str):
        return Column(name, (("", _cut(value, _LONG)),), short=len(value) <= 40 and "\n" not in value)
    if isinstance(value, list) and len(value) <= 60 and all(isinstance(one, str) for one in value):
        return Column(name, tuple((f"{place}", _cut(one, _LONG)) for place, one in enumerate(value, 1)), short=False)
    text = _cut(bytes(raw).decode("utf-8", "replace"), _LONG)
    return Column(name, (("", text),), short=len(text) <= 40)


def _messages(messages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    some = list(messages)
    left = len(some) - _MOST
    for place, one in enumerate(some):
        if left > 0 and place == _MOST // 2:
            yield "", f"… {left:,} more …"
        if left > 0 and _MOST // 2 <= place < _MOST // 2 + left:
            continue
        yield shown(str(one["role"]), 20), _cut(_said(one), _LONG)


def _said(message: dict[str, Any]) -> str:
    content = message.get("content")
    pieces = [content if isinstance(content, str) else msgspec.json.encode(content).decode()] if content else []
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        asked = call.get("function") if isinstance(call, dict) else None
        if isinstance(asked, dict):
            pieces.append(f"→ {asked.get('name', '')}({asked.get('arguments', '')})")
    return "\n".join(pieces)


def _cut(text: str, limit: int) -> str:
    """The beginning of a text from outside; marks that cannot be seen, or turn the reading direction, stand as their numbers."""
    lines = text[: limit + 1].split("\n")
    plain = "\n".join(shown(line, 6 * limit) for line in lines)
    return plain if len(text) <= limit else f"{plain[:limit]}…"
