"""Receipts and digests, to a hub and from it: who has what, and whether all who have the same come to the same."""

from typing import TYPE_CHECKING

from reviewer.domain import receipts as receipt_forms
from reviewer.domain.chain import DeviceId, EntryHash
from reviewer.storage import agreement, keys, receipts, sending
from reviewer.storage.digests import Both, digests_of
from reviewer.storage.hub import Hub
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

_TAG = b"review/digest/v1\n"


def exchange_receipts(workspace: "Workspace", hub: Hub, project: EntryHash) -> None:
    """Take in the receipts that lie there, and leave ours. Wants our entries to lie there already, so that no receipt says too much."""
    named = bytes.fromhex(project)
    theirs = hub.receipts(named)
    with workspace.read() as reading:
        ours = [one for one in receipts.latest(reading) if receipts.is_here(reading, one)]
        news = [packed for packed in theirs if not _is_known(reading, packed)]
    known = set(theirs)
    hub.add_receipts(
        named,
        [
            (bytes.fromhex(one.device), bytes.fromhex(one.stream), one.seq, bytes.fromhex(one.head), packed)
            for one in ours
            if (packed := receipts.pack(one)) not in known
        ],
    )
    if news:
        with workspace.begin() as work:
            for packed in news:
                receipts.take(work, packed)


def exchange_digests(workspace: "Workspace", hub: Hub, project: EntryHash, told: tuple[str, str]) -> tuple[str, str]:
    """Say what our entries come to, and compare with what others with the same entries came to. told: what was said last.

    Returns what was said now. A difference is noted, as storage.agreement has it.
    """
    named = bytes.fromhex(project)
    with workspace.read() as reading:
        both, now = digests_of(reading), workspace.surroundings.now_ms()
        said = [one for one in hub.digests(named, bytes.fromhex(both.set)) if _is_signed(reading, project, both.set, *one)]
        news = [(DeviceId(device.hex()), state.hex()) for device, state, _ in said]
        news = [(device, state) for device, state in news if not _is_noted(reading, device, both.set, state)]
        tips = sending.tips(reading)
        me = None if workspace.me.waiting else workspace.signer(reading)
    if me is not None and tuple(both) != told:
        signature = me.key.sign(_signed_bytes(project, both))
        hub.add_digest(named, (bytes.fromhex(me.device), bytes.fromhex(both.set), bytes.fromhex(both.state), signature))
    if news:
        with workspace.begin() as work:
            for device, state in news:
                sending.note_heard(work, device, tips, now)  # who has this set has all of it
                agreement.note_digests(work, device, both.set, state)
    return both.state, both.set


def _signed_bytes(project: EntryHash, both: Both) -> bytes:
    return _TAG + bytes.fromhex(project) + bytes.fromhex(both.set) + bytes.fromhex(both.state)


def _is_signed(rows: Rows, project: EntryHash, set_digest: str, device: bytes, state: bytes, signature: bytes) -> bool:
    known = rows.row("SELECT sign_key FROM device WHERE id = ? AND revoked = 0", (device.hex(),))
    if known is None:
        return False
    return keys.verifies(keys.public_key(known[0]), signature, _signed_bytes(project, Both(state.hex(), set_digest)))


def _is_noted(rows: Rows, device: DeviceId, set_digest: str, state: str) -> bool:
    if rows.row("SELECT 1 FROM contact WHERE device = ? AND set_digest = ? AND state_digest = ?", (device, set_digest, state)) is not None:
        return True
    from reviewer.storage.acting import devices_here

    return device in devices_here(rows)


def _is_known(rows: Rows, packed: bytes) -> bool:
    try:
        one = receipt_forms.unpack(packed)
    except ValueError:
        return True  # none at all
    place = (one.device, bytes.fromhex(one.stream), one.seq, bytes.fromhex(one.head))
    return rows.row("SELECT 1 FROM receipt WHERE device = ? AND stream = ? AND seq = ? AND head = ?", place) is not None
