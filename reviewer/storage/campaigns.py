"""Campaigns as they lie in the tables: rules, picks, and whose turn is next."""

import re
import struct
from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple

import msgspec

from reviewer.domain import canonical
from reviewer.domain.campaigns import CampaignState, is_turn_of
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.events import Campaign, ItemName
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import Pick, Sample
from reviewer.storage.rows import Rows

_rules = msgspec.json.Decoder(Campaign)
_COLUMNS = "id, hash, rules, closed, population, sampled, complete, answered, labels, created_ms"


_WHOLE_ID = re.compile("[0-9a-f]{64}")


class Stored(NamedTuple):
    """A campaign: its row number here, its state, and its counters."""

    row: int
    state: CampaignState
    population: int
    sampled: int
    complete: int
    answered: int
    labels: int
    created_ms: int


class Turn(NamedTuple):
    """What a member sees next. `again`: they had put it off."""

    item: ItemId
    again: bool


def decode_rules(text: str) -> Campaign:
    """The rules of a campaign's row. Raises Damaged for what is none."""
    try:
        return _rules.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Damaged("The rules of a campaign cannot be read.", "Run `reviewer verify --rebuild`.") from error


def by_hash(reading: Rows, name: str) -> Stored:
    """The campaign of an entry. Raises NotFound."""
    found = reading.row(f"SELECT {_COLUMNS} FROM campaign WHERE hash = ?", (bytes.fromhex(name),))
    if found is None:
        raise NotFound(f"There is no campaign {name[:8]}.", "See `reviewer campaign list`.")
    return _stored(reading, found)


def named(reading: Rows, name: str) -> Stored:
    """The campaign of a name, or of an id's first 6 or more digits. Raises NotFound, and Refused where two bear the name."""
    found = reading.rows(f"SELECT {_COLUMNS} FROM campaign WHERE name = ? ORDER BY hash", (name,))
    if not found and len(name) >= 6 and all(c in "0123456789abcdef" for c in name):
        low, high = prefix_range(name)
        found = reading.rows(f"SELECT {_COLUMNS} FROM campaign WHERE hash BETWEEN ? AND ?", (low, high))
    if not found:
        raise NotFound(f"There is no campaign “{name[:60]}”.", "See `reviewer campaign list`, or create it.")
    if len(found) > 1:
        raise Refused(f"There are {len(found)} campaigns called “{name[:60]}”.", "Name one by its id: see `reviewer campaign list`.")
    return _stored(reading, found[0])


def every(reading: Rows) -> list[Stored]:
    """All campaigns, newest first."""
    rows = reading.rows(f"SELECT {_COLUMNS} FROM campaign ORDER BY created_ms DESC, hash")
    return [_stored(reading, row) for row in rows]


def _stored(reading: Rows, row: tuple[int, bytes, str, int, int, int, int, int, int, int]) -> Stored:
    number, name, text, closed, *counts = row
    rules = decode_rules(text)
    members = rules.members or tuple(m for (m,) in reading.rows("SELECT id FROM member WHERE role IN ('reviewer', 'lead') ORDER BY id"))
    population, sampled, complete, answered, labels, created = counts
    state = CampaignState(EntryHash(name.hex()), rules, tuple(MemberId(m) for m in members), bool(closed))
    return Stored(number, state, population, sampled, complete, answered, labels, created)


_Decimal = Annotated[str, msgspec.Meta(pattern=r"\A(?:[01]|[01]\.\d{1,30}|\d(?:\.\d{1,30})?e-\d{1,3})\Z")]
_PickRow = tuple[ItemName, str, Literal["control", "risk", "double"], _Decimal, _Decimal]


def picks(reading: Rows, blob: str) -> list[Pick]:
    """The picks that a draw names. Raises NotFound where this replica lacks the list, Damaged for one that is none."""
    try:
        rows = msgspec.convert(canonical.decode(reading.blob(blob)), list[_PickRow])
    except msgspec.ValidationError as error:
        raise Damaged(f"A list of picks is none: {error}.", "Run `reviewer verify`, or restore the last backup.") from error
    return [Pick(*row) for row in rows]


def pack_picks(sample: Sample) -> bytes:
    """The bytes of a sample's picks, in the order of their ids."""
    return canonical.encode([list(pick) for pick in sorted(sample.picks)])


def pack_ids(ids: Iterable[ItemId]) -> bytes:
    """The bytes of a population: sorted item ids, 32 bytes each."""
    return b"".join(sorted(bytes.fromhex(i) for i in ids))


def unpack_ids(content: bytes) -> list[ItemId]:
    """The ids of a population."""
    return [ItemId(raw.hex()) for (raw,) in struct.iter_unpack("32s", content)]


def latest_sample(reading: Rows, stored: Stored) -> Sample:
    """All picks of a campaign, and the largest threshold of its draws."""
    rows = reading.rows("SELECT item, stratum, stream, pi, u FROM pick WHERE campaign = ?", (stored.row,))
    taken = tuple(Pick(ItemId(item.hex()), stratum, stream, pi, u) for item, stratum, stream, pi, u in rows)
    designs = [
        msgspec.json.decode(d) for (d,) in reading.rows("SELECT design FROM draw WHERE campaign = ?", (bytes.fromhex(stored.state.hash),))
    ]
    threshold = max((design["threshold"] for design in designs), key=float, default="0.0")
    return Sample(taken, threshold)


def is_sampled(reading: Rows, stored: Stored, item: ItemId) -> bool:
    """Whether an item was drawn."""
    return reading.row("SELECT 1 FROM pick WHERE campaign = ? AND item = ?", (stored.row, bytes.fromhex(item))) is not None


class LookedUp(NamedTuple):
    """An item as a label needs it. steps: its messages; sampled: whether the campaign drew it."""

    item: ItemId
    steps: int
    sampled: bool


def look_up(reading: Rows, stored: Stored, item: str) -> LookedUp | None:
    """The item of a whole id, all at once: a label waits for each question. None for a part of an id, and for one that is not here."""
    if not _WHOLE_ID.fullmatch(item):
        return None
    found = reading.row(
        "SELECT steps, EXISTS (SELECT 1 FROM pick WHERE campaign = ? AND item = i.id) FROM item i WHERE id = ?",
        (stored.row, bytes.fromhex(item)),
    )
    return None if found is None else LookedUp(ItemId(item), found[0], bool(found[1]))


def next_turns(reading: Rows, stored: Stored, member: MemberId, *, limit: int, beyond: frozenset[ItemId] = frozenset()) -> list[Turn]:
    """What the member sees next, in order, leaving out `beyond`; items put off come back last, oldest first."""
    if stored.state.closed or member not in stored.state.members:
        return []
    turns: list[Turn] = []
    for again, sql in ((False, _FRESH), (True, _PUT_OFF)):
        for (raw,) in reading.each(sql, {"campaign": stored.row, "member": member}):
            item = ItemId(raw.hex())
            if item in beyond or not is_turn_of(stored.state, member, item):
                continue
            turns.append(Turn(item, again))
            if len(turns) == limit:
                return turns
    return turns


_NOT_MINE = (
    " AND NOT EXISTS (SELECT 1 FROM label l WHERE l.item = p.item AND l.campaign = p.campaign AND l.member = :member AND l.in_force = 1)"
)
_FRESH = (
    "SELECT p.item FROM pick p WHERE p.campaign = :campaign AND p.complete = 0"
    + _NOT_MINE
    + " AND NOT EXISTS (SELECT 1 FROM aside a WHERE a.campaign = p.campaign AND a.member = :member AND a.item = p.item)"
    " ORDER BY p.place"
)
# What was escalated waits for the lead, and is not shown again to whoever asked.
_PUT_OFF = (
    "SELECT p.item FROM pick p JOIN (SELECT item, max(n) AS last, sum(kind = 'escalate') AS asked FROM aside"
    " WHERE campaign = :campaign AND member = :member GROUP BY item) a ON a.item = p.item AND a.asked = 0"
    " WHERE p.campaign = :campaign AND p.complete = 0" + _NOT_MINE + " ORDER BY a.last"
)


class Share(NamedTuple):
    """A member's part of a campaign: items labelled, items still to come, and how many of these were put off."""

    done: int
    waiting: int
    put_off: int


def share_of(reading: Rows, stored: Stored, member: MemberId) -> Share:
    """How far a member is. Counted by index where every open item is offered to them; else each open pick is asked whose turn it is."""
    if member not in stored.state.members:
        return Share(0, 0, 0)
    named: dict[str, object] = {"campaign": stored.row, "member": member}
    done = _count(reading, "SELECT count(DISTINCT item) FROM label WHERE campaign = :campaign AND member = :member AND in_force = 1", named)
    put_off = [ItemId(raw.hex()) for (raw,) in reading.rows(_PUT_OFF, named)]
    if stored.state.rules.assign == "all" or len(stored.state.members) == 1:
        aside = _count(reading, _ASIDE_OPEN, named)
        one_is_enough = stored.state.rules.overlap == 1 and stored.state.rules.double == "0"
        labelled_open = 0 if one_is_enough else _count(reading, _LABELLED_OPEN, named)
        fresh = stored.sampled - stored.complete - labelled_open - aside
        return Share(done, fresh + len(put_off), len(put_off))
    waiting = [ItemId(raw.hex()) for (raw,) in reading.each(_FRESH, named)]
    fresh = sum(is_turn_of(stored.state, member, item) for item in waiting)
    put_off = [item for item in put_off if is_turn_of(stored.state, member, item)]
    return Share(done, fresh + len(put_off), len(put_off))


_LABELLED_OPEN = (
    "SELECT count(DISTINCT l.item) FROM label l JOIN pick p ON p.campaign = l.campaign AND p.item = l.item"
    " WHERE l.campaign = :campaign AND l.member = :member AND l.in_force = 1 AND p.complete = 0"
)
_ASIDE_OPEN = (
    "SELECT count(DISTINCT a.item) FROM aside a JOIN pick p ON p.campaign = a.campaign AND p.item = a.item"
    " WHERE a.campaign = :campaign AND a.member = :member AND p.complete = 0 AND NOT EXISTS (SELECT 1 FROM label l"
    " WHERE l.item = a.item AND l.campaign = a.campaign AND l.member = :member AND l.in_force = 1)"
)


def _count(reading: Rows, sql: str, parameters: dict[str, object]) -> int:
    found = reading.row(sql, parameters)
    return int(found[0]) if found else 0


def prefix_range(prefix: str) -> tuple[bytes, bytes]:
    """The 32-byte names between which all names with these first hex digits lie."""
    return bytes.fromhex(prefix.ljust(64, "0")), bytes.fromhex(prefix.ljust(64, "f"))
