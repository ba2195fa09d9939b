"""Known answers as they lie in the tables."""

from typing import TYPE_CHECKING

from reviewer.domain.items import ItemId
from reviewer.domain.probes import hides_gold
from reviewer.storage.conflicts import in_force
from reviewer.storage.rows import Rows

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Asking, Stored


def known(more: str = "") -> str:
    """The SQL for items, and their answers, on which the entries in force agree; :campaign is a campaign's row number."""
    return (
        f"SELECT t.item, min(t.verdict) AS verdict FROM gold t WHERE t.campaign = :campaign{more}"
        f" AND {in_force('gold', 'campaign', 'item', schema='')}"
        " GROUP BY t.item HAVING count(DISTINCT coalesce(t.verdict, '')) = 1 AND min(t.verdict) IS NOT NULL"
    )


def known_answers(rows: Rows, stored: "Stored") -> dict[ItemId, str]:
    """The items of a campaign whose right answer is known, with it."""
    return {ItemId(item.hex()): verdict for item, verdict in rows.rows(known(), {"campaign": stored.row})}


def is_hidden_gold(rows: Rows, stored: "Asking", item: ItemId) -> bool:
    """Whether an item is one that the campaign hides among the others, drawn or not."""
    if not hides_gold(stored.state.rules):
        return False
    return rows.row(known(" AND t.item = :item"), {"campaign": stored.row, "item": bytes.fromhex(item)}) is not None
