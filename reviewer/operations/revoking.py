"""Taking trust back: from a device, or from all devices of a member, as of entries that are named, never as of a time."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from reviewer.domain.chain import DeviceId, EntryHash, StreamId
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.events import Event, Point, Revoke
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.storage import members as member_rows
from reviewer.storage import sending
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import Work, Workspace

Reason = Literal["not_given", "lost", "left", "compromised", "replaced"]
REASONS: tuple[Reason, ...] = ("not_given", "lost", "left", "compromised", "replaced")


class Revoked(NamedTuple):
    """A device that is trusted no further than `trusted`. dropped: its entries here that count no more."""

    device: DeviceId
    member: str
    trusted: tuple[Point, ...]
    dropped: int


class _Author(msgspec.Struct):
    device: DeviceId


_author = msgspec.json.Decoder(_Author)


def revoke_device(
    workspace: Workspace, ticket: Ticket, *, device: str, reason: Reason = "not_given", note: str = "", after: int | None = None
) -> Outcome[Revoked]:
    """Trust a device no further than what is known of it here. device: the first 6 or more digits of its id.

    after: trust its stream up to this number only; 0: nothing of it. Only a lead may.
    Raises NotFound, NotAllowed; Refused for the last lead's device, and for a number where the device wrote several streams.
    """
    require(workspace.me, "revoke", "revoke devices")
    ticket.step(0, 1, "Revoking")
    with workspace.begin() as work:
        found = full_device(work, device)
        _refuse_last_lead(work, [found])
        done = _revoke(work, found, reason, note, after)
    with workspace.read() as reading:
        return Outcome(_with_dropped(reading, done), work.changes)


def revoke_member(
    workspace: Workspace, ticket: Ticket, *, name: str, reason: Reason = "not_given", note: str = "", trust: bool = True
) -> Outcome[tuple[Revoked, ...]]:
    """Trust no device of a member any further. trust: False takes everything back that they ever wrote. Only a lead may.

    Raises as `revoke_device` does; then no device is revoked.
    """
    require(workspace.me, "revoke", "revoke members")
    ticket.step(0, 1, "Revoking")
    with workspace.begin() as work:
        member = member_rows.named(work, name)
        devices = [device for (device,) in work.rows("SELECT id FROM device WHERE member = ? ORDER BY rowid", (member.id,))]
        _refuse_last_lead(work, devices)
        done = [_revoke(work, device, reason, note, None if trust else 0) for device in devices]
    with workspace.read() as reading:
        return Outcome(tuple(_with_dropped(reading, one) for one in done), work.changes)


def full_device(rows: Rows, text: str) -> DeviceId:
    """The device of an id or its first 6 or more digits. Raises NotFound, and Refused where several fit."""
    wanted = text.lower()
    found = [device for (device,) in rows.rows("SELECT id FROM device ORDER BY rowid") if device.startswith(wanted)]
    if len(wanted) < 6 or not found:
        raise NotFound(f"There is no device “{shown(text)}”.", "Give the first 6 or more digits: `reviewer device list` shows them.")
    if len(found) > 1:
        raise Refused(f"Several devices begin with “{shown(text)}”.", "Give more digits.")
    return DeviceId(found[0])


def _revoke(work: Work, device: DeviceId, reason: Reason, note: str, after: int | None) -> Revoked:
    trusted = tuple(_trusted(work, _ends(work, device), after))
    kept = work.keep_note(note.strip()) if note.strip() else None
    work.record(Event("revoke", Revoke(device, trusted), reason=reason, note=kept))
    (name,) = work.row("SELECT m.name FROM device d JOIN member m ON m.id = d.member WHERE d.id = ?", (device,)) or ("",)
    return Revoked(device, name, trusted, 0)


def _ends(work: Work, device: DeviceId) -> list[sending.Tip]:
    """The last entries here of each of the device's streams: of one that forked, of each branch."""
    ends = []
    for tip in sending.tips(work):
        (raw,) = work.row("SELECT body FROM entry WHERE hash = ?", (bytes.fromhex(tip.hash),)) or (b"{}",)
        if _author.decode(raw).device == device:
            ends.append(tip)
    return ends


def _trusted(work: Work, ends: Sequence[sending.Tip], after: int | None) -> list[Point]:
    if after is None:
        return [Point(StreamId(tip.stream), tip.seq, tip.hash) for tip in ends]
    if after == 0:
        return []
    streams = {tip.stream for tip in ends}
    if len(streams) != 1:
        raise Refused(
            f"The device wrote {len(streams)} streams, and a number says nothing of which.", "Leave --after out, or trust nothing: --none."
        )
    (stream,) = streams
    rows = work.rows("SELECT hash FROM entry WHERE stream = ? AND seq = ?", (bytes.fromhex(stream), after))
    if not rows:
        raise NotFound(f"The device has no entry {after:,} here.", f"Its last one is {max(tip.seq for tip in ends):,}.")
    return [Point(StreamId(stream), after, EntryHash(name.hex())) for (name,) in rows]


def _refuse_last_lead(work: Work, devices: Sequence[str]) -> None:
    leads = [device for (device,) in work.rows("SELECT id FROM device WHERE role = 'lead' AND revoked = 0")]
    if leads and not set(leads) - set(devices):
        raise Refused("Nobody could lead the project any more.", "Make another member a lead first: `reviewer member role NAME lead`.")


def _with_dropped(rows: Rows, done: Revoked) -> Revoked:
    found = rows.row(
        "SELECT count(*) FROM untrusted u JOIN entry e ON e.hash = u.hash WHERE json_extract(CAST(e.body AS TEXT), '$.device') = ?",
        (done.device,),
    )
    return done._replace(dropped=int(found[0]) if found else 0)


def shape(done: Revoked) -> dict[str, object]:
    """A revocation as a JSON object."""
    trusted = [{"stream": point.stream, "seq": point.seq, "hash": point.hash} for point in done.trusted]
    return {"device": done.device, "member": done.member, "trusted": trusted, "dropped": done.dropped}
