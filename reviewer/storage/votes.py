"""What members said of a campaign's items, as tables: for agreement and for aggregation.

Only labels count that are in force, blind, and of the first showing (DESIGN.md 2.1). A member whose labels on one item differ has no vote.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select

from reviewer.domain.chain import MemberId
from reviewer.storage.sights import hidden, sight_of
from reviewer.storage.tables import pick
from reviewer.storage.workspace import Reading

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored

_COUNTS = "l.campaign = ?1 AND l.in_force = 1 AND l.blind = 1 AND l.showing = 1 AND l.verdict IS NOT NULL"
_CHUNK = 20_000


def votes(reading: Reading, stored: "Stored", step: Callable[[int], None] = lambda _: None) -> pd.DataFrame:
    """One row a member and item: label (its entry), item, member, verdict, severity (None where none was given), pi (of the item; NaN
    where it was not drawn, as hidden gold may not be).

    Names are bytes, as in the tables. step: called with how many labels were read, and may raise.
    """
    rows: list[tuple[Any, ...]] = []
    found = reading.each(
        "SELECT l.hash, l.item, l.member, l.verdict, l.severity, CAST(p.pi AS REAL) FROM label l"
        f" LEFT JOIN pick p ON p.campaign = l.campaign AND p.item = l.item WHERE {_COUNTS} ORDER BY l.item, l.member, l.hash",
        (stored.row,),
    )
    for row in found:
        rows.append(row)
        if len(rows) % _CHUNK == 0:
            step(len(rows))
    frame = pd.DataFrame(rows, columns=["label", "item", "member", "verdict", "severity", "pi"]).astype({"pi": "float64"})
    said = frame.groupby(["item", "member"], sort=False)["verdict"].transform("nunique")
    return frame[said == 1].drop_duplicates(["item", "member"]).reset_index(drop=True)


def coded(column: "pd.Series[str]", categories: Sequence[str]) -> NDArray[np.int64]:
    """A column as numbers: the place of each value among the categories, -1 where it is none of them."""
    return pd.Index(categories).get_indexer(pd.Index(column)).astype(np.int64)


def numbered(votes: pd.DataFrame) -> tuple[NDArray[np.int64], list[bytes]]:
    """The items of votes as numbers, and the item of each number: from 0, in the order of their ids."""
    numbers, items = pd.factorize(votes["item"], sort=True)
    return numbers.astype(np.int64), list(items)


def citations(reading: Reading, stored: "Stored") -> pd.DataFrame:
    """One row for each clause that such a label cites: label, policy, clause, version, text (hashes in hex)."""
    rows = reading.rows(
        f"SELECT c.hash, c.policy, c.clause, c.version, c.text FROM label l JOIN label_clause c ON c.hash = l.hash WHERE {_COUNTS}",
        (stored.row,),
    )
    return pd.DataFrame(rows, columns=["label", "policy", "clause", "version", "text"])


def names(reading: Reading) -> dict[str, str]:
    """The name of each member."""
    return dict(reading.rows("SELECT id, name FROM member"))


def unseen(reading: Reading, stored: "Stored", viewer: MemberId) -> frozenset[bytes]:
    """The campaign's items that the viewer still has to judge blind: what others said of them is not shown."""
    drawn = pick.alias("drawn")
    found = select(drawn.c.item).where(drawn.c.campaign == stored.row, hidden(sight_of(reading.connection, viewer), drawn.c.item))
    return frozenset(reading.connection.execute(found).scalars())
