"""Dealing with an incident: opening it over items, saying more of it, closing it with the rate after the fix."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from reviewer.domain import incidents
from reviewer.domain import query as queries
from reviewer.domain.chain import MAX_DEPS, EntryHash, NoteRef
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import SEVERITIES, BlobRef, Closing, IncidentUpdate
from reviewer.domain.incidents import CAUSES, DEADLINES, Case, check_aware, checked_title, choice
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import alarm_charts, estimating, indexing
from reviewer.operations.incident_views import IncidentLine as IncidentLine
from reviewer.operations.incident_views import IncidentView as IncidentView
from reviewer.operations.incident_views import as_json as as_json
from reviewer.operations.incident_views import list_incidents as list_incidents
from reviewer.operations.incident_views import show_incident as show_incident
from reviewer.operations.incident_views import told as told
from reviewer.operations.labelling import checked_note
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import cluster_runs, findings, searches
from reviewer.storage import incidents as incident_rows
from reviewer.storage import items as item_rows
from reviewer.storage import members as member_rows
from reviewer.storage.workspace import Reading, Work, Workspace

_MOST_ITEMS = 10_000
_NO_ITEM_OF_ALARM = "Of what the alarm speaks of, nothing is found any more; name items instead."
_TEXTS = ("title", "summary", "fix", "note")
SETTABLE = (*_TEXTS, "severity", "owner", "root_cause", "status", "deadline", "aware", "sample")


class Recorded(NamedTuple):
    """What was written of an incident. entries: none where all of it was so already."""

    incident: EntryHash
    entries: tuple[EntryHash, ...]


def open_incident(
    workspace: Workspace,
    ticket: Ticket,
    *,
    title: str,
    items: Sequence[str] = (),
    query: str | None = None,
    cluster: str | None = None,
    alarm: str | None = None,
    summary: str = "",
    severity: str | None = None,
    owner: str | None = None,
    deadline: str = "none",
    aware: str | None = None,
) -> Outcome[Recorded]:
    """Open an incident over items: named, found by a search, those of a cluster, or those that an alarm speaks of. Exactly one says which.

    owner: a member's name; aware: when somebody first knew of it (RFC 3339), now if it is not said. Raises Refused, NotFound, NotAllowed.
    """
    require(workspace.me, "incident", "open incidents")
    ticket.step(0, 1, "Finding the items")
    heading, words = checked_title(title), checked_note(summary).strip()
    graveness: Any = None if severity is None else choice("severity", severity, SEVERITIES)
    clock: Any = choice("deadline", deadline, DEADLINES)
    now_ms = workspace.surroundings.now_ms()
    aware_ms = now_ms if aware is None else _moment(aware)
    check_aware(aware_ms, now_ms)
    said = _alarm_meant(workspace, ticket, alarm, others=bool(items) or query is not None or cluster is not None)
    indexing.know_words(workspace, ticket, query if said is None else said.query)
    with workspace.read() as reading:
        found, finding = _items_meant(reading, items, query, cluster) if said is None else (_found(reading, said.query), said.entry)
        who = None if owner is None else member_rows.named(reading, owner).id
    if not found:
        raise Refused("An incident needs an item that it is about.", "Name at least one." if said is None else _NO_ITEM_OF_ALARM)
    with workspace.begin() as work:
        event = incidents.open_case(
            _listed(work, found), work.keep_note(heading), aware_ms=aware_ms, now_ms=now_ms, severity=graveness, owner=who, deadline=clock,
            finding=finding,
        )  # fmt: skip
        opened = work.record(event)
        entries = [opened]
        if words:
            entries.append(_say(work, opened, "summary", words))
        return Outcome(Recorded(opened, tuple(entries)), work.changes)


def set_incident(
    workspace: Workspace, ticket: Ticket, *, incident: str, fields: Mapping[str, str], items: Sequence[str] = ()
) -> Outcome[Recorded]:
    """Say more of an incident, several fields at once; it settles what two people said of them at once. items: further ones.

    fields: see SETTABLE; a note only adds to the history. Writes nothing of what is so already.
    Raises Refused for no field, a value that it does not take, or closing (see `close_incident`); NotFound; NotAllowed.
    """
    require(workspace.me, "incident_update", "change incidents")
    if "status" in fields:
        require(workspace.me, "incident", "say how an incident stands")
    ticket.step(0, 1, "Writing")
    _check_fields(fields)
    with workspace.begin() as work:
        case = incident_rows.named(work, incident)
        entries = [_say(work, case.hash, field, _text(field, fields[field])) for field in _TEXTS if field in fields]
        changed = _changed(work, case, fields)
        if changed:
            entries.append(_record(work, case, IncidentUpdate(incident=case.hash, **changed)))
        known = set(incident_rows.items_of(work, case.hash))
        further = sorted({item_rows.full_id(work, name) for name in items} - known)
        if further:
            entries.append(_record(work, case, IncidentUpdate(incident=case.hash, items=_listed(work, further))))
        return Outcome(Recorded(case.hash, tuple(entries)), work.changes)


def close_incident(
    workspace: Workspace, ticket: Ticket, *, incident: str, campaign: str | None = None, reason: str = "", confidence: float = 0.95
) -> Outcome[Recorded]:
    """Close an incident, citing the rate of a campaign that was drawn after it was opened: the one named, else its closing sample.

    Without either, a reason is needed, and the record says that nothing shows the fix to hold. Raises Refused for a closed incident, a
    campaign without a rate, or one whose items were all drawn before; NotFound; NotAllowed for whoever is no lead.
    """
    require(workspace.me, "incident", "close incidents")
    why = checked_note(reason).strip()
    with workspace.read() as reading:
        case = incident_rows.named(reading, incident)
        cited = campaign if campaign is not None else case.one("sample")
        if case.status != "closed" and cited is not None:
            _require_later_draw(reading, case, cited)
    closing = None if cited is None or case.status == "closed" else _closing(workspace, ticket, cited, confidence)
    with workspace.begin() as work:
        case = incident_rows.named(work, case.hash)
        note = work.keep_note(why) if why else None
        name = work.record(_aside(work, case, incidents.close(case, closing=closing, why=note)))
        return Outcome(Recorded(case.hash, (name,)), work.changes)


def _items_meant(reading: Reading, items: Sequence[str], query: str | None, cluster: str | None) -> tuple[list[ItemId], EntryHash | None]:
    """The items of an incident that is opened, and the finding that they come from, if they do."""
    if bool(items) + (query is not None) + (cluster is not None) != 1:
        raise Refused("What the incident is about was not said.", "Name its items, or one cluster.")
    if cluster is not None:
        return _of_finding(reading, cluster)
    if query is None:
        return sorted({item_rows.full_id(reading, name) for name in items}), None
    return _found(reading, query), None


def _found(reading: Reading, query: str) -> list[ItemId]:
    tree = queries.resolve(queries.parse(query), me=reading.workspace.me.name)
    found = searches.seen_ids(reading, tree, viewer=reading.workspace.member)
    if len(found) > _MOST_ITEMS:
        raise Refused(f"{len(found):,} items are found; an incident takes {_MOST_ITEMS:,} at most.", "Narrow the search.")
    return found


class _Meant(NamedTuple):
    """What an alarm speaks of: the search for its items, and its entry."""

    query: str
    entry: EntryHash


def _alarm_meant(workspace: Workspace, ticket: Ticket, alarm: str | None, *, others: bool) -> _Meant | None:
    """What a named alarm speaks of; None where none is named. Raises NotFound, and Refused where something else is named too."""
    if alarm is None:
        return None
    if others:
        raise Refused("What the incident is about was said twice.", "Name an alarm, or items, or a cluster.")
    with workspace.read() as reading:
        found = findings.alarm(reading, alarm)
    return _Meant(alarm_charts.search_of(workspace, ticket, found), EntryHash(found.hash))


def _of_finding(reading: Reading, cluster: str) -> tuple[list[ItemId], EntryHash | None]:
    """The items of a cluster, and the entry that flagged it last, if one did. Raises NotFound, and Refused for too many."""
    _, name = cluster_runs.run_of(reading, cluster)
    found = cluster_runs.items_in(reading, name)
    if len(found) > _MOST_ITEMS:
        raise Refused(f"The cluster has {len(found):,} items; an incident takes {_MOST_ITEMS:,} at most.", "Open it over some of them.")
    flagged = [one.hash for one in findings.of_cluster(reading, name) if one.what == "flagged"]
    return found, EntryHash(flagged[-1]) if flagged else None


def _check_fields(fields: Mapping[str, str]) -> None:
    unknown = sorted(set(fields) - set(SETTABLE))
    if unknown:
        raise Refused(f"An incident has no “{shown(unknown[0], 40)}” that can be set.", f"These can be: {', '.join(SETTABLE)}.")
    if fields.get("status") == "closed":
        raise Refused("Closing says what shows that the fix holds.", "Close it with `reviewer incident close`.")


def _text(field: str, text: str) -> str:
    words = checked_title(text) if field == "title" else checked_note(text).strip()
    if not words:
        raise Refused(f"The {field} is empty.", "Write a few words.")
    return words


def _changed(work: Work, case: Case, fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an update that are others than what stands."""
    said: dict[str, str] = {}
    for field, allowed in (("severity", SEVERITIES), ("root_cause", CAUSES), ("status", ("open", "fixed")), ("deadline", DEADLINES)):
        if field in fields:
            said[field] = choice(field, fields[field], allowed)
    if "owner" in fields:
        said["owner"] = member_rows.named(work, fields["owner"]).id
    if "sample" in fields:
        said["sample"] = campaign_rows.named(work, fields["sample"]).state.hash
    if "aware" in fields:
        aware_ms = _moment(fields["aware"])
        check_aware(aware_ms, work.workspace.surroundings.now_ms())
        said["aware"] = str(aware_ms)
    new: dict[str, Any] = {field: value for field, value in said.items() if case.one(field) != value}
    if "aware" in new:
        new["aware_ms"] = int(new.pop("aware"))
    return new


def _say(work: Work, incident: EntryHash, field: str, words: str) -> EntryHash:
    """Record a text as the note of an update."""
    value = IncidentUpdate(incident=incident, says=field)  # type: ignore[arg-type] # one of _TEXTS
    return _record(work, incident_rows.case_of(work, incident), value, work.keep_note(words))


def _record(work: Work, case: Case, value: IncidentUpdate, note: NoteRef | None = None) -> EntryHash:
    return work.record(_aside(work, case, incidents.update(case, value, note)))


def _aside(work: Work, case: Case, event: Any) -> Any:
    """The event, naming the requests to erase items of the incident: what is written since is kept when they are carried out."""
    if event.note is None:
        return event
    asked = sorted(incident_rows.erasures_of(work, incident_rows.items_of(work, case.hash)) - event.deps)
    return event._replace(deps=event.deps | frozenset(asked[: MAX_DEPS - len(event.deps)]))


def _listed(work: Work, items: Sequence[ItemId]) -> BlobRef:
    return BlobRef(len(items), work.keep_blob(campaign_rows.pack_ids(items)))


def _require_later_draw(reading: Reading, case: Case, campaign: str) -> None:
    stored = campaign_rows.named(reading, campaign)
    (last,) = reading.row("SELECT max(drawn_ms) FROM draw WHERE campaign = ?", (bytes.fromhex(stored.state.hash),)) or (None,)
    if last is None or last < incident_rows.opened_ms(reading, case.hash):
        raise Refused(
            f"“{stored.state.rules.name}” was drawn before the incident was opened: its rate is not one after the fix.",
            "Draw more in it, or name a campaign over what came in since the fix.",
        )


def _closing(workspace: Workspace, ticket: Ticket, campaign: str, confidence: float) -> Closing:
    found = estimating.estimate_campaign(workspace, ticket, campaign=campaign, confidence=confidence).value
    if found.estimate is None or found.low is None or found.high is None:
        raise Refused(
            f"“{found.campaign}” has no rate: {found.reason}.", "Label its sample first, or close with a reason and without a campaign."
        )
    shares = [f"{one:.6f}" for one in (found.estimate, found.low, found.high)]
    return Closing(
        campaign=found.id, n=found.n, population=found.population, estimate=shares[0], low=shares[1], high=shares[2],
        confidence=f"{found.confidence:.6f}", method=found.method,
        open=found.open, unsure=found.unsure, high_if=None if found.high_if is None else f"{found.high_if:.6f}",
    )  # fmt: skip


def _moment(text: str) -> int:
    """A time as ms since 1970; one without a zone is UTC. Raises Refused."""
    try:
        found = datetime.fromisoformat(text.strip())
        moment = round((found if found.tzinfo is not None else found.replace(tzinfo=UTC)).timestamp() * 1000)
    except ValueError:
        moment = -1
    if moment < 0:  # nor one before 1970, which no entry can hold
        raise Refused(f"“{shown(text, 40)}” is not a time.", "Give it as 2026-11-19T09:30:00Z.")
    return moment
