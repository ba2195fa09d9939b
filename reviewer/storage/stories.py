"""Putting the story of a label together, from its entry and the rows around it. Labels that do not count have one too."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from reviewer.domain import chain
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import Body, Entry, EntryHash
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import Clause, Label, PolicyPublish, Resolve, Revoke
from reviewer.domain.facts import Unfit, typed, vote
from reviewer.domain.items import ItemId
from reviewer.domain.policies import holding
from reviewer.domain.stories import Act, Author, Citation, LabelStory, Told, Withdrawal, Witness
from reviewer.storage import policies, receipts
from reviewer.storage.acting import devices_here
from reviewer.storage.conflicts import in_force
from reviewer.storage.notes import note_of
from reviewer.storage.rows import Rows
from reviewer.storage.witnesses import Branches, forks, witnesses

_MOST = 100  # acts of a chain that are followed


def story(rows: Rows, entry: Entry) -> LabelStory:
    """The story of the label of an entry."""
    body, label = entry.body, msgspec.convert(entry.body.value, Label)
    name = bytes.fromhex(entry.hash)
    branches = Branches(rows, entry)
    (why_not,) = rows.row("SELECT why FROM uncounted WHERE hash = ?", (name,)) or (None,)
    (living,) = rows.row("SELECT in_force FROM label WHERE hash = ?", (name,)) or (0,)
    (campaign,) = rows.row("SELECT name FROM campaign WHERE hash = ?", (bytes.fromhex(label.campaign),)) or (label.campaign[:8],)
    return LabelStory(
        entry=entry.hash,
        item=label.item,
        campaign=campaign,
        stream=body.stream,
        seq=body.seq,
        verdict=label.verdict,
        severity=label.severity,
        preference=label.preference,
        rationale=note_of(rows, body),
        confidence=label.confidence,
        showing=label.showing,
        blind=label.blind,
        shown=label.shown,
        imported=label.imported,
        claimed=label.claimed,
        by=author(rows, body),
        time=local_time(body),
        clock=body.clock,
        duration_ms=body.dur_ms,
        app=body.app,
        first_receipt=_first_receipt(rows, entry.hash),
        counts=why_not is None,
        why_not=why_not,
        in_force=bool(living),
        votes=bool(living) and not _contradicted(rows, body, label),
        citations=tuple(citation(rows, clause, label.item) for clause in label.clauses),
        before=_chain(rows, name, back=True),
        after=after(rows, name),
        resolutions=tuple(_resolutions(rows, name)),
        witnesses=witnesses(rows, entry, branches),
        forks=forks(rows, branches),
        withdrawals=tuple(_withdrawals(rows, entry, branches)),
    )


def entry_of(rows: Rows, name: bytes) -> Entry | None:
    """The entry of a hash; None where it is not here."""
    found = rows.row("SELECT body, sig FROM entry WHERE hash = ?", (name,))
    return None if found is None else Entry(EntryHash(name.hex()), chain.parse(bytes(found[0])), bytes(found[0]), bytes(found[1]))


def labels_by_prefix(rows: Rows, prefix: str) -> list[bytes]:
    """Hashes of the label entries that begin with these hex digits; two at most."""
    low, high = prefix.ljust(64, "0"), prefix.ljust(64, "f")
    sql = "SELECT hash FROM entry WHERE kind = 'label' AND hash BETWEEN unhex(?) AND unhex(?) ORDER BY hash LIMIT 2"
    return [name for (name,) in rows.rows(sql, (low, high))]


def labels_of(rows: Rows, item: ItemId) -> tuple[Told, ...]:
    """Every label that was ever given to an item: those in force, then those that gave way, then those that do not count."""
    names = [(name, bool(living)) for name, living in rows.rows(
        "SELECT hash, in_force FROM label WHERE item = ? ORDER BY in_force DESC, n", (bytes.fromhex(item),)
    )]  # fmt: skip
    found = [_told(rows, name, "in force" if living else "no longer in force") for name, living in names]
    uncounted = (
        "SELECT u.hash FROM uncounted u JOIN entry e ON e.hash = u.hash WHERE e.kind = 'label'"
        " AND json_extract(CAST(e.body AS TEXT), '$.value.item') = ? ORDER BY e.rowid"
    )
    found += [_told(rows, name, "not counted") for (name,) in rows.rows(uncounted, (item,))]
    return tuple(one for one in found if one is not None)


def local_time(body: Body) -> str:
    """When the device's clock said that an entry was made, RFC 3339 in the device's zone."""
    zone = UTC
    if body.tz[:1] in ("+", "-") and body.tz[1:3].isdigit() and body.tz[4:6].isdigit():
        minutes = int(body.tz[1:3]) * 60 + int(body.tz[4:6])
        if minutes < 24 * 60:
            zone = timezone(timedelta(minutes=-minutes if body.tz[0] == "-" else minutes))
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=body.wall_ms)).astimezone(zone).isoformat(timespec="milliseconds")
    except OverflowError:
        return f"{body.wall_ms} ms"  # a clock beyond the calendar


def author(rows: Rows, body: Body) -> Author:
    """Who signed an entry."""
    found = rows.row("SELECT role, revoked FROM device WHERE id = ?", (body.device,))
    (name,) = rows.row("SELECT name FROM member WHERE id = ?", (body.actor,)) or (body.actor[:8],)
    role, revoked = found or (None, 0)
    return Author(body.actor, name, role, body.device, bool(revoked), body.device in devices_here(rows))


def after(rows: Rows, name: bytes) -> tuple[Act, ...]:
    """What took the place of a label, or took it back, and what took the place of that, and so on."""
    return _chain(rows, name, back=False)


def _told(rows: Rows, name: bytes, standing: str) -> Told | None:
    entry = entry_of(rows, name)
    if entry is None or isinstance(value := typed(entry.body), Unfit) or not isinstance(value, Label):
        return None
    (campaign,) = rows.row("SELECT name FROM campaign WHERE hash = ?", (bytes.fromhex(value.campaign),)) or (value.campaign[:8],)
    by = author(rows, entry.body).name
    return Told(entry.hash, entry.body.actor, by, campaign, value.verdict, local_time(entry.body), standing)  # type: ignore[arg-type] # three literals above


def _first_receipt(rows: Rows, name: EntryHash) -> Witness | None:
    found = receipts.bracket(rows, name)
    if found is None:
        return None
    (member,) = rows.row("SELECT m.name FROM device d JOIN member m ON m.id = d.member WHERE d.id = ?", (found.device,)) or ("",)
    return Witness(found.device, member, "receipt", found.time)


def _contradicted(rows: Rows, body: Body, label: Label) -> bool:
    """Whether its author's labels in force on the question do not say the same."""
    sql = (
        "SELECT e.body FROM label l JOIN campaign c ON c.id = l.campaign JOIN entry e ON e.hash = l.hash WHERE c.hash = ? AND l.item = ?"
        " AND l.member = ? AND l.showing = ? AND l.in_force = 1"
    )
    asked = (bytes.fromhex(label.campaign), bytes.fromhex(label.item), body.actor, label.showing)
    given = [msgspec.convert(chain.parse(bytes(raw)).value, Label) for (raw,) in rows.rows(sql, asked)]
    return len({vote(one) for one in given}) > 1


def _chain(rows: Rows, name: bytes, *, back: bool) -> tuple[Act, ...]:
    """What the label took the place of, oldest first, or what took its place and so on. Each act once."""
    # As the tables decide it: a label gives way to its own author only, on the same question.
    holds = (
        "FROM replacement r JOIN label t ON t.hash = r.target AND t.member = r.member AND t.campaign = r.campaign AND t.item = r.item"
        " AND (r.retracts OR r.showing = t.showing)"
    )
    sql = f"SELECT r.target {holds} WHERE r.by_hash = ?" if back else f"SELECT r.by_hash {holds} WHERE r.target = ?"
    found: dict[bytes, Act] = {}
    waiting = [name]
    while waiting and len(found) < _MOST:
        for (other,) in rows.rows(sql, (waiting.pop(0),)):
            entry = entry_of(rows, other)
            if entry is not None and other not in found:
                found[other] = _act(rows, entry)
                waiting.append(other)
    return tuple(reversed(found.values())) if back else tuple(found.values())


def _resolutions(rows: Rows, name: bytes) -> Iterable[Act]:
    living = in_force("resolution", "campaign", "item")
    sql = f"SELECT t.hash, {living} FROM successor w JOIN resolution t ON t.hash = w.by_hash WHERE w.target = ? ORDER BY t.wall_ms, t.hash"
    for other, holds in rows.rows(sql, (name,)):
        entry = entry_of(rows, other)
        if entry is not None:
            yield msgspec.structs.replace(_act(rows, entry), in_force=bool(holds))


def _act(rows: Rows, entry: Entry) -> Act:
    body, value = entry.body, typed(entry.body)
    (living,) = rows.row("SELECT in_force FROM label WHERE hash = ?", (bytes.fromhex(entry.hash),)) or (body.kind == "retract",)
    verdict = value.verdict if isinstance(value, Label | Resolve) else None
    kind = {"label": "label", "resolve": "resolve"}.get(body.kind, "retract")
    clauses = tuple(f"{one.policy}:{one.clause}" for one in value.clauses) if isinstance(value, Resolve) else ()
    return Act(
        entry.hash, kind, author(rows, body), local_time(body), body.clock, verdict, body.reason, note_of(rows, body), bool(living), clauses  # type: ignore[arg-type] # one of the three
    )  # fmt: skip


def _withdrawals(rows: Rows, entry: Entry, branches: Branches) -> Iterable[Withdrawal]:
    for (name,) in rows.rows("SELECT hash FROM revocation WHERE device = ? ORDER BY hash", (entry.body.device,)):
        made = entry_of(rows, name)
        if made is None:
            continue
        value, body = msgspec.convert(made.body.value, Revoke), made.body
        points = [point for point in value.trusted if point.stream == entry.body.stream]
        trusted = any(branches.reaches(point.seq, bytes.fromhex(point.hash)) for point in points)
        up_to = tuple(point.seq for point in points)
        yield Withdrawal(made.hash, author(rows, body), local_time(body), body.reason, note_of(rows, body), up_to, trusted)


def citation(rows: Rows, clause: Clause, item: ItemId) -> Citation:
    """The words of a clause, from the version that is cited, and whether that held at the item's time."""
    published = entry_of(rows, bytes.fromhex(clause.version)) if len(clause.version) == 64 else None
    value = None if published is None else typed(published.body)
    active = f"SELECT 1 FROM activation t WHERE t.version = ? AND {in_force('activation', 'policy')}"
    if not isinstance(value, PolicyPublish):
        return Citation(clause.policy, clause.clause, clause.version, None, None, None, None, False, False)
    version = bytes.fromhex(clause.version)
    title, text = _words(rows, value, clause.clause)
    every = _versions(rows, value.policy)
    (here, time) = rows.row("SELECT 1, time FROM item WHERE id = ?", (bytes.fromhex(item),)) or (None, None)
    held = () if here is None else tuple(one.number for one in holding(every, time))
    number = next((one.number for one in every if one.hash == clause.version), None)
    return Citation(
        policy=clause.policy,
        clause=clause.clause,
        version=clause.version,
        policy_title=value.title,
        number=number,
        title=title,
        text=text,
        as_cited=text is not None and sha256_hex(text.encode()) == clause.text,
        in_force=rows.row(active, (version,)) is not None,
        held=held,
        fits=not held or number in held,
    )


def _words(rows: Rows, published: PolicyPublish, clause: str) -> tuple[str | None, str | None]:
    """Title and text of a clause; None where the list is not here or has no such clause."""
    try:
        listed = policies.clauses_of(rows, published.clauses.blob)
        return next(((one.title, one.text) for one in listed if one.clause == clause), (None, None))
    except (NotFound, Damaged):
        return None, None


def _versions(rows: Rows, policy: str) -> list[policies.Version]:
    try:
        return policies.versions(rows, policy)
    except NotFound:
        return []  # published by somebody who may not
