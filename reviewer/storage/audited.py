"""What could predict a label beside what the item says: who gave it, at which hour, which clauses it cites; and what made the item."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reviewer.domain.events import Clause
from reviewer.domain.items import ItemId

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.rows import Rows

_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000


class Around(NamedTuple):
    """Of the labels in force behind an item: their members, the hours (UTC) at which they were given, and the clauses, as `KEY:CLAUSE`."""

    reviewers: frozenset[str]
    hours: frozenset[int]
    clauses: frozenset[str]


class _Value(msgspec.Struct):
    clauses: tuple[Clause, ...] = ()


class _Said(msgspec.Struct):
    value: _Value


_said = msgspec.json.Decoder(_Said)


def around(rows: "Rows", campaigns: Sequence["Stored"], *, last: ItemId | None = None) -> dict[ItemId, Around]:
    """What stands around the labels of each item of some campaigns. last: the greatest id that matters, where only the first ones do."""
    among = ", ".join(str(one.row) for one in campaigns)
    sql = (
        "SELECT l.item, m.name, l.wall_ms, e.body FROM label l JOIN member m ON m.id = l.member JOIN entry e ON e.hash = l.hash"
        f" WHERE l.campaign IN ({among}) AND l.in_force = 1 AND l.showing = 1 AND l.item <= ?"
    )
    found: dict[ItemId, Around] = {}
    nothing = Around(frozenset(), frozenset(), frozenset())
    for item, reviewer, wall_ms, body in rows.each(sql, (bytes.fromhex(last) if last is not None else b"\xff" * 32,)):
        before = found.get(ItemId(item.hex()), nothing)
        cited = {f"{clause.policy}:{clause.clause}" for clause in _said.decode(body).value.clauses}
        hour = int(wall_ms) % _DAY_MS // _HOUR_MS
        found[ItemId(item.hex())] = Around(before.reviewers | {reviewer}, before.hours | {hour}, before.clauses | cited)
    return found
