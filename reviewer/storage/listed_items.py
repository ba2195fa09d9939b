"""What a list shows of an item: its row, and how it was judged as far as the viewer may see that."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from reviewer.domain.items import ItemId
from reviewer.storage.sights import Sight, hidden
from reviewer.storage.tables import item, label

_SHOWN = tuple(item.c[name] for name in ("n", "id", "kind", "agent", "model", "time", "external_id", "title", "steps"))


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
    statement = select(*_SHOWN, hidden(sight, item.c.id).label("hidden")).where(item.c.n.in_(wanted))
    found = {row[0]: row for row in connection.execute(statement).all()}
    unseen = {n for n, row in found.items() if row.hidden}
    given = _labels_of(connection, wanted, unseen, sight)
    return [_row(found[n], given.get(n, _NO_LABELS)) for n in wanted if n in found]


def _row(found: Any, labels: Labels) -> Row:
    n, digest, kind, agent, model, time, external_id, title, steps, unseen = found
    return Row(
        n, ItemId(digest.hex()), kind, agent, None if unseen else model, time, external_id, title, steps, labels, bool(unseen)
    )  # fmt: skip


def _labels_of(connection: Connection, wanted: Sequence[int], unseen: set[int], sight: Sight) -> dict[int, Labels]:
    tallies: dict[int, dict[str, int]] = {}
    given = select(item.c.n, label.c.member, label.c.verdict).join(label, label.c.item == item.c.id)
    for n, by, verdict in connection.execute(given.where(item.c.n.in_(wanted), label.c.in_force == 1, label.c.showing == 1)).all():
        if n not in unseen or by == sight.viewer:
            tally = tallies.setdefault(n, {})
            kind = verdict or "preferences"
            tally[kind] = tally.get(kind, 0) + 1
    return {n: Labels(**tally) for n, tally in tallies.items()}
