"""The story of a label in plain sentences, section by section: the same words in the window and on the command line."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from reviewer.domain.errors import shown
from reviewer.domain.stories import Act, Author, Citation, Fork, LabelStory, Withdrawal, Witness

Tone = Literal["", "ok", "warn", "bad"]

_VERDICTS = {"non_compliant": "non-compliant", "policy_at_fault": "policy at fault"}
_CLOCKS = {
    "ok": "nobody had set this clock since the entry before",
    "jump_back": "this clock had been set back before",
    "jump_fwd": "this clock had been set forward before",
}
_HOW = {
    "wrote": "it wrote the entry",
    "here": "it is this machine",
    "receipt": "it signed a receipt",
    "heard": "it said so when heard from",
}
_LONG = 2_000  # characters of a text from outside that are shown


class Line(NamedTuple):
    """A name and what is to be said of it. verbatim: the text is somebody's own words and may have several lines."""

    name: str
    text: str
    tone: Tone = ""
    verbatim: bool = False


class Section(NamedTuple):
    """A heading and its lines."""

    title: str
    lines: tuple[Line, ...]


def headline(story: LabelStory) -> str:
    """Who said what: “Ben: non-compliant, major”."""
    parts = (_verdict(story.verdict), story.severity or "")
    return f"{shown(story.by.name)}: {', '.join(part for part in parts if part)}"


def standing(story: LabelStory) -> Line:
    """Whether the label counts, in a few words."""
    if not story.counts:
        return Line("standing", f"Not counted. {story.why_not}", "bad")
    if not story.in_force:
        return Line("standing", "It gave way to what is named below.", "warn")
    if not story.votes:
        return Line("standing", "In force, without a vote: its author gave two answers and has to settle them.", "warn")
    return Line("standing", "In force.", "ok")


def sections(story: LabelStory) -> tuple[Section, ...]:
    """Everything, in the order in which somebody who answers for the label asks: what, who, when, on what screen, by which rules."""
    return (
        Section("What was said", tuple(_said(story))),
        Section("Who", tuple(_who(story))),
        Section("When", tuple(_when(story))),
        Section("On what screen", tuple(_screen(story))),
        Section("Under which clauses", tuple(line for one in story.citations for line in _clause(one)) or (Line("", "It cites none."),)),
        Section("Replaced by what", tuple(_chain(story))),
        Section("Resolutions that weighed it", tuple(_act(one) for one in story.resolutions) or (Line("", "None."),)),
        Section("Known to whom", tuple(_witness(one) for one in story.witnesses)),
        Section("Whether its history is whole", tuple(_history(story))),
    )


def as_text(story: LabelStory) -> str:
    """The whole story as text. Somebody's own words stand indented below their name, line by line."""
    lines = [headline(story)]
    for section in sections(story):
        lines += ["", f"{section.title}:"]
        width = max((len(line.name) for line in section.lines if not line.verbatim), default=0)
        for line in section.lines:
            if line.verbatim:
                lines += [f"  {line.name}:"] if line.name else []
                lines += [f"    {part}" for part in line.text.splitlines()]
            else:
                lines.append(f"  {line.name.ljust(width)}  {line.text}" if width else f"  {line.text}")
    return "\n".join(line.rstrip() for line in lines)


def _said(story: LabelStory) -> Iterable[Line]:
    yield Line("verdict", ", ".join(part for part in (_verdict(story.verdict), story.severity or "") if part))
    if story.preference is not None:
        groups = " over ".join(" = ".join(group) for group in story.preference.ranking)
        yield Line("preference", f"{shown(groups, 200)}, {'both bad' if story.preference.both_bad else story.preference.strength}")
    yield standing(story)
    if story.rationale:
        yield Line("rationale", _text(story.rationale), verbatim=True)
    if story.confidence:
        yield Line("confidence", shown(story.confidence))
    showing = "" if story.showing == 1 else ", shown a second time"
    yield Line("campaign", f"{shown(story.campaign)}{showing}")
    yield Line("item", story.item)
    yield Line("entry", f"{story.entry}, number {story.seq:,} of stream {story.stream[:8]}")


def _who(story: LabelStory) -> Iterable[Line]:
    yield Line("member", shown(story.by.name))
    if story.by.role is None:
        yield Line("role", "none: the device was never admitted", "bad")
    else:
        yield Line("role", f"{story.by.role} on this device")
    yield Line("device", _device(story.by), "bad" if story.by.revoked else "")


def _when(story: LabelStory) -> Iterable[Line]:
    yield Line("by its device", time_words(story.time))
    yield Line("its clock", _CLOCKS.get(story.clock, shown(story.clock)), "" if story.clock == "ok" else "warn")
    first = story.first_receipt
    if first is None:
        yield Line("at the latest", "Not yet witnessed: no other device has signed a receipt for it.", "warn")
    else:
        yield Line("at the latest", f"{time_words(first.time or '')}: receipt of {shown(first.member)}, device {first.device[:8]}")
    if story.duration_ms is not None:
        yield Line("worked on it", f"{story.duration_ms / 1000:,.1f} s")
    if story.imported is not None:
        claimed = f" The file claims {shown(story.claimed)}." if story.claimed else ""
        yield Line("imported", f"It came in from a file, SHA-256 {story.imported[:12]}.{claimed}", "warn")


def _screen(story: LabelStory) -> Iterable[Line]:
    seen = story.shown
    yield Line("program", f"{shown(seen.renderer)}, version {shown(story.app)}")
    yield Line("model", "shown" if seen.model else "hidden")
    yield Line("source", "shown" if seen.source else "hidden")
    yield Line("labels of others", f"{len(seen.labels)} shown" if seen.labels else "none shown")
    yield Line("suggestions", f"{len(seen.suggestions)} shown" if seen.suggestions else "none shown")
    cut = f"steps {shown(', '.join(seen.truncated[:12]))} were cut short" if seen.truncated else "every step in full"
    yield Line("text", cut, "warn" if seen.truncated else "")
    yield Line("blind", "yes: nothing that would lead was shown" if story.blind else "no", "" if story.blind else "warn")


def _clause(one: Citation) -> Iterable[Line]:
    number = "" if one.number is None else f", version {one.number}"
    title = "" if one.policy_title is None else f" ({shown(one.policy_title)})"
    yield Line(f"{shown(one.policy, 40)}:{shown(one.clause, 40)}", f"{shown(one.title or '', 200)}{title}{number}".strip(" ,"))
    if one.text is None:
        yield Line("", f"The words of version {shown(one.version, 12)} are not on this machine.", "warn")
    else:
        yield Line("", _text(one.text), verbatim=True)
        if not one.as_cited:
            yield Line("", "These are not the words that the label commits to.", "bad")
    if not one.fits:
        held = " and ".join(map(str, one.held))
        yield Line("", f"Version {held} was in force at the item's time, and not this one.", "warn")
    if one.in_force:
        yield Line("", "This version is in force.", "ok")
    else:
        yield Line("", "This version is not in force now.", "warn")


def _chain(story: LabelStory) -> Iterable[Line]:
    yield from (_act(one, "took the place of") for one in story.before)
    yield from (_act(one, "taken back" if one.kind == "retract" else "gave way to") for one in story.after)
    if not story.before and not story.after:
        yield Line("", "It took no label's place, and none took its place.")


def _act(one: Act, name: str = "") -> Line:
    words = [f"{shown(one.by.name)}, {time_words(one.time)}"]
    if one.verdict is not None:
        words.append(_verdict(one.verdict))
    if one.clauses:
        words.append(f"under {shown(' and '.join(one.clauses), 200)}")
    if one.reason is not None:
        words.append(f"reason {shown(one.reason)}")
    words.append(f"entry {one.entry[:8]}")
    if one.kind == "resolve":
        words.append("in force" if one.in_force else "no longer in force")
    why = f". “{_text(one.note)}”" if one.note else ""
    return Line(name or "resolution", f"{', '.join(words)}{why}")


def _witness(one: Witness) -> Line:
    when = f", {time_words(one.time)}" if one.time else ""
    return Line(f"{shown(one.member)}, {one.device[:8]}", f"{_HOW[one.how]}{when}")


def _history(story: LabelStory) -> Iterable[Line]:
    yield from (_fork(story, one) for one in story.forks)
    yield from (_withdrawal(one) for one in story.withdrawals)
    if not story.forks and not story.withdrawals:
        yield Line("", "Its stream has one history, and its device is trusted.", "ok")


def _fork(story: LabelStory, one: Fork) -> Line:
    count = len(one.entries)
    where = f"From entry {one.seq:,} on, this stream has {count} histories: its key wrote in more than one place. All are kept."
    if one.own is None:
        side = "The label came before that."
    elif one.own == story.entry:
        side = "The label is one of the entries at which they part."
    else:
        side = f"The label is on the branch of entry {one.own[:8]}."
    seen = f" Put on record by {', '.join(map(shown, one.seen_by))}." if one.seen_by else ""
    return Line("fork", f"{where} {side}{seen}", "bad")


def _withdrawal(one: Withdrawal) -> Line:
    reason = "no reason given" if one.reason in (None, "not_given") else f"reason {shown(one.reason or '')}"
    why = f" “{_text(one.note)}”" if one.note else ""
    if not one.up_to:
        reach = "nothing of this stream is trusted"
    else:
        numbers = ", ".join(f"{seq:,}" for seq in one.up_to)
        reach = f"this stream is trusted up to entry {numbers}, and {'so is the label' if one.trusted else 'the label is not'}"
    who = f"{shown(one.by.name)} revoked the device, {time_words(one.time)}"
    return Line("revocation", f"{who}, {reason}: {reach}.{why}", "warn" if one.trusted else "bad")


def _device(by: Author) -> str:
    state = [word for word, holds in (("this machine", by.here), ("revoked", by.revoked)) if holds]
    return ", ".join([by.device[:16], *state])


def _verdict(verdict: str | None) -> str:
    return "preference" if verdict is None else _VERDICTS.get(verdict, verdict)


def time_words(text: str) -> str:
    """`2026-11-24T15:33:02.000+01:00` as `2026-11-24 15:33:02 +01:00`."""
    day, _, clock = shown(text, 40).partition("T")
    zone = "UTC" if clock.endswith("Z") else clock[-6:] if clock[-6:-5] in ("+", "-") else ""
    return f"{day} {clock[:8]} {zone}".strip() if clock else day


def _text(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
