"""Labels as they lie in the tables: what was said of an item, by whom, and what has been begun."""

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reviewer.domain import chain
from reviewer.domain.chain import Body, EntryHash, MemberId
from reviewer.domain.events import Label
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Given, Opinion
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Asking, Stored
    from reviewer.storage.workspace import Reading, Work


class Said(NamedTuple):
    """A label with everything around it. rationale: None where it has none or its text is not on this machine."""

    hash: EntryHash
    campaign: str
    member: MemberId
    reviewer: str
    label: Label
    rationale: str | None
    omissions: tuple[str, ...]
    in_force: bool
    body: Body


class Mine(NamedTuple):
    """A label of one's own, for a list."""

    hash: EntryHash
    item: ItemId
    verdict: str | None
    wall_ms: int
    dur_ms: int | None
    showing: int


_SAID = (
    "SELECT l.hash, c.name, l.member, m.name, e.body, l.in_force FROM label l JOIN campaign c ON c.id = l.campaign"
    " JOIN member m ON m.id = l.member JOIN entry e ON e.hash = l.hash"
)


def own_in_force(reading: "Reading", stored: "Stored", member: MemberId, item: ItemId, showing: int = 1) -> frozenset[EntryHash]:
    """The member's labels in force on a question."""
    rows = reading.rows(
        "SELECT hash FROM label WHERE item = ? AND campaign = ? AND member = ? AND showing = ? AND in_force = 1",
        (bytes.fromhex(item), stored.row, member, showing),
    )
    return frozenset(EntryHash(name.hex()) for (name,) in rows)


def labelled_items(rows: Rows, stored: "Stored") -> set[ItemId]:
    """The items of a campaign on which somebody has a label in force."""
    found = rows.rows("SELECT DISTINCT item FROM label WHERE campaign = ? AND in_force = 1 AND showing = 1", (stored.row,))
    return {ItemId(item.hex()) for (item,) in found}


def newest(rows: Rows, stored: "Stored", member: MemberId, item: ItemId) -> EntryHash | None:
    """A member's label on an item: the newest in force, else the newest that gave way."""
    found = rows.row(
        "SELECT hash FROM label WHERE item = ? AND campaign = ? AND member = ? ORDER BY in_force DESC, n DESC LIMIT 1",
        (bytes.fromhex(item), stored.row, member),
    )
    return None if found is None else EntryHash(found[0].hex())


def last_own(reading: "Reading", stored: "Asking", member: MemberId) -> tuple[Given, ItemId] | None:
    """The member's newest label in force in a campaign."""
    found = reading.row(
        "SELECT hash, item, verdict, showing FROM label WHERE campaign = ? AND member = ? AND in_force = 1 ORDER BY n DESC LIMIT 1",
        (stored.row, member),
    )
    if found is None:
        return None
    return Given(EntryHash(found[0].hex()), member, found[2], found[3]), ItemId(found[1].hex())


def last_campaign(reading: Rows, member: MemberId) -> str | None:
    """The id of the campaign in which the member labelled last."""
    found = reading.row(
        "SELECT c.hash FROM label l JOIN campaign c ON c.id = l.campaign WHERE l.member = ? AND l.in_force = 1 ORDER BY l.n DESC LIMIT 1",
        (member,),
    )
    return None if found is None else str(found[0].hex())


def mine(reading: "Reading", stored: "Stored", member: MemberId, limit: int) -> list[Mine]:
    """The member's own labels in force in a campaign, newest first."""
    rows = reading.rows(
        "SELECT hash, item, verdict, wall_ms, dur_ms, showing FROM label WHERE campaign = ? AND member = ? AND in_force = 1"
        " ORDER BY n DESC LIMIT ?",
        (stored.row, member, limit),
    )
    return [Mine(EntryHash(h.hex()), ItemId(i.hex()), v, w, d, s) for h, i, v, w, d, s in rows]


def cited(reading: Rows, stored: "Stored", member: MemberId | None) -> dict[str, int]:
    """How many labels in force of a campaign cite each clause, by KEY:CLAUSE; those of one member, if one is named."""
    rows = reading.rows(
        "SELECT c.policy || ':' || c.clause, count(DISTINCT c.hash) FROM label l JOIN label_clause c ON c.hash = l.hash"
        " WHERE l.campaign = ? AND l.in_force = 1 AND l.member = coalesce(?, l.member) GROUP BY 1",
        (stored.row, member),
    )
    return dict(rows)


def of_item(reading: "Reading", item: ItemId) -> list[Said]:
    """Every label ever given to an item, oldest first, those taken back or replaced among them."""
    return [_said(reading, row) for row in reading.rows(f"{_SAID} WHERE l.item = ? ORDER BY l.n", (bytes.fromhex(item),))]


def one(reading: "Reading", name: EntryHash) -> Said | None:
    """The label of an entry."""
    found = reading.row(f"{_SAID} WHERE l.hash = ?", (bytes.fromhex(name),))
    return None if found is None else _said(reading, found)


def _said(reading: "Reading", row: tuple[bytes, str, str, str, bytes, int]) -> Said:
    name, campaign, member, reviewer, raw, in_force = row
    body = chain.parse(bytes(raw))
    label = msgspec.convert(body.value, Label)
    notes = tuple(_text(reading, omission.note) or "" for omission in label.omissions)
    rationale = _text(reading, body.note) if body.note else None
    return Said(EntryHash(name.hex()), campaign, MemberId(member), reviewer, label, rationale, notes, bool(in_force), body)


def rationales(rows: Rows, campaign: int, item: ItemId) -> list[str]:
    """The words of the labels in force of an item, oldest first, as far as they are here."""
    sql = "SELECT e.body FROM label l JOIN entry e ON e.hash = l.hash WHERE l.campaign = ? AND l.item = ? AND l.in_force = 1 ORDER BY l.n"
    bodies = (chain.parse(bytes(raw)) for (raw,) in rows.rows(sql, (campaign, bytes.fromhex(item))))
    return [text for body in bodies if body.note is not None and (text := _text(rows, body.note)) is not None]


def _text(reading: Rows, ref: chain.NoteRef) -> str | None:
    found = reading.row("SELECT content FROM blob WHERE hash = ?", (bytes.fromhex(ref.blob),))
    return None if found is None else chain.note_text(ref, bytes(found[0]))


def save_draft(work: "Work", campaign: EntryHash, item: ItemId, opinion: Opinion) -> None:
    """Keep what has been begun, so that a crash does not lose it."""
    work.run(
        "INSERT INTO draft VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET opinion = excluded.opinion, saved_ms = excluded.saved_ms",
        (
            bytes.fromhex(campaign), bytes.fromhex(item), work.workspace.member,
            msgspec.json.encode(opinion).decode(), work.workspace.surroundings.now_ms(),
        ),
    )  # fmt: skip


def drop_draft(work: "Work", campaign: EntryHash, item: ItemId) -> None:
    """Forget a draft that became a label, or that was emptied."""
    work.run(
        "DELETE FROM draft WHERE campaign = ? AND item = ? AND member = ?",
        (bytes.fromhex(campaign), bytes.fromhex(item), work.workspace.member),
    )


def draft(reading: "Reading", campaign: EntryHash, item: ItemId) -> Opinion | None:
    """What the acting member had begun on an item."""
    return draft_of(reading, campaign, item, reading.workspace.member)


def draft_of(rows: Rows, campaign: EntryHash, item: ItemId, member: MemberId) -> Opinion | None:
    """What a member had begun on an item."""
    found = rows.row(
        "SELECT opinion FROM draft WHERE campaign = ? AND item = ? AND member = ?",
        (bytes.fromhex(campaign), bytes.fromhex(item), member),
    )
    return None if found is None else _opinion(found[0])


def _opinion(text: str) -> Opinion:
    """A draft as it was kept; in those of earlier versions an omission is its words alone."""
    said = msgspec.json.decode(text)
    said["omissions"] = [{"text": one} if isinstance(one, str) else one for one in said.get("omissions", ())]
    return msgspec.convert(said, Opinion)
