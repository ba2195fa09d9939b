"""Sync through a place where files are left: take in every bundle that is new there, leave one with what others lack."""

import secrets
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import MemberId, StreamId
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.progress import Ticket
from reviewer.operations import arrivals, bundling
from reviewer.operations.bundling import QUARANTINE, Recipient
from reviewer.operations.synced import Moved, Synced
from reviewer.storage import sending
from reviewer.storage.acting import devices_here
from reviewer.storage.bundles import Changed, Incomplete, Manifest, NotABundle, NotForUs, TooLarge
from reviewer.storage.conflicts import conflicts_of_tables
from reviewer.storage.rows import ChangingRows, Rows
from reviewer.storage.sending import Range, Tip
from reviewer.storage.targets import SUFFIX, Left, Target
from reviewer.storage.workspace import Reading, Workspace


class _Memory(msgspec.Struct):
    """What is known of a place. seen: by name, [size, stamp] of files that need not be read again; covered: by device, what lies there."""

    seen: dict[str, tuple[int, str]] = {}
    covered: dict[str, list[tuple[str, int, str]]] = {}

    def knows(self, left: Left) -> bool:
        """Whether a file was read as it is now."""
        return self.seen.get(left.name) == (left.size_bytes, left.stamp)

    def cover(self, devices: Iterable[str], ends: Iterable[tuple[str, int, str]]) -> None:
        """Note what a bundle brings to whom."""
        for device in devices:
            known = {tuple(end) for end in self.covered.get(device, [])}
            self.covered[device] = sorted({*known, *ends})  # type: ignore[arg-type] # tuples of three all the same


class _Read(NamedTuple):
    """What became of a file: taken in (with what it said), or why not."""

    applied: bundling.Applied | None
    manifest: Manifest | None
    settled: bool
    note: str | None = None


def sync_folder(workspace: Workspace, ticket: Ticket, *, target: Target, dry_run: bool = False) -> Outcome[Synced]:
    """Exchange with everybody who uses a place. Nothing there is changed or removed; what is half there is tried again next time.

    dry_run: only says how much there is. Raises Offline, NotFound, NotSaved, Cancelled; what was taken in before is kept.
    """
    memory = _memory(workspace, target)
    fresh = [left for left in target.files() if not memory.knows(left)]
    if dry_run:
        return _foreseen(workspace, memory, fresh)
    reads = []
    for number, left in enumerate(fresh, 1):
        ticket.step(number, len(fresh) + 1, "Reading what is new")
        read = _read(workspace, ticket, target, left)
        reads.append(read)
        if read.manifest is not None:
            ends = [(part.stream, part.last, part.head) for part in read.manifest.ranges]
            memory.cover(read.manifest.recipients, ends)
        if read.settled:
            memory.seen[left.name] = (left.size_bytes, left.stamp)
            _remember(workspace, target, memory)
    sent = _send(workspace, ticket, target, memory)
    return Outcome(_summed(workspace, reads, sent), Changes.ALL if any(read.applied for read in reads) else Changes.NONE)


def _read(workspace: Workspace, ticket: Ticket, target: Target, left: Left) -> _Read:
    copy = workspace.folder / QUARANTINE / f"{secrets.token_hex(16)}{SUFFIX}"
    copy.parent.mkdir(exist_ok=True, mode=0o700)
    try:
        target.fetch(left.name, copy)
        manifest = bundling.inspect_bundle(workspace, ticket, source=copy).value.manifest
        applied = bundling.apply_bundle(workspace, ticket, source=copy).value
        return _Read(applied, manifest, settled=True, note=arrivals.UNKNOWN_SENDER if applied.taken is None else None)
    except (NotForUs, NotFound):
        return _Read(None, None, settled=True)
    except Incomplete as error:
        return _Read(None, None, settled=False, note=f"{error.what} It is tried again next time. [{error.code}]")
    except (NotABundle, Changed, TooLarge) as error:
        return _Read(None, None, settled=True, note=f"{error.what} [{error.code}]")
    except Refused as error:
        if error.code != "E206":
            raise
        return _Read(None, None, settled=True, note=f"{error.what} [{error.code}]")
    finally:
        copy.unlink(missing_ok=True)


class _Letter(NamedTuple):
    """What some devices lack, all of them the same."""

    recipients: list[Recipient]
    ranges: list[Range]


def _letters(reading: Reading, memory: _Memory) -> list[_Letter]:
    here = devices_here(reading)
    found: dict[tuple[tuple[str, int], ...], _Letter] = {}
    for one in bundling.recipients(reading):
        if one.device in here:
            continue
        covered = [Tip(StreamId(stream), seq, name) for stream, seq, name in memory.covered.get(one.device, [])]  # type: ignore[arg-type] # ours
        ranges = sending.lacking(reading, [*sending.known_to(reading, one.device), *covered])
        if ranges:
            found.setdefault(tuple((part.stream, part.after) for part in ranges), _Letter([], ranges)).recipients.append(one)
    return list(found.values())


def _send(workspace: Workspace, ticket: Ticket, target: Target, memory: _Memory) -> Moved:
    with workspace.read() as reading:
        letters = _letters(reading, memory) if reading.fact("project") is not None and reading.fact("joining") is None else []
    entries = items = 0
    for number, letter in enumerate(letters, 1):
        ticket.step(number, len(letters), "Leaving what others lack")
        name = secrets.token_hex(16)
        made = workspace.folder / QUARANTINE / f"{name}{SUFFIX}"
        made.parent.mkdir(exist_ok=True, mode=0o700)
        try:
            written = bundling.write_for(workspace, ticket, target=made, recipients=letter.recipients, ranges=letter.ranges)
            for file in written.files:
                target.put(file, file.name)
        finally:
            for file in made.parent.glob(f"{name}*{SUFFIX}"):
                file.unlink(missing_ok=True)
        memory.cover((one.device for one in letter.recipients), [(t.stream, t.seq, t.hash) for part in letter.ranges for t in part.tips])
        _remember(workspace, target, memory)
        entries += written.counts.entries
        items += written.counts.items
    return Moved(entries, items)


def _summed(workspace: Workspace, reads: list[_Read], sent: Moved) -> Synced:
    taken = [read.applied.taken for read in reads if read.applied is not None and read.applied.taken is not None]
    kinds: Counter[str] = Counter()
    members: set[MemberId] = set()
    for one in taken:
        kinds.update(one.kinds)
        members |= one.members
    with workspace.read() as reading:
        conflicts = len(conflicts_of_tables(reading))
        waiting = reading.row("SELECT count(*) FROM pending") or (0,)
        notes = arrivals.notes(reading, taken)
    return Synced(
        sent=sent,
        received=Moved(sum(one.entries for one in taken), sum(one.items for one in taken)),
        conflicts=conflicts,
        quarantined=len(list((workspace.folder / QUARANTINE).glob(f"*{SUFFIX}"))) + waiting[0],
        kinds=dict(kinds),
        members=frozenset(members),
        notes=(*(read.note for read in reads if read.note is not None), *notes),
    )


def _foreseen(workspace: Workspace, memory: _Memory, fresh: list[Left]) -> Outcome[Synced]:
    with workspace.read() as reading:
        letters = _letters(reading, memory) if reading.fact("joining") is None else []
        entries = sum(tip.seq - part.after for letter in letters for part in letter.ranges for tip in part.tips)
        conflicts = len(conflicts_of_tables(reading))
    notes = (f"{len(fresh)} files there were not read yet; how much is in them shows when they are opened.",) if fresh else ()
    return Outcome(Synced(Moved(entries, 0), Moved(0, 0), conflicts, 0, {}, frozenset(), notes))


def _fact(target: Target) -> str:
    return f"place.{target.fingerprint}"


def _memory(workspace: Workspace, target: Target) -> _Memory:
    with workspace.read() as reading:
        return _decoded(reading, target)


def _decoded(rows: Rows, target: Target) -> _Memory:
    kept = rows.fact(_fact(target))
    return _Memory({}, {}) if kept is None else msgspec.json.decode(kept, type=_Memory)


def _remember(workspace: Workspace, target: Target, memory: _Memory) -> None:
    with workspace.begin() as work:
        _write(work, target, memory)


def _write(work: ChangingRows, target: Target, memory: _Memory) -> None:
    work.set_fact(_fact(target), msgspec.json.encode(memory).decode())
