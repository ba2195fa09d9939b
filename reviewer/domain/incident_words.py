"""How incidents are said in words: the same on screen, on the command line and in a record."""

from collections.abc import Mapping

from reviewer.domain.incidents import DAYS
from reviewer.domain.times import span_text

CAUSE: Mapping[str, str] = {
    "policy_outdated": "policy outdated",
    "policy_ambiguous": "policy unclear",
    "policy_missing": "policy missing",
    "model": "model",
    "tool": "tool",
    "data": "data",
}
STATUS: Mapping[str, str] = {"open": "open", "fixed": "fixed, being checked", "closed": "closed"}
DEADLINE: Mapping[str, str] = {
    "none": "no deadline",
    "serious": "serious incident",
    "death": "death of a person",
    "widespread": "widespread infringement or critical infrastructure",
}
FIELD: Mapping[str, str] = {
    "title": "title",
    "summary": "what happens",
    "fix": "what was done",
    "severity": "severity",
    "owner": "owner",
    "root_cause": "root cause",
    "status": "status",
    "deadline": "deadline",
    "aware": "first awareness",
    "sample": "closing sample",
}
NO_RATE = "Nothing here shows that the fix holds: it was closed without a rate."
UNTITLED = "Incident without a title"


def rule(deadline: str) -> str:
    """Which deadline runs, from when, and by which law."""
    if deadline not in DAYS:
        return "No deadline is set."
    return f"{DAYS[deadline]} days from first awareness ({DEADLINE[deadline]}; EU AI Act, article 73)"


def left(due_ms: int, now_ms: int) -> str:
    """How long until a report is due, or since when it has been: “11 d 3 h left”, “overdue by 2 h”."""
    span = span_text(due_ms - now_ms) or "less than a minute"
    return f"{span} left" if due_ms >= now_ms else f"overdue by {span}"


def unanswered(open_: int, unsure: int, high_if: float | None) -> str:
    """What drawn items without an answer could make of a rate; empty where all have one. high_if: the rate if none were compliant."""
    worst = "" if high_if is None else f", {100 * high_if:.1f}% if none of those were compliant"
    return f"; {open_:,} open, {unsure:,} unsure{worst}" if open_ + unsure else ""


def rate(estimate: float, low: float, high: float) -> str:
    """A share with its limits: “2.9% (0.1 to 15.3)”."""
    return f"{100 * estimate:.1f}% ({100 * low:.1f} to {100 * high:.1f})"
