"""Entries and contents from another replica: judged one by one, put in beside ours, and shown once all of them are in.

What holds and follows what is here becomes an entry. What waits for an earlier entry, or for its device to be admitted, lies in `pending`
and is asked again with each arrival. What no key signed is refused, and with it the whole transaction.
"""

from collections import Counter, deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from reviewer.domain import chain
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import MAX_BODY_BYTES, Body, DeviceId, Entry, EntryHash, Header, MemberId
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, Refused, TooNew
from reviewer.domain.events import Enrol
from reviewer.domain.facts import typed
from reviewer.storage import lists, projections
from reviewer.storage.journal import Author, Last, Stored, Verifier, stored_entry
from reviewer.storage.projections import PHASES
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work

_MANY = 2_000  # entries
MOST_PENDING = 100_000
MAX_BLOB_BYTES = 256 * 1024 * 1024
_ASK = "Ask for a new one; nothing was imported."


class Arrival(NamedTuple):
    """An entry as it came: its bytes and its signature (64 bytes)."""

    raw: bytes
    signature: bytes


class Received(NamedTuple):
    """What came in. kinds: new entries by kind; members: who wrote them; heads: streams that grew; forks: streams with two histories.

    pending: how many entries wait now, of this delivery or an earlier one.
    """

    added: int
    known: int
    pending: int
    kinds: dict[str, int]
    members: frozenset[MemberId]
    streams: frozenset[str]
    forks: frozenset[str]
    blobs: int
    changes: Changes


class _Arrived(NamedTuple):
    name: EntryHash
    head: Body | Header
    entry: Entry | None  # None for one of a later version
    raw: bytes
    signature: bytes
    waited: bool = False  # came earlier: this delivery does not answer for it

    @property
    def stored(self) -> Stored:
        head = self.head
        return Stored(bytes.fromhex(head.stream), head.seq, bytes.fromhex(self.name), head.kind, self.raw, self.signature)


class Receiving:
    """One delivery, inside one transaction: first `contents`, then `entries`, in any order and any number of calls, then `finish`.

    project: the root that the delivery says it belongs to; a replica that has none yet takes it as its own.
    """

    def __init__(self, work: "Work", *, project: EntryHash) -> None:
        known = work.fact("project")
        if known is not None and known != project:
            raise Refused(f"This belongs to project {project[:8]}, not to the one that is open.", "Open that project's workspace.", "E206")
        self._work = work
        self._project = project
        self._verifier = Verifier(project)
        self._verifier.learn(_admissions(work))
        self._new: list[_Arrived] = []
        self._streams: dict[str, tuple[int, EntryHash, DeviceId]] = {}  # the last entry put in, of each stream that grew
        self._waiting = _count(work, "SELECT count(*) FROM pending")
        self._known = 0
        self._number = 0
        self._forks: set[str] = set()
        self._blobs: list[str] = []

    def contents(self, blobs: Iterable[bytes]) -> None:
        """Keep bytes under their SHA-256. Those that were erased here stay away."""
        for content in blobs:
            if len(content) > MAX_BLOB_BYTES:
                raise Refused(f"Refused: a content of {len(content):,} bytes, limit {MAX_BLOB_BYTES:,}.", _ASK, "E207")
            name = sha256_hex(content)
            if self._work.put_blob(name, content):
                self._blobs.append(name)

    def entries(self, arrivals: Iterable[Arrival]) -> None:
        """Judge entries and put in those that hold. Raises Damaged for one that was changed or that no admitted device signed so."""
        fresh = list({one.name: one for one in map(self._read, arrivals) if one is not None}.values())
        self._verifier.learn([one.stored for one in fresh if one.head.kind in ("genesis", "enrol")])
        queue = deque(sorted(fresh, key=lambda one: one.head.kind not in ("genesis", "enrol")))
        while queue:
            one = queue.popleft()
            if self._is_here(one.name):
                continue  # it waited, and came again in this delivery
            try:
                verdict = self._judge(one)
            except Damaged:
                if not one.waited:
                    raise
                self._drop(one.name)  # nobody could judge it when it came; what it stands for is asked for again
                continue
            if verdict == "in":
                self._put_in(one)
                queue.extend(self._released(one))
            else:
                self._set_aside(one, verdict)

    def finish(self) -> Received:
        """Show what came in. The views are then what they are wherever the same entries lie."""
        changes = Changes.NONE
        revoked = {device for (device,) in self._work.rows("SELECT device FROM revocation")}
        # Even one that this version cannot read may say which branch of a revoked device's stream is trusted.
        self._work.stale = self._work.stale or any(one.head.device in revoked for one in self._new)
        if len(self._new) > _MANY and 2 * len(self._new) > _count(self._work, "SELECT count(*) FROM entry"):
            changes |= self._show_everything()
        else:
            for phase in (*PHASES, None):
                for one in self._new:
                    if _phase(one.head.kind) == phase and one.entry is not None:
                        changes |= projections.apply(self._work, one.entry, typed(one.entry.body))
            if self._blobs:
                changes |= lists.show(self._work, set(self._blobs))
        if self._new:
            changes |= Changes.MEMBERS
        self._work.changes |= changes
        return Received(
            added=len(self._new),
            known=self._known,
            pending=self._waiting,
            kinds=dict(Counter(one.head.kind for one in self._new)),
            members=frozenset(one.head.actor for one in self._new),
            streams=frozenset(one.head.stream for one in self._new),
            forks=frozenset(self._forks),
            blobs=len(self._blobs),
            changes=changes,
        )

    def _show_everything(self) -> Changes:
        """Most of what is here came just now: to make all views anew is quicker than to show so many entries one after another."""
        if self._is_here(self._project):
            self._work.set_fact("project", self._project)
        self._work.stale = True
        self._work.renew()
        return Changes.ALL

    # --- judging

    def _read(self, arrival: Arrival) -> _Arrived | None:
        """What an arrival says; None for an entry that is here."""
        self._number += 1
        if len(arrival.raw) > MAX_BODY_BYTES or len(arrival.signature) != 64:
            raise Refused(f"Refused: an entry of {len(arrival.raw):,} bytes, limit {MAX_BODY_BYTES:,}.", _ASK, "E207")
        name = chain.entry_hash(arrival.raw)
        if self._is_here(name):
            self._known += 1
            return None
        return self._parsed(name, arrival)

    def _parsed(self, name: EntryHash, arrival: Arrival) -> _Arrived:
        try:
            try:
                body: Body | Header = chain.parse(arrival.raw)
            except TooNew:
                body = chain.header(arrival.raw)
        except Damaged as error:
            raise self._changed() from error
        if body.project != (None if body.kind == "genesis" else self._project) or (body.kind == "genesis" and name != self._project):
            raise Refused("An entry of another project is among these.", _ASK, "E206")
        entry = Entry(name, body, arrival.raw, arrival.signature) if isinstance(body, Body) else None
        return _Arrived(name, body, entry, arrival.raw, arrival.signature)

    def _changed(self) -> Damaged:
        return Damaged(f"It was changed or damaged at record {self._number}. Nothing imported.", "Ask for a new one.", "E204")

    def _judge(self, one: _Arrived) -> Literal["in", "gap", "device"]:
        head = one.head
        author = self._verifier.author(head.device)
        if author is None:
            return "device"
        if not author.signed(one.name, one.signature):
            raise self._changed()
        if head.actor not in author.members:
            return "device"  # admitted for somebody else as well, as it seems, by an entry that is not here yet
        if head.seq == 1:
            return self._judge_first(one, author)
        before = self._before(head)
        if before is None:
            return "gap"
        if before != head.device:
            raise self._changed()  # nobody goes on in another device's stream
        return "in"

    def _judge_first(self, one: _Arrived, author: Author) -> Literal["in", "gap", "device"]:
        head = one.head
        if head.kind == "genesis":
            if head.prev is not None:
                raise self._changed()
            return "in"
        if head.prev is None:
            raise self._changed()
        if not self._is_here(head.prev):
            return "gap"
        if head.kind == "stream_open" or (head.stream in author.streams and head.prev in author.entries):
            return "in"
        try:
            value = typed(stored_entry(self._work, bytes.fromhex(head.prev)).body)
        except TooNew:
            return "device"  # a later version may know what this follows
        if isinstance(value, Enrol) and (value.device, value.stream) == (head.device, head.stream):
            return "device"  # a further admission, by somebody who has no right to it as far as is known here
        raise self._changed()

    def _before(self, head: Body | Header) -> DeviceId | None:
        """The device of the entry that this one follows; None where that is not here."""
        last = self._streams.get(head.stream)
        if last is not None and (last[0], last[1]) == (head.seq - 1, head.prev):
            return last[2]
        if head.prev is None:
            raise self._changed()
        place = (bytes.fromhex(head.stream), head.seq - 1, bytes.fromhex(head.prev))
        found = self._work.row("SELECT body FROM entry WHERE stream = ? AND seq = ? AND hash = ?", place)
        return None if found is None else chain.header(found[0]).device

    def _is_here(self, name: EntryHash) -> bool:
        return self._work.row("SELECT 1 FROM entry WHERE hash = ?", (bytes.fromhex(name),)) is not None

    # --- putting in, and putting aside

    def _put_in(self, one: _Arrived) -> None:
        stored = one.stored
        if self._work.row("SELECT 1 FROM entry WHERE stream = ? AND seq = ?", (stored.stream, stored.seq)) is not None:
            self._forks.add(one.head.stream)
        self._work.run(
            "INSERT INTO entry (stream, seq, hash, kind, body, sig, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*stored, self._work.workspace.surroundings.now_ms()),
        )
        self._work.memo.pop((Last, one.head.stream), None)
        self._new.append(one)
        self._streams[one.head.stream] = (one.head.seq, one.name, one.head.device)
        if self._waiting:
            self._drop(one.name)

    def _released(self, one: _Arrived) -> list[_Arrived]:
        """Entries that waited and may go in now."""
        if not self._waiting:
            return []
        value = typed(one.entry.body) if one.entry is not None else None
        devices = [one.head.device, *([value.device] if isinstance(value, Enrol) else [])]
        rows = self._work.rows(
            "SELECT hash, body, sig FROM pending WHERE (stream = ? AND seq = ?) OR (seq = 1 AND device IN (?, ?))",
            (bytes.fromhex(one.head.stream), one.head.seq + 1, devices[0], devices[-1]),
        )
        if isinstance(value, Enrol):
            rows += self._of_admitted()
        waiting: dict[EntryHash, _Arrived] = {}
        for name, raw, signature in rows:
            found = EntryHash(name.hex())
            try:
                waiting[found] = self._parsed(found, Arrival(bytes(raw), bytes(signature)))._replace(waited=True)
            except (Damaged, Refused):  # of another project, taken in before this replica had one
                self._drop(found)
        self._verifier.learn([found.stored for found in waiting.values() if found.head.kind == "enrol"])
        return list(waiting.values())

    def _of_admitted(self) -> list[Any]:
        """What waited for a device that somebody has admitted by now: the newest admission may have given another author the right to."""
        devices = [device for (device,) in self._work.rows("SELECT DISTINCT device FROM pending WHERE why = 'device'")]
        found = []
        for device in devices:
            if self._verifier.author(device) is not None:
                found += self._work.rows("SELECT hash, body, sig FROM pending WHERE device = ? AND why = 'device'", (device,))
        return found

    def _drop(self, name: EntryHash) -> None:
        self._waiting -= self._work.run("DELETE FROM pending WHERE hash = ?", (bytes.fromhex(name),))

    def _set_aside(self, one: _Arrived, why: str) -> None:
        if self._waiting and self._work.run("UPDATE pending SET why = ? WHERE hash = ?", (why, bytes.fromhex(one.name))):
            return  # it waits already
        if self._waiting >= MOST_PENDING:
            raise Refused(f"Refused: over {MOST_PENDING:,} records wait for earlier ones.", "Ask for the missing ones first.", "E207")
        stored = one.stored
        self._waiting += self._work.run(
            "INSERT INTO pending (hash, stream, seq, device, body, sig, why, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                stored.hash, stored.stream, stored.seq, one.head.device, one.raw, one.signature, why,
                self._work.workspace.surroundings.now_ms(),
            ),
        )  # fmt: skip


def missing(rows: Rows) -> list[tuple[str, int, int, str]]:
    """What entries wait for: (stream, first, last, device), for each gap before something that waits. JOURNAL.md section 5, E209."""
    found = []
    sql = "SELECT p.stream, min(p.seq), p.device FROM pending p WHERE why = 'gap' GROUP BY p.stream, p.device"
    for stream, first, device in rows.rows(sql):
        last = rows.row("SELECT max(seq) FROM entry WHERE stream = ? AND seq < ?", (stream, first))
        found.append((stream.hex(), (last[0] or 0) + 1 if last else 1, first - 1, device))
    return found


def _admissions(rows: Rows) -> list[Stored]:
    sql = "SELECT stream, seq, hash, kind, body, sig FROM entry WHERE kind IN ('genesis', 'enrol') ORDER BY rowid"
    return [Stored(bytes(s), seq, bytes(name), kind, bytes(raw), bytes(sig)) for s, seq, name, kind, raw, sig in rows.rows(sql)]


def _phase(kind: str) -> tuple[str, ...] | None:
    return next((phase for phase in PHASES if kind in phase), None)


def _count(rows: Rows, sql: str) -> int:
    found = rows.row(sql)
    return int(found[0]) if found else 0
