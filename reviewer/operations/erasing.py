"""Erasing an item for good: a lead asks, each device does, and says so. JOURNAL.md 2.9."""

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.chain import DeviceId, EntryHash, note_text
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.events import EraseDone, EraseRequest, Event
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import verifying
from reviewer.storage import backups, driver, erasing, hub_memory, hub_tables, journal, keys, streams
from reviewer.storage import items as item_rows
from reviewer.storage.beside import beside
from reviewer.storage.rows import Rows, prefix_range
from reviewer.storage.workspace import Reading, Work, Workspace

REASON = "gdpr"


class Erasure(NamedTuple):
    """An item that is to be erased, and where that has happened. done, pending: devices, as `Ada (4f2a9c12)`.

    asked_ms, by, reason: of the first request. here: whether its content is gone from this machine.
    at_hub: where this workspace uses a hub, what whoever runs that one has to run there, since nobody else can; else empty.
    """

    item: ItemId
    asked_ms: int
    by: str
    reason: str
    here: bool
    done: tuple[str, ...]
    pending: tuple[str, ...]
    at_hub: str = ""

    @property
    def standing(self) -> str:
        """Where it stands, in a sentence. JOURNAL.md section 5, E603."""
        place = "Erased here" if self.here else "Not yet erased here"
        return f"{place}; not confirmed on: {', '.join(self.pending)}." if self.pending else f"{place}; confirmed on all devices."


def request_erasure(workspace: Workspace, ticket: Ticket, *, item: str, reason: str) -> Outcome[ItemId]:
    """Ask every device to delete an item's content and all words about it. Only a lead may. Nothing is deleted yet.

    reason: why, in words. Raises NotAllowed, NotFound, and Refused where it was asked already or no reason is given.
    """
    require(workspace.me, "erase_request", "ask for an erasure")
    why = reason.strip()
    if not why:
        raise Refused("It was not said why.", "Give a reason, such as the request of the person whom the item is about.")
    ticket.step(0, 1, "Asking for the erasure")
    with workspace.begin() as work:
        found = item_rows.full_id(work, item)
        if found in erasing.erased_items(work):
            raise Refused(f"The erasure of item {found[:12]} was asked for already.", "`reviewer erase do` erases it on this machine.")
        work.record(Event("erase_request", EraseRequest(found), reason=REASON, note=work.keep_note(why)))
    return Outcome(found, work.changes)


def erase_item(workspace: Workspace, ticket: Ticket, *, item: str) -> Outcome[Erasure]:
    """Delete an item's content, the words about it, its media, drafts and copies in `backups/` from this machine, and note that.

    It cannot be undone. Stopped or refused half way, it is run again and completes; it says that it is done when nothing is left.
    Raises NotFound for an item whose erasure nobody asked for, Busy, NotSaved, and Cancelled before anything was deleted.
    """
    ticket.step(0, 1, "Looking the item up")
    with workspace.begin() as work:
        found = _asked_for(work, item)
        erasing.remove(work, found)
        changes = work.changes
    for path in erasing.clean(workspace, ticket.step):
        _read_back(workspace, ticket, path)
    with workspace.begin() as work:
        _confirm(work, found)
        changes |= work.changes
    with workspace.read() as reading:
        return Outcome(_erasure(reading, found), changes)


def erasures(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[Erasure, ...]]:
    """Every item that somebody asked to erase, the earliest first."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        rows = reading.rows("SELECT item FROM erasure WHERE kind = 'erase_request' GROUP BY item ORDER BY min(wall_ms), item")
        return Outcome(tuple(_erasure(reading, ItemId(item.hex())) for (item,) in rows))


def _asked_for(rows: Rows, prefix: str) -> ItemId:
    wanted = prefix.lower()
    fits = item_rows.LEAST_PREFIX <= len(wanted) <= 64 and all(c in "0123456789abcdef" for c in wanted)
    sql = "SELECT DISTINCT item FROM erasure WHERE kind = 'erase_request' AND item BETWEEN ? AND ?"
    found = rows.rows(sql, prefix_range(wanted)) if fits else []
    if len(found) > 1:
        raise Refused(f"More than one item to be erased begins with {wanted}.", "Give more digits of the id.")
    if not found:
        raise NotFound(
            "Nobody asked for the erasure of such an item.", "A lead asks with `reviewer erase request`; `reviewer erase status` lists all."
        )
    return ItemId(found[0][0].hex())


def _read_back(workspace: Workspace, ticket: Ticket, path: Path) -> None:
    """Verify a backup that was written anew; it is listed as verified only if it holds."""
    with workspace.read() as reading:
        made = next((one.made_ms for one in backups.listed(reading, workspace.folder) if one.path == path), 0)
    with beside(path, key=workspace.key) as rows:
        found = verifying.check(rows, workspace.media, ticket)
    with closing(driver.connect(path, key=workspace.key)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, and nothing beside it
    if found.ok:
        with workspace.begin() as work:
            backups.note(work, path, found.entries, made)


def _confirm(work: Work, item: ItemId) -> None:
    """Every device of this machine that was not revoked says that the content is gone: they share its files."""
    confirmed = erasing.confirmed_by(work, item)
    sql = "SELECT hash FROM erasure WHERE kind = 'erase_request' AND item = ?"
    requests = frozenset(EntryHash(name.hex()) for (name,) in work.rows(sql, (bytes.fromhex(item),)))
    for one in streams.own(work):
        if one.device not in confirmed and keys.held(one.device):
            signer = journal.Signer(one.member, one.device, one.stream, keys.load(one.device, work.workspace.seal).sign)
            work.record(Event("erase_done", EraseDone(item), deps=requests, reason=REASON), signer=signer)


def _erasure(reading: Reading, item: ItemId) -> Erasure:
    name = bytes.fromhex(item)
    first = reading.row(
        "SELECT e.hash, e.wall_ms, coalesce(m.name, e.device) FROM erasure e LEFT JOIN device d ON d.id = e.device"
        " LEFT JOIN member m ON m.id = d.member WHERE e.kind = 'erase_request' AND e.item = ? ORDER BY e.wall_ms, e.hash LIMIT 1",
        (name,),
    )
    assert first is not None  # whoever asks has seen it
    confirmed = erasing.confirmed_by(reading, item)
    devices = reading.rows("SELECT d.id, m.name FROM device d JOIN member m ON m.id = d.member WHERE d.revoked = 0 ORDER BY d.rowid")
    here = {one.device for one in streams.own(reading)}
    return Erasure(
        item=item,
        asked_ms=first[1],
        by=first[2],
        reason=_reason(reading, first[0]),
        here=bool(here) and here <= confirmed,
        done=tuple(_shown(name, DeviceId(device)) for device, name in devices if device in confirmed),
        pending=tuple(_shown(name, DeviceId(device)) for device, name in devices if device not in confirmed),
        at_hub=_removal(reading, item) if hub_memory.used(reading) else "",
    )


def _removal(reading: Reading, item: ItemId) -> str:
    return hub_tables.removal(EntryHash(reading.fact("project") or ""), item, erasing.words_about(reading, item))


def _reason(rows: Rows, request: bytes) -> str:
    note = journal.stored_entry(rows, request).body.note
    try:
        return "" if note is None else note_text(note, rows.blob(note.blob))
    except (NotFound, Damaged):
        return ""


def _shown(name: str, device: DeviceId) -> str:
    return f"{name} ({device[:8]})"
