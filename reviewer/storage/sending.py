"""What another replica lacks: the ends of our streams, what lies beyond the ends that it is known to have, and what entries name."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from reviewer.domain import chain
from reviewer.domain.chain import DeviceId, EntryHash, StreamId
from reviewer.domain.errors import Damaged, TooNew
from reviewer.domain.events import blobs_of
from reviewer.domain.facts import Unfit, typed
from reviewer.storage.receiving import Arrival
from reviewer.storage.rows import ChangingRows, Rows

_STREAMS = (
    "WITH RECURSIVE one (stream) AS (SELECT min(stream) FROM entry UNION ALL SELECT (SELECT min(stream) FROM entry"
    " WHERE stream > one.stream) FROM one WHERE one.stream IS NOT NULL) SELECT stream FROM one WHERE stream IS NOT NULL"
)

_ANSWERS = frozenset({"label", "retract", "skip", "escalate", "resolve"})


class Tip(NamedTuple):
    """The end of a stream, or of one branch of it: an entry that none follows."""

    stream: StreamId
    seq: int
    hash: EntryHash


class Range(NamedTuple):
    """The entries of a stream after number `after`, and where they end: one tip, or one for each branch of a fork."""

    stream: StreamId
    after: int
    tips: tuple[Tip, ...]


class _Prev(msgspec.Struct):
    prev: str | None


def streams(rows: Rows) -> list[StreamId]:
    """All streams of which something is here, in order."""
    return [StreamId(stream.hex()) for (stream,) in rows.rows(_STREAMS)]


def tips(rows: Rows) -> list[Tip]:
    """Where every stream ends here, in the order of streams."""
    return [tip for (stream,) in rows.rows(_STREAMS) for tip in _tips_of(rows, stream)]


def lacking_to_some(rows: Rows, replicas: Iterable[Iterable[Tip]]) -> list[Range]:
    """What at least one of several replicas lacks, each given by its tips."""
    found: dict[str, Range] = {}
    for known in replicas:
        for part in lacking(rows, known):
            before = found.get(part.stream)
            found[part.stream] = part if before is None or part.after < before.after else before
    return [found[stream] for stream in sorted(found)]


def _tips_of(rows: Rows, stream: bytes) -> list[Tip]:
    count, last = rows.row("SELECT count(*), max(seq) FROM entry WHERE stream = ?", (stream,)) or (0, 0)
    if count == last:
        (name,) = rows.row("SELECT hash FROM entry WHERE stream = ? AND seq = ?", (stream, last)) or (b"",)
        return [Tip(StreamId(stream.hex()), last, EntryHash(name.hex()))]
    places = rows.rows("SELECT seq, hash, body FROM entry WHERE stream = ? ORDER BY seq, hash", (stream,))
    followed = {msgspec.json.decode(raw, type=_Prev).prev for _, _, raw in places}
    return [Tip(StreamId(stream.hex()), seq, EntryHash(name.hex())) for seq, name, _ in places if name.hex() not in followed]


def lacking(rows: Rows, known: Iterable[Tip]) -> list[Range]:
    """What a replica lacks that has the given tips, and whatever they follow."""
    theirs: dict[str, set[tuple[int, str]]] = {}
    for tip in known:
        theirs.setdefault(tip.stream, set()).add((tip.seq, tip.hash))
    found = []
    for (stream,) in rows.rows(_STREAMS):
        ours = _tips_of(rows, stream)
        have = theirs.get(stream.hex(), set())
        if {(tip.seq, tip.hash) for tip in ours} <= have:
            continue
        found.append(Range(StreamId(stream.hex()), _common(rows, stream, have, forked=len(ours) > 1), tuple(ours)))
    return found


def _common(rows: Rows, stream: bytes, theirs: set[tuple[int, str]], *, forked: bool) -> int:
    """Up to which number both have the same. Of a stream that forked here, no further than the last entry before the fork."""
    reach = 0
    for seq, name in theirs:
        if rows.row("SELECT 1 FROM entry WHERE stream = ? AND seq = ? AND hash = ?", (stream, seq, bytes.fromhex(name))) is not None:
            reach = max(reach, seq)
    if forked:
        split = "SELECT seq FROM entry WHERE stream = ? GROUP BY seq HAVING count(*) > 1 ORDER BY seq LIMIT 1"
        (first,) = rows.row(split, (stream,)) or (reach + 1,)
        return min(reach, first - 1)
    return reach


def entries_of(rows: Rows, part: Range) -> Iterator[Arrival]:
    """The entries of a range, each after the one that it follows."""
    sql = "SELECT body, sig FROM entry WHERE stream = ? AND seq > ? ORDER BY seq, hash"
    for raw, signature in rows.each(sql, (bytes.fromhex(part.stream), part.after)):
        yield Arrival(bytes(raw), bytes(signature))


class Named(NamedTuple):
    """What an entry names: blobs, and, of an import, the blob that lists its items. private: its blobs are a reviewer's own words."""

    blobs: tuple[str, ...]
    items: str | None
    private: bool


def named_by(arrival: Arrival) -> Named:
    """What an entry names; nothing, for one of a later version."""
    try:
        body = chain.parse(arrival.raw)
    except (TooNew, Damaged):
        return Named((), None, private=False)
    value = typed(body)
    fitting = None if isinstance(value, Unfit) else value
    items = body.value["items"]["blob"] if body.kind == "import" and fitting is not None else None
    return Named(blobs_of(body.note, fitting), items, private=body.kind in _ANSWERS)


def known_to(rows: Rows, device: DeviceId) -> list[Tip]:
    """The tips that a device had when it was heard from last."""
    sql = "SELECT stream, seq, hash FROM heard WHERE device = ?"
    return [Tip(StreamId(stream.hex()), seq, EntryHash(name.hex())) for stream, seq, name in rows.rows(sql, (device,))]


def note_heard(work: ChangingRows, device: DeviceId, known: Iterable[Tip], now_ms: int) -> None:
    """Note all that a device has, as it says itself. It takes the place of what was noted before: a restored device has less."""
    work.run("DELETE FROM heard WHERE device = ?", (device,))
    work.run_many(
        "INSERT INTO heard VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(device, bytes.fromhex(tip.stream), tip.seq, bytes.fromhex(tip.hash)) for tip in known],
    )
    work.run(
        "INSERT INTO contact (device, heard_ms) VALUES (?, ?) ON CONFLICT DO UPDATE SET heard_ms = max(heard_ms, excluded.heard_ms)",
        (device, now_ms),
    )
