"""From an entry to the rows that show it. The rows are a view: a rebuild drops them and applies every entry again.

What domain.fold does not count makes no rows. What names something that is not here yet makes none until a rebuild.
"""

from collections.abc import Sequence

import msgspec

from reviewer.domain import campaigns, chain, fold
from reviewer.domain.admissions import FOR_ANOTHER, MISPLACED, Admitted, Standing, why_not
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import (
    Alarm,
    Campaign,
    CampaignClose,
    Draw,
    Enrol,
    EraseDone,
    EraseRequest,
    Escalate,
    Export,
    Finding,
    ForkSeen,
    Genesis,
    Gold,
    Import,
    Incident,
    IncidentUpdate,
    Label,
    MemberNamed,
    PolicyActivate,
    PolicyPublish,
    Release,
    Requeue,
    Resolve,
    Retract,
    Revoke,
    Skip,
    StreamOpen,
    Suggestion,
)
from reviewer.domain.facts import Unfit, typed
from reviewer.domain.fold import OF_A_CAMPAIGN
from reviewer.domain.incidents import act_of
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import Pick
from reviewer.storage import answers, claims, findings, incidents
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import ChangingRows
from reviewer.storage.suggestions import suggestion_rows
from reviewer.storage.tables import VIEWS

# Who may speak, then what is asked, then what was drawn; the rest follows in the order in which it came.
PHASES: tuple[tuple[str, ...], ...] = (("genesis", "enrol", "revoke"), ("campaign",), ("draw", "campaign_close"))

_NO_PROJECT = "It belongs to another project."
_RANK = "CASE {} WHEN 'lead' THEN 3 WHEN 'adjudicator' THEN 2 WHEN 'reviewer' THEN 1 ELSE 0 END"
_STRONGER = f"{_RANK.format('excluded.role')} > {_RANK.format('role')}"

_ASKED_AFTER = frozenset({"genesis", "enrol", "campaign", "campaign_close"})  # kinds that change what the memo holds
_OPENS = frozenset({"genesis", "enrol", "campaign", "incident"})  # kinds after which an entry may count that did not

_PICKS_AT_ONCE = 20_000
# A probability never falls: of two draws the larger one holds, and of equal ones the first in order, whichever came first.
_PICK = (
    "INSERT INTO pick (campaign, item, stratum, stream, pi, u, place) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (campaign, item) DO UPDATE SET pi = excluded.pi, stratum = excluded.stratum, stream = excluded.stream,"
    " u = excluded.u, place = excluded.place WHERE (CAST(pi AS REAL), excluded.stratum, excluded.stream, excluded.u, excluded.pi)"
    " < (CAST(excluded.pi AS REAL), stratum, stream, u, pi)"
)


def apply(work: ChangingRows, entry: Entry, value: msgspec.Struct | Unfit | None) -> Changes:
    """Project one entry that holds; again, if it was projected before. Returns which kinds of thing moved.

    An unknown kind moves nothing. What does not count is noted as such, and asked again when an author, a campaign or an incident turns up.
    """
    if value is None:
        return Changes.NONE
    if isinstance(value, Enrol) and claims.contested(work, value):
        work.stale = True  # whose stream it is follows from all admissions together: the views are made anew
    why = value.why if isinstance(value, Unfit) else _why_not(work, entry, value)
    if why is not None:
        if why == FOR_ANOTHER and isinstance(value, Enrol) and claims.speaks_as(work, entry.body.device, entry.body.actor):
            work.stale = True  # it may have counted before its author spoke for somebody else
        work.run("INSERT INTO uncounted VALUES (?, ?) ON CONFLICT DO UPDATE SET why = excluded.why", (bytes.fromhex(entry.hash), why))
        return Changes.NONE
    if entry.body.kind in _ASKED_AFTER:
        work.memo.clear()
    changes = _show(work, entry, value)
    return changes | _ask_again(work) if entry.body.kind in _OPENS else changes


def _show(work: ChangingRows, entry: Entry, value: object) -> Changes:
    if entry.body.kind in OF_A_CAMPAIGN:
        return _of_a_campaign(work, entry, value)
    match value:
        case Genesis():
            work.set_fact("project", entry.hash)
            keys = (value.device, value.sign_key, value.seal_key)
            return _member(work, entry, Enrol(value.member, value.member_name, "lead", *keys, entry.body.stream))
        case Enrol():
            return _member(work, entry, value)
        case Revoke():
            work.stale = True  # entries that counted may count no more: all views are made anew before the commit
            return Changes.ALL
        case MemberNamed():
            return _rename(work, entry, value)
        case Campaign():
            return _campaign(work, entry, value)
        case PolicyPublish():
            return _policy(work, entry, value)
        case PolicyActivate():
            return _activation(work, entry, value)
        case Suggestion():
            return _suggestion(work, entry, value)
        case Finding():
            findings.show(work, entry, value)
            return Changes.FINDINGS
        case Incident() | IncidentUpdate():
            return incidents.show(work, entry, value)
        case EraseRequest() | EraseDone():
            row = (bytes.fromhex(entry.hash), entry.body.kind, bytes.fromhex(value.item), entry.body.device, entry.body.wall_ms)
            work.run("INSERT INTO erasure VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
            return Changes.ITEMS
        case Release() | Export():
            work.run(
                "INSERT INTO departure VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (bytes.fromhex(entry.hash), entry.body.kind, msgspec.json.encode(value).decode(), entry.body.wall_ms),
            )
            return Changes.RELEASES
        case Import():
            return Changes.ITEMS
        case StreamOpen() | ForkSeen():
            return Changes.MEMBERS
    return Changes.NONE


def _of_a_campaign(work: ChangingRows, entry: Entry, value: object) -> Changes:
    asked = answers.asked(work, entry.body.value["campaign"])
    assert asked is not None  # else it would not count
    match value:
        case Draw():
            return _draw(work, asked, entry, value)
        case CampaignClose():
            work.run("UPDATE campaign SET closed = 1 WHERE hash = ?", (bytes.fromhex(value.campaign),))
            return Changes.CAMPAIGNS | Changes.QUEUE
        case Label():
            return answers.label(work, asked, entry, value)
        case Retract():
            return answers.retract(work, asked, entry, value)
        case Skip() | Escalate():
            return answers.aside(work, asked, entry, value)
        case Resolve():
            return answers.resolve(work, asked, entry, value)
        case Requeue():
            return answers.requeue(work, asked, entry, value)
        case Gold():
            return answers.gold(work, asked, entry, value)
        case Alarm():
            findings.show_alarm(work, entry, value)
            return Changes.FINDINGS
    return Changes.NONE


def stand(work: ChangingRows, root: EntryHash | None, standing: Standing) -> None:
    """Show who may speak, all at once, in empty tables."""
    if root is not None:
        work.set_fact("project", root)
    revoked = {one.device for one in standing.revocations}
    work.run_many("INSERT INTO untrusted VALUES (?)", [(bytes.fromhex(name),) for name in sorted(standing.untrusted)])
    work.run_many("INSERT INTO uncounted VALUES (?, ?)", [(bytes.fromhex(name), MISPLACED) for name in sorted(standing.misplaced)])
    work.run_many("INSERT INTO revocation VALUES (?, ?)", [(bytes.fromhex(one.hash), one.device) for one in standing.revocations])
    work.run_many(
        "INSERT INTO device (id, member, role, sign_key, seal_key, stream, admitted, revoked) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*device, int(device.id in revoked)) for device in standing.devices.values()],
    )
    work.run_many("INSERT INTO member VALUES (?, ?, ?)", list(standing.people.values()))


def clear(work: ChangingRows) -> None:
    """Empty every view, so that all entries can be applied again."""
    for table in VIEWS:
        work.run(f"DELETE FROM {table.name}")


def _why_not(work: ChangingRows, entry: Entry, value: msgspec.Struct) -> str | None:
    """What domain.fold asks of an entry, asked of the tables."""
    body = entry.body
    known = work.memo.get(body.device)
    if known is None:
        known = work.row(
            "SELECT f.value, revoked, id, member, role, sign_key, seal_key, stream, admitted FROM fact f LEFT JOIN device ON id = ?"
            " WHERE f.name = 'project'",
            (body.device,),
        )
        if known is None:
            return None if isinstance(value, Genesis) else _NO_PROJECT
        work.memo[body.device] = known
    root, revoked, *device = known
    if isinstance(value, Genesis):
        return None if root == entry.hash else _NO_PROJECT
    author = None if device[0] is None else Admitted(*device)
    why = why_not(author, body.actor, body.kind, ours=body.project == root, trusted=not revoked or _trusted(work, entry))
    if why is not None or author is None:
        return why
    if isinstance(value, Enrol):
        known_as = work.row("SELECT why FROM uncounted WHERE hash = ?", (bytes.fromhex(entry.hash),))
        return MISPLACED if known_as == (MISPLACED,) else None
    if isinstance(value, MemberNamed):
        return None if author.role == "lead" or value.member == body.actor else fold.OF_ANOTHER
    if isinstance(value, IncidentUpdate):
        act = act_of(entry.hash, value, body.note)
        return fold.why_not_of_incident(author.role, act, known=incidents.is_known(work, act.incident))
    if body.kind not in OF_A_CAMPAIGN:
        return None
    asked = answers.asked(work, body.value["campaign"])
    if asked is None:
        return fold.NO_CAMPAIGN
    return fold.OWN_LABEL if isinstance(value, Resolve) and answers.own_label(work, asked, entry, value) else None


def _trusted(work: ChangingRows, entry: Entry) -> bool:
    work.stale = True  # how far a revoked device is trusted depends on all of its entries: the views are made anew
    return work.row("SELECT 1 FROM untrusted WHERE hash = ?", (bytes.fromhex(entry.hash),)) is None


def _ask_again(work: ChangingRows) -> Changes:
    """Apply what did not count: its author, its campaign or its incident may be known by now."""
    changes = Changes.NONE
    waiting = work.rows("SELECT e.hash, e.body, e.sig FROM uncounted u JOIN entry e ON e.hash = u.hash ORDER BY e.rowid")
    for name, raw, signature in waiting:
        entry = Entry(EntryHash(name.hex()), chain.parse(bytes(raw)), bytes(raw), bytes(signature))
        value = typed(entry.body)
        if value is None or isinstance(value, Unfit):
            continue
        still = _why_not(work, entry, value)
        if still is not None:  # for another reason by now, perhaps
            work.run("UPDATE uncounted SET why = ? WHERE hash = ?", (still, name))
            continue
        work.run("DELETE FROM uncounted WHERE hash = ?", (name,))
        changes |= apply(work, entry, value)
    return changes


def _member(work: ChangingRows, entry: Entry, enrol: Enrol) -> Changes:
    # As in the fold: of two admissions the one with more rights holds, whichever came first.
    if _moves_others(work, entry, enrol):
        work.stale = True
    work.run(
        "INSERT INTO member VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = min(name, excluded.name),"
        f" role = CASE WHEN {_STRONGER} THEN excluded.role ELSE role END",
        (enrol.member, enrol.name, enrol.role),
    )
    work.run(
        "INSERT INTO device (id, member, sign_key, seal_key, stream, admitted, role) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET member = excluded.member,"
        " sign_key = excluded.sign_key, seal_key = excluded.seal_key, stream = excluded.stream, admitted = excluded.admitted,"
        f" role = excluded.role WHERE admitted <> (SELECT value FROM fact WHERE name = 'project') AND ({_STRONGER}"
        " OR (excluded.role = role AND excluded.admitted < admitted))",
        (enrol.device, enrol.member, enrol.sign_key, enrol.seal_key, enrol.stream, entry.hash, enrol.role),
    )
    _show_name(work, enrol.member)
    return Changes.MEMBERS | Changes.QUEUE


def _moves_others(work: ChangingRows, entry: Entry, enrol: Enrol) -> bool:
    """Whether an admission bears on more than what the tables say of its device and its member."""
    if work.row("SELECT 1 FROM revocation WHERE device = ?", (enrol.device,)) is not None:
        return True  # somebody revoked the device before it was known here
    if work.row("SELECT 1 FROM device WHERE member = ? AND revoked = 1", (enrol.member,)) is not None:
        return True  # whoever had left is asked again for what they had still to answer
    before = work.row("SELECT admitted FROM device WHERE id = ?", (enrol.device,))
    return before is not None and before[0] != entry.hash and claims.entangled(work)


def _rename(work: ChangingRows, entry: Entry, value: MemberNamed) -> Changes:
    work.run("INSERT INTO rename VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (bytes.fromhex(entry.hash), value.member, value.name))
    answers.follow(work, entry)
    _show_name(work, value.member)
    return Changes.MEMBERS


def _show_name(work: ChangingRows, member: str) -> None:
    """The latest name holds; of two given at once, that of the smaller hash."""
    latest = f"SELECT t.name FROM rename t WHERE t.member = member.id AND {in_force('rename', 'member', schema='')} ORDER BY t.hash LIMIT 1"
    work.run(f"UPDATE member SET name = coalesce(({latest}), name) WHERE id = ?", (member,))


def _policy(work: ChangingRows, entry: Entry, value: PolicyPublish) -> Changes:
    work.run(
        "INSERT INTO policy VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            bytes.fromhex(entry.hash), value.policy, value.title, value.clauses.n, bytes.fromhex(value.clauses.blob),
            bytes.fromhex(value.source), value.effective, entry.body.wall_ms,
        ),
    )  # fmt: skip
    answers.follow(work, entry)
    return Changes.POLICIES


def _activation(work: ChangingRows, entry: Entry, value: PolicyActivate) -> Changes:
    work.run(
        "INSERT INTO activation VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), value.policy, bytes.fromhex(value.version), entry.body.wall_ms),
    )
    answers.follow(work, entry)
    return Changes.POLICIES


def _suggestion(work: ChangingRows, entry: Entry, value: Suggestion) -> Changes:
    try:
        rows = suggestion_rows(work, value.rows.blob)
    except (NotFound, Damaged):
        return Changes.NONE  # the list is not here or is none: verification says so
    name = bytes.fromhex(entry.hash)
    work.run_many(
        "INSERT INTO suggestion VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(name, bytes.fromhex(one.item), value.judge, one.verdict, one.score) for one in rows],
    )
    return Changes.LABELS


def _campaign(work: ChangingRows, entry: Entry, rules: Campaign) -> Changes:
    work.run(
        "INSERT INTO campaign (hash, name, rules, created_ms, blind) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), rules.name, msgspec.json.encode(rules).decode(), entry.body.wall_ms, int(rules.blind)),
    )
    return Changes.CAMPAIGNS


def _draw(work: ChangingRows, asked: answers.Asked, entry: Entry, draw: Draw) -> Changes:
    work.run(
        "INSERT INTO draw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            bytes.fromhex(entry.hash), bytes.fromhex(draw.campaign), draw.query, draw.population.n, bytes.fromhex(draw.population.blob),
            draw.picks.n, bytes.fromhex(draw.picks.blob), msgspec.json.encode(draw.design, order="sorted").decode(), entry.body.wall_ms,
        ),
    )  # fmt: skip
    picked: Sequence[Pick] | None = work.picked.pop(draw.picks.blob, None)
    try:
        picked = campaign_rows.picks(work, draw.picks.blob) if picked is None else picked
    except (NotFound, Damaged):
        picked = []  # the draw is known, its list is not here or is none: verification says so
    dealt = _has_risk(work, asked)
    for start in range(0, len(picked), _PICKS_AT_ONCE):
        work.ticket.step(start, len(picked), "Writing the draw")
        some = picked[start : start + _PICKS_AT_ONCE]
        work.run_many(_PICK, [(asked.row, bytes.fromhex(p.item), p.stratum, p.stream, p.pi, p.u, float(p.u)) for p in some])
    if dealt or _has_risk(work, asked):  # else each stands by its number already; after the last risk pick is gone, it does again
        _place(work, asked)
    work.run(
        "UPDATE campaign SET sampled = (SELECT count(*) FROM pick p WHERE p.campaign = campaign.id), population = max(population, ?)"
        " WHERE id = ?",
        (draw.population.n, asked.row),
    )
    spoken_of = "SELECT item FROM label WHERE campaign = ?1 UNION SELECT item FROM resolution WHERE campaign = ?1"
    for (item,) in work.rows(spoken_of, (asked.row,)):
        answers.settle(work, asked, item)
    return Changes.CAMPAIGNS | Changes.QUEUE


def _has_risk(work: ChangingRows, asked: answers.Asked) -> bool:
    return work.row("SELECT 1 FROM pick WHERE campaign = ? AND stream = 'risk' LIMIT 1", (asked.row,)) is not None


def _place(work: ChangingRows, asked: answers.Asked) -> None:
    """Put all picks of a campaign in the order of its queue."""
    rows = work.rows("SELECT item, stream, u FROM pick WHERE campaign = ?", (asked.row,))
    picks = [campaigns.Placed(ItemId(item.hex()), stream, u) for item, stream, u in rows]
    placed = zip(campaigns.places(asked.state.rules.seed, picks), rows, strict=True)
    work.run_many("UPDATE pick SET place = ? WHERE campaign = ? AND item = ?", [(place, asked.row, row[0]) for place, row in placed])
