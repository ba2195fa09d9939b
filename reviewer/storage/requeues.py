"""Items that are asked for again, as they lie in the tables: of whom, since when, and why."""

from reviewer.domain.chain import Entry, EntryHash, MemberId, parse
from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import Requeue
from reviewer.domain.items import ItemId
from reviewer.domain.requeues import AskedAgain, Spoken, still_asked
from reviewer.storage.conflicts import in_force
from reviewer.storage.notes import note_of
from reviewer.storage.rows import ChangingRows, Rows

_ID_BYTES = 32
_GIVEN = "SELECT hash, member, in_force FROM label WHERE campaign = ? AND item = ? AND showing = 1"
_SETTLED = (
    "SELECT s.target FROM resolution t JOIN successor s ON s.by_hash = t.hash WHERE t.campaign = ? AND t.item = ?"
    f" AND {in_force('resolution', 'campaign', 'item', schema='')}"
)
_LABELLED = "SELECT DISTINCT q.item FROM requeue_item q JOIN label l ON l.item = q.item AND l.campaign = q.campaign WHERE q.hash = ?"

# A member of whom every device was revoked; a further device brings them back.
_GONE = "SELECT member FROM device GROUP BY member HAVING min(revoked) = 1"


def listed(rows: Rows, blob: str) -> list[bytes]:
    """The ids that a requeue lists. Raises NotFound where this replica lacks the list, Damaged for one that is none."""
    content = rows.blob(blob)
    if len(content) % _ID_BYTES:
        raise Damaged("A list of items is none.", "Run `reviewer verify`, or restore the last backup.")
    return [content[place : place + _ID_BYTES] for place in range(0, len(content), _ID_BYTES)]


def keep(work: ChangingRows, campaign: int, entry: Entry, value: Requeue) -> list[bytes]:
    """Show a requeue. Returns those of its items that somebody labelled, which are to be settled anew."""
    name = bytes.fromhex(entry.hash)
    work.run(
        "INSERT INTO requeue VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (name, campaign, value.items.n, bytes.fromhex(value.items.blob), value.why, value.clause, entry.body.wall_ms),
    )
    try:
        items = listed(work, value.items.blob)
    except (NotFound, Damaged):
        items = []  # the requeue is known, its list is not here or is none: verification says so
    work.run_many("INSERT INTO requeue_item VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [(campaign, item, name) for item in items])
    return [item for (item,) in work.rows(_LABELLED, (name,))]


def ask(work: ChangingRows, campaign: int, item: bytes, *, enough: bool) -> bool:
    """Note of whom an item is asked again. enough: whether it waits for nothing else. Returns whether anybody is asked."""
    place = (campaign, item)
    names = [name for (name,) in work.rows("SELECT hash FROM requeue_item WHERE campaign = ? AND item = ?", place)]
    if not names:
        return False
    said = work.rows(_GIVEN, place)
    named: dict[bytes, set[EntryHash]] = {}
    for target in (*names, *(name for name, *_ in said)):
        for (by,) in work.rows("SELECT by_hash FROM replacement WHERE target = ?", (target,)):
            named.setdefault(by, set()).add(EntryHash(target.hex()))
    given = [Spoken(EntryHash(name.hex()), MemberId(member), bool(holds), frozenset(named.get(name, ()))) for name, member, holds in said]
    settled = {EntryHash(name.hex()) for (name,) in work.rows(_SETTLED, place)}
    gone = [MemberId(member) for (member,) in work.rows(_GONE)]
    asked = still_asked([EntryHash(name.hex()) for name in names], given, settled, gone)
    work.run("DELETE FROM asked_again WHERE campaign = ? AND item = ?", place)
    rows = [(campaign, item, member, bytes.fromhex(name), int(enough)) for member, names in asked.items() for name in names]
    work.run_many("INSERT INTO asked_again VALUES (?, ?, ?, ?, ?)", rows)
    return bool(rows)


def naming(rows: Rows, campaign: int, item: ItemId) -> tuple[EntryHash, ...]:
    """The requeues that name an item, those not answered yet first: whoever answers now answers them all."""
    found = rows.rows(
        "SELECT q.hash FROM requeue_item q WHERE q.campaign = ?1 AND q.item = ?2"
        " ORDER BY EXISTS (SELECT 1 FROM asked_again a WHERE a.campaign = ?1 AND a.item = ?2 AND a.hash = q.hash) DESC, q.hash",
        (campaign, bytes.fromhex(item)),
    )
    return tuple(EntryHash(name.hex()) for (name,) in found)


def asked_of(rows: Rows, campaign: int, member: MemberId, item: ItemId) -> AskedAgain | None:
    """Why an item is asked of a member again: the latest reason. None where it is not."""
    found = rows.row(
        "SELECT q.why, q.clause, e.body FROM asked_again a JOIN requeue q ON q.hash = a.hash JOIN entry e ON e.hash = a.hash"
        " WHERE a.campaign = ? AND a.member = ? AND a.item = ? ORDER BY q.wall_ms DESC, q.hash LIMIT 1",
        (campaign, member, bytes.fromhex(item)),
    )
    return None if found is None else AskedAgain(found[0], found[1], note_of(rows, parse(bytes(found[2]))))
