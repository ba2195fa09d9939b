"""What entries name, to a hub and from it: lists, notes, items with their media. Each part is one transaction, and may be cut after it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.batches import by_size
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Damaged, NotFound, ReviewerError
from reviewer.domain.items import ItemId
from reviewer.storage import parcel_rows, parcels, sending
from reviewer.storage.hub import MOST_BYTES, Hub, Name, Row
from reviewer.storage.parcels import ITEM, BlobRecord, ParcelRecord
from reviewer.storage.receiving import Arrival
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace

Step = Callable[[int, int, str], None]
_HASHES = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class _Listed(NamedTuple):
    """An item as an import's entry lists it: the SHA-256 of its original."""

    id: Name
    original: Name


class Contents:
    """One exchange of contents with a hub. refused: what did not hold, a sentence each."""

    def __init__(self, workspace: "Workspace", hub: Hub, project: Name, step: Step) -> None:
        self._workspace = workspace
        self._hub = hub
        self._project = project
        self._step = step
        self.refused: dict[str, str] = {}

    def still_there(self, items: Iterable[ItemId]) -> int:
        """How many of the items lie at the hub."""
        names = [bytes.fromhex(item) for item in items]
        return len(names) - len(self._hub.lacking("item", self._project, names))

    # --- to the hub

    def send_named(self, rows: Sequence[Row]) -> int:
        """Send what entries name, as far as it is here and not there. Returns how many items."""
        named = [sending.named_by(Arrival(row.body, row.sig)) for row in rows]
        blobs = list(dict.fromkeys(bytes.fromhex(name) for one in named for name in one.blobs))
        with self._workspace.read() as reading:
            items = [item.id for one in named if one.items is not None for item in _listed(reading, one.items)]
        sent = self.send_items(self._hub.lacking("item", self._project, list(dict.fromkeys(items))))
        self.send_blobs(self._hub.lacking("blob", self._project, blobs))
        return sent

    def send_items(self, names: Sequence[Name]) -> int:
        """Send items that the hub lacks, their media first. Returns how many.

        Only with their source: one who holds an item without it would leave others without it for good.
        """
        sent = 0
        for start in range(0, len(names), self._hub.at_once):
            part = names[start : start + self._hub.at_once]
            with self._workspace.read() as reading:
                found = [parcel_rows.parcel(reading, ItemId(name.hex())) for name in part]
            whole = [one for one in found if one is not None and one.original is not None]
            self._send_media(whole)
            packed = ((one.id, parcels.pack(one)[1]) for one in whole)
            for few in self._by_bytes(packed):
                self._hub.add_contents("item", self._project, few)
                sent += len(few)
            self._step(start + len(part), len(names), "Sending items")
        return sent

    def send_blobs(self, names: Sequence[Name]) -> None:
        """Send contents that the hub lacks, as far as they are here."""
        with self._workspace.read() as reading:
            held = ((name, content) for name in names if (content := _blob(reading, name)) is not None)
            for few in self._by_bytes(held):
                self._hub.add_contents("blob", self._project, few)
                self._step(0, 0, "Sending contents")

    def _send_media(self, items: Iterable[ParcelRecord]) -> None:
        names = list(dict.fromkeys(bytes.fromhex(name) for one in items for name in parcel_rows.media_of(one)))
        held = ((name, content) for name in self._hub.lacking("blob", self._project, names) if (content := self._medium(name)) is not None)
        for few in self._by_bytes(held):
            self._hub.add_contents("blob", self._project, few)

    def _medium(self, name: Name) -> bytes | None:
        try:
            return self._workspace.media.read(name.hex())
        except (NotFound, Damaged):
            return None  # whoever has it whole sends it

    def _by_bytes(self, rows: Iterable[tuple[Name, bytes]]) -> Iterator[list[tuple[Name, bytes]]]:
        return by_size(((row, len(row[1])) for row in rows), MOST_BYTES, self._hub.at_once)

    # --- from the hub

    def named_blobs(self, rows: Sequence[Row]) -> Iterator[list[BlobRecord]]:
        """The contents that entries name and that are not here, in parts; those that are not what their name says are left out."""
        named = dict.fromkeys(bytes.fromhex(name.decode()) for row in rows for name in _HASHES.findall(row.body))
        with self._workspace.read() as reading:
            wanted = [name for name in named if not _has(reading, "blob", "hash", name)]
        yield from self.blobs(wanted)

    def blobs(self, names: Sequence[Name]) -> Iterator[list[BlobRecord]]:
        """Contents by name, in parts."""
        for part in self._hub.contents("blob", self._project, names):
            yield [BlobRecord(content) for name, content in part if self._holds(name, content)]

    def items_of(self, rows: Sequence[Row]) -> Iterator[list[ParcelRecord]]:
        """The items of imports that are not here, in parts; their media are kept before."""
        lists = [sending.named_by(Arrival(row.body, row.sig)).items for row in rows if b'"import"' in row.body]
        with self._workspace.read() as reading:
            listed = [one for name in lists if name is not None for one in _listed(reading, name)]
        yield from self.items(listed)

    def items(self, listed: Sequence[_Listed]) -> Iterator[list[ParcelRecord]]:
        """Those of the items that are not here and were not erased, in parts. One that is not what its import says is left out."""
        originals = {one.id: one.original for one in listed}
        with self._workspace.read() as reading:
            gone = {bytes(item) for (item,) in reading.rows("SELECT DISTINCT item FROM erasure WHERE kind = 'erase_request'")}
            wanted = [name for name in originals if name not in gone and not _has(reading, "item", "id", name)]
        done = 0
        for part in self._hub.contents("item", self._project, wanted):
            unpacked = (self._item(name, payload, originals[name]) for name, payload in part)
            found = [one for one in unpacked if one is not None]
            self._take_media(found)
            done += len(part)
            self._step(done, len(wanted), "Taking items in")
            yield found

    def _take_media(self, found: Sequence[ParcelRecord]) -> None:
        names = list(dict.fromkeys(bytes.fromhex(name) for one in found for name in parcel_rows.media_of(one)))
        for part in self.blobs([name for name in names if self._medium(name) is None]):
            self._workspace.media.keep([(one.name, one.content) for one in part])

    def _item(self, name: Name, payload: bytes, original: Name) -> ParcelRecord | None:
        try:
            parcels.check_size(ITEM, len(payload))
            record = parcels.unpack(ITEM, payload)
            assert isinstance(record, ParcelRecord)  # of that type
            if record.id == name and sha256_hex(record.original or b"") == original.hex():
                list(parcel_rows.media_of(record))  # it can be read
                return record
        except (ValueError, ReviewerError):
            pass
        self.refused[name.hex()] = f"Item {name.hex()[:12]} at the hub is not what was imported; it was left out."
        return None

    def _holds(self, name: Name, content: bytes) -> bool:
        if sha256_hex(content) == name.hex():
            return True
        self.refused[name.hex()] = f"The content {name.hex()[:12]} at the hub is not what its name says; it was left out."
        return False

    # --- what earlier exchanges, or other ways, left out

    def gap(self) -> tuple[int, int]:
        """By how many items and contents the hub has more than this replica."""
        with self._workspace.read() as reading:
            (items,), (blobs,) = reading.row("SELECT count(*) FROM item") or (0,), reading.row("SELECT count(*) FROM blob") or (0,)
        return self._hub.count("item", self._project) - items, self._hub.count("blob", self._project) - blobs

    def foreseen(self) -> tuple[int, int]:
        """How many items would be sent, and how many taken in, if everything that is there is named."""
        with self._workspace.read() as reading:
            whole = {bytes(name) for (name,) in reading.rows("SELECT id FROM item WHERE n IN (SELECT n FROM origin)")}
            here = {bytes(name) for (name,) in reading.rows("SELECT id FROM item UNION SELECT item FROM erasure")}
        there = self._hub.names("item", self._project)
        return len(whole - there), len(there - here)

    def send_rest(self) -> int:
        """Send every item and content that the hub lacks, whatever entry names it. Returns how many items."""
        with self._workspace.read() as reading:
            items = [bytes(name) for (name,) in reading.rows("SELECT id FROM item ORDER BY n")]
            blobs = [bytes(name) for (name,) in reading.rows("SELECT hash FROM blob")]
        there = self._hub.names("item", self._project)
        sent = self.send_items([name for name in items if name not in there])
        there = self._hub.names("blob", self._project)
        self.send_blobs([name for name in blobs if name not in there])
        return sent

    def missing_blobs(self) -> Iterator[list[BlobRecord]]:
        """Contents that entries here name, that are at the hub and not here, in parts."""
        there = self._hub.names("blob", self._project)
        with self._workspace.read() as reading:
            there -= {bytes(name) for (name,) in reading.each("SELECT hash FROM blob")}
            named = set()
            if there:
                for (body,) in reading.each("SELECT body FROM entry"):
                    named |= there.intersection(bytes.fromhex(name.decode()) for name in _HASHES.findall(body))
        yield from self.blobs(sorted(named))

    def missing_items(self) -> Iterator[list[ParcelRecord]]:
        """Items that imports here list, that are at the hub and not here, in parts."""
        with self._workspace.read() as reading:
            imports = reading.rows("SELECT body, sig FROM entry WHERE kind = 'import'")
            lists = [sending.named_by(Arrival(bytes(body), bytes(sig))).items for body, sig in imports]
            listed = [one for name in lists if name is not None for one in _listed(reading, name)]
        yield from self.items(listed)


def _listed(rows: Rows, name: str) -> list[_Listed]:
    """What an import lists; nothing where the list is not here, or none."""
    content = _blob(rows, bytes.fromhex(name))
    if content is None:
        return []
    try:
        return [_Listed(bytes.fromhex(item), bytes.fromhex(original)) for item, original in parcel_rows.originals_listed(content)]
    except Damaged:
        return []


def _blob(rows: Rows, name: Name) -> bytes | None:
    try:
        return rows.blob(name.hex())
    except NotFound:
        return None


def _has(rows: Rows, table: str, key: str, name: Name) -> bool:
    return rows.row(f"SELECT 1 FROM {table} WHERE {key} = ?", (name,)) is not None
