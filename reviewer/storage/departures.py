"""What leaves a workspace, read in bulk: labels with all that was said, and items that have an answer."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from reviewer.domain import chain
from reviewer.domain.batches import batches
from reviewer.domain.chain import EntryHash, MemberId, NoteRef
from reviewer.domain.events import Clause, Stated
from reviewer.domain.items import ItemId
from reviewer.domain.releases import Answer
from reviewer.storage import receipts
from reviewer.storage.damaged import in_damaged, refuse_changed
from reviewer.storage.golds import known_answers
from reviewer.storage.sights import UNJUDGED, sight_of

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.workspace import Reading


_CHUNK = 500
_HEX = frozenset("0123456789abcdef")


class LabelRow(NamedTuple):
    """A label with everything around it. rationale: None where there is none, or its text is not on this machine.

    replaced_by and retracted_by: the entries that put it out of force, the first of each by hash.
    witnessed: another device has signed for it; None where nobody asked.
    """

    hash: EntryHash
    campaign: str
    campaign_id: EntryHash
    item: ItemId
    external_id: str | None
    reviewer: str
    in_force: bool
    label: Stated
    rationale: str | None
    omissions: tuple[str | None, ...]
    correction: str | None
    wall_ms: int
    dur_ms: int | None
    replaced_by: EntryHash | None
    retracted_by: EntryHash | None
    witnessed: bool | None = None


class AnsweredItem(NamedTuple):
    """A drawn item with an answer, and the labels in force behind it. campaigns: whose answer it is.

    payload: packed, None where this replica lacks the item.
    """

    item: ItemId
    answer: str
    campaigns: tuple[EntryHash, ...]
    payload: bytes | None
    labels: tuple[EntryHash, ...]
    blind: bool


class _Said(msgspec.Struct, gc=False):
    """The part of an entry's body that a label's row needs; the bytes are those that were signed here.

    Of which item and campaign it is stands in the row: to check both names once more takes as long as reading all the rest.
    """

    value: Stated
    note: NoteRef | None


class _Clauses(msgspec.Struct):
    clauses: tuple[Clause, ...]


class _Cites(msgspec.Struct):
    """What a label's body cites."""

    value: _Clauses


_Stored: TypeAlias = tuple[bytes, str, bytes, bytes, str | None, str, int, bytes, int, int | None, bytes, int]

_said = msgspec.json.Decoder(_Said)
_cites = msgspec.json.Decoder(_Cites)

_LABELS = (
    "SELECT l.hash, c.name, c.hash, l.item, i.external_id, m.name, l.in_force, e.body, l.wall_ms, l.dur_ms, e.stream, e.seq"
    " FROM label l"
    " JOIN campaign c ON c.id = l.campaign JOIN member m ON m.id = l.member JOIN entry e ON e.hash = l.hash"
    " LEFT JOIN item i ON i.id = l.item"
)


def labels(
    reading: "Reading", *, campaign: "Stored | None" = None, history: bool = False, viewer: MemberId | None = None
) -> Iterator[list[LabelRow]]:
    """Labels in force, or all ever given, in the order in which they came; some hundred at a time.

    viewer: leaves out what this member may not see yet; None sees everything. Streams with an entry that does not verify are left out.
    Raises Damaged E107 for a label whose bytes were changed since the last verification.
    """
    conditions, parameters = _conditions(reading, campaign, history, viewer)
    alone = {bytes.fromhex(stream): one.since for stream, one in receipts.unwitnessed(reading).items()}
    # Their numbers first: to put whole rows in order, SQLite would hold all of them at once.
    asked = f"SELECT l.n FROM label l WHERE {' AND '.join(conditions)} ORDER BY l.n"
    for some in batches(array("q", (n for (n,) in reading.each(asked, parameters))), _CHUNK):
        chunk = reading.rows(f"{_LABELS} WHERE l.n IN ({', '.join('?' * len(some))}) ORDER BY l.n", some)
        for row in chunk:
            refuse_changed(row[0], row[7])
        yield _filled(reading, chunk, alone)


def count(reading: "Reading", *, campaign: "Stored | None" = None, history: bool = False, viewer: MemberId | None = None) -> int:
    """How many `labels` gives."""
    conditions, parameters = _conditions(reading, campaign, history, viewer)
    found = reading.row(f"SELECT count(*) FROM label l WHERE {' AND '.join(conditions)}", parameters)
    return int(found[0]) if found else 0


def withheld_as_damaged(reading: "Reading", *, campaign: "Stored | None" = None, history: bool = False) -> int:
    """How many labels are left out since their stream does not verify."""
    damaged = in_damaged(reading, "l.hash")
    if damaged is None:
        return 0
    conditions = [damaged, *([] if history else ["l.in_force = 1"]), *([] if campaign is None else ["l.campaign = ?"])]
    found = reading.row(f"SELECT count(*) FROM label l WHERE {' AND '.join(conditions)}", () if campaign is None else (campaign.row,))
    return int(found[0]) if found else 0


def resting_on_damaged(reading: "Reading", campaign: "Stored") -> set[ItemId]:
    """The items of a campaign whose answer rests on an entry of a stream that does not verify."""
    if in_damaged(reading, "") is None:
        return set()
    found: set[ItemId] = set()
    for table, extra in (("label", " AND t.in_force = 1 AND t.showing = 1"), ("resolution", "")):
        sql = f"SELECT DISTINCT t.item FROM {table} t WHERE t.campaign = ? AND {in_damaged(reading, 't.hash')}{extra}"
        found.update(ItemId(item.hex()) for (item,) in reading.rows(sql, (campaign.row,)))
    return found


def refuse_changed_labels(reading: "Reading", campaign: "Stored") -> None:
    """Raise Damaged E107 where the bytes of a label or a resolution were changed since the last verification."""
    for table in ("label", "resolution"):
        sql = f"SELECT e.hash, e.body FROM {table} t JOIN entry e ON e.hash = t.hash WHERE t.campaign = ?"
        damaged = in_damaged(reading, "t.hash")
        for name, raw in reading.each(sql if damaged is None else f"{sql} AND NOT {damaged}", (campaign.row,)):
            refuse_changed(name, raw)


def cited(reading: "Reading", campaign: "Stored") -> set[str]:
    """The policy versions that labels in force cite, as `KEY@HASH`."""
    bodies = (
        "SELECT e.body FROM label l JOIN entry e ON e.hash = l.hash WHERE l.campaign = ? AND l.in_force = 1"
        ' AND instr(e.body, CAST(\'"policy":"\' AS BLOB)) > 0'
    )
    rows = reading.each(bodies, (campaign.row,))
    return {f"{clause.policy}@{clause.version}" for (body,) in rows for clause in _cites.decode(body).value.clauses}


def of_item(reading: "Reading", campaign: "Stored", item: ItemId, member: MemberId) -> list[LabelRow]:
    """Every label that a member ever gave to an item of a campaign, oldest first."""
    rows = reading.rows(
        f"{_LABELS} WHERE l.item = ? AND l.campaign = ? AND l.member = ? ORDER BY l.n", (bytes.fromhex(item), campaign.row, member)
    )
    return _filled(reading, rows)


def label_at(reading: "Reading", name: str) -> LabelRow | None:
    """The label of an entry, in force or not; None where there is none of that name."""
    return next(iter(labels_at(reading, [name])), None)


def labels_at(reading: "Reading", names: Iterable[str]) -> list[LabelRow]:
    """The labels of entries, those that are here, in no order."""
    wanted = {bytes.fromhex(name) for name in names if len(name) == 64 and not set(name.lower()) - _HEX}
    found: list[LabelRow] = []
    for some in batches(sorted(wanted), _CHUNK):
        found += _filled(reading, reading.rows(f"{_LABELS} WHERE l.hash IN ({', '.join('?' * len(some))})", some))
    return found


def _conditions(
    reading: "Reading", campaign: "Stored | None", history: bool, viewer: MemberId | None
) -> tuple[list[str], dict[str, object]]:
    conditions = ["1"] if history else ["l.in_force = 1"]
    damaged = in_damaged(reading, "l.hash")
    if damaged is not None:
        conditions.append(f"NOT {damaged}")
    parameters: dict[str, object] = {}
    if campaign is not None:
        conditions.append("l.campaign = :campaign")
        parameters["campaign"] = campaign.row
    sight = sight_of(reading.connection, viewer)
    for table, campaigns in (("pick", sight.blind), ("gold", sight.golden)):
        if campaigns:
            conditions.append(
                f"(l.member = :viewer OR NOT EXISTS (SELECT 1 FROM {table} p WHERE p.item = l.item"
                f" AND p.campaign IN ({', '.join(map(str, campaigns))}) AND {UNJUDGED.format('p')}))"
            )
            parameters["viewer"] = viewer
    return conditions, parameters


def _filled(reading: "Reading", rows: Sequence[_Stored], alone: Mapping[bytes, int] | None = None) -> list[LabelRow]:
    """alone: of each stream, the first entry that no other device has signed for, where whoever asks wants to know."""
    said = [_said.decode(row[7]) for row in rows]
    names = {one.note.blob for one in said if one.note is not None}
    names |= {omission.note.blob for one in said for omission in one.value.omissions if omission.note is not None}
    corrections = {one.value.correction for one in said if one.value.correction}
    blobs = _blobs(reading, names | corrections)
    gone = _gone(reading, [row[0] for row in rows if not row[6]])
    return [_row(row, one, blobs, gone.get(row[0], (None, None)), alone) for row, one in zip(rows, said, strict=True)]


def _row(
    row: _Stored,
    said: _Said,
    blobs: dict[str, bytes],
    gone: "tuple[EntryHash | None, EntryHash | None]",
    alone: Mapping[bytes, int] | None,
) -> LabelRow:
    name, campaign, campaign_id, item, external_id, reviewer, in_force, _, wall_ms, dur_ms, stream, seq = row
    value, note = said.value, said.note
    correction = None if value.correction is None else blobs.get(value.correction)
    return LabelRow(  # by place: with names it takes twice as long, and an export of labels is little else
        EntryHash(name.hex()),
        campaign,
        EntryHash(campaign_id.hex()),
        ItemId(item.hex()),
        external_id,
        reviewer,
        bool(in_force),
        value,
        None if note is None else _text(note, blobs),
        tuple([_text(omission.note, blobs) for omission in value.omissions]) if value.omissions else (),
        None if correction is None else correction.decode(errors="replace"),
        wall_ms,
        dur_ms,
        *gone,
        None if alone is None else seq < alone.get(stream, seq + 1),
    )


def _text(ref: NoteRef, blobs: dict[str, bytes]) -> str | None:
    content = blobs.get(ref.blob)
    return None if content is None else chain.note_text(ref, content)


def _blobs(reading: "Reading", names: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for some in batches(sorted(names), _CHUNK):
        marks = ", ".join("?" * len(some))
        rows = reading.rows(f"SELECT hash, content FROM blob WHERE hash IN ({marks})", [bytes.fromhex(name) for name in some])
        found.update((name.hex(), bytes(content)) for name, content in rows)
    return found


def _gone(reading: "Reading", names: Sequence[bytes]) -> "dict[bytes, tuple[EntryHash | None, EntryHash | None]]":
    """What put labels out of force: (replaced by, retracted by)."""
    found: dict[bytes, tuple[EntryHash | None, EntryHash | None]] = {}
    for some in batches(names, _CHUNK):
        marks = ", ".join("?" * len(some))
        rows = reading.rows(
            f"SELECT target, min(CASE WHEN retracts = 0 THEN by_hash END), min(CASE WHEN retracts = 1 THEN by_hash END)"
            f" FROM replacement WHERE target IN ({marks}) GROUP BY target",
            some,
        )
        for target, replaced, retracted in rows:
            found[target] = (
                EntryHash(replaced.hex()) if replaced is not None else None,
                EntryHash(retracted.hex()) if retracted is not None else None,
            )
    return found


class Unanswered(NamedTuple):
    """Drawn items without an answer: those with all labels asked for where somebody is unsure and nobody disagrees, and the rest."""

    unsure: int
    open: int


_UNSURE = (
    "FROM pick p WHERE p.campaign = ? AND p.complete = 1 AND p.answer IS NULL"
    " AND (SELECT count(DISTINCT nullif(verdict, 'unsure')) <= 1 AND sum(verdict = 'unsure') > 0"
    " FROM label l WHERE l.item = p.item AND l.campaign = p.campaign AND l.in_force = 1 AND l.showing = 1)"
)


def unanswered(reading: "Reading", campaign: "Stored") -> Unanswered:
    """Why items of a campaign have no answer."""
    found = reading.row(f"SELECT count(*) {_UNSURE}", (campaign.row,))
    unsure = int(found[0]) if found is not None else 0
    return Unanswered(unsure, campaign.sampled - campaign.answered - unsure)


def unsure_items(reading: "Reading", campaign: "Stored") -> list[bytes]:
    """The items that `unanswered` counts as unsure."""
    return [item for (item,) in reading.rows(f"SELECT p.item {_UNSURE}", (campaign.row,))]


class LeftOut(NamedTuple):
    """What was said and is no answer. gold: items of known answer that have an answer, or a label though they were not drawn; repeats:
    items that somebody answered a second time."""

    gold: frozenset[ItemId]
    repeats: int


def left_out(reading: "Reading", campaign: "Stored") -> LeftOut:
    """What a release of a campaign leaves out although it was labelled."""
    said = (
        "SELECT CASE WHEN p.item IS NULL THEN EXISTS (SELECT 1 FROM label l WHERE l.campaign = :campaign AND l.item = :item"
        " AND l.in_force = 1) ELSE p.answer IS NOT NULL END FROM (SELECT 1) LEFT JOIN pick p ON p.campaign = :campaign AND p.item = :item"
    )
    known = known_answers(reading, campaign)
    gold = (item for item in known if reading.row(said, {"campaign": campaign.row, "item": bytes.fromhex(item)}) == (1,))
    again = "SELECT count(DISTINCT item) FROM label WHERE campaign = ? AND in_force = 1 AND showing = 2"
    (repeats,) = reading.row(again, (campaign.row,)) or (0,)
    return LeftOut(frozenset(gold), repeats)


def answers(reading: "Reading", campaign: "Stored") -> Iterator[Answer]:
    """The answer of every drawn item that has one, in order of ids."""
    rows = reading.each("SELECT item, answer FROM pick WHERE campaign = ? AND answer IS NOT NULL ORDER BY item", (campaign.row,))
    alone = (campaign.state.hash,)
    return (Answer(item, answer, alone) for item, answer in rows)


def answered_items(reading: "Reading", campaigns: "Sequence[Stored]", chosen: Iterable[Answer]) -> Iterator[AnsweredItem]:
    """The items of these answers, in their order, with the labels in force that were given to them in the campaigns."""
    among = ", ".join(str(one.row) for one in campaigns)
    for some in batches(chosen, _CHUNK):
        ids = [one.item for one in some]
        marks = ", ".join("?" * len(ids))
        payloads = dict(reading.rows(f"SELECT id, payload FROM item WHERE id IN ({marks})", ids))
        given: dict[bytes, list[tuple[EntryHash, int]]] = {}
        for item, name, blind in reading.rows(
            f"SELECT item, hash, blind FROM label WHERE item IN ({marks}) AND campaign IN ({among}) AND in_force = 1 AND showing = 1"
            " ORDER BY hash",
            ids,
        ):
            given.setdefault(item, []).append((EntryHash(name.hex()), blind))
        for one in some:
            behind = given.get(one.item, [])
            payload = payloads.get(one.item)
            yield AnsweredItem(
                ItemId(one.item.hex()),
                one.answer,
                one.campaigns,
                bytes(payload) if payload is not None else None,
                tuple(name for name, _ in behind),
                all(blind for _, blind in behind),
            )
