"""From labels and resolutions to what an item's answer is: the rows that show it, and the counters of a campaign."""

from collections import Counter
from typing import NamedTuple

from reviewer.domain import fold, labels
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.events import Clause, Escalate, Gold, Label, Requeue, Resolve, Retract, Skip
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Given
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import requeues
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import ChangingRows

RESOLVED = (  # the resolutions in force of an item
    "SELECT t.hash, t.verdict, t.member, t.wall_ms FROM resolution t WHERE t.campaign = ? AND t.item = ?"
    f" AND {in_force('resolution', 'campaign', 'item', schema='')}"
)

_STANDING = (  # a pick, whether anybody resolved it or asked for it again, and its labels in force
    "SELECT p.complete, p.answer, EXISTS (SELECT 1 FROM resolution WHERE campaign = ?1 AND item = ?2),"
    " EXISTS (SELECT 1 FROM requeue_item WHERE campaign = ?1 AND item = ?2), l.hash, l.member, l.verdict, l.showing FROM pick p"
    " LEFT JOIN label l ON l.item = p.item AND l.campaign = p.campaign AND l.in_force = 1 WHERE p.campaign = ?1 AND p.item = ?2"
)


_NAMED_BEFORE = (  # a retraction, a label that takes a label's place, or a resolution that weighs it may have come before it
    "SELECT NOT EXISTS (SELECT 1 FROM replacement WHERE target = ?1 AND member = ?4 AND campaign = ?2 AND item = ?3"
    " AND (retracts OR showing = ?5)), EXISTS (SELECT 1 FROM successor WHERE target = ?1)"
)


class Asked(NamedTuple):
    """A campaign's row number, and what it asks."""

    row: int
    state: CampaignState


def asked(work: ChangingRows, campaign: EntryHash) -> Asked | None:
    """The campaign of an entry; None where it is not here."""
    known: Asked | None = work.memo.get(campaign)
    if known is None:
        found = work.row("SELECT id, rules, closed FROM campaign WHERE hash = ?", (bytes.fromhex(campaign),))
        if found is None:
            return None
        rules = campaign_rows.decode_rules(found[1])
        known = work.memo[campaign] = Asked(found[0], CampaignState(campaign, rules, rules.members, bool(found[2])))
    return known


def label(work: ChangingRows, asked: Asked, entry: Entry, label: Label) -> Changes:
    """Show a label."""
    if work.bulk is not None:
        work.bulk.label(asked, entry, label)
        return Changes.LABELS | Changes.QUEUE
    body, name, item = entry.body, bytes.fromhex(entry.hash), bytes.fromhex(label.item)
    # Asked for itself: SQLite takes longer to give back what an INSERT made than to make it.
    ((in_force, weighed),) = work.rows(_NAMED_BEFORE, (name, asked.row, item, body.actor, label.showing))
    fresh = work.run(
        "INSERT INTO label (hash, campaign, item, member, showing, verdict, severity, blind, in_force, wall_ms, dur_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            name, asked.row, item, body.actor, label.showing, label.verdict, label.severity, int(label.blind), in_force, body.wall_ms,
            body.dur_ms,
        ),
    )  # fmt: skip
    moved = in_force if fresh else 0
    _cite(work, name, label.clauses)
    for target in body.deps:
        moved -= _replace(work, asked, entry, target, item=item, showing=label.showing)
    if weighed:
        _unseat(work, asked, name, item, body.actor)
    settle(work, asked, item, labels_moved=moved)
    return Changes.LABELS | Changes.QUEUE


def retract(work: ChangingRows, asked: Asked, entry: Entry, retract: Retract) -> Changes:
    """Show that a label was taken back."""
    if work.bulk is not None:
        work.bulk.retract(asked, entry, retract)
        return Changes.LABELS | Changes.QUEUE
    item = bytes.fromhex(retract.item)
    moved = 0
    for target in entry.body.deps:
        moved -= _replace(work, asked, entry, target, item=item, showing=None)
    settle(work, asked, item, labels_moved=moved)
    return Changes.LABELS | Changes.QUEUE


def own_label(work: ChangingRows, asked: Asked, entry: Entry, value: Resolve) -> bool:
    """Whether a resolution weighs a label of its own author, where the campaign does not allow that."""
    if asked.state.rules.own_adjudication:
        return False
    if work.bulk is not None:
        work.bulk.flush()
    return any(
        work.row(
            "SELECT 1 FROM label WHERE hash = ? AND member = ? AND campaign = ? AND item = ?",
            (bytes.fromhex(target), entry.body.actor, asked.row, bytes.fromhex(value.item)),
        )
        for target in entry.body.deps
    )


def resolve(work: ChangingRows, asked: Asked, entry: Entry, value: Resolve) -> Changes:
    """Show a resolution."""
    item = bytes.fromhex(value.item)
    work.run(
        "INSERT INTO resolution VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), asked.row, item, entry.body.actor, value.verdict, entry.body.wall_ms),
    )
    _cite(work, bytes.fromhex(entry.hash), value.clauses)
    follow(work, entry)
    settle(work, asked, item)
    return Changes.LABELS | Changes.QUEUE


def _cite(work: ChangingRows, name: bytes, clauses: tuple[Clause, ...]) -> None:
    """Show what a label or a resolution cites."""
    if clauses:
        cited = [(name, one.policy, one.clause, one.version, one.text) for one in clauses]
        work.run_many("INSERT INTO label_clause VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", cited)


def gold(work: ChangingRows, asked: Asked, entry: Entry, value: Gold) -> Changes:
    """Show a known answer."""
    work.run(
        "INSERT INTO gold VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), asked.row, bytes.fromhex(value.item), value.verdict),
    )
    follow(work, entry)
    return Changes.CAMPAIGNS | Changes.QUEUE


def follow(work: ChangingRows, entry: Entry) -> None:
    """Note what an entry names, so that what it takes the place of is found, whichever came first."""
    name = bytes.fromhex(entry.hash)
    work.run_many("INSERT INTO successor VALUES (?, ?) ON CONFLICT DO NOTHING", [(bytes.fromhex(dep), name) for dep in entry.body.deps])


def _unseat(work: ChangingRows, asked: Asked, label: bytes, item: bytes, author: str) -> None:
    """A resolution that came before a label of its own author, and weighs it, does not count."""
    if asked.state.rules.own_adjudication:
        return
    for (name,) in work.rows(
        "SELECT r.hash FROM successor s JOIN resolution r ON r.hash = s.by_hash WHERE s.target = ? AND r.member = ? AND r.campaign = ?"
        " AND r.item = ?",
        (label, author, asked.row, item),
    ):
        unseat(work, name)


def unseat(work: ChangingRows, resolution: bytes) -> None:
    """Count a resolution no more, since it weighs a label of its own author."""
    work.run("DELETE FROM resolution WHERE hash = ?", (resolution,))
    work.run("DELETE FROM label_clause WHERE hash = ?", (resolution,))
    work.run("DELETE FROM successor WHERE by_hash = ?", (resolution,))
    work.run("INSERT INTO uncounted VALUES (?, ?)", (resolution, fold.OWN_LABEL))


def _replace(work: ChangingRows, asked: Asked, entry: Entry, target: str, *, item: bytes, showing: int | None) -> int:
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


def aside(work: ChangingRows, asked: Asked, entry: Entry, value: Skip | Escalate) -> Changes:
    """Show that an item was put off, or handed to the lead."""
    work.run(
        "INSERT INTO aside (hash, kind, campaign, item, member, wall_ms) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), entry.body.kind, asked.row, bytes.fromhex(value.item), entry.body.actor, entry.body.wall_ms),
    )
    return Changes.QUEUE


def requeue(work: ChangingRows, asked: Asked, entry: Entry, value: Requeue) -> Changes:
    """Show that items are asked for again."""
    for item in requeues.keep(work, asked.row, entry, value):
        settle(work, asked, item)
    return Changes.QUEUE


def settle(work: ChangingRows, asked: Asked, item: bytes, *, labels_moved: int = 0) -> None:
    """Bring a pick's answer, and the campaign's counters, in line with the labels in force."""
    if work.bulk is not None:
        return  # once for all of them, at the end
    completed = answered = 0
    rows = work.rows(_STANDING, (asked.row, item))
    if rows:
        *before, ruled, again = rows[0][:4]
        given = [Given(EntryHash(name.hex()), member, verdict, showing) for *_, name, member, verdict, showing in rows if name is not None]
        rulings = [verdict for _, verdict, *_ in work.rows(RESOLVED, (asked.row, item))] if ruled else []
        enough = labels.complete(asked.state, ItemId(item.hex()), given, rulings)
        again = again and requeues.ask(work, asked.row, item, enough=enough)
        complete = int(enough and not again)
        answer = labels.answer(asked.state, ItemId(item.hex()), given, rulings)
        completed, answered = complete - before[0], int(answer is not None) - int(before[1] is not None)
        if [complete, answer] != before:
            work.run("UPDATE pick SET complete = ?, answer = ? WHERE campaign = ? AND item = ?", (complete, answer, asked.row, item))
        note_doubled(work, asked.row, item, given)
    if labels_moved or completed or answered:
        work.run(
            "UPDATE campaign SET labels = labels + ?, complete = complete + ?, answered = answered + ? WHERE id = ?",
            (labels_moved, completed, answered, asked.row),
        )


def note_doubled(work: ChangingRows, campaign: int, item: bytes, given: list[Given]) -> None:
    """Note where a member may have two answers of their own in force."""
    if len(given) < 2:
        return
    several = [question for question, count in Counter((one.member, one.showing) for one in given).items() if count > 1]
    for member, _ in several:
        work.run("INSERT INTO doubled VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (campaign, item, member))
