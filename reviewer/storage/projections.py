"""From an entry to the rows that show it. The rows are a view: a rebuild drops them and applies every entry again."""

from typing import TYPE_CHECKING

import msgspec

from reviewer.domain import campaigns, labels
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Changes
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
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Given
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.tables import VIEWS

if TYPE_CHECKING:
    from reviewer.storage.workspace import Work


def apply(work: "Work", entry: Entry, value: msgspec.Struct | None) -> Changes:
    """Project one entry of an admitted author. Returns which kinds of thing moved; an unknown kind moves nothing."""
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


def clear(work: "Work") -> None:
    """Empty every view, so that all entries can be applied again."""
    for table in VIEWS:
        work.run(f"DELETE FROM {table.name}")


def _member(work: "Work", entry: Entry, enrol: Enrol) -> Changes:
    work.run(
        "INSERT INTO member VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET role = excluded.role", (enrol.member, enrol.name, enrol.role)
    )
    work.run(
        "INSERT INTO device VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (enrol.device, enrol.member, enrol.sign_key, enrol.seal_key, enrol.stream, entry.hash),
    )
    return Changes.MEMBERS | Changes.QUEUE


def _campaign(work: "Work", entry: Entry, rules: Campaign) -> Changes:
    work.run(
        "INSERT INTO campaign (hash, name, rules, created_ms, blind) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), rules.name, msgspec.json.encode(rules).decode(), entry.body.wall_ms, int(rules.blind)),
    )
    return Changes.CAMPAIGNS


def _draw(work: "Work", entry: Entry, draw: Draw) -> Changes:
    campaign = bytes.fromhex(draw.campaign)
    work.run(
        "INSERT INTO draw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            bytes.fromhex(entry.hash), campaign, draw.query, draw.population.n, bytes.fromhex(draw.population.blob),
            draw.picks.n, bytes.fromhex(draw.picks.blob), msgspec.json.encode(draw.design).decode(), entry.body.wall_ms,
        ),
    )  # fmt: skip
    state = campaign_rows.by_hash(work, draw.campaign)
    rows = [
        (state.row, bytes.fromhex(p.item), p.stratum, p.stream, p.pi, p.u, campaigns.place(p.stream, float(p.u)))
        for p in campaign_rows.picks(work, draw.picks.blob)
    ]
    # A probability never falls: of two draws the larger one holds.
    work.run_many(
        "INSERT INTO pick (campaign, item, stratum, stream, pi, u, place) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (campaign, item) DO UPDATE SET pi = excluded.pi, stratum = excluded.stratum"
        " WHERE CAST(excluded.pi AS REAL) > CAST(pi AS REAL)",
        rows,
    )
    work.run(
        "UPDATE campaign SET sampled = (SELECT count(*) FROM pick WHERE campaign = campaign.id), population = max(population, ?)"
        " WHERE id = ?",
        (draw.population.n, state.row),
    )
    for (item,) in work.rows("SELECT DISTINCT item FROM label WHERE campaign = ?", (state.row,)):
        _settle(work, state, item)
    return Changes.CAMPAIGNS | Changes.QUEUE


def _label(work: "Work", entry: Entry, label: Label) -> Changes:
    state = campaign_rows.by_hash(work, label.campaign)
    body, name, item = entry.body, bytes.fromhex(entry.hash), bytes.fromhex(label.item)
    gone = work.row(
        "SELECT 1 FROM replacement WHERE target = ? AND member = ? AND campaign = ? AND item = ? AND (retracts OR showing = ?)",
        (name, body.actor, state.row, item, label.showing),
    )
    work.run(
        "INSERT INTO label (hash, campaign, item, member, showing, verdict, severity, blind, in_force, wall_ms, dur_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            name, state.row, item, body.actor, label.showing, label.verdict, label.severity, int(label.blind),
            int(gone is None), body.wall_ms, body.dur_ms,
        ),
    )  # fmt: skip
    if gone is None:
        work.run("UPDATE campaign SET labels = labels + 1 WHERE id = ?", (state.row,))
    for target in body.deps:
        _replace(work, state, entry, target, item=item, showing=label.showing)
    _settle(work, state, item)
    return Changes.LABELS | Changes.QUEUE


def _retract(work: "Work", entry: Entry, retract: Retract) -> Changes:
    state = campaign_rows.by_hash(work, retract.campaign)
    item = bytes.fromhex(retract.item)
    for target in entry.body.deps:
        _replace(work, state, entry, target, item=item, showing=None)
    _settle(work, state, item)
    return Changes.LABELS | Changes.QUEUE


def _replace(work: "Work", state: campaign_rows.Stored, entry: Entry, target: str, *, item: bytes, showing: int | None) -> None:
    """One label gives way. showing is None for a retraction. A label gives way only to its own author, on the same question."""
    name, actor = bytes.fromhex(target), entry.body.actor
    work.run(
        "INSERT INTO replacement VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (name, bytes.fromhex(entry.hash), int(showing is None), actor, state.row, item, showing),
    )
    gone = work.run(
        "UPDATE label SET in_force = 0 WHERE hash = ? AND member = ? AND campaign = ? AND item = ? AND in_force = 1"
        " AND (? IS NULL OR showing = ?)",
        (name, actor, state.row, item, showing, showing),
    )
    if gone:
        work.run("UPDATE campaign SET labels = labels - 1 WHERE id = ?", (state.row,))


def _aside(work: "Work", entry: Entry, value: Skip | Escalate) -> Changes:
    state = campaign_rows.by_hash(work, value.campaign)
    work.run(
        "INSERT INTO aside (hash, kind, campaign, item, member, wall_ms) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), entry.body.kind, state.row, bytes.fromhex(value.item), entry.body.actor, entry.body.wall_ms),
    )
    return Changes.QUEUE


def _settle(work: "Work", state: campaign_rows.Stored, item: bytes) -> None:
    """Bring a pick's answer, and the campaign's counters, in line with the labels in force."""
    before = work.row("SELECT complete, answer FROM pick WHERE campaign = ? AND item = ?", (state.row, item))
    if before is None:
        return
    given = [
        Given(EntryHash(name.hex()), member, verdict, showing)
        for name, member, verdict, showing in work.rows(
            "SELECT hash, member, verdict, showing FROM label WHERE item = ? AND campaign = ? AND in_force = 1", (item, state.row)
        )
    ]
    complete = int(labels.complete(state.state, ItemId(item.hex()), given))
    answer = labels.answer(state.state, ItemId(item.hex()), given)
    if (complete, answer) == tuple(before):
        return
    work.run("UPDATE pick SET complete = ?, answer = ? WHERE campaign = ? AND item = ?", (complete, answer, state.row, item))
    work.run(
        "UPDATE campaign SET complete = complete + ?, answered = answered + ? WHERE id = ?",
        (complete - before[0], int(answer is not None) - int(before[1] is not None), state.row),
    )
