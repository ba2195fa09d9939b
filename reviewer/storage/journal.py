"""The signed, hash-chained journal: appending to the own stream, reading, verifying."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reviewer import __version__
from reviewer.domain import chain
from reviewer.domain.chain import Body, DeviceId, Entry, EntryHash, Head, MemberId, StreamId
from reviewer.domain.errors import Damaged
from reviewer.domain.events import Event, value_of
from reviewer.storage import keys

if TYPE_CHECKING:
    from reviewer.storage.workspace import Reading, Work

_JUMP_MS = 5 * 60 * 1000


class Signer(NamedTuple):
    """Who signs, with which key, into which stream."""

    member: MemberId
    device: DeviceId
    stream: StreamId
    key: Ed25519PrivateKey


class _Times(msgspec.Struct, frozen=True):
    """What of the entry before matters to the next one's clock."""

    wall_ms: int
    hlc: tuple[int, int]


_times = msgspec.json.Decoder(_Times)


class Clockwork:
    """Notices a clock that was set: wall time against a clock that never jumps, both in ms."""

    def __init__(self) -> None:
        self._wall: int | None = None
        self._steady = 0

    def judge(self, wall: int, steady: int, last_wall: int | None) -> chain.Clock:
        """How the device's clock moved since the last entry."""
        moved = 0 if self._wall is None else (wall - self._wall) - (steady - self._steady)
        self._wall, self._steady = wall, steady
        if last_wall is not None and wall < last_wall:
            return "jump_back"
        if moved > _JUMP_MS:
            return "jump_fwd"
        return "jump_back" if moved < -_JUMP_MS else "ok"


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
    return Entry(name, body, raw, signature)


def _body(work: "Work", event: Event, signer: Signer) -> Body:
    stream = bytes.fromhex(signer.stream)
    last = work.row("SELECT seq, hash, body FROM entry WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,))
    around = work.workspace.surroundings
    wall = around.now_ms()
    before = _times.decode(last[2]) if last is not None else None
    ms, n = before.hlc if before is not None else (0, 0)
    clock = work.workspace.clock.judge(wall, around.steady_ms(), before.wall_ms if before is not None else None)
    return Body(
        v=chain.VERSION,
        project=_project(work),
        stream=signer.stream,
        seq=last[0] + 1 if last is not None else 1,
        prev=EntryHash(last[1].hex()) if last is not None else _admission(work, signer),
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


def _admission(work: "Work", signer: Signer) -> EntryHash | None:
    """The `enrol` that lets a device begin its stream; None for the genesis."""
    found = work.row("SELECT admitted FROM device WHERE id = ?", (signer.device,))
    return None if found is None else EntryHash(found[0])


def entries(reading: "Reading") -> Iterator[tuple[bytes, int, bytes, str, bytes, bytes]]:
    """Every stored entry as it lies: stream, seq, hash, kind, body, signature; stream by stream in order."""
    return reading.each("SELECT stream, seq, hash, kind, body, sig FROM entry ORDER BY stream, seq, hash")


def check_heads(reading: "Reading") -> None:
    """Verify the last entry of each stream. Raises Damaged where one is not what was signed."""
    for device, sign_key, stream in reading.rows("SELECT id, sign_key, stream FROM device"):
        last = reading.row("SELECT hash, body, sig FROM entry WHERE stream = ? ORDER BY seq DESC LIMIT 1", (bytes.fromhex(stream),))
        if last is None:
            continue
        name = chain.entry_hash(bytes(last[1]))
        if name != last[0].hex() or not keys.verifies(sign_key, bytes(last[2]), chain.signed_bytes(name)):
            raise Damaged(
                f"The last record on {device[:8]} does not match its signature.", "Run `reviewer verify`; restore the last backup.", "E107"
            )


class Problem(NamedTuple):
    """What verification found: where, and what is wrong, in words."""

    where: str
    what: str


class Verifier:
    """Checks entries one by one, in stream order: bytes, hash, link, signature, and that their device was admitted."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._keys: dict[str, tuple[str, str]] = {}  # device: (public key, member)
        self._heads: dict[str, Head] = {}

    def admit(self, body: Body) -> None:
        """Learn a device's key from a genesis or an enrol entry."""
        if body.kind in ("genesis", "enrol"):
            self._keys[body.value["device"]] = (body.value["sign_key"], body.value["member"])

    def check(self, stream: bytes, seq: int, stored: bytes, kind: str, raw: bytes, signature: bytes) -> Entry | None:
        """The entry if it holds; else None, and a problem is noted."""
        where = f"entry {seq} of stream {stream.hex()[:8]}"
        try:
            body = chain.parse(raw)
        except Damaged as error:
            return self._problem(where, error.what)
        name = chain.entry_hash(raw)
        if name != stored.hex() or body.stream != stream.hex() or body.seq != seq or body.kind != kind:
            return self._problem(where, "Its bytes are not those that its hash names.")
        known = self._keys.get(body.device)
        if known is None:
            return self._problem(where, "Its device was not admitted.")
        if known[1] != body.actor or not keys.verifies(known[0], signature, chain.signed_bytes(name)):
            return self._problem(where, "It does not match its signature.")
        head = self._heads.get(body.stream)
        if (head is None and seq != 1) or not chain.continues(head, body):
            self._problem(where, "It does not follow the entry before it.")
        self._heads[body.stream] = Head(seq, name)
        return Entry(name, body, raw, signature)

    def _problem(self, where: str, what: str) -> Entry | None:
        self.problems.append(Problem(where, what))
        return None
