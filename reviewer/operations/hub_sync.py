"""Sync through a hub: what it lacks goes there, what we lack comes here, until both have the same; cut off, it goes on where it was."""

import random
import time
from typing import NamedTuple

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.domain.state import set_digest
from reviewer.operations import arrivals
from reviewer.operations.synced import Moved, Synced
from reviewer.storage import agreement, erasing, hub_memory, hub_witness
from reviewer.storage.acting import joining
from reviewer.storage.conflicts import conflicts_of_tables
from reviewer.storage.deliveries import acknowledge
from reviewer.storage.hub import AT_ONCE, Head, Hub, connected
from reviewer.storage.hub_address import Address, address_of
from reviewer.storage.hub_contents import Contents
from reviewer.storage.hub_exchange import Exchange, Tally
from reviewer.storage.hub_memory import Memory, Ours
from reviewer.storage.hub_plan import Plan, plan
from reviewer.storage.hub_requests import put_request
from reviewer.storage.joining import six_words
from reviewer.storage.targets import Offline
from reviewer.storage.workspace import Workspace

TRIES = 4  # in a row, without anything getting through
_MOST_FAILURES = 500
_ROUNDS = 8
_COMPARED = 10_000  # entries up to which both sets are compared hash by hash


def sync_hub(workspace: Workspace, ticket: Ticket, *, address: str, dry_run: bool = False) -> Outcome[Synced]:
    """Exchange entries, what they name, and receipts with a hub. address: `postgresql://…`. dry_run: counts only; nothing is written.

    Raises Offline E401, Untrusted E402, WentBack E403, Cancelled; what got through before is kept, and running it again completes it.
    """
    place = address_of(address)
    if dry_run:
        return Outcome(_foreseen(workspace, ticket, place))
    tally = Tally()
    notes = _persisting(workspace, ticket, place, tally)
    return Outcome(_summed(workspace, tally, notes), Changes.ALL if tally.received or tally.received_items else Changes.NONE)


def _persisting(workspace: Workspace, ticket: Ticket, place: Address, tally: Tally) -> list[str]:
    """Try again as long as anything gets through, in smaller parts where a line does not hold."""
    failures = without_progress = 0
    while True:
        before, added = tally.parts, 0
        try:
            with connected(place, at_once=max(1, AT_ONCE >> (2 * without_progress))) as hub:
                try:
                    return _Attempt(workspace, ticket, hub, tally).run()
                finally:
                    added = hub.added
        except Offline as error:
            failures += 1
            without_progress = 0 if added or tally.parts > before else without_progress + 1
            if without_progress == TRIES or failures == _MOST_FAILURES:
                with workspace.read() as reading:
                    waiting = hub_memory.waiting(reading, hub_memory.recall(reading, place))
                raise Offline(f"Offline. {waiting:,} records wait. All work is saved here.", f"{error.what} {error.hint}") from error
            _pause(ticket, 0.1 * 2**without_progress * (0.5 + random.random()))  # noqa: S311 - spreads clients out; nothing secret


def _pause(ticket: Ticket, seconds: float) -> None:
    for _ in range(max(1, round(seconds / 0.05))):
        ticket.step(0, 0, "Waiting for the hub")
        time.sleep(0.05)


class _Seen(NamedTuple):
    """What both sides had at a moment."""

    heads: list[Head]
    plan: Plan
    ours: Ours


class _Attempt:
    """What one connection does. Every step may be the last; all of them may be done again."""

    def __init__(self, workspace: Workspace, ticket: Ticket, hub: Hub, tally: Tally) -> None:
        self._workspace = workspace
        self._ticket = ticket
        self._hub = hub
        self._tally = tally

    def run(self) -> list[str]:
        """Returns what a person should know."""
        project, note = _project(self._workspace, self._hub)
        if project is None:
            return [note]
        with self._workspace.read() as reading:
            memory = hub_memory.recall(reading, self._hub.address)
        fresh = memory.empty
        exchange = Exchange(self._workspace, self._hub, project, self._tally, self._ticket.step)
        agreed = self._meet(project, memory, exchange)
        gap = exchange.contents.gap()
        if fresh or gap != memory.gap:
            exchange.fill()
            memory.gap = exchange.contents.gap()
        notes = []
        if agreed:
            hub_witness.exchange_receipts(self._workspace, self._hub, project)
            memory.told = hub_witness.exchange_digests(self._workspace, self._hub, project, memory.told)
            agreed = self._same(project, exchange)
        self._remember(memory)
        if not agreed:
            notes.append("Others wrote meanwhile: sync again for the last of it.")
        with self._workspace.read() as reading:
            erased = erasing.erased_items(reading)
        left = exchange.contents.still_there(map(ItemId, sorted(erased)))
        if left:
            notes.append(arrivals.left_at_hub(left))
        try:
            with self._workspace.read() as reading:
                agreement.require(reading)
        except agreement.Diverged as error:
            notes.append(f"{error.what} {error.hint} [{error.code}]")
        return notes

    def _meet(self, project: EntryHash, memory: Memory, exchange: Exchange) -> bool:
        """Send and take in until nothing is left. Returns whether that came about; others may write all the time."""
        for _ in range(_ROUNDS):
            self._ticket.step(0, 0, "Comparing with the hub")
            seen = self._look(project, memory)
            self._tally.settle(seen.plan.push)
            exchange.push(seen.plan.push)
            received = self._tally.received
            exchange.pull(seen.plan.pull)
            memory.note(seen.ours)
            self._remember(memory)
            if self._tally.received > received:
                acknowledge(self._workspace)
            if not seen.plan.push and not seen.plan.pull:
                return True
        return False

    def _look(self, project: EntryHash, memory: Memory) -> _Seen:
        return _look(self._workspace, self._hub, project, memory, self._tally, dry_run=False)

    def _same(self, project: EntryHash, exchange: Exchange) -> bool:
        """Compare the sets of entries themselves, where they are small; else their ends and numbers have been compared."""
        named = bytes.fromhex(project)
        with self._workspace.read() as reading:
            ours = {bytes(name) for (name,) in reading.rows("SELECT hash FROM entry")}
            aside = {bytes(name) for (name,) in reading.rows("SELECT hash FROM pending")}
        if len(ours) > _COMPARED or not (self._tally.parts or self._hub.added):
            return True
        theirs = self._hub.all_hashes(named) - aside - {name for _, _, name in self._tally.places}
        exchange.push(sorted(ours - theirs))  # nothing, unless somebody took entries out of the middle of a stream
        return set_digest(EntryHash(name.hex()) for name in ours | theirs) == set_digest(EntryHash(n.hex()) for n in ours)

    def _remember(self, memory: Memory) -> None:
        with self._workspace.read() as reading:
            if hub_memory.recall(reading, self._hub.address) == memory:
                return
        with self._workspace.begin() as work:
            hub_memory.keep(work, self._hub.address, memory)


def _look(workspace: Workspace, hub: Hub, project: EntryHash, memory: Memory, tally: Tally, *, dry_run: bool) -> _Seen:
    """Raises WentBack where the hub lacks what it had."""
    heads = hub.heads(bytes.fromhex(project))
    hub_memory.check(workspace, hub, project, memory, heads, dry_run=dry_run)
    with workspace.read() as reading:
        return _Seen(heads, plan(reading, hub, bytes.fromhex(project), heads, tally.places), hub_memory.ours(reading))


def _project(workspace: Workspace, hub: Hub, *, dry_run: bool = False) -> tuple[EntryHash | None, str]:
    """The project to exchange; None for a device that nobody has admitted yet: its request then waits at the hub, and the note says so."""
    with workspace.read() as reading:
        known, waits = reading.fact("project"), joining(reading)
        if known is not None or waits is None:
            return EntryHash(known or ""), ""
        found = hub.projects_naming(waits.device.encode())
        if len(found) > 1:
            raise Refused("Several projects of this hub admit this device.", "Ask the lead of yours for a bundle, and apply it first.")
        if found:
            return EntryHash(found[0].hex()), ""
        if dry_run:
            return None, "This device is not admitted yet."
        words = " ".join(six_words(put_request(hub, reading).digest))
        return None, f"Your request waits at the hub. Compare these six words with a lead, by voice: {words}."


def _foreseen(workspace: Workspace, ticket: Ticket, place: Address) -> Synced:
    with connected(place) as hub:
        ticket.step(0, 1, "Comparing with the hub")
        project, note = _project(workspace, hub, dry_run=True)
        if project is None:
            return _summed(workspace, Tally(), [note])
        with workspace.read() as reading:
            memory = hub_memory.recall(reading, place)
        seen = _look(workspace, hub, project, memory, Tally(), dry_run=True)
        sends, takes = Contents(workspace, hub, bytes.fromhex(project), ticket.step).foreseen()
    tally = Tally()
    tally.sent, tally.received = len(seen.plan.push), sum(one.n for one in seen.plan.pull)
    tally.sent_items, tally.received_items = sends, takes
    return _summed(workspace, tally, [])


def _summed(workspace: Workspace, tally: Tally, notes: list[str]) -> Synced:
    with workspace.read() as reading:
        conflicts = len(conflicts_of_tables(reading))
        (waiting,) = reading.row("SELECT count(*) FROM pending") or (0,)
        gaps = arrivals.waiting_notes(reading)
    return Synced(
        sent=Moved(tally.sent, tally.sent_items),
        received=Moved(tally.received, tally.received_items),
        conflicts=conflicts,
        quarantined=waiting + len(tally.refused),
        kinds=tally.kinds,
        members=frozenset(tally.members),
        notes=(*notes, *tally.refused.values(), *gaps),
    )
