"""What a person must settle, as the tables have it; domain.merging says what each kind means."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Label
from reviewer.domain.facts import vote
from reviewer.domain.merging import Conflict, ConflictKind
from reviewer.storage.rows import Rows


class _Body(msgspec.Struct):
    value: Label


class Disagreement(NamedTuple):
    """An item on which members differ, and their labels, sorted."""

    campaign: EntryHash
    item: str
    sides: tuple[EntryHash, ...]


_label_body = msgspec.json.Decoder(_Body)
CAMPAIGN_OF = "(SELECT hash FROM main.campaign c WHERE c.id = {0}.campaign)"


def in_force(table: str, *scope: str, schema: str = "main.") -> str:
    """The SQL that says whether no other row of the same scope took the place of a row `t` of a table."""
    same = " AND ".join(f"x.{column} = t.{column}" for column in scope)
    return f"NOT EXISTS (SELECT 1 FROM {schema}successor s JOIN {schema}{table} x ON x.hash = s.by_hash WHERE s.target = t.hash AND {same})"


_RESOLVED = f"SELECT t.campaign, t.item, t.hash, t.verdict FROM main.resolution t WHERE {in_force('resolution', 'campaign', 'item')}"


def conflicts_of_tables(rows: Rows) -> list[Conflict]:
    """All conflicts, sorted. The journal is read only for labels that may be one."""
    found = [*_two_answers(rows), *_relabelled(rows), *_resolutions(rows), *_new_evidence(rows), *_activations(rows), *_of_incidents(rows)]
    return sorted(found, key=lambda one: (one.kind, one.campaign or "", one.subject, one.sides))


def gave_two_answers(rows: Rows, campaign: int, item: bytes, member: str) -> bool:
    """Whether a member's labels in force on the first showing of an item differ."""
    given = "SELECT e.body FROM label l JOIN entry e ON e.hash = l.hash WHERE l.campaign = ? AND l.item = ? AND l.member = ?"
    bodies = rows.rows(f"{given} AND l.in_force = 1 AND l.showing = 1", (campaign, item, member))
    return len(bodies) > 1 and len({vote(_label_body.decode(body).value) for (body,) in bodies}) > 1


def over_resolutions(rows: Rows) -> list[Conflict]:
    """Resolutions that differ, and evidence that came after one, sorted."""
    return sorted([*_resolutions(rows), *_new_evidence(rows)], key=lambda one: (one.campaign or "", one.subject, one.kind))


def disagreements(rows: Rows, campaign: int | None = None, only: bytes | None = None) -> Iterator[Disagreement]:
    """Items that have all labels asked for and no answer, since members say different things. One who gave two answers has no voice.

    only: one item of a campaign.
    """
    where = "p.campaign = ?1 AND p.item = ?2" if only is not None else "(?1 IS NULL OR p.campaign = ?1) AND ?2 IS NULL"
    sql = (
        f"SELECT {CAMPAIGN_OF.format('p')}, p.item, l.member, l.verdict, l.hash FROM pick p JOIN label l ON l.item = p.item"
        " AND l.campaign = p.campaign AND l.in_force = 1 AND l.showing = 1 AND l.verdict IS NOT NULL"
        f" WHERE p.complete = 1 AND p.answer IS NULL AND {where}"
        " AND NOT EXISTS (SELECT 1 FROM resolution r WHERE r.campaign = p.campaign AND r.item = p.item) ORDER BY p.campaign, p.item, l.hash"
    )
    for (name, item), group in groupby(rows.each(sql, (campaign, only)), key=lambda row: row[:2]):
        given = list(group)
        said: dict[str, set[str]] = {}
        for _, _, member, verdict, _ in given:
            said.setdefault(member, set()).add(verdict)
        voices = {member for member, verdicts in said.items() if len(verdicts) == 1}
        if len({verdict for _, _, member, verdict, _ in given if member in voices}) > 1:
            yield Disagreement(EntryHash(name.hex()), item.hex(), _sides(label for *_, member, _, label in given if member in voices))


def _two_answers(rows: Rows) -> Iterator[Conflict]:
    several = (
        f"SELECT {CAMPAIGN_OF.format('l')}, l.item, l.showing, l.member, l.hash, e.body FROM main.label l"
        " JOIN main.entry e ON e.hash = l.hash WHERE l.in_force = 1 AND (l.campaign, l.item, l.showing, l.member) IN"
        " (SELECT campaign, item, showing, member FROM main.label WHERE in_force = 1"
        " GROUP BY campaign, item, showing, member HAVING count(*) > 1) ORDER BY 1, 2, 3, 4, 5"
    )
    for (campaign, item, _, _), group in groupby(rows.each(several), key=lambda row: row[:4]):
        given = [(name, vote(_label_body.decode(body).value)) for *_, name, body in group]
        if len({what for _, what in given}) > 1:
            yield _conflict("two_answers", campaign, item, [name for name, _ in given])


def _relabelled(rows: Rows) -> Iterator[Conflict]:
    both = (
        f"SELECT {CAMPAIGN_OF.format('r')}, r.item, r.target, r.by_hash FROM main.replacement r JOIN main.label t ON t.hash = r.target"
        " AND t.member = r.member AND t.campaign = r.campaign AND t.item = r.item AND (r.retracts OR r.showing = t.showing)"
        " WHERE (r.retracts OR EXISTS (SELECT 1 FROM main.label l WHERE l.hash = r.by_hash AND l.in_force = 1))"
        " AND EXISTS (SELECT 1 FROM main.replacement o WHERE o.target = r.target AND o.member = r.member AND o.retracts <> r.retracts)"
        " ORDER BY r.target"
    )
    for _, group in groupby(rows.each(both), key=lambda row: row[2]):
        acts = list(group)
        living = [name for *_, name in acts if rows.row("SELECT 1 FROM main.label WHERE hash = ? AND in_force = 1", (name,))]
        if living and len(living) < len(acts):
            yield _conflict("retracted_and_relabelled", acts[0][0], acts[0][1], [name for *_, name in acts])


def _resolutions(rows: Rows) -> Iterator[Conflict]:
    sql = f"SELECT {CAMPAIGN_OF.format('r')}, item, hash, verdict FROM ({_RESOLVED}) r ORDER BY campaign, item"
    for (campaign, item), group in groupby(rows.each(sql), key=lambda row: row[:2]):
        given = list(group)
        if len({verdict for *_, verdict in given}) > 1:
            yield _conflict("resolutions", campaign, item, [name for _, _, name, _ in given])


def _new_evidence(rows: Rows) -> Iterator[Conflict]:
    late = (
        f"SELECT {CAMPAIGN_OF.format('l')}, l.item, l.hash, r.hash FROM ({_RESOLVED}) r JOIN main.label l ON l.item = r.item"
        " AND l.campaign = r.campaign AND l.in_force = 1 AND l.showing = 1 WHERE NOT EXISTS (SELECT 1 FROM main.successor s"
        f" WHERE s.target = l.hash AND s.by_hash IN (SELECT o.hash FROM ({_RESOLVED}) o WHERE o.campaign = l.campaign AND o.item = l.item))"
        " ORDER BY 1, 2"
    )
    for (campaign, item), group in groupby(rows.each(late), key=lambda row: row[:2]):
        pairs = list(group)
        yield _conflict("new_evidence", campaign, item, sorted({name for *_, label, ruling in pairs for name in (label, ruling)}))


def _activations(rows: Rows) -> Iterator[Conflict]:
    sql = f"SELECT t.policy, t.hash, t.version FROM main.activation t WHERE {in_force('activation', 'policy')} ORDER BY t.policy"
    for policy, group in groupby(rows.each(sql), key=lambda row: row[0]):
        active = list(group)
        if len({version for *_, version in active}) > 1:
            yield Conflict("policy", None, policy, _sides(name for _, name, _ in active))


def _of_incidents(rows: Rows) -> Iterator[Conflict]:
    held = in_force("incident_said", "incident", "field")
    sql = f"SELECT t.incident, t.field, t.value, t.hash FROM main.incident_said t WHERE {held} ORDER BY t.incident, t.field"
    for incident, of_it in groupby(rows.each(sql), key=lambda row: row[0]):
        sides: list[bytes] = []
        for _, group in groupby(of_it, key=lambda row: row[1]):
            said = list(group)
            sides += [name for *_, name in said] if len({value for _, _, value, _ in said}) > 1 else []
        if sides:
            yield Conflict("incident", None, incident.hex(), _sides(iter(sides)))


def _conflict(kind: ConflictKind, campaign: bytes, item: bytes, sides: list[bytes]) -> Conflict:
    return Conflict(kind, EntryHash(campaign.hex()), item.hex(), _sides(iter(sides)))


def _sides(names: Iterator[bytes]) -> tuple[EntryHash, ...]:
    return tuple(sorted(EntryHash(name.hex()) for name in set(names)))
