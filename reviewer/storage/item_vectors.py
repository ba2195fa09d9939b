"""What items are about, as vectors: kept here, never sent, and made again when they are gone.

In an encrypted workspace they are sealed with the database that holds them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.domain.items import Item, decode
from reviewer.storage import payloads
from reviewer.storage.rows import ChangingRows, Rows

if TYPE_CHECKING:
    from reviewer.domain.item_tree import Singles
    from reviewer.storage.populations import Ids


def lacking(rows: Rows, embedder: str, ids: "Ids") -> "Ids":
    """Those of the items that have no vector of this embedder yet."""
    import numpy as np  # whoever only keeps vectors needs none

    known = np.sort(
        np.frombuffer(b"".join(name for (name,) in rows.each("SELECT item FROM vector WHERE embedder = ?", (embedder,))), "S32")
    )
    return ids[~np.isin(ids, known, assume_unique=True)]


def keep_vectors(work: ChangingRows, embedder: str, ids: bytes, numbers: bytes) -> None:
    """Keep vectors of half-precision numbers. Of an item that is gone from here, nothing is kept.

    ids, numbers: of all items, one behind the other.
    """
    names = _names(ids)
    size = len(numbers) // max(len(names), 1)
    rows = [(embedder, name, numbers[at * size : (at + 1) * size]) for at, name in enumerate(names)]
    work.run_many("INSERT INTO vector SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM item WHERE id = ?2) ON CONFLICT DO NOTHING", rows)


def vectors_of(rows: Rows, embedder: str, ids: "Ids") -> "tuple[Ids, Singles]":
    """The vectors of those of the items that have one, and these items. ids: sorted."""
    import numpy as np

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
    return _names(ids.tobytes())


def _names(ids: bytes) -> list[bytes]:
    return [ids[at : at + 32] for at in range(0, len(ids), 32)]
