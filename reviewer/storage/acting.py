"""Which members this machine can act for: those whose keys it holds, and whoever waits here to be admitted."""

import json
from typing import NamedTuple

from reviewer.domain.chain import DeviceId, MemberId, StreamId
from reviewer.domain.errors import Damaged, NotFound, shown
from reviewer.domain.members import NOBODY, Member, as_kept
from reviewer.storage.rows import Rows


def devices_here(rows: Rows) -> list[str]:
    """Devices whose keys were made on this machine. Raises Damaged where the list cannot be read."""
    try:
        return [str(device) for device in json.loads(rows.fact("devices_here") or "[]")]
    except (ValueError, TypeError) as error:
        raise Damaged("It cannot be read whose keys this machine holds.", "Restore the last backup.") from error


class Joining(NamedTuple):
    """A device whose keys lie here and which no lead has admitted yet: the name it asks for, and the stream it will write."""

    name: str
    device: DeviceId
    stream: StreamId


def joining(rows: Rows) -> Joining | None:
    """The device that waits here to be admitted, if one does. Raises Damaged where that cannot be read."""
    kept = rows.fact("joining")
    if kept is None:
        return None
    try:
        said = json.loads(kept)
        return Joining(str(said["name"]), DeviceId(said["device"]), StreamId(said["stream"]))
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged("It cannot be read who waits here to be admitted.", "Join anew, in a new folder.") from error


def acting(rows: Rows, name: str | None) -> Member:
    """Who acts: the named one of the members here, or the first, in the role of their device; NOBODY's member where one waits here.

    Raises NotFound.
    """
    wanted = None if name is None else as_kept(name)
    waits = joining(rows)
    if waits is not None and wanted in (None, waits.name):
        return Member(NOBODY, waits.name, "observer")
    here = devices_here(rows)
    found = rows.rows("SELECT d.id, m.id, m.name, d.role FROM device d JOIN member m ON m.id = d.member")
    members = {device: Member(MemberId(i), n, role) for device, i, n, role in found}
    mine = [members[device] for device in here if device in members]
    for member in mine:
        if wanted in (None, member.name):
            return member
    names = ", ".join(dict.fromkeys(m.name for m in mine)) or "nobody"
    raise NotFound(f"This machine holds no key of “{shown(name or 'anybody')}”.", f"Here can act: {names}.")
