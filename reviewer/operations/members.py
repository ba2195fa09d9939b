"""Who may act: admitting members, listing them, naming them anew, and giving them a stronger role. Revoking is in `revoking`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.admissions import RANK, own_stream
from reviewer.domain.chain import DeviceId, MemberId
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import Enrol, Event, MemberNamed, Role, StreamOpen
from reviewer.domain.joining import Request
from reviewer.domain.members import Member, member_name, require
from reviewer.domain.progress import Ticket
from reviewer.storage import joining as joining_rows
from reviewer.storage import journal, keys
from reviewer.storage import members as member_rows
from reviewer.storage.acting import devices_here
from reviewer.storage.workspace import Reading, Work, Workspace


class MemberDevice(NamedTuple):
    """A member and one of their devices, in the role of that device. here: this machine holds its key."""

    id: MemberId
    member: str
    role: Role
    device: DeviceId
    here: bool
    revoked: bool = False


class Admitted(NamedTuple):
    """New members. key_files: where their keys went, for those that the OS keyring did not take."""

    members: tuple[MemberDevice, ...]
    key_files: tuple[Path, ...]


class AdmittedRequest(NamedTuple):
    """A device that a request asked for. further: it is another one of a member who was known; words: those of the request."""

    member: MemberDevice
    further: bool
    words: tuple[str, ...]


def add_members(
    workspace: Workspace, ticket: Ticket, *, names: Sequence[str], role: Role = "reviewer", here: bool = True
) -> Outcome[Admitted]:
    """Admit members whose keys are made and kept on this machine. Only a lead may.

    Raises NotAllowed, Refused for a name that is taken or for keys of another machine; then nobody is admitted.
    """
    require(workspace.me, "enrol", "admit members")
    if not here:
        raise Refused(
            "It was not said where the member's key lies.",
            "Add --here: the key is made and kept on this machine; or --request FILE: it lies on theirs.",
        )
    wanted = [member_name(name) for name in names]
    fresh = [keys.new_key() for _ in wanted]
    ticket.step(0, len(wanted), "Making keys")
    with workspace.begin() as work:
        _refuse_taken(work, wanted)
        # The key lies in its place before anything names it; one that nothing names harms nobody.
        files = tuple(path for path in (keys.keep(key, workspace.seal) for key in fresh) if path is not None)
        devices = []
        for number, (name, key) in enumerate(zip(wanted, fresh, strict=True), 1):
            devices.append(_admit(work, name, role, key))
            ticket.step(number, len(wanted), "Admitting")
        work.set_fact("devices_here", json.dumps([*devices_here(work), *(one.device for one in devices)]))
    return Outcome(Admitted(tuple(devices), files), work.changes)


def admit_request(
    workspace: Workspace, ticket: Ticket, *, request: Request, name: str | None = None, role: Role | None = None
) -> Outcome[AdmittedRequest]:
    """Admit the device of a request, after its six words were compared. Only a lead may.

    name: else the one that it asks for. A name that a member bears already means that the device is a further one of theirs, in their
    role; any other name means a new member, a reviewer. role: another one.
    Raises NotAllowed, and Refused for a device or stream that is known.
    """
    require(workspace.me, "enrol", "admit members")
    wanted = member_name(name or request.name)
    ticket.step(0, 1, "Admitting")
    with workspace.begin() as work:
        _refuse_known(work, request)
        known = [member for member in member_rows.everybody(work) if member.name == wanted]
        if len(known) > 1:
            raise Refused(f"Two members are called “{wanted}”.", "Rename one of them first: `reviewer member rename`.")
        fresh = Member(MemberId(workspace.surroundings.entropy(16).hex()), wanted, "reviewer")
        member = known[0] if known else fresh
        given: Role = role or member.role
        keys_of = (request.device, request.sign_key, request.seal_key, request.stream)
        work.record(Event("enrol", Enrol(member.id, member_rows.enrolled_name(work, member), given, *keys_of)))
    device = MemberDevice(member.id, member.name, given, request.device, here=False)
    return Outcome(AdmittedRequest(device, bool(known), joining_rows.six_words(request.digest)), work.changes)


def rename_member(workspace: Workspace, ticket: Ticket, *, name: str, new: str) -> Outcome[Member]:
    """Give a member another name. A lead may rename everybody, others themselves. name: a name, or the first digits of an id.

    Raises NotFound, NotAllowed, and Refused for a name that another member bears.
    """
    wanted = member_name(new)
    ticket.step(0, 1, "Renaming")
    with workspace.begin() as work:
        member = member_rows.named(work, name)
        if member.id != workspace.member:
            require(workspace.me, "enrol", "rename others")
        if any(other.name == wanted and other.id != member.id for other in member_rows.everybody(work)):
            raise Refused(f"There is a member called “{wanted}” already.", "Choose another name.")
        if member.name != wanted:
            deps = member_rows.names_in_force(work, member.id)
            work.record(Event("member_name", MemberNamed(member.id, wanted), deps=deps))
    return Outcome(member._replace(name=wanted), work.changes)


def change_role(workspace: Workspace, ticket: Ticket, *, name: str, role: Role) -> Outcome[Member]:
    """Give a member a stronger role, on each of their devices that is trusted. Only a lead may.

    Raises Refused for a weaker one: what a member was once allowed cannot be taken back without a revocation.
    """
    require(workspace.me, "enrol", "change roles")
    ticket.step(0, 1, "Admitting")
    with workspace.begin() as work:
        member = member_rows.named(work, name)
        rows = work.rows("SELECT id, sign_key, seal_key, stream, role FROM device WHERE member = ? AND revoked = 0", (member.id,))
        weaker = [one for *_, one in rows if RANK[role] < RANK[one]]
        if weaker or not rows:
            what = f"{member.name} is {weaker[0]}" if weaker else f"All devices of {member.name} are revoked"
            raise Refused(
                f"{what}; “{role}” cannot take its place.", f"Revoke {member.name}, then admit a new device: member add --request FILE."
            )
        for device, sign_key, seal_key, stream, before in rows:
            if before != role:
                value = Enrol(member.id, member_rows.enrolled_name(work, member), role, device, sign_key, seal_key, stream)
                work.record(Event("enrol", value))
    return Outcome(member._replace(role=role), work.changes)


def list_members(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[MemberDevice, ...]]:
    """Every member with their devices, in the order of admission."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        here = devices_here(reading)
        rows = reading.rows("SELECT m.id, m.name, d.role, d.id, d.revoked FROM device d JOIN member m ON m.id = d.member ORDER BY d.rowid")
        return Outcome(tuple(MemberDevice(i, name, role, device, device in here, bool(revoked)) for i, name, role, device, revoked in rows))


def _refuse_taken(reading: Reading, wanted: Sequence[str]) -> None:
    known = {member.name for member in member_rows.everybody(reading)}
    for name in wanted:
        if name in known:
            raise Refused(f"There is a member called “{name}” already.", "Choose another name; nobody was admitted.")
        known.add(name)


def _refuse_known(work: Work, request: Request) -> None:
    if work.row("SELECT 1 FROM device WHERE id = ?", (request.device,)) is not None:
        raise Refused("This device is admitted already.", "`reviewer member list` shows it; a new request needs a new `reviewer join`.")
    stream = bytes.fromhex(request.stream)
    if work.row("SELECT 1 FROM device WHERE stream = ? UNION SELECT 1 FROM entry WHERE stream = ?", (request.stream, stream)) is not None:
        raise Refused("The request names a stream of another device.", "Ask for a new one: `reviewer join` in a new folder.")


def _admit(work: Work, name: str, role: Role, key: keys.DeviceKey) -> MemberDevice:
    member, stream = MemberId(work.workspace.surroundings.entropy(16).hex()), own_stream(key.device)
    work.record(Event("enrol", Enrol(member, name, role, key.device, key.sign_hex, key.seal_hex, stream)))
    work.record(Event("stream_open", StreamOpen("admitted")), signer=journal.Signer(member, key.device, stream, key.sign))
    return MemberDevice(member, name, role, key.device, here=True)
