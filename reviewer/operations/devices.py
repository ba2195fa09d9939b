"""The devices of a project: whose they are, when each was heard from, and how far others have signed for what they wrote."""

from collections import Counter
from typing import NamedTuple

from reviewer.domain.chain import DeviceId
from reviewer.domain.changes import Outcome
from reviewer.domain.events import Role
from reviewer.domain.progress import Ticket
from reviewer.storage import receipts
from reviewer.storage.acting import devices_here
from reviewer.storage.workspace import OwnReading, Workspace


class DeviceStanding(NamedTuple):
    """A device. heard_ms: when its entries came in last, now for one of this machine; None: never.

    unwitnessed: its entries here that no other device has signed for.
    """

    device: DeviceId
    member: str
    role: Role
    heard_ms: int | None
    unwitnessed: int
    here: bool
    revoked: bool


def list_devices(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[DeviceStanding, ...]]:
    """Every device, in the order of admission."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(standings(reading))


def standings(reading: OwnReading) -> tuple[DeviceStanding, ...]:
    """Every device, in a view that is open already."""
    now, here = reading.workspace.surroundings.now_ms(), devices_here(reading)
    alone = Counter[DeviceId]()
    for stream in receipts.unwitnessed(reading).values():
        alone[stream.device] += stream.n
    rows = reading.rows(
        "SELECT d.id, m.name, d.role, c.heard_ms, d.revoked FROM device d JOIN member m ON m.id = d.member"
        " LEFT JOIN contact c ON c.device = d.id ORDER BY d.rowid"
    )
    return tuple(
        DeviceStanding(device, name, role, now if device in here else heard, alone[device], device in here, bool(revoked))
        for device, name, role, heard, revoked in rows
    )
