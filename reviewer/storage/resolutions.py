"""What is in force on an item besides its labels: resolutions and known answers."""

from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.events import Ruling
from reviewer.domain.items import ItemId
from reviewer.domain.resolutions import Dispute
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import requeues
from reviewer.storage.answers import RESOLVED
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored


_IN_FORCE = in_force("resolution", "campaign", "item")


def dispute(rows: Rows, stored: "Stored", item: ItemId, by: MemberId) -> Dispute:
    """An item of a campaign as whoever resolves it needs it. by: who that is."""
    place = (stored.row, bytes.fromhex(item))
    labels = rows.rows("SELECT hash, member FROM label WHERE campaign = ? AND item = ? AND in_force = 1 AND showing = 1", place)
    own = rows.row("SELECT 1 FROM label WHERE campaign = ? AND item = ? AND member = ?", (*place, by)) is not None
    return Dispute(
        stored.state,
        item,
        campaign_rows.is_sampled(rows, stored, item),
        frozenset(EntryHash(name.hex()) for name, _ in labels),
        frozenset(EntryHash(name.hex()) for name, *_ in rows.rows(RESOLVED, place)),
        own,
        requeues.naming(rows, stored.row, item),
    )


def resolved(rows: Rows, stored: "Stored") -> dict[ItemId, list[Ruling]]:
    """The resolutions in force of a campaign, by item."""
    sql = (
        f"SELECT t.item, t.verdict FROM resolution t WHERE t.campaign = ? AND {in_force('resolution', 'campaign', 'item')} ORDER BY t.item"
    )
    found: dict[ItemId, list[Ruling]] = {}
    for item, verdict in rows.rows(sql, (stored.row,)):
        found.setdefault(ItemId(item.hex()), []).append(verdict)
    return found


class Resolution(NamedTuple):
    """A resolution in force of one item."""

    hash: EntryHash
    verdict: Ruling
    member: MemberId


def resolutions_in_force(rows: Rows, stored: "Stored", item: ItemId) -> list[Resolution]:
    """What an item of a campaign was resolved as; several where adjudicators did not know of each other. Oldest first."""
    found = sorted(rows.rows(RESOLVED, (stored.row, bytes.fromhex(item))), key=lambda row: (row[3], row[0]))
    return [Resolution(EntryHash(name.hex()), verdict, MemberId(member)) for name, verdict, member, _ in found]


class Ruled(NamedTuple):
    """A resolution in force. wall_ms: by the clock of whoever gave it."""

    hash: EntryHash
    item: ItemId
    verdict: str
    wall_ms: int


def at_fault(rows: Rows, policy: str, clause: str | None) -> list[Ruled]:
    """The resolutions in force that blame a clause of a policy, or any of its clauses, oldest first."""
    found = rows.rows(
        f"SELECT t.hash, t.item, t.verdict, t.wall_ms FROM resolution t WHERE t.verdict = 'policy_at_fault' AND {_IN_FORCE}"
        " AND EXISTS (SELECT 1 FROM label_clause c WHERE c.hash = t.hash AND c.policy = ?1 AND (?2 IS NULL OR c.clause = ?2))"
        " ORDER BY t.wall_ms, t.hash",
        (policy, clause),
    )
    return [Ruled(EntryHash(name.hex()), ItemId(item.hex()), verdict, wall_ms) for name, item, verdict, wall_ms in found]


def gold_in_force(rows: Rows, stored: "Stored", item: ItemId) -> dict[EntryHash, str | None]:
    """The entries in force that say what an item's right answer is, and what they say."""
    found = rows.rows(
        f"SELECT t.hash, t.verdict FROM gold t WHERE t.campaign = ? AND t.item = ? AND {in_force('gold', 'campaign', 'item')}",
        (stored.row, bytes.fromhex(item)),
    )
    return {EntryHash(name.hex()): verdict for name, verdict in found}
