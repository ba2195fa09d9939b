"""Incidents: what may be said of a case, what stands of it when two say different things at once, and when it is due.

A case is opened over items and goes on by updates. Each field stands for itself: an update takes the place of what it names of the fields
that it says anew. Two that did not know of each other both stand (JOURNAL.md 2.9), and until somebody settles it the more careful one is
acted on: the case counts as open, the graver severity and the earlier deadline hold.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, get_args

from reviewer.domain.case_events import Cause, Closing, Deadline, Incident, IncidentUpdate, Progress, Wording
from reviewer.domain.chain import MAX_DEPS, EntryHash, MemberId, NoteRef
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import SEVERITIES, BlobRef, Event, Severity

CAUSES: tuple[Cause, ...] = get_args(Cause)
STATUSES: tuple[Progress, ...] = get_args(Progress)
DEADLINES: tuple[Deadline, ...] = get_args(Deadline)
WORDINGS: tuple[Wording, ...] = ("title", "summary", "fix")  # texts of which the newest stands; a note only adds to the history
FIELDS = ("title", "summary", "fix", "severity", "owner", "root_cause", "status", "deadline", "aware", "sample")

# Regulation (EU) 2024/1689, article 73: days from first awareness. (2) any serious incident; (4) the death of a person; (3) a widespread
# infringement, or a serious and irreversible disruption of critical infrastructure.
DAYS: Mapping[str, int] = {"serious": 15, "death": 10, "widespread": 2}
_DAY_MS = 24 * 60 * 60 * 1000
TITLE_LENGTH = 200


class Act(NamedTuple):
    """What of an entry on an incident makes state. incident: for the entry that opens one, itself. said: field and value, sorted.

    The value of a text is the commitment to its note, so that the state holds none of its words.
    """

    incident: EntryHash
    items: BlobRef | None
    finding: EntryHash | None
    said: tuple[tuple[str, str], ...]


class Held(NamedTuple):
    """What an entry says of a field, in force."""

    entry: EntryHash
    value: str


class Case(NamedTuple):
    """An incident as it stands. held: by field, what is in force, in the order of the entries; several values are a conflict."""

    hash: EntryHash
    held: Mapping[str, tuple[Held, ...]]

    def values(self, field: str) -> tuple[str, ...]:
        """The different values that are in force of a field, sorted."""
        return tuple(sorted({one.value for one in self.held.get(field, ())}))

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The fields of which two people said different things at once."""
        return tuple(field for field in FIELDS if len(self.values(field)) > 1)

    @property
    def status(self) -> Progress:
        """How far it is; of several, the least far."""
        found = self.values("status")
        return next((one for one in STATUSES if one in found), "open")

    @property
    def severity(self) -> Severity | None:
        """How grave it is; of several, the gravest."""
        found = self.values("severity")
        return next((one for one in reversed(SEVERITIES) if one in found), None)

    @property
    def deadline(self) -> Deadline:
        """Which clock runs; of several, the shortest."""
        found = self.values("deadline")
        return min((one for one in DEADLINES if one in found and one in DAYS), key=DAYS.__getitem__, default="none")

    @property
    def aware_ms(self) -> int:
        """When somebody first knew of it; of several, the earliest."""
        return min(int(value) for value in self.values("aware"))

    @property
    def due_ms(self) -> int | None:
        """When the report is due, ms since 1970; None where no clock runs."""
        return None if self.deadline == "none" else self.aware_ms + DAYS[self.deadline] * _DAY_MS

    def one(self, field: str) -> str | None:
        """The value of a field; None where there is none, or where two differ."""
        found = self.values(field)
        return found[0] if len(found) == 1 else None


def act_of(name: EntryHash, value: Incident | IncidentUpdate, note: NoteRef | None) -> Act:
    """What an entry of this hash says of an incident."""
    if isinstance(value, Incident):
        said = {
            "status": "open",
            "deadline": value.deadline,
            "aware": str(value.aware_ms),
            "severity": value.severity,
            "owner": value.owner,
        }
        words: Wording | None = "title"
    else:
        aware = None if value.aware_ms is None else str(value.aware_ms)
        said = {
            "severity": value.severity, "owner": value.owner, "root_cause": value.root_cause, "status": value.status,
            "deadline": value.deadline, "aware": aware, "sample": value.sample,
        }  # fmt: skip
        words = value.says
    if note is not None and words in WORDINGS:
        said[words] = note.c
    found = tuple(sorted((field, one) for field, one in said.items() if one is not None))
    incident, finding = (name, value.finding) if isinstance(value, Incident) else (EntryHash(value.incident), None)
    return Act(incident, value.items, finding, found)


def open_case(
    items: BlobRef,
    title: NoteRef,
    *,
    aware_ms: int,
    now_ms: int,
    severity: Severity | None = None,
    owner: MemberId | None = None,
    deadline: Deadline = "none",
    finding: EntryHash | None = None,
) -> Event:
    """Decide to open an incident. Raises Refused for one without items, or an awareness that is still to come."""
    if items.n == 0:
        raise Refused("An incident needs an item that it is about.", "Name at least one.")
    check_aware(aware_ms, now_ms)
    value = Incident(items=items, aware_ms=aware_ms, severity=severity, owner=owner, deadline=deadline, finding=finding)
    return Event("incident", value, note=title)


def update(case: Case, value: IncidentUpdate, note: NoteRef | None = None) -> Event:
    """Decide on more that is said: it takes the place of all that is known here of the same fields, so it settles what differs.

    Raises Refused where more stands beside each other than one act can name.
    """
    said = dict(act_of(EntryHash(""), value, note).said)
    deps = {case.hash} | {one.entry for field in said for one in case.held.get(field, ())}
    if len(deps) > MAX_DEPS:
        raise Refused(f"There are {len(deps)} changes beside each other, more than one act can name.", "Change one field after the other.")
    return Event("incident_update", value, frozenset(deps), None, note)


def close(case: Case, *, closing: Closing | None, why: NoteRef | None) -> Event:
    """Decide to close an incident. Raises Refused for a closed one, and where neither a rate nor a reason shows that the fix holds."""
    if case.status == "closed":
        raise Refused("The incident is closed already.", "Open it again first, if there is more to do.")
    if closing is None and why is None:
        raise Refused(
            "Nothing shows that the fix holds: no campaign is named whose rate says so.",
            "Name one that was drawn after the fix, or give the reason for closing without one.",
        )
    says: Wording | None = None if why is None else "note"
    value = IncidentUpdate(
        incident=case.hash, status="closed", closing=closing, says=says, sample=None if closing is None else closing.campaign
    )
    return update(case, value, why)


def checked_title(text: str) -> str:
    """A title as it may be: one line. Raises Refused."""
    title = " ".join(text.split())
    if not title:
        raise Refused("The incident has no title.", f"Give it one of 1 to {TITLE_LENGTH} characters.")
    if len(title) > TITLE_LENGTH:
        raise Refused(f"“{shown(text, 40)}” cannot be the title of an incident.", f"Give 1 to {TITLE_LENGTH} characters.")
    return title


def check_aware(aware_ms: int, now_ms: int) -> None:
    """Raise Refused for an awareness that is still to come."""
    if aware_ms > now_ms + _DAY_MS:  # clocks differ by hours, not by days
        raise Refused("The time of first awareness is still to come.", "Give the time at which somebody first knew of it.")


def choice(field: str, text: str, allowed: Sequence[str]) -> str:
    """One of the words that a field takes; a space or a hyphen serves for `_`. Raises Refused."""
    word = text.strip().lower().replace(" ", "_").replace("-", "_")
    if word not in allowed:
        raise Refused(f"“{shown(text, 40)}” is no {field.replace('_', ' ')}.", f"Choose one of: {', '.join(allowed)}.")
    return word
