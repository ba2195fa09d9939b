"""Members as the tables show them."""

import json

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.members import Member, as_kept
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import Rows


def named(rows: Rows, name: str) -> Member:
    """The member of a name, or of the first 6 or more digits of an id. Raises NotFound, and Refused where two fit."""
    known = everybody(rows)
    found = [member for member in known if member.name == as_kept(name)]
    found = found or [member for member in known if len(name) >= 6 and member.id.startswith(name.lower())]
    if len(found) > 1:
        ids = ", ".join(member.id[:8] for member in found)
        raise Refused(f"Several members are called “{shown(name)}”.", f"Give the first digits of an id instead: {ids}.")
    if not found:
        raise NotFound(f"There is no member called “{shown(name)}”.", "`reviewer member list` shows them.")
    return found[0]


def everybody(rows: Rows) -> list[Member]:
    """All members, in the order of admission."""
    return [Member(*row) for row in rows.rows("SELECT id, name, role FROM member ORDER BY rowid")]


def enrolled_name(rows: Rows, member: Member) -> str:
    """The name for a further admission: as the first one had it, for of two the fold takes the first in the alphabet."""
    first = rows.row(
        "SELECT e.body FROM device d JOIN entry e ON e.hash = unhex(d.admitted) WHERE d.member = ? ORDER BY d.rowid LIMIT 1", (member.id,)
    )
    if first is None:
        return member.name
    value = json.loads(first[0])["value"]
    return str(value.get("name") or value["member_name"])


def names_in_force(rows: Rows, member: MemberId) -> frozenset[EntryHash]:
    """The entries that gave a member their name, and that no later one took the place of."""
    found = rows.rows(f"SELECT t.hash FROM rename t WHERE t.member = ? AND {in_force('rename', 'member')}", (member,))
    return frozenset(EntryHash(name.hex()) for (name,) in found)
