"""What the Policies page shows: the policies, the clauses of one with how often each is cited, and one clause with all that rests on it."""

from collections import Counter
from typing import NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, shown
from reviewer.domain.policies import Clause
from reviewer.domain.progress import Ticket
from reviewer.operations import agreement
from reviewer.operations.clause_agreement import ClauseAgreement
from reviewer.operations.staleness import Stale, stale_labels
from reviewer.storage import citations, searches
from reviewer.storage import policies as policy_rows
from reviewer.storage.citations import Precedent
from reviewer.storage.policies import Version
from reviewer.storage.workspace import Reading, Workspace

_MOST_PRECEDENTS = 20
_MOST_LABELS = 500


class PolicyLine(NamedTuple):
    """A policy in the list. shown: the version that is meant where none is named: the one in force, else the newest."""

    key: str
    title: str
    versions: tuple[Version, ...]
    shown: Version
    conflict: bool


class ClauseLine(NamedTuple):
    """A clause in the list: how many labels in force cite it, on how many items its reviewers differ, how many labels cite older words.

    gone: it is in no version in force, and labels still cite it.
    """

    clause: Clause
    cited: int
    disputed: int
    stale: int
    gone: bool


class PolicyView(NamedTuple):
    """A policy with its clauses, as in the version that is shown, then those that are gone and still cited."""

    line: PolicyLine
    clauses: tuple[ClauseLine, ...]


class ClauseView(NamedTuple):
    """A clause. before: its words in the last version in which they were others, None where there is none; now: None where it is gone.

    number_before, number_now: of the versions with these words, the first one with those of today; changed: the day, where it says so.
    mismatched: labels that cite another version than the one that held at their item's time.
    """

    key: str
    clause: str
    title: str
    before: Clause | None
    number_before: int | None
    now: Clause | None
    number_now: int | None
    changed: str | None
    cited: int
    disputed: int
    stale: Stale
    mismatched: int
    precedents: tuple[Precedent, ...]


def policy_lines(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[PolicyLine, ...]]:
    """Every policy."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(tuple(_line(reading, key) for key in policy_rows.keys(reading)))


def policy_view(workspace: Workspace, ticket: Ticket, *, key: str) -> Outcome[PolicyView]:
    """A policy with its clauses. Raises NotFound."""
    ticket.step(0, 1, "Counting what labels cite")
    with workspace.read() as reading:
        line = _line(reading, key)
        counts = citations.counts(reading, key)
        stale: dict[str, set[str]] = {}
        for one in citations.stale(reading, key):
            stale.setdefault(one.clause, set()).add(one.label)
        listed = policy_rows.clauses_of(reading, line.shown.clauses)
        here = {one.clause for one in listed}
        gone = _last_words(reading, line.versions, set(counts) - here)
        lines = [_clause_line(one, counts, stale, gone=one.clause not in here) for one in [*listed, *gone]]
        return Outcome(PolicyView(line, tuple(lines)))


def clause_view(workspace: Workspace, ticket: Ticket, *, key: str, clause: str) -> Outcome[ClauseView]:
    """A clause with its words, then and now, the labels that rest on the old ones, and its precedents. Raises NotFound."""
    stale = stale_labels(workspace, ticket, policy=key, clause=clause, most=_MOST_LABELS).value
    with workspace.read() as reading:
        line = _line(reading, key)
        history = _history(reading, line, clause)
        counted = citations.counts(reading, key, clause=clause).get(clause, citations.Counts(0, 0))
        words, old = history
        now = words[1]
        title = (now or (old[1] if old else None) or Clause(clause, "", "")).title
        resolved = list(citations.precedents(reading, key, clause))
        unseen = searches.hidden_among(reading, [one.item for one in resolved], viewer=workspace.member)
        seen = [one for one in resolved if one.item not in unseen]
        return Outcome(
            ClauseView(
                key=key,
                clause=clause,
                title=title,
                before=None if old is None else old[1],
                number_before=None if old is None else old[0].number,
                now=now,
                number_now=words[0].number,
                changed=words[0].effective,
                cited=counted.cited,
                disputed=counted.disputed,
                stale=stale,
                mismatched=sum(not citations.fits(line.versions, one) for one in citations.of_policy(reading, key, clause=clause)),
                precedents=tuple(seen[:_MOST_PRECEDENTS]),
            )
        )


class ClauseReading(NamedTuple):
    """How the reviewers of a campaign agree on a clause: of the campaign in which most labels cite it."""

    campaign: str
    found: ClauseAgreement


def clause_reading(workspace: Workspace, ticket: Ticket, *, key: str, clause: str) -> Outcome[ClauseReading | None]:
    """How reviewers agree on a clause, in the campaign in which most labels cite it; None where none does."""
    with workspace.read() as reading:
        campaigns = Counter(one.campaign for one in citations.of_policy(reading, key, clause=clause))
    if not campaigns or workspace.me.waiting:
        return Outcome(None)
    most = max(sorted(campaigns), key=lambda name: campaigns[name])
    told = agreement.agreement_of_campaign(workspace, ticket, campaign=most).value
    found = next((one for one in told.by_clause if one.query == f"{key}:{clause}"), None)
    return Outcome(None if found is None else ClauseReading(told.campaign, found))


class _Words(NamedTuple):
    version: Version
    clause: Clause | None


def _history(reading: Reading, line: PolicyLine, clause: str) -> tuple[_Words, _Words | None]:
    """The first version with the words that are shown, and the last one before with others. Raises NotFound for what no version has."""
    told = [
        _Words(one, next((each for each in policy_rows.clauses_of(reading, one.clauses) if each.clause == clause), None))
        for one in line.versions
        if one.number <= line.shown.number
    ]
    if all(one.clause is None for one in told):
        raise NotFound(
            f"Policy {shown(line.key, 40)} has no clause “{shown(clause, 60)}”.", f"`reviewer policy show {line.key}` lists its clauses."
        )
    now = told[-1]
    text = now.clause.text if now.clause else None
    first = now
    for one in reversed(told):
        if (one.clause.text if one.clause else None) != text:
            return first, one if one.clause is not None else None
        first = one
    return first, None


def _line(reading: Reading, key: str) -> PolicyLine:
    versions = tuple(policy_rows.versions(reading, key))
    active = [one for one in versions if one.in_force]
    meant = active[0] if active else versions[-1]
    return PolicyLine(key, meant.title, versions, meant, len(active) > 1)


def _last_words(reading: Reading, versions: tuple[Version, ...], wanted: set[str]) -> list[Clause]:
    """Clauses that the version shown lacks, as the last version that had them says."""
    found: dict[str, Clause] = {}
    for version in versions:
        found |= {one.clause: one for one in policy_rows.clauses_of(reading, version.clauses) if one.clause in wanted}
    return [found.get(name, Clause(name, "", "")) for name in sorted(wanted)]


def _clause_line(clause: Clause, counts: dict[str, citations.Counts], stale: dict[str, set[str]], *, gone: bool) -> ClauseLine:
    cited, disputed = counts.get(clause.clause, (0, 0))
    return ClauseLine(clause, cited, disputed, len(stale.get(clause.clause, ())), gone)
