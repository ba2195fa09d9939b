"""Drift: whether violations became more frequent, since when, and whether the traffic itself is another one than it was.

Nothing large is loaded here: what a window only starts and records is worked out elsewhere (`operations.alarm_charts`).
"""

from typing import Literal, NamedTuple, get_args

import msgspec

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Alarm, Event
from reviewer.domain.members import may, refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations.beside import Keeper, Keeping, beside
from reviewer.operations.part_rates import Value
from reviewer.storage import findings
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.workspace import Workspace

By = Literal["week", "month", "day", "model"]


class Raised(NamedTuple):
    """An alarm. at: the time or value it speaks of; what: in words; todo: what to do next. query: finds the items that it speaks
    of, of these the violations where it is about a rate. new: it was not known before; entry: its hash, "" where it is not recorded."""

    at: str
    kind: str
    statistic: float
    threshold: float
    what: str
    todo: str
    query: str = ""
    new: bool = False
    entry: str = ""


class Drift(NamedTuple):
    """The rate of each value of the field, in order, and what changed. notes: what could not be looked at, and why.

    may_open: whether the member may open incidents over what alarms speak of.
    """

    campaign: str
    by: str
    points: tuple[Value, ...]
    alarms: tuple[Raised, ...]
    notes: tuple[str, ...]
    may_open: bool = False


class Asked(msgspec.Struct, frozen=True):
    """What is to be looked at."""

    campaign: str
    by: By


class Looked(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """What there is to say before it is recorded. campaign: its hash."""

    campaign: str
    name: str
    points: list[Value]
    raised: list[Raised]
    notes: list[str]


def drift_of(workspace: Workspace, ticket: Ticket, *, campaign: str, by: str = "week", gentle: bool = False) -> Outcome[Drift]:
    """Look whether a campaign's rate or traffic changed: over time or, by model, whether one differs from the others. New alarms are
    recorded, where the member may. gentle: it is worked out in a process of its own, for a window in which somebody labels meanwhile.

    Raises NotFound, Refused for a field that is none of these, NotAllowed for one that would lead, Died where that process was ended.
    """
    refuse_waiting(workspace.me)
    asked = Asked(campaign, _field(by))
    found = beside(workspace, ticket, _look, asked, Looked) if gentle else _look(workspace, Keeping(workspace), ticket, asked)
    kept, changes = _recorded(workspace, found.campaign, found.raised)
    may_open = may(workspace.me.role, "incident")
    return Outcome(Drift(found.name, by, tuple(found.points), tuple(kept), tuple(found.notes), may_open), changes)


def _field(by: str) -> By:
    for known in get_args(By):
        if by == known:
            return known  # type: ignore[no-any-return] # one of By
    raise Refused(f"Drift goes by {', '.join(get_args(By))}, not by “{shown(by, 40)}”.", "Choose one of them with --by.")


def _look(workspace: Onlooker, keeper: Keeper, ticket: Ticket, asked: Asked) -> Looked:
    from reviewer.operations import alarm_charts

    return alarm_charts.look(workspace, keeper, ticket, asked)


def _recorded(workspace: Workspace, campaign: str, raised: list[Raised]) -> tuple[list[Raised], Changes]:
    """Write the alarms that are not known yet, where the member may and the place can be written."""
    with workspace.read() as reading:
        known = {(one.kind, one.at): one.hash for one in findings.alarms_of(reading, campaign)}
    marked = [one._replace(new=(one.kind, one.at) not in known, entry=known.get((one.kind, one.at), "")) for one in raised]
    if not any(one.new for one in marked) or not may(workspace.me.role, "alarm") or workspace.reading_only:
        return marked, Changes.NONE
    with workspace.begin() as work:
        for place, one in enumerate(marked):
            if one.new:
                value = Alarm(campaign, one.kind, one.at, f"{one.statistic:.6g}", f"{one.threshold:.6g}")  # type: ignore[arg-type] # a hash
                marked[place] = one._replace(entry=work.record(Event("alarm", value)))
        return marked, work.changes
