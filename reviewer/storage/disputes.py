"""Items that wait for an adjudicator, and the resolutions that were given before."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal, NamedTuple

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.events import Ruling
from reviewer.domain.items import ItemId
from reviewer.storage.answers import RESOLVED
from reviewer.storage.campaigns import Stored
from reviewer.storage.conflicts import disagreements, in_force, over_resolutions
from reviewer.storage.rows import Rows

_LAST = 2.0  # behind every place of a queue
Kind = Literal["disagreement", "resolutions", "new_evidence"]
_HOLDS = in_force("resolution", "campaign", "item")


class Disputed(NamedTuple):
    """An item that waits for a resolution, and why."""

    item: ItemId
    kind: Kind


class Precedent(NamedTuple):
    """A resolution in force, given to an item in some campaign."""

    hash: EntryHash
    campaign: int
    item: ItemId
    verdict: Ruling
    wall_ms: int


def in_doubt(rows: Rows) -> dict[EntryHash, dict[ItemId, Kind]]:
    """By campaign, the items whose resolutions differ, and those on which evidence came after one."""
    found: dict[EntryHash, dict[ItemId, Kind]] = defaultdict(dict)
    for conflict in over_resolutions(rows):
        if conflict.campaign is not None:
            kind: Kind = "resolutions" if conflict.kind == "resolutions" else "new_evidence"
            items, item = found[conflict.campaign], ItemId(conflict.subject)
            items[item] = kind if items.get(item) is None else "resolutions"
    return found


def disputed(rows: Rows, stored: Stored, doubts: Mapping[ItemId, Kind]) -> list[Disputed]:
    """What waits in a campaign: labels that differ, and what is in doubt, in the order of the queue.

    What somebody is asked for again is left out until they have answered. doubts: those of the campaign, as of `in_doubt`.
    """
    found: dict[ItemId, Kind] = {ItemId(one.item): "disagreement" for one in disagreements(rows, stored.row)}
    again = {ItemId(item.hex()) for (item,) in rows.rows("SELECT DISTINCT item FROM asked_again WHERE campaign = ?", (stored.row,))}
    found |= {item: kind for item, kind in doubts.items() if item not in again}

    def place(item: ItemId) -> tuple[float, ItemId]:
        (place,) = rows.row("SELECT place FROM pick WHERE campaign = ? AND item = ?", (stored.row, bytes.fromhex(item))) or (_LAST,)
        return place, item

    return [Disputed(item, found[item]) for item in sorted(found, key=place)]


def kind_of(rows: Rows, stored: Stored, item: ItemId) -> Kind | None:
    """Why an item of a campaign waits for a resolution; None where it does not."""
    place = (stored.row, bytes.fromhex(item))
    if rows.row("SELECT 1 FROM asked_again WHERE campaign = ? AND item = ?", place) is not None:
        return None
    rulings = rows.rows(RESOLVED, place)
    if not rulings:
        return "disagreement" if next(disagreements(rows, *place), None) is not None else None
    if len({verdict for _, verdict, *_ in rulings}) > 1:
        return "resolutions"
    weighed = {dep for name, *_ in rulings for (dep,) in rows.rows("SELECT target FROM successor WHERE by_hash = ?", (name,))}
    labels = rows.rows("SELECT hash FROM label WHERE campaign = ? AND item = ? AND in_force = 1 AND showing = 1", place)
    return "new_evidence" if {name for (name,) in labels} - weighed else None


def labelled_by(rows: Rows, stored: Stored, member: MemberId) -> set[ItemId]:
    """The items of a campaign that a member ever labelled."""
    found = rows.rows("SELECT DISTINCT item FROM label WHERE campaign = ? AND member = ?", (stored.row, member))
    return {ItemId(item.hex()) for (item,) in found}


def resolved_by(rows: Rows, stored: Stored, member: MemberId) -> list[ItemId]:
    """The items of a campaign whose resolution in force is a member's, newest first."""
    sql = f"SELECT t.item FROM resolution t WHERE t.campaign = ? AND t.member = ? AND {_HOLDS} ORDER BY t.wall_ms DESC, t.hash"
    return [ItemId(item.hex()) for (item,) in rows.rows(sql, (stored.row, member))]


def precedents(rows: Rows, limit: int) -> list[Precedent]:
    """The newest resolutions in force, of all campaigns. Where two of an item differ, neither is a precedent."""
    sql = (
        f"SELECT t.hash, t.campaign, t.item, t.verdict, t.wall_ms FROM resolution t WHERE {_HOLDS} ORDER BY t.wall_ms DESC, t.hash LIMIT ?"
    )
    groups: dict[tuple[int, bytes], list[Precedent]] = defaultdict(list)
    for name, campaign, item, verdict, wall_ms in rows.rows(sql, (limit,)):
        one = Precedent(EntryHash(name.hex()), campaign, ItemId(item.hex()), verdict, wall_ms)
        groups[campaign, item].append(one)
    return [group[0] for group in groups.values() if len({one.verdict for one in group}) == 1]


def clauses_of(rows: Rows, name: EntryHash) -> list[tuple[str, str]]:
    """Policy and clause of all that a label or a resolution cites."""
    return list(rows.rows("SELECT policy, clause FROM label_clause WHERE hash = ? ORDER BY policy, clause", (bytes.fromhex(name),)))


def clauses_of_labels(rows: Rows, campaign: int, item: ItemId) -> list[tuple[str, str]]:
    """Policy and clause of all that the labels in force of an item cite."""
    sql = (
        "SELECT DISTINCT c.policy, c.clause FROM label l JOIN label_clause c ON c.hash = l.hash"
        " WHERE l.campaign = ? AND l.item = ? AND l.in_force = 1 ORDER BY 1, 2"
    )
    return list(rows.rows(sql, (campaign, bytes.fromhex(item))))
