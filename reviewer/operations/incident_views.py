"""Incidents as a person reads them: how each stands, what it touches, and all that was ever said of it.

Items that the viewer has still to judge blind are counted, and nothing that is told follows from what was said of them; they are named
to leads only, who open incidents and say what they are about.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from reviewer.domain import acceptance
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused, ReviewerError
from reviewer.domain.events import Closing, Incident, IncidentUpdate
from reviewer.domain.facts import typed
from reviewer.domain.incident_words import CAUSE, DEADLINE, FIELD, NO_RATE, STATUS, UNTITLED, rate, unanswered
from reviewer.domain.incidents import TITLE_LENGTH, WORDINGS, Case
from reviewer.domain.items import ItemId
from reviewer.domain.members import refuse_waiting
from reviewer.domain.oversight_words import count
from reviewer.domain.progress import Ticket
from reviewer.domain.times import utc_text
from reviewer.operations import estimating
from reviewer.operations.estimating import CampaignEstimate
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import incident_readings as readings
from reviewer.storage import incidents as incident_rows
from reviewer.storage import policies as policy_rows
from reviewer.storage import searches
from reviewer.storage.notes import note_of
from reviewer.storage.stories import author, local_time
from reviewer.storage.workspace import Reading, Workspace

TOLERABLE = 0.05  # a rate that is often taken as the limit; it decides nothing here


class Happened(NamedTuple):
    """An act on an incident. time: RFC 3339 by its device's clock; what: in words; note: its author's own, None where none are here."""

    entry: EntryHash
    time: str
    by: str
    what: str
    note: str | None


class Differing(NamedTuple):
    """A field of which people said different things, neither knowing of the other; in words, and by whom."""

    field: str
    values: tuple[tuple[str, str], ...]


class Touched(NamedTuple):
    """A clause that is cited as broken on items of an incident. versions: numbers of the versions of the policy that are cited."""

    policy: str
    clause: str
    items: int
    versions: tuple[int, ...]


class RateAfter(NamedTuple):
    """A rate after the fix: of a campaign's population. Shares from 0 to 1; reason: why there is none yet.

    open, unsure: drawn items without an answer; high_if: the rate if none of those were compliant.
    needed: how many more items without a violation would show, with the same confidence, a rate below TOLERABLE; None where that cannot be
    told: of weighted samples, and where the population is too small.
    """

    campaign: str
    campaign_id: EntryHash
    n: int
    population: int
    estimate: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    open: int = 0
    unsure: int = 0
    high_if: float | None = None
    reason: str | None = None
    needed: int | None = None


class IncidentLine(NamedTuple):
    """An incident in a list. Times are RFC 3339 UTC; due: None where no deadline runs. items_n: hidden ones among them."""

    id: EntryHash
    title: str
    status: str
    severity: str | None
    owner: str | None
    root_cause: str | None
    opened: str
    deadline: str
    aware: str
    due: str | None
    due_ms: int | None
    items_n: int
    conflicts: tuple[str, ...]
    closing: RateAfter | None


class IncidentView(NamedTuple):
    """An incident, whole. items: those that the viewer may see; hidden: how many are left out of all that is told of them.

    owner_id: None for nobody, or for two people. withheld: the words on it are kept from a reviewer who has still to judge some of its
    items blind, since they may say what to think of them.
    sample: the rate after the fix as it stands now, of the campaign that was named for it. agents, models: with how many items each.
    """

    line: IncidentLine
    owner_id: str | None
    opened_by: str
    summary: str
    fix: str
    withheld: bool
    items: tuple[ItemId, ...]
    hidden: int
    non_compliant: int
    compliant: int
    clauses: tuple[Touched, ...]
    agents: tuple[tuple[str, int], ...]
    models: tuple[tuple[str, int], ...]
    conflicts: tuple[Differing, ...]
    sample: RateAfter | None
    history: tuple[Happened, ...]


def list_incidents(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[IncidentLine, ...]]:
    """Every incident: open ones first, those that are due soonest before the others, then the newest."""
    refuse_waiting(workspace.me)
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        lines = [line_of(reading, case) for case in incident_rows.every(reading)]
    lines.reverse()
    lines.sort(key=lambda one: (one.status == "closed", one.due_ms is None or one.status == "closed", one.due_ms or 0))
    return Outcome(tuple(lines))


def show_incident(workspace: Workspace, ticket: Ticket, *, incident: str) -> Outcome[IncidentView]:
    """One incident, by its id or its first digits. Raises NotFound, and Refused where several begin so."""
    refuse_waiting(workspace.me)
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        case = incident_rows.named(reading, incident)
        view = _view(reading, case)
        sample = case.one("sample")
    return Outcome(view if sample is None else view._replace(sample=_sample(workspace, ticket, EntryHash(sample))))


def line_of(reading: Reading, case: Case) -> IncidentLine:
    """How an incident stands, in short."""
    titles = [" ".join(words.split())[:TITLE_LENGTH] for words in readings.texts(reading, case, "title")]
    owner = case.one("owner")
    return IncidentLine(
        id=case.hash,
        title=" / ".join(dict.fromkeys(titles)) or f"{UNTITLED} {case.hash[:6]}",
        status=case.status,
        severity=case.severity,
        owner=None if owner is None else readings.member_name(reading, owner),
        root_cause=case.one("root_cause"),
        opened=utc_text(incident_rows.opened_ms(reading, case.hash)),
        deadline=case.deadline,
        aware=utc_text(case.aware_ms),
        due=None if case.due_ms is None else utc_text(case.due_ms),
        due_ms=case.due_ms,
        items_n=incident_rows.items_n(reading, case.hash),
        conflicts=tuple(FIELD[field] for field in case.conflicts),
        closing=_closing(reading, case) if case.status == "closed" else None,
    )


def rate_of(found: CampaignEstimate) -> RateAfter:
    """The rate of a campaign as one after the fix."""
    whole = (found.n, found.population, found.estimate, found.low, found.high)
    left = (found.open, found.unsure, found.high_if)
    return RateAfter(found.campaign, found.id, *whole, found.confidence, found.method, *left, found.reason, _needed(found))


def _needed(found: CampaignEstimate) -> int | None:
    if found.method != "exact" or found.estimate is None:
        return None
    errors = round(found.estimate * found.n)
    try:
        wanted = acceptance.least_size(tolerable=TOLERABLE, confidence=found.confidence, errors=errors, population=found.population)
    except Refused:
        return None  # not even all of the population would show it
    return max(0, wanted - found.n)


def told(found: RateAfter) -> str:
    """A rate after the fix in words, with what it rests on."""
    if found.estimate is None or found.low is None or found.high is None:
        return f"no rate yet in {found.campaign}: {found.reason or 'nothing is answered'}"
    return (
        f"{rate(found.estimate, found.low, found.high)} at {100 * found.confidence:g}% confidence, {count(found.n, 'answered item')}"
        f" of {found.population:,} in {found.campaign} ({found.method}){unanswered(found.open, found.unsure, found.high_if)}"
    )


def _view(reading: Reading, case: Case) -> IncidentView:
    every = incident_rows.items_of(reading, case.hash)
    unseen = searches.hidden_among(reading, every, viewer=reading.workspace.member)
    seen = tuple(item for item in every if item not in unseen)
    said = readings.answers(reading, seen)
    agents, models = readings.sources(reading, seen)
    acts = readings.acts(reading, case.hash)
    withheld = bool(unseen) and reading.workspace.me.role == "reviewer"
    return IncidentView(
        line=line_of(reading, case),
        owner_id=case.one("owner"),
        opened_by=next((author(reading, act.body).name for act in acts if act.hash == case.hash), ""),
        summary="" if withheld else "\n\n".join(readings.texts(reading, case, "summary")),
        fix="" if withheld else "\n\n".join(readings.texts(reading, case, "fix")),
        withheld=withheld,
        items=tuple(every) if reading.workspace.me.role == "lead" else seen,
        hidden=len(unseen),
        non_compliant=said.non_compliant,
        compliant=said.compliant,
        clauses=tuple(_touched(reading, said)),
        agents=_most_first(agents),
        models=_most_first(models),
        conflicts=() if withheld else tuple(_differing(reading, case, field) for field in case.conflicts),
        sample=None,
        history=tuple(_happened(reading, act, withheld=withheld) for act in acts),
    )


def _touched(reading: Reading, said: "readings.Answers") -> Iterator[Touched]:
    numbers: dict[str, dict[str, int]] = {}
    for (policy, clause), items in sorted(said.cited.items(), key=lambda one: (-one[1], one[0])):
        if policy not in numbers:
            try:
                numbers[policy] = {one.hash: one.number for one in policy_rows.versions(reading, policy)}
            except NotFound:
                numbers[policy] = {}  # published by somebody who may not, or not here
        cited = said.versions[policy, clause]
        yield Touched(policy, clause, items, tuple(sorted(numbers[policy][one] for one in cited if one in numbers[policy])))


def _most_first(found: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _sample(workspace: Workspace, ticket: Ticket, campaign: EntryHash) -> RateAfter | None:
    """The rate of the closing sample now. A campaign that is not here has none."""
    try:
        return rate_of(estimating.estimate_campaign(workspace, ticket, campaign=campaign).value)
    except ReviewerError as error:
        with workspace.read() as reading:
            name = _campaign_name(reading, campaign)
        return RateAfter(name, campaign, 0, 0, None, None, None, 0.95, "auto", reason=error.what)


def _closing(reading: Reading, case: Case) -> RateAfter | None:
    """The rate that was cited when the incident was closed; of two closings at once, the higher one."""
    found = []
    acts = {act.hash: act for act in readings.acts(reading, case.hash)}
    for one in case.held.get("status", ()):
        value = typed(acts[one.entry].body) if one.entry in acts else None
        if isinstance(value, IncidentUpdate) and value.closing is not None:
            found.append(_rate_at_closing(reading, value.closing))
    return max(found, key=lambda one: one.high or 0, default=None)


def _rate_at_closing(reading: Reading, closing: Closing) -> RateAfter:
    name = _campaign_name(reading, closing.campaign)
    left = (closing.open, closing.unsure, None if closing.high_if is None else float(closing.high_if))
    shares = (float(closing.estimate), float(closing.low), float(closing.high), float(closing.confidence))
    return RateAfter(name, EntryHash(closing.campaign), closing.n, closing.population, *shares, closing.method, *left)


def _campaign_name(reading: Reading, campaign: str) -> str:
    try:
        return campaign_rows.by_hash(reading, campaign).state.rules.name
    except NotFound:
        return campaign[:12]


def _differing(reading: Reading, case: Case, field: str) -> Differing:
    acts = {act.hash: act for act in readings.acts(reading, case.hash)}
    values = []
    for one in case.held[field]:
        act = acts.get(one.entry)
        if act is not None:
            words = (note_of(reading, act.body) or "erased") if field in WORDINGS else value_words(reading, field, one.value)
            values.append((words, author(reading, act.body).name))
    return Differing(FIELD[field], tuple(values))


def value_words(reading: Reading, field: str, value: str) -> str:
    """The value of a field in words."""
    match field:
        case "owner":
            return readings.member_name(reading, value)
        case "sample":
            return _campaign_name(reading, value)
        case "aware":
            return utc_text(int(value))
        case "root_cause":
            return CAUSE.get(value, value)
        case "status":
            return STATUS.get(value, value)
        case "deadline":
            return DEADLINE.get(value, value)
    return value


def _happened(reading: Reading, act: Entry, *, withheld: bool) -> Happened:
    body, value = act.body, typed(act.body)
    note = None if withheld else note_of(reading, body)
    assert isinstance(value, Incident | IncidentUpdate)  # as the rows of its acts have it
    what = "; ".join(_opened(reading, value) if isinstance(value, Incident) else _changed(reading, value))
    return Happened(act.hash, local_time(body), author(reading, body).name, what, note)


def _opened(reading: Reading, value: Incident) -> Iterator[str]:
    yield f"Opened over {count(value.items.n, 'item')}"
    if value.finding is not None:
        alarm = reading.row("SELECT 1 FROM alarm WHERE hash = ?", (bytes.fromhex(value.finding),))
        yield f"from the {'finding' if alarm is None else 'alarm'} {value.finding[:12]}"


def _changed(reading: Reading, value: IncidentUpdate) -> Iterator[str]:
    """What an update says, one part after the other, without its note."""
    if value.says is not None and not (value.says == "note" and value.status is not None):
        yield FIELD.get(value.says, "note").capitalize()
    if value.items is not None:
        yield f"{count(value.items.n, 'more item')}".capitalize()
    if value.status == "closed":
        yield f"Closed: {told(_rate_at_closing(reading, value.closing))}" if value.closing is not None else f"Closed. {NO_RATE}"
    elif value.status is not None:
        yield f"Status: {STATUS[value.status]}"
    fields = {"severity": value.severity, "owner": value.owner, "root_cause": value.root_cause, "deadline": value.deadline}
    aware = None if value.aware_ms is None else str(value.aware_ms)
    sample = None if value.closing is not None else value.sample
    for field, said in (*fields.items(), ("aware", aware), ("sample", sample)):
        if said is not None:
            yield f"{FIELD[field].capitalize()}: {value_words(reading, field, said)}"


def as_json(view: IncidentView) -> dict[str, object]:
    """An incident as commands and exports write it."""
    line = view.line
    return {
        "id": line.id,
        "title": line.title,
        "status": line.status,
        "severity": line.severity,
        "owner": line.owner,
        "root_cause": line.root_cause,
        "opened": line.opened,
        "due": line.due,
        "deadline": line.deadline,
        "aware": line.aware,
        "opened_by": view.opened_by,
        "summary": view.summary,
        "fix": view.fix,
        "items": list(view.items),
        "items_hidden": view.hidden,
        "withheld": view.withheld,
        "items_total": line.items_n,
        "non_compliant": view.non_compliant,
        "compliant": view.compliant,
        "clauses": [{"clause": f"{one.policy}:{one.clause}", "items": one.items, "versions": list(one.versions)} for one in view.clauses],
        "agents": [{"agent": name, "items": n} for name, n in view.agents],
        "models": [{"model": name, "items": n} for name, n in view.models],
        "conflicts": [{"field": one.field, "values": [{"value": value, "by": by} for value, by in one.values]} for one in view.conflicts],
        "sample": None if view.sample is None else msgspec.to_builtins(view.sample._asdict()),
        "closing": None if line.closing is None else msgspec.to_builtins(line.closing._asdict()),
        "history": [one._asdict() for one in view.history],
    }
