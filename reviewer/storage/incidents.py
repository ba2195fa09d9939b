"""Incidents as they lie in the tables: what was said of each, what of it is in force, and the items it is about."""

from collections.abc import Collection

from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged, NotFound, Refused, shown
from reviewer.domain.events import Incident, IncidentUpdate
from reviewer.domain.incidents import Case, Held, act_of
from reviewer.domain.items import ItemId
from reviewer.storage.answers import follow
from reviewer.storage.conflicts import in_force
from reviewer.storage.requeues import listed
from reviewer.storage.rows import ChangingRows, Rows, prefix_range

_HELD = (
    "SELECT t.field, t.hash, t.value FROM incident_said t WHERE t.incident = ?"
    f" AND {in_force('incident_said', 'incident', 'field', schema='')} ORDER BY t.field, t.hash"
)


def show(work: ChangingRows, entry: Entry, value: Incident | IncidentUpdate) -> Changes:
    """Show what an entry says of an incident; again, when its list has come."""
    act, name = act_of(entry.hash, value, entry.body.note), bytes.fromhex(entry.hash)
    incident = bytes.fromhex(act.incident)
    n, blob = (0, None) if act.items is None else (act.items.n, bytes.fromhex(act.items.blob))
    work.run(
        "INSERT INTO incident_act VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (name, incident, n, blob, act.finding, entry.body.wall_ms),
    )
    said = [(name, field, incident, value) for field, value in act.said]
    work.run_many("INSERT INTO incident_said VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", said)
    follow(work, entry)
    try:
        items = [] if act.items is None else listed(work, act.items.blob)
    except (NotFound, Damaged):
        items = []  # the incident is known, its list is not here or is none: verification says so
    work.run_many("INSERT INTO incident_item VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [(incident, item, name) for item in items])
    return Changes.INCIDENTS


def is_known(rows: Rows, incident: str) -> bool:
    """Whether an incident counts here."""
    name = bytes.fromhex(incident)
    return rows.row("SELECT 1 FROM incident_act WHERE hash = ? AND incident = ?", (name, name)) is not None


def every(rows: Rows) -> list[Case]:
    """All incidents, in the order in which they were opened by the clocks of their devices."""
    found = rows.rows("SELECT hash FROM incident_act WHERE hash = incident ORDER BY wall_ms, hash")
    return [case_of(rows, EntryHash(name.hex())) for (name,) in found]


def named(rows: Rows, prefix: str) -> Case:
    """The incident of an id, or of its first 6 or more digits. Raises NotFound, and Refused where several begin so."""
    wanted = prefix.strip().lower()
    found = []
    if 6 <= len(wanted) <= 64 and all(c in "0123456789abcdef" for c in wanted):
        sql = "SELECT hash FROM incident_act WHERE hash = incident AND hash BETWEEN ? AND ? LIMIT 2"
        found = rows.rows(sql, prefix_range(wanted))
    if not found:
        raise NotFound(f"There is no incident {shown(prefix, 40)}.", "`reviewer incident list` shows those that are here.")
    if len(found) > 1:
        raise Refused(f"More than one incident begins with {wanted}.", "Give more digits of the id.")
    return case_of(rows, EntryHash(found[0][0].hex()))


def case_of(rows: Rows, incident: EntryHash) -> Case:
    """An incident as it stands."""
    held: dict[str, list[Held]] = {}
    for field, name, value in rows.rows(_HELD, (bytes.fromhex(incident),)):
        held.setdefault(field, []).append(Held(EntryHash(name.hex()), value))
    return Case(incident, {field: tuple(said) for field, said in held.items()})


def opened_ms(rows: Rows, incident: EntryHash) -> int:
    """When an incident was opened, by the clock of whoever did; ms since 1970."""
    (opened,) = rows.row("SELECT wall_ms FROM incident_act WHERE hash = ?", (bytes.fromhex(incident),)) or (0,)
    return int(opened)


def items_of(rows: Rows, incident: EntryHash) -> list[ItemId]:
    """The items that an incident is about, sorted, as far as their lists are here."""
    found = rows.rows("SELECT DISTINCT item FROM incident_item WHERE incident = ? ORDER BY item", (bytes.fromhex(incident),))
    return [ItemId(item.hex()) for (item,) in found]


def items_n(rows: Rows, incident: EntryHash) -> int:
    """How many items an incident is about; where a list is not here, as many as its entries say at most."""
    (here, said) = rows.row(
        "SELECT (SELECT count(DISTINCT item) FROM incident_item WHERE incident = ?1),"
        " (SELECT sum(items_n) FROM incident_act a WHERE incident = ?1"
        " AND NOT EXISTS (SELECT 1 FROM incident_item i WHERE i.hash = a.hash AND i.incident = a.incident))",
        (bytes.fromhex(incident),),
    ) or (0, 0)
    return int(here) + int(said or 0)


def speaks_of(rows: Rows, incident: str, items: Collection[str]) -> bool:
    """Whether an incident is about one of some items, so that words on it may be gone with them."""
    found = rows.rows("SELECT DISTINCT item FROM main.incident_item WHERE incident = ?", (bytes.fromhex(incident),))
    return any(item.hex() in items for (item,) in found)


def open_about(rows: Rows, campaign: int) -> list[EntryHash]:
    """The incidents that are about an item drawn in a campaign, or that a campaign is to show the end of. campaign: its row."""
    found = rows.rows(
        "SELECT DISTINCT i.incident FROM incident_item i JOIN pick p ON p.item = i.item WHERE p.campaign = ?1"
        " UNION SELECT t.incident FROM incident_said t JOIN campaign c ON lower(hex(c.hash)) = t.value"
        f" WHERE t.field = 'sample' AND c.id = ?1 AND {in_force('incident_said', 'incident', 'field', schema='')} ORDER BY 1",
        (campaign,),
    )
    return [EntryHash(name.hex()) for (name,) in found]


def erasures_of(rows: Rows, items: Collection[ItemId]) -> frozenset[EntryHash]:
    """The requests to erase some items: whoever writes of an incident names them, so that words written since are kept."""
    wanted = {bytes.fromhex(item) for item in items}
    found = rows.rows("SELECT hash, item FROM erasure WHERE kind = 'erase_request'")
    return frozenset(EntryHash(name.hex()) for name, item in found if item in wanted)
