"""Who is known to hold an entry, and where its stream has two histories."""

from collections.abc import Iterator

import msgspec

from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.events import ForkSeen
from reviewer.domain.stories import Fork, How, Witness
from reviewer.storage.acting import devices_here
from reviewer.storage.rows import Rows


class _Prev(msgspec.Struct):
    prev: str | None


class _Seen(msgspec.Struct):
    device: str
    value: ForkSeen


_prev = msgspec.json.Decoder(_Prev)
_seen = msgspec.json.Decoder(_Seen)


class Branches:
    """The stream of one entry: which places of it come after that entry on its own branch."""

    def __init__(self, rows: Rows, entry: Entry) -> None:
        self._rows = rows
        self._entry = entry
        self.stream = bytes.fromhex(entry.body.stream)
        count, last = rows.row("SELECT count(*), max(seq) FROM entry WHERE stream = ?", (self.stream,)) or (0, 0)
        self.forked = count > last

    def reaches(self, seq: int, name: bytes) -> bool:
        """Whether who has the entry of this place, and all that it follows, has the entry in question. An unknown place proves nothing."""
        at = self._before(seq, name, self._entry.body.seq)
        return at == bytes.fromhex(self._entry.hash)

    def own(self, seq: int) -> bytes | None:
        """Which of the entries at a place the entry in question is or follows; None where it comes before that place."""
        return self._before(self._entry.body.seq, bytes.fromhex(self._entry.hash), seq)

    def _before(self, seq: int, name: bytes, wanted: int) -> bytes | None:
        """What stands at number `wanted` on the branch that leads to a place."""
        if wanted > seq:
            return None
        found = self._rows.row("SELECT body FROM entry WHERE stream = ? AND seq = ? AND hash = ?", (self.stream, seq, name))
        if found is None:
            return None
        if not self.forked:
            (only,) = self._rows.row("SELECT hash FROM entry WHERE stream = ? AND seq = ?", (self.stream, wanted)) or (None,)
            return only
        while seq > wanted:
            name = bytes.fromhex(_prev.decode(found[0]).prev or "")
            seq -= 1
            found = self._rows.row("SELECT body FROM entry WHERE stream = ? AND seq = ? AND hash = ?", (self.stream, seq, name))
            if found is None:
                return None
        return name


def witnesses(rows: Rows, entry: Entry, branches: Branches) -> tuple[Witness, ...]:
    """The devices that are known to hold an entry, each once: its author first, receipts by their times, then the others."""
    names = dict(rows.rows("SELECT d.id, m.name FROM device d JOIN member m ON m.id = d.member"))
    found: dict[str, Witness] = {}
    for device, how, time in _holders(rows, entry, branches):
        if device in names and device not in found:
            found[device] = Witness(device, names[device], how, time)  # type: ignore[arg-type] # a device's id, as the table has it
    return tuple(found.values())


def _holders(rows: Rows, entry: Entry, branches: Branches) -> Iterator[tuple[str, How, str | None]]:
    yield entry.body.device, "wrote", None
    receipts = "SELECT device, seq, head, time FROM receipt WHERE stream = ? AND seq >= ? ORDER BY time, seq"
    for device, seq, head, time in rows.rows(receipts, (branches.stream, entry.body.seq)):
        if branches.reaches(seq, head):
            yield device, "receipt", time
    for device in devices_here(rows):
        yield device, "here", None
    heard = "SELECT device, seq, hash FROM heard WHERE stream = ? AND seq >= ? ORDER BY device"
    for device, seq, name in rows.rows(heard, (branches.stream, entry.body.seq)):
        if branches.reaches(seq, name):
            yield device, "heard", None


def forks(rows: Rows, branches: Branches) -> tuple[Fork, ...]:
    """Where the entry's stream has several entries at one place, first the places from which branches part."""
    if not branches.forked:
        return ()
    names = dict(rows.rows("SELECT d.id, m.name FROM device d JOIN member m ON m.id = d.member"))
    seen = [_seen.decode(raw) for (raw,) in rows.rows("SELECT body FROM entry WHERE kind = 'fork_seen' ORDER BY rowid")]
    places: dict[int, list[bytes]] = {}
    parting = (
        "SELECT seq, hash FROM entry WHERE stream = ?1 AND seq IN"
        " (SELECT seq FROM entry WHERE stream = ?1 GROUP BY seq HAVING count(*) > 1) ORDER BY seq, hash"
    )
    for seq, name in rows.rows(parting, (branches.stream,)):
        places.setdefault(seq, []).append(name)
    found = []
    for seq, entries in places.items():
        if len(places.get(seq - 1, [])) >= len(entries):
            continue  # the branches go on here; they parted before
        own = branches.own(seq)
        saw = [names.get(one.device, one.device[:8]) for one in seen if (one.value.stream, one.value.seq) == (branches.stream.hex(), seq)]
        hashes = tuple(EntryHash(name.hex()) for name in entries)
        found.append(Fork(branches.stream.hex(), seq, hashes, None if own is None else EntryHash(own.hex()), tuple(dict.fromkeys(saw))))
    return tuple(found)
