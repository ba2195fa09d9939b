"""A project of several replicas, simulated: people who act and never meet, late, doubled and spoilt deliveries, copies put back.

A seed decides everything, keys and times included. After `heal` the invariants of JOURNAL.md 2.10 hold; `check` may be asked any time.
"""

import json
import random
import shutil
from pathlib import Path
from typing import NamedTuple

from reviewer.domain import fold
from reviewer.domain.chain import Entry, EntryHash, entry_hash, header, parse
from reviewer.domain.errors import Damaged, Refused, TooNew
from reviewer.domain.facts import Link
from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage import keys
from reviewer.storage.digests import forks_of_tables
from reviewer.storage.receiving import Arrival
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.faults import acts, oracle, sticks, views
from tests.faults.sites import Books, Device, Site

SPOILT = 0.05  # share of deliveries in which a byte is changed
MOST_SITES = 7


class Broken(AssertionError):
    """An invariant that does not hold: which, where, and the step."""


class Packet(NamedTuple):
    """A delivery on its way."""

    source: str
    target: str
    arrivals: list[Arrival]
    blobs: list[bytes]


class Simulation:
    """The whole world; `run` it for a number of steps."""

    def __init__(
        self, seed: int, folder: Path, *, spoilt: float = SPOILT, cloned: float = 0.005, often: frozenset[str] = frozenset()
    ) -> None:
        """spoilt: share of deliveries in which a byte is changed; cloned: how often a step is a folder that is copied; often: see acts."""
        self.seed = seed
        self.spoilt, self.cloned, self.often = spoilt, cloned, often
        self.chance = random.Random(seed)
        self.folder = folder
        self.books = Books(self.chance)
        self.flying: list[Packet] = []
        self.sticks: list[sticks.Stick] = []
        self.apart: set[frozenset[str]] = set()
        self.happened: list[str] = []
        self.copies = 0
        ada = Workspace.create(folder / "s0", member="Ada", project="P", surroundings=worlds.surroundings(seed=seed))
        with ada.read() as reading:
            ((device, member, stream, role),) = reading.rows("SELECT id, member, stream, role FROM device")
            self.project = EntryHash(reading.fact("project") or "")
            ((raw, signature),) = reading.rows("SELECT body, sig FROM entry")
        self.books.devices[device] = Device(keys.load(device, None), member, "Ada", role, stream)
        self.books.members[member] = "Ada"
        self.books.made[self.project] = Arrival(bytes(raw), bytes(signature))
        self.sites = [Site(self.books, folder / "s0", device, ada)]
        for number, (name, role) in enumerate((("Ben", "adjudicator"), ("Cleo", "reviewer"), ("Dan", "lead")), 1):
            made = self.books.new_device(name, role)  # type: ignore[arg-type] # the cases name roles
            self.books.members[made.member] = name
            self.sites[0].record(acts.enrol_of(made))
            self.sites.append(Site(self.books, folder / f"s{number}", made.key.device))
        acts.ask(self.sites[0], self.chance)
        acts.draw(self.sites[0], self.chance)

    def run(self, steps: int, *, heal_every: int, check_every: int = 40) -> None:
        """Go on for so many steps. Raises Broken, and says how to repeat it."""
        for number in range(1, steps + 1):
            try:
                self.step()
                if number % check_every == 0:
                    self.check(self.chance.choice(self.sites))
                if number % heal_every == 0 or number == steps:
                    self.heal()
            except Exception as error:
                error.add_note(f"REVIEWER_FAULT_SEED={self.seed} REVIEWER_FAULT_STEPS={steps}: step {number}; last: {self.happened[-6:]}")
                raise

    def close(self) -> None:
        """Let go of every database."""
        for site in self.sites:
            site.workspace.close()

    # --- one step

    def step(self) -> None:
        """One thing happens."""
        luck = self.chance.random()
        if self.chance.random() < self.cloned:
            self._clone()
        elif luck < 0.62:
            self._act()
        elif luck < 0.75:
            self._send()
        elif luck < 0.78:
            self._write_stick()
        elif luck < 0.82:
            self._take_stick()
        elif luck < 0.95:
            self._deliver()
        elif luck < 0.97:
            self._part()
        elif luck < 0.98:
            self._copy()
        elif luck < 0.985:
            self._restore()
        else:
            self._move()

    def _act(self) -> None:
        site = self.chance.choice(self.sites)
        if not site.can_act and self.chance.random() < 0.9:
            self._move(site)
            return
        if site.workspace._member is None:
            site.reopen()
        if site.workspace._member is not None:
            what = acts.act(site, self.chance, site.workspace.me.role, self.often)
            self.happened.append(f"{site.name} {what}")

    def _move(self, site: Site | None = None) -> None:
        """Another device that this replica knows to be admitted works here from now on."""
        site = site or self.chance.choice(self.sites[1:])
        used = {other.device for other in self.sites}
        free = [name for (name,) in site.rows("SELECT id FROM device WHERE revoked = 0 ORDER BY id") if name not in used]
        if free:
            site.reopen(self.chance.choice(free))
            self.happened.append(f"{site.name} moves")

    def _send(self) -> None:
        """What a target lacks, as it is known or as it was; in one piece or several, in order or not, with its lists or without."""
        source, target = self.chance.sample(self.sites, 2)
        known = target.tips()
        if self.chance.random() < 0.15:
            known = self.chance.sample(known, len(known) // 2)
        arrivals = source.lacking(known)
        contents = source.contents()
        blobs = [contents[name] for name in sorted(contents)] if self.chance.random() < 0.7 else []
        if self.chance.random() < 0.4:
            self.chance.shuffle(arrivals)
        if self.chance.random() < 0.2 and arrivals:
            arrivals = self.chance.sample(arrivals, self.chance.randrange(len(arrivals)) + 1)
        while arrivals or blobs:
            size = self.chance.choice((1, 3, 20, 1_000))
            packet = Packet(source.name, target.name, arrivals[:size], blobs[:size])
            arrivals, blobs = arrivals[size:], blobs[size:]
            self.flying += [packet] * (2 if self.chance.random() < 0.1 else 1)
        self.happened.append(f"{source.name} sends to {target.name}")

    def _deliver(self) -> None:
        for _ in range(min(len(self.flying), self.chance.randrange(1, 4))):
            number = self.chance.randrange(len(self.flying))
            packet = self.flying[number]
            target = next((site for site in self.sites if site.name == packet.target), None)
            if frozenset((packet.source, packet.target)) in self.apart and target is not None:
                continue
            self.flying.pop(number)
            if target is None or self.chance.random() < 0.05:
                continue  # lost: it will be asked for again
            if packet.arrivals and self.chance.random() < self.spoilt:
                self._deliver_spoilt(target, packet)
            else:
                target.take(self.project, packet.arrivals, packet.blobs)
                if self.chance.random() < 0.2:
                    target.acknowledge()
            self.happened.append(f"{target.name} takes {len(packet.arrivals)}")

    def _deliver_spoilt(self, target: Site, packet: Packet) -> None:
        """One byte of one entry is changed: the whole delivery is refused and nothing moves, or what was changed makes no entry."""
        number = self.chance.randrange(len(packet.arrivals))
        good = packet.arrivals[number]
        bad = spoil(good, self.chance)
        name = entry_hash(bad.raw)
        before = (target.entries(), target.pending(), sorted(target.contents()), target.digest())
        changed = [*packet.arrivals[:number], bad, *packet.arrivals[number + 1 :]]
        try:
            target.take(self.project, changed, packet.blobs)
        except (Damaged, Refused) as error:
            expect(error.code in ("E204", "E206", "E207"), f"a changed byte was refused with {error.code}")
            after = (target.entries(), target.pending(), sorted(target.contents()), target.digest())
            expect(after == before, f"{target.name}: a refused delivery left something behind")
            return
        # Nobody can judge an entry of a device that nobody admitted: it may wait. A signature of what is here already says nothing new.
        expect(name in before[0] or name not in target.entries(), f"{target.name}: a changed entry was let in")
        self.books.spoilt.add(name)

    def _write_stick(self) -> None:
        source, target = self.chance.sample(self.sites, 2)
        stick = sticks.write(source, target, self.folder / "sticks", self.chance)
        if stick is not None:
            self.sticks.append(stick)
            self.happened.append(f"{source.name} writes a bundle for {target.name}")

    def _take_stick(self) -> None:
        if not self.sticks:
            return
        stick = self.sticks.pop(self.chance.randrange(len(self.sticks)))
        target = next((site for site in self.sites if site.name == stick.target), None)
        if target is None or self.chance.random() < 0.05:
            return  # lost on the train
        if target.workspace._member is None:
            target.reopen()
        if target.workspace._member is None:
            return  # who waits to be admitted opens nothing here: tests of joining do that
        if self.chance.random() < max(0.2, self.spoilt):
            sticks.take_spoilt(target, stick, self.chance)
        known = sticks.take(target, stick)
        if known and self.chance.random() < 0.3:
            sticks.take_again(target, stick)
        self.happened.append(f"{target.name} takes a bundle of {stick.source}")

    def _part(self) -> None:
        pair = frozenset(site.name for site in self.chance.sample(self.sites, 2))
        self.apart ^= {pair}

    def _copy(self) -> None:
        site = self.chance.choice(self.sites)
        self.copies += 1
        target = self.folder / "copies" / f"{self.copies}.db"
        site.copy(target)
        site.copies.append(target)

    def _restore(self) -> None:
        """An earlier copy takes the place of a replica; what nobody else has is lost with it."""
        site = self.chance.choice(self.sites)
        if site.copies:
            site.restore(self.chance.choice(site.copies))
            self._forget_what_nobody_has()
            self.happened.append(f"{site.name} is restored")

    def _forget_what_nobody_has(self) -> None:
        self.books.acknowledged &= {name for site in self.sites for name in site.entries()}  # what is on its way may never come

    def _clone(self) -> None:
        """A copy of a folder on which the same device goes on: its stream forks."""
        if len(self.sites) >= MOST_SITES:
            gone = self.chance.choice(self.sites[4:])
            self.sites.remove(gone)
            gone.workspace.close()
            shutil.rmtree(gone.folder)
            self._forget_what_nobody_has()
            return
        origin = self.chance.choice(self.sites)
        self.copies += 1
        folder = self.folder / f"clone{self.copies}"
        origin.copy(folder / "reviewer.db")
        self.sites.append(Site(self.books, folder, origin.device))
        self.happened.append(f"{origin.name} is cloned as {folder.name}")

    # --- healing, and what must hold then

    def heal(self) -> None:
        """Everything reaches everybody; then every invariant is looked at."""
        self.apart.clear()
        for packet in self.flying:
            target = next((site for site in self.sites if site.name == packet.target), None)
            if target is not None:
                target.take(self.project, packet.arrivals, packet.blobs)
        self.flying.clear()
        moved = True
        while moved:
            moved = False
            for source in self.sites:
                for target in self.sites:
                    lacking = source.lacking(target.tips())
                    have = target.contents()
                    blobs = [content for name, content in sorted(source.contents().items()) if name not in have]
                    if lacking or blobs:
                        received = target.take(self.project, lacking, blobs)
                        moved = moved or received.added > 0 or received.blobs > 0
        self._check_all()
        self.happened.append("healed")

    def _check_all(self) -> None:
        first = self.sites[0]
        entries, digest = first.entries(), first.digest()
        for site in self.sites:
            here = site.entries()
            expect(here.keys() == entries.keys(), f"I1 {site.name} has {len(here)} entries, {first.name} {len(entries)}")
            expect(site.digest() == digest, f"I1 {site.name} and {first.name}: the same entries, another state")
            lost = self.books.acknowledged - here.keys()
            expect(not lost, f"I2 {site.name}: {len(lost)} acknowledged entries are not here")
            self.check(site)
            expect(site.picks() == first.picks(), f"{site.name} and {first.name}: the same draws, other picks")
        self._check_pending(entries)
        self._check_forks(entries)
        self._check_fresh(entries, digest)
        self._check_repeats(digest)

    def check(self, site: Site) -> None:
        """What holds at any time: nothing changed or gone, all signed by somebody, the tables what the journal makes."""
        entries = site.entries()
        for name, (raw, signature) in entries.items():
            expect(self.books.made.get(name) == (raw, signature), f"I3/I5 {site.name}: entry {name[:8]} is not as it was signed")
        expect(site.seen <= entries.keys(), f"I6 {site.name}: entries are gone")
        site.seen = set(entries)
        found = verifying.verify(site.workspace, SILENT).value
        problems = [problem for problem in found.problems if problem.where != "items" and "is not here" not in problem.what]
        expect(not problems, f"{site.name}: {problems[:3]}")
        expect(found.digest == site.digest(), f"{site.name}: the fold and the tables differ")
        told = {name.hex(): why for name, why in site.rows("SELECT hash, why FROM uncounted")}
        folding = fold.Folding(self.project)
        bodies, later = [], []
        for one in shuffled(entries, self.chance):
            if isinstance(one, Link):
                folding.add_link(one)
                later.append(one)
            else:
                folding.add(one)
                bodies.append(one)
        state = folding.state()
        expect(state.digest == found.digest, f"I1 {site.name}: a fold in another order is another state")
        expect(dict(state.not_counted) == told, f"{site.name}: not counted for other reasons")
        wrong = list(oracle.wrongs(bodies, state, later))
        expect(not wrong, f"{site.name}: {wrong[:3]}")
        counted = {one.hash: one.body for one in bodies if one.hash not in told}
        wrong = list(views.wrongs(counted, site.contents(), oracle.gone_members(counted, state), site.views()))
        expect(not wrong, f"{site.name}: {wrong[:3]}")

    def _check_pending(self, entries: dict[str, tuple[bytes, bytes]]) -> None:
        for site in self.sites:
            for name, raw in site.pending().items():
                if name in self.books.spoilt:
                    continue
                seq, prev = place_of(raw)
                lost = prev not in entries and seq > 1  # what it follows was lost in a restore that nobody else had seen
                expect(lost, f"{site.name}: entry {seq} waits, and what it follows is here")

    def _check_forks(self, entries: dict[str, tuple[bytes, bytes]]) -> None:
        places: dict[tuple[str, int], set[str]] = {}
        for name, (raw, _) in entries.items():
            stream, seq = stream_of(raw)
            places.setdefault((stream, seq), set()).add(name)
        forks = {place: names for place, names in places.items() if len(names) > 1}
        with self.sites[0].workspace.read() as reading:
            told = {(one.stream, one.seq): set(one.entries) for one in forks_of_tables(reading)}
        expect(told == forks, f"I7 {len(forks)} forks, {len(told)} told")

    def _check_fresh(self, entries: dict[str, tuple[bytes, bytes]], digest: str) -> None:
        """A replica that gets everything in any order and any batches, and is asked for nothing twice, has the same state."""
        folder = self.folder / "fresh"
        fresh = Site(self.books, folder, self.sites[0].device)
        arrivals = [Arrival(raw, signature) for raw, signature in (entries[name] for name in sorted(entries))]
        blobs = [content for _, content in sorted(self.sites[0].contents().items())]
        self.chance.shuffle(arrivals)
        self.chance.shuffle(blobs)
        while arrivals or blobs:
            size = self.chance.choice((1, 5, 40, 500))
            fresh.take(self.project, arrivals[:size], blobs[:size])
            arrivals, blobs = arrivals[size:], blobs[size:]
        waits = len(fresh.pending())
        expect(waits == 0, f"I1 a fresh replica: {waits} entries wait, and everything is here")
        expect(fresh.digest() == digest, "I1 a fresh replica has another state")
        self.check(fresh)
        fresh.workspace.close()
        shutil.rmtree(folder)

    def _check_repeats(self, digest: str) -> None:
        source, target = self.chance.sample(self.sites, 2)
        again = [Arrival(*one) for one in source.entries().values()]
        self.chance.shuffle(again)
        received = target.take(self.project, again, list(source.contents().values()))
        expect((received.added, received.blobs) == (0, 0), f"I4 {target.name} took in {received.added} entries that it had")
        expect(target.digest() == digest, "I4 a repeat changed the state")
        before = (target.views(), target.picks())
        rebuilt = verifying.verify(target.workspace, SILENT, rebuild=True).value.digest
        expect(rebuilt == target.digest() == digest, f"{target.name}: a rebuild makes another state")
        expect((target.views(), target.picks()) == before, f"{target.name}: a rebuild shows items otherwise")


def expect(holds: bool, what: str) -> None:
    """Raise Broken unless it holds."""
    if not holds:
        raise Broken(what)


def spoil(good: Arrival, chance: random.Random) -> Arrival:
    """The same with one byte changed."""
    raw, signature = bytearray(good.raw), bytearray(good.signature)
    target = signature if chance.random() < 0.3 else raw
    target[chance.randrange(len(target))] ^= chance.choice((0x01, 0x80, 0xFF))
    return Arrival(bytes(raw), bytes(signature))


def shuffled(entries: dict[str, tuple[bytes, bytes]], chance: random.Random) -> list[Entry | Link]:
    """The entries in some order; of one of a later version, where it stands."""
    found: list[Entry | Link] = []
    for name, (raw, signature) in entries.items():
        try:
            found.append(Entry(EntryHash(name), parse(raw), raw, signature))
        except TooNew:
            said = header(raw)
            found.append(Link(EntryHash(name), said.device, said.stream, said.seq, said.prev))
    chance.shuffle(found)
    return found


def place_of(raw: bytes) -> tuple[int, str | None]:
    """The number of an entry in its stream, and what it follows."""
    said = json.loads(raw)
    return said["seq"], said["prev"]


def stream_of(raw: bytes) -> tuple[str, int]:
    """The stream of an entry, and its number there."""
    said = json.loads(raw)
    return said["stream"], said["seq"]
