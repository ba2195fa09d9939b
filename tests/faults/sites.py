"""Replicas of one project for the simulation: workspaces whose keys, times and chance a seed repeats, and a record of all they wrote."""

import hashlib
import json
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from reviewer.domain import chain
from reviewer.domain.chain import DeviceId, EntryHash, MemberId, StreamId
from reviewer.domain.errors import NotFound
from reviewer.domain.events import Event, Role
from reviewer.storage import copies, deliveries, driver, keys, receiving, sending
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.receiving import Arrival, Received
from reviewer.storage.workspace import DATABASE, Workspace
from tests import replicas, worlds
from tests.faults.views import View


class Device(NamedTuple):
    """A key pair that a lead admits, or may."""

    key: keys.DeviceKey
    member: MemberId
    name: str
    role: Role
    stream: StreamId


class Books:
    """What nobody in the simulation can know: every entry that was ever signed, what was acknowledged, and what was spoilt on the way."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.made: dict[str, Arrival] = {}
        self.acknowledged: set[str] = set()
        self.spoilt: set[str] = set()  # hashes of changed bytes that may wait for a device that will never come
        self.campaigns: list[str] = []
        self.labels: list[tuple[str, str, str]] = []  # hash, campaign, item
        self.policies: list[tuple[str, str]] = []
        self.requeues: list[str] = []
        self.incidents: list[str] = []
        self.members: dict[str, str] = {}
        self.devices: dict[str, Device] = {}

    def new_device(self, name: str, role: Role, member: MemberId | None = None) -> Device:
        """A device whose key lies on this machine, admitted by nobody yet."""
        key = seeded_key(self.chance)
        keys.keep(key, None)
        made = Device(key, member or MemberId(self.chance.randbytes(16).hex()), name, role, StreamId(self.chance.randbytes(16).hex()))
        self.devices[key.device] = made
        return made


def seeded_key(chance: random.Random) -> keys.DeviceKey:
    """A device's keys that a seed repeats."""
    return keys.DeviceKey(
        Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)), X25519PrivateKey.from_private_bytes(chance.randbytes(32))
    )


@contextmanager
def seeded(chance: random.Random) -> Iterator[Path]:
    """A folder in memory, where there is some, and keys that a seed repeats, for the `with` block."""
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="reviewer-simulation-", dir=parent) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "new_key", lambda: seeded_key(chance))
        patch.setattr(receiving, "_MANY", 60)  # what these worlds write is little, and some deliveries are to be taken as large ones are
        patch.setenv("REVIEWER_CONFIG", str(Path(folder) / "config"))
        yield Path(folder)


class Site:
    """A replica on which one device works, if it was admitted as far as is known here."""

    def __init__(self, books: Books, folder: Path, device: DeviceId, workspace: Workspace | None = None) -> None:
        self.books = books
        self.folder = folder
        self.name = folder.name
        self.device = device
        self.seen: set[str] = set()  # entries at the last look: they may only grow
        self.copies: list[Path] = []
        self._around = worlds.surroundings(seed=books.chance.randrange(2**32))
        self.workspace = workspace or self._open()

    def _open(self) -> Workspace:
        fresh = not (self.folder / DATABASE).exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        workspace = Workspace(self.folder, surroundings=self._around)
        if fresh:
            workspace.migrate()
        with workspace.begin() as work:
            work.set_fact("devices_here", json.dumps([self.device]))
        with suppress(NotFound):  # nobody admitted this device as far as is known here: it can only take in
            workspace._choose(None)
        if workspace._member is not None and self.books.chance.random() < 0.6:
            copies.look(workspace)  # else its marks were lost, and it goes on where the copy stood: a fork
            self._note_own(workspace)
        return workspace

    def reopen(self, device: DeviceId | None = None) -> None:
        """Close and open, as another device if one is named."""
        self.workspace.close()
        self.device = device or self.device
        self.workspace = self._open()

    # --- asking

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """All rows of a statement."""
        with self.workspace.read() as reading:
            return reading.rows(sql, parameters)

    @property
    def can_act(self) -> bool:
        """Whether this site's device was admitted and not revoked, as far as is known here."""
        return self.rows("SELECT 1 FROM device WHERE id = ? AND revoked = 0", self.device) != []

    def entries(self) -> dict[str, tuple[bytes, bytes]]:
        """Every entry here: its bytes and signature, by hash."""
        return {name.hex(): (bytes(raw), bytes(sig)) for name, raw, sig in self.rows("SELECT hash, body, sig FROM entry")}

    def pending(self) -> dict[str, bytes]:
        """Everything that waits here: its bytes, by hash."""
        return {name.hex(): bytes(raw) for name, raw in self.rows("SELECT hash, body FROM pending")}

    def digest(self) -> str:
        """The state digest of the tables."""
        with self.workspace.read() as reading:
            return digest_of_tables(reading)

    def picks(self) -> list[Any]:
        """What all draws together picked, and what became of it. Not part of the digest: it depends on lists that may be missing."""
        sql = "SELECT c.hash, p.item, p.stratum, p.stream, p.pi, p.u, p.complete, p.answer FROM pick p JOIN campaign c ON c.id = p.campaign"
        return self.rows(f"{sql} ORDER BY 1, 2")

    def views(self) -> dict[tuple[str, str], View]:
        """Every drawn item as the tables show it."""
        asked: dict[tuple[str, str], set[tuple[str, str]]] = {}
        of_campaign = "JOIN campaign c ON c.id = t.campaign"
        for campaign, item, member, name in self.rows(f"SELECT c.hash, t.item, t.member, t.hash FROM asked_again t {of_campaign}"):
            asked.setdefault((campaign.hex(), item.hex()), set()).add((member, name.hex()))
        picks = self.rows(f"SELECT c.hash, t.item, t.complete, t.answer FROM pick t {of_campaign}")
        return {
            (place := (campaign.hex(), item.hex())): View(bool(complete), answer, frozenset(asked.get(place, ())))
            for campaign, item, complete, answer in picks
        }

    def tips(self) -> list[sending.Tip]:
        """Where every stream ends here."""
        with self.workspace.read() as reading:
            return sending.tips(reading)

    def lacking(self, known: list[sending.Tip]) -> list[Arrival]:
        """What somebody with these tips lacks."""
        with self.workspace.read() as reading:
            return [one for part in sending.lacking(reading, known) for one in sending.entries_of(reading, part)]

    def contents(self) -> dict[str, bytes]:
        """Every blob here."""
        return {name.hex(): bytes(content) for name, content in self.rows("SELECT hash, content FROM blob")}

    # --- acting

    def record(self, event: Event) -> EntryHash | None:
        """Write a fact and note it as acknowledged; None where this site's device was not admitted."""
        if self.workspace._member is None or self.workspace.me.waiting:
            self.reopen()
            if self.workspace._member is None:
                return None
        with self.workspace.begin() as work:
            name = work.record(event)
        self._note(name)
        if len(work._heads) > 1:  # it went on in a new stream first
            self.note_own()
        self.books.acknowledged.add(name)
        return name

    def keep(self, content: bytes) -> str:
        """Store bytes that an entry will name."""
        with self.workspace.begin() as work:
            return work.keep_blob(content)

    def write_raw(self, kind: str, value: dict[str, Any], *, version: int = 1) -> EntryHash | None:
        """Sign what this version would not write: an unknown kind, a value that does not fit, an entry of a later version."""
        if self.workspace._member is None:
            return None
        arrival = replicas.sign_anything(self.workspace, kind, value, version=version)
        self.note_own()  # it may have gone on in a new stream
        name = chain.entry_hash(arrival.raw)
        self.take(replicas.project_of(self.workspace), [arrival], [])
        self._note(name)
        return name

    def take(self, project: EntryHash, arrivals: list[Arrival], blobs: list[bytes]) -> Received:
        """One delivery, in one transaction."""
        return replicas.take(self.workspace, arrivals, project, blobs)

    def acknowledge(self) -> None:
        """What follows a delivery: receipts, forks that are told, a stream that forked left behind."""
        if self.workspace._member is not None and not self.workspace.me.waiting:
            deliveries.acknowledge(self.workspace)
            self.note_own()

    def note_own(self) -> None:
        """What the program wrote of its own accord is known to have been signed."""
        self._note_own(self.workspace)

    def _note_own(self, workspace: Workspace) -> None:
        """Entries that the program wrote of its own accord."""
        sql = "SELECT hash, body, sig FROM entry WHERE kind IN ('stream_open', 'fork_seen') AND json_extract(body, '$.device') = ?"
        with workspace.read() as reading:
            for name, raw, signature in reading.rows(sql, (self.device,)):
                self.books.made.setdefault(name.hex(), Arrival(bytes(raw), bytes(signature)))

    def _note(self, name: str) -> None:
        ((raw, signature),) = self.rows("SELECT body, sig FROM entry WHERE hash = ?", bytes.fromhex(name))
        self.books.made[name] = Arrival(bytes(raw), bytes(signature))

    # --- copies

    def copy(self, target: Path) -> None:
        """The database as it is now, through the backup API."""
        target.parent.mkdir(parents=True, exist_ok=True)
        source, copied = driver.connect(self.folder / DATABASE, read_only=True), driver.connect(target)
        source.backup(copied)
        copied.close()
        source.close()

    def restore(self, copy: Path) -> None:
        """Put an earlier copy in the place of the database."""
        self.workspace.close()
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / DATABASE).write_bytes(copy.read_bytes())
        self.workspace = self._open()
        self.seen = set(self.entries())


def digest_of(seen: Sequence[object]) -> str:
    """A short name of what happened, for comparing two runs of one seed."""
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
