"""The signed, hash-chained journal: appending to the own stream, reading, verifying."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from reviewer import __version__
from reviewer.domain import admissions, chain
from reviewer.domain.chain import Body, DeviceId, Entry, EntryHash, Head, Header, MemberId, StreamId
from reviewer.domain.errors import Damaged, TooNew
from reviewer.domain.events import Enrol, Event, Genesis, Role, StreamOpen, value_of
from reviewer.domain.facts import Link, typed
from reviewer.domain.members import may
from reviewer.storage import keys
from reviewer.storage.rows import Rows
from reviewer.storage.signatures import Claim

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work

JUMP_MS = 5 * 60 * 1000


class Signer(NamedTuple):
    """Who signs, with which key, into which stream."""

    member: MemberId
    device: DeviceId
    stream: StreamId
    key: Ed25519PrivateKey


class _Said(msgspec.Struct, frozen=True):
    """What of the last entry matters to the next one."""

    device: DeviceId
    wall_ms: int
    hlc: tuple[int, int]


class Last(NamedTuple):
    """The entry that the next one of a stream follows: its place, its device, and what its clocks said. hlc: [milliseconds, counter]."""

    head: Head
    device: DeviceId
    wall_ms: int
    hlc: tuple[int, int]
    project: EntryHash | None


_said = msgspec.json.Decoder(_Said)
_LAST = (
    "SELECT seq, hash, body, (SELECT value FROM fact WHERE name = 'project') FROM entry WHERE stream = ?"
    " ORDER BY seq DESC, hash DESC LIMIT 1"
)


class Clockwork:
    """Notices a clock that was set: wall time against a clock that never jumps, both in ms."""

    moved_ms = 0  # how far it was set, as last judged; back is negative

    def __init__(self) -> None:
        self._wall: int | None = None
        self._steady = 0

    def judge(self, wall: int, steady: int, last_wall: int | None) -> chain.Clock:
        """How the device's clock moved since the last entry."""
        since_opened = self._wall is None and last_wall is not None and wall < last_wall
        moved = 0 if self._wall is None else (wall - self._wall) - (steady - self._steady)
        self.moved_ms = wall - (last_wall or 0) if since_opened else moved
        self._wall, self._steady = wall, steady
        if last_wall is not None and wall < last_wall:
            return "jump_back"
        if moved > JUMP_MS:
            return "jump_fwd"
        return "jump_back" if moved < -JUMP_MS else "ok"


def append(work: "Work", event: Event, signer: Signer) -> Entry:
    """Sign a fact and put it at the end of the signer's stream, inside the open transaction."""
    body = _body(work, event, signer)
    value_of(event.kind, body.value)  # what readers would not take is never signed
    raw = chain.compose(body)
    name = chain.entry_hash(raw)
    signature = signer.key.sign(chain.signed_bytes(name))
    work.run(
        "INSERT INTO entry (stream, seq, hash, kind, body, sig, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (bytes.fromhex(signer.stream), body.seq, bytes.fromhex(name), event.kind, raw, signature, body.wall_ms),
    )
    work.memo[Last, signer.stream] = Last(Head(body.seq, name), body.device, body.wall_ms, body.hlc, body.project or name)
    return Entry(name, body, raw, signature)


def last(work: "Work", stream: StreamId) -> Last | None:
    """The last entry of a stream; of one that forked, of its longest branch. None for a stream that has not begun."""
    known: Last | None = work.memo.get((Last, stream))
    if known is None:
        found = work.row(_LAST, (bytes.fromhex(stream),))
        if found is None:
            return None
        seq, name, raw, project = found
        said = _said.decode(raw)
        known = work.memo[Last, stream] = Last(Head(seq, EntryHash(name.hex())), said.device, said.wall_ms, said.hlc, project)
    return known


def _body(work: "Work", event: Event, signer: Signer) -> Body:
    before = last(work, signer.stream)
    around = work.workspace.surroundings
    wall = around.now_ms()
    ms, n = before.hlc if before is not None else (0, 0)
    clock = work.workspace.clock.judge(wall, around.steady_ms(), before.wall_ms if before is not None else None)
    return Body(
        v=chain.VERSION,
        project=before.project if before is not None else _project(work),
        stream=signer.stream,
        seq=before.head.seq + 1 if before is not None else 1,
        prev=before.head.hash if before is not None else _before_first(work, event, signer),
        kind=event.kind,
        actor=signer.member,
        device=signer.device,
        deps=tuple(sorted(event.deps)),
        value=msgspec.to_builtins(event.value),
        reason=event.reason,
        note=event.note,
        wall_ms=wall,
        tz=around.time_zone(),
        hlc=(wall, 0) if wall > ms else (ms, n + 1),
        clock=clock,
        dur_ms=event.dur_ms,
        app=__version__,
    )


def _project(work: "Work") -> EntryHash | None:
    found = work.row("SELECT value FROM fact WHERE name = 'project'")
    return None if found is None else EntryHash(found[0])


def _before_first(work: "Work", event: Event, signer: Signer) -> EntryHash | None:
    """What the first entry of a stream follows: the head that its device left behind, else the `enrol` that admitted it; None: genesis."""
    if isinstance(event.value, StreamOpen) and event.value.old is not None:
        return event.value.old
    found = work.row("SELECT admitted FROM device WHERE id = ?", (signer.device,))
    return None if found is None else EntryHash(found[0])


def stored_entry(rows: Rows, name: bytes) -> Entry:
    """An entry that is here. name: its hash, 32 bytes. Raises TooNew for one of a later version."""
    raw, signature = rows.row("SELECT body, sig FROM entry WHERE hash = ?", (name,))  # type: ignore[misc] # whoever asks has seen it
    return Entry(EntryHash(name.hex()), chain.parse(bytes(raw)), bytes(raw), bytes(signature))


def check_heads(reading: Rows) -> None:
    """Verify the last entry of each stream. Raises Damaged where one is not what was signed."""
    # A device that left its first stream writes another one: both are looked at.
    enrolled = "SELECT id, sign_key, stream FROM device"
    current = "SELECT d.id, d.sign_key, f.value FROM device d JOIN fact f ON f.name = 'stream.' || d.id"
    for device, sign_key, stream in reading.rows(f"{enrolled} UNION {current}"):
        last = reading.row("SELECT hash, body, sig FROM entry WHERE stream = ? ORDER BY seq DESC LIMIT 1", (bytes.fromhex(stream),))
        if last is None:
            continue
        name = chain.entry_hash(bytes(last[1]))
        if name != last[0].hex() or not keys.verifies(keys.public_key(sign_key), bytes(last[2]), chain.signed_bytes(name)):
            raise Damaged(
                f"The last record on {device[:8]} does not match its signature.", "Run `reviewer verify`; restore the last backup.", "E107"
            )


class Problem(NamedTuple):
    """What verification found: where, and what is wrong, in words."""

    where: str
    what: str


class Stored(NamedTuple):
    """An entry as it lies in the table, not looked at yet."""

    stream: bytes
    seq: int
    hash: bytes
    kind: str
    raw: bytes
    signature: bytes

    @property
    def where(self) -> str:
        """How a person is told which entry it is."""
        return f"entry {self.seq} of stream {self.stream.hex()[:8]}"


class Seen(NamedTuple):
    """Stored bytes that were read: the entry, what of one of a later version can be read, or what is wrong with them."""

    stored: Stored
    entry: Entry | Header | str


class Author(NamedTuple):
    """A device that was admitted: its key, and all that its admissions say of it."""

    key: Ed25519PublicKey
    role: Role
    streams: frozenset[str]
    members: frozenset[MemberId]
    entries: frozenset[EntryHash]

    def signed(self, name: EntryHash, signature: bytes) -> bool:
        """Whether the entry of this hash bears the device's signature."""
        return keys.verifies(self.key, signature, chain.signed_bytes(name))


class Verifier:
    """Checks entries one by one: bytes, hash, signature, that their device was admitted, and that each follows the one before it.

    First `learn` the genesis and every enrol; then `see` and `check` each stream's entries in order. project: the root, as this replica
    knows it. signatures: False takes them on trust.
    """

    def __init__(self, project: EntryHash | None, *, signatures: bool = True) -> None:
        self._signatures = signatures
        self.known: Callable[[bytes, int, str], bool] = lambda _stream, _seq, _hash: False  # is an entry here; asked where a stream forks
        self.problems: list[Problem] = []
        self.damaged: set[StreamId] = set()  # streams with an entry that does not hold
        self.newer = 0  # entries of a later version: kept, not understood
        self._project = project
        self._devices: dict[DeviceId, Author] = {}
        self._unlearnt: list[Entry] = []
        self._heads: dict[StreamId, tuple[Head, DeviceId]] = {}

    def learn(self, admissions: Iterable[Stored]) -> list[Entry]:
        """Take in devices that a chain of leads ties to the root, whatever order their entries come in.

        Returns the genesis and the enrol entries of leads, each after the one that admits its author. The others are asked again with
        the next that are learnt. Notes no problem: `check` does.
        """
        learnt: list[Entry] = []
        waiting = self._unlearnt
        waiting += [entry for entry in (self._read(one) for one in admissions) if isinstance(entry, Entry)]
        more = True
        while more:
            more = False
            for entry in list(waiting):
                if self._admits(entry):
                    waiting.remove(entry)
                    learnt.append(entry)
                    more = True
        return learnt

    def _admits(self, entry: Entry) -> bool:
        value = typed(entry.body)
        if isinstance(value, Genesis):
            if entry.hash != self._project or not self._is_signed(entry, keys.public_key(value.sign_key)):
                return False
            self._admit(value.device, value.sign_key, "lead", entry.body.stream, value.member, entry.hash)
            return True
        author = self._devices.get(entry.body.device)
        if not isinstance(value, Enrol) or author is None or entry.body.actor not in author.members or not may(author.role, "enrol"):
            return False
        if entry.body.project != self._project or not self._is_signed(entry, author.key):
            return False
        self._admit(value.device, value.sign_key, value.role, value.stream, value.member, entry.hash)
        return True

    def _admit(self, device: DeviceId, sign_key: str, role: Role, stream: str, member: MemberId, entry: EntryHash) -> None:
        before = self._devices.get(device) or Author(keys.public_key(sign_key), role, frozenset(), frozenset(), frozenset())
        self._devices[device] = Author(
            before.key,
            max(before.role, role, key=admissions.RANK.__getitem__),
            before.streams | {stream},
            before.members | {member},
            before.entries | {entry},
        )

    def author(self, device: DeviceId) -> Author | None:
        """The device, if a chain of leads admitted it, whether or not it was revoked since."""
        return self._devices.get(device)

    def holds(self, stored: Stored) -> Entry | None:
        """The entry if its bytes, hash and signature hold, whatever comes before it; notes no problem."""
        entry = self._read(stored)
        if not isinstance(entry, Entry):
            return None
        author = self._devices.get(entry.body.device)
        return entry if author is not None and entry.body.actor in author.members and self._is_signed(entry, author.key) else None

    def see(self, stored: Stored) -> Seen:
        """Read stored bytes; whether they hold is for `check` to say."""
        return Seen(stored, self._read(stored))

    def claim(self, seen: Seen) -> Claim | None:
        """What is to be true of an entry's signature; None where that need not be asked."""
        head = seen.entry.body if isinstance(seen.entry, Entry) else seen.entry
        author = None if isinstance(head, str) else self._devices.get(head.device)
        if author is None or not self._signatures:
            return None
        name = EntryHash(seen.stored.hash.hex())
        return Claim(author.key.public_bytes_raw(), seen.stored.signature, chain.signed_bytes(name))

    def check(self, seen: Seen, *, signed: bool = True) -> Entry | Link | None:
        """The entry if it holds, or, of one of a later version, where it stands; else None, and a problem is noted.

        signed: whether its `claim` is true. One that holds in the wrong place is returned, and noted.
        """
        stored, entry = seen
        before = self._heads.get(StreamId(stored.stream.hex()))
        if isinstance(entry, Header):
            return self._check_later(stored, before, entry, signed=signed)
        if not isinstance(entry, Entry):
            self._go_past(stored, before)
            self._note(stored, entry)
            return None
        body = entry.body
        self._heads[body.stream] = (Head(body.seq, entry.hash), body.device)
        author = self._devices.get(body.device)
        wrong = self._what_is_wrong(author, body, signed=signed)
        if author is None or wrong is not None:
            self._note(stored, wrong or "")
            return None
        if not self._follows(before, body, entry.hash, author):
            self._note(stored, "It does not follow the entry before it.")
        return entry

    def _check_later(self, stored: Stored, before: tuple[Head, DeviceId] | None, head: Header, *, signed: bool) -> Link | None:
        self.newer += 1
        name = EntryHash(stored.hash.hex())
        author = self._devices.get(head.device)
        wrong = self._what_is_wrong(author, head, signed=signed)
        if author is None or wrong is not None:
            self._go_past(stored, before)
            self._note(stored, wrong or "")
            return None
        self._heads[head.stream] = (Head(head.seq, name), head.device)
        if not self._follows(before, head, name, author):
            self._note(stored, "It does not follow the entry before it.")
        return Link(name, head.device, head.stream, head.seq, head.prev)

    def _go_past(self, stored: Stored, before: tuple[Head, DeviceId] | None) -> None:
        device = before[1] if before is not None else DeviceId("")
        self._heads[StreamId(stored.stream.hex())] = (Head(stored.seq, EntryHash(stored.hash.hex())), device)

    def _what_is_wrong(self, author: Author | None, head: Body | Header, *, signed: bool) -> str | None:
        if author is None or head.actor not in author.members:
            return "Its device was not admitted."
        if not signed:
            return "It does not match its signature. [E107]"
        if head.project != (None if head.kind == "genesis" else self._project):
            return "It belongs to another project."
        return None

    def _follows(self, before: tuple[Head, DeviceId] | None, body: Body | Header, name: EntryHash, author: Author) -> bool:
        if before is not None and body.seq > 1:
            if before[1] not in (body.device, ""):
                return False
            # The other branch of a fork goes on from an entry further back.
            return chain.continues(before[0], body) or (
                body.prev is not None and self.known(bytes.fromhex(body.stream), body.seq - 1, body.prev)
            )
        if body.kind == "genesis":
            return body.seq == 1 and body.prev is None and name == self._project
        own = body.stream in author.streams or body.kind == "stream_open"
        return body.seq == 1 and own and body.prev is not None and (body.prev in author.entries or body.kind == "stream_open")

    def _read(self, stored: Stored) -> Entry | Header | str:
        """The entry of stored bytes, or what of one of a later version can be read; else what is wrong with them."""
        body: Body | Header
        try:
            try:
                body = chain.parse(stored.raw)
            except TooNew:
                body = chain.header(stored.raw)
        except Damaged as error:
            return error.what
        name = chain.entry_hash(stored.raw)
        said = (body.stream, body.seq, body.kind)
        if name != stored.hash.hex() or said != (stored.stream.hex(), stored.seq, stored.kind):
            return "Its bytes are not those that its hash names."
        return Entry(name, body, stored.raw, stored.signature) if isinstance(body, Body) else body

    def _is_signed(self, entry: Entry, key: Ed25519PublicKey) -> bool:
        return not self._signatures or keys.verifies(key, entry.signature, chain.signed_bytes(entry.hash))

    def _note(self, stored: Stored, what: str) -> None:
        self.problems.append(Problem(stored.where, what))
        self.damaged.add(StreamId(stored.stream.hex()))
