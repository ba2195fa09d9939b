"""Which stream each device of this machine writes, and going on in a new one where the old one must not be appended to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from reviewer.domain.chain import DeviceId, EntryHash, Head, MemberId, StreamId
from reviewer.domain.events import Event, StreamOpen
from reviewer.domain.members import Member
from reviewer.storage import journal, keys
from reviewer.storage.acting import devices_here
from reviewer.storage.rows import ChangingRows, Rows
from reviewer.storage.sealing import Seal

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work

_CURRENT = "stream."  # a fact of this replica for each device that left its first stream: no view, so that a rebuild keeps it


class Own(NamedTuple):
    """A device whose key this machine is said to hold, and the stream that it writes now."""

    member: MemberId
    device: DeviceId
    stream: StreamId


def own(rows: Rows) -> Iterator[Own]:
    """The devices of this machine that were admitted."""
    for name in devices_here(rows):
        found = rows.row("SELECT member, stream FROM device WHERE id = ?", (name,))
        if found is not None:
            device = DeviceId(name)
            yield Own(MemberId(found[0]), device, current(rows, device, StreamId(found[1])))


def current(rows: Rows, device: DeviceId, enrolled: StreamId) -> StreamId:
    """The stream that a device writes now. enrolled: the one that it was admitted with."""
    return StreamId(rows.fact(f"{_CURRENT}{device}") or enrolled)


def set_current(work: ChangingRows, device: DeviceId, stream: StreamId) -> None:
    """From now on the device writes this stream."""
    work.set_fact(f"{_CURRENT}{device}", stream)
    work.memo.clear()


def signer_of(rows: Rows, member: Member, seal: Seal | None) -> journal.Signer:
    """The key and stream of a member of this machine; seal: of an encrypted workspace. Raises Locked where it does not hold their key."""
    here = devices_here(rows)
    for device, stream in rows.rows("SELECT id, stream FROM device WHERE member = ? ORDER BY rowid", (member.id,)):
        if device in here:
            return journal.Signer(member.id, device, current(rows, device, StreamId(stream)), keys.load(device, seal).sign)
    raise keys.Locked(f"This machine does not hold a key of {member.name}.", "Use --as with a member of this machine.")


def apart(work: "Work", signer: journal.Signer) -> journal.Signer:
    """Who signs, in a new stream where the last entry of theirs is another device's: what follows that, nobody would take in.

    So it is where a lead admitted two devices to one stream.
    """
    last = journal.last(work, signer.stream)
    if last is None or last.device == signer.device:
        return signer
    return signer._replace(stream=go_on(work, Own(signer.member, signer.device, signer.stream), "fork", None))


def head(rows: Rows, stream: StreamId) -> Head | None:
    """The last entry of a stream here; of one that forked, of its longest branch. None for a stream that has not begun."""
    found = rows.row("SELECT seq, hash FROM entry WHERE stream = ? ORDER BY seq DESC, hash LIMIT 1", (bytes.fromhex(stream),))
    return None if found is None else Head(found[0], EntryHash(found[1].hex()))


def go_on(work: "Work", one: Own, why: Literal["restore", "fork"], old: Head | None) -> StreamId:
    """Open a new stream for a device, which follows the head that it leaves behind; the old one is never appended to again.

    Raises Locked where this machine does not hold the device's key.
    """
    stream = StreamId(work.workspace.surroundings.entropy(16).hex())
    key = keys.load(one.device, work.workspace.seal).sign
    work.record(
        Event("stream_open", StreamOpen(why, None if old is None else old.hash)), signer=journal.Signer(one.member, one.device, stream, key)
    )
    set_current(work, one.device, stream)
    return stream
