"""What leaves a workspace, read in bulk: labels with all that was said, and items that have an answer."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

import msgspec

from reviewer.domain import chain
from reviewer.domain.chain import EntryHash, MemberId, NoteRef
from reviewer.domain.events import Label
from reviewer.domain.items import ItemId
from reviewer.storage.predicates import sight_of

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.workspace import Reading

T = TypeVar("T")

_CHUNK = 500


class LabelRow(NamedTuple):
    """A label with everything around it. rationale: None where there is none, or its text is not on this machine.

    replaced_by and retracted_by: the entries that put it out of force, the first of each by hash.
    """

    hash: EntryHash
    campaign: str
    campaign_id: EntryHash
    item: ItemId
    external_id: str | None
    reviewer: str
    in_force: bool
    label: Label
    rationale: str | None
    omissions: tuple[str | None, ...]
    correction: str | None
    wall_ms: int
    dur_ms: int | None
    replaced_by: EntryHash | None
    retracted_by: EntryHash | None


class AnsweredItem(NamedTuple):
    """A drawn item with an answer, and the labels in force behind it. payload: packed, None where this replica lacks the item."""

    item: ItemId
    answer: str
    payload: bytes | None
    labels: tuple[EntryHash, ...]
    blind: bool


class _Said(msgspec.Struct):
    """The part of an entry's body that a label's row needs; the bytes are those that were signed here."""

    value: Label
    note: NoteRef | None


_Stored: TypeAlias = tuple[bytes, str, bytes, bytes, str | None, str, int, bytes, int, int | None]

_said = msgspec.json.Decoder(_Said)

_LABELS = (
    "SELECT l.hash, c.name, c.hash, l.item, i.external_id, m.name, l.in_force, e.body, l.wall_ms, l.dur_ms FROM label l"
    " JOIN campaign c ON c.id = l.campaign JOIN member m ON m.id = l.member JOIN entry e ON e.hash = l.hash"
    " LEFT JOIN item i ON i.id = l.item"
)


def labels(
    reading: "Reading", *, campaign: "Stored | None" = None, history: bool = False, viewer: MemberId | None = None
) -> Iterator[list[LabelRow]]:
    """Labels in force, or all ever given, in the order in which they came; some hundred at a time.

    viewer: leaves out what this member may not see yet; None sees everything.
    """
    conditions, parameters = _conditions(reading, campaign, history, viewer)
    rows = reading.each(f"{_LABELS} WHERE {' AND '.join(conditions)} ORDER BY l.n", parameters)
    while chunk := list(islice(rows, _CHUNK)):
        yield _filled(reading, chunk)


def count(reading: "Reading", *, campaign: "Stored | None" = None, history: bool = False, viewer: MemberId | None = None) -> int:
    """How many `labels` gives."""
    conditions, parameters = _conditions(reading, campaign, history, viewer)
    found = reading.row(f"SELECT count(*) FROM label l WHERE {' AND '.join(conditions)}", parameters)
    return int(found[0]) if found else 0


def of_item(reading: "Reading", campaign: "Stored", item: ItemId, member: MemberId) -> list[LabelRow]:
    """Every label that a member ever gave to an item of a campaign, oldest first."""
    rows = reading.rows(
        f"{_LABELS} WHERE l.item = ? AND l.campaign = ? AND l.member = ? ORDER BY l.n", (bytes.fromhex(item), campaign.row, member)
    )
    return _filled(reading, rows)


def label_at(reading: "Reading", name: str) -> LabelRow | None:
    """The label of an entry, in force or not; None where there is none of that name."""
    try:
        wanted = bytes.fromhex(name)
    except ValueError:
        return None
    rows = reading.rows(f"{_LABELS} WHERE l.hash = ?", (wanted,))
    return _filled(reading, rows)[0] if rows else None


def _batched(many: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    return (many[start : start + size] for start in range(0, len(many), size))


def _conditions(
    reading: "Reading", campaign: "Stored | None", history: bool, viewer: MemberId | None
) -> tuple[list[str], dict[str, object]]:
    conditions = ["1"] if history else ["l.in_force = 1"]
    parameters: dict[str, object] = {}
    if campaign is not None:
        conditions.append("l.campaign = :campaign")
        parameters["campaign"] = campaign.row
    blind = sight_of(reading.connection, viewer).blind if viewer is not None else ()
    if blind:
        conditions.append(
            "(l.member = :viewer OR NOT EXISTS (SELECT 1 FROM pick p WHERE p.item = l.item"
            f" AND p.campaign IN ({', '.join(map(str, blind))}) AND NOT EXISTS (SELECT 1 FROM label o WHERE o.item = p.item"
            " AND o.campaign = p.campaign AND o.member = :viewer AND o.in_force = 1)))"
        )
        parameters["viewer"] = viewer
    return conditions, parameters


def _filled(reading: "Reading", rows: Sequence[_Stored]) -> list[LabelRow]:
    said = [_said.decode(row[7]) for row in rows]
    names = {ref.blob for one in said for ref in (one.note, *(o.note for o in one.value.omissions)) if ref is not None}
    corrections = {one.value.correction for one in said if one.value.correction}
    blobs = _blobs(reading, names | corrections)
    gone = _gone(reading, [row[0] for row in rows if not row[6]])
    return [_row(row, one, blobs, gone.get(row[0], (None, None))) for row, one in zip(rows, said, strict=True)]


def _row(row: _Stored, said: _Said, blobs: dict[str, bytes], gone: "tuple[EntryHash | None, EntryHash | None]") -> LabelRow:
    name, campaign, campaign_id, item, external_id, reviewer, in_force, _, wall_ms, dur_ms = row
    correction = blobs.get(said.value.correction or "")
    return LabelRow(
        hash=EntryHash(name.hex()),
        campaign=campaign,
        campaign_id=EntryHash(campaign_id.hex()),
        item=ItemId(item.hex()),
        external_id=external_id,
        reviewer=reviewer,
        in_force=bool(in_force),
        label=said.value,
        rationale=_text(said.note, blobs),
        omissions=tuple(_text(omission.note, blobs) for omission in said.value.omissions),
        correction=None if correction is None else correction.decode(errors="replace"),
        wall_ms=wall_ms,
        dur_ms=dur_ms,
        replaced_by=gone[0],
        retracted_by=gone[1],
    )


def _text(ref: NoteRef | None, blobs: dict[str, bytes]) -> str | None:
    content = blobs.get(ref.blob) if ref is not None else None
    return None if ref is None or content is None else chain.note_text(ref, content)


def _blobs(reading: "Reading", names: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for some in _batched(sorted(names)):
        marks = ", ".join("?" * len(some))
        rows = reading.rows(f"SELECT hash, content FROM blob WHERE hash IN ({marks})", [bytes.fromhex(name) for name in some])
        found.update((name.hex(), bytes(content)) for name, content in rows)
    return found


def _gone(reading: "Reading", names: Sequence[bytes]) -> "dict[bytes, tuple[EntryHash | None, EntryHash | None]]":
    """What put labels out of force: (replaced by, retracted by)."""
    found: dict[bytes, tuple[EntryHash | None, EntryHash | None]] = {}
    for some in _batched(names):
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


def unanswered(reading: "Reading", campaign: "Stored") -> Unanswered:
    """Why items of a campaign have no answer."""
    found = reading.row(
        "SELECT count(*) FROM pick p WHERE p.campaign = ? AND p.complete = 1 AND p.answer IS NULL"
        " AND (SELECT count(DISTINCT nullif(verdict, 'unsure')) <= 1 AND sum(verdict = 'unsure') > 0"
        " FROM label l WHERE l.item = p.item AND l.campaign = p.campaign AND l.in_force = 1 AND l.showing = 1)",
        (campaign.row,),
    )
    unsure = int(found[0]) if found is not None else 0
    return Unanswered(unsure, campaign.sampled - campaign.answered - unsure)


def answers(reading: "Reading", campaign: "Stored") -> dict[ItemId, str]:
    """The answer of every drawn item that has one."""
    rows = reading.rows("SELECT item, answer FROM pick WHERE campaign = ? AND answer IS NOT NULL ORDER BY item", (campaign.row,))
    return {ItemId(item.hex()): answer for item, answer in rows}


def answered_items(reading: "Reading", campaigns: "Sequence[Stored]", chosen: dict[ItemId, str]) -> Iterator[AnsweredItem]:
    """The items of these answers in order of their ids, with the labels in force that were given to them in the campaigns."""
    among = ", ".join(str(one.row) for one in campaigns)
    for some in _batched(sorted(chosen)):
        ids = [bytes.fromhex(item) for item in some]
        marks = ", ".join("?" * len(ids))
        payloads = dict(reading.rows(f"SELECT id, payload FROM item WHERE id IN ({marks})", ids))
        given: dict[bytes, list[tuple[EntryHash, int]]] = {}
        for item, name, blind in reading.rows(
            f"SELECT item, hash, blind FROM label WHERE item IN ({marks}) AND campaign IN ({among}) AND in_force = 1 AND showing = 1"
            " ORDER BY hash",
            ids,
        ):
            given.setdefault(item, []).append((EntryHash(name.hex()), blind))
        for item, raw in zip(some, ids, strict=True):
            behind = given.get(raw, [])
            payload = payloads.get(raw)
            yield AnsweredItem(
                item,
                chosen[item],
                bytes(payload) if payload is not None else None,
                tuple(name for name, _ in behind),
                all(blind for _, blind in behind),
            )
