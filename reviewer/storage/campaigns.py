"""Campaigns as they lie in the tables: rules, picks, and whose turn is next."""

import struct
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, NamedTuple, Protocol

import msgspec

from reviewer.domain import canonical
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.events import Campaign, ItemName
from reviewer.domain.items import ItemId
from reviewer.domain.probes import hides_gold
from reviewer.domain.progress import SILENT, Ticket
from reviewer.domain.sampling import Pick, Sample
from reviewer.storage import golds
from reviewer.storage.rows import Rows, prefix_range

_rules = msgspec.json.Decoder(Campaign)
_COLUMNS = "id, hash, rules, closed, population, sampled, complete, answered, labels, created_ms"


_PACKED_AT_ONCE = 20_000


class Asking(Protocol):
    """A campaign, where its counters do not matter: its row number here, and its state."""

    @property
    def row(self) -> int:
        """Its row number here."""

    @property
    def state(self) -> CampaignState:
        """What it asks of whom."""


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
    wanted = name.lower()
    if not found and len(wanted) >= 6 and all(c in "0123456789abcdef" for c in wanted):
        low, high = prefix_range(wanted)
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


def pack_picks(picks: Sequence[Pick], ticket: Ticket = SILENT) -> bytes:
    """The bytes of picks, which are in the order of their ids."""
    parts = []
    for start in range(0, len(picks), _PACKED_AT_ONCE):
        ticket.step(start, len(picks), "Packing the draw")
        parts.append(canonical.encode([list(pick) for pick in picks[start : start + _PACKED_AT_ONCE]])[1:-1])
    return b"[%b]" % b",".join(parts)


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


def is_asked(reading: Rows, stored: Stored, item: ItemId) -> bool:
    """Whether an item was drawn, or is hidden among those that were."""
    return is_sampled(reading, stored, item) or golds.is_hidden_gold(reading, stored, item)


def sampled_items(reading: Rows, stored: Stored) -> set[ItemId]:
    """Every item that was drawn."""
    return {ItemId(item.hex()) for (item,) in reading.rows("SELECT item FROM pick WHERE campaign = ?", (stored.row,))}


def names_of(reading: Rows, item: ItemId) -> tuple[str, ...]:
    """The campaigns that ask about an item, oldest first; those too that hide it, since nothing may tell it from the drawn ones."""
    rows = reading.rows(
        "SELECT c.id, c.name, c.rules, EXISTS (SELECT 1 FROM pick p WHERE p.campaign = c.id AND p.item = :item) FROM campaign c"
        " WHERE c.id IN (SELECT campaign FROM pick WHERE item = :item UNION SELECT campaign FROM gold WHERE item = :item) ORDER BY c.id",
        {"item": bytes.fromhex(item)},
    )
    return tuple(name for _, name, rules, drawn in rows if drawn or hides_gold(decode_rules(rules)))
