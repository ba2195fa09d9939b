"""Streams with two histories: noted once for everybody, and left behind where they are our own."""

from typing import TYPE_CHECKING

import msgspec

from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.errors import ReviewerError
from reviewer.domain.events import Event, ForkSeen
from reviewer.domain.state import ForkFact
from reviewer.storage import streams
from reviewer.storage.digests import forks_of_tables
from reviewer.storage.receipts import device_of
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work


class _Follows(msgspec.Struct):
    prev: EntryHash | None


class _Seen(msgspec.Struct):
    value: ForkSeen


def splits(rows: Rows) -> list[ForkFact]:
    """Where streams parted: several entries that follow the same one. What stands side by side further on does so in consequence."""
    return [part for place in forks_of_tables(rows) for part in _parted(rows, place)]


def _parted(rows: Rows, place: ForkFact) -> list[ForkFact]:
    after: dict[EntryHash | None, list[EntryHash]] = {}
    for name in place.entries:
        (raw,) = rows.row("SELECT body FROM entry WHERE hash = ?", (bytes.fromhex(name),)) or (b"",)
        after.setdefault(msgspec.json.decode(raw, type=_Follows).prev, []).append(name)
    return [ForkFact(place.stream, place.seq, tuple(names)) for names in after.values() if len(names) > 1]


def note(work: "Work") -> list[ReviewerError]:
    """Record each fork that nobody has recorded as it stands, and go on in a new stream where it is our own.

    Returns what a person should be told: E210, or E109 where one of this machine's devices works in two places. Nothing is raised.
    """
    found = splits(work)
    seen = _seen(work) if found else set()
    told = []
    own = {one.stream: one for one in streams.own(work)}
    for fork in found:
        stream, entries = StreamId(fork.stream), fork.entries
        mine = own.get(stream)
        head = streams.head(work, stream)
        if mine is not None and head is not None:
            streams.go_on(work, mine, "fork", head)
            del own[stream]
        if frozenset(entries) in seen:
            continue
        work.record(Event("fork_seen", ForkSeen(stream, fork.seq, entries)))
        told.append(_told(work, fork, here=mine is not None))
    work.workspace.notices.extend(told)
    return told


def _told(rows: Rows, fork: ForkFact, *, here: bool) -> ReviewerError:
    if here:
        return ReviewerError("The same identity works in two places. Both histories are kept.", "Ask an administrator.", "E109")
    found = rows.row("SELECT m.name FROM device d JOIN member m ON m.id = d.member WHERE d.id = ?", (device_of(rows, fork.stream),))
    whose = f"{found[0]}'s device" if found else f"Stream {fork.stream[:8]}"
    return ReviewerError(
        f"{whose} has two histories from record {fork.seq:,}. Both kept; administrator informed.",
        "Ask whose device it is whether it was copied or restored.",
        "E210",
    )


def _seen(rows: Rows) -> set[frozenset[EntryHash]]:
    """The entries that each fork_seen names."""
    found = rows.each("SELECT body FROM entry WHERE kind = 'fork_seen'")
    return {frozenset(_read.value.entries) for _read in (msgspec.json.decode(raw, type=_Seen) for (raw,) in found)}
