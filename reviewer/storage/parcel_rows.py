"""Items on their way between replicas: from the tables into parcels, and back."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from reviewer.domain import items
from reviewer.domain.chain import Digest
from reviewer.domain.errors import Damaged
from reviewer.domain.items import Item, ItemId
from reviewer.domain.records import Record
from reviewer.storage import items as item_rows
from reviewer.storage import payloads
from reviewer.storage.items import Prepared
from reviewer.storage.parcels import ParcelRecord
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work

_SELECT = (
    "SELECT i.id, i.payload, o.original, o.metadata, f.name, f.format, f.format_version, o.position, o.line FROM item i"
    " LEFT JOIN origin o ON o.n = i.n LEFT JOIN import_file f ON f.id = o.file WHERE i.id = ?"
)


def parcel(rows: Rows, item: ItemId, *, source: bool = True) -> ParcelRecord | None:
    """An item as it travels; None where it is not here. source: with its original, metadata and file, which lead a blind reviewer."""
    found = rows.row(_SELECT, (bytes.fromhex(item),))
    if found is None:
        return None
    name, payload, original, metadata, file, form, version, position, line = found
    canonical = payloads.unpack(bytes(payload))
    if original is None or not source:
        return ParcelRecord(bytes(name), canonical, None, "{}", "", "", "", 0, None)
    source_bytes = payloads.unpack_original(bytes(original), canonical)
    text = payloads.unpack(bytes(metadata)).decode()
    return ParcelRecord(bytes(name), canonical, source_bytes, text, file, form, str(version), position, line)


def media_of(one: ParcelRecord) -> Iterator[str]:
    """The names of the media that an item shows."""
    if b'"sha256"' in one.canonical:
        for message in items.all_messages(_item(one)):
            yield from (part.sha256 for part in message.content if part.sha256 is not None)


def keep(work: "Work", parcels: Iterable[ParcelRecord]) -> int:
    """Put items in that came from another replica, findable at once. Returns how many were new. Raises Damaged for what is no item."""
    files: dict[tuple[str, str, int], list[Prepared]] = {}
    bare: list[Prepared] = []
    for one in parcels:
        prepared = _prepared(one)
        if one.original is None:
            bare.append(prepared)
        else:
            files.setdefault((one.file, one.format, _version(one)), []).append(prepared)
    added = len(item_rows.add(work, None, bare))
    for (name, form, version), batch in files.items():
        file = _file(work, name, form, version)
        new = {one.id for one in item_rows.add(work, file, batch)}
        added += len(new)
        item_rows.add_origins(work, file, [one for one in batch if one.id not in new])
    return added


def lacking(rows: Rows, wanted: Iterable[ItemId]) -> list[ItemId]:
    """Those of the items that are not here."""
    return [item for item in wanted if rows.row("SELECT 1 FROM item WHERE id = ?", (bytes.fromhex(item),)) is None]


def items_listed(content: bytes) -> list[ItemId]:
    """The items of an import's list. Raises Damaged for bytes that are none."""
    return [ItemId(item) for item, _ in originals_listed(content)]


def originals_listed(content: bytes) -> list[tuple[Digest, Digest]]:
    """The items of an import's list, each with the SHA-256 of its original. Raises Damaged for bytes that are none."""
    try:
        return msgspec.json.decode(content, type=list[tuple[Digest, Digest]])
    except msgspec.MsgspecError as error:
        raise Damaged("A list of items cannot be read.", "Ask for it again.", "E204") from error


def _prepared(one: ParcelRecord) -> Prepared:
    item = _item(one)
    if items.encode(item) != one.canonical:
        raise Damaged(f"Item {one.item[:12]} is not in canonical form.", "Ask for a new one; nothing was imported.", "E204")
    try:
        fitting = isinstance(msgspec.json.decode(one.metadata), dict)
    except msgspec.DecodeError:
        fitting = False
    if not fitting:
        raise Damaged(f"The metadata of item {one.item[:12]} are no JSON object.", "Ask for a new one; nothing was imported.", "E204")
    return item_rows.prepare(Record(item, one.original or b"", one.position, one.line, one.metadata))


def _item(one: ParcelRecord) -> Item:
    try:
        return items.decode(one.canonical)
    except msgspec.MsgspecError as error:
        raise Damaged(f"Item {one.item[:12]} cannot be read.", "Ask for a new one; nothing was imported.", "E204") from error


def _version(one: ParcelRecord) -> int:
    return int(one.format_version) if one.format_version.isdecimal() and len(one.format_version) < 9 else 0


def _file(work: "Work", name: str, form: str, version: int) -> int:
    found = work.row("SELECT id FROM import_file WHERE name = ? AND format = ? AND format_version = ?", (name, form, version))
    return int(found[0]) if found else item_rows.add_file(work, name=name, format_name=form, format_version=version)
