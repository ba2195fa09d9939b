"""What a hub lacks of ours, and what we lack of the hub's: found from the ends and gaps of streams, never from a serial."""

from collections.abc import Collection
from typing import NamedTuple

from reviewer.storage.hub import Head, Hub, Name
from reviewer.storage.rows import Rows

_START = (0, b"")

Place = tuple[bytes, int, Name]  # stream, number, hash


class Wanted(NamedTuple):
    """Entries of a stream at the hub: all after a place, or, of a stream with gaps or two histories, those named."""

    stream: bytes
    n: int
    after: tuple[int, Name] = _START
    named: frozenset[tuple[int, Name]] | None = None


class Plan(NamedTuple):
    """push: hashes of our entries, each after those it follows; pull: streams in the order in which their devices were admitted."""

    push: tuple[Name, ...]
    pull: tuple[Wanted, ...]


class _Stream(NamedTuple):
    """A stream here. waiting: places of it in `pending`."""

    n: int
    top: int
    waiting: frozenset[tuple[int, Name]]


def plan(rows: Rows, hub: Hub, project: Name, heads: list[Head], refused: Collection[Place] = ()) -> Plan:
    """Compare every stream. refused: entries of the hub that do not hold, and are not wanted again."""
    here = _streams(rows)
    push: list[Name] = []
    pull: list[Wanted] = []
    for head in heads:
        ours = here.pop(head.stream, _Stream(0, 0, frozenset()))
        sends, wants = _compared(rows, hub, project, head, ours, refused)
        push += sends
        if wants is not None and wants.n:
            pull.append(wants)
    for stream in here:
        push += _after(rows, stream, 0)
    return Plan(_in_order(rows, push), tuple(pull))


def _compared(
    rows: Rows, hub: Hub, project: Name, head: Head, ours: _Stream, refused: Collection[Place]
) -> tuple[list[Name], Wanted | None]:
    if ours.n == 0 and not ours.waiting and not refused:
        return [], Wanted(head.stream, head.n)
    if ours.n == ours.top and head.n == head.top and not ours.waiting and ours.n:
        low = min(ours.top, head.top)
        mine = [name for (name,) in rows.rows("SELECT hash FROM entry WHERE stream = ? AND seq = ?", (head.stream, low))]
        theirs = head.hashes if head.top == low else tuple(name for _, name in hub.places(project, head.stream, least=low, most=low))
        if (*mine,) == theirs:  # and so is all that they follow
            wants = Wanted(head.stream, head.top - low, (low, mine[0])) if head.top > low else None
            if wants is None or not refused:
                return _after(rows, head.stream, low), wants
    return _exactly(rows, hub, project, head, ours, refused)


def _exactly(
    rows: Rows, hub: Hub, project: Name, head: Head, ours: _Stream, refused: Collection[Place]
) -> tuple[list[Name], Wanted | None]:
    """A stream with gaps, with two histories, or of which something waits here: compared entry by entry."""
    theirs = set(hub.places(project, head.stream))
    mine = {(seq, bytes(name)) for seq, name in rows.rows("SELECT seq, hash FROM entry WHERE stream = ?", (head.stream,))}
    lacking = theirs - mine - ours.waiting - {(seq, name) for stream, seq, name in refused if stream == head.stream}
    first = min((seq for seq, _ in lacking), default=1)
    wants = Wanted(head.stream, len(lacking), (first, b""), frozenset(lacking))
    return [name for _, name in sorted(mine - theirs)], wants


def _streams(rows: Rows) -> dict[bytes, _Stream]:
    waiting: dict[bytes, set[tuple[int, Name]]] = {}
    for stream, seq, name in rows.rows("SELECT stream, seq, hash FROM pending"):
        waiting.setdefault(stream, set()).add((seq, bytes(name)))
    found = {
        stream: _Stream(n, top, frozenset(waiting.pop(stream, ())))
        for stream, n, top in rows.rows("SELECT stream, count(*), max(seq) FROM entry GROUP BY stream")
    }
    return found | {stream: _Stream(0, 0, frozenset(places)) for stream, places in waiting.items()}


def _after(rows: Rows, stream: bytes, seq: int) -> list[Name]:
    return [name for (name,) in rows.rows("SELECT hash FROM entry WHERE stream = ? AND seq > ? ORDER BY seq, hash", (stream, seq))]


def _in_order(rows: Rows, names: list[Name]) -> tuple[Name, ...]:
    """In the order in which they were put in here: nothing was put in before what it follows."""
    numbered = [(rows.row("SELECT rowid FROM entry WHERE hash = ?", (name,)) or (0,), name) for name in names]
    return tuple(name for _, name in sorted(numbered))
