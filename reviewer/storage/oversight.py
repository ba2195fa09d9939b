"""What an oversight record tells of a campaign: its draws, who labelled under which words, what was settled, and where streams end."""

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reviewer.domain.chain import DeviceId, EntryHash
from reviewer.domain.items import ItemId
from reviewer.storage import receipts, sending
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored


class Drawn(NamedTuple):
    """A draw. population, picks: how many; names of their lists; design: as it was recorded; drawn_ms: by its author's clock."""

    hash: EntryHash
    query: str
    population: int
    population_list: str
    picks: int
    picks_list: str
    design: dict[str, str]
    drawn_ms: int


class Chances(NamedTuple):
    """Drawn items of one stratum and stream, and the least and the greatest probability with which they were drawn."""

    stratum: str
    stream: str
    sampled: int
    least: str
    most: str


class Reviewed(NamedTuple):
    """Labels in force of one member. items: how many they speak of; repeats: those of a second showing; first_ms, last_ms: when given."""

    member: str
    role: str
    labels: int
    items: int
    not_blind: int
    repeats: int
    imported: int
    first_ms: int
    last_ms: int


class CitedVersion(NamedTuple):
    """How many labels in force of a member cite a version of a policy. version: hash of its entry."""

    member: str
    policy: str
    version: EntryHash
    labels: int


class LabelCounts(NamedTuple):
    """Labels of a campaign. ever: that were given; in_force: that hold; not_blind, repeats: among these; uncounted: given without right."""

    ever: int
    in_force: int
    not_blind: int
    repeats: int
    uncounted: int


class Settled(NamedTuple):
    """A resolution in force. said: verdicts of the labels in force on its item with how many say so; clauses: `KEY:CLAUSE`."""

    hash: EntryHash
    item: ItemId
    verdict: str
    by: str
    wall_ms: int
    said: tuple[tuple[str, int], ...]
    clauses: tuple[str, ...]


class Head(NamedTuple):
    """The end of a stream, or of a branch of it. alone: entries of the stream that no other device has signed for; alone_ms: when the
    first of these was made, by the clock of its device, None where there is none.
    """

    stream: str
    seq: int
    hash: EntryHash
    device: DeviceId
    member: str
    revoked: bool
    alone: int
    alone_ms: int | None


class Received(NamedTuple):
    """A receipt: a member's device has the stream up to an entry. time: RFC 3339, by that device's clock."""

    device: DeviceId
    member: str
    stream: str
    seq: int
    head: EntryHash
    time: str


class AskedAgain(NamedTuple):
    """Items that were put into queues again. clause: where its words are the reason, else None."""

    why: str
    clause: str | None
    items: int
    wall_ms: int


class Founding(NamedTuple):
    """Who made an entry, and when by their device's clock."""

    by: str
    wall_ms: int


def draws(rows: Rows, stored: "Stored") -> list[Drawn]:
    """Every draw of a campaign, the oldest first."""
    sql = (
        "SELECT hash, query, population_n, population, picks_n, picks, design, drawn_ms FROM draw WHERE campaign = ?"
        " ORDER BY drawn_ms, hash"
    )
    return [
        Drawn(
            EntryHash(name.hex()), query, population, frozen.hex(), picks, picked.hex(),
            {key: str(value) for key, value in msgspec.json.decode(design).items()}, drawn_ms,
        )
        for name, query, population, frozen, picks, picked, design, drawn_ms in rows.rows(sql, (bytes.fromhex(stored.state.hash),))
    ]  # fmt: skip


def chances(rows: Rows, stored: "Stored") -> list[Chances]:
    """With which probabilities items were drawn, by stratum and stream."""
    least = "FIRST_VALUE(pi) OVER (PARTITION BY stratum, stream ORDER BY CAST(pi AS REAL), pi)"
    most = "FIRST_VALUE(pi) OVER (PARTITION BY stratum, stream ORDER BY CAST(pi AS REAL) DESC, pi)"
    sql = (
        f"SELECT stratum, stream, count(*), least, most FROM (SELECT stratum, stream, {least} AS least, {most} AS most FROM pick"
        " WHERE campaign = ?) GROUP BY stratum, stream ORDER BY stratum, stream"
    )
    return [Chances(*row) for row in rows.rows(sql, (stored.row,))]


def reviewed(rows: Rows, stored: "Stored") -> list[Reviewed]:
    """Who has labels in force, in the order of names."""
    imported = "json_extract(CAST(e.body AS TEXT), '$.value.imported') IS NOT NULL"
    sql = (
        f"SELECT m.name, m.role, count(*), count(DISTINCT l.item), sum(l.blind = 0), sum(l.showing = 2), sum({imported}),"
        " min(l.wall_ms), max(l.wall_ms) FROM label l JOIN member m ON m.id = l.member JOIN entry e ON e.hash = l.hash"
        " WHERE l.campaign = ? AND l.in_force = 1 GROUP BY m.id ORDER BY m.name, m.id"
    )
    return [Reviewed(*row) for row in rows.rows(sql, (stored.row,))]


def cited_versions(rows: Rows, stored: "Stored") -> list[CitedVersion]:
    """Which versions labels in force cite, by member, in the order of names."""
    sql = (
        "SELECT m.name, c.policy, c.version, count(DISTINCT l.hash) FROM label l JOIN label_clause c ON c.hash = l.hash"
        " JOIN member m ON m.id = l.member WHERE l.campaign = ? AND l.in_force = 1 GROUP BY m.id, c.policy, c.version"
        " ORDER BY m.name, m.id, c.policy, c.version"
    )
    return [CitedVersion(*row) for row in rows.rows(sql, (stored.row,))]


def label_counts(rows: Rows, stored: "Stored") -> LabelCounts:
    """How many labels were given and hold."""
    sql = (
        "SELECT count(*), coalesce(sum(in_force), 0), coalesce(sum(in_force AND NOT blind), 0), coalesce(sum(in_force AND showing = 2), 0)"
        " FROM label WHERE campaign = ?"
    )
    ever, held, not_blind, repeats = rows.row(sql, (stored.row,)) or (0, 0, 0, 0)
    without_right = (
        "SELECT count(*) FROM uncounted u JOIN entry e ON e.hash = u.hash WHERE e.kind = 'label'"
        " AND json_extract(CAST(e.body AS TEXT), '$.value.campaign') = ?"
    )
    (uncounted,) = rows.row(without_right, (stored.state.hash,)) or (0,)
    return LabelCounts(ever, held, not_blind, repeats, uncounted)


def differing(rows: Rows, stored: "Stored") -> int:
    """Items on which labels in force of the first showing say different things, settled or not."""
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM label WHERE campaign = ? AND in_force = 1 AND showing = 1 AND verdict IS NOT NULL"
        " GROUP BY item HAVING count(DISTINCT verdict) > 1)"
    )
    (found,) = rows.row(sql, (stored.row,)) or (0,)
    return int(found)


def settled(rows: Rows, stored: "Stored") -> list[Settled]:
    """Every resolution in force, in the order in which they were given."""
    sql = (
        "SELECT t.hash, t.item, t.verdict, m.name, t.wall_ms FROM resolution t JOIN member m ON m.id = t.member"
        f" WHERE t.campaign = ? AND {in_force('resolution', 'campaign', 'item')} ORDER BY t.wall_ms, t.hash"
    )
    said = (
        "SELECT verdict, count(*) FROM label WHERE campaign = ? AND item = ? AND in_force = 1 AND showing = 1 AND verdict IS NOT NULL"
        " GROUP BY verdict ORDER BY verdict"
    )
    cites = "SELECT DISTINCT policy || ':' || clause FROM label_clause WHERE hash = ? ORDER BY 1"
    return [
        Settled(
            EntryHash(name.hex()), ItemId(item.hex()), verdict, by, wall_ms,
            tuple(rows.rows(said, (stored.row, item))), tuple(one for (one,) in rows.rows(cites, (name,))),
        )
        for name, item, verdict, by, wall_ms in rows.rows(sql, (stored.row,))
    ]  # fmt: skip


def asked_again(rows: Rows, stored: "Stored") -> list[AskedAgain]:
    """What was put into queues again, the oldest first."""
    sql = "SELECT why, clause, items_n, wall_ms FROM requeue WHERE campaign = ? ORDER BY wall_ms, hash"
    return [AskedAgain(*row) for row in rows.rows(sql, (stored.row,))]


def heads(rows: Rows) -> list[Head]:
    """Where every stream ends here, in the order of streams."""
    devices = _devices(rows)
    alone = receipts.unwitnessed(rows)
    found = []
    for tip in sending.tips(rows):
        device = receipts.device_of(rows, tip.stream) or DeviceId("")
        member, revoked = devices.get(device, ("", False))
        left = alone.get(tip.stream)
        since = None if left is None else _made_ms(rows, tip.stream, left.since)
        found.append(Head(tip.stream, tip.seq, tip.hash, device, member, revoked, 0 if left is None else left.n, since))
    return found


def received(rows: Rows) -> list[Received]:
    """The receipts that reach furthest, by device and stream."""
    devices = _devices(rows)
    return [
        Received(one.device, devices.get(one.device, ("", False))[0], one.stream, one.seq, one.head, one.time)
        for one in receipts.latest(rows)
    ]


def founding(rows: Rows, name: EntryHash) -> Founding | None:
    """Who made an entry, and when; None where it is not here."""
    sql = (
        "SELECT m.name, json_extract(CAST(e.body AS TEXT), '$.wall_ms') FROM entry e"
        " JOIN member m ON m.id = json_extract(CAST(e.body AS TEXT), '$.actor') WHERE e.hash = ?"
    )
    found = rows.row(sql, (bytes.fromhex(name),))
    return None if found is None else Founding(*found)


def activated_ms(rows: Rows, version: EntryHash) -> int | None:
    """When a version was put in force first, by the clock of whoever did; None where nobody did."""
    (found,) = rows.row("SELECT min(wall_ms) FROM activation WHERE version = ?", (bytes.fromhex(version),)) or (None,)
    return None if found is None else int(found)


def not_counted(rows: Rows) -> int:
    """Entries that hold and do not count, since their author had no right to them or what they name is not here."""
    (found,) = rows.row("SELECT count(*) FROM uncounted") or (0,)
    return int(found)


def erased(rows: Rows, stored: "Stored") -> int:
    """Drawn items whose content was erased on some device."""
    sql = (
        "SELECT count(*) FROM pick p WHERE p.campaign = ?"
        " AND EXISTS (SELECT 1 FROM erasure e WHERE e.item = p.item AND e.kind = 'erase_done')"
    )
    (found,) = rows.row(sql, (stored.row,)) or (0,)
    return int(found)


def _made_ms(rows: Rows, stream: str, seq: int) -> int | None:
    sql = "SELECT min(json_extract(CAST(body AS TEXT), '$.wall_ms')) FROM entry WHERE stream = ? AND seq = ?"
    (found,) = rows.row(sql, (bytes.fromhex(stream), seq)) or (None,)
    return None if found is None else int(found)


def _devices(rows: Rows) -> dict[DeviceId, tuple[str, bool]]:
    sql = "SELECT d.id, m.name, d.revoked FROM device d JOIN member m ON m.id = d.member"
    return {DeviceId(name): (member, bool(revoked)) for name, member, revoked in rows.rows(sql)}
