"""How this replica stands with the others, in one consistent view: what waits here, who was heard from, what the last exchange brought."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from reviewer.domain.chain import DeviceId, StreamId
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.events import Revoke, Role
from reviewer.domain.progress import Ticket
from reviewer.operations.bundling import QUARANTINE, Applied
from reviewer.operations.devices import DeviceStanding, standings
from reviewer.operations.joining import project_in, words_given
from reviewer.operations.synced import Moved, Synced
from reviewer.operations.verifying import Verification
from reviewer.storage import acting, agreement, receipts, sending
from reviewer.storage.acting import devices_here
from reviewer.storage.rows import Rows
from reviewer.storage.targets import SUFFIX
from reviewer.storage.workspace import Reading, Workspace

T = TypeVar("T")
_LAST, _GIVEN, _CHECKED = "exchange.last", "exchange.given", "verified.last"


class LastExchange(msgspec.Struct, frozen=True):
    """The last time that something came or went. place: with whom, without any password; members: names of who wrote what came."""

    at_ms: int
    place: str
    sent: Moved
    received: Moved
    kinds: dict[str, int]
    members: tuple[str, ...]
    conflicts: int


class LastCheck(msgspec.Struct, frozen=True):
    """What the last verification found. problem: the first one in words, empty where everything holds."""

    at_ms: int
    entries: int
    items: int
    problems: int
    problem: str
    digest: str
    set_digest: str


class Overview(NamedTuple):
    """All that there is to say of syncing.

    waiting: labels given on this machine that nobody else was given; unwitnessed: those that no other device has signed for.
    words: the six of the project, or of one's own request while one waits to be admitted; agreeing: devices that came to the digest of
    the last check; diverged: the error to show where one with the same entries came to another; pending: entries that wait for earlier
    ones; quarantined: bundles kept aside until their sender is known; trusted_to: by revoked device, its last entry that counts, left out
    where it wrote several streams.
    """

    now_ms: int
    me: str
    role: Role
    admitted: bool
    project: str
    words: tuple[str, ...]
    waiting: int
    unwitnessed: int
    last: LastExchange | None
    check: LastCheck | None
    agreeing: int
    diverged: ReviewerError | None
    devices: tuple[DeviceStanding, ...]
    trusted_to: dict[DeviceId, int]
    pending: int
    quarantined: int


class _Given(msgspec.Struct):
    """Up to which entry each stream of this machine was handed on."""

    streams: dict[StreamId, int] = {}


def overview(workspace: Workspace, ticket: Ticket) -> Outcome[Overview]:
    """How this replica stands with the others."""
    ticket.step(0, 1, "Reading")
    quarantined = len(list((workspace.folder / QUARANTINE).glob(f"*{SUFFIX}")))
    with workspace.read() as reading:
        check = _kept(reading, _CHECKED, LastCheck)
        project, words = _project(reading)
        return Outcome(
            Overview(
                now_ms=workspace.surroundings.now_ms(),
                me=workspace.me.name,
                role=workspace.me.role,
                admitted=not workspace.me.waiting,
                project=project,
                words=words,
                waiting=_waiting(reading),
                unwitnessed=_unwitnessed(reading),
                last=_kept(reading, _LAST, LastExchange),
                check=check,
                agreeing=_agreeing(reading, check),
                diverged=_diverged(reading),
                devices=standings(reading),
                trusted_to=_trusted(reading),
                pending=_count(reading, "SELECT count(*) FROM pending"),
                quarantined=quarantined,
            )
        )


class Standing(NamedTuple):
    """The least there is to say. others: whether anybody is there to sync with; waiting: labels that nobody else was given."""

    admitted: bool
    others: bool
    waiting: int


def standing(workspace: Workspace, ticket: Ticket) -> Outcome[Standing]:
    """Whether something waits to be synced; asked after every change."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(Standing(not workspace.me.waiting, _others(reading), _waiting(reading)))


def note_exchange(workspace: Workspace, ticket: Ticket, *, target: str, synced: Synced) -> Outcome[LastExchange]:
    """Remember what a sync with a target did, and that what lies here was handed on. To be called once the sync has succeeded."""
    ticket.step(0, 1, "Noting the exchange")
    with workspace.begin() as work:
        names = dict(work.rows("SELECT id, name FROM member"))
        last = LastExchange(
            at_ms=workspace.surroundings.now_ms(),
            place=place_words(target),
            sent=synced.sent,
            received=synced.received,
            kinds=dict(synced.kinds),
            members=tuple(sorted({str(names.get(member, member[:8])) for member in synced.members})),
            conflicts=synced.conflicts,
        )
        work.set_fact(_LAST, msgspec.json.encode(last).decode())
        if _others(work) and not _only_read(target, synced):
            work.set_fact(_GIVEN, msgspec.json.encode(_Given(_own_ends(work))).decode())
    return Outcome(last, Changes.MEMBERS)


def note_applied(workspace: Workspace, ticket: Ticket, *, source: Path, applied: Applied) -> Outcome[LastExchange | None]:
    """Remember what a bundle brought; nothing, for one that was kept aside."""
    taken = applied.taken
    if taken is None:
        return Outcome(None)
    received = Moved(taken.entries, taken.items)
    synced = Synced(Moved(0, 0), received, taken.conflicts, taken.pending, taken.kinds, taken.members)
    return Outcome(note_exchange(workspace, ticket, target=str(source), synced=synced).value, Changes.MEMBERS)


def note_given(workspace: Workspace, ticket: Ticket) -> Outcome[None]:
    """Remember that a bundle with all that lies here was written."""
    ticket.step(0, 1, "Noting the bundle")
    with workspace.begin(cached=True) as work:
        work.set_fact(_GIVEN, msgspec.json.encode(_Given(_own_ends(work))).decode())
    return Outcome(None, Changes.MEMBERS)


def note_check(workspace: Workspace, ticket: Ticket, *, found: Verification) -> Outcome[LastCheck]:
    """Remember what a verification found."""
    ticket.step(0, 1, "Noting the result")
    first = found.problems[0] if found.problems else None
    check = LastCheck(
        at_ms=workspace.surroundings.now_ms(),
        entries=found.entries,
        items=found.items,
        problems=len(found.problems),
        problem="" if first is None else f"{first.where}: {first.what}",
        digest=found.digest,
        set_digest=found.set_digest,
    )
    with workspace.begin(cached=True) as work:
        work.set_fact(_CHECKED, msgspec.json.encode(check).decode())
    return Outcome(check, Changes.MEMBERS)


def place_words(target: str) -> str:
    """A target in a few words, without user or password: “the hub at db.example.org”, “the folder stick”."""
    parts = urlsplit(target)
    if target.startswith(("postgresql://", "postgres://")):
        return shown(f"the hub at {parts.hostname or 'this machine'}", 60)
    if "://" in target and parts.scheme != "file":
        return shown(f"{parts.hostname or parts.scheme}{parts.path}", 60)
    path = Path(parts.path if parts.scheme == "file" else target)
    return shown(f"{'the bundle' if path.suffix.lower() == SUFFIX else 'the folder'} {path.name or path}", 60)


def _waiting(reading: Reading) -> int:
    """Labels of this machine beyond what was handed on, and beyond what any other device is known to have."""
    given = _given(reading)
    known = {
        StreamId(stream.hex()): seq
        for stream, seq in reading.rows(
            "SELECT h.stream, max(h.seq) FROM heard h WHERE h.device NOT IN (SELECT value FROM json_each(?)) GROUP BY h.stream",
            (msgspec.json.encode(devices_here(reading)).decode(),),
        )
    }
    return sum(_labels_after(reading, stream, max(given.get(stream, 0), known.get(stream, 0))) for stream in _own_ends(reading))


def _unwitnessed(reading: Reading) -> int:
    here = devices_here(reading)
    alone = receipts.unwitnessed(reading)
    return sum(_labels_after(reading, stream, one.since - 1) for stream, one in alone.items() if one.device in here)


def _labels_after(rows: Rows, stream: StreamId, seq: int) -> int:
    return _count(rows, "SELECT count(*) FROM entry WHERE stream = ? AND seq > ? AND kind = 'label'", (bytes.fromhex(stream), seq))


def _own_ends(rows: Rows) -> dict[StreamId, int]:
    """The streams that devices of this machine write, and how far."""
    here = devices_here(rows)
    own = [stream for stream in sending.streams(rows) if receipts.device_of(rows, stream) in here]
    return {stream: _count(rows, "SELECT max(seq) FROM entry WHERE stream = ?", (bytes.fromhex(stream),)) for stream in own}


def _given(rows: Rows) -> dict[StreamId, int]:
    kept = _kept(rows, _GIVEN, _Given)
    return {} if kept is None else kept.streams


def _others(rows: Rows) -> bool:
    """Whether anybody is there to whom something could be given."""
    here = devices_here(rows)
    return any(device not in here for (device,) in rows.rows("SELECT id FROM device WHERE revoked = 0"))


def _only_read(target: str, synced: Synced) -> bool:
    """A bundle file that was there is taken in, and nothing is written for others."""
    return Path(target).suffix.lower() == SUFFIX and not synced.sent.entries


def _trusted(rows: Rows) -> dict[DeviceId, int]:
    """Of several revocations of a device the lowest number holds. Where it wrote several streams, each ends elsewhere."""
    found: dict[DeviceId, int] = {}
    several = Counter[str]()
    for device, raw in rows.rows("SELECT r.device, e.body FROM revocation r JOIN entry e ON e.hash = r.hash"):
        value = msgspec.convert(msgspec.json.decode(raw)["value"], Revoke)
        several[device] += len({point.stream for point in value.trusted}) > 1
        cut = min((point.seq for point in value.trusted), default=0)
        found[device] = min(cut, found.get(device, cut))
    return {device: seq for device, seq in found.items() if not several[device]}


def _diverged(rows: Rows) -> ReviewerError | None:
    try:
        agreement.require(rows)
    except agreement.Diverged as error:
        return error
    return None


def _agreeing(rows: Rows, check: LastCheck | None) -> int:
    if check is None:
        return 0
    return _count(rows, "SELECT count(*) FROM contact WHERE set_digest = ? AND state_digest = ?", (check.set_digest, check.digest))


def _project(reading: Reading) -> tuple[str, tuple[str, ...]]:
    """The project's name and its six words; while one waits to be admitted, no name, and the words of the request that was written last."""
    if acting.joining(reading) is not None:
        return "", words_given(reading)
    found = project_in(reading)
    return ("", ()) if found is None else (found.name, found.words)


def _kept(rows: Rows, name: str, kind: type[T]) -> T | None:
    """A fact that this module wrote. One that cannot be read counts as not there: it only says what was."""
    kept = rows.fact(name)
    try:
        return None if kept is None else msgspec.json.decode(kept, type=kind)
    except (msgspec.MsgspecError, ValueError):
        return None


def _count(rows: Rows, sql: str, values: tuple[object, ...] = ()) -> int:
    return int((rows.row(sql, values) or (0,))[0] or 0)
