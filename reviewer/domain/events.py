"""Every fact that can happen, as the journal keeps it: a kind, a value, what it answers or replaces."""

import re
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from reviewer.domain.case_events import Alarm as Alarm
from reviewer.domain.case_events import Closing as Closing
from reviewer.domain.case_events import Finding as Finding
from reviewer.domain.case_events import Incident as Incident
from reviewer.domain.case_events import IncidentUpdate as IncidentUpdate
from reviewer.domain.chain import DeviceName, Digest, EntryHash, EntryName, MemberName, NoteRef, StreamName
from reviewer.domain.event_parts import SEVERITIES as SEVERITIES
from reviewer.domain.event_parts import BlobRef as BlobRef
from reviewer.domain.event_parts import Severity as Severity
from reviewer.domain.items import ItemId

Kind = Literal[
    "genesis", "stream_open", "enrol", "revoke", "member_name", "import", "policy_publish", "policy_activate", "campaign", "draw",
    "campaign_close", "label", "retract", "skip", "escalate", "requeue", "gold", "resolve", "suggestion", "finding", "alarm",
    "incident", "incident_update", "release", "export", "erase_request", "erase_done", "fork_seen",
]  # fmt: skip
Role = Literal["reviewer", "adjudicator", "lead", "observer"]
Verdict = Literal["compliant", "non_compliant", "unsure"]
Ruling = Literal["compliant", "non_compliant", "policy_at_fault"]
Mark = Literal["good", "bad", "neutral"]
Why = Literal["stale", "sent_back", "disputed", "asked"]
VERDICTS: tuple[Verdict, ...] = ("compliant", "non_compliant", "unsure")
RULINGS: tuple[Ruling, ...] = ("compliant", "non_compliant", "policy_at_fault")
_DIGEST = re.compile(r"[0-9a-f]{64}")
ItemName = Annotated[ItemId, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class Event(NamedTuple):
    """A fact that was decided and not yet written. `deps` need no order; the journal sorts them."""

    kind: Kind
    value: msgspec.Struct
    deps: frozenset[EntryHash] = frozenset()
    reason: str | None = None
    note: NoteRef | None = None
    dur_ms: int | None = None


class Genesis(msgspec.Struct, frozen=True):
    """The project begins; its author is the first lead and its key the root of trust. Keys are hex."""

    project_name: str
    member: MemberName
    member_name: str
    device: DeviceName
    sign_key: Digest
    seal_key: Digest
    nonce: str


class StreamOpen(msgspec.Struct, frozen=True):
    """A device goes on in this stream. `why`: admitted, restore, fork. `old` is the head it leaves behind, if any."""

    why: Literal["admitted", "restore", "fork"]
    old: EntryName | None = None


class Enrol(msgspec.Struct, frozen=True):
    """A lead admits a member's device, with its keys (hex) and the stream it will write."""

    member: MemberName
    name: str
    role: Role
    device: DeviceName
    sign_key: Digest
    seal_key: Digest
    stream: StreamName


class Point(msgspec.Struct, frozen=True):
    """A place in a stream: the entry of this number and hash, and with it all that it follows."""

    stream: StreamName
    seq: int
    hash: EntryName


class Revoke(msgspec.Struct, frozen=True):
    """A device is trusted no further than these entries, one for each of its streams; of a stream that is not named, nothing is."""

    device: DeviceName
    trusted: tuple[Point, ...]


class MemberNamed(msgspec.Struct, frozen=True):
    """A member bears another name from now on. `deps` names the entries that named them before."""

    member: MemberName
    name: str


class Import(msgspec.Struct, frozen=True):
    """Up to 1,000 items of one file came in. `items` names a blob: JCS list of [item id, SHA-256 of the original record]."""

    file: str
    format: str
    format_version: int
    items: BlobRef


class Campaign(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is asked of whom about which items. Shares are decimal strings. `guidelines` names a blob of UTF-8 text.

    gold: share of what a reviewer sees that has a known answer; repeat: share of their items that they see a second time; neither is told
    from the rest. marks: where steps are asked for, whether each is judged for itself or the first wrong one is named
    (domain.step_marks). feedback: whether reviewers may see how they did on both. shown: of the items that several members review, the
    share of which some of them see what `judge` says (domain.arms).
    """

    name: str
    query: str
    question: Literal["verdict", "preference", "steps"] = "verdict"
    marks: Literal["each", "first_wrong"] = "each"
    design: Literal["all", "srs", "stratified", "poisson"] = "all"
    seed: str
    overlap: int = 1
    double: str = "0"
    assign: Literal["split", "all"] = "split"
    members: tuple[MemberName, ...] = ()
    policies: tuple[str, ...] = ()
    blind: bool = True
    guidelines: Digest | None = None
    tags: tuple[str, ...] = ()
    own_adjudication: bool = False  # whether who labelled an item may also resolve it
    gold: str = "0"
    repeat: str = "0"
    feedback: bool = False
    shown: str = "0"
    judge: str = ""


class Draw(msgspec.Struct, frozen=True):
    """A frozen population and what was picked from it.

    population: blob of the sorted item ids, 32 bytes each. picks: blob, JCS list of [item, stratum, stream, pi, u],
    pi and u decimal strings. design: among others its `kind`; where they are there, `strata` and `frame` name blobs (storage.frames).
    """

    campaign: EntryName
    query: str
    population: BlobRef
    design: dict[str, str]
    picks: BlobRef
    version: int = 1


class CampaignClose(msgspec.Struct, frozen=True):
    """No more labels are asked for."""

    campaign: EntryName


class Clause(msgspec.Struct, frozen=True):
    """A clause as cited: `version` and `text` are hashes."""

    policy: str
    version: str
    clause: str
    text: str


class Span(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Marked words: code points `start` to `end` of a step's text part, or of the string at a JSON pointer in a call's arguments."""

    step: str
    part: int | None = None
    pointer: str | None = None
    start: int
    end: int
    clause: str | None = None
    quote: Digest


class Omission(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What should have happened and did not."""

    note: NoteRef
    step: str | None = None
    clause: str | None = None


class Preference(msgspec.Struct, frozen=True):
    """An order over the candidates of a comparison: groups of keys, best first."""

    ranking: tuple[tuple[str, ...], ...]
    strength: Literal["slight", "clear"]
    both_bad: bool
    order_shown: tuple[str, ...]


class Shown(msgspec.Struct, frozen=True):
    """What was on the screen when the label was given."""

    renderer: str
    model: bool = False
    suggestions: tuple[str, ...] = ()
    labels: tuple[EntryName, ...] = ()
    source: bool = False
    truncated: tuple[str, ...] = ()


class Stated(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """What a label says, without what it is about: of that, the tables know as well.

    imported: SHA-256 of the file that brought it; claimed: the time that this file gives, RFC 3339 as it stood there.
    """

    showing: int
    clauses: tuple[Clause, ...]
    spans: tuple[Span, ...]
    omissions: tuple[Omission, ...]
    steps: dict[str, Mark]
    blind: bool
    verdict: Verdict | None = None
    severity: Severity | None = None
    preference: Preference | None = None
    correction: Digest | None = None
    confidence: str | None = None
    imported: str | None = None
    claimed: str | None = None


class Label(Stated, frozen=True, omit_defaults=True, kw_only=True):
    """What one member said of one item in one campaign; JOURNAL.md 2.2. The rationale is the entry's note."""

    campaign: EntryName
    item: ItemName
    shown: Shown


class Retract(msgspec.Struct, frozen=True):
    """The entries in `deps` no longer hold."""

    campaign: EntryName
    item: ItemName


class Skip(msgspec.Struct, frozen=True):
    """A member put an item off; it comes back last."""

    campaign: EntryName
    item: ItemName


class Escalate(msgspec.Struct, frozen=True):
    """A member asks the lead to look; the question is the entry's note."""

    campaign: EntryName
    item: ItemName


class Requeue(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Whoever labelled one of these items is asked again. items: blob of their sorted ids, 32 bytes each. Why in words is the note.

    clause: `KEY:CLAUSE`, where the words of a clause are the reason.
    """

    campaign: EntryName
    items: BlobRef
    why: Why
    clause: str | None = None


class PolicyPublish(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A version of a policy; its entry's hash names it. clauses: blob, JCS list of [clause, title, text, number?],
    the number as printed where it is not the key. source: blob, the text itself.

    `deps` names the versions that this one follows. effective: the date from which it holds, YYYY-MM-DD.
    """

    policy: str
    title: str
    clauses: BlobRef
    source: Digest
    effective: str | None = None


class PolicyActivate(msgspec.Struct, frozen=True):
    """A version is in force from now on, in place of the activations that `deps` names, and of no other."""

    policy: str
    version: EntryName


class Gold(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The right answer of an item is known; None: no longer. `deps` names the entries that said so before. imported: SHA-256 of a file."""

    campaign: EntryName
    item: ItemName
    verdict: Literal["compliant", "non_compliant"] | None
    imported: Digest | None = None


class Resolve(msgspec.Struct, frozen=True, omit_defaults=True):
    """An adjudicator's answer. `deps` names the labels that were considered, and the resolutions that this one takes the place of.

    clauses: those that decided, or of a policy at fault those that do not say; then the entry's note is a note on them.
    """

    campaign: EntryName
    item: ItemName
    verdict: Ruling
    clauses: tuple[Clause, ...] = ()


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a machine said of items. rows: blob, JCS list of [item, verdict, score, rationale, answer?]; only the item is there always.

    answer: what it answered word for word, where this program asked; with neither verdict nor score it was discarded.
    """

    judge: str
    rows: BlobRef
    imported: Digest | None = None


class EraseRequest(msgspec.Struct, frozen=True):
    """The content of an item is to be deleted on every device; why is the entry's note."""

    item: ItemName


class EraseDone(msgspec.Struct, frozen=True):
    """The content of an item is gone from the device that signs. `deps` names the requests."""

    item: ItemName


class ForkSeen(msgspec.Struct, frozen=True):
    """A stream has two histories: these entries stand at one place of it."""

    stream: StreamName
    seq: int
    entries: tuple[EntryName, ...]


class Release(msgspec.Struct, frozen=True, omit_defaults=True):
    """A data set left: what it was made from, and the hash of its manifest.

    heads: of each stream the number and hash of its last entry that was known; unwitnessed: how many of the labels behind the rows no
    other device had signed for. Neither is in the manifest, which is the same on every machine.
    """

    campaigns: tuple[EntryName, ...]
    format: str
    aggregate: str
    rows: dict[str, int]
    manifest: Digest
    heads: dict[StreamName, tuple[int, EntryName]] = {}
    unwitnessed: int | None = None


class Export(msgspec.Struct, frozen=True):
    """Labels left the workspace as a file of this hash."""

    campaign: EntryName | None
    format: str
    labels: int
    file: Digest


SHAPES: dict[str, type[msgspec.Struct]] = {
    "genesis": Genesis,
    "stream_open": StreamOpen,
    "enrol": Enrol,
    "revoke": Revoke,
    "member_name": MemberNamed,
    "import": Import,
    "campaign": Campaign,
    "draw": Draw,
    "campaign_close": CampaignClose,
    "label": Label,
    "retract": Retract,
    "skip": Skip,
    "escalate": Escalate,
    "requeue": Requeue,
    "policy_publish": PolicyPublish,
    "policy_activate": PolicyActivate,
    "gold": Gold,
    "resolve": Resolve,
    "suggestion": Suggestion,
    "finding": Finding,
    "alarm": Alarm,
    "incident": Incident,
    "incident_update": IncidentUpdate,
    "erase_request": EraseRequest,
    "erase_done": EraseDone,
    "fork_seen": ForkSeen,
    "release": Release,
    "export": Export,
}


def value_of(kind: str, value: dict[str, Any]) -> msgspec.Struct | None:
    """The typed value of an entry; None for a kind that this version does not know, which the fold leaves alone.

    Raises msgspec.ValidationError for a known kind whose value does not fit.
    """
    shape = SHAPES.get(kind)
    return None if shape is None else msgspec.convert(value, shape)


def design_lists(draw: Draw) -> tuple[str, ...]:
    """The names of the blobs that say more of a draw's design."""
    named = (draw.design.get(what, "") for what in ("strata", "frame"))
    return tuple(name for name in named if _DIGEST.fullmatch(name))


def blobs_of(note: NoteRef | None, value: msgspec.Struct | None) -> tuple[str, ...]:
    """The names of the blobs that an entry commits to: its note's, and those that its value names."""
    found = [] if note is None else [note.blob]
    match value:
        case Label():
            found += [omission.note.blob for omission in value.omissions]
            found += [] if value.correction is None else [value.correction]
        case Campaign() if value.guidelines is not None:
            found.append(value.guidelines)
        case Draw():
            found += [value.population.blob, value.picks.blob, *design_lists(value)]
        case IncidentUpdate() if value.items is not None:
            found.append(value.items.blob)
        case Import() | Requeue() | Incident() | Finding():
            found.append(value.items.blob)
        case PolicyPublish():
            found += [value.clauses.blob, value.source]
        case Suggestion():
            found.append(value.rows.blob)
    return tuple(found)
