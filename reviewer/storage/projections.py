"""From an entry to the rows that show it. The rows are a view: a rebuild drops them and applies every entry again.

What domain.fold does not count makes no rows. What names something that is not here yet makes none until a rebuild.
"""

from typing import NamedTuple

import msgspec

from reviewer.domain import campaigns, labels
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import (
    Campaign,
    CampaignClose,
    Draw,
    Enrol,
    Escalate,
    Export,
    Genesis,
    Import,
    Label,
    Release,
    Retract,
    Skip,
    StreamOpen,
)
from reviewer.domain.fold import Admitted, why_not
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Given
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.rows import ChangingRows
from reviewer.storage.tables import VIEWS

# Who may speak, then what is asked, then what is answered: the order in which a whole journal is applied.
PHASES: tuple[tuple[str, ...], ...] = (("genesis",), ("enrol",), ("campaign",), ("draw", "campaign_close"))

_RANK = "CASE {} WHEN 'lead' THEN 3 WHEN 'adjudicator' THEN 2 WHEN 'reviewer' THEN 1 ELSE 0 END"
_STRONGER = f"{_RANK.format('excluded.role')} > {_RANK.format('role')}"


_ASKED_AFTER = frozenset({"genesis", "enrol", "campaign", "campaign_close"})  # kinds that change what the memo holds


class _Asked(NamedTuple):
    """A campaign's row number, and what it asks."""

    row: int
    state: CampaignState


def apply(work: ChangingRows, entry: Entry, value: msgspec.Struct | None) -> Changes:
    """Project one entry that holds. Returns which kinds of thing moved; an unknown kind, or an author without the right, moves nothing."""
    if value is None or not _counts(work, entry, value):
        return Changes.NONE
    if entry.body.kind in _ASKED_AFTER:
        work.memo.clear()
    match value:
        case Genesis():
            work.set_fact("project", entry.hash)
            keys = (value.device, value.sign_key, value.seal_key)
            return _member(work, entry, Enrol(value.member, value.member_name, "lead", *keys, entry.body.stream))
        case Enrol():
            return _member(work, entry, value)
        case Campaign():
            return _campaign(work, entry, value)
        case Draw():
            return _draw(work, entry, value)
        case CampaignClose():
            work.run("UPDATE campaign SET closed = 1 WHERE hash = ?", (bytes.fromhex(value.campaign),))
            return Changes.CAMPAIGNS | Changes.QUEUE
        case Label():
            return _label(work, entry, value)
        case Retract():
            return _retract(work, entry, value)
        case Skip() | Escalate():
            return _aside(work, entry, value)
        case Release() | Export():
            work.run(
                "INSERT INTO departure VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (bytes.fromhex(entry.hash), entry.body.kind, msgspec.json.encode(value).decode(), entry.body.wall_ms),
            )
            return Changes.RELEASES
        case Import():
            return Changes.ITEMS
        case StreamOpen():
            return Changes.MEMBERS
    return Changes.NONE


def clear(work: ChangingRows) -> None:
    """Empty every view, so that all entries can be applied again."""
    for table in VIEWS:
        work.run(f"DELETE FROM {table.name}")


def _counts(work: ChangingRows, entry: Entry, value: msgspec.Struct) -> bool:
    body = entry.body
    known = work.memo.get(body.device)
    if known is None:
        known = work.row(
            "SELECT id, member, role, sign_key, seal_key, stream, admitted, f.value FROM fact f LEFT JOIN device ON id = ?"
            " WHERE f.name = 'project'",
            (body.device,),
        )
        if isinstance(value, Genesis):
            return known is None or known[7] == entry.hash
        if known is None:
            return False
        work.memo[body.device] = known
    elif isinstance(value, Genesis):
        return bool(known[7] == entry.hash)
    author = None if known[0] is None else Admitted(*known[:7])
    return why_not(author, body.actor, body.kind, ours=body.project == known[7]) is None


def _asked(work: ChangingRows, campaign: EntryHash) -> _Asked | None:
    known: _Asked | None = work.memo.get(campaign)
    if known is None:
        found = work.row("SELECT id, rules, closed FROM campaign WHERE hash = ?", (bytes.fromhex(campaign),))
        if found is None:
            return None
        rules = campaign_rows.decode_rules(found[1])
        known = work.memo[campaign] = _Asked(found[0], CampaignState(campaign, rules, rules.members, bool(found[2])))
    return known


def _member(work: ChangingRows, entry: Entry, enrol: Enrol) -> Changes:
    # As in the fold: of two admissions the one with more rights holds, whichever came first.
    work.run(
        "INSERT INTO member VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = min(name, excluded.name),"
        f" role = CASE WHEN {_STRONGER} THEN excluded.role ELSE role END",
        (enrol.member, enrol.name, enrol.role),
    )
    work.run(
        "INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET member = excluded.member,"
        " sign_key = excluded.sign_key, seal_key = excluded.seal_key, stream = excluded.stream, admitted = excluded.admitted,"
        f" role = excluded.role WHERE admitted <> (SELECT value FROM fact WHERE name = 'project') AND ({_STRONGER}"
        " OR (excluded.role = role AND excluded.admitted < admitted))",
        (enrol.device, enrol.member, enrol.sign_key, enrol.seal_key, enrol.stream, entry.hash, enrol.role),
    )
    return Changes.MEMBERS | Changes.QUEUE


def _campaign(work: ChangingRows, entry: Entry, rules: Campaign) -> Changes:
    work.run(
        "INSERT INTO campaign (hash, name, rules, created_ms, blind) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), rules.name, msgspec.json.encode(rules).decode(), entry.body.wall_ms, int(rules.blind)),
    )
    return Changes.CAMPAIGNS


def _draw(work: ChangingRows, entry: Entry, draw: Draw) -> Changes:
    asked = _asked(work, draw.campaign)
    if asked is None:
        return Changes.NONE
    work.run(
        "INSERT INTO draw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            bytes.fromhex(entry.hash), bytes.fromhex(draw.campaign), draw.query, draw.population.n, bytes.fromhex(draw.population.blob),
            draw.picks.n, bytes.fromhex(draw.picks.blob), msgspec.json.encode(draw.design).decode(), entry.body.wall_ms,
        ),
    )  # fmt: skip
    try:
        picked = campaign_rows.picks(work, draw.picks.blob)
    except (NotFound, Damaged):
        picked = []  # the draw is known, its list is not here or is none: verification says so
    # A probability never falls: of two draws the larger one holds, and of equal ones the first in order, whichever came first.
    work.run_many(
        "INSERT INTO pick (campaign, item, stratum, stream, pi, u, place) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (campaign, item) DO UPDATE SET pi = excluded.pi, stratum = excluded.stratum, stream = excluded.stream,"
        " u = excluded.u, place = excluded.place WHERE (CAST(pi AS REAL), excluded.stratum, excluded.stream, excluded.u)"
        " < (CAST(excluded.pi AS REAL), stratum, stream, u)",
        [(asked.row, bytes.fromhex(p.item), p.stratum, p.stream, p.pi, p.u, campaigns.place(p.stream, float(p.u))) for p in picked],
    )
    work.run(
        "UPDATE campaign SET sampled = (SELECT count(*) FROM pick p WHERE p.campaign = campaign.id), population = max(population, ?)"
        " WHERE id = ?",
        (draw.population.n, asked.row),
    )
    for (item,) in work.rows("SELECT DISTINCT item FROM label WHERE campaign = ?", (asked.row,)):
        _settle(work, asked, item)
    return Changes.CAMPAIGNS | Changes.QUEUE


def _label(work: ChangingRows, entry: Entry, label: Label) -> Changes:
    asked = _asked(work, label.campaign)
    if asked is None:
        return Changes.NONE
    body, name, item = entry.body, bytes.fromhex(entry.hash), bytes.fromhex(label.item)
    # A retraction, or a label that takes this one's place, may have come before it.
    fresh = work.row(
        "INSERT INTO label (hash, campaign, item, member, showing, verdict, severity, blind, wall_ms, dur_ms, in_force)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NOT EXISTS (SELECT 1 FROM replacement WHERE target = ?1 AND member = ?4"
        " AND campaign = ?2 AND item = ?3 AND (retracts OR showing = ?5))) ON CONFLICT DO NOTHING RETURNING in_force",
        (
            name, asked.row, item, body.actor, label.showing, label.verdict, label.severity, int(label.blind), body.wall_ms, body.dur_ms,
        ),
    )  # fmt: skip
    moved = 0 if fresh is None else int(fresh[0])
    for target in body.deps:
        moved -= _replace(work, asked, entry, target, item=item, showing=label.showing)
    _settle(work, asked, item, labels_moved=moved)
    return Changes.LABELS | Changes.QUEUE


def _retract(work: ChangingRows, entry: Entry, retract: Retract) -> Changes:
    asked = _asked(work, retract.campaign)
    if asked is None:
        return Changes.NONE
    item = bytes.fromhex(retract.item)
    moved = 0
    for target in entry.body.deps:
        moved -= _replace(work, asked, entry, target, item=item, showing=None)
    _settle(work, asked, item, labels_moved=moved)
    return Changes.LABELS | Changes.QUEUE


def _replace(work: ChangingRows, asked: _Asked, entry: Entry, target: str, *, item: bytes, showing: int | None) -> int:
    """One label gives way: only to its own author, on the same question. showing: None for a retraction. Returns how many went."""
    name, actor = bytes.fromhex(target), entry.body.actor
    work.run(
        "INSERT INTO replacement VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (name, bytes.fromhex(entry.hash), int(showing is None), actor, asked.row, item, showing),
    )
    return work.run(
        "UPDATE label SET in_force = 0 WHERE hash = ? AND member = ? AND campaign = ? AND item = ? AND in_force = 1"
        " AND (? IS NULL OR showing = ?)",
        (name, actor, asked.row, item, showing, showing),
    )


def _aside(work: ChangingRows, entry: Entry, value: Skip | Escalate) -> Changes:
    asked = _asked(work, value.campaign)
    if asked is None:
        return Changes.NONE
    work.run(
        "INSERT INTO aside (hash, kind, campaign, item, member, wall_ms) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), entry.body.kind, asked.row, bytes.fromhex(value.item), entry.body.actor, entry.body.wall_ms),
    )
    return Changes.QUEUE


def _settle(work: ChangingRows, asked: _Asked, item: bytes, *, labels_moved: int = 0) -> None:
    """Bring a pick's answer, and the campaign's counters, in line with the labels in force."""
    completed = answered = 0
    rows = work.rows(
        "SELECT p.complete, p.answer, l.hash, l.member, l.verdict, l.showing FROM pick p LEFT JOIN label l ON l.item = p.item"
        " AND l.campaign = p.campaign AND l.in_force = 1 WHERE p.campaign = ? AND p.item = ?",
        (asked.row, item),
    )
    if rows:
        before = rows[0][:2]
        given = [Given(EntryHash(name.hex()), member, verdict, showing) for *_, name, member, verdict, showing in rows if name is not None]
        complete = int(labels.complete(asked.state, ItemId(item.hex()), given))
        answer = labels.answer(asked.state, ItemId(item.hex()), given)
        completed, answered = complete - before[0], int(answer is not None) - int(before[1] is not None)
        if (complete, answer) != tuple(before):
            work.run("UPDATE pick SET complete = ?, answer = ? WHERE campaign = ? AND item = ?", (complete, answer, asked.row, item))
    if labels_moved or completed or answered:
        work.run(
            "UPDATE campaign SET labels = labels + ?, complete = complete + ?, answered = answered + ? WHERE id = ?",
            (labels_moved, completed, answered, asked.row),
        )
