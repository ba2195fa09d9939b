"""How opinions and resolutions are written on the Disagreements page; the words of DESIGN.md 2."""

from typing import TYPE_CHECKING

from reviewer.domain.citable import begins_with
from reviewer.domain.errors import shown
from reviewer.domain.step_marks import in_order
from reviewer.ui.pages.queue.words import SEVERITIES, VERDICTS, seconds, short
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.domain.stories import Citation
    from reviewer.operations.adjudicating import DisputeShown, Docket, OpinionGiven

RULINGS = {"compliant": "Compliant", "non_compliant": "Non-compliant", "policy_at_fault": "Policy is at fault"}
_MARKS = {"bad": "✕ wrong", "good": "✓ right", "neutral": "– neutral"}
TONES = {"compliant": "ok", "non_compliant": "bad", "unsure": "warn", "policy_at_fault": "warn"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_KINDS = {
    "resolutions": "Two resolutions differ, and neither knew of the other. Yours takes the place of both.",
    "new_evidence": "A label came after the resolution, which stands until you give another.",
}


def ordinal(place: int) -> str:
    """“first”, “second”; from the seventh on, “opinion 7”."""
    return _ORDINALS[place] if place < len(_ORDINALS) else f"opinion {place + 1}"


def heading(place: int) -> str:
    """“First opinion”."""
    return f"{ordinal(place).capitalize()} opinion" if place < len(_ORDINALS) else f"Opinion {place + 1}"


def verdict(opinion: "OpinionGiven") -> str:
    """“non-compliant, minor”."""
    words = VERDICTS.get(opinion.verdict or "", "steps marked" if opinion.steps else "preference").lower()
    return f"{words}, {SEVERITIES[opinion.severity].lower()}" if opinion.severity else words


def ruling(value: str) -> str:
    """“policy at fault”."""
    return {"policy_at_fault": "policy at fault"}.get(value, RULINGS.get(value, value).lower())


def facts(opinion: "OpinionGiven") -> str:
    """“cites 5.1, confidence high, 38 s”."""
    cited = ", ".join(dict.fromkeys(shown(one.clause, 40) for one in opinion.clauses))
    parts = [
        f"cites {cited}" if cited else "cites nothing",
        f"confidence {shown(opinion.confidence, 10)}" if opinion.confidence else "",
        seconds(opinion.duration_ms),
        "" if opinion.votes else "without a vote: its author gave two answers",
    ]
    return ", ".join(part for part in parts if part)


def steps(opinion: "OpinionGiven") -> str:
    """“✕ wrong: 6   ✓ right: 7”; empty where no step was marked."""
    said = {words: [step for step in in_order(opinion.steps) if opinion.steps[step] == mark] for mark, words in _MARKS.items()}
    return "   ".join(f"{words}: {shown(', '.join(steps), 120)}" for words, steps in said.items() if steps)


def clause(citation: "Citation") -> str:
    """“5.1 Compensation”."""
    title = shown(citation.title or "", 120)
    return f"{shown(citation.clause, 40)} {title}".strip() if title != citation.clause else title


def caption(citation: "Citation") -> str:
    """What stands over the words of a clause: “5.1 Compensation”, or “5.1” where they begin with the title."""
    return shown(citation.clause, 40) if begins_with(citation.text or "", citation.title or "") else clause(citation)


def version(citation: "Citation") -> str:
    """“version 3”; of one that is not here, the first digits of its hash."""
    return f"version {citation.number}" if citation.number is not None else f"version {shown(citation.version, 8)}, not here"


def why_up(dispute: "DisputeShown") -> str:
    """Why an item is up, where it is not plain; and of a settled one, what one looks at."""
    if dispute.kind is not None:
        return _KINDS.get(dispute.kind, "")
    if not dispute.rulings:
        return "It was sent back; it comes up again once everyone has answered."
    return "Resolved. A new resolution takes the place of this one."


def who_said_what(dispute: "DisputeShown") -> str:
    """“First opinion: Ben, compliant. Second opinion: Cy, non-compliant.”"""
    return " ".join(
        f"{heading(place)}: {shown(one.by, 60)}, {verdict(one)}." for place, one in enumerate(dispute.opinions) if one.by is not None
    )


def resolved(dispute: "DisputeShown", value: str) -> str:
    """What has just been recorded, and who had said what."""
    return f"Resolved item {short(dispute.id)}: {ruling(value)}. {who_said_what(dispute)}"


def left(docket: "Docket | None") -> str:
    """“4 left, Airline refunds, week 47”."""
    return f"{len(docket.items):,} left, {shown(docket.name, 60)}" if docket is not None else ""


def nothing_title(docket: "Docket | None") -> str:
    """The heading over it: something may be in dispute that this person may not resolve."""
    return "Nothing is in dispute" if docket is None or not docket.withheld else "Nothing here is yours to resolve"


def nothing(docket: "Docket | None") -> str:
    """What the page says where nothing waits."""
    sentence = "An item comes up here when all its labels are there and they differ."
    if docket is None or not docket.withheld:
        return sentence
    need, them = ("needs", "it") if docket.withheld == 1 else ("need", "them")
    return f"{sentence} {count(docket.withheld, 'item')} {need} another person: you labelled {them}, or have still to, in a blind campaign."
