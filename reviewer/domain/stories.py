"""The story of a label: everything that its entry and those around it say of it, for whoever answers for the labels.

Times are RFC 3339: an entry's own by its device's clock and in its zone, a receipt's as it says itself. Text of notes is None where it was
erased or never came here.
"""

from typing import Literal

import msgspec

from reviewer.domain.chain import DeviceId, EntryHash, MemberId
from reviewer.domain.events import Preference, Role, Severity, Shown, Verdict

How = Literal["wrote", "here", "receipt", "heard"]
Move = Literal["label", "retract", "resolve"]


class Author(msgspec.Struct, frozen=True):
    """Who signed an entry. role: that of the device; None for one that nobody admitted. revoked: the device, by now."""

    id: MemberId
    name: str
    role: Role | None
    device: DeviceId
    revoked: bool
    here: bool


class Act(msgspec.Struct, frozen=True):
    """An entry that gave a label, took it back, or weighed it. reason: its code; note: why, in words.

    clauses: KEY:CLAUSE, those that a resolution names.
    """

    entry: EntryHash
    kind: Move
    by: Author
    time: str
    clock: str
    verdict: str | None
    reason: str | None
    note: str | None
    in_force: bool
    clauses: tuple[str, ...] = ()


class Witness(msgspec.Struct, frozen=True):
    """A device that is known to hold the entry: it wrote it, it is this one, it signed a receipt, or it said so when heard from."""

    device: DeviceId
    member: str
    how: How
    time: str | None


class Citation(msgspec.Struct, frozen=True):
    """A clause as the label cites it. number, titles and words are None where the version is not on this machine.

    number: the version's place among those of its policy; as_cited: whether the words are those that the label commits to.
    held: numbers of the versions that held at the item's time; fits: this is one of them, or nobody can say.
    """

    policy: str
    clause: str
    version: str
    policy_title: str | None
    number: int | None
    title: str | None
    text: str | None
    as_cited: bool
    in_force: bool
    held: tuple[int, ...] = ()
    fits: bool = True


class Fork(msgspec.Struct, frozen=True):
    """A place of the label's stream where several entries stand: one key went on in two places.

    own: the one that the label is or follows; None where the label came before the fork. seen_by: devices that put it on record.
    """

    stream: str
    seq: int
    entries: tuple[EntryHash, ...]
    own: EntryHash | None
    seen_by: tuple[str, ...]


class Withdrawal(msgspec.Struct, frozen=True):
    """The device that signed the label was revoked. trusted: whether this revocation still trusts the label."""

    entry: EntryHash
    by: Author
    time: str
    reason: str | None
    note: str | None
    up_to: tuple[int, ...]
    trusted: bool


class LabelStory(msgspec.Struct, frozen=True, kw_only=True):
    """One label. counts: it makes state; why_not: else why not. in_force: its author did not replace it or take it back.

    votes: it counts, is in force, and its author gave no other answer beside it.
    before: labels that it took the place of, oldest first; after: what took its place, or it back, and so on.
    """

    entry: EntryHash
    item: str
    campaign: str
    stream: str
    seq: int
    verdict: Verdict | None
    severity: Severity | None
    preference: Preference | None
    rationale: str | None
    confidence: str | None
    showing: int
    blind: bool
    shown: Shown
    imported: str | None
    claimed: str | None
    by: Author
    time: str
    clock: str
    duration_ms: int | None
    app: str
    first_receipt: Witness | None
    counts: bool
    why_not: str | None
    in_force: bool
    votes: bool
    citations: tuple[Citation, ...]
    before: tuple[Act, ...]
    after: tuple[Act, ...]
    resolutions: tuple[Act, ...]
    witnesses: tuple[Witness, ...]
    forks: tuple[Fork, ...]
    withdrawals: tuple[Withdrawal, ...]


class Told(msgspec.Struct, frozen=True):
    """A label of an item, for a list to choose from. standing: in force, replaced, taken back, not counted."""

    entry: EntryHash
    member: MemberId
    by: str
    campaign: str
    verdict: str | None
    time: str
    standing: Literal["in force", "no longer in force", "not counted"]
