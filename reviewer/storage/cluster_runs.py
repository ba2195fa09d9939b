"""What items are about, as vectors, and how they were grouped: kept here, never sent, and made again when it is gone.

In an encrypted workspace they are sealed with the database that holds them.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.items import Item, ItemId, decode
from reviewer.storage import payloads
from reviewer.storage.campaigns import prefix_range
from reviewer.storage.rows import ChangingRows, Rows

if TYPE_CHECKING:
    from reviewer.domain.item_tree import Singles
    from reviewer.storage.populations import Ids

KEPT = 20  # runs
_LEAST_PREFIX = 6


class Run(NamedTuple):
    """A stored run. content: what it found, as packed JSON."""

    id: str
    member: str
    made_ms: int
    content: bytes


# --- vectors


def lacking(rows: Rows, embedder: str, ids: "Ids") -> "Ids":
    """Those of the items that have no vector of this embedder yet."""
    known = np.sort(
        np.frombuffer(b"".join(name for (name,) in rows.each("SELECT item FROM vector WHERE embedder = ?", (embedder,))), "S32")
    )
    return ids[~np.isin(ids, known, assume_unique=True)]


def keep_vectors(work: ChangingRows, embedder: str, ids: "Ids", vectors: "Singles") -> None:
    """Keep vectors as half-precision numbers. Of an item that is gone from here, nothing is kept."""
    rows = [(embedder, name, vector.astype("<f2").tobytes()) for name, vector in zip(_bytes(ids), vectors, strict=True)]
    work.run_many("INSERT INTO vector SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM item WHERE id = ?2) ON CONFLICT DO NOTHING", rows)


def vectors_of(rows: Rows, embedder: str, ids: "Ids") -> "tuple[Ids, Singles]":
    """The vectors of those of the items that have one, and these items. ids: sorted."""
    wanted = set(_bytes(ids))
    names: list[bytes] = []
    found: list[bytes] = []
    for name, numbers in rows.each("SELECT item, numbers FROM vector WHERE embedder = ? ORDER BY item", (embedder,)):
        if name in wanted and len(numbers) == len(found[0] if found else numbers):
            names.append(name)
            found.append(numbers)
    vectors = np.frombuffer(b"".join(found), "<f2").reshape(len(found), -1 if found else 0).astype(np.float32)
    return np.frombuffer(b"".join(names), "S32"), vectors


def learned(rows: Rows) -> bytes | None:
    """What was learned last of texts here, for vectors without a model."""
    found = rows.row("SELECT learned FROM embedder ORDER BY rowid DESC LIMIT 1")
    return None if found is None else bytes(found[0])


def keep_learned(work: ChangingRows, name: str, content: bytes) -> None:
    """Keep what was learned of texts, in place of what was before; vectors made with that go."""
    for (before,) in work.rows("SELECT name FROM embedder WHERE name <> ?", (name,)):
        work.run("DELETE FROM vector WHERE embedder = ?", (before,))
    work.run("DELETE FROM embedder WHERE name <> ?", (name,))
    work.run("INSERT INTO embedder VALUES (?, ?) ON CONFLICT DO NOTHING", (name, content))


def items_of(rows: Rows, ids: "Ids") -> Iterator[tuple[bytes, Item]]:
    """Items that are here, whole, one by one."""
    for name in _bytes(ids):
        found = rows.row("SELECT payload FROM item WHERE id = ?", (name,))
        if found is not None:
            yield name, decode(payloads.unpack(bytes(found[0])))


def _bytes(ids: "Ids") -> list[bytes]:
    whole = ids.tobytes()
    return [whole[at : at + 32] for at in range(0, len(whole), 32)]


# --- runs


def keep(work: ChangingRows, run: Run, clusters: Sequence[tuple[str, bytes]]) -> None:
    """Keep a run and the items of its clusters; the oldest runs go. clusters: id, and ids of items one behind the other."""
    work.run("INSERT INTO cluster_run VALUES (?, ?, ?, ?)", run)
    work.run_many("INSERT INTO cluster VALUES (?, ?, ?)", [(run.id, bytes.fromhex(name), items) for name, items in clusters])
    old = [name for (name,) in work.rows("SELECT id FROM cluster_run ORDER BY made_ms DESC, rowid DESC LIMIT -1 OFFSET ?", (KEPT,))]
    for name in old:
        work.run("DELETE FROM cluster WHERE run = ?", (name,))
        work.run("DELETE FROM cluster_run WHERE id = ?", (name,))


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
    for name in runs:
        rows.run("DELETE FROM cluster WHERE run = ?", (name,))
        rows.run("DELETE FROM cluster_run WHERE id = ?", (name,))
    return gone + len(runs)
