"""What goes into a bundle, in the order in which it is taken in: items, contents, receipts, entries."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewer.domain.errors import NotFound
from reviewer.domain.items import ItemId
from reviewer.domain.probes import hides_gold
from reviewer.storage import golds, parcel_rows, receipts, sending
from reviewer.storage.campaigns import Stored
from reviewer.storage.media import Media
from reviewer.storage.parcels import BlobRecord, EntryRecord, ReceiptRecord, Record
from reviewer.storage.rows import Rows
from reviewer.storage.sending import Range


class Shipment(NamedTuple):
    """What to send. items: those of the imports that go along, or, of a kit, the ones given. kit: without sources and others' words."""

    ranges: tuple[Range, ...]
    items: tuple[ItemId, ...] | None = None

    @property
    def kit(self) -> bool:
        """Whether it is for reviewing, and not for keeping a replica whole."""
        return self.items is not None


def records(rows: Rows, media: Media, shipment: Shipment) -> Iterator[Record]:
    """Every record of a shipment; the same each time that it is asked of one view of the tables."""
    blobs, listed = _named(rows, shipment)
    shown: dict[str, None] = {}
    for item in shipment.items if shipment.items is not None else _items(rows, listed):
        parcel = parcel_rows.parcel(rows, item, source=not shipment.kit)
        if parcel is not None:
            shown.update(dict.fromkeys(parcel_rows.media_of(parcel)))
            yield parcel
    yield from _contents(rows, blobs)
    yield from _media(media, shown)
    yield from (ReceiptRecord(receipts.pack(one)) for one in receipts.latest(rows))
    for part in shipment.ranges:
        yield from (EntryRecord(*arrival) for arrival in sending.entries_of(rows, part))


def _named(rows: Rows, shipment: Shipment) -> tuple[list[str], list[str]]:
    """The blobs that the entries name, and those among them that list imported items."""
    blobs: dict[str, None] = {}
    listed: list[str] = []
    for part in shipment.ranges:
        for arrival in sending.entries_of(rows, part):
            named = sending.named_by(arrival)
            if not (shipment.kit and named.private):
                blobs.update(dict.fromkeys(named.blobs))
            if named.items is not None:
                listed.append(named.items)
    return list(blobs), listed


def _items(rows: Rows, listed: Iterable[str]) -> Iterator[ItemId]:
    for name in listed:
        try:
            yield from parcel_rows.items_listed(rows.blob(name))
        except NotFound:
            continue  # a replica may lack contents; who has them sends them


def _contents(rows: Rows, names: Iterable[str]) -> Iterator[BlobRecord]:
    for name in names:
        try:
            yield BlobRecord(rows.blob(name))
        except NotFound:
            continue


def _media(media: Media, names: Iterable[str]) -> Iterator[BlobRecord]:
    for name in names:
        try:
            yield BlobRecord(media.read(name))
        except NotFound:
            continue


def kit_items(rows: Rows, stored: Stored) -> tuple[ItemId, ...]:
    """The sampled items of a campaign that are not complete, and the gold that it hides among them.

    Whose turn an item is may change as labels come in; so a kit is not cut down to one member's turns.
    """
    sql = "SELECT item FROM pick WHERE campaign = ? AND complete = 0"
    found = {ItemId(item.hex()) for (item,) in rows.rows(sql, (stored.row,))}
    if hides_gold(stored.state.rules):
        found |= golds.known_answers(rows, stored).keys()
    return tuple(sorted(found))
