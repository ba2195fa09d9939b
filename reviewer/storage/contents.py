"""Whether what the journal names is here and is what it names: blobs, notes, items, their originals, media and search rows."""

import hashlib
import struct
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from reviewer.domain import canonical, chain, items
from reviewer.domain.chain import Entry
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import (
    BlobRef,
    Campaign,
    Draw,
    EraseRequest,
    Finding,
    Import,
    Incident,
    IncidentUpdate,
    Label,
    Requeue,
    design_lists,
)  # fmt: skip
from reviewer.domain.items import Item
from reviewer.domain.sampling import Pick
from reviewer.storage import frames, incidents, payloads, requeues, search_index
from reviewer.storage import items as item_rows
from reviewer.storage.campaigns import decode_rules, picks, unpack_ids
from reviewer.storage.erasing import erased_items
from reviewer.storage.journal import Problem
from reviewer.storage.media import Media
from reviewer.storage.rows import ChangingRows, Rows, as_bytes

Step = Callable[[int, int, str], None]
_EVERY = 250  # rows between two reports
_Listed = list[tuple[str, str]]


class Named:
    """What entries name. `look` at each entry that holds; afterwards `missing_items` says what is not here.

    here: devices of this machine. What others name may be elsewhere: a replica may lack payloads.
    """

    def __init__(self, rows: ChangingRows, here: frozenset[str]) -> None:
        self._rows = rows
        self._here = here
        self._erased = erased_items(rows)
        rows.run("CREATE TEMP TABLE listed (item BLOB, original BLOB, here INTEGER, PRIMARY KEY (item, original)) WITHOUT ROWID")

    def look(self, entry: Entry, value: msgspec.Struct | None) -> Iterator[Problem]:
        """Problems with the blobs that an entry names."""
        where = f"entry {entry.body.seq} of stream {entry.body.stream[:8]}"
        if getattr(value, "item", None) in self._erased and not isinstance(value, EraseRequest):
            return  # what was said of it went with it
        if isinstance(value, Requeue | Finding):
            yield from self._words_on(where, entry, value.items)
        elif isinstance(value, Incident | IncidentUpdate):
            yield from self._incident(where, entry, value)
        elif entry.body.note is not None:
            yield from self._note(where, entry, entry.body.note)
        match value:
            case Label():
                for omission in value.omissions:
                    yield from self._note(where, entry, omission.note)
                if value.correction is not None:
                    yield from self._blob(where, entry, value.correction)
            case Campaign() if value.guidelines is not None:
                yield from self._blob(where, entry, value.guidelines)
            case Draw():
                yield from self._draw(where, entry, value)
            case Import():
                yield from self._import(where, entry, value)

    def missing_items(self) -> Iterator[Problem]:
        """Items that were imported on this machine and are not here."""
        sql = (
            "SELECT count(*), min(hex(item)) FROM listed WHERE here AND NOT EXISTS (SELECT 1 FROM item WHERE id = listed.item)"
            " AND NOT EXISTS (SELECT 1 FROM main.erasure e WHERE e.item = listed.item)"
            " AND NOT EXISTS (SELECT 1 FROM main.fact WHERE name = 'erased.' || lower(hex(listed.item)))"
        )
        count, example = self._rows.row(sql) or (0, None)
        if count:
            yield Problem("items", f"{count:,} imported items are not here, {str(example).lower()[:12]} among them.")

    def _blob(self, where: str, entry: Entry, name: str) -> Iterator[Problem]:
        # Its bytes are checked with all blobs; here only that it is there.
        if not self._has(name) and entry.body.device in self._here:
            yield Problem(where, f"The content {name[:8]} that it names is not here.")

    def _has(self, name: str) -> bool:
        return self._rows.row("SELECT 1 FROM blob WHERE hash = ?", (bytes.fromhex(name),)) is not None

    def _note(self, where: str, entry: Entry, note: chain.NoteRef) -> Iterator[Problem]:
        try:
            chain.note_text(note, self._rows.blob(note.blob))
        except NotFound:
            yield from self._blob(where, entry, note.blob)
        except (Damaged, UnicodeDecodeError):
            yield Problem(where, "Its note is not the text that was signed.")

    def _draw(self, where: str, entry: Entry, draw: Draw) -> Iterator[Problem]:
        try:
            population = unpack_ids(self._rows.blob(draw.population.blob))
            picked = picks(self._rows, draw.picks.blob)
        except NotFound:
            yield from self._blob(where, entry, draw.population.blob)
            yield from self._blob(where, entry, draw.picks.blob)
            return
        except (Damaged, ValueError, TypeError, struct.error) as error:
            yield Problem(where, f"A list that it names cannot be read: {error}.")
            return
        if len(population) != draw.population.n or len(picked) != draw.picks.n:
            yield Problem(where, "A list that it names has not as many items as it says.")
        yield from self._design(where, entry, draw, picked)

    def _design(self, where: str, entry: Entry, draw: Draw, picked: list[Pick]) -> Iterator[Problem]:
        """Whether a sample is the one that its design and the campaign's seed give: nobody chose it by hand."""
        found = self._rows.row("SELECT rules FROM campaign WHERE hash = ?", (bytes.fromhex(draw.campaign),))
        if found is None:
            return
        try:
            again = frames.remade(self._rows, draw, decode_rules(found[0]).seed)
        except NotFound:
            for name in design_lists(draw):
                yield from self._blob(where, entry, name)
            return
        except Damaged as error:
            yield Problem(where, error.what)
            return
        if again is not None and again != sorted(picked):
            yield Problem(where, "Its picks are not those that its design and the seed give.")

    def _incident(self, where: str, entry: Entry, value: Incident | IncidentUpdate) -> Iterator[Problem]:
        if value.items is not None:
            yield from self._words_on(where, entry, value.items)
        elif entry.body.note is not None:
            about = entry.hash if isinstance(value, Incident) else value.incident
            if self._has(entry.body.note.blob) or not incidents.speaks_of(self._rows, about, self._erased):
                yield from self._note(where, entry, entry.body.note)

    def _words_on(self, where: str, entry: Entry, items: BlobRef) -> Iterator[Problem]:
        """The list of items that an entry speaks of, and its note, which goes with any of them."""
        try:
            listed = requeues.listed(self._rows, items.blob)
        except NotFound:
            yield from self._blob(where, entry, items.blob)
            return
        except Damaged as error:
            yield Problem(where, f"The list of its items cannot be read: {error}.")
            return
        if len(listed) != items.n:
            yield Problem(where, "The list of its items has not as many as it says.")
        if entry.body.note is not None and not any(item.hex() in self._erased for item in listed):
            yield from self._note(where, entry, entry.body.note)

    def _import(self, where: str, entry: Entry, value: Import) -> Iterator[Problem]:
        try:
            listed = msgspec.convert(canonical.decode(self._rows.blob(value.items.blob)), _Listed)
            rows = [(bytes.fromhex(item), bytes.fromhex(original), entry.body.device in self._here) for item, original in listed]
        except NotFound:
            yield from self._blob(where, entry, value.items.blob)
            return
        except (Damaged, ValueError) as error:
            yield Problem(where, f"The list of its items cannot be read: {error}.")
            return
        if len(rows) != value.items.n:
            yield Problem(where, "The list of its items has not as many as it says.")
        self._rows.run_many("INSERT INTO listed VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET here = here OR excluded.here", rows)


def check_blobs(rows: Rows, step: Step) -> Iterator[Problem]:
    """Every blob is named by the SHA-256 of its bytes."""
    total = _count(rows, "SELECT count(*) FROM blob")
    for number, (name, content) in enumerate(rows.each("SELECT hash, content FROM blob"), 1):
        if hashlib.sha256(as_bytes(content)).digest() != name:
            yield Problem(f"content {as_bytes(name).hex()[:8]}", "Its bytes are not those that its name says.")
        if number % _EVERY == 0 or number == total:
            step(number, total, "Checking contents")


_ITEMS = (
    "SELECT i.n, i.id, i.payload, i.kind, i.agent, i.model, i.time, i.external_id, i.title, i.steps, i.tools, i.media,"
    " o.metadata, o.original, o.original_size FROM item i LEFT JOIN origin o ON o.n = i.n"
)


def check_items(rows: Rows, media: Media, step: Step) -> Iterator[Problem]:
    """Every item's bytes make its id, its columns are what it says, its original is what was imported, its media are in place.

    Wants the journal to have been looked at by `Named` on the same rows.
    """
    total = _count(rows, "SELECT count(*) FROM item")
    known: dict[str, str | None] = {}
    for number, row in enumerate(rows.each(_ITEMS), 1):
        try:
            what = _item(rows, media, row, known)
        except (Damaged, ValueError, TypeError, msgspec.ValidationError) as error:
            what = f"It cannot be read: {error}"
        if what is not None:
            yield Problem(f"item {as_bytes(row[1]).hex()[:12]}", what)
        if number % _EVERY == 0 or number == total:
            step(number, total, "Checking items")


def _item(rows: Rows, media: Media, row: Any, known: dict[str, str | None]) -> str | None:
    name, payload, columns, (metadata, original, size) = as_bytes(row[1]), as_bytes(row[2]), row[3:12], row[12:]
    content = payloads.unpack(payload)
    if items.item_id(content) != name.hex():
        return "Its bytes are not those that its id says."
    item = items.decode(content)
    if columns != item_rows.columns_of(item):
        return "What its row says is not what the item says."
    listed = {one for (one,) in rows.rows("SELECT original FROM listed WHERE item = ?", (name,))}
    if not listed:
        return "No entry of the journal names it."
    if original is not None:
        source = payloads.unpack_original(as_bytes(original), content)
        if len(source) != size or hashlib.sha256(source).digest() not in listed:
            return "Its original is not the record that was imported."
        if not isinstance(msgspec.json.decode(payloads.unpack(as_bytes(metadata))), dict):
            return "Its metadata are no JSON object."
    return _media(media, item, known) if b'"sha256"' in content else None


def _media(media: Media, item: Item, known: dict[str, str | None]) -> str | None:
    """What is wrong with the first medium that is; each file is read once."""
    for message in items.all_messages(item):
        for part in message.content:
            if part.sha256 is None:
                continue
            if part.sha256 not in known:
                try:
                    media.read(part.sha256)
                    known[part.sha256] = None
                except (NotFound, Damaged) as error:
                    known[part.sha256] = error.what
            if known[part.sha256] is not None:
                return known[part.sha256]
    return None


def check_search(rows: Rows) -> Iterator[Problem]:
    """The counters agree with the rows, and full-text search knows every item but those that an import left to be indexed later."""
    count = item_count(rows)
    if int(_fact(rows, "items")) != count:
        yield Problem("table fact", f"It counts {_fact(rows, 'items')} items where there are {count:,}.")
    first = int(_fact(rows, search_index.MARK))  # 0: nothing is behind; numbers begin with 1
    to_know = _count(rows, f"SELECT count(*) FROM item WHERE n < {first}") if first else count
    searchable = _count(rows, "SELECT count(*) FROM item_text_docsize")
    if searchable != to_know:
        yield Problem("search", f"It knows {searchable:,} of {to_know:,} items.")


def item_count(rows: Rows) -> int:
    """How many items lie here."""
    return _count(rows, "SELECT count(*) FROM item")


def check_database(rows: Rows) -> Iterator[Problem]:
    """What SQLite itself finds wrong with pages and indexes. It notices little that a person could have changed; the hashes do."""
    found = [str(text) for (text,) in rows.rows("PRAGMA main.integrity_check(10)")]
    if found != ["ok"]:
        yield Problem("database", f"SQLite finds it damaged: {found[0][:200]}.")


def _count(rows: Rows, sql: str) -> int:
    found = rows.row(sql)
    return int(found[0]) if found else 0


def _fact(rows: Rows, name: str) -> str:
    found = rows.row("SELECT value FROM main.fact WHERE name = ?", (name,))
    return str(found[0]) if found else "0"
