"""What is said of the things that go wrong: regions that stood out, alarms, incidents. Their values, as the journal keeps them."""

from typing import Annotated, Literal

import msgspec

from reviewer.domain.chain import EntryName, MemberName
from reviewer.domain.event_parts import BlobRef, Severity

What = Literal["flagged", "named", "queued"]
Cause = Literal["policy_outdated", "policy_ambiguous", "policy_missing", "model", "tool", "data"]
Progress = Literal["open", "fixed", "closed"]
Deadline = Literal["none", "serious", "death", "widespread"]
Wording = Literal["title", "summary", "fix", "note"]
Share = Annotated[str, msgspec.Meta(pattern=r"\A(0|1|[01]\.[0-9]{1,9})\Z")]
Moment = Annotated[int, msgspec.Meta(ge=0, le=250_000_000_000_000)]  # ms since 1970, UTC; up to a year that calendars have


class Finding(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Items that stood out by their labels. items: blob of their sorted ids, 32 bytes each, whose name is the cluster's id.

    what: flagged by a test, named by a person (the name is the entry's note), or queued: fresh labels are asked for in the campaign that
    `fresh` names. reviewed, non_compliant: labels behind it; expected, p: decimal strings. campaign: None where labels of all counted.
    """

    what: What
    items: BlobRef
    campaign: EntryName | None = None
    reviewed: int = 0
    non_compliant: int = 0
    expected: str | None = None
    p: str | None = None
    embedder: str | None = None
    fresh: EntryName | None = None


class Alarm(msgspec.Struct, frozen=True):
    """What a campaign speaks of has changed. kind: which test; at: the time or value it speaks of; figures are decimal strings."""

    campaign: EntryName
    kind: str
    at: str
    statistic: str
    threshold: str


class Closing(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The violation rate after the fix, as it stood when an incident was closed. Shares and confidence are decimal strings.

    n: answered items that it rests on; open, unsure: drawn ones without an answer; high_if: the rate if none of those were compliant.
    """

    campaign: EntryName
    n: int
    population: int
    estimate: Share
    low: Share
    high: Share
    confidence: Share
    method: Annotated[str, msgspec.Meta(max_length=40)]
    open: int = 0
    unsure: int = 0
    high_if: Share | None = None


class Incident(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A case is opened over items; its title is the entry's note. items: blob of their sorted ids, 32 bytes each.

    aware_ms: when somebody first knew of it (ms since 1970, UTC), from which a deadline runs. finding: the finding
    or the alarm that it was opened from.
    """

    items: BlobRef
    aware_ms: Moment
    severity: Severity | None = None
    owner: MemberName | None = None
    deadline: Deadline = "none"
    finding: EntryName | None = None


class IncidentUpdate(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """More is said of an incident. What is there takes the place of what `deps` names of the same field, and of no other.

    says: what the entry's note is. items: further ones. sample: the campaign that is to show whether the fix holds.
    """

    incident: EntryName
    says: Wording | None = None
    items: BlobRef | None = None
    severity: Severity | None = None
    owner: MemberName | None = None
    root_cause: Cause | None = None
    status: Progress | None = None
    deadline: Deadline | None = None
    aware_ms: Moment | None = None
    sample: EntryName | None = None
    closing: Closing | None = None
