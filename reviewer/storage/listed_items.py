"""What a list shows of an item: its row, and how it was judged as far as the viewer may see that."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Text, bindparam, func, select

from reviewer.domain.items import ItemId
from reviewer.storage.sights import Sight, hidden
from reviewer.storage.tables import item, label

_SHOWN = tuple(item.c[name] for name in ("n", "id", "kind", "agent", "model", "time", "external_id", "title", "steps"))
# The numbers go in as one value: a statement is made, and put into words, once for all pages.
_WANTED = select(func.json_each(bindparam("wanted", type_=Text)).table_valued("value").c.value)
_GIVEN = (
    select(item.c.n, label.c.member, label.c.verdict)
    .join(label, label.c.item == item.c.id)
    .where(item.c.n.in_(_WANTED), label.c.in_force == 1, label.c.showing == 1)
)


class Labels(NamedTuple):
    """Labels in force that the viewer may see, counted by verdict; preferences have none."""

    compliant: int = 0
    non_compliant: int = 0
    unsure: int = 0
    preferences: int = 0


class Row(NamedTuple):
    """An item in a list. hidden: still to be judged blind by the viewer; then model is None and labels are the viewer's own only."""

    n: int
    id: ItemId
    kind: str
    agent: str | None
    model: str | None
    time: str | None
    external_id: str | None
    title: str
    steps: int
    labels: Labels
    hidden: bool


_NO_LABELS = Labels()


def rows_of(connection: Connection, wanted: Sequence[int], sight: Sight) -> list[Row]:
    """The rows of these items (by number), in this order, as far as they may be seen; those that are gone are left out."""
    if not wanted:
        return []
    numbers = {"wanted": json.dumps(list(wanted))}
    found = {row[0]: row for row in connection.execute(_shown_to(sight), numbers).all()}
    unseen = {n for n, row in found.items() if row.hidden}
    given = _labels_of(connection, numbers, unseen, sight)
    return [_row(found[n], given.get(n, _NO_LABELS)) for n in wanted if n in found]


@lru_cache(maxsize=16)
def _shown_to(sight: Sight) -> Select[Any]:
    return select(*_SHOWN, hidden(sight, item.c.id).label("hidden")).where(item.c.n.in_(_WANTED))


def _row(found: Any, labels: Labels) -> Row:
    n, digest, kind, agent, model, time, external_id, title, steps, unseen = found
    return Row(
        n, ItemId(digest.hex()), kind, agent, None if unseen else model, time, external_id, title, steps, labels, bool(unseen)
    )  # fmt: skip


def _labels_of(connection: Connection, numbers: dict[str, str], unseen: set[int], sight: Sight) -> dict[int, Labels]:
    tallies: dict[int, dict[str, int]] = {}
    for n, by, verdict in connection.execute(_GIVEN, numbers).all():
        if n not in unseen or by == sight.viewer:
            tally = tallies.setdefault(n, {})
            kind = verdict or "preferences"
            tally[kind] = tally.get(kind, 0) + 1
    return {n: Labels(**tally) for n, tally in tallies.items()}
