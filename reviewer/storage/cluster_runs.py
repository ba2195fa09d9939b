"""How items were grouped: kept here, never sent, and made again when it is gone.

In an encrypted workspace they are sealed with the database that holds them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.items import ItemId
from reviewer.storage.rows import ChangingRows, Rows, prefix_range

if TYPE_CHECKING:
    pass

KEPT = 20  # runs
_LEAST_PREFIX = 6


class Run(NamedTuple):
    """A stored run. content: what it found, as packed JSON."""

    id: str
    member: str
    made_ms: int
    content: bytes


# --- runs


def keep(work: ChangingRows, run: Run, clusters: Sequence[tuple[str, bytes]]) -> None:
    """Keep a run and the items of its clusters; the oldest runs go. clusters: id, and ids of items one behind the other."""
    work.run("INSERT INTO cluster_run VALUES (?, ?, ?, ?)", run)
    work.run_many("INSERT INTO cluster VALUES (?, ?, ?)", [(run.id, bytes.fromhex(name), items) for name, items in clusters])
    old = [name for (name,) in work.rows("SELECT id FROM cluster_run ORDER BY made_ms DESC, rowid DESC LIMIT -1 OFFSET ?", (KEPT,))]
    _drop(work, old)


def _drop(rows: ChangingRows, runs: Sequence[str]) -> None:
    for name in runs:
        rows.run("DELETE FROM cluster WHERE run = ?", (name,))
        rows.run("DELETE FROM cluster_run WHERE id = ?", (name,))


def lists_of(rows: Rows, run: str) -> dict[str, bytes]:
    """The items of each cluster of a run, ids one behind the other, by the cluster's id."""
    return {name.hex(): bytes(items) for name, items in rows.rows("SELECT id, items FROM cluster WHERE run = ?", (run,))}


def every(rows: Rows) -> list[Run]:
    """All runs that are kept, newest first."""
    return [
        Run(name, member, made, bytes(content))
        for name, member, made, content in rows.rows("SELECT * FROM cluster_run ORDER BY made_ms DESC, rowid DESC")
    ]


def run_of(rows: Rows, prefix: str) -> tuple[Run | None, str]:
    """The newest run with a cluster of this id, or of its first 6 or more digits, and the whole id; no run for one that only findings
    know. Raises NotFound, Refused."""
    wanted = prefix.lower()
    if not _LEAST_PREFIX <= len(wanted) <= 64 or any(c not in "0123456789abcdef" for c in wanted):
        what = f"“{shown(prefix, 40)}” is not a cluster's id."
        raise NotFound(what, "Give the id, or its first 6 or more digits: see `reviewer clusters list`.")
    named = "SELECT id FROM cluster WHERE id BETWEEN ?1 AND ?2 UNION SELECT items FROM finding WHERE items BETWEEN ?1 AND ?2"
    found = rows.rows(named, prefix_range(wanted))
    if not found:
        raise NotFound(f"There is no cluster {wanted[:12]}.", "`reviewer clusters list` lists those of the last runs.")
    if len(found) > 1:
        raise Refused(f"More than one cluster begins with {wanted}.", "Give more digits of the id.")
    cluster = found[0][0]
    newest = rows.row(
        "SELECT r.id, r.member, r.made_ms, r.content FROM cluster c JOIN cluster_run r ON r.id = c.run WHERE c.id = ?"
        " ORDER BY r.made_ms DESC, r.rowid DESC LIMIT 1",
        (cluster,),
    )
    return (None if newest is None else Run(newest[0], newest[1], newest[2], bytes(newest[3]))), cluster.hex()


def items_in(rows: Rows, cluster: str) -> list[ItemId]:
    """The items of a cluster, sorted. Raises NotFound."""
    found = rows.row("SELECT items FROM cluster WHERE id = ? LIMIT 1", (bytes.fromhex(cluster),))
    if found is None:
        found = rows.row("SELECT content FROM blob WHERE hash = ?", (bytes.fromhex(cluster),))  # of a finding
    if found is None:
        raise NotFound(f"There is no cluster {cluster[:12]}.", "`reviewer clusters list` lists those of the last runs.")
    whole = bytes(found[0]).hex()
    return [ItemId(whole[at : at + 64]) for at in range(0, len(whole), 64)]


def forget(rows: ChangingRows, item: bytes) -> int:
    """Remove an item's vectors, and every run that grouped it: its name may be made of the item's words. Returns how much went."""
    if rows.row("SELECT 1 FROM sqlite_schema WHERE name = 'cluster_run'") is None:
        return 0  # a copy of an older version
    gone = rows.run("DELETE FROM vector WHERE item = ?", (item,))
    runs = [name for (name,) in rows.rows("SELECT DISTINCT run FROM cluster WHERE instr(items, ?)", (item,))]
    _drop(rows, runs)
    return gone + len(runs)
