"""What a release is made of beside answers and texts: who said what of steps, corrected outputs, resolutions, and where streams ended."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from reviewer.domain.campaigns import labels_asked
from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.errors import NotFound
from reviewer.domain.events import Import, Mark
from reviewer.domain.items import ItemId
from reviewer.domain.releases import Head
from reviewer.domain.step_rewards import common_marks
from reviewer.storage.conflicts import in_force

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.rows import Rows


_AT_ONCE = 500
_HEX = frozenset("0123456789abcdef")


class Drawn(NamedTuple):
    """A drawn item. complete: it has as many labels as the campaign asks; resolved: a resolution in force gave its answer."""

    item: ItemId
    answer: str | None
    complete: bool
    resolved: bool


class Corrected(NamedTuple):
    """An output as a reviewer would have had it. text: None where its bytes are not on this machine."""

    label: EntryHash
    text: str | None


class Marked(NamedTuple):
    """A drawn item with step marks. marks: those that all labels have in common, none while labels are missing; labels: behind them."""

    item: ItemId
    marks: Mapping[str, Mark]
    labels: tuple[EntryHash, ...]
    blind: bool


class _Value(msgspec.Struct):
    steps: dict[str, Mark] = {}
    correction: str | None = None


class _Said(msgspec.Struct):
    value: _Value


class _Imported(msgspec.Struct):
    value: Import


_said = msgspec.json.Decoder(_Said)
_listing = msgspec.json.Decoder(_Imported)


def drawn(rows: "Rows", stored: "Stored") -> Iterator[Drawn]:
    """Every drawn item, in order of ids."""
    resolved = f"EXISTS (SELECT 1 FROM resolution t WHERE t.campaign = p.campaign AND t.item = p.item AND {_RESOLVED})"
    sql = f"SELECT p.item, p.answer, p.complete, {resolved} FROM pick p WHERE p.campaign = ? ORDER BY p.item"
    for item, answer, complete, settled in rows.each(sql, (stored.row,)):
        yield Drawn(ItemId(item.hex()), answer, bool(complete), bool(settled))


_RESOLVED = in_force("resolution", "campaign", "item")


def resolutions(rows: "Rows", campaigns: Sequence["Stored"]) -> dict[ItemId, tuple[EntryHash, ...]]:
    """The resolutions in force, by item."""
    among = ", ".join(str(one.row) for one in campaigns)
    found: dict[ItemId, tuple[EntryHash, ...]] = {}
    for item, name in rows.each(f"SELECT t.item, t.hash FROM resolution t WHERE t.campaign IN ({among}) AND {_RESOLVED} ORDER BY t.hash"):
        found[ItemId(item.hex())] = (*found.get(ItemId(item.hex()), ()), EntryHash(name.hex()))
    return found


def corrections(rows: "Rows", campaigns: Sequence["Stored"]) -> dict[ItemId, list[Corrected]]:
    """Outputs that labels in force correct, by item, in the order of the labels' hashes."""
    among = ", ".join(str(one.row) for one in campaigns)
    sql = (
        f"SELECT l.item, l.hash, e.body FROM label l JOIN entry e ON e.hash = l.hash WHERE l.campaign IN ({among}) AND l.in_force = 1"
        ' AND l.showing = 1 AND instr(e.body, CAST(\'"correction":"\' AS BLOB)) > 0 ORDER BY l.item, l.hash'
    )
    found: dict[ItemId, list[Corrected]] = {}
    for item, name, body in rows.each(sql):
        blob = _said.decode(body).value.correction
        if blob is not None:
            found.setdefault(ItemId(item.hex()), []).append(Corrected(EntryHash(name.hex()), _text(rows, blob)))
    return found


def _text(rows: "Rows", blob: str) -> str | None:
    try:
        return rows.blob(blob).decode()
    except (NotFound, UnicodeDecodeError):
        return None


def marked(rows: "Rows", stored: "Stored") -> Iterator[Marked]:
    """Every drawn item with labels in force, in order of ids, with the step marks that these have in common."""
    sql = (
        "SELECT p.item, l.hash, l.member, l.blind, e.body FROM pick p JOIN label l ON l.campaign = p.campaign AND l.item = p.item"
        " JOIN entry e ON e.hash = l.hash WHERE p.campaign = ? AND l.in_force = 1 AND l.showing = 1 ORDER BY p.item, l.hash"
    )
    for raw, group in groupby(rows.each(sql, (stored.row,)), key=lambda row: row[0]):
        item, given = ItemId(raw.hex()), list(group)
        members = {member for _, _, member, _, _ in given}
        enough = len(members) >= labels_asked(stored.state.rules, item)
        marks = common_marks([_said.decode(body).value.steps for *_, body in given]) if enough else {}
        yield Marked(item, marks, tuple(EntryHash(row[1].hex()) for row in given), all(row[3] for row in given))


def heads(rows: "Rows", campaigns: Iterable["Stored"]) -> tuple[Head, ...]:
    """Where each stream ended that says something of the campaigns' items: its last label, retraction or resolution."""
    among = ", ".join(str(one.row) for one in campaigns)
    named = " UNION ALL ".join(
        f"SELECT {column} AS name FROM {table} WHERE campaign IN ({among})"
        for table, column in (("label", "hash"), ("replacement", "by_hash"), ("resolution", "hash"))
    )
    last = f"SELECT e.stream, max(e.seq), e.hash FROM ({named}) n JOIN entry e ON e.hash = n.name GROUP BY e.stream ORDER BY e.stream"
    return tuple(Head(StreamId(stream.hex()), seq, EntryHash(name.hex())) for stream, seq, name in rows.rows(last))


def payloads_of(rows: "Rows", items: Sequence[ItemId]) -> dict[ItemId, bytes]:
    """The packed bytes of items; those that this replica lacks are left out."""
    ids: list[Any] = [bytes.fromhex(item) for item in items]
    found = rows.rows(f"SELECT id, payload FROM item WHERE id IN ({', '.join('?' * len(ids))})", ids)
    return {ItemId(name.hex()): bytes(payload) for name, payload in found}


def resolution_in_force(rows: "Rows", name: str) -> tuple[str, str] | None:
    """The item of a resolution and what it says; None for one that is not here or not in force."""
    try:
        wanted = bytes.fromhex(name)
    except ValueError:
        return None
    found = rows.row(f"SELECT t.item, t.verdict FROM resolution t WHERE t.hash = ? AND {_RESOLVED}", (wanted,))
    return None if found is None else (found[0].hex(), found[1])


def original_hashes(rows: "Rows", only: Collection[str] | None = None) -> dict[bytes, set[bytes]]:
    """Of each item, the hashes of the records that imports say it was made from, as far as their lists are here.

    only: ids of few items; lists that do not name them are not taken apart.
    """
    found: dict[bytes, set[bytes]] = {}
    wanted = None if only is None else [name.encode() for name in only]
    for (body,) in rows.each("SELECT body FROM entry WHERE kind = 'import'"):
        try:
            content = rows.blob(_listing.decode(body).value.items.blob)
            if wanted is not None and not any(name in content for name in wanted):
                continue
            listed = msgspec.json.decode(content, type=list[tuple[str, str]])
        except (NotFound, msgspec.DecodeError):
            continue  # an item that only this list names is then said to have no source
        for item, original in listed:
            found.setdefault(bytes.fromhex(item), set()).add(bytes.fromhex(original))
    return found


def in_force_among(rows: "Rows", labels: Iterable[str]) -> int:
    """How many of these labels are in force."""
    names = [bytes.fromhex(name) for name in labels if len(name) == 64 and not set(name) - _HEX]
    found = 0
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        (n,) = rows.row(f"SELECT count(*) FROM label WHERE in_force = 1 AND hash IN ({', '.join('?' * len(some))})", some) or (0,)
        found += n
    return found
