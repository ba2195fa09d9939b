"""The whole journal, read once more: each entry checked, and those that hold applied to the views, in an order that always works."""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from sqlcipher3 import dbapi2

from reviewer.domain.admissions import Standing, stand
from reviewer.domain.batches import batches
from reviewer.domain.chain import DeviceId, Entry, EntryHash, StreamId, entry_hash
from reviewer.domain.errors import Damaged
from reviewer.domain.facts import Link, Unfit, fact_of, typed
from reviewer.domain.fold import Folding
from reviewer.domain.state import State
from reviewer.storage import projections, signatures
from reviewer.storage.bulk import Bulk
from reviewer.storage.journal import Problem, Seen, Stored, Verifier
from reviewer.storage.projections import PHASES
from reviewer.storage.rows import ChangingRows, Rows, as_bytes

Step = Callable[[int, int, str], None]
Look = Callable[[Entry, msgspec.Struct | None], None]


class _Place(msgspec.Struct):
    device: DeviceId
    prev: EntryHash | None


_place = msgspec.json.Decoder(_Place)
_EARLY = frozenset(kind for phase in PHASES for kind in phase)
_SELECT = "SELECT stream, seq, hash, kind, body, sig FROM entry"
_EVERY = 250  # entries between two reports
_AT_ONCE, _AHEAD = 500, 6  # entries whose signatures are checked together, and how many such parts are read ahead


class Replayed(NamedTuple):
    """What a replay found. hashes: of all entries that can be read, those that do not count among them.

    complete: the table could be read to its end; where it could not, problems say so. damaged: streams with an entry that does not hold.
    """

    state: State
    hashes: list[EntryHash]
    problems: list[Problem]
    newer: int
    complete: bool
    damaged: frozenset[StreamId]


class _ReadAnew(NamedTuple):
    """The last fields of Replayed."""

    problems: list[Problem]
    newer: int
    complete: bool
    damaged: frozenset[StreamId]


Take = Callable[[Seen, Entry | Link | None, object], None]


def replay(rows: ChangingRows, step: Step, *, project: EntryHash | None, look: Look) -> Replayed:
    """Check every entry, fold them, and apply those that hold to the views of `rows`, which are empty. look: is shown those."""
    folding, hashes = Folding(project), list[EntryHash]()

    def take(seen: Seen, checked: Entry | Link | None, value: object) -> None:
        hashes.append(entry_hash(seen.stored.raw) if isinstance(seen.entry, str) else EntryHash(seen.stored.hash.hex()))
        if isinstance(checked, Link):
            folding.add_link(checked)
        elif checked is not None:
            folding.add_typed(checked, value)
            look(checked, None if isinstance(value, Unfit) else value)  # type: ignore[arg-type] # as typed

    read = _read_anew(rows, step, project, take, check=True)
    return Replayed(folding.state(), hashes, *read)


def _read_anew(rows: ChangingRows, step: Step, project: EntryHash | None, take: Take, *, check: bool) -> _ReadAnew:
    verifier, complete, number = Verifier(project, signatures=check), True, 0
    try:
        for number, kinds in enumerate(PHASES):
            if number == 0:
                verifier.learn(_of(rows, kinds))
            held = list(filter(None, map(verifier.holds, _of(rows, kinds))))
            if number == 0:
                projections.stand(rows, project, _standing(rows, project, held))
            for entry in held:
                _apply(rows, entry)
        verifier.known = partial(_is_here, rows)
        total = _count(rows)
        rows.bulk = Bulk(rows)
        for number, (seen, signed) in enumerate(_judged(rows, verifier, total if check else 0), 1):
            checked = verifier.check(seen, signed=signed)
            value = typed(checked.body) if isinstance(checked, Entry) else None
            if isinstance(checked, Entry) and checked.body.kind not in _EARLY:
                projections.apply(rows, checked, value)
            take(seen, checked, value)
            if number % _EVERY == 0 or number == total:
                step(number, total, "Checking entries")
        rows.bulk.finish()
    except (dbapi2.Error, UnicodeError) as error:
        verifier.problems.append(Problem("journal", f"It cannot be read beyond entry {number:,}: {error}"))
        complete = False
    finally:
        rows.bulk = None
    return _ReadAnew(verifier.problems, verifier.newer, complete, frozenset(verifier.damaged))


def _judged(rows: Rows, verifier: Verifier, claims: int) -> Iterator[tuple[Seen, bool]]:
    """Every entry as it was read, in the order of their coming, which is also the order of each stream; and whether its signature holds.

    claims: about how many signatures are to be checked. While those of some are, the ones before them are handed out.
    """
    stored = _stored(rows, f"{_SELECT} ORDER BY rowid")
    with signatures.checking(claims) as checker:
        asked: deque[tuple[list[tuple[Seen, bool]], Callable[[], list[bool]]]] = deque()
        for some in batches(map(verifier.see, stored), _AT_ONCE):
            claims_of = [verifier.claim(one) for one in some]
            claimed = [(one, claim is not None) for one, claim in zip(some, claims_of, strict=True)]
            asked.append((claimed, checker.submit([claim for claim in claims_of if claim is not None])))
            if len(asked) > _AHEAD:
                yield from _answered(*asked.popleft())
        while asked:
            yield from _answered(*asked.popleft())


def _answered(claimed: list[tuple[Seen, bool]], answers: Callable[[], list[bool]]) -> Iterator[tuple[Seen, bool]]:
    held = iter(answers())
    for one, asked in claimed:
        yield one, not asked or next(held)


def rebuild(rows: ChangingRows, step: Step, *, check: bool) -> None:
    """Make every view anew from the journal. Raises Damaged where it cannot be read to its end.

    check: False takes signatures on trust, as of entries that were checked when they came in.
    """
    project = rows.fact("project")
    projections.clear(rows)
    rows.memo.clear()
    made = _read_anew(rows, step, None if project is None else EntryHash(project), _look_away, check=check)
    if not made.complete:
        raise Damaged(made.problems[-1].what, "Restore the last backup; the views were left as they are.")
    rows.stale = False


def _look_away(_seen: Seen, _checked: Entry | Link | None, _value: object) -> None:
    """A rebuild makes the views and looks at nothing else."""


def _standing(rows: Rows, project: EntryHash | None, held: list[Entry]) -> Standing:
    facts = [fact_of(entry, value) for entry in held if not isinstance(value := typed(entry.body), Unfit) and value is not None]
    return stand(project, facts, partial(_links_of, rows))


def _links_of(rows: Rows, devices: Collection[DeviceId]) -> Iterator[Link]:
    """Every entry of the devices. Where none of them signed the first entry of a stream, they signed none of it."""
    firsts = "SELECT e.stream, e.body FROM (SELECT DISTINCT stream FROM entry) s JOIN entry e ON e.stream = s.stream AND e.seq = 1"
    theirs = [stream for stream, raw in rows.rows(firsts) if _place.decode(as_bytes(raw)).device in devices]
    for stream in dict.fromkeys(theirs):
        for name, seq, raw in rows.each("SELECT hash, seq, body FROM entry WHERE stream = ? ORDER BY seq", (stream,)):
            place = _place.decode(as_bytes(raw))
            if place.device in devices:
                yield Link(EntryHash(as_bytes(name).hex()), place.device, as_bytes(stream).hex(), seq, place.prev)


def _is_here(rows: Rows, stream: bytes, seq: int, name: str) -> bool:
    return rows.row("SELECT 1 FROM entry WHERE stream = ? AND seq = ? AND hash = ?", (stream, seq, bytes.fromhex(name))) is not None


def _apply(rows: ChangingRows, entry: Entry) -> None:
    projections.apply(rows, entry, typed(entry.body))


def _of(rows: Rows, kinds: Sequence[str]) -> list[Stored]:
    marks = ", ".join("?" * len(kinds))
    return list(_stored(rows, f"{_SELECT} WHERE kind IN ({marks}) ORDER BY rowid", kinds))


def _stored(rows: Rows, sql: str, parameters: Sequence[str] = ()) -> Iterator[Stored]:
    for stream, seq, name, kind, raw, signature in rows.each(sql, parameters):
        number = seq if isinstance(seq, int) else 0
        yield Stored(as_bytes(stream), number, as_bytes(name), str(kind), as_bytes(raw), as_bytes(signature))


def _count(rows: Rows) -> int:
    found = rows.row("SELECT count(*) FROM entry")
    return int(found[0]) if found else 0
