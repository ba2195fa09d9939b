"""Receipts as they are stored: giving and taking them, and what they prove of our entries and of others'."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reviewer.domain import receipts
from reviewer.domain.chain import DeviceId, EntryHash, StreamId
from reviewer.domain.receipts import Receipt, pack
from reviewer.domain.times import utc_text
from reviewer.storage import keys, sending
from reviewer.storage.acting import devices_here
from reviewer.storage.rows import Rows
from reviewer.storage.sending import Tip

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work

__all__ = ["Receipt", "Unwitnessed", "bracket", "give", "latest", "less_than_receipts", "pack", "take", "unwitnessed"]

_COLUMNS = "device, stream, seq, head, time, sig"


class Unwitnessed(NamedTuple):
    """What of a stream no other device has signed for: from which entry on, how many, and whose device writes it."""

    since: int
    n: int
    device: DeviceId


class Bracket(NamedTuple):
    """By when an entry existed: the first receipt that covers it, RFC 3339 UTC by the clock of the device that gave it."""

    time: str
    device: DeviceId


class _Link(msgspec.Struct):
    device: DeviceId
    prev: EntryHash | None


_link = msgspec.json.Decoder(_Link)


def give(work: "Work", streams: Collection[str]) -> list[Receipt]:
    """Sign for the present ends of streams that moved, as the acting member's device; not for those that devices of this machine write."""
    project, signer = work.fact("project"), work.workspace.signer(work)
    assert project is not None  # who may sign was admitted
    here = devices_here(work)
    time = utc_text(work.workspace.surroundings.now_ms())
    given = []
    for tip in sending.tips(work):
        if tip.stream not in streams or device_of(work, tip.stream) in here:
            continue
        bare = Receipt(signer.device, tip.stream, tip.seq, tip.hash, time, b"")
        receipt = bare._replace(signature=signer.key.sign(bare.signed_bytes(EntryHash(project))))
        if _keep(work, receipt):
            given.append(receipt)
    return given


def take(work: "Work", packed: bytes) -> bool:
    """Keep a receipt that came in, if an admitted device signed it for this project. Returns whether it did; others are ignored."""
    try:
        receipt = receipts.unpack(packed)
    except ValueError:
        return False
    known = work.row("SELECT sign_key FROM device WHERE id = ?", (receipt.device,))
    project = work.fact("project")
    if known is None or project is None:
        return False
    if not keys.verifies(keys.public_key(known[0]), receipt.signature, receipt.signed_bytes(EntryHash(project))):
        return False
    _keep(work, receipt)
    return True


def _keep(work: "Work", receipt: Receipt) -> bool:
    row = (receipt.device, bytes.fromhex(receipt.stream), receipt.seq, bytes.fromhex(receipt.head), receipt.time, receipt.signature)
    return bool(work.run(f"INSERT INTO receipt ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row))


def latest(rows: Rows) -> list[Receipt]:
    """The receipts worth passing on: of each device and stream the one that reaches furthest."""
    sql = (
        f"SELECT {_COLUMNS} FROM receipt r WHERE seq = (SELECT max(seq) FROM receipt o WHERE o.device = r.device AND o.stream = r.stream)"
        " ORDER BY device, stream, head"
    )
    return [_receipt(row) for row in rows.rows(sql)]


def of_stream(rows: Rows, stream: StreamId) -> list[Receipt]:
    """Receipts for a stream that count: by devices in force other than the one that writes it. The earliest first."""
    sql = (
        f"SELECT {', '.join(f'r.{name}' for name in _COLUMNS.split(', '))} FROM receipt r JOIN device d ON d.id = r.device"
        " WHERE r.stream = ? AND d.revoked = 0 AND r.device <> ? ORDER BY r.time, r.device"
    )
    return [_receipt(row) for row in rows.rows(sql, (bytes.fromhex(stream), device_of(rows, stream) or ""))]


def unwitnessed(rows: Rows) -> dict[StreamId, Unwitnessed]:
    """The entries of each stream that no other device's receipt covers; streams without any are left out."""
    found = {}
    for stream, tips in _by_stream(sending.tips(rows)).items():
        reach = [one for one in of_stream(rows, stream) if is_here(rows, one)]
        device = device_of(rows, stream) or DeviceId("")
        if len(tips) > 1:
            alone = _alone_in_fork(rows, stream, reach)
        else:
            witnessed = max((one.seq for one in reach), default=0)
            alone = (witnessed + 1, tips[0].seq - witnessed)
        if alone[1]:
            found[stream] = Unwitnessed(*alone, device)
    return found


def bracket(rows: Rows, entry: EntryHash) -> Bracket | None:
    """By when an entry existed, as the earliest receipt that covers it says; None where no other device has signed for it."""
    place = rows.row("SELECT stream, seq FROM entry WHERE hash = ?", (bytes.fromhex(entry),))
    if place is None:
        return None
    stream, seq = StreamId(place[0].hex()), place[1]
    forked = rows.row("SELECT count(*) > max(seq) FROM entry WHERE stream = ?", (place[0],)) == (1,)
    for one in of_stream(rows, stream):
        if one.seq < seq or not is_here(rows, one):
            continue
        if not forked or entry in _followed(_links(rows, stream), one.head):
            return Bracket(one.time, one.device)
    return None


def less_than_receipts(rows: Rows, heads: Iterable[Tip], among: Iterable[Receipt] | None = None) -> list[Receipt]:
    """Receipts that say more of a stream than the given heads show: an end further on, or another entry at the same place. E403.

    among: the receipts to ask of, such as those that the same hub gave out; else all that are here.
    """
    shown = _by_stream(heads)
    asked = latest(rows) if among is None else among
    return [one for one in asked if not _shows(shown.get(one.stream, []), one)]


def _shows(tips: list[Tip], receipt: Receipt) -> bool:
    return any(tip.seq > receipt.seq or (tip.seq == receipt.seq and tip.hash == receipt.head) for tip in tips)


def device_of(rows: Rows, stream: str) -> DeviceId | None:
    """The device that writes a stream: whoever signed its first entry. None where nothing of it is here, or that cannot be read."""
    found = rows.row("SELECT body FROM entry WHERE stream = ? LIMIT 1", (bytes.fromhex(stream),))
    with suppress(msgspec.MsgspecError):  # a damaged entry is for verification to report
        return None if found is None else _link.decode(found[0]).device
    return None


def _alone_in_fork(rows: Rows, stream: StreamId, reach: list[Receipt]) -> tuple[int, int]:
    links = _links(rows, stream)
    seen: set[EntryHash] = set()
    for one in reach:
        seen |= _followed(links, one.head)
    places = [seq for name, (seq, _) in links.items() if name not in seen]
    return min(places, default=0), len(places)


def _links(rows: Rows, stream: StreamId) -> dict[EntryHash, tuple[int, EntryHash | None]]:
    found = rows.each("SELECT hash, seq, body FROM entry WHERE stream = ?", (bytes.fromhex(stream),))
    return {EntryHash(name.hex()): (seq, _link.decode(raw).prev) for name, seq, raw in found}


def _followed(links: Mapping[EntryHash, tuple[int, EntryHash | None]], head: EntryHash) -> set[EntryHash]:
    """An entry and all that it follows in its stream."""
    found: set[EntryHash] = set()
    at: EntryHash | None = head
    while at is not None and at in links and at not in found:
        found.add(at)
        at = links[at][1]
    return found


def _by_stream(tips: Iterable[Tip]) -> dict[StreamId, list[Tip]]:
    found: dict[StreamId, list[Tip]] = {}
    for tip in tips:
        found.setdefault(tip.stream, []).append(tip)
    return found


def is_here(rows: Rows, receipt: Receipt) -> bool:
    """Whether the entry that a receipt is for is here."""
    place = (bytes.fromhex(receipt.stream), receipt.seq, bytes.fromhex(receipt.head))
    return rows.row("SELECT 1 FROM entry WHERE stream = ? AND seq = ? AND hash = ?", place) is not None


def _receipt(row: tuple[str, bytes, int, bytes, str, bytes]) -> Receipt:
    device, stream, seq, head, time, signature = row
    return Receipt(DeviceId(device), StreamId(stream.hex()), seq, EntryHash(head.hex()), time, bytes(signature))
