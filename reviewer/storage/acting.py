"""Which members this machine can act for: those whose keys it holds."""

import json

from reviewer.domain.chain import MemberId
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.members import Member
from reviewer.storage.rows import Rows


def devices_here(rows: Rows) -> list[str]:
    """Devices whose keys were made on this machine. Raises Damaged where the list cannot be read."""
    try:
        return [str(device) for device in json.loads(rows.fact("devices_here") or "[]")]
    except (ValueError, TypeError) as error:
        raise Damaged("It cannot be read whose keys this machine holds.", "Restore the last backup.") from error


def acting(rows: Rows, name: str | None) -> Member:
    """Who acts: the named one of the members here, or the first. Raises NotFound."""
    here = devices_here(rows)
    found = rows.rows("SELECT d.id, m.id, m.name, m.role FROM device d JOIN member m ON m.id = d.member")
    members = {device: Member(MemberId(i), n, role) for device, i, n, role in found}
    mine = [members[device] for device in here if device in members]
    for member in mine:
        if name is None or member.name == name:
            return member
    names = ", ".join(dict.fromkeys(m.name for m in mine)) or "nobody"
    raise NotFound(f"This machine holds no key of “{name or 'anybody'}”.", f"Here can act: {names}.")
