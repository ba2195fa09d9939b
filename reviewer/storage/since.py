"""What was said of items between two moments, each told by where the streams ended: labels, retractions, resolutions."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Release
from reviewer.domain.items import ItemId
from reviewer.domain.releases import Manifest

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.rows import Rows

Ends = Mapping[bytes, int]  # of each stream the number of its last entry that counted
What = Literal["labelled", "changed", "withdrawn", "resolution"]
_value = msgspec.json.Decoder(Release)


class Said(NamedTuple):
    """An entry that came between the moments. by: the name of the member."""

    what: What
    item: ItemId
    entry: EntryHash
    by: str


def release_entry(rows: "Rows", manifest: str) -> EntryHash | None:
    """The entry of the release whose manifest has this SHA-256; of several, the least. None where none is here."""
    found = rows.each("SELECT hash, value FROM departure WHERE kind = 'release' ORDER BY hash")
    return next((EntryHash(name.hex()) for name, value in found if _value.decode(value).manifest == manifest), None)


def ends_of(manifest: Manifest) -> dict[bytes, int]:
    """Up to where each stream's labels, retractions and resolutions of the campaigns counted."""
    return {bytes.fromhex(head.stream): head.seq for head in manifest.heads}


def between(rows: "Rows", campaigns: Sequence["Stored"], items: Sequence[ItemId], old: Ends, new: Ends) -> dict[ItemId, list[Said]]:
    """What one of the moments knew of these items and the other did not. Who took back a label that only the later one knew is told too."""
    if not campaigns or not items:
        return {}
    marks, among = ", ".join("?" * len(items)), ", ".join(str(one.row) for one in campaigns)
    ids = [bytes.fromhex(item) for item in items]
    found: dict[ItemId, list[Said]] = {}
    replacing: set[bytes] = set()

    def take(what: What, item: bytes, name: bytes, stream: bytes, seq: int, member: str) -> None:
        if (seq <= old.get(stream, 0)) != (seq <= new.get(stream, 0)):
            name_ = ItemId(item.hex())
            found.setdefault(name_, []).append(Said(what, name_, EntryHash(name.hex()), member))

    for item, name, retracts, stream, seq, member in rows.each(
        "SELECT DISTINCT r.item, r.by_hash, r.retracts, e.stream, e.seq, m.name FROM label l JOIN replacement r ON r.target = l.hash"
        " JOIN entry e ON e.hash = r.by_hash JOIN member m ON m.id = r.member"
        f" WHERE l.item IN ({marks}) AND l.campaign IN ({among}) ORDER BY r.by_hash",
        ids,
    ):
        if not retracts:
            replacing.add(name)
        take("withdrawn" if retracts else "changed", item, name, stream, seq, member)
    for item, name, stream, seq, member in rows.each(
        "SELECT l.item, l.hash, e.stream, e.seq, m.name FROM label l JOIN entry e ON e.hash = l.hash JOIN member m ON m.id = l.member"
        f" WHERE l.item IN ({marks}) AND l.campaign IN ({among}) AND l.showing = 1 ORDER BY l.hash",
        ids,
    ):
        if name not in replacing:
            take("labelled", item, name, stream, seq, member)
    for item, name, stream, seq, member in rows.each(
        "SELECT t.item, t.hash, e.stream, e.seq, m.name FROM resolution t JOIN entry e ON e.hash = t.hash JOIN member m ON m.id = t.member"
        f" WHERE t.campaign IN ({among}) AND t.item IN ({marks}) ORDER BY t.hash",
        ids,
    ):
        take("resolution", item, name, stream, seq, member)
    return found


def cited_versions(rows: "Rows", labels: Sequence[str]) -> dict[str, set[tuple[str, str]]]:
    """The policy versions that each of these labels cites: (policy, version)."""
    marks = ", ".join("?" * len(labels))
    found: dict[str, set[tuple[str, str]]] = {}
    asked = f"SELECT hash, policy, version FROM label_clause WHERE hash IN ({marks})"
    for name, policy, version in rows.each(asked, [bytes.fromhex(label) for label in labels]):
        found.setdefault(name.hex(), set()).add((policy, version))
    return found


def here(rows: "Rows", items: Sequence[ItemId]) -> dict[ItemId, str]:
    """Those of the items whose content is on this machine, each with its title."""
    marks = ", ".join("?" * len(items))
    found = rows.each(f"SELECT id, title FROM item WHERE id IN ({marks})", [bytes.fromhex(item) for item in items])
    return {ItemId(name.hex()): title for name, title in found}
