"""What the page says, apart from how it looks."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import shown
from reviewer.domain.incident_words import NO_RATE, STATUS, left, rate, unanswered
from reviewer.domain.times import span_text
from reviewer.ui.pages.policies.lists import Row
from reviewer.ui.widgets.times import count, day_of, moment

if TYPE_CHECKING:
    from reviewer.operations.incident_views import Happened, RateAfter
    from reviewer.operations.incidents import IncidentLine, IncidentView

WITHHELD = "Withheld until you have labelled the items of it that wait for you."
_PILLS = {"open": "bad", "fixed": "warn", "closed": "ok"}


class Said(NamedTuple):
    """Words on a pill, and its kind."""

    text: str
    kind: str


def row(line: "IncidentLine", now_ms: int) -> Row:
    """An incident in the list."""
    title = shown(line.title, 100)
    if line.status == "closed":
        found = line.closing
        after = None if found is None else limits(found)
        note = f"closed, rate after {after}" if after is not None else "closed, no rate after the fix"
    else:
        clock = f", {left(line.due_ms, now_ms)}" if line.due_ms is not None else ""
        note = f"{count(line.items_n, 'item')}{clock}"
    return Row(line.id, title, note, f"{title}, {standing(line).text}, {note}", faint=line.status == "closed")


def standing(line: "IncidentLine") -> Said:
    """How far an incident is, and how grave."""
    return Said(", ".join(filter(None, (STATUS[line.status], line.severity))), _PILLS[line.status])


def opened(view: "IncidentView", zone: str) -> str:
    """When and by whom it was opened."""
    return f"opened {day_of(view.line.opened, zone)} by {shown(view.opened_by, 40)}"


def clock(line: "IncidentLine", now_ms: int) -> Said | None:
    """What is left until the report is due; None where nothing runs any more."""
    if line.due_ms is None or line.status == "closed":
        return None
    return Said(left(line.due_ms, now_ms), "bad" if line.due_ms < now_ms else "warn")


def due(line: "IncidentLine", now_ms: int) -> tuple[str, str]:
    """How long until the report is due, or since when it has been, and which of the two it is."""
    if line.due_ms is None or line.status == "closed":
        return "–", "no clock runs"
    return span_text(line.due_ms - now_ms) or "0 min", "until the report is due" if line.due_ms >= now_ms else "since the report was due"


def answered(view: "IncidentView") -> str:
    """Of what the figure of broken items is one."""
    of = view.non_compliant + view.compliant
    return f"of {count(of, 'answered item')} non-compliant; chosen, so no rate"


def touched(view: "IncidentView") -> list[str]:
    """What an incident touches, each on a pill of its own."""
    clauses = [
        f"clause {shown(one.clause, 30)} of {shown(one.policy, 30)}"
        + (f", version {' and '.join(map(str, one.versions))}" if one.versions else "")
        for one in view.clauses[:12]
    ]
    more = [f"{len(view.clauses) - 12:,} more clauses"] if len(view.clauses) > 12 else []
    agents = [shown(name, 40) for name, _ in view.agents[:6]]
    models = [shown(name, 40) for name, _ in view.models] if len(view.models) < 3 else [f"{len(view.models):,} model versions"]
    return [*clauses, *more, *agents, *models, count(view.line.items_n, "item")]


def hidden(view: "IncidentView") -> str:
    """What is left out of the figures; empty where nothing is."""
    waits = "is left out: it waits" if view.hidden == 1 else "are left out: they wait"
    return f"{count(view.hidden, 'item')} {waits} for your own blind label." if view.hidden else ""


def differs(view: "IncidentView") -> str:
    """What two people said at once; empty where nobody did."""
    said = (
        f"{one.field}: " + " and ".join(f"“{shown(value, 60)}” by {shown(by, 40)}" for value, by in one.values) for one in view.conflicts
    )
    words = "; ".join(said)
    return f"Two people changed it, neither knowing of the other. {words}. Say it anew to settle it." if words else ""


def _by(said: tuple[str, str]) -> str:
    return f"“{shown(said[0], 60)}” by {shown(said[1], 40)}"


def happened(one: "Happened", zone: str) -> tuple[str, str, str]:
    """The day of an act, what it was, and the whole for a screen reader."""
    what = f"{one.what.rstrip('.')}: {one.note}" if one.note else one.what
    return day_of(one.time, zone), shown(what, 2_000), f"{moment(one.time, zone)}, {shown(one.by, 40)}: {shown(what, 2_000)}"


def after(view: "IncidentView") -> tuple[str, str]:
    """The rate after the fix: in short, and what it rests on."""
    line = view.line
    if line.status == "closed":
        return ("Closed", NO_RATE) if line.closing is None else _rate("when it was closed", line.closing)
    if view.sample is not None:
        after, basis = _rate("so far", view.sample)
        return after, f"{basis}{_still(view.sample)}"
    return "No closing sample", "Draw a campaign over what came in since the fix, then name it here with E; its rate is what closing cites."


def _still(found: "RateAfter") -> str:
    """What would show a rate below 5%."""
    if found.needed is None:
        return ""
    if not found.needed:
        return "; this shows a rate below 5%"
    return f"; to show one below 5%, {count(found.needed, 'more item')} without a violation"


def limits(found: "RateAfter") -> str | None:
    """A rate with its limits; None where there is none."""
    if found.estimate is None or found.low is None or found.high is None:
        return None
    return rate(found.estimate, found.low, found.high)


def _rate(when: str, found: "RateAfter") -> tuple[str, str]:
    where = shown(found.campaign, 60)
    after = limits(found)
    if after is None:
        return "No rate yet", f"{where}: {found.reason or 'nothing is answered'}."
    basis = f"{count(found.n, 'answered item')} of {found.population:,} in {where}, {100 * found.confidence:g}% confidence, {found.method}"
    basis += unanswered(found.open, found.unsure, found.high_if)
    return f"{after} {when}", basis
