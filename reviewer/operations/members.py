"""Who may act: admitting members, and listing them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.chain import DeviceId, MemberId, StreamId
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import Enrol, Event, Role, StreamOpen
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.storage import journal, keys
from reviewer.storage.workspace import Reading, Work, Workspace, member_name


class MemberDevice(NamedTuple):
    """A member and one of their devices. here: this machine holds its key."""

    id: MemberId
    member: str
    role: str
    device: DeviceId
    here: bool


class Admitted(NamedTuple):
    """New members. key_files: where their keys went, for those that the OS keyring did not take."""

    members: tuple[MemberDevice, ...]
    key_files: tuple[Path, ...]


def add_members(
    workspace: Workspace, ticket: Ticket, *, names: Sequence[str], role: Role = "reviewer", here: bool = True
) -> Outcome[Admitted]:
    """Admit members whose keys are made and kept on this machine. Only a lead may.

    Raises NotAllowed, Refused for a name that is taken or for keys of another machine; then nobody is admitted.
    """
    require(workspace.me, "enrol", "admit members")
    if not here:
        raise Refused("It was not said where the member's key lies.", "Add --here: the key is made and kept on this machine.")
    wanted = [member_name(name) for name in names]
    fresh = [keys.new_key() for _ in wanted]
    ticket.step(0, len(wanted), "Making keys")
    with workspace.begin() as work:
        _refuse_taken(work, wanted)
        # The key lies in its place before anything names it; one that nothing names harms nobody.
        files = tuple(path for path in map(keys.keep, fresh) if path is not None)
        devices = []
        for number, (name, key) in enumerate(zip(wanted, fresh, strict=True), 1):
            devices.append(_admit(work, name, role, key))
            ticket.step(number, len(wanted), "Admitting")
        here_now = json.loads(work.fact("devices_here") or "[]")
        work.set_fact("devices_here", json.dumps([*here_now, *(one.device for one in devices)]))
    return Outcome(Admitted(tuple(devices), files), work.changes)


def list_members(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[MemberDevice, ...]]:
    """Every member with their devices, in the order of admission."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        here = json.loads(reading.fact("devices_here") or "[]")
        return Outcome(tuple(MemberDevice(*row, row[3] in here) for row in _rows(reading)))


def _rows(reading: Reading) -> list[tuple[MemberId, str, str, DeviceId]]:
    return reading.rows("SELECT m.id, m.name, m.role, d.id FROM device d JOIN member m ON m.id = d.member ORDER BY d.rowid")


def _refuse_taken(reading: Reading, wanted: Sequence[str]) -> None:
    known = {name for _, name, _, _ in _rows(reading)}
    for name in wanted:
        if name in known:
            raise Refused(f"There is a member called “{name}” already.", "Choose another name; nobody was admitted.")
        known.add(name)


def _admit(work: Work, name: str, role: Role, key: keys.DeviceKey) -> MemberDevice:
    entropy = work.workspace.surroundings.entropy
    member, stream = MemberId(entropy(16).hex()), StreamId(entropy(16).hex())
    work.record(Event("enrol", Enrol(member, name, role, key.device, key.sign_hex, key.seal_hex, stream)))
    work.record(Event("stream_open", StreamOpen("admitted")), signer=journal.Signer(member, key.device, stream, key.sign))
    return MemberDevice(member, name, role, key.device, here=True)
