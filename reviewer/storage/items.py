"""Items as they lie in the tables: put in, found by id, shown whole."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reviewer.domain import items
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, NotFound, Refused, shown
from reviewer.domain.items import Item, ItemId
from reviewer.domain.records import Record
from reviewer.storage import payloads
from reviewer.storage.campaigns import prefix_range
from reviewer.storage.folders import sync_folder, write_durably
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Reading, Work

LEAST_PREFIX = 6
_ASKED_AT_ONCE = 500


class Prepared(msgspec.Struct, array_like=True):
    """A record made ready for the tables, away from the writer. id and original_hash: 32 bytes; text: what search looks at."""

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
    canonical: bytes
    position: int
    line: int | None
    metadata: str
    original: bytes
    text: str
    media_files: tuple[tuple[str, bytes], ...] = ()


class Packed(NamedTuple):
    """The bytes of an item as they are stored."""

    payload: bytes
    metadata: bytes
    original: bytes


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
    """Encode and hash a record. Raises UnicodeEncodeError for a lone surrogate."""
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
        canonical=canonical,
        position=record.index,
        line=record.line,
        metadata=record.metadata,
        original=record.original,
        text=facts.text.replace("\x00", " "),
        media_files=tuple((medium.sha256, medium.content) for medium in record.media),
    )


def pack(one: Prepared) -> Packed:
    """Pack an item. An import does so before its transaction, on the writer's side: packing leaves the interpreter lock alone."""
    return Packed(payloads.pack(one.canonical), payloads.pack(one.metadata.encode()), payloads.pack_original(one.original, one.canonical))


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


def add(work: "Work", file: int, batch: Sequence[Prepared], packed: Mapping[bytes, Packed] | None = None) -> list[Prepared]:
    """Put items in, findable at once. Returns those that were new; the others are here already and stay as they are.

    packed: by id, those that were packed beforehand.
    """
    known = _known(work, [one.id for one in batch])
    new = list({one.id: one for one in reversed(batch) if one.id not in known}.values())[::-1]
    if not new:
        return []
    found = work.row("SELECT max(n) FROM item")
    first = (found[0] or 0) + 1 if found else 1
    numbered = [(n, one, (packed or {}).get(one.id) or pack(one)) for n, one in enumerate(new, first)]
    work.run_many(
        "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (n, i.id, i.kind, i.agent, i.model, i.time, i.external_id, i.title, i.steps, i.tools, i.media, p.payload)
            for n, i, p in numbered
        ],
    )  # fmt: skip
    work.run_many(
        "INSERT INTO origin VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(n, file, i.position, i.line, p.metadata, p.original, len(i.original)) for n, i, p in numbered],
    )
    work.run_many("INSERT INTO item_text (rowid, text) VALUES (?, ?)", [(n, i.text) for n, i, _ in numbered])
    work.run("UPDATE fact SET value = CAST(value AS INTEGER) + ? WHERE name = 'items'", (len(new),))
    work.changes |= Changes.ITEMS
    return new


def _known(work: "Work", ids: Sequence[bytes]) -> set[bytes]:
    """Those of the ids that are here."""
    known: set[bytes] = set()
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        some = ids[start : start + _ASKED_AT_ONCE]
        known.update(bytes(found) for (found,) in work.rows(f"SELECT id FROM item WHERE id IN ({', '.join('?' * len(some))})", some))
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
        raise NotFound(f"There is no item {wanted[:12]}.", "`reviewer items` lists those that are here.")
    if len(found) > 1:
        raise Refused(f"More than one item begins with {wanted}.", "Give more digits of the id.")
    return ItemId(found[0][0].hex())


def by_external_id(reading: "Reading", external_id: str) -> ItemId:
    """The item of an external id. Raises NotFound, and Refused where several bear it."""
    found = reading.rows("SELECT id FROM item WHERE external_id = ? LIMIT 2", (external_id,))
    if not found:
        raise NotFound(f"There is no item with the external id “{shown(external_id, 40)}”.", "`reviewer items` lists those that are here.")
    if len(found) > 1:
        raise Refused(f"More than one item has the external id “{shown(external_id, 40)}”.", "Name the item by its id.")
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


def origin(reading: "Reading", item: ItemId) -> Origin | None:
    """Where an item came from; None where this replica does not know."""
    found = reading.row(
        "SELECT f.name, f.format, o.position, o.line, f.imported_ms, o.metadata FROM item i JOIN origin o ON o.n = i.n"
        " JOIN import_file f ON f.id = o.file WHERE i.id = ?",
        (bytes.fromhex(item),),
    )
    return None if found is None else Origin(found[0], found[1], found[2], found[3], found[4], payloads.unpack(bytes(found[5])).decode())


def original(reading: "Reading", item: ItemId) -> bytes:
    """The record's own bytes, as they were imported. Raises NotFound."""
    found = reading.row("SELECT i.payload, o.original FROM item i JOIN origin o ON o.n = i.n WHERE i.id = ?", (bytes.fromhex(item),))
    if found is None:
        raise NotFound(f"The source of item {item[:12]} is not on this machine.", "Import its file here.")
    return payloads.unpack_original(bytes(found[1]), payloads.unpack(bytes(found[0])))


def media_file(folder: Path, sha256: str) -> Path:
    """Where a medium lies in a workspace. Raises ValueError for a name that is no hash, so that no text from a file becomes a path."""
    if len(sha256) != 64 or any(c not in "0123456789abcdef" for c in sha256):
        raise ValueError("not a SHA-256")
    return folder / "media" / sha256[:2] / sha256


def keep_media(folder: Path, media: Sequence[tuple[str, bytes]]) -> None:
    """Store media durably under their hashes, before anything names them. Raises Damaged where the bytes are others."""
    for sha256, content in media:
        path = media_file(folder, sha256)
        if sha256_hex(content) != sha256:
            raise Damaged(f"A medium is not what its hash {sha256[:8]} says.", "Import its file again.")
        if path.is_file() and sha256_hex(path.read_bytes()) == sha256:
            continue  # one that changed on the disk is put right
        fresh = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, content)
        if fresh:
            sync_folder(path.parent.parent)
            sync_folder(folder)


def medium(folder: Path, sha256: str) -> bytes:
    """The bytes of a medium. Raises NotFound where this replica lacks it, Damaged where they changed."""
    path = media_file(folder, sha256)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotFound(
            f"The medium {sha256[:8]} is not on this machine.", "Import its file again, or ask for a bundle that carries it."
        ) from error
    if sha256_hex(content) != sha256:
        raise Damaged(f"The medium {sha256[:8]} is not what its hash says.", "Import its file again.")
    return content
