"""Items as they lie in the tables: put in, found by id, shown whole."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import msgspec

from reviewer.domain import items
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, NotFound, Refused, shown
from reviewer.domain.items import Item, ItemId
from reviewer.domain.records import Record
from reviewer.domain.times import utc_text
from reviewer.storage import payloads, search_index
from reviewer.storage.rows import Rows, prefix_range

if TYPE_CHECKING:
    from reviewer.storage.workspace import Reading, Work

LEAST_PREFIX = 6
_ASKED_AT_ONCE = 500
_NAMESAKES = (
    "SELECT i.id FROM item i WHERE i.external_id = :name AND (:agent IS NULL OR i.agent IS NULL OR i.agent = :agent)"
    " AND (:model IS NULL OR i.model IS NULL OR i.model = :model)"
)
_ADD_ORIGIN = "INSERT INTO origin VALUES (?, ?, ?, ?, ?, ?, ?)"


class Prepared(msgspec.Struct, array_like=True):
    """A record made ready for the tables, away from the writer. id and original_hash: 32 bytes.

    payload, metadata, original: packed as they are stored; original_size: bytes of the original before that. text: what search looks at,
    None where it is to be read from the item by then.
    """

    id: bytes
    original_hash: bytes
    kind: str
    agent: str | None
    model: str | None
    time: str | None
    external_id: str | None
    title: str
    steps: int
    tools: str
    media: str
    payload: bytes
    position: int
    line: int | None
    metadata: bytes
    original: bytes
    original_size: int
    text: str | None = None
    media_files: tuple[tuple[str, bytes], ...] = ()


class Origin(NamedTuple):
    """Where an item came from. metadata: the text of a JSON object, hidden from reviewers."""

    file: str
    format: str
    position: int
    line: int | None
    imported_ms: int
    metadata: str


class Kept(NamedTuple):
    """A stored item: its number here, its id, and its content."""

    n: int
    id: ItemId
    item: Item


class Columns(NamedTuple):
    """What search and lists look at, in the order of the table's columns."""

    kind: str
    agent: str | None
    model: str | None
    time: str | None
    external_id: str | None
    title: str
    steps: int
    tools: str
    media: str


def columns_of(item: Item) -> Columns:
    """The columns of an item's row: all of them follow from the item."""
    facts = items.facts(item)
    given = (item.kind, item.agent, item.model, item.time, item.external_id)
    return Columns(*given, facts.title, facts.steps, _spaced(facts.tools), _spaced(facts.media))


def prepare(record: Record) -> Prepared:
    """Encode, hash and pack a record. Raises UnicodeEncodeError for a lone surrogate."""
    one = prepare_bare(record)
    one.payload = payloads.pack(one.payload)
    one.text = search_index.words_of(record.item)
    return one


def pack_payloads(batch: Sequence[Prepared]) -> None:
    """Pack the payloads of records as `prepare_bare` gives them."""
    for one, packed in zip(batch, payloads.pack_many([one.payload for one in batch]), strict=True):
        one.payload = packed


def prepare_bare(record: Record) -> Prepared:
    """As `prepare`, without the text, and the payload is the canonical bytes until `pack_payloads` has packed it, with many others."""
    item = record.item
    canonical = items.encode(item)
    facts = items.facts(item)
    return Prepared(
        id=bytes.fromhex(items.item_id(canonical)),
        original_hash=hashlib.sha256(record.original).digest(),
        kind=item.kind,
        agent=item.agent,
        model=item.model,
        time=item.time,
        external_id=item.external_id,
        title=facts.title,
        steps=facts.steps,
        tools=_spaced(facts.tools),
        media=_spaced(facts.media),
        payload=canonical,
        position=record.index,
        line=record.line,
        metadata=payloads.pack(record.metadata.encode()),
        original=payloads.pack_original(record.original, canonical),
        original_size=len(record.original),
        media_files=tuple((medium.sha256, medium.content) for medium in record.media),
    )


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} " if words else ""


def add_file(work: "Work", *, name: str, format_name: str, format_version: int) -> int:
    """Note a file that is being imported. Returns its number."""
    found = work.row(
        "INSERT INTO import_file (name, format, format_version, imported_ms) VALUES (?, ?, ?, ?) RETURNING id",
        (name, format_name, format_version, work.workspace.surroundings.now_ms()),
    )
    assert found is not None
    return int(found[0])


def add(work: "Work", file: int | None, batch: Sequence[Prepared], *, findable: bool = True) -> list[Prepared]:
    """Put items in. Returns those that were new; the others are here already and stay as they are.

    file: number of the file that they came from; None for items that came without their source. findable: at once, where their texts are
    given, unless the search index is behind already; else whoever adds sees to it that `search_index.follow` is asked.
    """
    known = _known(work, [one.id for one in batch])
    new = list({one.id: one for one in reversed(batch) if one.id not in known}.values())[::-1]
    if not new:
        return []
    found = work.row("SELECT max(n) FROM item")
    first = (found[0] or 0) + 1 if found else 1
    numbered = list(enumerate(new, first))
    work.run_many(
        "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(n, i.id, i.kind, i.agent, i.model, i.time, i.external_id, i.title, i.steps, i.tools, i.media, i.payload) for n, i in numbered],
    )
    if file is not None:
        work.run_many(_ADD_ORIGIN, [_origin_row(n, file, one) for n, one in numbered])
    texts = [(n, one.text) for n, one in numbered if one.text is not None]
    if findable and len(texts) == len(numbered) and search_index.first_behind(work) is None:
        search_index.add(work, texts)
    else:
        search_index.leave(work, first)
    work.run("UPDATE fact SET value = CAST(value AS INTEGER) + ? WHERE name = 'items'", (len(new),))
    work.changes |= Changes.ITEMS
    return new


def add_origins(work: "Work", file: int, batch: Sequence[Prepared]) -> None:
    """Give items that are here without their source what they came from. Those that have one keep it."""
    for one in batch:
        found = work.row("SELECT n FROM item i WHERE id = ? AND NOT EXISTS (SELECT 1 FROM origin o WHERE o.n = i.n)", (one.id,))
        if found is not None:
            work.run_many(_ADD_ORIGIN, [_origin_row(found[0], file, one)])


def _origin_row(n: int, file: int, one: Prepared) -> tuple[object, ...]:
    return (n, file, one.position, one.line, one.metadata, one.original, one.original_size)


def _known(work: "Work", ids: Sequence[bytes]) -> set[bytes]:
    """Those of the ids that are here, or that were erased."""
    known: set[bytes] = set()
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        some = list(ids[start : start + _ASKED_AT_ONCE])
        marks = ", ".join("?" * len(some))
        # What was erased comes back by no way.
        sql = f"SELECT id FROM item WHERE id IN ({marks}) UNION ALL SELECT item FROM erasure WHERE item IN ({marks})"
        known.update(bytes(found) for (found,) in work.rows(sql, some * 2))
    known.update(bytes(found) for (found,) in work.rows("SELECT unhex(substr(name, 8)) FROM fact WHERE name GLOB 'erased.*'"))
    return known


def full_id(reading: "Reading", prefix: str) -> ItemId:
    """The item of an id or of its first 6 or more digits. Raises NotFound, and Refused where several begin so."""
    wanted = prefix.lower()
    if not LEAST_PREFIX <= len(wanted) <= 64 or any(c not in "0123456789abcdef" for c in wanted):
        raise NotFound(
            f"“{shown(prefix, 40)}” is not an item's id.", "Give the id, or its first 6 or more digits; `reviewer items` lists them."
        )
    found = reading.rows("SELECT id FROM item WHERE id BETWEEN ? AND ? LIMIT 2", prefix_range(wanted))
    if not found:
        refuse_absent(reading, wanted)
    if len(found) > 1:
        raise Refused(f"More than one item begins with {wanted}.", "Give more digits of the id.")
    return ItemId(found[0][0].hex())


def refuse_absent(rows: Rows, prefix: str) -> NoReturn:
    """Raise NotFound for an item that is not here; it says so where the item was erased."""
    found = rows.row("SELECT item, max(wall_ms) FROM erasure WHERE item BETWEEN ? AND ? GROUP BY item", prefix_range(prefix))
    if found is not None:
        raise NotFound(
            f"Item {found[0].hex()[:12]} was erased on {utc_text(found[1])[:10]} and is not restored.",
            "What was answered about it stays in the journal; its content is gone on purpose.",
            "E211",
        )
    raise NotFound(f"There is no item {prefix[:12]}.", "`reviewer items` lists those that are here.")


def by_external_id(
    reading: "Reading", external_id: str, *, campaign: int | None = None, agent: str | None = None, model: str | None = None
) -> ItemId:
    """The item of an external id; of several that bear it, the one that a campaign drew. campaign: its row.

    agent, model: what the item is said to have; one that says nothing of it will do. Raises NotFound, and Refused where several are left.
    """
    said = {"name": external_id, "agent": agent, "model": model, "campaign": campaign}
    found = reading.rows(f"{_NAMESAKES} AND EXISTS (SELECT 1 FROM pick WHERE campaign = :campaign AND item = i.id) LIMIT 2", said)
    found = found or reading.rows(f"{_NAMESAKES} LIMIT 2", said)
    what = " ".join([f"the external id “{shown(external_id, 40)}”", *(f"and {shown(one, 40)}" for one in (agent, model) if one)])
    if not found:
        raise NotFound(f"There is no item with {what}.", "`reviewer items` lists those that are here.")
    if len(found) > 1:
        raise Refused(f"More than one item has {what}.", "Name the item by its id.")
    return ItemId(found[0][0].hex())


def get(reading: Rows, item: ItemId) -> Kept:
    """An item, whole. Raises NotFound, or Damaged if its bytes are not those that its id names."""
    found = reading.row("SELECT n, payload FROM item WHERE id = ?", (bytes.fromhex(item),))
    if found is None:
        raise NotFound(f"There is no item {item[:12]}.", "`reviewer items` lists those that are here.")
    canonical = payloads.unpack(bytes(found[1]))
    if items.item_id(canonical) != item:
        raise Damaged(f"Item {item[:12]} is not what its id says.", "Import its file again, or restore the last backup.")
    return Kept(int(found[0]), item, items.decode(canonical))


def steps(rows: Rows, item: ItemId) -> int:
    """How many messages an item has that is here."""
    return int(rows.rows("SELECT steps FROM item WHERE id = ?", (bytes.fromhex(item),))[0][0])


def time_of(rows: Rows, item: ItemId) -> str | None:
    """When an item happened; None where it does not say, or is not here."""
    found = rows.row("SELECT time FROM item WHERE id = ?", (bytes.fromhex(item),))
    return None if found is None else found[0]


def origin(reading: "Reading", item: ItemId) -> Origin | None:
    """Where an item came from; None where this replica does not know."""
    found = reading.row(
        "SELECT f.name, f.format, o.position, o.line, f.imported_ms, o.metadata FROM item i JOIN origin o ON o.n = i.n"
        " JOIN import_file f ON f.id = o.file WHERE i.id = ?",
        (bytes.fromhex(item),),
    )
    return None if found is None else Origin(found[0], found[1], found[2], found[3], found[4], payloads.unpack(bytes(found[5])).decode())


def named_by(reading: "Reading", format_name: str) -> dict[ItemId, str]:
    """The items that came in a format, by what their source calls them; those without such a name are left out."""
    found = reading.rows(
        "SELECT i.id, i.external_id FROM import_file f JOIN origin o ON o.file = f.id JOIN item i ON i.n = o.n"
        " WHERE f.format = ? AND i.external_id IS NOT NULL",
        (format_name,),
    )
    return {ItemId(name.hex()): external for name, external in found}


def metadata_after(reading: "Reading", after: int, limit: int) -> list[tuple[int, ItemId, str]]:
    """Items that came with their source: number, id and metadata, in the order of their numbers, from behind one."""
    found = reading.rows(
        "SELECT i.n, i.id, o.metadata FROM origin o JOIN item i ON i.n = o.n WHERE o.n > ? ORDER BY o.n LIMIT ?", (after, limit)
    )
    return [(n, ItemId(name.hex()), payloads.unpack(bytes(packed)).decode()) for n, name, packed in found]


def original(reading: "Reading", item: ItemId) -> bytes:
    """The record's own bytes, as they were imported. Raises NotFound."""
    found = reading.row("SELECT i.payload, o.original FROM item i JOIN origin o ON o.n = i.n WHERE i.id = ?", (bytes.fromhex(item),))
    if found is None:
        raise NotFound(f"The source of item {item[:12]} is not on this machine.", "Import its file here.")
    return payloads.unpack_original(bytes(found[1]), payloads.unpack(bytes(found[0])))
