"""Every fact that can happen, as the journal keeps it: a kind, a value, what it answers or replaces."""

from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from reviewer.domain.chain import DeviceName, Digest, EntryHash, EntryName, MemberName, NoteRef, StreamName
from reviewer.domain.items import ItemId

Kind = Literal[
    "genesis", "stream_open", "enrol", "revoke", "member_name", "import", "policy_publish", "policy_activate", "campaign", "draw",
    "campaign_close", "label", "retract", "skip", "escalate", "requeue", "gold", "resolve", "suggestion", "finding", "alarm",
    "incident", "incident_update", "release", "export", "erase_request", "erase_done", "fork_seen",
]  # fmt: skip
Role = Literal["reviewer", "adjudicator", "lead", "observer"]
Verdict = Literal["compliant", "non_compliant", "unsure"]
Severity = Literal["minor", "major", "critical"]
Mark = Literal["good", "bad", "neutral"]
VERDICTS: tuple[Verdict, ...] = ("compliant", "non_compliant", "unsure")
ItemName = Annotated[ItemId, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")


class Event(NamedTuple):
    """A fact that was decided and not yet written. `deps` need no order; the journal sorts them."""

    kind: Kind
    value: msgspec.Struct
    deps: frozenset[EntryHash] = frozenset()
    reason: str | None = None
    note: NoteRef | None = None
    dur_ms: int | None = None


class BlobRef(msgspec.Struct, frozen=True):
    """A list kept as a blob: how many it holds, and the blob's name."""

    n: int
    blob: Digest


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


class Import(msgspec.Struct, frozen=True):
    """Up to 1,000 items of one file came in. `items` names a blob: JCS list of [item id, SHA-256 of the original record]."""

    file: str
    format: str
    format_version: int
    items: BlobRef


class Campaign(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is asked of whom about which items. Shares are decimal strings. `guidelines` names a blob of UTF-8 text."""

    name: str
    query: str
    question: Literal["verdict", "preference", "steps"] = "verdict"
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


class Draw(msgspec.Struct, frozen=True):
    """A frozen population and what was picked from it.

    population: blob of the sorted item ids, 32 bytes each. picks: blob, JCS list of [item, stratum, stream, pi, u],
    pi and u decimal strings.
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


class _LabelFields(msgspec.Struct, frozen=True, kw_only=True):
    campaign: EntryName
    item: ItemName
    showing: int
    clauses: tuple[Clause, ...]
    spans: tuple[Span, ...]
    omissions: tuple[Omission, ...]
    steps: dict[str, Mark]
    blind: bool
    shown: Shown


class Label(_LabelFields, frozen=True, omit_defaults=True, kw_only=True):
    """What one member said of one item in one campaign; JOURNAL.md 2.2. The rationale is the entry's note.

    imported: SHA-256 of the file that brought it; claimed: the time that this file gives, RFC 3339 as it stood there.
    """

    verdict: Verdict | None = None
    severity: Severity | None = None
    preference: Preference | None = None
    correction: Digest | None = None
    confidence: str | None = None
    imported: str | None = None
    claimed: str | None = None


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


class Release(msgspec.Struct, frozen=True):
    """A data set left: what it was made from, and the hash of its manifest."""

    campaigns: tuple[EntryName, ...]
    format: str
    aggregate: str
    rows: dict[str, int]
    manifest: Digest


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
    "import": Import,
    "campaign": Campaign,
    "draw": Draw,
    "campaign_close": CampaignClose,
    "label": Label,
    "retract": Retract,
    "skip": Skip,
    "escalate": Escalate,
    "release": Release,
    "export": Export,
}


def value_of(kind: str, value: dict[str, Any]) -> msgspec.Struct | None:
    """The typed value of an entry; None for a kind that this version does not know, which the fold leaves alone.

    Raises msgspec.ValidationError for a known kind whose value does not fit.
    """
    shape = SHAPES.get(kind)
    return None if shape is None else msgspec.convert(value, shape)
